"""Lists the training data and splits it; reads nothing outside the data folder it is given."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from preprocess import read_gray

CXR_CLASSES = ("normal", "bacterial_pneumonia", "viral_pneumonia")
BODY_PARTS = {"AbdomenCT": 0, "BreastMRI": 1, "CXR": 2, "ChestCT": 3, "Hand": 4, "HeadCT": 5}
BODY_PART_CLASSES = ("abdomen_ct", "breast_mri", "cxr", "chest_ct", "hand", "head_ct", "none")
CXR_PART, NONE_PART = 2, 6

# Share of the normal radiographs, by patient number, that validates.
VALIDATION_SHARE = 0.12
# MedNIST and BUSI are cut into runs of consecutive files, because neighbours come from one patient or one CT volume.
BLOCK_FILES = 50


@dataclass
class Images:
    """A set of equally large images: `pixels` uint8 [n, height, width], `labels` int64 [n]."""

    pixels: np.ndarray
    labels: np.ndarray
    names: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: np.ndarray) -> "Images":
        """The rows of `index`."""
        return Images(self.pixels[index], self.labels[index], [self.names[i] for i in index])


def kermany_label(name: str) -> int:
    """The class of a Kermany file, from its name."""
    if "bacteria" in name:
        return 1
    return 2 if "virus" in name else 0


def kermany_patient(name: str) -> str:
    """The patient key of a Kermany file: `person<N>`, or the series and number of a normal radiograph."""
    match = re.match(r"(person\d+)_|((?:NORMAL2-)?IM-\d+)-", name)
    assert match, name
    return match.group(1) or match.group(2)


def kermany_files(folder: Path, split: str) -> list[Path]:
    """All radiographs of one published split, in a stable order."""
    return sorted((folder / "kermany-cxr" / split).glob("*/*.jpeg"))


def load(files: list[Path], labels: list[int]) -> Images:
    """Reads equally large image files."""
    pixels = np.stack([read_gray(str(file)) for file in files])
    return Images(pixels, np.array(labels, dtype=np.int64), [file.name for file in files])


def load_kermany(folder: Path, split: str) -> Images:
    """One published split of the paediatric chest radiographs, 224x224."""
    files = kermany_files(folder, split)
    return load(files, [kermany_label(file.name) for file in files])


def kermany_validation(train_names: list[str], test_names: list[str]) -> np.ndarray:
    """Which training files validate, bool [n]; no patient number is on both sides.

    Pneumonia: every person number that also occurs in the published test split. Whether those are the same children is
    not documented, so they are kept out of what the weights are fitted to. Normal: the lowest numbers of each series.
    Numbers follow acquisition, so this is an extrapolation in time, as the published test split (lower still) is.
    """
    test_people = {kermany_patient(name) for name in test_names}
    held: set[str] = set()
    for prefix in ("IM-", "NORMAL2-"):
        people = sorted({kermany_patient(n) for n in train_names if n.startswith(prefix)}, key=lambda p: int(p.split("-")[-1]))
        held.update(people[: round(len(people) * VALIDATION_SHARE)])
    return np.array([kermany_patient(n) in (held if kermany_label(n) == 0 else test_people) for n in train_names])


def split_kermany(folder: Path) -> tuple[Images, Images]:
    """The published training split, cut into what is fitted and what validates."""
    images = load_kermany(folder, "train")
    held = kermany_validation(images.names, [file.name for file in kermany_files(folder, "test")])
    return images.take(np.flatnonzero(~held)), images.take(np.flatnonzero(held))


def block_split(count: int) -> np.ndarray:
    """0 train, 1 validation, 2 test for `count` files in order, in runs of BLOCK_FILES: of 5 runs, 3, 1 and 1."""
    return np.array([0, 0, 1, 0, 2])[(np.arange(count) // BLOCK_FILES) % 5]


def load_mednist(folder: Path) -> tuple[Images, Images, Images]:
    """MedNIST, 64x64, as train, validation and test."""
    files, labels, parts = [], [], []
    for name, label in BODY_PARTS.items():
        found = sorted((folder / "mednist" / name).glob("*.jpeg"))
        files += found
        labels += [label] * len(found)
        parts.append(block_split(len(found)))
    images, part = load(files, labels), np.concatenate(parts)
    train, validation, test = (images.take(np.flatnonzero(part == k)) for k in range(3))
    return train, validation, test


def load_busi(folder: Path) -> tuple[Images, Images]:
    """Breast ultrasound, 256x256, as train (even files) and test (odd files): every label is "none of these".

    A test image that is the same as a training image (the set has duplicates) is left out.
    """
    files = sorted((folder / "busi").glob("*/*.png"))
    images = load(files, [NONE_PART] * len(files))
    train, odd = images.take(np.arange(0, len(files), 2)), images.take(np.arange(1, len(files), 2))
    known = {image.tobytes() for image in train.pixels}
    return train, odd.take(np.flatnonzero([image.tobytes() not in known for image in odd.pixels]))
