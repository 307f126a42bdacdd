#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Draw how six pieces that nobody trained on go on after eight bars, and beside each how Continuo does.
# Usage: picture.sh CONTINUO CORPUS OUT.png, CORPUS being a folder with the files of piano-midi.de

set -eu
tool=$1
corpus=$2
out=$3

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

# add FILE NAME: a piece and its continuation, take 1 as it comes
list=$folder/list
add() {
  ln -s "$(realpath "$corpus/$1")" "$folder/$2.mid"
  mkdir "$folder/$2"
  "$tool" generate --phrase "$corpus/$1" --phrase-bars 8 --bars 12 -o "$folder/$2/Continuo.mid" 2>/dev/null
  printf '%s\n%s\n' "$folder/$2.mid" "$folder/$2/Continuo.mid" >>"$list"
}

add brahms/brahms_opus117_2.mid 'Brahms, op. 117 no. 2'
add chopin/chp_op18.mid 'Chopin, op. 18'
add grieg/grieg_album.mid 'Grieg, Albumblatt'
add haydn/haydn_8_2.mid 'Haydn, Sonata 8, 2nd movement'
add mozart/mz_333_2.mid 'Mozart, K. 333, 2nd movement'
add schumann/scn16_4.mid 'Schumann, op. 16 no. 4'

tr '\n' '\0' <"$list" | xargs -0 "$tool" roll --columns 2 --to 20 --width 640 --title 'How six pieces go on, and Continuo' -o "$out"
