#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Runs each command line that stands in README.md or among the examples of a manual page, on small pieces of its own,
# each document in a folder of its own.  A block of lines is a case.
# Usage: BUILD/tests/whole/test_recipes [DOCUMENT]..., in the root of the sources
#
# Five things are otherwise than the documents say:
#   make ...            is only asked what it would do (make -n): it installs packages, wants root, takes hours, or is
#                       what runs this here
#   continuo train ...  learns for three seconds, whatever it says
#   continuo follow ... plays eight bars on, whatever it says
#   ... .wav            is left out where there is no FluidSynth or no SoundFont
#   jq                  is one that only looks for a key, as nobody needs to have the real one

set -u

root=$(pwd)
build=$(cd "${0%/tests/whole/*}" && pwd) || exit 1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
minutes=0.05
n_failed=0
unset MAKEFLAGS MFLAGS MAKELEVEL

# --- What the lines are run on

# make_piece FILE NUMBER: some two hundred notes of both hands, another piece for each number
make_piece() {
  bytes=$(awk -v number="$2" '
    function draw(n) { state = (state * 16807) % 2147483647; return int(state / 7) % n }
    function put(byte) { track = track sprintf("\\%03o", byte); ++length_ }
    function event(delta, status, key, velocity) { put(delta); put(status); put(key); put(velocity) }
    function big(number, n,   text) {
      for (; n > 0; --n) { text = sprintf("\\%03o", number % 256) text; number = int(number / 256) }
      return text
    }
    BEGIN {
      state = 1000 + 7919 * number
      for (i = 0; i < 150; ++i) {
        high  = 60 + 2 * draw(10)
        low   = 36 + 2 * draw(10)
        lasts = 6 * (1 + draw(4))
        both  = draw(3) == 0
        event(0, 144, high, 40 + draw(50))
        if (both) { event(0, 144, low, 40 + draw(40)) }
        event(lasts, 128, high, 64)
        if (both) { event(0, 128, low, 64) }
      }
      put(0); put(255); put(47); put(0)
      printf "MThd%s%s%s%sMTrk%s%s", big(6, 4), big(0, 2), big(1, 2), big(24, 2), big(length_, 4), track
    }')
  mkdir -p "$(dirname "$1")"
  # shellcheck disable=SC2059 # Nothing but octal numbers
  printf "$bytes" >"$1"
}

# A corpus with names that a table of ours splits, and the part of the table that is about them
make_corpus() {
  awk -F '\t' 'NR == 1 || ++n[$3] <= ($3 == "train" ? 12 : 4)' tools/data/piano-midi.tsv >"$scratch/piano-midi.tsv"
  number=0
  cut -f 1 "$scratch/piano-midi.tsv" | tail -n +2 | while read -r file; do
    number=$((number + 1))
    make_piece "$scratch/midi/$file" $number
  done
}

make_fixtures() {
  make_corpus
  mkdir -p "$scratch/home" "$scratch/bin"
  ln -s "$scratch/midi" "$scratch/home/midi"
  ln -s "$build/continuo" "$scratch/bin/continuo"
  # shellcheck disable=SC2016 # Its own parameter
  printf '#!/bin/sh\ngrep -q "\\"${1#.}\\""\n' >"$scratch/bin/jq"
  chmod +x "$scratch/bin/jq"
  "$build/continuo" train "$scratch/midi" -o "$scratch/mine.safetensors" --minutes $minutes >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    exit 1
  }
  make_piece "$scratch/phrase.mid" 1
  "$build/continuo" play "$scratch/phrase.mid" -o "$scratch/phrase.wav" 2>/dev/null || silence='/\.wav/d'
}

# The folder that a document's lines are run in
make_folder() {
  mkdir -p "$folder/path/to" "$folder/real" "$folder/own" "$folder/tools/data"
  ln -s "$scratch/midi" "$folder/path/to/midi"
  ln -s "$build" "$folder/build"
  cp "$scratch/piano-midi.tsv" "$folder/tools/data"
  number=100
  for name in phrase piece some-other-piece prelude take real/one real/two real/three own/one own/two own/three verse \
    chorus; do
    number=$((number + 1))
    make_piece "$folder/$name.mid" $number
  done
  # What the reader of a page has trained before, unless the page trains it
  if ! grep -q 'train .*-o mine.safetensors' "$1"; then
    cp "$scratch"/mine.* "$folder"
  fi
}

# --- The lines

# Blocks of command lines as files NUMBER.sh in a folder, each with its first line's place in the document ahead
extract() {
  awk -v folder="$folder.blocks" -v document="$1" '
    function add(text) {
      if (!block) { block = sprintf("%s/%03d.sh", folder, ++n); print "# " document ":" NR >block }
      print text >block
    }
    function finish() { if (block) { close(block) }; block = "" }
    document ~ /\.md$/ { if (/^    [^ ]/ || (block && /^     /)) { add(substr($0, 5)) } else { finish() }; next }
    /^\.Sh/ { examples = $2 == "EXAMPLES" }
    /^\.Ed/ { finish(); literal = 0 }
    examples && literal { gsub(/\\e/, "\\"); gsub(/\\&/, ""); add($0) }
    /^\.Bd -literal/ { literal = 1 }' "$1"
}

# What is otherwise than the document says; lines that go on are joined first
adapt() {
  sed -e ':a' -e '/\\$/N; s/\\\n */ /; ta' "$1" |
    sed -E -e "${silence:-}" -e 's/  +# .*//' -e "s,^(sudo )?make,make -n -C '$root'," -e "/continuo train/ s/\$/ --minutes $minutes/" \
      -e '/continuo follow/ s/$/ --bars 8/'
}

# run BLOCK: all of it must succeed
run() {
  place=$(sed -n '1s/^# //p' "$1")
  echo "[ RUN      ] $place"
  adapt "$1" >"$1.adapted"
  # A document's assignments hold in its later blocks
  { cat "$folder.variables"; cat "$1.adapted"; } >"$1.whole"
  if (cd "$folder" && HOME=$scratch/home PATH=$scratch/bin:$PATH sh -e "$1.whole" >"$1.log" 2>&1 </dev/null); then
    echo "[       OK ] $place"
  else
    sed 's/^/  > /' "$1.adapted"
    tail -n 20 "$1.log"
    echo "[  FAILED  ] $place"
    n_failed=$((n_failed + 1))
  fi
  grep -E '^[A-Z_]+=' "$1.adapted" >>"$folder.variables"
}

run_document() {
  folder=$scratch/$(basename "$1")
  mkdir -p "$folder.blocks"
  : >"$folder.variables"
  make_folder "$1"
  extract "$1"
  for block in "$folder.blocks"/*.sh; do
    [ -e "$block" ] && run "$block"
  done
}

make_fixtures
[ $# -gt 0 ] || set -- README.md tools/man/*.1
for document in "$@"; do
  run_document "$document"
done
[ "$n_failed" -eq 0 ]
