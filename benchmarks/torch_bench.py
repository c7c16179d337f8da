"""The same ResNet-18 in PyTorch, float32, eager, channels last."""

import platform

import torch
from torch import nn
from torch.nn import functional

import protocol


def convolution(inputs, outputs, kernel, stride=1):
    """Keras's defaults: a bias in the convolution, batch norm's momentum and epsilon."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=True),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
    )


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = convolution(inputs, outputs, 3, stride)
        self.second = convolution(outputs, outputs, 3)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, x):
        y = self.second(functional.relu(self.first(x), inplace=True))
        return functional.relu(y + self.shortcut(x), inplace=True)


class ResNet18(nn.Sequential):
    def __init__(self, classes):
        stem = convolution(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, padding=1)
        blocks, inputs = [], 64
        for stage, filters in enumerate([64, 128, 256, 512]):
            blocks.append(ResidualBlock(inputs, filters, stride=1 if stage == 0 else 2))
            blocks.append(ResidualBlock(filters, filters))
            inputs = filters
        head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes)
        super().__init__(*stem, *blocks, *head)


def training(model, x, y):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def run(steps):
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    return run


def inference(model, x):
    model.eval()

    def run(steps):
        with torch.inference_mode():
            for _ in range(steps):
                functional.softmax(model(x), dim=1)

    return run


def make_run(workload):
    torch.manual_seed(1)
    model = ResNet18(workload.classes).to(memory_format=torch.channels_last)
    x = torch.rand(workload.batch, 3, workload.size, workload.size)
    x = x.to(memory_format=torch.channels_last)
    y = torch.randint(0, workload.classes, (workload.batch,))
    return training(model, x, y) if workload.training else inference(model, x)


def versions():
    return {"contender": "pytorch", "PyTorch": torch.__version__, "Python": platform.python_version()}


if __name__ == "__main__":
    protocol.serve(make_run, versions)
