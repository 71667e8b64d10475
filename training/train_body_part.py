"""Trains the body-part model: six classes and "none of these", taught by outlier exposure.

    python3 train_body_part.py DATA_FOLDER WORK_FOLDER --seed 1 --epochs 14
"""

import argparse
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from augment import Augmenter
from data import BODY_PART_CLASSES, CXR_PART, NONE_PART, Images, load_busi, load_mednist, split_kermany
from nets import body_part_net
from preprocess import standardize, stretch
from synthetic import misused, synthetic_images
from training_loop import BATCH, balanced_epoch, fit, predict, seed_everything

SIZE = 64
EPOCH_IMAGES = 9600
PERTURBATION, PERTURBATION_SEED = 0.5, 10_009
SYNTHETIC_IMAGES, MISUSED_IMAGES = 3600, 1600
# Shares of an epoch: the six MedNIST classes in order, Kermany, ultrasound, synthetic, misused.
STRATUM_SHARES = [0.1, 0.08, 0.12, 0.1, 0.1, 0.1, 0.16, 0.08, 0.1, 0.06]
KERMANY_STRATUM, BUSI_STRATUM, SYNTHETIC_STRATUM, MISUSED_STRATUM = 6, 7, 8, 9


@dataclass
class Stratum:
    """Images of one source at the model's input size, uint8 [n, SIZE, SIZE], all of class `label`."""

    pixels: np.ndarray
    label: int
    stratum: int


def shrink(pixels: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Larger images to the input size; with `rng`, through JPEG as MedNIST went, so that its traces tell no class."""
    small = np.stack([stretch(image, SIZE, SIZE).round().clip(0, 255) for image in pixels]).astype(np.uint8)
    if rng is None:
        return small
    return np.stack([recompress(image, int(rng.integers(60, 98))) for image in small])


def recompress(image: np.ndarray, quality: int) -> np.ndarray:
    """uint8 [h, w] through lossy JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def strata(mednist: Images, kermany: Images, busi: Images, seed: int, share: float) -> list[Stratum]:
    """All sources of one split; `share` scales how many negatives are made up."""
    rng = np.random.default_rng(seed)
    parts = [Stratum(mednist.pixels[mednist.labels == k], k, k) for k in range(NONE_PART)]
    radiographs = shrink(kermany.pixels, rng)
    parts.append(Stratum(radiographs, CXR_PART, KERMANY_STRATUM))
    parts.append(Stratum(shrink(busi.pixels, rng), NONE_PART, BUSI_STRATUM))
    made = synthetic_images(seed, int(SYNTHETIC_IMAGES * share), SIZE)
    parts.append(Stratum(np.stack([recompress(i, int(rng.integers(60, 98))) for i in made]), NONE_PART, SYNTHETIC_STRATUM))
    sources = np.concatenate([radiographs, parts[CXR_PART].pixels, parts[CXR_PART].pixels])
    chosen = sources[rng.choice(len(sources), int(MISUSED_IMAGES * share), replace=False)]
    parts.append(Stratum(misused(rng, chosen), NONE_PART, MISUSED_STRATUM))
    return parts


def body_part_sets(data: Path) -> tuple[list[Stratum], list[Stratum]]:
    """Fitted and validating strata. Ultrasound validates nothing: its other half is for the test."""
    train, validation, _ = load_mednist(data)
    kermany_train, kermany_validation = split_kermany(data)
    busi, _ = load_busi(data)
    fitted = strata(train, kermany_train, busi.take(np.arange(len(busi)) % 4 != 3), 11, 1.0)
    return fitted, strata(validation, kermany_validation, busi.take(np.arange(3, len(busi), 4)), 12, 0.2)


def joined(parts: list[Stratum]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels, labels and strata of all parts in one row."""
    counts = [len(part.pixels) for part in parts]
    return (
        np.concatenate([part.pixels for part in parts]),
        np.repeat([part.label for part in parts], counts),
        np.repeat([part.stratum for part in parts], counts),
    )


def prepare(pixels: np.ndarray) -> np.ndarray:
    """Model inputs by the card's preprocessing, float32 [n, 1, SIZE, SIZE]."""
    return np.stack([standardize(stretch(p / 255.0, SIZE, SIZE)) for p in pixels]).astype(np.float32)[:, None]


def perturb(pixels: np.ndarray) -> np.ndarray:
    """Model inputs after one random acquisition change each."""
    augmenter = Augmenter(pixels, SIZE, PERTURBATION_SEED, PERTURBATION)
    return torch.cat([augmenter(part) for part in np.array_split(np.arange(len(pixels)), max(1, len(pixels) // BATCH))]).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    seed_everything(options.seed, options.threads)
    fitted, validating = body_part_sets(options.data)
    pixels, labels, groups = joined(fitted)
    held_pixels, held_labels, held_groups = joined(validating)
    held = prepare(held_pixels)
    print(f"{len(labels)} images to fit {np.bincount(groups)}, {len(held)} to validate {np.bincount(held_groups)}")
    augmenter = Augmenter(pixels, SIZE, options.seed)
    rng = np.random.default_rng(options.seed)

    def epochs(_: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = balanced_epoch(rng, groups, STRATUM_SHARES, EPOCH_IMAGES)
        for start in range(0, EPOCH_IMAGES, BATCH):
            index = order[start : start + BATCH]
            yield augmenter(index), torch.from_numpy(labels[index])

    def report(_: int, net: nn.Module) -> str:
        right = predict(net, held)[0].argmax(axis=1) == held_labels
        return " ".join(f"{right[held_groups == k].mean():.3f}" for k in range(len(STRATUM_SHARES)))

    net = fit(body_part_net(len(BODY_PART_CLASSES)), epochs, EPOCH_IMAGES // BATCH, options.epochs, 3e-3, 0.02, report)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), options.work / f"body-part-{options.seed}.pt")


if __name__ == "__main__":
    main()
