"""What is measured, and what every contender speaks on standard input and output; README.md describes it."""

import json
import os
import pathlib
import re
import resource
import sys
import time
from collections import namedtuple

FLOAT32, BFLOAT16 = "float32", "mixed_bfloat16"
TF_GRAPHS, KERAS, PYTORCH, DJL = "tf-graphs", "keras", "pytorch", "djl"

# What one process does over and over. Networks have this project's names.
Job = namedtuple("Job", "kind network size batch classes precision")

THREE = [(name, FLOAT32) for name in (TF_GRAPHS, KERAS, PYTORCH)]
SIX = [*THREE, *((name, BFLOAT16) for name, _ in THREE)]
# DJL computes in float32 alone.
SEVEN = [*SIX, (DJL, FLOAT32)]

# A row of contenders, each in a precision, which take turns.
Row = namedtuple("Row", "name kind network size batch classes steps rounds entrants")

ROWS = {
    row.name: row
    for row in [
        Row("train-224", "train", "resnet18", 224, 16, 1000, 4, 7, THREE),
        Row("train-32", "train", "resnet18", 32, 64, 10, 12, 7, THREE),
        Row("infer-224", "predict", "resnet18", 224, 16, 1000, 8, 7, THREE),
        Row("infer-32", "predict", "resnet18", 32, 64, 10, 40, 7, THREE),
        Row("latency-50", "infer", "resnet50", 224, 1, 1000, 8, 7, SEVEN),
        Row("infer-50-b8", "infer", "resnet50", 224, 8, 1000, 4, 7, SEVEN),
        Row("infer-50-b32", "infer", "resnet50", 224, 32, 1000, 3, 5, SEVEN),
        Row("train-50-b8", "train", "resnet50", 224, 8, 1000, 5, 5, SEVEN),
        Row("train-50-b32", "train", "resnet50", 224, 32, 1000, 3, 4, SIX),
    ]
}

# tf-graphs alone, in one process: the first entrant is what the others are measured against.
Loop = namedtuple("Loop", "name about steps rounds entrants")


def loop(name, about, steps, entrants, *of_network):
    jobs = {title: Job(kind, *of_network, FLOAT32) for title, kind in entrants.items()}
    return Loop(name, about, steps, 7, jobs)


ABOUT_LOOP = "What `fit` adds to a step, against the same steps in a bare loop of TensorFlow Java"
FITS = {"bare loop": "bare", "fit, 5 metrics, 3 callbacks": "fit", "the same, clipped, averaged, scheduled": "fit-all"}
ABOUT_FOLDER = "A step of `fit` on a folder of JPEGs, against the same images in memory"
PLACES = {"images in memory": "cached", "a folder of JPEGs": "folder"}

LOOPS = {
    loop.name: loop
    for loop in [
        loop("loop-224", ABOUT_LOOP, 3, FITS, "resnet18", 224, 16, 1000),
        loop("loop-32", ABOUT_LOOP, 12, FITS, "resnet18", 32, 64, 10),
        # Enough steps for the first batch, which nothing is run beside, to weigh as little as in an epoch.
        loop("folder", ABOUT_FOLDER, 16, PLACES, "resnet18", 224, 16, 10),
    ]
}

# Seconds from the start of a process to the end of its first step.
FIRST_STEP = namedtuple("FirstStep", "name job")("first-step", Job("train", "resnet18", 32, 64, 10, FLOAT32))

# What an image takes along one axis; what is not on the axis has the value of SCALE_BASE.
Scale = namedtuple("Scale", "name axis title unit values rounds")

SCALE_BASE = Job("", "resnet50", 224, 8, 1000, "")
SCALE_KINDS = {"training": ("train", FLOAT32), "inference": ("infer", FLOAT32), "inference in bfloat16": ("infer", BFLOAT16)}
DEPTHS = [f"resnet{depth}" for depth in (18, 34, 50, 101, 152)]

SCALES = {
    scale.name: scale
    for scale in [
        Scale("scale-batch", "batch", "ResNet50 at 224 x 224", "Images a batch", [1, 2, 4, 8, 16, 32, 64], 3),
        Scale("scale-depth", "network", "ResNets at 224 x 224, batches of 8", "Layers", DEPTHS, 3),
        Scale("scale-size", "size", "ResNet50, batches of 8", "Height and width of an image", [64, 128, 224, 320, 448], 3),
    ]
}

# Files of a ResNet152, which Java writes; Keras has no safetensors.
LOADS = {".weights.h5": [TF_GRAPHS, KERAS], ".keras": [TF_GRAPHS, KERAS], ".safetensors": [TF_GRAPHS]}


def job_of(row, precision):
    return Job(row.kind, row.network, row.size, row.batch, row.classes, precision)


def text(job):
    """`train/resnet18/224/16/1000/float32`, as commands have it."""
    return "/".join(map(str, job))


def parsed(text):
    kind, network, size, batch, classes, precision = text.split("/")
    return Job(kind, network, int(size), int(batch), int(classes), precision)


def memory_mb(field):
    """What the Java side reads where there is one, so that both sides count the same pages."""
    status = pathlib.Path("/proc/self/status")
    return int(re.search(rf"{field}:\s*(\d+)", status.read_text())[1]) / 2**10 if status.is_file() else None


def peak_rss_mb():
    known = memory_mb("VmHWM")
    if known is not None:
        return known
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def say(answer):
    print(json.dumps(answer), flush=True)


def round_of(run, job, steps):
    start = time.perf_counter()
    run(steps)
    seconds = time.perf_counter() - start
    return {
        "steps": steps,
        "seconds": seconds,
        "images_per_second": steps * job.batch / seconds,
        "peak_rss_mb": peak_rss_mb(),
    }


def load_of(file, loader):
    """Seconds and memory of what `loader(file)` returns, after the small file of the same format."""
    loader(file.with_name(file.name.replace("large", "small")))()
    load = loader(file)
    before, cpu, start = memory_mb("VmRSS") or 0, time.process_time(), time.perf_counter()
    load()
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "cpu_seconds": time.process_time() - cpu,
        "extra_mb": peak_rss_mb() - before,
        "file_mb": file.stat().st_size / 2**20,
    }


def serve(make_run, versions, loader=None):
    """Answers each command with one line of JSON until the input ends.

    `make_run(job)` returns a function that runs so many steps and waits for their end, `loader(file)` one that
    loads a file.
    """
    if sys.argv[1:2] == ["first-step"]:
        make_run(parsed(sys.argv[2]))(1)
        say({"end": time.time(), "peak_rss_mb": peak_rss_mb()})
        os._exit(0)  # What follows the first step is not measured: leave at once.
    if sys.argv[1:2] == ["load"]:
        say(load_of(pathlib.Path(sys.argv[2]), loader))
        return
    runs = {}
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "versions":
            say(versions())
        elif command == "round":
            job = parsed(arguments[0])
            if job not in runs:
                runs[job] = make_run(job)
            say(round_of(runs[job], job, int(arguments[1])))
        else:
            sys.exit(f"command: expected versions or round, received {command}")
