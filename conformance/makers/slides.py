"""The networks of the slides, layer by layer: what the programs of examples must describe too."""

import keras
from keras import layers

from . import describe, networks, output

FILE = "examples/src/test/resources/dev/tfgraphs/examples/slides/networks.json"


def block(function, *arguments, **options):
    return lambda: networks.block_model(lambda x: function(x, *arguments, **options), (56, 56, 64))


def plain18(shape, classes):
    """ResNet-18 without shortcuts."""
    inputs = keras.Input(shape)
    x = networks._stem(inputs)
    for index in range(16):
        stride = 2 if index in (4, 8, 12) else 1
        x = layers.Conv2D(64 << index // 4, 3, strides=stride, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    return networks._head(inputs, x, classes)


def resnet50(shape):
    return keras.applications.ResNet50(weights=None, include_top=False, input_shape=shape)


def detection(classes, anchors):
    """Three levels of a feature pyramid, each with scores and boxes."""
    base = resnet50((None, None, 3))
    level = {n: base.get_layer(name).output for n, name in
             {3: "conv3_block4_out", 4: "conv4_block6_out", 5: "conv5_block3_out"}.items()}
    pyramid = [layers.Conv2D(256, 1, name="fpn_c5p5")(level[5])]
    for n in (4, 3):
        doubled = layers.UpSampling2D(2)(pyramid[0])
        lateral = layers.Conv2D(256, 1, name=f"fpn_c{n}p{n}")(level[n])
        pyramid.insert(0, layers.Add()([doubled, lateral]))
    heads = [[layers.Conv2D(anchors * size, 3, padding="same")(p) for size in (classes, 4)] for p in pyramid]
    return keras.Model(base.inputs, [scores for scores, _ in heads] + [boxes for _, boxes in heads])


def unet(shape, classes):
    """A U-Net on four levels of a ResNet50."""
    def convolved(x, filters):
        x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        return layers.Activation("relu")(x)

    base = resnet50(shape)
    x = convolved(base.get_layer("conv4_block6_out").output, 1024)
    for name, filters in {"conv3_block4_out": 512, "conv2_block3_out": 256, "conv1_relu": 128}.items():
        x = convolved(layers.concatenate([layers.UpSampling2D(2)(x), base.get_layer(name).output]), filters)
    return keras.Model(base.inputs, layers.Conv2D(classes, 1, activation="softmax")(x))


MODELS = {
    "identity block": block(networks.identity_block, 64, 3),
    "residual block": block(networks.residual_block, 64),
    "residual block with stride": block(networks.residual_block, 128, stride=2),
    "residual block of 128 filters and kernel 5": block(networks.residual_block, 128, kernel_size=5),
    "post-activation block": block(networks.post_activation_block, 64),
    "pre-activation block": block(networks.pre_activation_block, 64),
    "ResNet-18": lambda: networks.resnet18((224, 224, 3), 1000),
    "plain network": lambda: plain18((224, 224, 3), 1000),
    "flexible ResNet at 224": lambda: networks.flexible_resnet((224, 224, 3), 1000),
    "flexible ResNet at 299": lambda: networks.flexible_resnet((299, 299, 3), 1000),
    "flexible ResNet at 32": lambda: networks.flexible_resnet((32, 32, 3), 10),
    "object detection": lambda: detection(80, 9),
    "segmentation": lambda: unet((256, 256, 3), 21),
}


def line(layer):
    shape = tuple(describe.shape_of(layer))
    return f"{layer.name} {type(layer).__name__} {shape} {layer.count_params()}"


def row(name, build):
    keras.backend.clear_session()
    model = build()
    return {
        "name": name, "counts": describe.counts_of(model), "outputs": [o._keras_history.operation.name for o in model.outputs],
        "layers": [line(layer) for layer in model.layers],
    }


def make(root):
    output.write_json(root / FILE, {}, {"models": [row(*m) for m in MODELS.items()]})
