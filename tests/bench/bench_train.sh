#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# How fast `continuo` and PyTorch train the same network on the same batches, in turns.
# Usage: bench_train.sh BUILD_DIR
#
# From the environment: CORPUS, a folder of MIDI files (otherwise the music is made up); ROUNDS, of which
# the medians are shown; SECONDS_EACH; HIDDEN; DROPOUT [percent]; ARCH=attention, with LAYERS, HEADS, WINDOW;
# DISTANCE is of ours alone, the twin's is time.  Continuo makes its batches as it goes,
# PyTorch gets them ready-made.  PyTorch is Debian's python3-torch, of which Debian's python knows; it
# gets what it was fastest with: BLIS as its BLAS, and threads that do not spin.  Own: with the kernels that
# BLIS chooses by itself; it knows AVX-512 by the processor's name, which virtual machines hide, so
# avx512: with those for Intel's AVX-512, if the processor has them.

set -eu

bench=$1/tests/bench/bench_train
twin=$(dirname "$0")/bench_train.py
python=${PYTHON:-/usr/bin/python3}
rounds=${ROUNDS:-3}
arch=${ARCH:-continuo}
export SECONDS_EACH="${SECONDS_EACH:-3}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

avx512=0 # What BLIS 0.9 calls its kernels for Intel's AVX-512
export OMP_WAIT_POLICY=passive PYTHONDONTWRITEBYTECODE=1

kinds=own
! grep -qs avx512dq /proc/cpuinfo || kinds="own avx512"

# note NAME COMMAND...: run it, and keep its notes a second under NAME
note() {
  name=$1
  shift
  "$@" >"$folder/out"
  cat "$folder/out" >>"$folder/$name"
}

# median NAME COLUMN
median() {
  sort -n -k "$2,$2" "$folder/$1" | awk -v c="$2" '{ v[NR] = $c } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# line TITLE NAME
line() {
  [ -s "$folder/$2" ] || return 0
  printf '%-52s %7.1f k %8.1f k\n' "$1" "$(median "$2" 1 | awk '{ print $1 / 1000 }')" \
    "$(median "$2" 2 | awk '{ print $1 / 1000 }')"
}

# best COLUMN NAME...: of the medians
best() {
  column=$1
  shift
  for name in "$@"; do [ ! -s "$folder/$name" ] || median "$name" "$column"; done | sort -n | tail -1
}

# compare TITLE A NAME...: the ratio of A to the best of the others
compare() {
  title=$1
  ours=$2
  shift 2
  printf '%-52s %9s %10s\n' "$title" \
    "$(echo "$(median "$ours" 1) $(best 1 "$@")" | awk '{ printf "%.2f", $1 / $2 }')" \
    "$(echo "$(median "$ours" 2) $(best 2 "$@")" | awk '{ printf "%.2f", $1 / $2 }')"
}

has_torch=false
if "$python" -c 'import numpy, torch' 2>/dev/null; then
  has_torch=true
  "$bench" batches 24 "$folder/batches"
else
  echo "$python has no torch: nothing to compare with (Debian: apt-get install python3-torch)"
fi

# twins WORKERS: all the ways of PyTorch
twins() {
  for kernels in $kinds; do
    [ "$kernels" = own ] || export BLIS_ARCH_TYPE=$avx512
    if [ "$arch" = attention ]; then
      note "attention-threads-$kernels-$1" "$python" "$twin" "$folder/batches" threads "$1" attention
      unset BLIS_ARCH_TYPE
      continue
    fi
    note "hand-threads-$kernels-$1" "$python" "$twin" "$folder/batches" threads "$1" hand
    note "module-threads-$kernels-$1" "$python" "$twin" "$folder/batches" threads "$1" module
    [ "$1" = 1 ] || note "hand-processes-$kernels-$1" "$python" "$twin" "$folder/batches" processes "$1" hand
    unset BLIS_ARCH_TYPE
  done
}

for round in $(seq "$rounds"); do
  for workers in 1 2; do
    [ "$arch" = attention ] || note "products-own-$workers" "$bench" products "$workers"
    [ "$arch" = attention ] || [ "$kinds" = own ] || BLIS_ARCH_TYPE=$avx512 note "products-avx512-$workers" "$bench" products "$workers"
    note "ours-$workers" "$bench" train "$workers"
    if $has_torch; then twins $workers; fi
  done
  echo "round $round of $rounds done" >&2
done

printf '%-52s %9s %10s\n' "Notes a second" "by clock" "by CPU"
for workers in 1 2; do
  echo "$workers worker(s)"
  line "  continuo" "ours-$workers"
  for kernels in $kinds; do
    line "  its products alone, by BLIS, $kernels" "products-$kernels-$workers"
    line "  PyTorch, backward pass by hand, threads, $kernels" "hand-threads-$kernels-$workers"
    line "  PyTorch, nn.GRU, threads, $kernels" "module-threads-$kernels-$workers"
    line "  PyTorch, attention, threads, $kernels" "attention-threads-$kernels-$workers"
    line "  PyTorch, backward pass by hand, processes, $kernels" "hand-processes-$kernels-$workers"
  done
  for kernels in $kinds; do
    [ "$arch" = attention ] || compare "  continuo / its products alone, $kernels" "ours-$workers" "products-$kernels-$workers"
  done
  if $has_torch; then
    # shellcheck disable=SC2046 # Names without blanks
    compare "  continuo / the best PyTorch" "ours-$workers" \
      $(for way in hand-threads module-threads hand-processes attention-threads; do echo "$way-own-$workers $way-avx512-$workers"; done)
  fi
done

echo "Where a batch of 2048 notes spends its time, on one processor"
"$bench" layers
