#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Install what is missing of a group of packages.txt from Debian.
# Usage: deps.sh GROUP

set -eu

group=$1
list=$(dirname "$0")/packages.txt
wanted=$(awk -v group="$group" '$1 == group { print $2 }' "$list")

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

find_missing() {
  for package in $wanted; do
    is_installed "$package" || printf '%s ' "$package"
  done
}

# Say what is wanted, and stop
give_up() {
  echo "deps: $1" >&2
  echo "deps: wanted, by Debian's names:" >&2
  for package in $2; do
    awk -v group="$group" -v package="$package" '$1 == group && $2 == package {
      $1 = ""; $2 = ""; sub(/^ +/, "")
      printf "  %-20s  %s\n", package, $0
    }' "$list" >&2
  done
  exit 1
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  # shellcheck disable=SC2086 # A list of words
  give_up "no apt-get here: install these by your system's own means, then leave 'deps' out" "$wanted"
fi

missing=$(find_missing)
if [ -z "$missing" ]; then
  echo "deps: nothing is missing ($(echo "$wanted" | wc -l) packages for '$group' are installed)"
  exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null; then
  as_root=sudo
else
  give_up "not root, and no sudo; as root, run: apt-get update; apt-get install --no-install-recommends $missing" "$missing"
fi

apt() {
  # Wait for another apt to end, and never ask
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

echo "deps: installing from Debian${as_root:+ by sudo}: $missing"
apt update || echo "deps: the package lists could not be updated; trying with the old ones" >&2
# shellcheck disable=SC2086 # A list of words
apt install -y --no-install-recommends $missing ||
  give_up "apt-get failed (see above); still missing: $(find_missing)" "$(find_missing)"

missing=$(find_missing)
[ -z "$missing" ] || give_up "still missing after apt-get" "$missing"
echo "deps: done"
