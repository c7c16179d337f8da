"""Awkward image files, and what TensorFlow makes of them: each kind of colours, and photographs that lie on a side.

Files that are committed are taken as they are: another Pillow or libjpeg draws others. The README beside them says
whose the photographs are.
"""

import io
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
    """Names and pictures."""
    rgb = Image.fromarray(waves(13, 18, 3))
    rgba = Image.fromarray(waves(13, 18, 4))
    yield "palette.png", rgb.quantize(32)
    yield "palette_alpha.png", rgba.quantize(32)
    yield "bits.png", rgb.convert("1")
    yield "alpha.png", rgba
    yield "grey_alpha.png", Image.fromarray(waves(13, 18, 2), "LA")
    yield "sixteen_bits.png", Image.fromarray(waves(13, 18, 1)[:, :, 0].astype(np.uint16) * 257 - 200)
    yield "grey.jpg", rgb.convert("L")
    yield "rgb.bmp", rgb
    yield "grey.bmp", rgb.convert("L")
    yield "alpha.bmp", rgba
    yield "transparent.gif", rgba.quantize(32)


def drawn():
    """The bytes of each file by its name."""
    for name, image in colours():
        yield name, encoded(image, name)
    sixteen_bits = waves(13, 18, 4).astype(np.uint16) * 257 - 200
    yield "sixteen_bits_alpha.png", tf.io.encode_png(sixteen_bits).numpy()
    photograph = Image.fromarray(waves(16, 24, 3))
    yield "progressive.jpg", encoded(photograph, "progressive.jpg", progressive=True)
    for number in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = number
        name = f"orientation_{number}.jpg"
        yield name, encoded(photograph, name, exif=exif, quality=90)


def encoded(image, name, **options):
    file = io.BytesIO()
    image.save(file, {"jpg": "jpeg"}.get(name[-3:], name[-3:]), **options)
    return file.getvalue()


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
    for name, data in drawn():
        if not (COMMITTED / name).is_file():
            (COMMITTED / name).write_bytes(data)
    files = sorted(path for path in COMMITTED.iterdir() if path.suffix not in (".json", ".md"))
    for path in files:
        if folder != COMMITTED:
            shutil.copy(path, folder)
    turned = [path for path in files if path.name.startswith("orientation")]
    lists = {
        "stored": [case(path, decoded) for path in files],
        "upright": [case(path, upright) for path in turned],
    }
    output.write_json(folder / "awkward.json", {"size": list(SIZE)}, lists)
