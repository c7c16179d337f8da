"""What a model is, as data: names, shapes, weights and counts."""

from . import output


def shape_of(layer):
    """The shape of a layer's first output, or of each where there are several."""
    tensors = layer._inbound_nodes[-1].output_tensors
    shapes = [list(t.shape) for t in tensors]
    return shapes[0] if len(shapes) == 1 else shapes


def layers_of(model):
    return [
        {
            "name": layer.name,
            "class_name": type(layer).__name__,
            "output_shape": shape_of(layer),
            "params": layer.count_params(),
            "trainable": bool(layer.trainable),
        }
        for layer in model.layers
    ]


def weights_of(model, with_hash=False):
    trainable = {id(w) for w in model.trainable_weights}
    rows = []
    for weight in model.weights:
        row = {"path": weight.path, "shape": list(weight.shape), "trainable": id(weight) in trainable}
        if with_hash:
            row["sha256"] = output.sha256(weight.numpy())
        rows.append(row)
    return rows


def counts_of(model):
    def count(weights):
        return int(sum(w.numpy().size for w in weights))

    return {
        "total": count(model.weights),
        "trainable": count(model.trainable_weights),
        "non_trainable": count(model.non_trainable_weights),
    }
