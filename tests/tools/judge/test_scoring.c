// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/scoring.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_a_time_is_predicted_by_the_mean_of_its_classes(void** const state)
{
  float  p[CN_MAX_CLASSES]   = {0.0F};
  double ticks[CN_N_TIMINGS] = {-1.0, -1.0};
  (void)state;
  p[0]  = 0.5F;
  p[41] = 0.5F;
  cn_timing_predict(CN_FACTOR_PITCH, p, ticks);
  cn_timing_predict(CN_FACTOR_VELOCITY, p, ticks);
  assert_true(ticks[CN_TIMING_STEP] == -1.0 && ticks[CN_TIMING_DURATION] == -1.0);
  cn_timing_predict(CN_FACTOR_DT, p, ticks);
  assert_true(ticks[CN_TIMING_STEP] == 20.5 && ticks[CN_TIMING_DURATION] == -1.0);
  cn_timing_predict(CN_FACTOR_DURATION, p, ticks); // Of 1 and of 288 ticks
  assert_true(ticks[CN_TIMING_STEP] == 20.5 && ticks[CN_TIMING_DURATION] == 144.5);
}

static void
test_errors_are_counted_in_beats(void** const state)
{
  const CnNote  note  = {.onset = 148, .duration = 36};
  const CnNote  other = {.onset = 100, .duration = 12};
  CnTimingError error = {.n_notes = 0.0};
  (void)state;
  cn_timing_error_add(&error, (double[]){24.0, 48.0}, &note, 100);
  cn_timing_error_add(&error, (double[]){48.0, 12.0}, &other, 100);
  assert_true(error.n_notes == 2.0);
  assert_true(error.absolute[CN_TIMING_STEP] == 1.0 + 2.0 && error.squared[CN_TIMING_STEP] == 1.0 + 4.0);
  assert_true(error.absolute[CN_TIMING_DURATION] == 0.5 && error.squared[CN_TIMING_DURATION] == 0.25);
}

static CnScoring
make_scoring(void)
{
  return (CnScoring){.all        = {{2.0, 4.0, NAN, 8.0}, 2.0, 2.0, 1.0},
                     .non_repeat = {{1.0, 3.0, NAN, 5.0}, 1.0, 1.0, 0.0},
                     .timing     = {{1.0, 2.0}, {8.0, 2.0}, 2.0}};
}

static void
test_scorings_add_up(void** const state)
{
  CnScoring       sum   = {.all = {.n_notes = 0.0}};
  const CnScoring other = make_scoring();
  (void)state;
  cn_scoring_add(&sum, &other);
  cn_scoring_add(&sum, &other);
  assert_true(sum.all.nll[1] == 8.0 && sum.all.n_notes == 4.0 && sum.all.n_right == 2.0);
  assert_true(sum.non_repeat.nll[3] == 10.0 && isnan(sum.non_repeat.nll[2]));
  assert_true(sum.timing.absolute[0] == 2.0 && sum.timing.squared[0] == 16.0 && sum.timing.n_notes == 4.0);
}

static void
test_the_object_has_null_for_what_is_not_predicted(void** const state)
{
  const CnScoring scoring = make_scoring();
  json_t* const   object  = cn_scoring_json(&scoring);
  double          pitch = 0.0, accuracy = 0.0, mean = 0.0, root = 0.0;
  int             notes    = 0;
  json_t*         duration = NULL;
  json_t*         total    = NULL;
  (void)state;
  assert_int_equal(json_unpack(object, "{s:i, s:F, s:{s:F, s:o, s:o}, s:{s:{s:F, s:F}}}", "notes", &notes,
                               "pitch_accuracy", &accuracy, "nll", "pitch", &pitch, "duration", &duration,
                               "total", &total, "error_in_beats", "step", "mean_absolute", &mean,
                               "root_mean_square", &root),
                   0);
  assert_int_equal(notes, 2);
  assert_true(pitch == 2.0 && accuracy == 0.5 && mean == 0.5 && root == 2.0);
  assert_true(json_is_null(duration) && json_is_null(total));
  json_decref(object);
}

static void
test_the_table_has_a_dash_for_what_is_not_predicted(void** const state)
{
  const CnScoring scoring = make_scoring();
  char*           text    = NULL;
  size_t          size    = 0;
  FILE* const     file    = open_memstream(&text, &size);
  (void)state;
  cn_scoring_print(file, "pair", &scoring);
  fclose(file);
  char all[16];
  char values[10][16];
  char sign[4];
  assert_int_equal(sscanf(text, "pair %15s %15s %15s %15s %15s %15s %15s %15s %3s %15s %15s", all, values[0],
                          values[1], values[2], values[3], values[4], values[5], values[6], sign, values[7],
                          values[8]),
                   11);
  assert_string_equal(all, "all");
  assert_string_equal(values[0], "2");
  assert_string_equal(values[2], "2.0000");
  assert_string_equal(values[3], "-"); // The duration
  assert_string_equal(values[4], "4.0000");
  assert_string_equal(values[5], "-"); // The total
  assert_string_equal(values[6], "50.0");
  assert_string_equal(values[7], "0.500");
  assert_string_equal(values[8], "2.000");
  assert_non_null(strstr(text, "\n                 new "));
  assert_null(strstr(text, "nan"));
  free(text);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_time_is_predicted_by_the_mean_of_its_classes),
      cmocka_unit_test(test_errors_are_counted_in_beats),
      cmocka_unit_test(test_scorings_add_up),
      cmocka_unit_test(test_the_object_has_null_for_what_is_not_predicted),
      cmocka_unit_test(test_the_table_has_a_dash_for_what_is_not_predicted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
