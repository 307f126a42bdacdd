#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Click every control of the window in jalv, and compare what the plugin has with what was turned: jalv saves it as a
# state, and its log has what the plugin says of bars.  Usage: check_jalv.sh BUILD; KEEP=1 leaves the files

# shellcheck disable=SC1091,SC2154
. "$(dirname "$0")/hands.sh"

build=$1
want Xvfb xvfb
want xdotool xdotool
want jackd jackd2
want jalv.gtk3 jalv

isolate "$build"
start_x
"$build/tests/window/clicks" >"$work/clicks"

export JACK_DEFAULT_SERVER="continuo$$" JACK_NO_START_SERVER=1 JACK_NO_AUDIO_RESERVATION=1
jackd -r -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 1024 -C 0 -P 0 >"$work/jackd.log" 2>&1 &
own $!
cd "$work" || exit 1 # Where its dialogs begin
for _ in 1 2 3 4 5; do # The server may not be up yet
  sleep 2
  jalv.gtk3 --dump urn:continuo:continuo >"$work/jalv.log" 2>&1 &
  host=$!
  sleep 3
  kill -0 "$host" 2>/dev/null && break
done
own "$host"
find_ours
host=$(xdotool search --onlyvisible --class jalv 2>/dev/null | while read -r window; do
  [ "$(xdotool getwindowname "$window")" = Continuo ] && echo "$window"
done | head -n 1)
[ -n "$host" ] || give_up "jalv's window was not found"
sleep 1

# save FOLDER: have jalv save a state; the key goes to jalv, whatever of ours is chosen
save() {
  xdotool windowfocus "$host" key ctrl+s
  sleep 1
  dialog=$(xdotool search --onlyvisible --name '^Save State$' | tail -n 1)
  [ -n "$dialog" ] || return 1
  xdotool windowfocus "$dialog"
  xdotool type --delay 20 "$work/$1"
  sleep 0.5
  xdotool key alt+s
  sleep 1
  awk -F '"' '/lv2:symbol/ { symbol = $2 } /pset:value/ { split($0, words, " "); print symbol, words[2] }' \
    "$work/$1/state.ttl" >"$work/values"
}

xdotool windowfocus "$host"
turn_all
hold_trigger
try "a key that is the host's goes to jalv" save turned
compare turn hold
# What the plugin says of bars, which it does when something is written down for one
awk '/^## / { from = $2 } from == "Plugin" && /patch:value/' "$work/jalv.log" >"$work/sheets"
while read -r what text _; do
  case $what in
  bar | drag) try "$what $text" grep -qE "[\" ][0-9]+:${text}[\" ]" "$work/sheets" ;;
  esac
done <"$work/clicks"
let_go
choose_preset
save preset
compare gives
press_keys
save keys
compare keys
report "jalv"
