#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Check the code by rules and by tools; say what is wrong where.
# Usage: lint.sh -- FLAGS..., the compiler's flags for clang-tidy

set -u
cd "$(dirname "$0")/../.." || exit 1
[ "${1-}" != -- ] || shift

for tool in clang clang-format clang-tidy cppcheck shellcheck; do
  command -v $tool >/dev/null || {
    echo "lint: $tool is missing; 'make deps-lint' installs it, or: apt-get install $tool" >&2
    exit 1
  }
done

# The sources that are ours: what git knows, or in an unpacked archive, everything
list() {
  git ls-files -- "$@" 2>/dev/null | grep . || find plugin dsp ttl tests tools -type f | grep -E "$(pattern "$@")"
}

pattern() {
  printf '%s\n' "$@" | sed 's/\./\\./g; s/\*/.*/g; s/.*/^&$/' | paste -sd '|'
}

sources=$(list 'plugin/*.c' 'plugin/*.h' 'dsp/*.c' 'dsp/*.h' 'tools/*.c' 'tools/*.h' 'tests/*.c' 'tests/*.h')
units=$(echo "$sources" | grep '\.c$')
[ -n "${HAS_MPI-}" ] || units=$(echo "$units" | grep -v '_mpi\.c$') # Its headers are missing
scripts=$(list 'tools/*.sh' 'tests/*.sh')
pages=$(list 'tools/man/*.1')
faults=0
make=${MAKE:-make}
unset MAKEFLAGS MFLAGS # Of the make that calls

# report WHAT LINES: a rule with what breaks it; nothing is good
report() {
  if [ -z "$2" ]; then
    echo "ok   $1"
  else
    printf 'FAIL %s\n' "$1"
    printf '%s\n' "$2" | sed 's/^/     /'
    faults=$((faults + 1))
  fi
}

# find_lines REGEX FILES: matches outside comments, as file:line:text
find_lines() {
  regex=$1
  shift
  [ $# -eq 0 ] || grep -nHE "$regex" "$@" | grep -vE '^[^:]*:[0-9]*: *(//|/?\*|   [A-Z@])'
}

in_room() {
  echo "$sources" | grep "^$1/"
}

not_in_rooms() {
  echo "$sources" | grep -vE "^($1)/"
}

find_unsigned() {
  for file in $sources $scripts $(list 'ttl/*.ttl') $pages Makefile; do
    head -n 4 "$file" | grep -q 'SPDX-License-Identifier: ' || echo "$file: no SPDX-License-Identifier in its first lines"
  done
  for file in $sources; do
    [ "$(head -n 1 "$file")" = '// Copyright 2026 The Continuo authors' ] || echo "$file:1: no copyright line"
  done
}

# Rooms are on the README's map, and what stands in a room is in its own README, of 15 lines at most
find_unmapped() {
  for room in $(echo "$sources" | sed -n 's,^\(dsp\|tools\|plugin\)/\([^/]*\)/.*,\1/\2,p' | sort -u) tools/house tests/host tests/support \
    tests/bench tests/fuzz tests/whole tests/whole/command tests/whole/train; do
    grep -q "]($room)" README.md || echo "$room: not on README.md's map"
    [ -f "$room/README.md" ] || echo "$room: no README.md"
    [ "$(wc -l <"$room/README.md")" -le 15 ] || echo "$room/README.md: over 15 lines"
    for name in $(list "$room/*.c" "$room/*.h" "$room/*.sh" "$room/*.awk" | grep "^$room/[^/]*$" | sed 's,.*/,,; s/\.[a-z]*$//' | sort -u); do
      grep -q "\`$name\`" "$room/README.md" || echo "$name: not in $room/README.md"
    done
  done
}

# Folders that nobody can read at a glance; twenty-four files are about twenty
find_full() {
  for folder in $(list 'dsp/*' 'tools/*' 'plugin/*' 'tests/*' | sed 's,/[^/]*$,,' | sort -u); do
    n=$(list "$folder/*" | grep -c "^$folder/[^/]*\.[^m][^/]*$")
    [ "$n" -le 24 ] || echo "$folder: $n files"
  done
}

find_long() {
  for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 1000 ] || echo "$file: $lines lines, 1000 are a stop"
    [ "$lines" -le 500 ] || echo "note $file: $lines lines, about 400 are enough" >&2
  done
}

# All ways from the audio thread's functions to one that may block; arguments: the compiler's flags
find_blocking() {
  folder=build/lint-audio
  mkdir -p $folder
  rm -f $folder/*.ll
  for unit in $(echo "$units" | grep -E '^(dsp|plugin)/'); do
    clang -S -emit-llvm -O0 -w "$@" -o "$folder/$(echo "$unit" | tr / -).ll" "$unit" || echo "$unit: does not compile"
  done
  awk -f tools/house/audio_calls.awk $folder/*.ll
}

# What groff and mandoc say of the manual pages, each if it is installed
find_man_faults() {
  # shellcheck disable=SC2086 # A list of files
  {
    ! command -v groff >/dev/null || groff -mandoc -Tutf8 -ww -z $pages
    ! command -v mandoc >/dev/null || mandoc -Tlint -W warning $pages | grep -v 'outdated mandoc.db'
  } 2>&1
}

# find_warnings COMPILER: what it says of everything
find_warnings() {
  $make --no-print-directory -k -j 2 B="build/lint-$1" CC="$1" CFLAGS='-O2 -Werror' objects 2>&1 |
    grep -E '(error|warning): |\*\*\*'
}

# shellcheck disable=SC2046,SC2086 # Lists of files
{
  report "gcc warns of nothing" "$(find_warnings gcc)"
  report "clang warns of nothing" "$(find_warnings clang)"
  report "every file is signed" "$(find_unsigned)"
  report "lv2 headers stay in plugin/ and tests/" \
    "$(find_lines '^ *# *include *[<"]lv2' $(not_in_rooms 'plugin|tests'))"
  report "no include points up, and nothing goes in a circle (rooms.sh)" "$(tools/house/rooms.sh build/lint-gcc/obj)"
  report "dsp/ and plugin/ use no library of the others, but that the window draws" \
    "$(find_lines '^ *# *include *[<"](cairo|lilv|X11)' $(in_room dsp) $(in_room plugin | grep -vE '^plugin/(draw|inline|ui)/'))"
  report "every public function names its thread class and what it returns (headers.awk)" \
    "$(awk -v least=100 -f tools/house/headers.awk $(echo "$sources" | grep -E '^(dsp|plugin|tools)/.*\.h$'))"
  report "dsp/ neither prints, exits, nor opens files" \
    "$(find_lines '(^|[^_[:alnum:]])(v?f?printf|f?puts|putc|putchar|perror|v?dprintf|_?exit|abort|f?open|freopen|tmpfile|system|getenv) *\(' $(in_room dsp))"
  report "the audio thread calls nothing that may block" "$(find_blocking "$@" 2>&1)"
  report "every room is on the README's map, and every file in its room's" "$(find_unmapped)"
  report "no folder is too full to read" "$(find_full)"
  report "no file is over 1000 lines" "$(find_long)"
  report "layout (clang-format)" \
    "$(clang-format --dry-run -Werror $sources 2>&1 | grep 'error:' | sed 's/error: .*/not as clang-format has it/' | sort -u -t: -k1,1)"
  report "manual pages (groff, mandoc)" "$(find_man_faults)"
  report "shell scripts (shellcheck)" "$(shellcheck -f gcc $scripts .ci/run 2>&1)"
  report "cppcheck" \
    "$(cppcheck --quiet --std=c11 --inline-suppr --enable=warning,performance,portability \
      --suppress=missingIncludeSystem --suppress=memleak --suppress=legacyUninitvar --suppress=ctuuninitvar --suppress=invalidFunctionArg \
      --template='{file}:{line}: {message} [{id}]' \
      -D__linux__ '-DLV2_LOG_FUNC(a, b)=' -I. $units 2>&1)"
  report "clang-tidy" \
    "$(printf '%s\n' $units | xargs -P 2 -I '{}' clang-tidy --quiet '{}' -- "$@" 2>/dev/null | grep -E ': (error|warning): ')"
}

if [ $faults -ne 0 ]; then
  echo "lint: $faults rules are broken"
  exit 1
fi
echo "lint: clean"
