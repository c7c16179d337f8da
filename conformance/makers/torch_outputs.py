"""What PyTorch calls the weights of torchvision's and timm's residual networks, and what it makes of small ones.

Needs torch, torchvision and timm, which the ring does not install: run by name. torchvision's networks are written
down in as much of its code as makes modules and uses them (torchvision/models/resnet.py); timm's are its own.
"""

import numpy as np
import torch
from torch import nn

from . import keras_resnets, output, torch_resnets
from .torch_weights import timm

FILE = keras_resnets.FOLDER + "/torch/outputs.json"


def conv(before, after, kernel, stride=1, groups=1):
    return nn.Conv2d(before, after, kernel, stride, padding=kernel // 2, groups=groups, bias=False)


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inplanes, planes, stride, downsample, groups, base_width):
        super().__init__()
        self.conv1, self.bn1 = conv(inplanes, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv(planes, planes, 3), nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        out = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(out + (self.downsample(x) if self.downsample else x))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes, stride, downsample, groups, base_width):
        super().__init__()
        width = int(planes * (base_width / 64.0)) * groups
        self.conv1, self.bn1 = conv(inplanes, width, 1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = conv(width, width, 3, stride, groups), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = conv(width, 4 * planes, 1), nn.BatchNorm2d(4 * planes)
        self.downsample = downsample

    def forward(self, x):
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(torch.relu(self.bn2(self.conv2(out)))))
        return torch.relu(out + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    def __init__(self, block, blocks, groups, width_per_group):
        super().__init__()
        block = {"basic": BasicBlock, "bottleneck": Bottleneck}[block]
        self.conv1, self.bn1 = conv(3, 64, 7, 2), nn.BatchNorm2d(64)
        self.stages, inplanes = len(blocks), 64
        for i, count in enumerate(blocks):
            made = []
            for j in range(count):
                planes, stride = 64 * 2**i, 2 if i > 0 and j == 0 else 1
                after, downsample = planes * block.expansion, None
                if stride != 1 or inplanes != after:
                    downsample = nn.Sequential(conv(inplanes, after, 1, stride), nn.BatchNorm2d(after))
                made.append(block(inplanes, planes, stride, downsample, groups, width_per_group))
                inplanes = after
            self.add_module(f"layer{i + 1}", nn.Sequential(*made))
        self.fc = nn.Linear(inplanes, 1000)

    def forward(self, x):
        """The features, without avgpool and fc."""
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for i in range(self.stages):
            x = getattr(self, f"layer{i + 1}")(x)
        return x


def named(name):
    """Names and shapes in the order of the state_dict."""
    with torch.device("meta"):
        timms = name in torch_resnets.TIMM
        network = timm.create_model(name) if timms else ResNet(*torch_resnets.NETWORKS[name])
        state = network.state_dict()
    lines = [f"{key} {keras_resnets.value(tuple(tensor.shape))}" for key, tensor in state.items()]
    return {"network": name, "tensors": len(lines), "sha256": keras_resnets.sha256(sorted(lines))}


NAMES = {
    "kernel": "weight", "gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


class TwoStages(nn.Module):
    """timm's network up to the second stage, since it has four in any case."""

    def __init__(self, block):
        super().__init__()
        block = {"basic": timm.models.resnet.BasicBlock, "bottleneck": timm.models.resnet.Bottleneck}[block]
        made = timm.models.resnet.ResNet(block, (1, 1, 1, 1), stem_width=32, stem_type="deep", avg_down=True)
        for name in ("conv1", "bn1", "act1", "maxpool", "layer1", "layer2"):
            self.add_module(name, getattr(made, name))

    def forward(self, x):
        for module in self.children():
            x = module(x)
        return x


def tiny(case, size, tweaked=False):
    """In float64, with the weights of the Keras model of the same case."""
    block, groups, width = case
    network = TwoStages(block) if tweaked else ResNet(block, (1, 1), groups, width)
    state = network.state_dict()
    for weight in torch_resnets.tiny_model(*case, size, tweaked).weights:
        module, _, kind = weight.path.rpartition("/")
        values = weight.numpy()
        state[f"{module}.{NAMES[kind]}"] = torch.from_numpy(values.transpose(3, 2, 0, 1) if values.ndim == 4 else values)
    network.load_state_dict(state)
    images = torch.from_numpy(torch_resnets.tiny_input(size).transpose(0, 3, 1, 2)).double()
    with torch.no_grad():
        features = network.double().eval()(images).numpy().transpose(0, 2, 3, 1)
    return torch_resnets.tiny_row(case, size, np.ascontiguousarray(features, np.float32))


def make(root):
    lists = {
        "names": [named(name) for name in torch_resnets.NETWORKS],
        "timm": [named(name) | {"weights": timm.get_pretrained_cfg(name).hf_hub_id} for name in torch_resnets.TIMM],
        "tiny": [tiny(case, size) for case in torch_resnets.TINY for size in torch_resnets.SIZES],
        "tiny_timm": [tiny(case, size, True) for case in torch_resnets.TINY_TIMM for size in torch_resnets.SIZES],
    }
    output.write_json(root / FILE, {"torch": torch.__version__.partition("+")[0]}, lists)
