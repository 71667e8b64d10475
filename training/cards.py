"""What the model cards say that is not measured."""

from typing import Any

Card = dict[str, Any]

REGULATORY_STATUS = "Research use. Not a medical device."
VALIDATION_SET = "kermany-train-validation-v1"

KERMANY = {
    "name": "Large Dataset of Labeled OCT and Chest X-Ray Images: pediatric chest X-rays, published training split",
    "licence": "CC-BY-4.0",
    "citation": "Kermany D, Zhang K, Goldbaum M. Mendeley Data, 2018, doi:10.17632/rscbjbr9sj",
}
MEDNIST = {
    "name": "MedNIST (every fourth image)",
    "licence": "CC-BY-SA-4.0",
    "citation": "Bradley J. Erickson, Department of Radiology, Mayo Clinic; distributed by Project MONAI",
}
BUSI = {
    "name": "Breast Ultrasound Images (as outliers)",
    "licence": "CC-BY-4.0",
    "citation": "Al-Dhabyani W, Gomaa M, Khaled H, Fahmy A. Data in Brief 28:104863, 2020, doi:10.1016/j.dib.2019.104863",
}


def source(entry: dict[str, str], count: int) -> Card:
    """One row of `training_data`: how many images of a source the weights were fitted to."""
    return {"name": entry["name"], "count": count, "licence": entry["licence"], "citation": entry["citation"]}


def cxr_card(images: int, gate_probability: float, threshold: float) -> Card:
    """The card of `cxr-pneumonia`, without measured parts."""
    return {
        "id": "cxr-pneumonia",
        "version": "1.0.0",
        "title": "Pneumonia on pediatric chest radiographs",
        "task": "classification",
        "intended_use": "Draws a reader's attention to possible pneumonia on a frontal chest radiograph of a young child. "
        "Every finding is a suggestion that a qualified person confirms or rejects.",
        "population": "Children of 1 to 5 years, Guangzhou Women and Children's Medical Center; frontal radiographs of routine care.",
        "limits": [
            "Trained on one hospital; not evaluated on any other, on adults or on infants.",
            "Knows normal, bacterial and viral pneumonia only; any other disease gets one of these three answers.",
            "Bacterial against viral is far less certain than pneumonia against normal and must not guide antibiotics by itself.",
            "More false alarms than the validation images suggest are to be expected on radiographs of another source.",
            "The activation map shows what raised the score; its agreement with the extent of disease was not measured.",
            "The published training and test images are not proven to be of different children.",
        ],
        "regulatory_status": REGULATORY_STATUS,
        "licence": "CC-BY-4.0",
        "attribution": ["Weights fitted to chest radiographs by Kermany, Zhang and Goldbaum (Mendeley Data rscbjbr9sj), CC BY 4.0."],
        "training_data": [source(KERMANY, images)],
        "metrics": [],
        "accepts": {
            "modalities": ["CR", "DX", "OT"],
            "body_parts": ["CHEST"],
            "views": ["PA", "AP"],
            "age_years": {"min": 1, "max": 5},
            "gate": {"model": "body-part", "label": "cxr", "min_probability": gate_probability},
        },
        "labels": [
            {"id": "normal", "title": "Normal"},
            {"id": "bacterial_pneumonia", "title": "Bacterial pneumonia"},
            {"id": "viral_pneumonia", "title": "Viral pneumonia"},
        ],
        "findings": [
            {"id": "pneumonia", "title": "Pneumonia", "sum_of": ["bacterial_pneumonia", "viral_pneumonia"], "threshold": threshold}
        ],
    }


def body_part_card(mednist: int, kermany: int, busi: int) -> Card:
    """The card of `body-part`, without measured parts."""
    return {
        "id": "body-part",
        "version": "1.0.0",
        "title": "Body part and kind of image",
        "task": "classification",
        "intended_use": "Decides whether an image is a frontal chest radiograph before a model made for chest radiographs reads it. "
        "Makes no finding.",
        "population": "Adults (MedNIST) and children of 1 to 5 years (Kermany), images of 64x64 and 224x224 pixels.",
        "limits": [
            "Tells six kinds of image and 'none of these'; other radiographs than chest and hand were not seen in training.",
            "Lateral chest radiographs are rare in its training data and were not evaluated.",
            "Inverted, lying and upside-down radiographs are trained to be refused as 'none of these'.",
        ],
        "regulatory_status": REGULATORY_STATUS,
        "licence": "CC-BY-SA-4.0",
        "attribution": [
            "Weights fitted to MedNIST by B. J. Erickson (Mayo Clinic) and Project MONAI, CC BY-SA 4.0: same licence for these weights.",
            "Chest radiographs by Kermany, Zhang and Goldbaum (Mendeley Data rscbjbr9sj), CC BY 4.0.",
            "Breast ultrasound by Al-Dhabyani et al. 2020, CC BY 4.0.",
        ],
        "training_data": [source(MEDNIST, mednist), source(KERMANY, kermany), source(BUSI, busi)],
        "metrics": [],
        "accepts": {
            "modalities": "CR DX OT CT MR US MG XA RF RG NM PT SC XC ES GM SM OP IO PX".split(),
            "body_parts": [],
            "views": [],
            "age_years": None,
            "gate": None,
        },
        "labels": [
            {"id": "abdomen_ct", "title": "Abdomen CT"},
            {"id": "breast_mri", "title": "Breast MRI"},
            {"id": "cxr", "title": "Chest radiograph"},
            {"id": "chest_ct", "title": "Chest CT"},
            {"id": "hand", "title": "Hand radiograph"},
            {"id": "head_ct", "title": "Head CT"},
            {"id": "none", "title": "None of these"},
        ],
        "findings": [],
    }
