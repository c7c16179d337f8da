"""How fixtures are written: flat numbers with shapes, one case a line, the same bytes every time."""

import hashlib
import json
import zlib

import numpy as np


def numbers(array):
    """Float32 values, flat, each printed so that reading it back gives the same float."""
    return [float(v) for v in np.asarray(array, np.float32).reshape(-1)]


def tensor(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "values": numbers(array)}


def sha256(array):
    """Hash of the little-endian float32 bytes in row-major order."""
    return hashlib.sha256(np.ascontiguousarray(array, "<f4").tobytes()).hexdigest()


def grid(shape):
    """Exact sixteenths between about -3 and 3, without a short period."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    values = ((7 * i * i + 13 * i) % 101 - 50) / 16
    return values.astype(np.float32).reshape(shape)


def ramp(shape):
    """Quarters that rise through zero: every bend of an activation lies on one of them."""
    i = np.arange(int(np.prod(shape)))
    return ((i - len(i) // 2) / 4).astype(np.float32).reshape(shape)


def random_weight(case, index, name, shape):
    """Exact multiples of 1/32, drawn from the case's name; variances stay positive."""
    rng = np.random.default_rng([zlib.crc32(case.encode()), index])
    positive = "variance" in name
    low, high = (8, 65) if positive else (-32, 33)
    return (rng.integers(low, high, size=shape) / 32).astype(np.float32)


def plain(value):
    """Any Keras config as JSON values."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    return value


def write_json(path, head, lists):
    """Writes `head`'s entries and then each list with one element a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [f"{json.dumps(k)}: {dumps(v)}" for k, v in head.items()]
    for key, elements in lists.items():
        if not elements:
            raise ValueError(f"{path.name}: the list {key} is empty")
        rows = ",\n".join(dumps(e) for e in elements)
        parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8", newline="\n")


def dumps(value):
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
