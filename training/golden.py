"""Golden cases: inputs and the numbers they must give, to hold any other runtime and preprocessing to."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from nets import Package
from preprocess import read_gray, to_tensor
from synthetic import power_noise, shapes

TOLERANCE = 1e-3
SEED = 2_026


def golden_images(size: int) -> dict[str, np.ndarray]:
    """Made-up inputs by name, 0..1: smaller than the model's input, larger, wider and taller than high."""
    rng = np.random.default_rng(SEED)
    small, large = size * 5 // 8, size * 19 // 8
    return {
        "noise-1": power_noise(rng, small),
        "noise-2": power_noise(rng, large),
        "shapes-1": shapes(rng, large)[: large // 2],
        "shapes-2": shapes(rng, large)[:, : small + 3],
        "ellipses-1": ellipses(size * 3),
    }


def ellipses(size: int) -> np.ndarray:
    """Two dark ellipses in a bright one: as near to a chest as a golden case may come."""
    y, x = np.mgrid[:size, :size] / size - 0.5
    image = 0.75 * ((x / 0.45) ** 2 + (y / 0.6) ** 2 < 1)
    for center in (-0.17, 0.17):
        image = image - 0.5 * (((x - center) / 0.12) ** 2 + ((y + 0.02) / 0.3) ** 2 < 1)
    return np.clip(image + 0.05 * np.sin(60 * y), 0, 1)


def write_golden(package: Package, folder: Path, size: int) -> None:
    """Writes the inputs as 8-bit PNG, and what the float32 network says of them."""
    (folder / "golden").mkdir(parents=True, exist_ok=True)
    cases = []
    for name, image in golden_images(size).items():
        file = f"golden/{name}.png"
        Image.fromarray((image * 255).round().astype(np.uint8)).save(folder / file)
        tensor = torch.from_numpy(to_tensor(read_gray(str(folder / file)), size))[None]
        with torch.no_grad():
            logits, _, ood = package(tensor)
        expected = {"logits": [round(v, 6) for v in logits[0].tolist()], "ood": round(ood.item(), 6)}
        cases.append({"file": file} | expected | {"tolerance": TOLERANCE})
    (folder / "golden.json").write_text(json.dumps(cases, indent=2) + "\n")
