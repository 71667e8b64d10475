"""Scores a finished package on its test images, once: writes the figures into the card and a report.

    python3 evaluate.py cxr-pneumonia|body-part DATA_FOLDER WORK_FOLDER MODELS_FOLDER

Reads the test images that nothing else reads. Nothing is chosen here: temperature, thresholds and gate come from the card.
"""

import argparse
import json
import platform
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

import reports
import train_body_part
import train_cxr
from calibrate import bootstrap, calibration_error, softmax
from cards import Card
from data import CXR_PART, load_busi, load_kermany, load_mednist, split_kermany
from nets import Package
from preprocess import to_tensor
from synthetic import synthetic_images
from training_loop import predict
from volumes import volume_slices

TEST_SET = "Kermany published test split"
UNSEEN_SEED = 77_003
Figures = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=["cxr-pneumonia", "body-part"])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("models", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(2)
    file = options.models / options.model / "card.json"
    card = json.loads(file.read_text())
    figures = evaluate_cxr(options, card) if options.model == "cxr-pneumonia" else evaluate_body_part(options, card)
    figures |= surroundings(options.work, options.model)
    (options.work / f"{options.model}-figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    card["metrics"] = figures["metrics"]
    file.write_text(json.dumps(card, indent=2) + "\n")
    report = Path(__file__).parent / "reports" / f"{options.model}.md"
    report.parent.mkdir(exist_ok=True)
    report.write_text(reports.cxr_report(card, figures) if options.model == "cxr-pneumonia" else reports.body_part_report(card, figures))


def evaluate_cxr(options: argparse.Namespace, card: Card) -> Figures:
    """Every figure of the pneumonia report."""
    package = torch.load(options.work / "cxr-pneumonia.pt").eval()
    test = load_kermany(options.data, "test")
    logits, _, ood = predict(package, train_cxr.prepare(test))
    figures = pneumonia_figures(logits, test.labels, card)
    figures["ood_refused"] = float(np.mean(ood > card["out_of_distribution"]["threshold"]))
    _, validation = split_kermany(options.data)
    figures["validation"] = {
        name: pneumonia_figures(predict(package, inputs)[0], validation.labels, card)
        for name, inputs in (("clean", train_cxr.prepare(validation)), ("perturbed", train_cxr.perturb(validation)))
    }
    return figures


def pneumonia_figures(logits: np.ndarray, labels: np.ndarray, card: Card) -> Figures:
    """Discrimination, operating point and calibration of the pneumonia finding, with bootstrap intervals."""
    temperature, threshold = card["calibration"]["temperature"], card["findings"][0]["threshold"]
    classes = softmax(logits, temperature)
    score, raw, ill = 1 - classes[:, 0], 1 - softmax(logits)[:, 0], labels > 0
    said = score >= threshold
    bacterial = classes[:, 1] / (classes[:, 1] + classes[:, 2])
    measures = {
        "auc": (lambda i: roc_auc_score(ill[i], score[i]), ill),
        "accuracy": (lambda i: float(np.mean(said[i] == ill[i])), ill),
        "sensitivity": (lambda i: float(np.mean(said[i][ill[i]])), ill),
        "specificity": (lambda i: float(np.mean(~said[i][~ill[i]])), ill),
        "bacterial_vs_viral_auc": (lambda i: roc_auc_score(labels[i][ill[i]] == 1, bacterial[i][ill[i]]), labels),
    }
    every = np.arange(len(labels))
    metrics = []
    for name, (measure, groups) in measures.items():
        interval = [round(v, 4) for v in bootstrap(measure, groups)]
        count = int({"sensitivity": ill.sum(), "specificity": (~ill).sum(), "bacterial_vs_viral_auc": ill.sum()}.get(name, len(ill)))
        metrics.append({"name": name, "value": round(float(measure(every)), 4), "ci95": interval, "dataset": TEST_SET, "n": count})
    table = [[int(np.sum(said[labels == k])), int(np.sum(~said[labels == k]))] for k in range(3)]
    error = {"before": calibration_error(raw, ill), "after": calibration_error(score, ill)}
    for name, value in error.items():
        entry = {"name": f"calibration_error_{name}_temperature", "value": round(value, 4), "ci95": None}
        metrics.append(entry | {"dataset": TEST_SET, "n": len(ill)})
    return {"metrics": metrics, "calibration_error": error, "flagged_and_not": table}


def evaluate_body_part(options: argparse.Namespace, card: Card) -> Figures:
    """Accuracy on held-out MedNIST, and what the two models together let through to the pneumonia score."""
    package = torch.load(options.work / "body-part.pt").eval()
    _, _, mednist = load_mednist(options.data)
    logits, _, _ = predict(package, train_body_part.prepare(mednist.pixels))
    right = logits.argmax(axis=1) == mednist.labels
    interval = [round(v, 4) for v in bootstrap(lambda i: float(right[i].mean()), mednist.labels)]
    accuracy = {"name": "accuracy", "value": round(float(right.mean()), 4), "ci95": interval}
    _, busi = load_busi(options.data)
    other = mednist.labels != CXR_PART
    children = load_kermany(options.data, "test").pixels
    sets = {
        "MedNIST held out, not chest radiographs": list(mednist.pixels[other]),
        "Breast ultrasound, held out": list(busi.pixels),
        "Brain MR slices, never seen": volume_slices(options.data / "meshnet-brain" / "t1_crop.nii.gz"),
        "Made-up images, other random numbers": list(synthetic_images(UNSEEN_SEED, 900, 128)),
        "Kermany test inverted": [255 - p for p in children],
        "Kermany test upside down": [p[::-1, ::-1] for p in children],
        "Kermany test": list(children),
        "MedNIST held out, adult chest radiographs": list(mednist.pixels[~other]),
    }
    refusals = {name: refused(options, card, package, images) for name, images in sets.items()}
    metrics = [accuracy | {"dataset": "MedNIST held-out blocks", "n": len(right)}]
    for name, rates in refusals.items():
        entry = {"name": "refused_by_gate_or_ood", "value": round(rates["either"], 4), "ci95": None}
        metrics.append(entry | {"dataset": name, "n": rates["count"]})
    table = [[int(np.sum(logits[mednist.labels == k].argmax(axis=1) == j)) for j in range(7)] for k in range(6)]
    return {"metrics": metrics, "refusals": refusals, "confusion": table}


def refused(options: argparse.Namespace, card: Card, package: Package, images: list[np.ndarray]) -> dict[str, float]:
    """Shares of `images` that the gate, the pneumonia model's own score, or either of them refuses."""
    cxr_card = json.loads((options.models / "cxr-pneumonia" / "card.json").read_text())
    pneumonia = torch.load(options.work / "cxr-pneumonia.pt").eval()
    logits, _, own_ood = predict(package, np.stack([to_tensor(image, train_body_part.SIZE) for image in images]))
    probability = softmax(logits, card["calibration"]["temperature"])[:, CXR_PART]
    gate = probability < cxr_card["accepts"]["gate"]["min_probability"]
    _, _, ood = predict(pneumonia, np.stack([to_tensor(image, train_cxr.SIZE) for image in images]))
    far = ood > cxr_card["out_of_distribution"]["threshold"]
    own = own_ood > card["out_of_distribution"]["threshold"]
    shares = {"gate": gate, "gate_ood": own, "pneumonia_ood": far, "either": gate | far, "any": gate | far | own}
    return {"count": len(images)} | {name: float(np.mean(flags)) for name, flags in shares.items()}


def surroundings(work: Path, model: str) -> Figures:
    """Software versions, and the speed in onnxruntime if `measure-onnx.mjs` left it in the work folder."""
    measured = work / f"{model}-onnxruntime.json"
    software = f"Python {platform.python_version()}, PyTorch {torch.__version__}, NumPy {np.__version__}"
    return {"onnxruntime": json.loads(measured.read_text()) if measured.exists() else None, "software": software}


if __name__ == "__main__":
    main()
