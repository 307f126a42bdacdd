#!/bin/sh
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Run test programs, validate built bundles, and end with a line that counts both.
# Usage: check.sh PROGRAM|BUNDLE.lv2...
#
# A cmocka program counts by its cases, everything else as one.  Nothing stops at the first failure.

set -u

seconds=${CN_TEST_SECONDS:-600} # A program that runs longer hangs
lv2_dir=${CN_LV2_SPECS:-/usr/lib/lv2}
passed=0
failed=0

# say WORD NAME DETAIL
say() {
  printf '%-4s %-32s %s\n' "$1" "$2" "$3"
}

# Number of lines that begin with "[ WORD ]" ahead of cmocka's summary, which names cases again
count() {
  awk -v head="$1" '/^\[==========\].* run\.$/ { exit } index($0, head) == 1 { ++n } END { print n + 0 }' "$log"
}

run_program() {
  log=$1.log
  [ -z "${CN_TEST_NAMES:-}" ] || say run "${1#*/tests/}" "..." # It will take its time
  timeout "$seconds" "$1" >"$log" 2>&1
  status=$?

  n_passed=$(count '[       OK ]')
  n_failed=$(($(count '[ RUN      ]') - n_passed - $(count '[  SKIPPED ]')))

  if [ $status -eq 0 ] && [ "$n_failed" -eq 0 ] && [ "$n_passed" -gt 0 ]; then
    say ok "${1#*/tests/}" "$n_passed cases"
  else
    [ "$n_failed" -gt 0 ] || n_failed=1
    sed 's/^/     /' "$log"
    case $status in
    0) why="no case has run" ;;
    124) why="stopped after $seconds seconds" ;;
    *) why="status $status" ;;
    esac
    say FAIL "${1#*/tests/}" "$why; the log is $log"
  fi

  passed=$((passed + n_passed))
  failed=$((failed + n_failed))
}

# verify NAME LOG COMMAND...: the command must succeed and print nothing like a warning
verify() {
  name=$1
  log=$2
  shift 2
  if "$@" >"$log" 2>&1 && ! grep -v 'Found 0 errors' "$log" | grep -iE 'warning|error|failed'; then
    say ok "$name" ""
    passed=$((passed + 1))
  else
    sed 's/^/     /' "$log"
    say FAIL "$name" "the log is $log"
    failed=$((failed + 1))
  fi
}

# Against the specifications alone: other plugins' data may have faults of their own
validate_syntax() {
  manifests=$(grep -l 'lv2:Specification' "$lv2_dir"/*/manifest.ttl)
  specifications=$(echo "$manifests" | sed 's,/manifest.ttl$,/*.ttl,')
  # shellcheck disable=SC2086 # Patterns of files
  sord_validate "$lv2_dir"/schemas.lv2/*.ttl $specifications "$1"/*.ttl
}

read_info() {
  folder=$(mktemp -d) || return 1 # lilv complains of all else beside the bundle
  ln -s "$(cd "$1" && pwd)" "$folder/"
  uris=$(LV2_PATH=$folder lv2ls)
  status=0
  [ -n "$uris" ] || status=1
  for uri in $uris; do
    LV2_PATH=$folder:$lv2_dir lv2info "$uri" || status=1
  done
  rm -r "$folder"
  return $status
}

for subject in "$@"; do
  case $subject in
  *.lv2)
    verify "sord_validate ${subject##*/}" "$subject.validate.log" validate_syntax "$subject"
    verify "lv2info ${subject##*/}" "$subject.info.log" read_info "$subject"
    ;;
  *) run_program "$subject" ;;
  esac
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
