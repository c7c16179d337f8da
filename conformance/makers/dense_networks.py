"""Detection and segmentation on residual networks, written with Keras: the slides' programs, RetinaNet and a U-Net."""

import math

import keras
import numpy as np
from keras import layers

from . import keras_resnets, output, torch_resnets

FOLDER = keras_resnets.FOLDER

# The layers of a half, a fourth, an eighth, a sixteenth and a thirty-second of the image.
LEVELS = {
    "resnet50": ("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out"),
    "resnet101v2": (
        "conv1_conv", "conv2_block3_preact_relu", "conv3_block4_preact_relu", "conv4_block23_preact_relu", "post_relu",
    ),
    "tiny": ("relu", "layer1.0.relu_1", "layer2.0.relu_1", "layer3.0.relu_1", "layer4.0.relu_1"),
}


def backbone(name, size):
    """The model and its levels; the tiny one is torchvision's with one basic block a stage."""
    keras.backend.clear_session()
    if name == "tiny":
        images = keras.Input((*size, 3))
        base = keras.Model(images, torch_resnets.Network("basic", 1, 64).features(images, (1, 1, 1, 1)))
    else:
        base = keras_resnets.NETWORKS[name](weights=None, include_top=False, input_shape=(*size, 3))
    return base, [base.get_layer(level).output for level in LEVELS[name]]


def create_object_detection_model(name, num_classes, size=(None, None)):
    base_model, (_, _, C3, C4, C5) = backbone(name, size)
    P5 = layers.Conv2D(256, (1, 1), name="fpn_c5p5")(C5)
    P4 = layers.Add()([layers.UpSampling2D(size=(2, 2))(P5), layers.Conv2D(256, (1, 1), name="fpn_c4p4")(C4)])
    P3 = layers.Add()([layers.UpSampling2D(size=(2, 2))(P4), layers.Conv2D(256, (1, 1), name="fpn_c3p3")(C3)])

    def detection_head(feature_map, num_anchors=9):
        cls_output = layers.Conv2D(num_anchors * num_classes, (3, 3), padding="same")(feature_map)
        box_output = layers.Conv2D(num_anchors * 4, (3, 3), padding="same")(feature_map)
        return cls_output, box_output

    cls_outputs, box_outputs = [], []
    for feature in [P3, P4, P5]:
        cls_out, box_out = detection_head(feature)
        cls_outputs.append(cls_out)
        box_outputs.append(box_out)
    return keras.Model(inputs=base_model.inputs, outputs=cls_outputs + box_outputs)


def create_unet_resnet(name, size, num_classes):
    base_model, (s1, s2, s3, s4, _) = backbone(name, size)

    def convolved(x, filters):
        x = layers.Conv2D(filters, (3, 3), padding="same")(x)
        x = layers.BatchNormalization()(x)
        return layers.Activation("relu")(x)

    b1 = convolved(s4, 1024)
    d1 = convolved(layers.concatenate([layers.UpSampling2D((2, 2))(b1), s3]), 512)
    d2 = convolved(layers.concatenate([layers.UpSampling2D((2, 2))(d1), s2]), 256)
    d3 = convolved(layers.concatenate([layers.UpSampling2D((2, 2))(d2), s1]), 128)
    outputs = layers.Conv2D(num_classes, (1, 1), activation="softmax")(d3)
    return keras.Model(inputs=base_model.inputs, outputs=outputs)


def retina_net(name, size, num_classes, channels=256, anchors=9, interpolation="nearest"):
    base, (_, _, c3, c4, c5) = backbone(name, size)

    def conv(name, filters, kernel=3, strides=1, **options):
        return layers.Conv2D(filters, kernel, strides=strides, padding="same", name=name, **options)

    def head(name, last, filters, **options):
        normal = {"kernel_initializer": keras.initializers.RandomNormal(stddev=0.01)}
        convolutions = [conv(f"{name}_conv{i}", channels, activation="relu", **normal) for i in (1, 2, 3, 4)]
        return convolutions + [conv(f"{name}_{last}", filters, **normal, **options)]

    def doubled(x):
        return layers.UpSampling2D(2, interpolation=interpolation)(x)

    def lateral(name, x):
        return layers.Conv2D(channels, 1, name=name)(x)

    p5 = lateral("fpn_c5p5", c5)
    p4 = layers.Add()([doubled(p5), lateral("fpn_c4p4", c4)])
    p3 = layers.Add()([doubled(p4), lateral("fpn_c3p3", c3)])
    p6 = conv("fpn_p6", channels, strides=2)(c5)
    p7 = conv("fpn_p7", channels, strides=2)(layers.Activation("relu")(p6))
    pyramid = [conv(f"fpn_p{i}", channels)(p) for i, p in ((3, p3), (4, p4), (5, p5))] + [p6, p7]

    def everywhere(head, last):
        found = []
        for level in pyramid:
            for layer in head:
                level = layer(level)
            found.append(layers.Reshape((-1, last))(level))
        return layers.Concatenate(axis=1)(found)

    prior = keras.initializers.Constant(-math.log((1 - 0.01) / 0.01))
    scores = everywhere(head("class", "logits", anchors * num_classes, bias_initializer=prior), num_classes)
    boxes = everywhere(head("box", "offsets", anchors * 4), 4)
    return keras.Model(base.inputs, [layers.Activation("sigmoid", name="classes")(scores), boxes])


def u_net(name, size, num_classes, widths=(256, 128, 64, 32, 16), dropout=0.0, interpolation="nearest"):
    base, levels = backbone(name, size)
    x = levels[4]
    for step, width in enumerate(widths):
        x = layers.UpSampling2D(2, interpolation=interpolation)(x)
        if step < 4:
            x = layers.Concatenate()([x, levels[3 - step]])
        for _ in range(2):
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Dropout(dropout)(x)
    return keras.Model(base.inputs, layers.Conv2D(num_classes, 1, activation="softmax")(x))


ANY = (None, None)
NETWORKS = {
    "detector": lambda name, size: create_object_detection_model(name, 80, size),
    "segmenter": lambda name, size: create_unet_resnet(name, size, 21),
    "retinanet": lambda name, size: retina_net(name, size, 80),
    "small retinanet": lambda name, size: retina_net(name, size, 3, 64, 6, "bilinear"),
    "unet": lambda name, size: u_net(name, size, 21),
    "small unet": lambda name, size: u_net(name, size, 3, (32, 16, 8), 0.5, "bilinear"),
}
DESCRIBED = [
    ("detector", "resnet50", ANY), ("detector", "resnet101v2", ANY), ("segmenter", "resnet50", (256, 256)),
    ("segmenter", "resnet101v2", (64, 96)), ("retinanet", "resnet50", (256, 320)), ("retinanet", "resnet101v2", ANY),
    ("small retinanet", "resnet50", ANY), ("unet", "resnet50", (256, 256)), ("unet", "resnet101v2", ANY),
    ("small unet", "resnet50", (32, 64)),
]
COMPUTED = [
    ("detector", (32, 32)), ("detector", (64, 32)), ("segmenter", (16, 48)), ("segmenter", (32, 32)),
    ("retinanet", (32, 64)), ("small retinanet", (64, 64)), ("small retinanet", (32, 96)),
    ("unet", (32, 32)), ("small unet", (32, 64)),
]


def described(network, name, size):
    model = NETWORKS[network](name, size)
    shapes = [list(each.shape) for each in model.outputs]
    return {"network": network, "backbone": name, "size": list(size), "outputs": shapes} | keras_resnets.facts(model)


def computed(network, size):
    model = NETWORKS[network]("tiny", size)
    for index, weight in enumerate(model.weights):
        weight.assign(keras_resnets.numbers(index, weight))
    made = model(torch_resnets.tiny_input(size), training=False)
    return {"network": network, "size": list(size), "outputs": [sampled(np.array(each)) for each in (made if isinstance(made, list) else [made])]}


def sampled(made):
    every = max(1, made.size // 64 | 1)
    return {
        "features_shape": list(made.shape), "every": every, "features": output.numbers(made.reshape(-1)[::every]),
    }


def make(root):
    lists = {
        "described": [described(*case) for case in DESCRIBED],
        "computed": [computed(*case) for case in COMPUTED],
    }
    output.write_json(root / FOLDER / "dense_networks.json", {}, lists)
