#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Click every control of the window in real hosts, those that are installed.  Usage: check.sh BUILD

set -u
rc=0
for script in "$(dirname "$0")"/check_*.sh; do
  "$script" "$1"
  case $? in
  0 | 77) ;;
  *) rc=1 ;;
  esac
done
exit $rc
