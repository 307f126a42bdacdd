#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# What fine-tuning brings: weights that know all composers of a corpus but one, the same after they were
# tuned on pieces of that one, and weights that were trained on these pieces alone, on others of his pieces.
# Usage: bench_finetune.sh BUILD CORPUS COMPOSER
#
# COMPOSER is a folder of CORPUS, which tools/data/piano-midi.tsv splits.  BASE names weights of an earlier run
# without him; BASE_OPTIONS, OPTIONS and SEEDS say how to train, and on which splits of his pieces.

set -eu

build=$1
corpus=$2
composer=$3
folder=$build/finetune
mkdir -p "$folder"

base=${BASE:-}
if [ -z "$base" ]; then
  base=$folder/without-$composer.safetensors
  grep -v "^$composer/" tools/data/piano-midi.tsv >"$folder/without-$composer.tsv"
  # shellcheck disable=SC2086 # Options are words
  "$build/continuo" train "$corpus" --split "$folder/without-$composer.tsv" -o "$base" ${BASE_OPTIONS:-} \
    2>&1 | grep -E 'notes (to|for)|best:|in all'
fi

# A total from what evaluate prints as JSON
total() {
  "$build/continuo" evaluate -m "$1" "$corpus/$composer" --split "$folder/tuned-$2.split.tsv" --json --no-adaptation ${3:+"$3"} |
    sed -n 's/.*"total": *\([0-9.]*\).*/\1/p' | head -1
}

# say NAME WEIGHTS SEED
say() {
  printf '%-14s seed %s: %s with motif matches, %s without\n' "$1" "$3" "$(total "$2" "$3" '')" \
    "$(total "$2" "$3" --no-motif)"
}

for seed in ${SEEDS:-1}; do
  for way in tuned scratch; do
    from=
    [ $way = scratch ] || from="--from $base"
    # shellcheck disable=SC2086 # Options are words
    "$build/continuo" train "$corpus/$composer" $from --seed "$seed" -o "$folder/$way-$seed.safetensors" \
      ${OPTIONS:-} 2>&1 | grep -E 'notes (to|for)|best:|in all' | sed "s/^/$way: /"
  done
  echo "Nats a note on the test side of $composer:"
  say "as it was" "$base" "$seed"
  say "tuned" "$folder/tuned-$seed.safetensors" "$seed"
  say "from scratch" "$folder/scratch-$seed.safetensors" "$seed"
done
