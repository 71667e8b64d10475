#!/bin/sh
# Reproduces both model packages and their reports: training/run.sh [DATA_FOLDER] [WORK_FOLDER]
# About a quarter of an hour on two idle cores. Needs the Debian packages of packages.txt; PYTHON names another interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:-$here/../../shared/data}" && pwd)
work=${2:-${TMPDIR:-/tmp}/isocenter-training}
models=$here/../models
python=${PYTHON:-/usr/bin/python3}
mkdir -p "$work"
# Threads that wait for each other sleep: on a busy machine spinning ones cost more than they win.
export OMP_WAIT_POLICY=passive
cd "$here"

"$python" train_body_part.py "$data" "$work" --seed 2 --epochs 14 --threads 2
"$python" export.py body-part "$data" "$work" "$models" body-part-2.pt

"$python" train_cxr.py "$data" "$work" --member plain --seed 1 --epochs 16 --threads 2
"$python" train_cxr.py "$data" "$work" --member contrast --seed 3 --epochs 4 --start cxr-plain-1.pt --threads 2
"$python" export.py cxr-pneumonia "$data" "$work" "$models" cxr-plain-1.pt cxr-contrast-3.pt

# The speed in onnxruntime goes into the reports where the project's packages are installed.
node=$here/../node_modules/.bin/node
for model in body-part cxr-pneumonia; do
  if [ -x "$node" ]; then "$node" measure-onnx.mjs "$models/$model" "$work/$model-onnxruntime.json"; fi
  "$python" evaluate.py "$model" "$data" "$work" "$models"
done
