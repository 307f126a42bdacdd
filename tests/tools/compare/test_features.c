// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include "tools/compare/features.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLE "tests/reference/features.tsv"
#define ATOL 1e-6

enum { N_PIECES = 4, N_BARS = 32, MAX_NOTES = 8192, MAX_BAR_NOTES = 256 };

/// The pieces of make_features_reference.py
static const struct {
  int32_t  bar;
  uint32_t start;
} pieces[N_PIECES] = {{96, 1}, {72, 2}, {36, 3}, {84, 4}};

static CnNote notes[MAX_NOTES];

/// Numerical Recipes' generator, as the script has it
static uint32_t
below(uint32_t* const state, const uint32_t n)
{
  *state = *state * 1664525U + 1013904223U;
  return (*state >> 16) % n;
}

/// Notes of one onset, from low to high
static size_t
compose_chord(uint32_t* const state, const int32_t place, CnNote* const chord)
{
  bool           is_struck[128] = {false};
  const uint32_t n_tries        = 1 + below(state, 3);
  size_t         n              = 0;
  for (uint32_t i = 0; i < n_tries; ++i) {
    const uint32_t pitch               = 25 + 5 * below(state, 16);
    is_struck[pitch + below(state, 2)] = true;
  }
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    if (is_struck[pitch]) {
      const int32_t duration = (int32_t)(1 + below(state, 60));
      const uint8_t velocity = (uint8_t)(1 + below(state, 127));
      chord[n++] =
          (CnNote){.onset = place, .duration = duration, .pitch = (uint8_t)pitch, .velocity = velocity};
    }
  }
  return n;
}

/// Notes of one bar, from its line on
static size_t
compose_bar(uint32_t* const state, const int32_t bar, CnNote* const list)
{
  static const int32_t steps[] = {3, 6, 8, 12, 24};

  size_t        n     = 0;
  int32_t       place = (int32_t)(12 * below(state, 2));
  const int32_t step  = steps[below(state, 5)];
  while (place < bar && below(state, 25)) {
    n += compose_chord(state, place, list + n);
    place += below(state, 4) ? step : (int32_t)(5 + below(state, 9));
  }
  return n;
}

/// A piece on the grid, in `notes`
static CnGrid
compose(const unsigned piece)
{
  static CnNote bars[N_BARS][MAX_BAR_NOTES];
  size_t        sizes[N_BARS];
  uint32_t      state = pieces[piece].start;
  size_t        n     = 0;
  for (unsigned b = 0; b < N_BARS; ++b) {
    if (b >= 4 && !below(&state, 3)) {
      const unsigned old = b - 1 - below(&state, 4);
      sizes[b]           = sizes[old];
      memcpy(bars[b], bars[old], sizeof(bars[b]));
    } else {
      sizes[b] = compose_bar(&state, pieces[piece].bar, bars[b]);
    }
    for (size_t i = 0; i < sizes[b]; ++i) {
      notes[n] = bars[b][i];
      notes[n++].onset += (int32_t)b * pieces[piece].bar;
    }
  }
  return (CnGrid){notes, cn_grid_round(notes, n), pieces[piece].bar};
}

/// Compare a line of the table with what is found
static void
check_line(const char* line)
{
  char*          end = NULL;
  CnFeatures     features;
  const unsigned piece = (unsigned)strtoul(line, &end, 10);
  const int32_t  first = (int32_t)strtol(end, &end, 10);
  assert_true(piece < N_PIECES);
  const CnGrid grid = compose(piece);
  assert_int_equal(cn_features_find(&grid, first, 8, &features), CN_STATUS_SUCCESS);
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    const double expected = strtod(end, &end);
    if (!(fabs(features.value[f] - expected) <= ATOL)) {
      fail_msg("piece %u from bar %d: %s is %.9g instead of %.9g", piece, first, cn_feature_name(f),
               features.value[f], expected);
    }
  }
  assert_int_equal(*end, '\n');
}

static void
test_features_are_those_of_the_reference(void** const state)
{
  (void)state;
  char        line[4096];
  unsigned    n_lines = 0;
  FILE* const table   = fopen(TABLE, "r");
  assert_non_null(table);
  while (fgets(line, sizeof(line), table)) {
    check_line(line);
    ++n_lines;
  }
  fclose(table);
  assert_int_equal(n_lines, N_PIECES * N_BARS / 8);
}

static void
test_nearly_empty_bars_are_not_looked_at(void** const state)
{
  (void)state;
  CnFeatures features;
  CnNote     few[12];
  for (int i = 0; i < 12; ++i) {
    few[i] = (CnNote){.onset = 12 * (i / 3), .duration = 12, .pitch = (uint8_t)(60 + i), .velocity = 64};
  }
  const CnGrid grid = {few, 12, 96};
  assert_int_equal(cn_features_find(&grid, 0, 8, &features), CN_STATUS_SUCCESS);
  assert_int_equal(cn_features_find(&grid, 8, 8, &features), CN_STATUS_NOT_FOUND);
  const CnGrid three_onsets = {few, 9, 96};
  assert_int_equal(cn_features_find(&three_onsets, 0, 8, &features), CN_STATUS_NOT_FOUND);
  const CnGrid seven_notes = {few, 7, 96};
  assert_int_equal(cn_features_find(&seven_notes, 0, 8, &features), CN_STATUS_NOT_FOUND);
}

static void
test_notes_beyond_the_keyboard_are_left_out(void** const state)
{
  (void)state;
  CnNote three[] = {{.duration = 1, .pitch = 20, .velocity = 1},
                    {.duration = 100, .pitch = 21, .velocity = 127},
                    {.duration = 1, .pitch = 109, .velocity = 1}};
  assert_int_equal(cn_grid_round(three, 3), 1);
  assert_int_equal(three[0].pitch, 21);
  assert_int_equal(three[0].duration, 96);
  assert_int_equal(three[0].velocity, 126);
}

static void
test_failing_allocations_leave_nothing(void** const state)
{
  (void)state;
  CnFeatures   features;
  const CnGrid grid = compose(0);
  const long   live = test_alloc_live();
  long         n    = 0;
  for (;; ++n) {
    test_alloc_fail_at(n);
    const CnStatus status = cn_features_find(&grid, 0, 8, &features);
    test_alloc_fail_at(-1);
    assert_int_equal(test_alloc_live(), live);
    if (!status) {
      break;
    }
    assert_int_equal(status, CN_STATUS_NO_MEMORY);
  }
  assert_true(n >= 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_features_are_those_of_the_reference),
      cmocka_unit_test(test_nearly_empty_bars_are_not_looked_at),
      cmocka_unit_test(test_notes_beyond_the_keyboard_are_left_out),
      cmocka_unit_test(test_failing_allocations_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
