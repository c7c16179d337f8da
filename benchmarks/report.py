"""The table: CSV for machines, Markdown for people."""

import csv
import os
import pathlib
import platform
import statistics
import subprocess

from protocol import LOOPS, WORKLOADS

FIELDS = [
    "date", "workload", "batch", "contender", "rounds", "median_images_per_second", "best_images_per_second",
    "spread_percent", "median_seconds", "min_seconds", "peak_rss_mb", "speed_to_keras", "speed_to_pytorch",
    "memory_to_keras", "percent_over_bare", "percent_error", "median_cpu_seconds", "extra_rss_mb", "extra_to_file",
    "first_epoch_seconds", "speed_to_every_epoch", "furthest_loss",
]

ENTRANTS = {
    "bare": "bare loop",
    "fit": "fit, 5 metrics, 3 callbacks",
    "fit-all": "the same, clipped, averaged, scheduled",
}


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
                **({"memory_to_keras": peaks[name] / peaks["keras"]} if peaks[name] and peaks.get("keras") else {}),
            }


def times(turns):
    return [turn["seconds"] for turn in turns]


def loop_rows(day, loops):
    for loop, starts in loops.items():
        bare = LOOPS[loop].entrants[0]
        for name in LOOPS[loop].entrants:
            turns = [a for answers in starts for a in answers[name]]
            seconds = [a["seconds"] / a["steps"] for a in turns]
            speeds = [a["images_per_second"] for a in turns]
            over = [100 * (paired(times(answers[name]), times(answers[bare])) - 1) for answers in starts]
            error = statistics.stdev(over) / len(over) ** 0.5 if len(over) > 1 else float("nan")
            yield {
                "date": day, "workload": loop, "batch": LOOPS[loop].batch, "contender": ENTRANTS[name],
                "rounds": len(turns),
                "median_images_per_second": statistics.median(speeds), "best_images_per_second": max(speeds),
                "spread_percent": spread(seconds),
                "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
                "percent_over_bare": statistics.mean(over), "percent_error": error,
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


def load_rows(day, loads):
    for ending, answers in loads.items():
        for name, turns in answers.items():
            seconds = times(turns)
            extra = statistics.median(turn["extra_mb"] for turn in turns)
            yield {
                "date": day, "workload": f"load {ending}", "contender": name, "rounds": len(turns),
                "spread_percent": spread(seconds),
                "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
                "median_cpu_seconds": statistics.median(turn["cpu_seconds"] for turn in turns),
                "extra_rss_mb": extra, "extra_to_file": extra / turns[0]["file_mb"],
                **({"speed_to_keras": paired(times(answers["keras"]), seconds)} if "keras" in answers else {}),
            }


def feature_rows(day, turns):
    """Epochs behind the first, which has made the features; each process is one pair."""
    titles = {"features": "features made once", "every-epoch": "the backbone in every epoch"}
    later = {way: [statistics.median(turn[way][1:]) for turn in turns] for way in titles}
    for way, title in titles.items() if turns else ():
        seconds = [epoch for turn in turns for epoch in turn[way][1:]]
        yield {
            "date": day, "workload": "features-224", "batch": 16, "contender": title, "rounds": len(seconds),
            "spread_percent": spread(seconds), "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
            "first_epoch_seconds": statistics.median(turn[way][0] for turn in turns),
            "speed_to_every_epoch": paired(later["every-epoch"], later[way]),
            "furthest_loss": max(turn["furthest"] for turn in turns),
        }


def shown(value):
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def markdown_table(fields, rows):
    lines = ["| " + " | ".join(f.replace("_", " ") for f in fields) + " |", "|" + "---|" * len(fields)]
    lines += ["| " + " | ".join(shown(row.get(f, "")) for f in fields) + " |" for row in rows]
    return "\n".join(lines)


def in_short(rows):
    """One line for each figure that is a promise."""
    ours = {r["workload"]: r for r in rows if r["contender"] == "tf-graphs"}
    for workload, row in ours.items():
        parts = [
            f"{row[field]:.2f} times {what}"
            for field, what in [
                ("speed_to_keras", "as fast as Keras"),
                ("speed_to_pytorch", "as fast as PyTorch"),
                ("memory_to_keras", "the peak memory of Keras"),
            ]
            if field in row
        ]
        if parts:
            yield f"- {workload}: " + ", ".join(parts)
    for row in rows:
        if row["workload"] == "features-224" and row["contender"] == "features made once":
            losses = f"losses within {row['furthest_loss']:.1g}" if row["furthest_loss"] else "the same losses to the last bit"
            yield (
                f"- features-224: {row['speed_to_every_epoch']:.0f} times as fast as running the backbone in every epoch,"
                f" {losses}"
            )
        if row.get("workload") in LOOPS and row["contender"] != ENTRANTS["bare"]:
            over = f"{row['percent_over_bare']:+.1f} % (± {row['percent_error']:.1f}) over a bare loop"
            yield f"- {row['workload']}: {row['contender']}: {over}"


def markdown(day, versions, rows):
    name, cores = cpu()
    speed = [r for r in rows if r["workload"] in WORKLOADS]
    loop = [r for r in rows if r["workload"] in LOOPS]
    start = [r for r in rows if r["workload"] == "first-step"]
    load = [r for r in rows if r["workload"].startswith("load ")]
    parts = [
        f"# Residual networks, {day}",
        f"{name}, {cores} cores. float32, Adam, one fixed random batch; the contenders took turns.",
        "\n".join(f"- {n}: " + ", ".join(f"{k} {v}" for k, v in of.items()) for n, of in versions.items()),
    ]
    parts.append("\n".join(in_short(rows)))
    if speed:
        parts.append(markdown_table(FIELDS[1 : FIELDS.index("percent_over_bare")], speed))
    if loop:
        fields = [
            "workload", "batch", "contender", "rounds", "median_seconds", "min_seconds", "spread_percent",
            "percent_over_bare", "percent_error",
        ]
        parts += [
            "What `fit` adds to a step, against the same steps in a bare loop of TensorFlow Java:",
            markdown_table(fields, loop),
        ]
    if start:
        fields = [
            "contender", "rounds", "median_seconds", "min_seconds", "spread_percent", "speed_to_keras",
            "speed_to_pytorch",
        ]
        parts += [
            "From the start of the process to the end of the first training step (train-32):",
            markdown_table(fields, start),
        ]
    if load:
        fields = [
            "workload", "contender", "rounds", "median_seconds", "min_seconds", "spread_percent", "median_cpu_seconds",
            "extra_rss_mb", "extra_to_file", "speed_to_keras",
        ]
        parts += [
            "Files of a ResNet152 read, seconds and the resident memory that this takes beside what there was:",
            markdown_table(fields, load),
        ]
    if kept := [r for r in rows if r["workload"] == "features-224"]:
        fields = [
            "workload", "batch", "contender", "rounds", "first_epoch_seconds", "median_seconds", "min_seconds",
            "spread_percent", "speed_to_every_epoch", "furthest_loss",
        ]
        parts += [
            "A head behind a frozen ResNet50 and 160 images of 224 x 224, seconds an epoch; the first makes the features:",
            markdown_table(fields, kept),
        ]
    parts.append(
        "Ratios are medians over the turns; more than 1 is faster, and for memory larger. Spread is (max - min) / median"
        " of the seconds a step."
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def write(folder, day, versions, rounds, loops, starts, loads, features):
    rows = [
        *workload_rows(day, rounds), *loop_rows(day, loops), *start_rows(day, starts), *load_rows(day, loads),
        *feature_rows(day, features),
    ]
    if not rows:
        raise SystemExit("benchmarks: no round was measured, nothing written")
    with open(folder / f"{day}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: shown(v) for k, v in row.items()} for row in rows)
    text = markdown(day, versions, rows)
    (folder / f"{day}.md").write_text(text, encoding="utf-8")
    return text
