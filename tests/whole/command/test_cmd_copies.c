// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_cmd_copies.c
   The command copies, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/base/random.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_NOTES = 96, FIRST = 32, LENGTH = 20 };

static char folder[64];

static void
write_notes(const char* const name, const CnNote* const notes, const size_t n)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  midi_file_write_notes(path, notes, n, NULL, 0);
}

/// Eighths at random in 4/4
static void
fill_notes(CnNote notes[N_NOTES], const uint32_t seed)
{
  CnRandom random = cn_random(seed, 0, 0, 0, 0);
  for (int32_t i = 0; i < N_NOTES; ++i) {
    notes[i] = (CnNote){.onset    = 12 * i,
                        .duration = 12,
                        .pitch    = (uint8_t)(30 + cn_random_below(&random, 60)),
                        .velocity = 64};
  }
}

// Two pieces, and a sample with twenty notes of the second one, three semitones higher; and a table
static int
setup(void** const state)
{
  static const char table[] = "file\twork\tsplit\na.mid\ta\ttrain\nb.mid\tb\ttest\n";

  CnNote sample[N_NOTES];
  CnNote notes[N_NOTES];
  char   line[256];
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-copies-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(line, sizeof(line), "mkdir %s/corpus", folder);
  assert_int_equal(system(line), 0);
  fill_notes(notes, 1);
  write_notes("corpus/a.mid", notes, N_NOTES);
  fill_notes(notes, 2);
  write_notes("corpus/b.mid", notes, N_NOTES);
  fill_notes(sample, 3);
  for (unsigned i = 0; i < LENGTH; ++i) {
    sample[FIRST + i].pitch = (uint8_t)(notes[16 + i].pitch + 3);
  }
  write_notes("sample.mid", sample, N_NOTES);
  for (unsigned i = 0; i < N_NOTES; ++i) {
    sample[i].part = i < FIRST + LENGTH - 5 ? CN_PART_MUSICIAN : CN_PART_CONTINUO;
  }
  write_notes("parts.mid", sample, N_NOTES);
  snprintf(line, sizeof(line), "%s/split.tsv", folder);
  return cn_file_write(line, table, strlen(table)) != CN_STATUS_SUCCESS;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

static void
test_a_copy_is_told_with_its_place(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("copies %s/sample.mid %s/corpus", folder, folder), 0);
  cn_run_told("96 notes, looked for in 2 files:\n");
  cn_run_told("in any key  20 notes from bar 5 are in b.mid, bar 3, 3 semitones lower\n");
  assert_int_equal(cn_run("copies %s/corpus/a.mid %s/corpus", folder, folder), 0);
  cn_run_told("verbatim    96 notes from bar 1 are in a.mid, bar 1\n");
}

static void
test_only_continuos_notes_count(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("copies %s/parts.mid %s/corpus", folder, folder), 0);
  cn_run_told("49 notes of Continuo's, looked for in 2 files:\n");
  cn_run_told("in any key  5 notes from bar 6 are in b.mid, bar 4, 3 semitones lower\n");
}

static void
test_a_table_leaves_out_the_other_sides(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("copies %s/sample.mid %s/corpus --split %s/split.tsv", folder, folder, folder), 0);
  cn_run_told("looked for in 1 file:\n");
  assert_null(strstr(cn_run_output, "b.mid"));
}

static void
test_files_that_are_left_out_are_told(void** const state)
{
  char line[256];
  (void)state;
  snprintf(line, sizeof(line), "mkdir %s/bad && echo no music > %s/bad/words.mid", folder, folder);
  assert_int_equal(system(line), 0);
  assert_int_equal(cn_run("copies %s/sample.mid %s/bad", folder, folder), 1);
  cn_run_told("continuo copies: words.mid: left out: chunk at byte 0: not a Standard MIDI File");
  cn_run_told("/bad: no usable MIDI file");
}

static void
test_faults_are_explained(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("copies %s/none.mid %s/corpus", folder, folder), 1);
  cn_run_told("/none.mid: No such file");
  assert_int_equal(cn_run("copies %s/sample.mid %s/nowhere", folder, folder), 1);
  cn_run_told("/nowhere: No such file");
  assert_int_equal(cn_run("copies %s/sample.mid %s/corpus --split %s/sample.mid", folder, folder, folder), 1);
  cn_run_told("/sample.mid: not a split table");
  assert_int_equal(cn_run("copies %s/sample.mid", folder), 2);
  cn_run_told("name a MIDI file and a folder of them");
  assert_int_equal(cn_run("copies --help"), 0);
  cn_run_told("Usage: continuo copies");
  assert_int_equal(cn_run("--help"), 0);
  cn_run_told("\n  copies ");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_copy_is_told_with_its_place),
      cmocka_unit_test(test_only_continuos_notes_count),
      cmocka_unit_test(test_a_table_leaves_out_the_other_sides),
      cmocka_unit_test(test_files_that_are_left_out_are_told),
      cmocka_unit_test(test_faults_are_explained),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
