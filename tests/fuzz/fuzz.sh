#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Run libFuzzer programs, each for some seconds, on corpora that grow from run to run.
# Usage: fuzz.sh SECONDS SEEDS FUZZER...; SEEDS is the program that writes what to start from

set -eu

seconds=$1
seeds=$2
shift 2
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.supp:${LSAN_OPTIONS-}"
mkdir -p "${1%/*}/corpus/smf" "${1%/*}/corpus/safetensors" "${1%/*}/corpus/models" "${1%/*}/corpus/wire"
"$seeds" "${1%/*}/corpus"

for fuzzer in "$@"; do
  corpus=${fuzzer%/*}/corpus/${fuzzer##*fuzz_}
  mkdir -p "$corpus"
  echo "== $fuzzer, $seconds seconds, $(find "$corpus" -type f | wc -l) files to start from"
  if ! "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$fuzzer.fault-" "$corpus" >"$fuzzer.log" 2>&1; then
    tail -n 60 "$fuzzer.log"
    echo "fuzz: $fuzzer failed; the input is in $(ls "$fuzzer".fault-* 2>/dev/null || echo "$fuzzer.log")"
    exit 1
  fi
  grep -E 'number_of_executed_units|peak_rss' "$fuzzer.log"
done
echo "fuzz: $# passed"
