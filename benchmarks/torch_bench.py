"""The same residual networks in PyTorch, eager, channels last; the deep ones are Keras's, with strides in front."""

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


def basic(inputs, filters, stride):
    return [convolution(inputs, filters, 3, stride), convolution(filters, filters, 3)]


def bottleneck(inputs, filters, stride):
    return [
        convolution(inputs, filters, 1, stride),
        convolution(filters, filters, 3),
        convolution(filters, 4 * filters, 1),
    ]


# By name: the way through a block, how much wider its end is than its filters, blocks a stage.
NETWORKS = {
    "resnet18": (basic, 1, [2, 2, 2, 2]),
    "resnet34": (basic, 1, [3, 4, 6, 3]),
    "resnet50": (bottleneck, 4, [3, 4, 6, 3]),
    "resnet101": (bottleneck, 4, [3, 4, 23, 3]),
    "resnet152": (bottleneck, 4, [3, 8, 36, 3]),
}


class ResidualBlock(nn.Module):
    def __init__(self, way, inputs, outputs, stride):
        super().__init__()
        self.way = nn.ModuleList(way)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else convolution(inputs, outputs, 1, stride)

    def forward(self, x):
        y = x
        for part in self.way[:-1]:
            y = functional.relu(part(y), inplace=True)
        return functional.relu(self.way[-1](y) + self.shortcut(x), inplace=True)


class ResNet(nn.Sequential):
    def __init__(self, network, classes):
        way, wider, counts = NETWORKS[network]
        stem = convolution(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, padding=1)
        blocks, inputs = [], 64
        for stage, (filters, count) in enumerate(zip([64, 128, 256, 512], counts, strict=True)):
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                blocks.append(ResidualBlock(way(inputs, filters, stride), inputs, wider * filters, stride))
                inputs = wider * filters
        super().__init__(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def precision(job):
    return torch.autocast("cpu", torch.bfloat16, enabled=job.precision == protocol.BFLOAT16)


def training(model, x, y, job):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def run(steps):
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            with precision(job):
                loss = functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()

    return run


def inference(model, x, job):
    model.eval()

    def run(steps):
        # One context for all steps, so that the casts of weights are made once for a round.
        with torch.inference_mode(), precision(job):
            for _ in range(steps):
                functional.softmax(model(x), dim=1)

    return run


def make_run(job):
    torch.manual_seed(1)
    model = ResNet(job.network, job.classes).to(memory_format=torch.channels_last)
    x = torch.rand(job.batch, 3, job.size, job.size)
    x = x.to(memory_format=torch.channels_last)
    y = torch.randint(0, job.classes, (job.batch,))
    return training(model, x, y, job) if job.kind == "train" else inference(model, x, job)


def versions():
    return {"contender": "pytorch", "PyTorch": torch.__version__, "Python": platform.python_version()}


if __name__ == "__main__":
    protocol.serve(make_run, versions)
