"""Keeps TensorFlow's chatter, which goes past Python, from standard error."""

import contextlib
import os
import sys


def for_ever():
    """For a process whose failures are raised elsewhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


@contextlib.contextmanager
def meanwhile():
    kept = os.dup(sys.stderr.fileno())
    for_ever()
    try:
        yield
    finally:
        os.dup2(kept, sys.stderr.fileno())
        os.close(kept)
