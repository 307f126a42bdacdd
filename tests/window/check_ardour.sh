#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Click every control of the window in Ardour 7, and compare what its session has then with what was turned.
# Usage: check_ardour.sh BUILD; KEEP=1 leaves the files

# shellcheck disable=SC1091,SC2154
. "$(dirname "$0")/hands.sh"

build=$1
here=$(cd "$(dirname "$0")" && pwd)
want Xvfb xvfb
want xdotool xdotool
want ardour ardour
want ardour7-lua ardour

isolate "$build"
start_x
"$build/tests/window/clicks" >"$work/clicks"

config=$work/config/ardour7
mkdir -p "$config"
: >"$config/.a7" # It asks a new user nothing
cat >"$config/config" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<Ardour>
  <Config>
    <Option name="hide-dummy-backend" value="0"/>
    <Option name="try-autostart-engine" value="1"/>
    <Option name="check-announcements" value="0"/>
    <Option name="use-plugin-own-gui" value="1"/>
  </Config>
  <Extra><AudioMIDISetup><EngineStates>
    <State backend="None (Dummy)" driver="Normal Speed" device="Silence" input-device="" output-device="" sample-rate="48000" buffer-size="1024" n-periods="0" input-latency="0" output-latency="0" lm-input="" lm-output="" active="1" use-buffered-io="0" midi-option="1 in, 1 out, Silence" lru="1"><MIDIDevices/></State>
  </EngineStates></AudioMIDISetup></Extra>
</Ardour>
XML

CONTINUO_SESSION=$work/session ardour7-lua "$here/session.lua" >"$work/session.log" 2>&1
session=$work/session/window.ardour
window=$(awk '$1 == "window" { print $2 }' "$work/session.log")
if [ ! -f "$session" ] || [ -z "$window" ]; then
  give_up "no session was made"
fi
# Show the plugin's window as the session opens, and start the engine unasked
sed -i -e '/<EngineHints/d' -e "s|</Session>|<Extra><UI><Window name=\"$window\" visible=\"1\" x-off=\"200\" \
  y-off=\"100\" x-size=\"-1\" y-size=\"-1\" custom-ui=\"1\"/></UI></Extra></Session>|" "$session"
grep -c '<Extra' "$session" | grep -qx 1 || give_up "Ardour writes sessions otherwise than expected"
ardour --no-announcements --no-splash "$session" >"$work/ardour.log" 2>&1 &
own $!
find_ours
sleep 4

# save: have Ardour save its session, by a key that is pressed over our window
save() {
  before=$(stat -c %Y "$session")
  sleep 1.1
  xdotool key ctrl+s
  for _ in $(seq 20); do
    sleep 0.2
    [ "$(stat -c %Y "$session")" != "$before" ] && break
  done
  awk '/<Port / { symbol = $0; value = $0; sub(/.* symbol="/, "", symbol); sub(/".*/, "", symbol)
    sub(/.* value="/, "", value); sub(/".*/, "", value); print symbol, value }' "$session" >"$work/values"
  [ "$(stat -c %Y "$session")" != "$before" ]
}

turn_all
hold_trigger
try "a key that is the host's goes to Ardour" save
compare turn hold
let_go
choose_preset
save
compare gives
press_keys
save
compare keys
report "Ardour"
