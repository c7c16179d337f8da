"""How many numbers every network that has a name holds, and how many multiplications it costs, counted by Keras."""

import math
import sys

import keras

from . import cifar_resnets, dense_networks, keras_resnets, networks, output, torch_resnets

FILE = keras_resnets.FOLDER + "/named_networks.json"

# `_ops` in torchvision/models/resnet.py, in thousands of millions.
TORCHVISION = {
    "torch_resnet18": 1.814, "torch_resnet34": 3.664, "torch_resnet50": 4.089, "torch_resnet101": 7.801,
    "torch_resnet152": 11.514, "torch_resnext50_32x4d": 4.23, "torch_resnext101_32x8d": 16.414,
    "torch_resnext101_64x4d": 15.46, "torch_wide_resnet50_2": 11.398, "torch_wide_resnet101_2": 22.753,
}
# He et al. (2015), table 1, to two digits.
PAPER = {"resnet50": 3.8}

PHOTO, SMALL = (224, 224, 3), (32, 32, 3)
DEPTHS = (20, 32, 44, 56, 110)


def builders():
    """Functions that make the networks, by their names."""
    named = {name: lambda name=name: keras_resnets.NETWORKS[name](weights=None) for name in keras_resnets.NETWORKS}
    named |= {f"torch_{name}": lambda name=name: torch_resnets.model(name) for name in torch_resnets.NETWORKS}
    named |= {f"timm_{name}": lambda name=name: torch_resnets.model(name) for name in torch_resnets.TIMM}
    named["resnet18"] = lambda: networks.resnet18(PHOTO, 1000)
    named["resnet34"] = lambda: networks.resnet34(PHOTO, 1000)
    named |= {f"resnet{depth}": lambda depth=depth: networks.cifar_resnet(depth, SMALL) for depth in DEPTHS}
    cifar = [(f"cifar_resnet{depth}", "basic", depth, "original") for depth in (*DEPTHS, 1202)]
    cifar += [(f"cifar_resnet{depth}v2", "bottleneck", depth, "full_pre_activation") for depth in (164, 1001)]
    cifar += [("cifar_resnet110v2", "basic", 110, "full_pre_activation")]
    named |= {name: lambda case=case: cifar_resnets.network(*case) for name, *case in cifar}
    named["retinanet_resnet50"] = lambda: dense_networks.NETWORKS["retinanet"]("resnet50", (640, 640))
    named["unet_resnet50"] = lambda: dense_networks.NETWORKS["unet"]("resnet50", (256, 256))
    return named


def multiply_adds(model):
    """A kernel is used once for each place of what it makes, and by a shared layer on each of its inputs."""
    return sum(
        math.prod(node.operation.kernel.shape) * math.prod(node.outputs[0].shape[1:-1])
        for nodes in model._nodes_by_depth.values() for node in nodes if hasattr(node.operation, "kernel")
    )


def row(name, build):
    keras.backend.clear_session()
    model = build()
    counted = multiply_adds(model)
    for published, error in ((TORCHVISION, 0.0006), (PAPER, 0.1)):
        expected = published.get(name, counted / 1e9)
        if abs(counted / 1e9 - expected) > error:
            raise AssertionError(f"{name}: expected {expected} thousand million, received {counted / 1e9}")
    return {"name": name, "parameters": model.count_params(), "multiply_adds": counted}


def make(root):
    sys.setrecursionlimit(50000)  # Keras walks a model of 1,202 layers by recursion
    output.write_json(root / FILE, {}, {"networks": [row(*each) for each in builders().items()]})
