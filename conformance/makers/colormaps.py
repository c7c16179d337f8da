"""Matplotlib's colours, as its imshow takes them, and what it makes of some numbers. Needs matplotlib==3.11.2.

Their data are in the public domain: viridis, magma and inferno by Stefan van der Walt and Nathaniel Smith, cividis by Jamie
Nunez, Christopher Anderton and Ryan Renslow (all CC0); RdBu by Cynthia Brewer (colorbrewer2.org, Apache License 2.0).
"""

import matplotlib
import numpy as np

from . import output

TABLE = "pictures/src/main/resources/dev/tfgraphs/pictures/colormaps.txt"
FILE = "pictures/src/test/resources/dev/tfgraphs/pictures/golden/colormaps.json"

NAMES = ["viridis", "magma", "inferno", "cividis", "gray", "RdBu_r"]
VALUES = [
    -np.inf, -1.0, -1e-9, 0.0, 1e-9, 0.00390624, 0.00390625, 0.1, 0.25, 1 / 3, 0.4999999, 0.5, 0.62, 0.75, 0.9, 0.99609374,
    0.99609375, 0.9999999, 1.0, 1.0000001, 2.0, np.inf,
]

HEADER = """\
# The 256 colours of each map, by matplotlib 3.11.2 (conformance/makers/colormaps.py).
# viridis, magma, inferno: Stefan van der Walt and Nathaniel Smith, CC0. cividis: Nunez, Anderton and Renslow, CC0.
# RdBu_r: after Cynthia Brewer, colorbrewer2.org, Apache License 2.0.
"""


def rgb(name, values):
    return matplotlib.colormaps[name](np.array(values), bytes=True)[:, :3]


def make(root):
    lines = [f"{name} " + "".join(f"{r:02x}{g:02x}{b:02x}" for r, g, b in rgb(name, np.arange(256))) for name in NAMES]
    path = root / TABLE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    cases = [
        {"name": name, "values": [str(v) for v in VALUES], "rgb": [[int(c) for c in colour] for colour in rgb(name, VALUES)]}
        for name in NAMES
    ]
    output.write_json(root / FILE, {"matplotlib": matplotlib.__version__}, {"maps": cases})
