#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Read by check_jalv.sh and check_ardour.sh: an X server without a screen, fingers for it, and what they find.

set -u

work=$(mktemp -d)
children=
n_right=0
n_all=0

# End what was started, the latest first, and leave nothing
finish() {
  for child in $children; do
    kill "$child" 2>/dev/null && wait "$child" 2>/dev/null
  done
  if [ -n "${KEEP:-}" ]; then
    echo "the files are in $work"
  else
    rm -rf "$work"
  fi
}
trap finish EXIT
trap "exit 130" HUP INT TERM

# Remember a process that is to be ended
own() {
  children="$1 $children"
}

# want COMMAND PACKAGE: skip everything if a command is not installed
want() {
  command -v "$1" >/dev/null || {
    echo "skipped: $1 is not installed (Debian: $2)"
    exit 77
  }
}

# give_up WORDS: nothing more can be tried
give_up() {
  echo "FAIL $*"
  tail -n 5 "$work"/*.log
  KEEP=1
  exit 1
}

# A bundle of ours and those of LV2, and nothing of the user's
isolate() {
  mkdir -p "$work/lv2" "$work/home"
  ln -s "$(cd "$1" && pwd)/continuo.lv2" "$work/lv2/continuo.lv2"
  export LV2_PATH="$work/lv2:/usr/lib/lv2:/usr/local/lib/lv2" HOME="$work/home"
  export XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache" XDG_DATA_HOME="$work/data"
  unset CONTINUO_UI_SCALE
}

start_x() {
  Xvfb -displayfd 3 -screen 0 1600x1200x24 -nolisten tcp 3>"$work/display" >"$work/xvfb.log" 2>&1 &
  own $!
  for _ in $(seq 50); do
    [ -s "$work/display" ] && break
    sleep 0.1
  done
  [ -s "$work/display" ] || give_up "the X server did not start"
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

# Wait for our window, which alone has its name and no process of its own; sets left and top
find_ours() {
  for _ in $(seq 500); do
    for window in $(xdotool search --onlyvisible --name '^Continuo$' 2>/dev/null); do
      if ! xdotool getwindowpid "$window" >/dev/null 2>&1; then
        eval "$(xdotool getwindowgeometry --shell "$window")" # X, Y, WIDTH, HEIGHT
        left=$X
        top=$Y
        echo "our window: $WIDTH x $HEIGHT at $X, $Y"
        return 0
      fi
    done
    sleep 0.2
  done
  give_up "our window did not come"
}

# press BUTTON X Y, in our window; the pause keeps two of them from being a double click
press() {
  xdotool mousemove "$((left + $2))" "$((top + $3))"
  sleep 0.1
  xdotool click "$1"
  sleep 0.45
}

# drag X Y X Y
drag() {
  xdotool mousemove "$((left + $1))" "$((top + $2))" mousedown 1
  sleep 0.1
  xdotool mousemove "$((left + ($1 + $3) / 2))" "$((top + ($2 + $4) / 2))"
  sleep 0.1
  xdotool mousemove "$((left + $3))" "$((top + $4))"
  sleep 0.1
  xdotool mouseup 1
  sleep 0.4
}

# Do what clicks.c has written into $work/clicks, up to a preset; a trigger stays held
turn_all() {
  while read -r what name value button places; do
    # shellcheck disable=SC2086
    case $what in
    turn)
      set -- $places
      while [ $# -gt 0 ]; do
        press "$button" "$1" "$2"
        shift 2
      done
      ;;
    bar)
      press 1 "$value" "$button" # There is no value, so that all is one word earlier
      press 1 $places
      ;;
    drag) drag "$value" "$button" $places ;;
    esac
  done <"$work/clicks"
}

# Press what goes back by itself, and hold it
hold_trigger() {
  awk '$1 == "hold" { print $5, $6 }' "$work/clicks" >"$work/place"
  read -r x y <"$work/place"
  xdotool mousemove "$((left + x))" "$((top + y))" mousedown 1
  sleep 0.4
}

let_go() {
  xdotool mouseup 1
  sleep 0.4
}

choose_preset() {
  awk '$1 == "preset" { print $3, $4; print $5, $6 }' "$work/clicks" >"$work/place"
  while read -r x y; do
    press 1 "$x" "$y"
  done <"$work/place"
}

# Click controls, and go on by the keyboard
press_keys() {
  while read -r what _ _ x y keys; do
    [ "$what" = keys ] || continue
    press 1 "$x" "$y"
    for key in $keys; do
      xdotool key "$key"
      sleep 0.2
    done
  done <"$work/clicks"
}

# expect WHAT WANTED GOT
expect() {
  n_all=$((n_all + 1))
  if [ -n "$3" ] && awk "BEGIN { exit !($2 - $3 < 1e-4 && $3 - $2 < 1e-4) }"; then
    n_right=$((n_right + 1))
  else
    echo "FAIL $1 is to be $2, and is ${3:-not there}"
  fi
}

# compare WORDS: the values of lines that begin with one of these, with those in $work/values: SYMBOL VALUE
compare() {
  while read -r what symbol value _; do
    case " $* " in
    *" $what "*) expect "$symbol" "$value" "$(awk -v symbol="$symbol" '$1 == symbol { print $2 }' "$work/values")" ;;
    esac
  done <"$work/clicks"
}

# try NAME COMMAND...: count a check that is no value
try() {
  n_all=$((n_all + 1))
  name=$1
  shift
  if "$@"; then
    n_right=$((n_right + 1))
  else
    echo "FAIL $name"
  fi
}

report() {
  echo "$1: $n_right of $n_all"
  [ "$n_right" -eq "$n_all" ] || exit 1
}
