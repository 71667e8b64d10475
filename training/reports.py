"""Writes the figures of a package as a page of Markdown."""

import datetime

from cards import Card

MACHINE = "2-core x86-64 CPU, shared with other work while it measured; no GPU"
# Measures that have an interval and stand in the tables; calibration errors have their own sentence.
MEASURES = 5
SUBTYPES = ("Normal", "Bacterial pneumonia", "Viral pneumonia")


def percent(value: float) -> str:
    """A share in words."""
    return f"{100 * value:.2f} %"


def head(card: Card, figures: dict) -> list[str]:
    """Title, and what was measured on what."""
    lines = [
        f"# {card['title']}: `{card['id']}` {card['version']}",
        "",
        "Written by `training/evaluate.py`; nothing on this page was used to choose anything.",
        "",
        f"- Date: {datetime.date.today().isoformat()}",
        f"- Machine: {MACHINE}",
        f"- Software: {figures['software']}",
        f"- Graph: sha256 `{card['provenance']['onnx_sha256']}`, seed {card['provenance']['seed']}",
        f"- Time an image, one thread, batch of 1: {speed_words(figures)}",
        "",
    ]
    return lines


def speed_words(figures: dict) -> str:
    """How long one image takes."""
    o = figures["onnxruntime"]
    if o is None:
        return "not measured"
    return f"{o['median_ms']:.1f} ms median, {o['fastest_ms']:.1f} ms fastest of {o['runs']}, onnxruntime-node {o['version']}"


def metric_rows(metrics: list[dict]) -> list[str]:
    """A table of measures with their intervals."""
    rows = ["| measure | value | 95 % interval | images |", "| --- | --- | --- | --- |"]
    for m in metrics:
        interval = f"{m['ci95'][0]:.3f} to {m['ci95'][1]:.3f}" if m["ci95"] else "–"
        rows.append(f"| {m['name'].replace('_', ' ')} | {m['value']:.3f} | {interval} | {m['n']} |")
    return rows


def cxr_report(card: Card, figures: dict) -> str:
    """The page of the pneumonia model."""
    threshold, temperature = card["findings"][0]["threshold"], card["calibration"]["temperature"]
    lines = head(card, figures) + ["## Published test split", ""] + metric_rows(figures["metrics"][:MEASURES]) + [
        "",
        "Intervals: percentile bootstrap, 2000 resamples of images within each class. Children with several images count once an image,",
        "so the intervals are somewhat too narrow.",
        "",
        f"Flagged as pneumonia (calibrated probability of at least {threshold}):",
        "",
        "| truth | flagged | not flagged |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {name} | {a} | {b} |" for name, (a, b) in zip(SUBTYPES, figures["flagged_and_not"])]
    error = figures["calibration_error"]
    lines += [
        "",
        f"Expected calibration error of the pneumonia probability (10 bins): {error['before']:.3f} before, {error['after']:.3f} after",
        f"temperature scaling (T = {temperature}, fitted on validation images, clean and perturbed).",
        "",
        f"Refused by the out-of-distribution score alone (threshold {card['out_of_distribution']['threshold']}): "
        f"{percent(figures['ood_refused'])} of the test images.",
        "",
        "## Validation split, for comparison",
        "",
        "Training images kept out of the fit by patient number (see the README). *Perturbed*: after one random change of tone, geometry,",
        "texture and markings each.",
        "",
        "| set | AUC | accuracy | sensitivity | specificity | bacterial vs viral AUC | ECE before, after |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, part in figures["validation"].items():
        values = " | ".join(f"{m['value']:.3f}" for m in part["metrics"][:MEASURES])
        error = part["calibration_error"]
        lines.append(f"| {name} | {values} | {error['before']:.3f}, {error['after']:.3f} |")
    lines += [
        "",
        "## Not measured",
        "",
        "Other hospitals, other ages, lateral views, agreement of the activation map with the extent of disease (the data have no",
        "outlines), patient-wise figures (the published split does not say which images of its two parts share a child).",
        "",
    ]
    return "\n".join(lines)


def body_part_report(card: Card, figures: dict) -> str:
    """The page of the body-part model and of the two models as one gate."""
    names = [label["title"] for label in card["labels"]]
    lines = head(card, figures) + ["## Six classes, MedNIST held-out blocks", ""] + metric_rows(figures["metrics"][:1]) + [
        "",
        "Rows: truth. Columns: answer.",
        "",
        "| | " + " | ".join(names) + " |",
        "| --- |" + " --- |" * len(names),
    ]
    lines += [f"| {name} | " + " | ".join(map(str, row)) + " |" for name, row in zip(names, figures["confusion"])]
    lines += [
        "",
        "## What the path to the pneumonia score refuses",
        "",
        "*Gate*: the calibrated probability of a chest radiograph is below the minimum in the pneumonia model's card.",
        "*Pneumonia OOD*: that model's own out-of-distribution score is above its threshold. *Refused*: either of the two.",
        "The last column adds this model's own out-of-distribution score.",
        "",
        "| images | count | gate | pneumonia OOD | **refused** | with body-part OOD too |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, r in figures["refusals"].items():
        shares = (percent(r["gate"]), percent(r["pneumonia_ood"]), f"**{percent(r['either'])}**", percent(r["any"]))
        lines.append(f"| {name} | {r['count']} | " + " | ".join(shares) + " |")
    lines += [
        "",
        "Breast ultrasound: the even files of each folder were used in training (as outliers), the odd ones are counted here.",
        "Neighboring files may be of one patient. Brain MR: all slices with content of one volume along three axes, each also turned",
        "by 90 degrees; nothing like them was in training. Inverted and upside-down radiographs of other children were in training as",
        "'none of these'. The adult radiographs pass as chest radiographs, as they should: the card's age limits refuse them.",
        "",
    ]
    return "\n".join(lines)
