#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Say which includes and calls break the floor plan; prints nothing if none does.
# Usage: rooms.sh [OBJECTS], a folder of compiled objects in which circles of calls are looked for
#
# A file may include its own room, the rooms before it in the line of its house, and what the line says
# after the colon.  Tests may include everything.

set -u
cd "$(dirname "$0")/../.." || exit 1

plan='
dsp:          base music kernel file compose network notebook part take model play
tools:   dsp  base corpus gradient learn judge between picture sound compare follow run notebook command
plugin:  dsp  lv2 file model phrase wire drag draw touch inline . ui
'

# Every include of ours as "file:line: included"
list_includes() {
  find dsp tools plugin -name '*.[ch]' -exec grep -nHE '^ *# *include *"' {} + | sed -E 's/^([^:]*:[0-9]+):.*"([^"]*)".*/\1: \2/'
}

find_upward() {
  list_includes | awk -v plan="$plan" '
    function house(path) { sub(/\/.*/, "", path); return path }
    function room(path, parts, n) { n = split(path, parts, "/"); return n > 2 ? parts[2] : "." }
    BEGIN {
      n_lines = split(plan, lines, "\n")
      for (l = 1; l <= n_lines; ++l) {
        n_words = split(lines[l], words, " ")
        name    = words[1]
        sub(/:$/, "", name)
        for (w = 2; w <= n_words; ++w) {
          if (words[w] == "dsp" && name != "dsp") { may[name, "dsp"] = 1 } else { place[name, words[w]] = w }
        }
      }
    }
    {
      file = $1
      sub(/:[0-9]+:$/, "", file)
      from = house(file)
      to   = house($2)
      if (!((from, room(file)) in place)) { print $1 " stands in a room that is not on the plan"; next }
      if (from != to) {
        if (!((from, to) in may)) { print $1 " " from "/ may not include " $2 }
      } else if (!((to, room($2)) in place)) { print $1 " no such room: " $2
      } else if (place[to, room($2)] > place[from, room(file)]) { print $1 " points up to " $2 }
    }'
}

# Circles of headers, and of objects that call one another: tsort tells the members of each
find_circles() {
  {
    list_includes | sed -n 's/^\([^:]*\.h\):[0-9]*: \(.*\.h\)$/\1 \2/p'
    [ $# -eq 0 ] || find "$1/dsp" "$1/tools" "$1/plugin" -name '*.o' ! -name '*_mpi.o' -exec nm -A {} + | awk '
      {
        split($0, parts, ":")
        object = parts[1]
        n      = split(parts[2], words, " ")
        symbol = words[n]
        if (words[n - 1] == "U") { use[object " " symbol] = 1 }
        else if (words[n - 1] ~ /^[TDBRV]$/) { home[symbol] = object }
      }
      END {
        for (pair in use) {
          split(pair, words, " ")
          if ((words[2] in home) && home[words[2]] != words[1]) { print words[1], home[words[2]] }
        }
      }'
  } | tsort 2>&1 >/dev/null | sed 's/^tsort: -: input contains a loop:$/a circle:/; s/^tsort: /  /'
}

find_upward
find_circles "$@"
