"""Makes the image files beside this script, and what Keras 3.15.1 reads from them.

Run with keras, tensorflow and pillow installed: python make_images.py
"""

import os
import shutil

import keras
import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "folder")
SIZE = (3, 4)
GREYABLE = ("grey.png", "rgba.png", "photo.jpg", "Loud.JPEG")


def picture(seed, height, width, channels):
    rows, columns, last = np.mgrid[0:height, 0:width, 0:channels]
    wave = 127 + 120 * np.sin(seed + rows / 3 + columns / 5 * (last + 1))
    return wave.astype("uint8")


def write(name, pixels, mode, **options):
    path = os.path.join(FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Image.fromarray(pixels, mode).save(path, **options)


def golden(name, color_mode, interpolation):
    dataset = keras.utils.image_dataset_from_directory(
        FOLDER,
        shuffle=False,
        image_size=SIZE,
        batch_size=4,
        color_mode=color_mode,
        interpolation=interpolation,
    )
    paths = iter(dataset.file_paths)
    with open(os.path.join(HERE, name), "w", newline="\n") as out:
        for images, labels in dataset:
            for image, label in zip(images.numpy(), labels.numpy()):
                path = os.path.relpath(next(paths), FOLDER).replace(os.sep, "/")
                values = ",".join(repr(float(v)) for v in image.ravel())
                out.write(f"{path},{label},{values}\n")


shutil.rmtree(FOLDER, ignore_errors=True)
write("cats/grey.png", picture(1, 9, 11, 1)[:, :, 0], "L")
write("cats/rgba.png", picture(2, 8, 6, 4), "RGBA")
write("cats/a-b/photo.jpg", picture(3, 16, 20, 3), "RGB", quality=90)
write("cats/a/Loud.JPEG", picture(4, 12, 12, 3), "RGB", quality=90)
write("Dogs/cmyk.jpg", picture(5, 16, 16, 4), "CMYK", quality=90)
write("Dogs/plain.bmp", picture(6, 5, 7, 3), "RGB")
frames = [Image.fromarray(picture(s, 7, 9, 3), "RGB").quantize(8) for s in (7, 8)]
frames[0].save(
    os.path.join(FOLDER, "Dogs/two.gif"), save_all=True, append_images=frames[1:]
)
for interpolation in ("nearest", "bilinear", "bicubic", "area", "lanczos3", "lanczos5"):
    golden(f"rgb_{interpolation}.csv", "rgb", interpolation)
aside = os.path.join(HERE, "aside")
for root, _, files in list(os.walk(FOLDER)):
    for file in files:
        if file not in GREYABLE:
            path = os.path.join(root, file)
            hidden = os.path.join(aside, os.path.relpath(path, FOLDER))
            os.makedirs(os.path.dirname(hidden), exist_ok=True)
            shutil.move(path, hidden)
golden("grayscale_bilinear.csv", "grayscale", "bilinear")
shutil.copytree(aside, FOLDER, dirs_exist_ok=True)
shutil.rmtree(aside)

with open(os.path.join(HERE, "splits.csv"), "w", newline="\n") as out:
    for seed in (0, 7, 123456, 2147483647):
        parts = keras.utils.image_dataset_from_directory(
            FOLDER, validation_split=0.3, subset="both", seed=seed, image_size=SIZE
        )
        for part in parts:
            names = [os.path.basename(path) for path in part.file_paths]
            out.write(f"{seed},{','.join(names)}\n")
