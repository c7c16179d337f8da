"""The table: CSV for machines, Markdown for people."""

import csv
import os
import pathlib
import platform
import statistics
import subprocess

from protocol import WORKLOADS

FIELDS = [
    "date", "workload", "batch", "contender", "rounds", "median_images_per_second", "best_images_per_second",
    "spread_percent", "median_seconds", "min_seconds", "peak_rss_mb", "speed_to_keras", "speed_to_pytorch",
    "memory_to_keras",
]


def cpu():
    """Model and number of usable cores: all that is said about the machine."""
    info = pathlib.Path("/proc/cpuinfo")
    name = platform.processor() or platform.machine()
    if info.is_file():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0] if names else name
    elif platform.system() == "Darwin":
        name = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        ).stdout.strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return name, cores


def spread(values):
    return 100 * (max(values) - min(values)) / statistics.median(values)


def paired(mine, others):
    """The median of the ratios turn by turn: each turn met the same machine."""
    return statistics.median(a / b for a, b in zip(mine, others, strict=True))


def workload_rows(day, rounds):
    for workload, answers in rounds.items():
        speeds = {n: [a["images_per_second"] for a in turns] for n, turns in answers.items()}
        peaks = {n: max(a["peak_rss_mb"] for a in turns) for n, turns in answers.items()}
        for name, turns in answers.items():
            seconds = [a["seconds"] / a["steps"] for a in turns]
            yield {
                "date": day, "workload": workload, "batch": WORKLOADS[workload].batch, "contender": name,
                "rounds": len(turns),
                "median_images_per_second": statistics.median(speeds[name]),
                "best_images_per_second": max(speeds[name]),
                "spread_percent": spread(seconds),
                "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
                "peak_rss_mb": peaks[name],
                **{f"speed_to_{o}": paired(speeds[name], speeds[o]) for o in ("keras", "pytorch") if o in speeds},
                **({"memory_to_keras": peaks[name] / peaks["keras"]} if "keras" in peaks else {}),
            }


def start_rows(day, starts):
    for name, seconds in starts.items():
        if not seconds:
            continue
        yield {
            "date": day, "workload": "first-step", "batch": WORKLOADS["train-32"].batch, "contender": name,
            "rounds": len(seconds), "spread_percent": spread(seconds),
            "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
            **{f"speed_to_{o}": paired(starts[o], seconds) for o in ("keras", "pytorch") if starts.get(o)},
        }


def shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def markdown_table(fields, rows):
    lines = ["| " + " | ".join(f.replace("_", " ") for f in fields) + " |", "|" + "---|" * len(fields)]
    lines += ["| " + " | ".join(shown(row.get(f, "")) for f in fields) + " |" for row in rows]
    return "\n".join(lines)


def markdown(day, versions, rows):
    name, cores = cpu()
    speed = [r for r in rows if r["workload"] != "first-step"]
    start = [r for r in rows if r["workload"] == "first-step"]
    parts = [
        f"# ResNet-18, {day}",
        f"{name}, {cores} cores. float32, Adam, one fixed random batch; the contenders took turns.",
        "\n".join(f"- {n}: " + ", ".join(f"{k} {v}" for k, v in of.items()) for n, of in versions.items()),
    ]
    if speed:
        parts.append(markdown_table([f for f in FIELDS if f not in ("date",)], speed))
    if start:
        fields = [
            "contender", "rounds", "median_seconds", "min_seconds", "spread_percent", "speed_to_keras",
            "speed_to_pytorch",
        ]
        parts += [
            "From the start of the process to the end of the first training step (train-32):",
            markdown_table(fields, start),
        ]
    parts.append(
        "Ratios are medians over the turns; more than 1 is faster, and for memory larger. Spread is (max - min) / median"
        " of the seconds a step."
    )
    return "\n\n".join(parts) + "\n"


def write(folder, day, versions, rounds, starts):
    rows = [*workload_rows(day, rounds), *start_rows(day, starts)]
    if not rows:
        raise SystemExit("benchmarks: no round was measured, nothing written")
    with open(folder / f"{day}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: shown(v) for k, v in row.items()} for row in rows)
    text = markdown(day, versions, rows)
    (folder / f"{day}.md").write_text(text, encoding="utf-8")
    return text
