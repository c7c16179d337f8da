"""Awkward image files, and what TensorFlow makes of them: each kind of colours, and photographs that lie on a side.

Files that are committed are taken as they are: another Pillow or libjpeg draws others. The README beside them says
whose the photographs are.
"""

import pathlib
import shutil

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from . import output

FOLDER = "tf-graphs/src/test/resources/dev/tfgraphs/graphs/data/awkward"
COMMITTED = pathlib.Path(__file__).resolve().parents[2] / FOLDER

SIZE = (5, 4)
ORIENTATION = 0x0112


def waves(height, width, channels):
    """Nothing about them is symmetric."""
    rows, columns, last = np.mgrid[0:height, 0:width, 0:channels]
    return (127 + 120 * np.sin(rows / 5 + columns / 9 * (last + 1) + last)).astype(np.uint8)


def colours():
    """Names, modes of Pillow and pixels."""
    rgb = Image.fromarray(waves(13, 18, 3))
    yield "palette.png", rgb.quantize(32)
    yield "bits.png", rgb.convert("1")
    yield "alpha.png", Image.fromarray(waves(13, 18, 4))
    yield "grey_alpha.png", Image.fromarray(waves(13, 18, 2), "LA")
    yield "sixteen_bits.png", Image.fromarray(waves(13, 18, 1)[:, :, 0].astype(np.uint16) * 257 - 200)
    yield "grey.jpg", rgb.convert("L")
    yield "rgb.bmp", rgb
    yield "transparent.gif", Image.fromarray(waves(13, 18, 4)).quantize(32)


def draw(folder):
    for name, image in colours():
        image.save(folder / name)
    for number in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = number
        Image.fromarray(waves(16, 24, 3)).save(folder / f"orientation_{number}.jpg", exif=exif, quality=90)


def decoded(path):
    return tf.io.decode_image(path.read_bytes(), channels=3, expand_animations=False).numpy()


def upright(path):
    """Pillow turns what TensorFlow has decoded; by itself it decodes a few levels otherwise."""
    stored = Image.fromarray(decoded(path))
    stored.getexif()[ORIENTATION] = Image.open(path).getexif().get(ORIENTATION, 1)
    turned = np.array(ImageOps.exif_transpose(stored))
    own = np.array(ImageOps.exif_transpose(Image.open(path)).convert("RGB")).astype(int)
    assert np.abs(turned - own).max() < 8, path
    return turned


def case(path, pixels):
    return {"file": path.name, "pixels": output.tensor(tf.image.resize(pixels(path), SIZE).numpy())}


def make(root):
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if not (COMMITTED / "palette.png").is_file():
        draw(COMMITTED)
    files = sorted(path for path in COMMITTED.iterdir() if path.suffix not in (".json", ".md"))
    for path in files:
        if folder != COMMITTED:
            shutil.copy(path, folder)
    turned = [path for path in files if path.name.startswith("orientation")]
    stored = [case(path, decoded) for path in files]
    output.write_json(folder / "awkward.json", {"size": list(SIZE)}, {"stored": stored, "upright": [case(path, upright) for path in turned]})
