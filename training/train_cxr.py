"""Trains the members of the pneumonia model. One run of this file trains one member and saves its averaged weights.

    python3 train_cxr.py DATA_FOLDER WORK_FOLDER --member plain --seed 1 --epochs 16
    python3 train_cxr.py DATA_FOLDER WORK_FOLDER --member contrast --seed 3 --epochs 4 --start cxr-plain-1.pt
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from augment import Augmenter
from data import Images, split_kermany
from nets import cxr_net
from preprocess import standardize, stretch
from training_loop import BATCH, balanced_epoch, fit, predict, seed_everything

SIZE = 160
EPOCH_IMAGES = 4800
# Greatest learning rate from random weights, and from trained ones.
RATE, FINE_RATE = 2e-3, 1e-3
# Half normal, half pneumonia: the network's 0.5 then means even evidence, whatever the mix in the training set was.
CLASS_SHARES = [0.5, 0.25, 0.25]
# How hard the perturbed validation set is, as a share of the training strength; it has its own random numbers.
PERTURBATION, PERTURBATION_SEED = 0.6, 10_007


def prepare(images: Images, size: int = SIZE) -> np.ndarray:
    """Model inputs by the card's preprocessing, float32 [n, 1, size, size]."""
    return np.stack([standardize(stretch(p / 255.0, size, size)) for p in images.pixels]).astype(np.float32)[:, None]


def perturb(images: Images, size: int = SIZE) -> np.ndarray:
    """Model inputs after one random acquisition change each: the stand-in for another hospital."""
    augmenter = Augmenter(images.pixels, size, PERTURBATION_SEED, PERTURBATION)
    parts = [augmenter(part) for part in np.array_split(np.arange(len(images)), max(1, len(images) // BATCH))]
    return torch.cat(parts).numpy()


def pneumonia_probability(logits: np.ndarray) -> np.ndarray:
    """Bacterial plus viral probability, [n]."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return 1 - shifted[:, 0] / shifted.sum(axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--member", choices=["plain", "contrast"], required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--start", help="weights in the work folder to start from, in place of random ones")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    seed_everything(options.seed, options.threads)
    train, validation = split_kermany(options.data)
    print(f"{len(train)} images to fit {np.bincount(train.labels)}, {len(validation)} to validate {np.bincount(validation.labels)}")
    clean, perturbed = prepare(validation), perturb(validation)
    augmenter = Augmenter(train.pixels, SIZE, options.seed)
    rng = np.random.default_rng(options.seed)

    def epochs(_: int) -> Iterator[tuple[Tensor, Tensor]]:
        order = balanced_epoch(rng, train.labels, CLASS_SHARES, EPOCH_IMAGES)
        for start in range(0, EPOCH_IMAGES, BATCH):
            index = order[start : start + BATCH]
            yield augmenter(index), torch.from_numpy(train.labels[index])

    def report(epoch: int, net: nn.Module) -> str:
        if epoch % 3 != 2 and epoch != options.epochs - 1:
            return ""
        ill, words = validation.labels > 0, []
        for name, inputs in (("clean", clean), ("perturbed", perturbed)):
            p = pneumonia_probability(predict(net, inputs)[0])
            words.append(f"{name}: auc {roc_auc_score(ill, p):.4f} sens {np.mean(p[ill] > 0.5):.3f} spec {np.mean(p[~ill] <= 0.5):.3f}")
        return "; ".join(words)

    net = cxr_net(options.member == "contrast")
    if options.start:
        net.load_state_dict(torch.load(options.work / options.start))
    net = fit(net, epochs, EPOCH_IMAGES // BATCH, options.epochs, FINE_RATE if options.start else RATE, 0.05, report)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), options.work / f"cxr-{options.member}-{options.seed}.pt")


if __name__ == "__main__":
    main()
