"""Case after case: while Java judges one, Keras makes the next."""

import json
import sys
import time

from . import keras_side, recipes, shrink, training
from .java_side import Java


class Session:
    """What has come of the cases so far."""

    def __init__(self, java, arguments):
        self.java, self.arguments = java, arguments
        self.agreed, self.unsteady, self.failed = 0, 0, []
        self.waiting = None

    def run(self):
        index = self.arguments.first
        while self.agreed + len(self.failed) + (self.waiting is not None) < self.arguments.cases:
            name = f"{self.arguments.seed}/{index}"
            case = keras_side.run(json.loads(json.dumps(training.recipe(self.arguments.seed, index))))
            self.settle()
            if case["steady"]:
                self.java.ask(case)
                self.waiting = name, case
            else:
                self.unsteady += 1
            index += 1
        self.settle()

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
        smallest = shrink.shrink(recipe, lambda candidate: self.fails(candidate, verdict))
        case = keras_side.run(smallest, details=True)
        verdict = self.java.judge(case)
        print(f"its smallest form: {said(verdict)}")
        print("\n".join(recipes.describe(smallest["graph"])))
        print(f"  {json.dumps({k: v for k, v in smallest.items() if k != 'graph'})}")
        print("\n".join(f"  {line}" for line in verdict.get("parting", [])), flush=True)

    def fails(self, candidate, verdict):
        """Whether a candidate still fails in the same stage; one that Keras refuses does not."""
        try:
            case = keras_side.run(json.loads(json.dumps(candidate)))
        except Exception:  # whatever Keras says to a shape that does not fit
            return False
        if not case["steady"]:
            return False
        answer = self.java.judge(case)
        return not answer["agrees"] and answer["stage"] == verdict["stage"]


def said(verdict):
    if verdict["agrees"]:
        return "agrees"
    return f"{verdict['stage']}: {verdict['row']}: {verdict['difference']}"


def run(arguments):
    start = time.monotonic()
    with Java(arguments.fault) as java:
        session = Session(java, arguments)
        session.run()
    print(
        f"judge: seed {arguments.seed}: {session.agreed} models agree, {len(session.failed)} differ, "
        f"{session.unsteady} set aside as unsteady; {time.monotonic() - start:.0f} s")
    if session.failed:
        sys.exit(f"judge: again: conformance/judge --seed {arguments.seed} --cases 1 --first "
                 + session.failed[0].split("/")[1])
