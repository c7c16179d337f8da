"""What Keras decodes predictions to, for a class index of names by a formula."""

import json
import pathlib
import tempfile
from unittest import mock

import keras
import numpy as np
from keras.src.applications import imagenet_utils

from . import output

FILE = "applications/src/test/resources/dev/tfgraphs/applications/class_index.json"

CLASSES = 1000


def index():
    return {str(i): [f"n{10_000_000 + 7 * i}", f"class_{i}"] for i in range(CLASSES)}


def decoded(name, top, factor, offset=0):
    """Of the scores of one sample, no two of them equal and each an exact float."""
    i = np.arange(CLASSES, dtype=np.int64)
    scores = (((factor * i + 13) % CLASSES + offset) / 1024).astype(np.float32)
    rows = keras.applications.resnet.decode_predictions(scores[None], top=top)
    return {
        "name": name,
        "top": top,
        "factor": factor,
        "offset": offset,
        "decoded": [[identity, label, float(score)] for identity, label, score in rows[0]],
    }


def fetched(folder):
    """Where Keras says that its index is, when it is made to find ours."""
    asked = {}

    def get_file(name, address, cache_subdir, file_hash):
        asked.update(file=name, address=address, folder=cache_subdir, md5=file_hash)
        path = pathlib.Path(folder) / name
        path.write_text(json.dumps(index()), encoding="utf-8")
        return path

    with mock.patch.object(imagenet_utils.file_utils, "get_file", get_file), mock.patch.object(imagenet_utils, "CLASS_INDEX", None):
        cases = [
            decoded("top five", 5, 271),
            decoded("top one", 1, 37),
            decoded("top twenty", 20, 703),
            decoded("logits", 7, 271, -700),
        ]
    return asked, cases


def make(root):
    with tempfile.TemporaryDirectory() as folder:
        asked, cases = fetched(folder)
    output.write_json(root / FILE, asked, {"cases": cases})
