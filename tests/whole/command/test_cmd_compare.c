// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_cmd_compare.c
   The command compare, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/base/random.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_PIECES = 10, N_BARS = 24, MAX_NOTES = 1024 };

static char folder[64];

static void
write_notes(const char* const name, const CnNote* const notes, const size_t n)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  midi_file_write_notes(path, notes, n, NULL, 0);
}

/// A piece of single notes in changing steps, or after the eighth bar, of chords of three in eighths
static void
write_piece(const char* const name, const uint32_t seed, const bool is_dull)
{
  CnRandom random = cn_random(seed, 0, 0, 0, 0);
  CnNote   notes[MAX_NOTES];
  size_t   n = 0;
  for (int32_t onset = 0; onset < 96 * N_BARS;) {
    const bool     is_chord = is_dull && onset >= 96 * 8;
    const unsigned low      = 40 + cn_random_below(&random, 30);
    for (unsigned i = 0; i < (is_chord ? 3 : 1); ++i) {
      notes[n++] = (CnNote){.onset = onset, .duration = 6, .pitch = (uint8_t)(low + 4 * i), .velocity = 64};
    }
    onset += is_chord ? 12 : (int32_t)(6 + 6 * cn_random_below(&random, 4));
  }
  write_notes(name, notes, n);
}

static int
setup(void** const state)
{
  char line[256];
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-compare-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(line, sizeof(line), "cd %s && mkdir real dull other spoilt empty && echo no music >spoilt/bad.mid",
           folder);
  assert_int_equal(system(line), 0);
  for (uint32_t p = 0; p < N_PIECES; ++p) {
    char name[32];
    snprintf(name, sizeof(name), "real/p%u.mid", p);
    write_piece(name, p, false);
    snprintf(name, sizeof(name), "dull/p%u.1.mid", p);
    write_piece(name, p, true);
    snprintf(name, sizeof(name), "other/p%u.1.mid", p);
    write_piece(name, 100 + p, false);
  }
  return 0;
}

static int
teardown(void** const state)
{
  char line[256];
  (void)state;
  snprintf(line, sizeof(line), "rm -r %s", folder);
  return system(line);
}

/// Run the command on both folders, and take a figure of one
static double
find_told(const char* const name)
{
  char         path[128];
  json_error_t error;
  assert_int_equal(cn_run("compare %s/real %s/dull %s/other --bars 16 --json", folder, folder, folder), 0);
  json_t* const object = json_loads(cn_run_output, 0, &error);
  assert_non_null(object);
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  const double told = json_real_value(json_object_get(json_object_get(object, path), "told"));
  json_decref(object);
  return told;
}

static void
test_other_music_is_told_and_like_music_is_not(void** const state)
{
  (void)state;
  assert_true(find_told("dull") > 0.99);
  assert_true(find_told("other") < 0.7);
}

/// JSON is UTF-8, and names of folders need not be
static void
test_a_name_that_is_no_text_is_told_all_the_same(void** const state)
{
  char line[256];
  (void)state;
  snprintf(line, sizeof(line), "mv %s/other %s/oth\377er", folder, folder);
  assert_int_equal(system(line), 0);
  assert_int_equal(cn_run("compare %s/real %s/oth\377er --bars 16 --json", folder, folder), 0);
  cn_run_told("/oth?er\": {");
  snprintf(line, sizeof(line), "mv %s/oth\377er %s/other", folder, folder);
  assert_int_equal(system(line), 0);
}

static void
test_the_table_says_what_is_wrong(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("compare %s/real %s/dull --bars 16 -o %s/chart.png", folder, folder, folder), 0);
  cn_run_told("20 sections of 8 bars, beside 20 of 10 real pieces");
  cn_run_told(
      "\nchords of 3+            0.00    0.00    0.00 |    1.00    1.00 |    0.00    0.00    0.00 !\n");
  cn_run_told(
      "A line tells eight bars of it from real music in 1.00 of cases, real music from real music in ");
  assert_true(cn_scratch_has(folder, "chart.png"));
}

static void
test_what_cannot_be_compared_is_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("compare %s/real %s/empty", folder, folder), 1);
  cn_run_told("/empty: no MIDI file");
  assert_int_equal(cn_run("compare %s/real %s/spoilt", folder, folder), 1);
  cn_run_told("spoilt/bad.mid: ");
  cn_run_told("; left out");
  assert_int_equal(cn_run("compare %s/nowhere %s/real", folder, folder), 1);
  cn_run_told("/nowhere: No such file");
  assert_int_equal(cn_run("compare %s/real", folder), 2);
  assert_int_equal(cn_run("compare %s/real %s/dull --bars 7", folder, folder), 2);
  assert_int_equal(cn_run("compare %s/real %s/dull -o chart.txt", folder, folder), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_other_music_is_told_and_like_music_is_not),
      cmocka_unit_test(test_a_name_that_is_no_text_is_told_all_the_same),
      cmocka_unit_test(test_the_table_says_what_is_wrong),
      cmocka_unit_test(test_what_cannot_be_compared_is_told),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
