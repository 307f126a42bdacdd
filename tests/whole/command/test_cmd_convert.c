// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_cmd_convert.c
   The command convert, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/phrase.h"
#include "tests/support/run_command.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char folder[64];

static int
setup(void** const state)
{
  char path[128];
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-convert-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof(path), "%s/tiny.safetensors", folder);
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/notebook.safetensors", folder);
  assert_int_equal(cn_tiny_notebook(path, 1, CN_NOTEBOOK_BEATS), CN_STATUS_SUCCESS);

  CnNote notes[CN_PHRASE_MAX_NOTES];
  snprintf(path, sizeof(path), "%s/seed.mid", folder);
  midi_file_write_notes(path, notes, cn_phrase_notes(notes), NULL, 0);
  return 0;
}

static int
teardown(void** const state)
{
  char command[128];
  (void)state;
  snprintf(command, sizeof(command), "rm -r %s", folder);
  return system(command);
}

// Write one file as another, of a kind
static void
convert(const char* const from, const char* const to, const char* const kind)
{
  assert_int_equal(
      cn_run("convert %s/%s.safetensors -o %s/%s.safetensors --%s", folder, from, folder, to, kind), 0);
  assert_string_equal(cn_run_output, "");
}

static bool
is_same(const char* const a, const char* const b)
{
  char command[256];
  snprintf(command, sizeof(command), "cmp -s %s/%s.safetensors %s/%s.safetensors", folder, a, folder, b);
  return system(command) == 0;
}

static void
test_matrices_become_bytes_and_can_be_played_by(void** const state)
{
  (void)state;
  convert("tiny", "eight", "eight");
  assert_int_equal(cn_run("info %s/eight.safetensors", folder), 0);
  cn_run_told("recurrent.weight         I8");
  cn_run_told("recurrent.weight.scales  F32");
  cn_run_told("recurrent.input.bias     F32");
  assert_int_equal(cn_run("generate -m %s/eight.safetensors --bars 2 --seed %s/seed.mid -o %s/long.mid",
                          folder, folder, folder),
                   0);
}

static void
test_notebook_is_read_from_bytes(void** const state)
{
  (void)state;
  convert("notebook", "notebook-eight", "eight");
  assert_int_equal(cn_run("info %s/notebook-eight.safetensors", folder), 0);
  cn_run_told("I8");
}

static void
test_back_and_forth_changes_nothing_more(void** const state)
{
  (void)state;
  convert("tiny", "once", "eight");
  convert("once", "float", "float");
  convert("float", "twice", "eight");
  assert_true(is_same("once", "twice"));
  convert("tiny", "wide", "float");
  convert("wide", "narrow", "half");
  convert("narrow", "again", "float");
  assert_true(is_same("wide", "again")); // They were halves
  assert_false(is_same("wide", "float"));
}

static void
test_wrong_usage_is_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("convert %s/tiny.safetensors -o %s/x.safetensors", folder, folder), CN_EXIT_USAGE);
  cn_run_told("to what?");
  assert_int_equal(cn_run("convert %s/tiny.safetensors --eight", folder), CN_EXIT_USAGE);
  cn_run_told("where to?");
  assert_int_equal(cn_run("convert %s/tiny.safetensors --eight -o %s/tiny.safetensors", folder, folder),
                   CN_EXIT_USAGE);
  assert_int_equal(cn_run("convert README.md --eight -o %s/x.safetensors", folder), CN_EXIT_FAILURE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_matrices_become_bytes_and_can_be_played_by),
      cmocka_unit_test(test_notebook_is_read_from_bytes),
      cmocka_unit_test(test_back_and_forth_changes_nothing_more),
      cmocka_unit_test(test_wrong_usage_is_told),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
