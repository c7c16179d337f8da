"""Writes the golden fixtures with real Keras: fixtures.py [--root DIR] [MAKER ...]."""

import argparse
import os
import pathlib
import sys
import time

os.environ.update(
    KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1"
)

MAKERS = [
    "summaries", "initial_weights", "layers", "losses", "metrics", "schedules", "training", "optimizers", "fit",
    "random_layers", "blocks", "weight_settings", "preprocessing", "callbacks", "weight_files", "keras_resnets", "checkpoints",
    "configs", "compile_configs", "whole_h5", "fit_command", "torch_resnets", "dense_networks",
    "gradient_norms", "attributions", "images", "class_index", "slides", "evaluation", "classes",
]

# These need more than the ring installs, and each says what; but cifar_resnets and named_networks take minutes, for networks of 1,202 layers.
ON_DEMAND = ["torch_weights", "torch_outputs", "keras2_weights", "keras2_whole_h5", "cifar_resnets", "named_networks", "colormaps"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    repository = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--root", type=pathlib.Path, default=repository)
    parser.add_argument("makers", nargs="*", metavar="MAKER", help=f"of {', '.join(MAKERS)}, all of these if none; or of {', '.join(ON_DEMAND)}")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.makers) - {*MAKERS, *ON_DEMAND})
    if unknown:
        parser.error(f"unknown makers: {', '.join(unknown)}; expected: {', '.join(MAKERS + ON_DEMAND)}")
    for name in arguments.makers or MAKERS:
        start = time.monotonic()
        module = __import__(f"makers.{name}", fromlist=["make"])
        module.make(arguments.root)
        print(f"{name}: {time.monotonic() - start:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
