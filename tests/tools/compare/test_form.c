// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BAR = 72, N_BARS = 24, MAX_NOTES = 3 * N_BARS };

/// A piece in three quarters, each bar as it is told
typedef struct {
  CnNote notes[MAX_NOTES];
  CnGrid grid;
} Piece;

static void
add(Piece* const piece, const int32_t onset, const int pitch)
{
  piece->notes[piece->grid.n_notes++] =
      (CnNote){.onset = onset, .duration = 24, .pitch = (uint8_t)pitch, .velocity = 64};
}

static CnForm
find(Piece* const piece, const int32_t n_bars)
{
  CnForm form;
  piece->grid.notes = piece->notes;
  piece->grid.bar   = BAR;
  assert_int_equal(cn_form_find(&piece->grid, 8, n_bars, &form), CN_STATUS_SUCCESS);
  return form;
}

static void
test_bars_that_return_are_counted(void** const state)
{
  (void)state;
  // Phrase of eight bars, each its own; then four of its bars, four new ones in its rhythm, four of these
  // again, and four in another rhythm, of which the last three are as the first
  static const int keys[N_BARS] = {1,  2,  3,  4,  5,  6,  7,  8,  3,  4,  5,  6,
                                   11, 12, 13, 14, 11, 12, 13, 14, 20, 20, 20, 20};

  Piece piece = {.grid = {.n_notes = 0}};
  for (int32_t b = 0; b < N_BARS; ++b) {
    add(&piece, BAR * b, 40 + keys[b]);
    add(&piece, BAR * b + (b < 20 ? 24 : 36), 60);
  }
  const CnForm form = find(&piece, 16);
  assert_float_equal(form.value[CN_FORM_RETURNS], 11.0 / 16.0, 1e-12);
  assert_float_equal(form.value[CN_FORM_PHRASE], 4.0 / 16.0, 1e-12);
  assert_float_equal(form.value[CN_FORM_RHYTHMS], 15.0 / 16.0, 1e-12);

  const CnForm half = find(&piece, 8);
  assert_float_equal(half.value[CN_FORM_RETURNS], 0.5, 1e-12);
  assert_float_equal(half.value[CN_FORM_PHRASE], 0.5, 1e-12);
}

static void
test_rests_are_looked_for_in_last_beats(void** const state)
{
  (void)state;
  Piece piece = {.grid = {.n_notes = 0}};
  for (int32_t b = 0; b < N_BARS; ++b) {
    add(&piece, BAR * b, 60);
    add(&piece, BAR * b + 47, 62);
    if (b % 4 != 3 && b % 4 != 0) {
      add(&piece, BAR * b + 48 + b % 24, 64);
    }
  }
  const CnForm form = find(&piece, 16);
  assert_float_equal(form.value[CN_FORM_RESTS], 1.0, 1e-12);
  assert_float_equal(form.value[CN_FORM_OTHERS], 1.0 / 3.0, 1e-12);
}

static void
test_the_last_bass_may_be_the_tonic(void** const state)
{
  (void)state;
  static const int scale[] = {60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 67};
  for (int last = 0; last < 12; ++last) {
    Piece piece = {.grid = {.n_notes = 0}};
    for (int32_t i = 0; i < 48; ++i) {
      add(&piece, BAR / 2 * i, scale[i % 12]);
    }
    piece.grid.n_notes -= 1; // In place of the last note there is a chord over some bass
    add(&piece, BAR / 2 * 47, 36 + last);
    add(&piece, BAR / 2 * 47, 64);
    add(&piece, BAR / 2 * 47, 67);
    assert_int_equal(find(&piece, 16).value[CN_FORM_TONIC], last == 0);
  }
}

static void
test_few_bars_have_no_form(void** const state)
{
  (void)state;
  CnForm form;
  CnNote notes[15];
  for (int32_t b = 0; b < 15; ++b) {
    notes[b] = (CnNote){.onset = BAR * b, .duration = 24, .pitch = 60, .velocity = 64};
  }
  const CnGrid grid = {notes, 15, BAR};
  assert_int_equal(cn_form_find(&grid, 8, 16, &form), CN_STATUS_NOT_FOUND);
  assert_int_equal(cn_form_find(&grid, 7, 16, &form), CN_STATUS_SUCCESS);
  assert_int_equal(cn_form_find(&grid, 7, 7, &form), CN_STATUS_NOT_FOUND);
  const CnGrid none = {notes, 0, BAR};
  assert_int_equal(cn_form_find(&none, 8, 16, &form), CN_STATUS_NOT_FOUND);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bars_that_return_are_counted),
      cmocka_unit_test(test_rests_are_looked_for_in_last_beats),
      cmocka_unit_test(test_the_last_bass_may_be_the_tonic),
      cmocka_unit_test(test_few_bars_have_no_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
