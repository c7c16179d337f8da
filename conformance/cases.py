"""The cases that a check is to look at: the folders in the folder that its command line names."""

import pathlib
import sys


def named(usage):
    if len(sys.argv) != 2:
        sys.exit(usage)
    cases = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir())
    if not cases:
        sys.exit(f"{sys.argv[1]}: expected cases, found none")
    return cases
