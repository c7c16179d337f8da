"""Starts the contenders and lets them take turns, so that a drift of the machine meets all alike."""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

from protocol import FLOAT32, SCALE_BASE, SCALE_KINDS, TF_GRAPHS, job_of, text

# Threads of the last one may still spin for 0.2 s after its round.
PAUSE_SECONDS = 0.5
# Threads that all share need no rest.
SHARED_PAUSE_SECONDS = 0.05
# A round of a point of a scale takes so long, or so many steps.
SCALE_SECONDS = 0.5
MOST_SCALE_STEPS = 20


class Contender:
    """One process and its pipes; a failure shows the end of what it wrote to its error stream."""

    def __init__(self, name, command, *arguments):
        self.name = name
        self.errors = tempfile.TemporaryFile()
        self.started = time.time()
        self.process = subprocess.Popen(
            [*command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def ask(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It has ended: reading its answer says why.
        return self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            self.errors.seek(0)
            tail = self.errors.read()[-2000:].decode(errors="replace")
            sys.exit(f"{self.name}: ended with {code} instead of an answer\n{tail}")
        try:
            return json.loads(line)
        except json.JSONDecodeError:
            sys.exit(f"{self.name}: expected one line of JSON, received {line!r}")


def versions(commands):
    """What each contender says it is."""
    answers = {}
    for name, command in commands.items():
        with Contender(name, command) as contender:
            answer = contender.ask("versions")
            answers[name] = {k: v for k, v in answer.items() if k != "contender"}
    return answers


def take_turns(commands, row, rounds, steps):
    """The answers by contender and precision, after one round of each that does not count."""
    entrants = [entrant for entrant in row.entrants if entrant[0] in commands]
    answers = {entrant: [] for entrant in entrants}
    running = {}
    try:
        for entrant in entrants:
            running[entrant] = Contender(entrant[0], commands[entrant[0]])
        for turn in range(rounds + 1):
            # Forth and back, so that none has always the same one before it.
            for entrant in entrants[:: -1 if turn % 2 else 1]:
                time.sleep(PAUSE_SECONDS)
                answer = running[entrant].ask(round_command(job_of(row, entrant[1]), steps))
                if turn > 0:
                    answers[entrant].append(answer)
            print(f"{row.name}: round {turn} of {rounds}", file=sys.stderr)
    finally:
        for contender in running.values():
            contender.__exit__()
    return answers


def round_command(job, steps):
    return f"round {text(job)} {steps}"


def loop_turns(command, loop, starts, rounds, steps):
    """The answers by entrant, process by process: where weights lie in memory moves an entrant's speed."""
    titles = [f"{loop.name}: start {start + 1} of {starts}" for start in range(starts)]
    return [loop_start(command, loop, title, rounds, steps) for title in titles]


def loop_start(command, loop, title, rounds, steps):
    answers = {name: [] for name in loop.entrants}
    with Contender(TF_GRAPHS, command) as contender:
        for turn in range(rounds + 1):
            for name in list(loop.entrants)[:: -1 if turn % 2 else 1]:
                time.sleep(SHARED_PAUSE_SECONDS)
                answer = contender.ask(round_command(loop.entrants[name], steps))
                if turn > 0:
                    answers[name].append(answer)
            print(f"{title}, round {turn} of {rounds}", file=sys.stderr)
    return answers


Point = namedtuple("Point", "contender kind job multiply_adds answers")


def scale_points(commands, java, scale, rounds, steps):
    """What an image takes at each place of an axis, in a process of its own each."""
    points = []
    jobs = [SCALE_BASE._replace(**{scale.axis: value}) for value in scale.values]
    adds = multiply_adds(java, [one._replace(kind="infer", precision=FLOAT32) for one in jobs])
    for name, command in commands.items():
        for kind, (of_job, precision) in SCALE_KINDS.items():
            for base, count in zip(jobs, adds, strict=True):
                job = base._replace(kind=of_job, precision=precision)
                with Contender(name, command) as contender:
                    points.append(Point(name, kind, job, count, point_answers(contender, job, rounds, steps)))
            print(f"{scale.name}: {kind} by {name}", file=sys.stderr)
    return points


def point_answers(contender, job, rounds, steps):
    """Rounds of half a second or more; the second of two steps that go before says how many steps that takes."""
    contender.ask(round_command(job, 1))
    estimate = contender.ask(round_command(job, 1))
    steps = steps or max(1, min(MOST_SCALE_STEPS, math.ceil(SCALE_SECONDS / estimate["seconds"])))
    answers = [estimate] if steps == 1 else []
    while len(answers) < rounds:
        answers.append(contender.ask(round_command(job, steps)))
    return answers


def multiply_adds(command, jobs):
    """Of one image in each of these, which tf-graphs knows."""
    done = subprocess.run([*command, "multiply-adds", *map(text, jobs)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def loads(commands, formats, times):
    """The answers by format and contender, each of a process of its own; the files are written first."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*commands[TF_GRAPHS], "write-weights", folder], check=True)
        answers = {ending: {n: [] for n in names if n in commands} for ending, names in formats.items()}
        for turn in range(times + 1 if times else 0):
            for ending, of_format in answers.items():
                for name in of_format:
                    time.sleep(PAUSE_SECONDS)
                    with Contender(name, commands[name], "load", f"{folder}/large{ending}") as contender:
                        answer = contender.answer()
                        # The first one only fills the disk cache.
                        if turn > 0:
                            of_format[name].append(answer)
            print(f"load: turn {turn} of {times}", file=sys.stderr)
    return answers


def features(command, times):
    """The answers of processes that train a head with features kept and without, which takes turns in being first."""
    answers = []
    for turn in range(times):
        time.sleep(PAUSE_SECONDS)
        with Contender(TF_GRAPHS, command, "features", "second" if turn % 2 else "first") as contender:
            answers.append(contender.answer())
        print(f"features: turn {turn + 1} of {times}", file=sys.stderr)
    return answers


def first_steps(commands, job, times):
    """Seconds from the start of the process to the end of its first training step."""
    seconds = {name: [] for name in commands}
    for turn in range(times + 1 if times else 0):
        for name, command in commands.items():
            time.sleep(PAUSE_SECONDS)
            with Contender(name, command, "first-step", text(job)) as contender:
                answer = contender.answer()
                # The first start only fills the disk cache.
                if turn > 0:
                    seconds[name].append(answer["end"] - contender.started)
        print(f"first step: start {turn} of {times}", file=sys.stderr)
    return seconds
