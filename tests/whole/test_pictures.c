// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_pictures.c
   The commands histogram and curves, as a user would run them.
*/

#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/file/smf.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static void
write_file(const char* const name, const void* const data, const size_t size)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
}

static void
write_piece(const char* const name)
{
  static const CnNote notes[] = {{.duration = 24, .pitch = 60, .velocity = 64},
                                 {.onset = 24, .duration = 24, .pitch = 62, .velocity = 64}};

  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  assert_int_equal(cn_score_new(notes, 2, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  write_file(name, data, size);
  free(data);
  cn_score_free(score);
}

static int
setup(void** const state)
{
  static const char table[] = "epoch,train,valid\n1,3,4\n2,2,3\n";

  char line[160];
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-pictures-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(line, sizeof(line), "mkdir %s/corpus %s/empty", folder, folder);
  assert_int_equal(system(line), 0);
  write_piece("corpus/a.mid");
  write_piece("corpus/b.mid");
  write_file("run.csv", table, strlen(table));
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

// Assert that a picture begins as its kind does, and take it away
static void
assert_picture(const char* const name, const char* const magic)
{
  char     path[128];
  uint8_t* data = NULL;
  size_t   size = 0;
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  assert_true(size > 1000);
  assert_memory_equal(data, magic, strlen(magic));
  free(data);
  unlink(path);
}

static void
assert_no_picture(const char* const name)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_not_equal(access(path, F_OK), 0);
}

static void
test_both_write_all_kinds(void** const state)
{
  static const char* const kinds[][2] = {{"x.png", "\x89PNG"}, {"x.svg", "<?xml"}, {"x.PDF", "%PDF"}};

  (void)state;
  for (unsigned i = 0; i < 3; ++i) {
    assert_int_equal(cn_run("histogram %s/corpus/ -o %s/%s", folder, folder, kinds[i][0]), 0);
    assert_picture(kinds[i][0], kinds[i][1]);
    assert_int_equal(cn_run("curves %s/run.csv %s/run.csv -o %s/%s --over epoch --width 400", folder, folder,
                            folder, kinds[i][0]),
                     0);
    assert_picture(kinds[i][0], kinds[i][1]);
  }
}

// Legends have names of runs: cut within a letter, or not UTF-8 at all, they would spoil the picture
static void
test_runs_may_have_any_name(void** const state)
{
  (void)state;
  char lines[256];
  snprintf(lines, sizeof(lines),
           "cd %s && n=x$(printf '\\303\\251%%.0s' $(seq 30)) && cp run.csv $n.csv && "
           "cp run.csv \"$(printf 'a\\377')\".csv",
           folder);
  assert_int_equal(system(lines), 0);
  assert_int_equal(cn_run("curves %s/x?*.csv %s/a?.csv -o %s/names.png", folder, folder, folder), 0);
  assert_picture("names.png", "\x89PNG");
}

static void
test_help_tells_of_both(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("--help"), 0);
  cn_run_told("\n  curves ");
  cn_run_told("\n  histogram ");
  assert_int_equal(cn_run("curves --help"), 0);
  cn_run_told("Usage: continuo curves RUN.csv...");
  assert_int_equal(cn_run("histogram --help"), 0);
  cn_run_told("Usage: continuo histogram CORPUS_DIR");
}

static void
test_bad_files_are_told_and_left_out(void** const state)
{
  (void)state;
  write_file("corpus/bad.mid", "MThd", 4);
  assert_int_equal(cn_run("histogram %s/corpus -o %s/x.png", folder, folder), 0);
  cn_run_told("continuo histogram: bad.mid: left out: ");
  assert_picture("x.png", "\x89PNG");

  assert_int_equal(cn_run("histogram %s/empty -o %s/x.png", folder, folder), 1);
  cn_run_told("/empty: no usable MIDI file");
  assert_int_equal(cn_run("histogram %s/nowhere -o %s/x.png", folder, folder), 1);
  cn_run_told("/nowhere: No such file or directory");
  assert_no_picture("x.png");
}

static void
test_tables_with_faults_leave_nothing_behind(void** const state)
{
  (void)state;
  write_file("bad.csv", "epoch,train\n1\n", 14);
  assert_int_equal(cn_run("curves %s/run.csv %s/bad.csv -o %s/x.png", folder, folder, folder), 1);
  cn_run_told("/bad.csv: line 2 has 1 columns, but the heading 2\n");
  assert_int_equal(cn_run("curves %s/corpus/a.mid -o %s/x.png", folder, folder), 1);
  cn_run_told("a.mid: not the table of a training run");
  assert_int_equal(cn_run("curves %s/none.csv -o %s/x.png", folder, folder), 1);
  cn_run_told("/none.csv: No such file or directory");
  assert_no_picture("x.png");
}

static void
test_unwritable_pictures_are_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("histogram %s/corpus -o /nowhere/x.png", folder), 1);
  cn_run_told("continuo histogram: /nowhere/x.png: No such file or directory");
  assert_int_equal(cn_run("curves %s/run.csv -o /nowhere/x.png", folder), 1);
  cn_run_told("continuo curves: /nowhere/x.png: No such file or directory");
  assert_int_equal(cn_run("curves %s/run.csv -o /dev/full/x.png", folder), 1);
}

static void
test_wrong_usage_is_explained(void** const state)
{
  static const struct {
    const char* line;
    const char* told;
  } cases[] = {
      {"histogram -o x.png", "which folder?"},
      {"histogram a b -o x.png", "one folder at a time"},
      {"histogram a", "where to?"},
      {"histogram a -o x.gif", "x.gif: unknown kind of picture"},
      {"histogram a -o x.png --width 1", "--width: '1' is not"},
      {"curves -o x.png", "which table"},
      {"curves a.csv", "where to?"},
      {"curves a.csv -o x", "x: unknown kind of picture"},
      {"curves a.csv -o x.png --width wide", "--width: 'wide' is not"},
      {"curves a a a a a a a a a a a a a a a a a -o x.png", "at most 16 tables"},
      {"curves --frob", "--frob"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    assert_int_equal(cn_run("%s", cases[i].line), 2);
    cn_run_told(cases[i].told);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_both_write_all_kinds),
      cmocka_unit_test(test_runs_may_have_any_name),
      cmocka_unit_test(test_help_tells_of_both),
      cmocka_unit_test(test_bad_files_are_told_and_left_out),
      cmocka_unit_test(test_tables_with_faults_leave_nothing_behind),
      cmocka_unit_test(test_unwritable_pictures_are_told),
      cmocka_unit_test(test_wrong_usage_is_explained),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
