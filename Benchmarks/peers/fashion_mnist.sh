#!/usr/bin/env bash
# Fashion-MNIST with the plain recipe: 784-256-128-10, SGD with momentum 0.9, 20 epochs; test accuracy of at least 0.885.
#
#   fashion_mnist.sh [more options of `downhill train`]
#
# The data: Debian's package dataset-fashion-mnist, or a folder with the same four files in $FASHION_MNIST.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
data=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
least=0.885

if [ ! -e "$data/train-images-idx3-ubyte.gz" ]; then
  echo "$data/train-images-idx3-ubyte.gz is not there. Install dataset-fashion-mnist, or set FASHION_MNIST." >&2
  exit 66
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

swift build --package-path "$root" -c release --product downhill >&2
"$root/.build/release/downhill" train "$data/train-images-idx3-ubyte.gz" --labels "$data/train-labels-idx1-ubyte.gz" \
  --test-images "$data/t10k-images-idx3-ubyte.gz" --test-labels "$data/t10k-labels-idx1-ubyte.gz" \
  --recipe plain --layers 256,128 --momentum 0.9 --epochs 20 --seed 1 \
  --model "$scratch/fashion.safetensors" --no-record --json "$@" | tee "$scratch/report.json"

accuracy=$(grep -o '"accuracy" *: *[0-9.eE+-]*' "$scratch/report.json" | head -n 1 | tr -d ' ' | cut -d: -f2 || true)
if awk -v a="$accuracy" -v least="$least" 'BEGIN { exit !(a >= least) }'; then
  echo "Test accuracy $accuracy, at least $least: reached." >&2
else
  echo "Test accuracy ${accuracy:-unknown}, below $least." >&2
  exit 1
fi
