"""Recipes: plain JSON values that say which network is trained on what, and how.

A graph is {"inputs": [shape, ...], "nodes": [node, ...], "outputs": [value, ...]}. Values are counted: first the inputs,
then what each node makes. A node is one use of a layer on the values "of":

    {"class_name": ..., "config": {...}, "of": [value, ...]}    a layer of its own
    {"graph": {...}, "of": [...]}                               a network as a layer
    {"same_as": node, "of": [...]}                              the layer of an earlier node, shared

The rest of a recipe is described by training.py, which draws it.
"""

import copy

import keras

MERGES = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"}


def layer_of(node, made):
    """The Keras layer of a node; `made` holds those of the nodes before it."""
    if "same_as" in node:
        return made[node["same_as"]]
    if "graph" in node:
        return build(node["graph"])
    config = copy.deepcopy(node["config"])
    trainable = config.pop("trainable", True)  # which not every layer takes when it is made
    layer = getattr(keras.layers, node["class_name"])(**config)
    layer.trainable = trainable
    return layer


def apply(layer, node, values):
    several = len(node["of"]) > 1 or node.get("class_name") in MERGES
    arguments = [values[i] for i in node["of"]]
    return layer(arguments if several else arguments[0])


def build(graph):
    """The Keras model of a graph; raises ValueError where shapes do not fit."""
    values = [keras.Input(shape) for shape in graph["inputs"]]
    inputs, made = list(values), []
    for node in graph["nodes"]:
        made.append(layer_of(node, made))
        values.append(apply(made[-1], node, values))
    return keras.Model(one_or_all(inputs), one_or_all([values[o] for o in graph["outputs"]]))


def one_or_all(values):
    return values[0] if len(values) == 1 else list(values)


def layers(graph):
    """Every layer of its own, those inside networks too, as (class name, config)."""
    for node in graph["nodes"]:
        if "graph" in node:
            yield from layers(node["graph"])
        elif "class_name" in node:
            yield node["class_name"], node["config"]


def pruned(graph):
    """The graph without nodes and inputs that no output needs; None if nothing is left."""
    count = len(graph["inputs"])
    needed = set()
    waiting = list(graph["outputs"])
    while waiting:
        value = waiting.pop()
        if value not in needed:
            needed.add(value)
            if value >= count:
                node = graph["nodes"][value - count]
                waiting.extend(node["of"])
                if "same_as" in node:
                    waiting.append(node["same_as"] + count)
    inputs = [v for v in range(count) if v in needed]
    kept = [v for v in range(count, count + len(graph["nodes"])) if v in needed]
    if not inputs or not kept:
        return None
    place = {value: i for i, value in enumerate(inputs + kept)}
    nodes = []
    for value in kept:
        node = dict(graph["nodes"][value - count])
        node["of"] = [place[v] for v in node["of"]]
        if "same_as" in node:
            node["same_as"] = place[node["same_as"] + count] - len(inputs)
        nodes.append(node)
    return {"inputs": [graph["inputs"][v] for v in inputs], "nodes": nodes, "outputs": [place[v] for v in graph["outputs"]]}


def describe(graph, indent="  "):
    """One line a node."""
    lines = [f"{indent}{i}: input {tuple(shape)}" for i, shape in enumerate(graph["inputs"])]
    for i, node in enumerate(graph["nodes"], len(graph["inputs"])):
        of = ", ".join(map(str, node["of"]))
        if "graph" in node:
            lines.append(f"{indent}{i}: network of {of}")
            lines.extend(describe(node["graph"], indent + "    "))
        elif "same_as" in node:
            lines.append(f"{indent}{i}: the layer of {node['same_as'] + len(graph['inputs'])} on {of}")
        else:
            settings = ", ".join(f"{k}={v!r}" for k, v in node["config"].items())
            lines.append(f"{indent}{i}: {node['class_name']}({settings}) of {of}")
    lines.append(f"{indent}outputs {', '.join(map(str, graph['outputs']))}")
    return lines
