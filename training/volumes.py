"""Slices of a NIfTI volume: images of a kind that no model here was fitted to."""

import gzip
from pathlib import Path

import numpy as np

# Voxel types of the NIfTI-1 header that the reader knows.
VOXEL_TYPES = {2: np.uint8, 4: np.int16, 8: np.int32, 16: np.float32, 64: np.float64, 512: np.uint16}
# A slice counts when at least this share of it is brighter than a tenth of the display range.
LEAST_CONTENT = 0.05


def read_nifti(file: Path) -> np.ndarray:
    """The voxels of a little-endian NIfTI-1 file, [x, y, z]."""
    data = gzip.decompress(file.read_bytes())
    shape = np.frombuffer(data, "<i2", 8, 40)[1:4]
    voxels = VOXEL_TYPES[int(np.frombuffer(data, "<i2", 1, 70)[0])]
    offset = int(np.frombuffer(data, "<f4", 1, 108)[0])
    return np.frombuffer(data, voxels, int(np.prod(shape)), offset).reshape(shape, order="F")


def volume_slices(file: Path) -> list[np.ndarray]:
    """Slices with content along all three axes, uint8, both ways up; display range 0 to the 99.5th percentile."""
    volume = read_nifti(file).astype(np.float64)
    gray = (np.clip(volume / np.percentile(volume, 99.5), 0, 1) * 255).round().astype(np.uint8)
    slices = []
    for axis in range(3):
        for index in range(gray.shape[axis]):
            image = np.take(gray, index, axis)
            if np.mean(image > 25) >= LEAST_CONTENT:
                slices += [image, np.rot90(image)]
    return slices
