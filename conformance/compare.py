"""Compares two trees of fixtures: text exactly, numbers up to float noise: compare.py COMMITTED MADE."""

import io
import json
import math
import pathlib
import sys
import zipfile

import h5py

# Other CPUs sum in another order, and training steps make more of it.
RELATIVE, ABSOLUTE = 1e-5, 2e-6
TRAINED = {"training.json": 500, "fit.json": 500, "resumed.json": 500, "whole_h5.zip": 500, "fits.json": 500}
# A hundred layers make more of it, too: the same program on the same machine differs by 3e-6.
DEEP = {
    "dense_networks.json": 20, "torch_resnets.json": 20, "cifar_resnets.json": 20,
    "networks.json": 20, "gradient_norms.json": 20,
}
SLACK = {**TRAINED, **DEEP}
# What fixtures.py makes by name only.
BY_NAME = {"cifar_resnets.json", "named_networks.json", "colormaps.json"}


def differences(old, new, where):
    if isinstance(old, float) or isinstance(new, float):
        if not _close(old, new, SLACK.get(where.split(":")[0].rpartition("/")[2], 1)):
            yield f"{where}: committed {old!r}, made {new!r}"
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _of_dicts(old, new, where)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{where}: committed {len(old)} elements, made {len(new)}"
        for i, (a, b) in enumerate(zip(old, new)):
            yield from differences(a, b, f"{where}[{i}]")
    elif old != new or type(old) is not type(new):
        yield f"{where}: committed {old!r}, made {new!r}"


def _of_dicts(old, new, where):
    if list(old) != list(new):
        yield f"{where}: committed keys {list(old)}, made {list(new)}"
        return
    for key in old:
        # A hash beside its values only repeats them, and QR or log may differ in a last bit.
        if key == "sha256" and "first" in old:
            continue
        yield from differences(old[key], new[key], f"{where}.{key}")


def _close(a, b, slack):
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (a, b))
    return numbers and math.isclose(a, b, rel_tol=slack * RELATIVE, abs_tol=slack * ABSOLUTE)


def of_files(committed, made, name):
    if not committed.is_file():
        yield f"{name}: not committed"
        return
    if made.suffix == ".zip":
        yield from differences(unpacked(committed), unpacked(made), f"{name}: $")
        return
    if made.suffix not in (".json", ".txt"):
        return  # a JSON file beside it says what is in it, and tests read it
    old, new = (p.read_text(encoding="utf-8") for p in (committed, made))
    if old == new:
        return
    if made.suffix == ".json":
        yield from differences(json.loads(old), json.loads(new), f"{name}: $")
    else:
        yield f"{name}: the texts differ"


def unpacked(path):
    """What is in each file of an archive; another HDF5 may order the same differently."""
    with zipfile.ZipFile(path) as archive:
        return {name: content(name, archive.read(name)) for name in archive.namelist()}


def content(name, data):
    if not name.endswith(".h5"):
        return json.loads(data)
    objects = {}
    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(lambda where, each: objects.update({where: plain(each)}))
        return {"/": plain(file), **objects}


def plain(each):
    """The attributes of a group or dataset, and the numbers of a small one."""
    said = {key: str(value) for key, value in sorted(each.attrs.items())}
    if isinstance(each, h5py.Dataset):
        said |= {"is": f"{each.dtype} {each.shape}"}
        if each.dtype.kind in "fiu" and each.size < 10000:
            said |= {"values": each[()].reshape(-1).tolist()}
    return said


def main():
    committed, made = map(pathlib.Path, sys.argv[1:3])
    files = sorted(p.relative_to(made) for p in made.rglob("*") if p.is_file())
    if not files:
        sys.exit("compare: no fixtures were made")
    found = [d for f in files for d in of_files(committed / f, made / f, f.as_posix())]
    for folder in sorted({f.parent for f in files}):
        for path in sorted((committed / folder).glob("*")):
            if path.name.startswith(".") or path.is_dir() or path.suffix not in (".json", ".txt", ".zip"):
                continue
            if path.relative_to(committed) not in files and path.name not in BY_NAME:
                found.append(f"{path.relative_to(committed).as_posix()}: committed, but no maker makes it")
    for line in found[:40]:
        print(line, file=sys.stderr)
    if found:
        sys.exit(f"compare: {len(found)} differences between committed and made fixtures")
    print(f"{len(files)} fixtures as committed")


if __name__ == "__main__":
    main()
