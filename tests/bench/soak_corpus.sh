#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Train on a corpus that is made large, and say how much memory that took.
# Usage: soak_corpus.sh BUILD CORPUS NOTES MINUTES [OPTION]...
#
# Memory of its own is what the process has allocated; the rest are pages of files, the notes among them,
# which the kernel may drop at any time.

set -eu

build=$1
corpus=$2
notes=$3
minutes=$4
shift 4

folder=$(mktemp -d "${TMPDIR:-/tmp}/continuo-soak-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
mkdir "$folder/corpus"
"$build/tests/bench/big_corpus" "$corpus" "$notes" "$folder/corpus"
du -sh "$folder/corpus" | sed 's/\t.*/ of MIDI files/'

"$build/continuo" train "$folder/corpus" -o "$folder/big.safetensors" --minutes "$minutes" "$@" &
train=$!
own=0
while kill -0 $train 2>/dev/null; do
  now=$(awk '/^RssAnon/ { print $2 }' /proc/$train/status 2>/dev/null || true)
  [ "${now:-0}" -le "$own" ] || own=$now
  all=$(awk '/^VmHWM/ { print $2 }' /proc/$train/status 2>/dev/null || true)
  [ -z "$all" ] || peak=$all
  sleep 1
done
wait $train
echo "peak memory: $((own / 1024)) MB of its own, $((peak / 1024)) MB with pages of files"
