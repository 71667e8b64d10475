"""From a grayscale image to the tensor a model reads.

The server implements the same arithmetic (`src/inference/preprocess.ts`); the golden cases of each package pin both sides
to the same numbers. An image is a float array [height, width], 0..1 (8-bit value / 255).
"""

from functools import lru_cache

import numpy as np
from PIL import Image

STANDARDIZE_EPSILON = 1e-6


def read_gray(path: str) -> np.ndarray:
    """Reads an image file as uint8 [height, width]."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


@lru_cache(maxsize=4096)
def resampling_matrix(size_in: int, size_out: int) -> np.ndarray:
    """Weights [size_out, size_in] of one axis: area averaging to shrink, half-pixel linear interpolation to enlarge."""
    weights = np.zeros((size_out, size_in))
    scale = size_in / size_out
    for i in range(size_out):
        if scale >= 1:
            start, stop = i * scale, (i + 1) * scale
            for j in range(int(start), min(size_in, int(np.ceil(stop)))):
                weights[i, j] = max(0.0, min(stop, j + 1) - max(start, j))
        else:
            source = min(max((i + 0.5) * scale - 0.5, 0.0), size_in - 1.0)
            low = int(source)
            weights[i, low] += 1 - (source - low)
            weights[i, min(low + 1, size_in - 1)] += source - low
    return weights / weights.sum(axis=1, keepdims=True)


def stretch(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resamples [h, w] to [height, width], each axis on its own, without rounding in between."""
    rows = resampling_matrix(image.shape[0], height)
    columns = resampling_matrix(image.shape[1], width)
    return rows @ image.astype(np.float64) @ columns.T


def standardize(image: np.ndarray) -> np.ndarray:
    """Zero mean and unit (population) standard deviation over all pixels of one image."""
    return (image - image.mean()) / (image.std() + STANDARDIZE_EPSILON)


def to_tensor(gray: np.ndarray, size: int) -> np.ndarray:
    """uint8 [h, w] to the float32 model input [1, size, size]."""
    return standardize(stretch(gray / 255.0, size, size)).astype(np.float32)[None]
