"""What every contender speaks on standard input and output; README.md describes it."""

import json
import os
import pathlib
import re
import resource
import sys
import time
from collections import namedtuple

Workload = namedtuple("Workload", "name training size batch classes steps")

WORKLOADS = {
    w.name: w
    for w in [
        Workload("train-224", True, 224, 16, 1000, 4),
        Workload("train-32", True, 32, 64, 10, 12),
        Workload("infer-224", False, 224, 16, 1000, 8),
        Workload("infer-32", False, 32, 64, 10, 40),
    ]
}

# tf-graphs alone, in one process: the first entrant is what the others are measured against.
Loop = namedtuple("Loop", "name size batch steps entrants")

LOOPS = {
    loop.name: loop
    for loop in [
        Loop("loop-224", 224, 16, 3, ["bare", "fit", "fit-all"]),
        Loop("loop-32", 32, 64, 12, ["bare", "fit", "fit-all"]),
    ]
}

# Files of a ResNet152, which Java writes; Keras has no safetensors.
LOADS = {".weights.h5": ["tf-graphs", "keras"], ".keras": ["tf-graphs", "keras"], ".safetensors": ["tf-graphs"]}

WARM_UP_STEPS = 3


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


def round_of(run, workload, steps):
    start = time.perf_counter()
    run(steps)
    seconds = time.perf_counter() - start
    return {
        "workload": workload.name,
        "steps": steps,
        "seconds": seconds,
        "images_per_second": steps * workload.batch / seconds,
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

    `make_run(workload)` returns a function that runs so many steps and waits for their end, `loader(file)` one that
    loads a file.
    """
    if sys.argv[1:2] == ["first-step"]:
        make_run(WORKLOADS[sys.argv[2]])(1)
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
            workload = WORKLOADS[arguments[0]]
            if workload.name not in runs:
                runs[workload.name] = make_run(workload)
                runs[workload.name](WARM_UP_STEPS)
            say(round_of(runs[workload.name], workload, int(arguments[1])))
        else:
            sys.exit(f"command: expected versions or round, received {command}")
