"""The classifiers: accuracy, seconds and memory, the text's network and the aligned one on the same images.

    python benchmarks/bench_classifier.py [--without-full-width] [name ...]

Each network is trained by Keras in a process of its own, so that its peak memory is its own; "seconds" are
those of aligning and training, without the import of TensorFlow. The text's network at full width takes ten
minutes.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pandas as pd
from peak_memory import peak_bytes
from setigen_images import setigen_images

from setilearn.learn.align import AlignedSet, align_images
from setilearn.learn.four_classes import CLASS_NAMES, FULL_SIZE, simulate_images
from setilearn.learn.images import ImageSet, one_hot
from setilearn.learn.matched import matched_filter

N_VALIDATION, N_TEST, N_SETIGEN = 800, 4000, 1000
SEEDS = (0, 1, 2)
FULL_PIECE = 50  # images a class of full resolution at a time: 105 MB

# What is trained: how, data, training images, seeds; and the accuracy, seconds, GB and ECE to keep to.
RUNS = {
    "an eighth of the text's network": ({"divide_by": 8, "epochs": 6}, "basic", 3200, SEEDS, (0.72, 60)),
    "aligned": ({}, "basic", 3200, SEEDS, (0.975, 40, 0.95, 0.01)),
    "aligned, hard": ({}, "primary", 3200, SEEDS, (0.94, 40, None, 0.01)),
    "aligned, hard, 12,800": ({}, "primary", 12_800, SEEDS[:1], (0.935,)),
    "aligned, full resolution": ({}, "full", 3200, SEEDS[:1], ()),
    "aligned, bends not split": ({"split_bends": False}, "basic", 3200, SEEDS[:1], ()),
    "the text's network": ({"divide_by": 1, "epochs": 12}, "basic", 3200, SEEDS[:1], (0.72,)),
}


# Data, on disk as 8-bit pictures or as aligned rows


def write_images(path, n_per_class, seed, difficulty):
    write(path, simulate_images(n_per_class, seed=seed, difficulty=difficulty, progress=False))


def write(path, found):
    found.parameters.to_pickle(path.with_suffix(".pkl"))
    np.savez(path, images=np.rint(found.images[..., 0] * 255).astype(np.uint8))


def read_images(path, n=None, start=0):
    with np.load(path) as file:
        images = file["images"][start:][:n]
    parameters = pd.read_pickle(path.with_suffix(".pkl")).iloc[start:][:n].reset_index(drop=True)
    classes = [CLASS_NAMES.index(name) for name in parameters["class_name"]]
    return ImageSet((images / np.float32(255))[..., None], one_hot(classes, 4), CLASS_NAMES, parameters)


def write_full(path, n_per_class, seed):
    """Aligned rows at full resolution, piece by piece: the pictures themselves would take 2 GB."""
    parts = []
    for piece in range(n_per_class // FULL_PIECE):
        found = simulate_images(FULL_PIECE, seed=seed + piece, size=FULL_SIZE, progress=False)
        parts.append(replace(align_images(found), parameters=None))
    arrays = [field.name for field in fields(AlignedSet)][:6]
    np.savez(path, **{name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays})


def read_full(path, n=None, start=0):
    with np.load(path) as file:
        return AlignedSet(*(file[name][start:][:n] for name in file.files), CLASS_NAMES, size=FULL_SIZE)


# One training, in a process of its own


def train_one(folder, name, seed):
    options, data, n, _, _ = RUNS[name]
    folder, read = Path(folder), read_full if data == "full" else read_images
    known = read(folder / f"{data}_train.npz", n)
    validation = read(folder / f"{data}_train.npz", N_VALIDATION, start=-N_VALIDATION)
    start = time.perf_counter()
    if "divide_by" not in options and data != "full":
        known, validation = align_images(known), align_images(validation)
    seconds = time.perf_counter() - start

    import keras

    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    fit = fit_pictures if "divide_by" in options else fit_aligned
    network, history = fit(known, validation, seed, folder / "best.keras", **options)

    from setilearn.learn.classifier import calibrate, evaluate

    classifier = calibrate(network, validation)
    seconds += time.perf_counter() - start
    peak_gb = peak_bytes() / 1e9
    found = evaluate(classifier, read(folder / f"{data}_test.npz"))
    classifier.save(folder / f"{name}-{seed}.keras".replace(" ", "_"))
    report = {"n_parameters": network.count_params(), "seconds": seconds, "peak_gb": peak_gb}
    report |= {"accuracy": found.accuracy, "ece": found.ece, "recall": found.recall["share"].tolist()}
    report["history"] = {key: np.round(values, 4).tolist() for key, values in history.history.items()}
    if data == "basic":
        report["setigen"] = evaluate(classifier, read(folder / "setigen_test.npz")).accuracy
    print(json.dumps(report))


def fit_aligned(known, validation, seed, best, *, split_bends=True, epochs=15):
    """As lesson 12 does it."""
    import keras

    from setilearn.learn.batches import AlignedBatches
    from setilearn.learn.networks import aligned_network

    network = aligned_network(n_rows=known.rows.shape[1], n_outputs=4 + split_bends)
    batches = AlignedBatches(known, seed=seed, split_bends=split_bends)
    n_steps = epochs * len(batches)
    n_warm_up = n_steps // 15
    decay = {"warmup_target": 0.002, "warmup_steps": n_warm_up}
    schedule = keras.optimizers.schedules.CosineDecay(0.0002, n_steps - n_warm_up, **decay)
    network.compile(
        keras.optimizers.AdamW(schedule, weight_decay=1e-4),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    apart = AlignedBatches(validation, turn=False, batch_size=100, split_bends=split_bends)
    return fit_and_keep_best(network, batches, apart, epochs, best)


def fit_pictures(known, validation, seed, best, *, divide_by, epochs):
    """As lesson 11 does it."""
    import keras

    from setilearn.learn.networks import course_network

    class Pictures(keras.utils.PyDataset):
        def __init__(self, image_set, flip):
            super().__init__()
            self.image_set, self.flip = image_set, flip
            self.rng, self.order = np.random.default_rng(seed), np.arange(len(image_set))
            self.on_epoch_end()

        def __len__(self):
            return math.ceil(len(self.order) / 32)

        def __getitem__(self, number):
            places = self.order[32 * number : 32 * number + 32]
            images = self.image_set.images[places]
            mirror = self.rng.random(len(images)) < 0.5 * self.flip
            images[mirror] = images[mirror][:, :, ::-1]
            return images, self.image_set.labels[places]

        def on_epoch_end(self):
            if self.flip:
                self.rng.shuffle(self.order)

    network = course_network(divide_by=divide_by)
    schedule = keras.optimizers.schedules.ExponentialDecay(0.005, decay_steps=5, decay_rate=0.96)
    network.compile(keras.optimizers.Adam(schedule), "categorical_crossentropy", metrics=["accuracy"])
    return fit_and_keep_best(network, Pictures(known, True), Pictures(validation, False), epochs, best)


def fit_and_keep_best(network, batches, validation, epochs, best):
    import keras

    keep_best = keras.callbacks.ModelCheckpoint(best, monitor="val_loss", save_best_only=True)
    options = {"epochs": epochs, "callbacks": [keep_best], "verbose": 0}
    history = network.fit(batches, validation_data=validation, **options)
    network.load_weights(best)
    return network, history


def measure_stream(folder):
    from setilearn.learn.classifier import classify_stream, load_classifier

    classifier = load_classifier(Path(folder, "aligned-0.keras"))
    images = read_images(Path(folder, "basic_test.npz")).images
    list(classify_stream(images[:512], classifier))
    start = time.perf_counter()
    n = sum(len(batch) for batch in classify_stream(images, classifier))
    rate = n / (time.perf_counter() - start)
    single = []
    for image in images[:100]:
        start = time.perf_counter()
        classifier.predict(image[None])
        single.append(time.perf_counter() - start)
    print(json.dumps({"rate": rate, "single_ms": 1e3 * float(np.median(single))}))


def child(*arguments):
    command = [sys.executable, __file__, *map(str, arguments)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


def report_run(folder, name):
    *_, seeds, budget = RUNS[name]
    found = [child("train", folder, name, seed) for seed in seeds]
    mean = {key: np.mean([one[key] for one in found]) for key in ("accuracy", "seconds", "peak_gb", "ece")}
    limits = dict(zip(mean, budget, strict=False))
    missed = [
        key
        for key, limit in limits.items()
        if limit is not None and (mean[key] < limit if key == "accuracy" else mean[key] > limit)
    ]
    each = ", ".join(f"{one['accuracy']:.4f}" for one in found)
    print(
        f"{name:32}{found[0]['n_parameters']:>11,}  {mean['accuracy']:.4f} ({each})  "
        f"{mean['seconds']:6.1f} s  {mean['peak_gb']:.2f} GB  ECE {mean['ece']:.4f}  "
        f"{'MISSED: ' + ', '.join(missed) if missed else ''}"
    )
    print("   ECE", [round(one["ece"], 4) for one in found])
    print("   recall", np.mean([one["recall"] for one in found], axis=0).round(3).tolist())
    if "setigen" in found[0]:
        print("   pictures by setigen", [round(one["setigen"], 4) for one in found])
    if "text" in name or "split" in name:
        print(pd.DataFrame(found[0]["history"]).to_string(index=False))
    sys.stdout.flush()


def main():
    named = [name for name in sys.argv[1:] if not name.startswith("--")]
    names = named or [name for name in RUNS if name != "the text's network" or len(sys.argv) == 1]
    needed = {RUNS[name][1] for name in names} | {"basic"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for data in needed - {"full"}:
            n = max([3200, *(RUNS[name][2] for name in names if RUNS[name][1] == data)])
            write_images(folder / f"{data}_train.npz", (n + N_VALIDATION) // 4, 1, data)
            write_images(folder / f"{data}_test.npz", N_TEST // 4, 2, data)
        if "full" in needed:
            write_full(folder / "full_train.npz", (3200 + N_VALIDATION) // 4, 1000)
            write_full(folder / "full_test.npz", N_TEST // 4, 2000)
        write(folder / "setigen_test.npz", setigen_images(N_SETIGEN // 4, seed=3))
        print("network, parameters, accuracy on 4000 test images (each seed), seconds, peak memory")
        for name in names:
            report_run(folder, name)
        known, tested = (read_images(folder / f"basic_{part}.npz") for part in ("train", "test"))
        told_apart = matched_filter(known, tested).accuracy
        print(f"matched filter that knows the track: {told_apart:.4f} of the lines told apart,")
        print(f"   {(1 + told_apart) / 2:.4f} of all images, if squiggles and noise are all recognised")
        if "aligned" in names:
            stream = child("stream", folder)
            slow = "" if stream["rate"] >= 2000 else "BELOW 2000"
            print(f"stream: {stream['rate']:.0f} images/s from raw image to probability {slow}")
            print(f"a single image: {stream['single_ms']:.1f} ms")


if __name__ == "__main__":
    if sys.argv[1:2] == ["train"]:
        train_one(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[1:2] == ["stream"]:
        measure_stream(sys.argv[2])
    else:
        main()
