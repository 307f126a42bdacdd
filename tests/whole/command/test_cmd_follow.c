// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_cmd_follow.c
   The command follow, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"

#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL "plugin/models/default.safetensors.zst"

enum { N_NOTES = 300 };

static char folder[] = "/tmp/continuo-follow-XXXXXX";

/// A folder with a piece of 18 bars and a half, in C major
static int
set_up(void** const state)
{
  static const uint8_t chord[] = {60, 64, 67, 72, 76};

  CnNote notes[N_NOTES];
  char   path[64];
  (void)state;
  assert_non_null(mkdtemp(folder));
  for (int32_t i = 0; i < N_NOTES; ++i) {
    notes[i] = (CnNote){.onset    = i / 2 * 12,
                        .duration = 12,
                        .pitch    = (uint8_t)(i % 2 ? chord[i / 2 % 5] : 48),
                        .velocity = 70};
  }
  snprintf(path, sizeof(path), "%s/piece.mid", folder);
  midi_file_write_notes(path, notes, N_NOTES, NULL, 0);
  return 0;
}

static int
tear_down(void** const state)
{
  char path[64];
  (void)state;
  snprintf(path, sizeof(path), "%s/piece.mid", folder);
  remove(path);
  return rmdir(folder);
}

static void
test_all_is_measured(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("follow -m " MODEL " %s --bars 16", folder), 0);
  cn_run_told("1 piece, 16 bars each\n");
  const double density = cn_run_number("Density", "notes a beat      0.5");
  assert_true(density > 0.2 && density < 1.5);
  assert_true(cn_run_number("Density", " 6 ") > 4.0);
  cn_run_told("Notes of a bar");
  assert_true(cn_run_number("Notes of a bar", "1 notes a beat") < 0.7);
  assert_true(cn_run_number("Polyphony", "keys                1") == 1.0);
  assert_true(cn_run_number("strength 100", "%") > 0.9);
  const double ratio = cn_run_number("Support", "Support");
  assert_true(ratio > 0.0 && ratio <= 0.8);
}

static void
test_files_that_are_left_out_are_told(void** const state)
{
  char path[64];
  (void)state;
  snprintf(path, sizeof(path), "%s/words.mid", folder);
  assert_int_equal(cn_file_write(path, "no music", 8), CN_STATUS_SUCCESS);
  assert_int_equal(cn_run("follow -m " MODEL " %s --bars 8", folder), 0);
  cn_run_told("continuo follow: words.mid: left out: chunk at byte 0: not a Standard MIDI File");
  cn_run_told("1 piece, 8 bars each\n");
  remove(path);
}

static void
test_faults_are_named(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("follow -m " MODEL " %s/nowhere", folder), 1);
  assert_int_equal(cn_run("follow -m %s/none %s", folder, folder), 1);
  assert_int_equal(cn_run("follow -m " MODEL), 2);
  assert_int_equal(cn_run("follow -m " MODEL " %s --bars 7", folder), 2);
  assert_int_equal(cn_run("follow -m " MODEL " %s --side test", folder), 2);
  cn_run_told("goes with --split");
  assert_int_equal(cn_run("follow -m " MODEL " %s --side left", folder), 2);
  cn_run_told("'left' is not train, valid or test");
  assert_int_equal(cn_run("follow --help"), 0);
  cn_run_told("Usage: continuo follow");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_is_measured),
      cmocka_unit_test(test_files_that_are_left_out_are_told),
      cmocka_unit_test(test_faults_are_named),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
