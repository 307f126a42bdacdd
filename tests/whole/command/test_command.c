// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_command.c
   The built command as a user meets it: help, usage errors, info, and exit statuses.
*/

#include "tests/support/run_command.h"

#include "dsp/file/smf.h"
#include "dsp/network/model.h"
#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/judge/weights.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX_FILE = 1 << 20, MAX_PATH = 256, MAX_LINE = 1024 };

#define ALL SIZE_MAX

typedef struct {
  char folder[MAX_PATH]; ///< Of the fixtures
  char score[MAX_PATH];
  char weights[MAX_PATH];
  char odd[MAX_PATH]; ///< Written by each test that wants it
} Fixture;

static Fixture fixture;

static void
write_score(void)
{
  static const CnNote notes[] = {
      {.onset = 0, .duration = 24, .pitch = 60, .velocity = 60, .part = CN_PART_MUSICIAN},
      {.onset = 24, .duration = 24, .pitch = 64, .velocity = 70, .part = CN_PART_MUSICIAN},
      {.onset = 72, .duration = 72, .pitch = 67, .velocity = 80, .part = CN_PART_CONTINUO},
  };
  static const CnTempoChange tempo = {0, 600000}; // 100 BPM
  static const CnMeterChange meter = {0, 3, 4};

  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  assert_int_equal(cn_score_new(notes, 3, &tempo, 1, &meter, 1, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(fixture.score, data, size), CN_STATUS_SUCCESS);
  free(data);
  cn_score_free(score);
}

static void
write_weights(void)
{
  static const CnShape           shape    = {.cell = CN_CELL_GRU, .hidden = 8, .head = 8};
  static const CnTensorsMetadata metadata = {"license", "CC-BY-SA-4.0"};
  CnLayout                       layout;
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);

  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  assert_non_null(parameters);
  assert_int_equal(cn_weights_save(fixture.weights, &layout, parameters, CN_DTYPE_F32, &metadata, 1),
                   CN_STATUS_SUCCESS);
  free(parameters);
}

/// Write the first `size` bytes of a file to fixture.odd, or all of it with a NaN at its end
static void
write_odd(const char* const path, const size_t size)
{
  uint8_t* data = NULL;
  size_t   full = 0;
  assert_int_equal(cn_file_read(path, MAX_FILE, &data, &full), CN_STATUS_SUCCESS);
  assert_true(size < full || size == ALL);
  if (size == ALL) {
    memset(data + full - sizeof(float), 0xFF, sizeof(float));
  }
  assert_int_equal(cn_file_write(fixture.odd, data, size == ALL ? full : size), CN_STATUS_SUCCESS);
  free(data);
}

static int
set_up(void** state)
{
  (void)state;
  snprintf(fixture.folder, sizeof(fixture.folder), "/tmp/continuo-test-XXXXXX");
  assert_non_null(mkdtemp(fixture.folder));
  snprintf(fixture.score, MAX_PATH, "%.200s/a piece.mid", fixture.folder);
  snprintf(fixture.weights, MAX_PATH, "%.200s/small.weights", fixture.folder);
  snprintf(fixture.odd, MAX_PATH, "%.200s/odd", fixture.folder);
  write_score();
  write_weights();
  return 0;
}

static int
tear_down(void** state)
{
  (void)state;
  unlink(fixture.score);
  unlink(fixture.weights);
  unlink(fixture.odd);
  return rmdir(fixture.folder);
}

static void
test_help_and_version_succeed(void** state)
{
  (void)state;
  assert_int_equal(cn_run("--help"), CN_EXIT_OK);
  cn_run_told("Usage: continuo COMMAND");
  cn_run_told("\n  info ");
  assert_int_equal(cn_run("--version"), CN_EXIT_OK);
  assert_string_equal(cn_run_output, "continuo " CN_VERSION "\n");
  assert_int_equal(cn_run("info --help"), CN_EXIT_OK);
  cn_run_told("Usage: continuo info");
}

static void
test_wrong_usage_exits_with_2(void** state)
{
  (void)state;
  assert_int_equal(cn_run("%s", ""), CN_EXIT_USAGE);
  cn_run_told("Try 'continuo --help'");
  assert_int_equal(cn_run("info"), CN_EXIT_USAGE);
  cn_run_told("continuo info: which file?");
  assert_int_equal(cn_run("info --colour x"), CN_EXIT_USAGE);
  cn_run_told("continuo info: unrecognized option");
  cn_run_told("Try 'continuo info --help'");
}

static void
test_unknown_command_suggests_the_nearest(void** state)
{
  (void)state;
  assert_int_equal(cn_run("inof"), CN_EXIT_USAGE);
  cn_run_told("continuo: inof: no such command; did you mean 'info'?");
  assert_int_equal(cn_run("xylophone-concerto-in-c"), CN_EXIT_USAGE);
  assert_null(strstr(cn_run_output, "did you mean"));
}

static void
test_info_tells_of_a_piece(void** state)
{
  (void)state;
  assert_int_equal(cn_run("info '%s'", fixture.score), CN_EXIT_OK);
  cn_run_told("MIDI file, format 1");
  cn_run_told("2 bars, 0:04");
  cn_run_told("3/4");
  cn_run_told("100 quarters a minute");
  cn_run_told("3, from C4 to G4, velocity 60 to 80, on average 70");
  cn_run_told("1 of them by Continuo");
  cn_run_told("of the notes");
}

static void
test_info_json_of_a_piece_is_json(void** state)
{
  (void)state;
  assert_int_equal(cn_run("info --json '%s'", fixture.score), CN_EXIT_OK);

  json_t* const json = json_loads(cn_run_output, 0, NULL);
  assert_non_null(json);
  assert_string_equal(json_string_value(json_object_get(json, "kind")), "midi");
  assert_string_equal(json_string_value(json_object_get(json, "file")), fixture.score);
  assert_int_equal(json_integer_value(json_object_get(json, "notes")), 3);
  assert_int_equal(json_integer_value(json_object_get(json, "continuo_notes")), 1);
  assert_int_equal(strlen(json_string_value(json_object_get(json, "hash"))), 16);
  assert_int_equal(json_integer_value(json_object_get(json, "ticks")), 144);
  json_decref(json);
}

static void
test_info_tells_of_weights(void** state)
{
  (void)state;
  assert_int_equal(cn_run("info '%s'", fixture.weights), CN_EXIT_OK);
  cn_run_told("GRU of 8, heads of 8");
  cn_run_told("CC-BY-SA-4.0");
  cn_run_told(cn_weight_name(CN_WEIGHT_RECURRENT));
}

static void
test_info_json_of_weights_is_json(void** state)
{
  (void)state;
  assert_int_equal(cn_run("info --json '%s'", fixture.weights), CN_EXIT_OK);

  json_t* const       json  = json_loads(cn_run_output, 0, NULL);
  const json_t* const model = json_object_get(json, "model");
  assert_string_equal(json_string_value(json_object_get(json, "kind")), "weights");
  assert_string_equal(json_string_value(json_object_get(model, "cell")), "gru");
  assert_int_equal(json_integer_value(json_object_get(model, "hidden")), 8);
  assert_int_equal(json_array_size(json_object_get(json, "tensors")),
                   CN_WEIGHT_SPANS + 1); // A GRU, and textures
  json_decref(json);
}

/// As all other commands do, where something stands before the header
static void
test_info_finds_a_piece_behind_other_bytes(void** state)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  (void)state;
  assert_int_equal(cn_file_read(fixture.score, MAX_FILE, &data, &size), CN_STATUS_SUCCESS);
  uint8_t* const odd = (uint8_t*)calloc(size + 20, 1);
  assert_non_null(odd);
  memcpy(odd + 20, data, size);
  assert_int_equal(cn_file_write(fixture.odd, odd, size + 20), CN_STATUS_SUCCESS);
  free(odd);
  free(data);
  assert_int_equal(cn_run("info '%s'", fixture.odd), CN_EXIT_OK);
  cn_run_told("warning: something stands before the header");
  cn_run_told("2 bars, 0:04");
}

/// The odd file is refused with status 1, in one line that names it and the fault
static void
assert_refused(const char* const fault)
{
  char head[MAX_LINE];
  assert_int_equal(cn_run("info '%s'", fixture.odd), CN_EXIT_FAILURE);
  snprintf(head, sizeof(head), "continuo info: %s: ", fixture.odd);
  cn_run_told(head);
  cn_run_told(fault);
  assert_ptr_equal(strchr(cn_run_output, '\n') + 1, cn_run_output + strlen(cn_run_output));
}

static void
test_info_refuses_what_is_damaged(void** state)
{
  (void)state;
  unlink(fixture.odd);
  assert_refused("No such file");
  write_odd(fixture.score, 0);
  assert_refused("empty");
  write_odd(fixture.score, 12);
  assert_refused("header is cut off");
  write_odd(fixture.weights, 8);
  assert_refused("neither a weights file nor a MIDI file: chunk at byte 0: not a Standard MIDI File");
  write_odd(fixture.weights, 100);
  assert_refused("header ends at byte");
  write_odd(fixture.weights, 5000);
  assert_refused("data ends at byte");
  write_odd(fixture.weights, ALL);
  assert_refused("is not finite");
}

static void
test_a_full_disk_is_an_error(void** state)
{
  (void)state;
  assert_int_equal(cn_run("--help >/dev/full"), CN_EXIT_FAILURE);
  assert_int_equal(cn_run("info --json '%s' >/dev/full", fixture.score), CN_EXIT_FAILURE);
}

static void
test_numbers_of_options_are_checked(void** state)
{
  (void)state;
  long   n = 7;
  double x = 7.0;
  assert_true(cn_option_integer("test", "--n", "12", 1, 12, &n));
  assert_int_equal(n, 12);
  assert_true(cn_option_number("test", "--x", "-0.5", -1.0, 1.0, &x));
  assert_true(x == -0.5);
  uint32_t u = 7;
  float    f = 7.0F;
  assert_true(cn_option_unsigned("test", "--u", "12", 1, 12, &u));
  assert_int_equal(u, 12);
  assert_true(cn_option_float("test", "--f", "1.5", 1.0, 12.0, &f));
  assert_true(f == 1.5F);

  static const char* const bad[] = {"", "x", "0", "13", "1x", "99999999999999999999", "nan", "inf"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    assert_false(cn_option_integer("test", "--n", bad[i], 1, 12, &n));
    assert_false(cn_option_number("test", "--x", bad[i], 1.0, 12.0, &x));
    assert_false(cn_option_unsigned("test", "--u", bad[i], 1, 12, &u));
    assert_false(cn_option_float("test", "--f", bad[i], 1.0, 12.0, &f));
  }
  assert_true(n == 12 && x == -0.5 && u == 12 && f == 1.5F);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_help_and_version_succeed),
      cmocka_unit_test(test_wrong_usage_exits_with_2),
      cmocka_unit_test(test_unknown_command_suggests_the_nearest),
      cmocka_unit_test(test_info_tells_of_a_piece),
      cmocka_unit_test(test_info_json_of_a_piece_is_json),
      cmocka_unit_test(test_info_tells_of_weights),
      cmocka_unit_test(test_info_json_of_weights_is_json),
      cmocka_unit_test(test_info_finds_a_piece_behind_other_bytes),
      cmocka_unit_test(test_info_refuses_what_is_damaged),
      cmocka_unit_test(test_a_full_disk_is_an_error),
      cmocka_unit_test(test_numbers_of_options_are_checked),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
