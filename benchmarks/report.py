"""The table: CSV for machines, Markdown for people, and pictures of what grows."""

import csv
import itertools
import json
import os
import pathlib
import platform
import statistics
import subprocess
from collections import namedtuple

from protocol import BFLOAT16, FIRST_STEP, FLOAT32, KERAS, LOOPS, PYTORCH, ROWS, SCALES, TF_GRAPHS

# Whom the others are compared with: the column, the contender and its precision, and how a sentence says it.
RATIOS = [
    ("speed_to_keras", (KERAS, FLOAT32), "as fast as Keras"),
    ("speed_to_pytorch", (PYTORCH, FLOAT32), "as fast as PyTorch"),
    ("speed_to_pytorch_bfloat16", (PYTORCH, BFLOAT16), "as fast as PyTorch in bfloat16"),
]

FIELDS = [
    "date", "workload", "kind", "network", "size", "batch", "contender", "precision", "rounds", "median_images_per_second",
    "best_images_per_second", "spread_percent", "median_seconds", "min_seconds", "peak_rss_mb",
    *(field for field, _, _ in RATIOS), "memory_to_keras", "percent_over_first", "percent_error",
    "seconds_per_image", "multiply_adds", "seconds_per_multiply_add", "growth_to_arithmetic", "median_cpu_seconds",
    "extra_rss_mb", "extra_to_file", "first_epoch_seconds", "speed_to_every_epoch", "furthest_loss",
]

# What `run` has measured: each empty where it was not asked for.
Measured = namedtuple("Measured", "rounds loops scales starts loads features")

# A table of the Markdown: what it is of, its columns, and which rows it has.
Table = namedtuple("Table", "about fields has")

TIMES = ["rounds", "median_seconds", "min_seconds", "spread_percent"]


def of_names(names):
    return lambda row: row["workload"] in names


TABLES = [
    Table(
        "Seconds a step; each contender in each precision is a process of its own:",
        [
            "workload", "network", "batch", "contender", "precision", "rounds", "median_images_per_second",
            "best_images_per_second", "median_seconds", "min_seconds", "spread_percent", "peak_rss_mb",
            *(field for field, _, _ in RATIOS), "memory_to_keras",
        ],
        of_names(ROWS),
    ),
    *(
        Table(
            f"{about}:",
            ["workload", "batch", "contender", *TIMES, "percent_over_first", "percent_error"],
            of_names([loop.name for loop in loops]),
        )
        for about, loops in itertools.groupby(LOOPS.values(), lambda loop: loop.about)
    ),
    Table(
        "From the start of the process to the end of the first training step:",
        ["network", "size", "batch", "contender", *TIMES, "speed_to_keras", "speed_to_pytorch"],
        of_names([FIRST_STEP.name]),
    ),
    Table(
        "Files of a ResNet152 read, seconds and the resident memory that this takes beside what there was:",
        ["workload", "contender", *TIMES, "median_cpu_seconds", "extra_rss_mb", "extra_to_file", "speed_to_keras"],
        lambda row: row["workload"].startswith("load "),
    ),
    Table(
        "A head behind a frozen ResNet50 and 160 images of 224 x 224, seconds an epoch; the first makes the features:",
        ["workload", "batch", "contender", "first_epoch_seconds", *TIMES, "speed_to_every_epoch", "furthest_loss"],
        of_names(["features-224"]),
    ),
    Table(
        "What an image takes, by the fastest round; growth to arithmetic is how many times longer than at the first place,"
        " over how many times more multiply-adds:",
        [
            "workload", "contender", "kind", "network", "size", "batch", "seconds_per_image", "spread_percent", "multiply_adds",
            "seconds_per_multiply_add", "growth_to_arithmetic", "peak_rss_mb",
        ],
        of_names(SCALES),
    ),
]


def cpu():
    """Model, what it has for bfloat16, and number of usable cores: all that is said about the machine."""
    info = pathlib.Path("/proc/cpuinfo")
    name = platform.processor() or platform.machine()
    if info.is_file():
        name = of_processors(info.read_text(), name)
    elif platform.system() == "Darwin":
        name = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        ).stdout.strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return name, cores


def of_processors(text, name):
    """The model in Linux's list of processors, else `name`, and its instructions for bfloat16."""
    fields = {}
    for line in text.splitlines():
        field, _, value = line.partition(":")
        fields.setdefault(field.strip(), value.split())
    flags = fields.get("flags") or fields.get("Features") or []
    has = [feature for feature in ("avx512_bf16", "amx_bf16", "bf16") if feature in flags]
    return ", ".join([" ".join(fields.get("model name", [])) or name, *map(str.upper, has)])


def spread(values):
    return 100 * (max(values) - min(values)) / statistics.median(values)


def paired(mine, others):
    """The median of the ratios turn by turn: each turn met the same machine."""
    return statistics.median(a / b for a, b in zip(mine, others, strict=True))


def of_job(job):
    """The columns that say what was done."""
    return {"kind": job.kind, "network": job.network, "size": job.size, "batch": job.batch, "precision": job.precision}


def of_seconds(seconds):
    return {
        "rounds": len(seconds), "spread_percent": spread(seconds),
        "median_seconds": statistics.median(seconds), "min_seconds": min(seconds),
    }


def of_speeds(turns):
    """What rounds of so many steps have in common."""
    speeds = [turn["images_per_second"] for turn in turns]
    return {
        **of_seconds(step_seconds(turns)),
        "median_images_per_second": statistics.median(speeds), "best_images_per_second": max(speeds),
    }


def step_seconds(turns):
    return [turn["seconds"] / turn["steps"] for turn in turns]


def peak(turns):
    return max(turn["peak_rss_mb"] for turn in turns)


def times(turns):
    return [turn["seconds"] for turn in turns]


def workload_rows(rounds):
    for name, answers in rounds.items():
        row = ROWS[name]
        seconds = {entrant: step_seconds(turns) for entrant, turns in answers.items()}
        keras = peak(answers[KERAS, FLOAT32]) if (KERAS, FLOAT32) in answers else None
        for (contender, precision), turns in answers.items():
            mine = seconds[contender, precision]
            yield {
                "workload": name, "kind": row.kind, "network": row.network, "size": row.size, "batch": row.batch,
                "contender": contender, "precision": precision, **of_speeds(turns), "peak_rss_mb": peak(turns),
                **{field: paired(seconds[other], mine) for field, other, _ in RATIOS if other in seconds},
                **({"memory_to_keras": peak(turns) / keras} if keras else {}),
            }


def loop_rows(loops):
    for name, starts in loops.items():
        first = next(iter(LOOPS[name].entrants))
        for title, job in LOOPS[name].entrants.items():
            over = [100 * (paired(times(answers[title]), times(answers[first])) - 1) for answers in starts]
            error = statistics.stdev(over) / len(over) ** 0.5 if len(over) > 1 else float("nan")
            yield {
                "workload": name, **of_job(job), "contender": title,
                **of_speeds([answer for answers in starts for answer in answers[title]]),
                "percent_over_first": statistics.mean(over), "percent_error": error,
            }


def scale_rows(scales):
    for name, points in scales.items():
        for _, series in itertools.groupby(points, lambda point: (point.contender, point.kind)):
            first = None
            for point in series:
                seconds = step_seconds(point.answers)
                image = min(seconds) / point.job.batch
                first = first or image / point.multiply_adds
                yield {
                    "workload": name, **of_job(point.job), "contender": point.contender, "kind": point.kind,
                    **of_speeds(point.answers), "peak_rss_mb": peak(point.answers),
                    "seconds_per_image": image, "multiply_adds": point.multiply_adds,
                    "seconds_per_multiply_add": image / point.multiply_adds,
                    "growth_to_arithmetic": image / point.multiply_adds / first,
                }


def start_rows(starts):
    for name, seconds in starts.items():
        if seconds:
            yield {
                "workload": FIRST_STEP.name, **of_job(FIRST_STEP.job), "contender": name, **of_seconds(seconds),
                **{field: paired(starts[other], seconds) for field, (other, _), _ in RATIOS[:2] if starts.get(other)},
            }


def load_rows(loads):
    for ending, answers in loads.items():
        for name, turns in answers.items():
            seconds = times(turns)
            extra = statistics.median(turn["extra_mb"] for turn in turns)
            yield {
                "workload": f"load {ending}", "contender": name, **of_seconds(seconds),
                "median_cpu_seconds": statistics.median(turn["cpu_seconds"] for turn in turns),
                "extra_rss_mb": extra, "extra_to_file": extra / turns[0]["file_mb"],
                **({"speed_to_keras": paired(times(answers[KERAS]), seconds)} if KERAS in answers else {}),
            }


def feature_rows(turns):
    """Epochs behind the first, which has made the features; each process is one pair."""
    titles = {"features": "features made once", "every-epoch": "the backbone in every epoch"}
    later = {way: [statistics.median(turn[way][1:]) for turn in turns] for way in titles}
    for way, title in titles.items() if turns else ():
        yield {
            "workload": "features-224", "batch": 16, "contender": title,
            **of_seconds([epoch for turn in turns for epoch in turn[way][1:]]),
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
    for row in rows:
        if row["contender"] == TF_GRAPHS and row["workload"] not in SCALES:
            yield from of_ratios(row)
        if row["workload"] == "features-224" and row["contender"] == "features made once":
            losses = f"losses within {row['furthest_loss']:.1g}" if row["furthest_loss"] else "the same losses to the last bit"
            yield (
                f"- features-224: {row['speed_to_every_epoch']:.0f} times as fast as running the backbone in every epoch,"
                f" {losses}"
            )
        if row["workload"] in LOOPS and row["contender"] != (first := next(iter(LOOPS[row["workload"]].entrants))):
            over = f"{row['percent_over_first']:+.1f} % (± {row['percent_error']:.1f}) over {first}"
            yield f"- {row['workload']}: {row['contender']}: {over}"
    yield from of_growth([row for row in rows if row["workload"] in SCALES])


def of_ratios(row):
    memory = ("memory_to_keras", None, "the peak memory of Keras")
    parts = [f"{row[field]:.2f} times {what}" for field, _, what in [*RATIOS, memory] if field in row]
    if parts:
        precision = "" if row.get("precision", FLOAT32) == FLOAT32 else f" in {row['precision']}"
        yield f"- {row['workload']}{precision}: " + ", ".join(parts)


def of_growth(rows):
    """Whether anything grows faster than the arithmetic does."""
    for (name, contender, kind), series in itertools.groupby(rows, lambda r: (r["workload"], r["contender"], r["kind"])):
        first, *_, last = series
        yield (
            f"- {name}, {contender}, {kind}: an image takes {last['seconds_per_image'] / first['seconds_per_image']:.2g} times as"
            f" long at {SCALES[name].axis} {last[SCALES[name].axis]} as at {first[SCALES[name].axis]}, with"
            f" {last['multiply_adds'] / first['multiply_adds']:.2g} times the multiply-adds"
        )


def markdown(day, versions, rows):
    name, cores = cpu()
    there = {row["contender"] for row in rows}
    # Where tf-graphs is there it has run, although the rows of loops have the names of their entrants.
    ran = {n: of for n, of in versions.items() if n == TF_GRAPHS or n in there}
    turns = "; the contenders took turns" if len(ran) > 1 else ""
    parts = [
        f"# Residual networks, {day}",
        f"{name}, {cores} cores. Training is by Adam, on random images{turns}.",
        "\n".join(f"- {n}: " + ", ".join(f"{k} {v}" for k, v in of.items()) for n, of in ran.items()),
        "\n".join(in_short(rows)),
    ]
    for table in TABLES:
        if of_table := [row for row in rows if table.has(row)]:
            parts += [table.about, markdown_table(table.fields, of_table)]
    parts.append(
        "Ratios are medians over the turns; more than 1 is faster, and for memory larger; those to Keras and PyTorch are to their"
        " float32 unless they say bfloat16. Spread is (max - min) / median of the seconds a step."
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def chart(scale, rows):
    """What the Java side draws of a scale: by series, the numbers, seconds and multiply-adds of each place."""
    series = {}
    for row in rows:
        value = row[scale.axis]
        place = int(value.removeprefix("resnet")) if scale.axis == "network" else value
        series.setdefault(f"{row['contender']}: {row['kind']}", []).append(
            {"at": place, "seconds": row["seconds_per_image"], "arithmetic": row["multiply_adds"]}
        )
    return {"title": scale.title, "across": scale.unit, "series": series}


def write(folder, name, day, versions, measured, java):
    rows = [
        {"date": day, **row}
        for row in itertools.chain(
            workload_rows(measured.rounds), loop_rows(measured.loops), start_rows(measured.starts),
            load_rows(measured.loads), feature_rows(measured.features), scale_rows(measured.scales),
        )
    ]
    if not rows:
        raise SystemExit("benchmarks: no round was measured, nothing written")
    with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: shown(v) for k, v in row.items()} for row in rows)
    text = markdown(day, versions, rows)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    for scale in measured.scales:
        drawn = json.dumps(chart(SCALES[scale], [row for row in rows if row["workload"] == scale]))
        subprocess.run([*java, "draw", str(folder), f"{name}-{scale}"], check=True, input=drawn, text=True)
    return text
