"""Lesson 12: where VGG16's weights are looked for, and what is said where they are not, or are damaged."""

import hashlib

import h5py
import numpy as np
import pytest

from setilearn.course.material import weights as weights_module
from setilearn.course.material.weights import VGG16_FILE, vgg16_weights
from setilearn.learn.classifier import load_keras


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch, tmp_path):
    for name in ("mirror", "keras"):
        (tmp_path / name / "models").mkdir(parents=True)
    monkeypatch.setenv("SETILEARN_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("SETILEARN_OFFLINE", "0")
    monkeypatch.setattr(weights_module, "VGG16_MD5", hashlib.md5(b"weights").hexdigest())


@pytest.fixture
def downloads(monkeypatch):
    """What is downloaded: the addresses; nothing comes."""
    asked = []

    def get_file(name, address, **options):
        asked.append((address, options["file_hash"]))
        raise OSError("no route to host")

    monkeypatch.setattr(load_keras().utils, "get_file", get_file)
    return asked


def test_weights_that_are_nowhere_are_not_fetched_unasked(downloads):
    weights, said = vgg16_weights()
    assert weights is None
    assert "random numbers" in said
    assert "learn nothing. vgg16_weights(download=True) fetches them" in said
    assert downloads == []


@pytest.mark.parametrize("folder", ["mirror", "keras/models"])
def test_weights_are_found(folder, tmp_path, downloads):
    path = tmp_path / folder / VGG16_FILE
    path.write_bytes(b"weights")
    assert vgg16_weights(download=True)[0] == str(path)
    assert str(path) in vgg16_weights()[1]
    assert downloads == []


def test_offline_nothing_is_fetched_and_the_folder_for_it_is_named(monkeypatch, tmp_path, downloads):
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    weights, said = vgg16_weights(download=True)
    assert weights is None
    assert f"put {VGG16_FILE} into {tmp_path / 'mirror'}" in said
    assert downloads == []
    monkeypatch.setenv("SETILEARN_MIRROR", "https://example.org/mirror")
    assert f"into {tmp_path / 'keras' / 'models'}" in vgg16_weights()[1]


def test_a_damaged_file_is_named_and_a_sound_one_elsewhere_is_taken(tmp_path, downloads):
    damaged = tmp_path / "mirror" / VGG16_FILE
    damaged.write_bytes(b"weigh")
    weights, said = vgg16_weights()
    assert weights is None
    assert f"{damaged} is damaged, or another file" in said
    sound = tmp_path / "keras" / "models" / VGG16_FILE
    sound.write_bytes(b"weights")
    assert vgg16_weights()[0] == str(sound)
    assert downloads == []


def test_a_download_that_fails_says_why(downloads):
    weights, said = vgg16_weights(download=True)
    assert weights is None
    assert "could not be fetched: no route to host" in said
    assert downloads == [(weights_module.VGG16_URL, weights_module.VGG16_MD5)]


def test_a_download_that_comes_is_taken(monkeypatch):
    monkeypatch.setattr(load_keras().utils, "get_file", lambda *_, **options: options["cache_dir"] + "/found")
    weights, said = vgg16_weights(download=True)
    assert weights.endswith("/keras/found")
    assert weights in said


def test_keras_takes_the_published_file_by_its_path(monkeypatch, tmp_path):
    """A file in the form of the published one (HDF5, a group for each layer) is loaded as ``weights``."""
    keras = load_keras()
    vgg16 = keras.applications.VGG16(include_top=False, weights=None, input_shape=(32, 32, 3))
    path = tmp_path / "mirror" / VGG16_FILE
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in vgg16.layers]
        for layer in vgg16.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}".encode() for weight in layer.weights]
            group.attrs["weight_names"] = names
            for name, weight in zip(names, layer.weights, strict=True):
                group[name.decode()] = np.full(weight.shape, 0.25, dtype=np.float32)
    monkeypatch.setattr(weights_module, "VGG16_MD5", hashlib.md5(path.read_bytes()).hexdigest())
    taken = keras.applications.VGG16(include_top=False, weights=vgg16_weights()[0], input_shape=(64, 128, 3))
    assert all((weight.numpy() == 0.25).all() for weight in taken.weights)
