"""Packs trained members into a model package: graph, card without test figures, golden cases.

    python3 export.py cxr-pneumonia|body-part DATA_FOLDER WORK_FOLDER MODELS_FOLDER MEMBER.pt [MEMBER.pt ...]

Calibration, operating point and out-of-distribution threshold come from the validation split alone; `evaluate.py` adds
the test figures afterwards. `body-part` comes first: its gate is part of the other card.
"""

import argparse
import datetime
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

import train_body_part
import train_cxr
from calibrate import fit_distances, fit_temperature, softmax
from cards import VALIDATION_SET, Card, body_part_card, cxr_card
from data import BODY_PART_CLASSES, CXR_PART, NONE_PART, split_kermany
from golden import write_golden
from nets import Package, ResNet, body_part_net, cxr_net
from training_loop import predict

OPSET = 17
# Declared before any test image is scored: see README, "The operating point".
PNEUMONIA_THRESHOLD = 0.5
# Share of perturbed validation images that the out-of-distribution score may refuse.
REFUSED_SHARE = 0.005
# The gate asks for the greatest of these probabilities that still keeps this share of the validation radiographs.
GATE_KEEPS, GATE_CHOICES = 0.995, (0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=["cxr-pneumonia", "body-part"])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("members", nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(2)
    build, size, recipe = {
        "cxr-pneumonia": (cxr_package, train_cxr.SIZE, "training/train_cxr.py"),
        "body-part": (body_part_package, train_body_part.SIZE, "training/train_body_part.py"),
    }[options.model]
    package, card = build(options.data, options.work, options.members)
    folder = options.models / options.model
    folder.mkdir(parents=True, exist_ok=True)
    package = package.to(memory_format=torch.contiguous_format)
    torch.save(package, options.work / f"{options.model}.pt")
    card["input"] = {"name": "image", "width": size, "height": size, "resize": "stretch", "normalize": {"kind": "standardize"}}
    card["outputs"] = {"logits": "logits", "cam": "cam" if options.model == "cxr-pneumonia" else None, "ood": "ood"}
    write_graph(package, folder / "model.onnx", size, [name for name in card["outputs"].values() if name])
    write_golden(package, folder, size)
    seeds = [int(name.removesuffix(".pt").split("-")[-1]) for name in options.members]
    card["provenance"] = {
        "onnx_sha256": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest(),
        "recipe": recipe,
        "seed": seeds if len(seeds) > 1 else seeds[0],
        "trained_on": datetime.date.today().isoformat(),
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n")


def assemble(nets: list[ResNet], work: Path, members: list[str]) -> Package:
    """The members with their trained weights, in one graph."""
    for net, name in zip(nets, members):
        net.load_state_dict(torch.load(work / name))
    return Package(nets).eval()


def cxr_package(data: Path, work: Path, members: list[str]) -> tuple[Package, Card]:
    """The pneumonia model and its card."""
    train, validation = split_kermany(data)
    package = assemble([cxr_net("contrast" in name) for name in members], work, members)
    fit_distances(package, np.concatenate([train_cxr.prepare(train), train_cxr.perturb(train)]), np.tile(train.labels, 2))
    clean, _, _ = predict(package, train_cxr.prepare(validation))
    hard, _, hard_ood = predict(package, train_cxr.perturb(validation))
    temperature = fit_temperature(np.concatenate([clean, hard]), np.tile(validation.labels, 2))
    gate = json.loads((work / "gate.json").read_text())
    card = cxr_card(len(train), gate["min_probability"], PNEUMONIA_THRESHOLD)
    ill = validation.labels > 0
    for name, logits in (("auc_validation", clean), ("auc_validation_perturbed", hard)):
        value = roc_auc_score(ill, 1 - softmax(logits, temperature)[:, 0])
        card["metrics"].append({"name": name, "value": round(value, 4), "ci95": None, "dataset": VALIDATION_SET, "n": len(ill)})
    finish(card, temperature, VALIDATION_SET, hard_ood)
    return package, card


def body_part_package(data: Path, work: Path, members: list[str]) -> tuple[Package, Card]:
    """The body-part model and its card; leaves the gate's probability in the work folder."""
    fitted, validating = train_body_part.body_part_sets(data)
    package = assemble([body_part_net(len(BODY_PART_CLASSES)) for _ in members], work, members)
    pixels, labels, _ = train_body_part.joined([part for part in fitted if part.label != NONE_PART])
    fit_distances(package, np.concatenate([train_body_part.prepare(pixels), train_body_part.perturb(pixels)]), np.tile(labels, 2))
    pixels, labels, strata = train_body_part.joined(validating)
    logits, _, _ = predict(package, train_body_part.prepare(pixels))
    temperature = fit_temperature(logits, labels)
    certain = softmax(logits, temperature)[labels == CXR_PART, CXR_PART]
    kept = [p for p in GATE_CHOICES if np.mean(certain >= p) >= GATE_KEEPS]
    gate = {"min_probability": max(kept, default=min(GATE_CHOICES))}
    (work / "gate.json").write_text(json.dumps(gate))
    _, _, hard_ood = predict(package, train_body_part.perturb(pixels[labels != NONE_PART]))
    _, counts = np.unique(train_body_part.joined(fitted)[2], return_counts=True)
    card = body_part_card(int(counts[:6].sum()), int(counts[6]), int(counts[7]))
    right = float(np.mean(logits.argmax(axis=1) == labels))
    name = "mednist-kermany-validation-v1"
    card["metrics"].append({"name": "accuracy_validation", "value": round(right, 4), "ci95": None, "dataset": name, "n": len(labels)})
    finish(card, temperature, name, hard_ood)
    return package, card


def finish(card: Card, temperature: float, validation: str, hard_ood: np.ndarray) -> None:
    """Enters what was chosen on validation images."""
    card["calibration"] = {"temperature": round(temperature, 4), "set": validation}
    card["out_of_distribution"] = {"threshold": round(float(np.quantile(hard_ood, 1 - REFUSED_SHARE)), 4), "direction": "above"}


def write_graph(package: Package, file: Path, size: int, outputs: list[str]) -> None:
    """Exports the ONNX graph with a free batch size; the map is left out where the card does not name it."""
    graph = package if "cam" in outputs else WithoutMap(package)
    names = {name: {0: "n"} for name in ["image", *outputs]}
    example = torch.zeros(2, 1, size, size)
    options = {"input_names": ["image"], "output_names": outputs, "dynamic_axes": names, "opset_version": OPSET}
    torch.onnx.export(graph.eval(), example, str(file), **options)


class WithoutMap(torch.nn.Module):
    """A package that hands out logits and out-of-distribution score only."""

    def __init__(self, package: Package) -> None:
        super().__init__()
        self.package = package

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, _, ood = self.package(image)
        return logits, ood


if __name__ == "__main__":
    main()
