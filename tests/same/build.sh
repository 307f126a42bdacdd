#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Build tests/same/NAME.c with all that a note needs, and nothing else: no JSON, no libm.
# Usage: build.sh NAME PROGRAM COMPILER FLAG...

set -eu

name=$1
program=$2
compiler=$3
shift 3

sources=$(find dsp/base dsp/music dsp/kernel dsp/compose dsp/network -name '*.c' \
  ! -path '*/network/architecture.c' | sort)

# What reads files is thrown away by the linker, with what it would need.  Square roots are exact, and the processor's
# own but with -O0, which wants -lm for them
# shellcheck disable=SC2086 # Many sources
exec $compiler -std=c11 -D_POSIX_C_SOURCE=200809L -I. -fno-math-errno -fno-trapping-math -ffp-contract=off -pthread \
  -ffunction-sections -Wl,--gc-sections -static -o "$program" "tests/same/$name.c" $sources "$@"
