#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# How long `continuo` and PyTorch train, by one recipe and from the same weights, until they predict the
# validation notes of CORPUS to NLL nats, motif matches shown.  One thread each, one after the other.
# Usage: CORPUS=path/to/midi [SPLIT=table] [NLL=3.6] bench_wall.sh BUILD_DIR
#
# Validation is not counted, and making batches only on Continuo's side.

set -eu

bench=$1/tests/bench/bench_wall
twin=$(dirname "$0")/bench_train.py
python=${PYTHON:-/usr/bin/python3}
nll=${NLL:-3.6}
n_batches=${BATCHES:-300} # Of 2.6 MB, for PyTorch
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export OMP_WAIT_POLICY=passive PYTHONDONTWRITEBYTECODE=1
! grep -qs avx512dq /proc/cpuinfo || export BLIS_ARCH_TYPE=0 # Its kernels for AVX-512, which PyTorch is faster with

if [ -z "${CORPUS:-}" ]; then
  echo "Say where the MIDI files are: make bench-wall CORPUS=path/to/midi"
  exit 2
fi

"$bench" until "$nll" >"$folder/ours"
echo "continuo: $(awk '{ print $1 " batches, " $2 " s, of the processor " $3 " s" }' "$folder/ours")"
if ! "$python" -c 'import numpy, torch' 2>/dev/null; then
  echo "$python has no torch: nothing to compare with (Debian: apt-get install python3-torch)"
  exit 0
fi
"$bench" write "$n_batches" "$folder"
"$python" "$twin" "$folder" until "$nll" >"$folder/theirs"
echo "PyTorch:  $(awk '{ print $1 " batches, " $2 " s, of the processor " $3 " s" }' "$folder/theirs")"
paste -d' ' "$folder/ours" "$folder/theirs" |
  awk '{ printf "continuo is %.2f times as fast by the clock, %.2f times by the processor\n", $5 / $2, $6 / $3 }'
