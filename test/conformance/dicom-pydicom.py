"""Reads each DICOM file that a line of standard input names, with pydicom, and prints its attributes as one line of JSON.

A line is {"path", "attributes"} or {"path", "error"}; an attribute is [VR, values], bytes being {"length", "sha1"}.
"""

import hashlib
import json
import sys
import warnings

import pydicom
import pydicom.dataelem
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE


def no_private_dictionary(tag, creator=None):
    raise KeyError(tag)


# The vendors' private attributes that pydicom knows are no part of the standard.
pydicom.dataelem.private_dictionary_VR = no_private_dictionary


def scalar(value, vr):
    if isinstance(value, PersonName):
        return [*(group.rstrip(" \0") for group in value.components), "", "", ""][:3]
    if isinstance(value, pydicom.tag.BaseTag) or vr == "AT":
        return f"{int(value):08X}"
    if isinstance(value, (bytes, bytearray)):
        return {"length": len(value), "sha1": hashlib.sha1(value).hexdigest()}
    if vr in ("DS", "IS") and value not in (None, ""):
        return float(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)
    return value.rstrip(" \0") if isinstance(value, str) else value


def values(element):
    if element.VR == "SQ":
        return [attributes(item) for item in element.value]
    value = element.value
    if value is None or value == "" or value == b"":
        return []
    items = list(value) if isinstance(value, (MultiValue, list)) else [value]
    return [scalar(item, element.VR) for item in items]


def attributes(data_set):
    # Group lengths are dropped by the reader under test.
    return {f"{int(e.tag):08X}": [e.VR, values(e)] for e in data_set if e.tag.element != 0}


def read(path):
    data_set = pydicom.dcmread(path, force=True)
    data_set.decode()
    correct_ambiguous_vr(data_set, data_set.is_little_endian)
    return attributes(data_set)


for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        answer = {"path": path, "attributes": read(path)}
    except Exception as error:  # whatever pydicom throws, the file is one that it does not read
        answer = {"path": path, "error": type(error).__name__}
    sys.stdout.write(json.dumps(answer) + "\n")
