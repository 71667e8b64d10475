"""Numbers about scores: temperature, calibration error, bootstrap intervals, feature distances."""

from collections.abc import Callable

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from sklearn.covariance import ledoit_wolf
from torch import Tensor

from nets import Package

BINS = 10
BOOTSTRAPS = 2000


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Class probabilities [n, classes]."""
    scaled = logits.astype(np.float64) / temperature
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature of least negative log likelihood; every class counts the same, however many images it has."""
    weights = 1 / np.bincount(labels)[labels]

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits, float(np.exp(log_temperature)))[np.arange(len(labels)), labels]
        return -float(np.sum(weights * np.log(chosen + 1e-12)))

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def calibration_error(probability: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error of a binary probability over BINS equally wide bins."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = (abs(probability[bins == b].mean() - truth[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins))
    return float(sum(gaps))


def bootstrap(metric: Callable[[np.ndarray], float], truth: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """95 % percentile interval of `metric(index)`, resampled within each value of `truth`."""
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(truth == value) for value in np.unique(truth)]
    values = [metric(np.concatenate([rng.choice(g, len(g)) for g in groups])) for _ in range(BOOTSTRAPS)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def fit_distances(package: Package, images: np.ndarray, labels: np.ndarray, batch: int = 64) -> None:
    """Sets the class centers and the shared whitening of every member from the images it was fitted to."""
    classes = np.unique(labels)
    for index, member in enumerate(package.members):
        features = []
        with torch.no_grad():
            for start in range(0, len(images), batch):
                inputs = torch.from_numpy(images[start : start + batch]).contiguous(memory_format=torch.channels_last)
                features.append(Package.pooled(member.stage_outputs(inputs)).double())
        pooled = torch.cat(features).numpy()
        centers = np.stack([pooled[labels == c].mean(axis=0) for c in classes])
        rest = pooled - centers[np.searchsorted(classes, labels)]
        scale = rest.std(axis=0) + 1e-9
        covariance, _ = ledoit_wolf(rest / scale, assume_centered=True)
        values, vectors = np.linalg.eigh(covariance)
        whitening = vectors / np.sqrt(np.maximum(values, 1e-6)) / scale[:, None]
        set_buffer(package, f"centers_{index}", torch.from_numpy(centers))
        set_buffer(package, f"whitening_{index}", torch.from_numpy(whitening))


def set_buffer(package: Package, name: str, value: Tensor) -> None:
    """Replaces a buffer by float32 values, whatever its shape was."""
    package.register_buffer(name, value.float().contiguous())
