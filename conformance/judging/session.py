"""Case after case: while Java judges one, processes with Keras make the next."""

import collections
import concurrent.futures
import itertools
import json
import multiprocessing
import sys
import time

from . import keras_side, quiet, recipes, shrink, training
from .java_side import Java

# Keras keeps some of every model that it has made, and grows slower with them.
CASES_OF_A_PROCESS = 25


def case_of(seed, index):
    return keras_side.run(training.recipe(seed, index))


class Session:
    """What has come of the cases so far."""

    def __init__(self, java, keras, arguments):
        self.java, self.keras, self.arguments = java, keras, arguments
        self.agreed, self.unsteady, self.failed = 0, 0, []
        self.waiting = None
        self.told = time.monotonic()

    def run(self):
        indexes = itertools.count(self.arguments.first)
        made = collections.deque()
        while self.agreed + len(self.failed) + (self.waiting is not None) < self.arguments.cases:
            while len(made) < 2 * self.arguments.jobs:
                index = next(indexes)
                made.append((index, self.keras.submit(case_of, self.arguments.seed, index)))
            index, case = made.popleft()
            case = case.result()
            self.settle()
            if case["steady"]:
                self.java.ask(case)
                self.waiting = f"{self.arguments.seed}/{index}", case
            else:
                self.unsteady += 1
            self.tell()
        self.settle()
        for _, case in made:
            case.cancel()

    def tell(self):
        """Now and then, how far it is."""
        if time.monotonic() - self.told > 60:
            self.told = time.monotonic()
            print(f"judge: {self.agreed} of {self.arguments.cases} agree, {len(self.failed)} differ", flush=True)

    def settle(self):
        """Takes the answer about the case that is with Java."""
        if self.waiting is None:
            return
        (name, case), self.waiting = self.waiting, None
        verdict = self.java.answer()
        if verdict["agrees"]:
            self.agreed += 1
            self.keep(name, case)
        else:
            self.failed.append(name)
            self.explain(name, case["recipe"], verdict)

    def keep(self, name, case):
        if self.arguments.keep:
            self.arguments.keep.mkdir(parents=True, exist_ok=True)
            file = self.arguments.keep / f"{name.replace('/', '-')}.json"
            file.write_text(json.dumps(case, separators=(",", ":")) + "\n", encoding="utf-8", newline="\n")

    def explain(self, name, recipe, verdict):
        print(f"case {name} differs: {said(verdict)}", flush=True)
        smallest = shrink.shrink(recipe, lambda candidate: self.fails(candidate, verdict), self.arguments.tries)
        case = self.keras.submit(keras_side.run, smallest, True).result()
        verdict = self.java.judge(case)
        print(f"its smallest form: {said(verdict)}")
        print("\n".join(recipes.describe(smallest["graph"])))
        print(f"  {json.dumps({k: v for k, v in smallest.items() if k != 'graph'})}")
        print("\n".join(f"  {line}" for line in verdict.get("parting", [])), flush=True)

    def fails(self, candidate, verdict):
        """Whether a candidate still fails in the same row; one that Keras refuses does not."""
        try:
            case = self.keras.submit(keras_side.run, candidate).result()
        except Exception:  # whatever Keras says to a shape that does not fit
            return False
        if not case["steady"]:
            return False
        answer = self.java.judge(case)
        return not answer["agrees"] and (answer["stage"], answer["row"]) == (verdict["stage"], verdict["row"])


def said(verdict):
    if verdict["agrees"]:
        return "agrees"
    return f"{verdict['stage']}: {verdict['row']}: {verdict['difference']}"


def processes(jobs):
    return concurrent.futures.ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), quiet.for_ever, max_tasks_per_child=CASES_OF_A_PROCESS)


def run(arguments):
    start = time.monotonic()
    with processes(arguments.jobs) as keras, Java(arguments.fault) as java:
        session = Session(java, keras, arguments)
        session.run()
    print(
        f"judge: seed {arguments.seed}: {session.agreed} models agree, {len(session.failed)} differ, "
        f"{session.unsteady} set aside as unsteady; {time.monotonic() - start:.0f} s")
    if session.failed:
        sys.exit(f"judge: again: conformance/judge --seed {arguments.seed} --cases 1 --first "
                 + session.failed[0].split("/")[1])
