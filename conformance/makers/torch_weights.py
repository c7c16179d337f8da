"""PyTorch's residual networks as safetensors files, and what they make of a batch.

Needs torch, torchvision, timm, transformers and safetensors, which the ring does not install: run by name.
"""

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

# A torchvision built for another torch has no operators, but asks for these when it is imported.
STANDING_IN = torch.library.Library("torchvision", "FRAGMENT")
for operator in "nms", "qnms":
    STANDING_IN.define(operator + "(Tensor boxes, Tensor scores, float threshold) -> Tensor")

import timm.models.resnet
import torchvision.models.resnet
import transformers
from torch import nn

from . import named_weights, output

FOLDER = "savedmodel/src/test/resources/dev/tfgraphs/savedmodel/torch"
SIZE, CLASSES = 16, 3
INPUT_IS = "x[i] = ((7*i*i + 13*i) mod 101 - 50) / 64, i the flat index"


class Network(nn.Module):
    """Two stages of one block each with few channels, under the names of torchvision and timm."""

    def __init__(self, block, downsample):
        super().__init__()
        wide = 4 * block.expansion
        self.conv1 = nn.Conv2d(3, 4, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(block(4, 4, 1, downsample(4, wide, 1) if wide > 4 else None))
        self.layer2 = nn.Sequential(block(wide, 8, 2, downsample(wide, 2 * wide, 2)))
        self.fc = nn.Linear(2 * wide, CLASSES)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.layer2(self.layer1(x)).mean((2, 3)))


def of_torchvision(block):
    """As torchvision's ResNet makes it, inside of a method."""
    return Network(
        block,
        lambda before, after, stride: nn.Sequential(
            torchvision.models.resnet.conv1x1(before, after, stride), nn.BatchNorm2d(after)
        ),
    )


def of_timm(block):
    return Network(block, lambda before, after, stride: timm.models.resnet.downsample_conv(before, after, 1, stride))


def of_hugging_face(kind, expansion):
    wide = 4 * expansion
    config = transformers.ResNetConfig(
        embedding_size=4, hidden_sizes=[wide, 2 * wide], depths=[1, 1], layer_type=kind, num_labels=CLASSES,
        downsample_in_first_stage=False, downsample_in_bottleneck=False,
    )
    return transformers.ResNetForImageClassification(config)


class Kinds(nn.Module):
    """One layer of each kind whose kernel has an order of its own."""

    def __init__(self):
        super().__init__()
        self.grouped = nn.Conv2d(4, 6, 3, padding=1, groups=2)
        self.depthwise = nn.Conv2d(6, 12, (3, 2), groups=6)
        self.transposed = nn.ConvTranspose2d(12, 5, 2, stride=2)
        self.norm = nn.BatchNorm2d(5, eps=1e-3, momentum=None)
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        return self.head(self.norm(self.transposed(self.depthwise(self.grouped(x)))).mean((2, 3)))


def networks():
    vision = torchvision.models.resnet
    yield "torchvision_basic", of_torchvision(vision.BasicBlock), (SIZE, SIZE, 3)
    yield "torchvision_bottleneck", of_torchvision(vision.Bottleneck), (SIZE, SIZE, 3)
    yield "timm_basic", of_timm(timm.models.resnet.BasicBlock), (SIZE, SIZE, 3)
    yield "timm_bottleneck", of_timm(timm.models.resnet.Bottleneck), (SIZE, SIZE, 3)
    yield "hugging_face_basic", of_hugging_face("basic", 1), (SIZE, SIZE, 3)
    yield "hugging_face_bottleneck", of_hugging_face("bottleneck", 4), (SIZE, SIZE, 3)
    yield "kinds", Kinds(), (6, 6, 4)


def randomize(case, network):
    """Weights from the case's name; those of variances are positive."""
    for index, (name, tensor) in enumerate(network.state_dict().items()):
        if tensor.dtype == torch.int64:
            tensor.fill_(7)
            continue
        name = name.replace("running_var", "variance")
        values = output.random_weight(case, index, name, tuple(tensor.shape))
        tensor.copy_(torch.from_numpy(np.asarray(values / 4 if values.ndim > 1 else values)))


def predict(network, batch):
    with torch.no_grad():
        result = network.double().eval()(torch.from_numpy(batch.transpose(0, 3, 1, 2).astype(np.float64)))
    return getattr(result, "logits", result).numpy().astype(np.float32)


def make(root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for name, network, shape in networks():
        randomize(name, network)
        safetensors.torch.save_file(network.state_dict(), folder / f"{name}.safetensors", metadata={"format": "pt"})
        batch = output.grid((2, *shape)) / 4
        cases.append({"name": name, "input": [2, *shape], "output": output.tensor(predict(network, batch))})
    make_types(folder)
    make_plain(folder)
    output.write_json(folder / "torch.json", {"input_is": INPUT_IS}, {"cases": cases})


def make_types(folder):
    """Whole numbers of every type that a weight may be stored as."""
    values = torch.arange(-6, 6).reshape(3, 4)
    types = "float16 bfloat16 float32 float64 int8 int16 int32 int64".split()
    tensors = {f"head/{t}": values.to(getattr(torch, t)) for t in types}
    tensors |= {f"head/{t}": values.abs().to(getattr(torch, t)) for t in "uint8 uint16 uint32 uint64".split()}
    tensors["head/bool"] = values > 0
    safetensors.torch.save_file(tensors, folder / "types.safetensors")


def make_plain(folder):
    """A Keras model's weights by their paths."""
    model = named_weights.model()
    safetensors.numpy.save_file({w.path: w.numpy() for w in model.weights}, folder / "plain.safetensors")
