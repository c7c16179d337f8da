"""Learning rates at many steps."""

import numpy as np
from keras.optimizers import schedules

from . import output

FILE = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/golden/schedules.json"

STEPS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 14, 15, 16, 20, 25, 99, 100, 101, 1000, 12345]

SCHEDULES = [
    lambda: schedules.CosineDecay(0.1, 10),
    lambda: schedules.CosineDecay(0.1, 10, alpha=0.1),
    lambda: schedules.CosineDecay(0.003, 1350),
    lambda: schedules.CosineDecay(0.0, 10, warmup_target=0.1, warmup_steps=5),
    lambda: schedules.CosineDecay(0.01, 95, alpha=0.05, warmup_target=0.2, warmup_steps=6),
    lambda: schedules.CosineDecay(0.1, 1),
    lambda: schedules.PiecewiseConstantDecay([4, 10], [0.1, 0.01, 0.001]),
    lambda: schedules.PiecewiseConstantDecay([5], [1.0, 0.5]),
    lambda: schedules.PiecewiseConstantDecay([1, 2, 3, 100], [0.5, 0.4, 0.3, 0.2, 0.1]),
    lambda: schedules.ExponentialDecay(0.1, 10, 0.5),
    lambda: schedules.ExponentialDecay(0.1, 10, 0.5, staircase=True),
    lambda: schedules.ExponentialDecay(0.03, 3, 0.96),
    lambda: schedules.ExponentialDecay(0.1, 11, 0.5, staircase=True),
    lambda: schedules.ExponentialDecay(0.1, 101, 0.5, staircase=True),
    lambda: schedules.ExponentialDecay(0.1, 823, 0.5, staircase=True),
    lambda: schedules.InverseTimeDecay(0.1, 10, 0.5),
    lambda: schedules.InverseTimeDecay(0.1, 4, 2.0, staircase=True),
    lambda: schedules.PolynomialDecay(0.1, 10),
    lambda: schedules.PolynomialDecay(0.1, 10, 0.01, power=2.0),
    lambda: schedules.PolynomialDecay(0.1, 10, 0.01, power=2.0, cycle=True),
    lambda: schedules.PolynomialDecay(0.01, 7, 0.1, power=0.5),
    lambda: schedules.CosineDecayRestarts(0.1, 5),
    lambda: schedules.CosineDecayRestarts(0.1, 5, t_mul=1.0, m_mul=0.9),
    lambda: schedules.CosineDecayRestarts(0.1, 4, t_mul=1.5, m_mul=0.8, alpha=0.1),
    lambda: schedules.CosineDecayRestarts(0.1, 3, t_mul=3.0, m_mul=1.1),
]


def row(make_schedule):
    schedule = make_schedule()
    return {
        "class_name": type(schedule).__name__,
        "config": {k: v for k, v in schedule.get_config().items() if k != "name"},
        "rates": output.numbers([float(schedule(np.int64(s))) for s in STEPS]),
    }


def make(root):
    output.write_json(root / FILE, {"steps": STEPS}, {"schedules": [row(s) for s in SCHEDULES]})
