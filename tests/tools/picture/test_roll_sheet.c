// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/pixels.h"

#include "tools/base/file.h"
#include "tools/picture/draw.h"
#include "tools/picture/roll_draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { WIDTH = 2000, N_BARS = 4, BAR = 96 };

static const CnRollOptions options = {CN_PICTURE_PNG, "Sheet", WIDTH, 1, 0};

static CnScore* real; ///< One long note a bar, at C4
static CnScore* own;  ///< The same for two bars, then Continuo's at C5
static CnScore* none;

static CnScore*
make_score(const bool is_own)
{
  CnNote   notes[N_BARS];
  CnScore* score = NULL;
  for (int32_t i = 0; i < N_BARS; ++i) {
    const bool plays = is_own && i >= 2;
    notes[i]         = (CnNote){.onset    = BAR * i,
                                .duration = BAR,
                                .pitch    = plays ? 72 : 60,
                                .velocity = 64,
                                .part     = plays ? CN_PART_CONTINUO : CN_PART_MUSICIAN};
  }
  assert_int_equal(cn_score_new(notes, N_BARS, NULL, 0, NULL, 0, &score), CN_STATUS_SUCCESS);
  return score;
}

static int
setup(void** const state)
{
  (void)state;
  real = make_score(false);
  own  = make_score(true);
  return cn_score_new(NULL, 0, NULL, 0, NULL, 0, &none);
}

static int
teardown(void** const state)
{
  (void)state;
  cn_score_free(real);
  cn_score_free(own);
  cn_score_free(none);
  return 0;
}

static cairo_surface_t*
draw(const CnRollPanel* const panels, const size_t n, const unsigned n_columns)
{
  char     path[64];
  uint8_t* data       = NULL;
  size_t   size       = 0;
  char     fault[128] = "";
  snprintf(path, sizeof(path), "/tmp/continuo-sheet-%ld.png", (long)getpid());
  if (cn_roll_sheet_render(panels, n, n_columns, &options, &data, &size, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  free(data);
  cairo_surface_t* const surface = cn_png_read(path);
  unlink(path);
  return surface;
}

/// Whether there is a filled whole note at the middle of a bar, between two heights of the page [units]
static bool
has_note(cairo_surface_t* const surface, const double left, const double width, const unsigned bar,
         const double top, const double bottom)
{
  const CnPixel color = cn_pixel_of(cn_color_duration(BAR));
  bool          found = false;
  for (int i = 0; top + 0.5 * i < bottom; ++i) {
    found = found || cn_pixel(surface, left + (bar + 0.5) / N_BARS * width, top + 0.5 * i) == color;
  }
  return found;
}

static void
test_scores_stand_side_by_side(void** const state)
{
  (void)state;
  const CnRollPanel      panels[] = {{real, "real"}, {own, "own"}};
  cairo_surface_t* const surface  = draw(panels, 2, 2);
  const double           second   = CN_ROLL_LEFT + 484.0; // Half of the page's width and of a keyboard's room
  for (unsigned bar = 0; bar < N_BARS; ++bar) {
    // Pitches are the same in both: C4 in the lower half, C5 in the upper one
    assert_true(has_note(surface, CN_ROLL_LEFT, 436.0, bar, 155.0, 210.0));
    assert_false(has_note(surface, CN_ROLL_LEFT, 436.0, bar, 98.0, 155.0));
    assert_int_equal(has_note(surface, second, 436.0, bar, 98.0, 155.0), bar >= 2);
    assert_false(has_note(surface, second, 436.0, bar, 155.0, 210.0)); // Of the musician, and pale
  }
  // The phrase's ground is tinted in both, and what follows is not
  const CnPixel tint = cn_pixel(surface, CN_ROLL_LEFT + 60.0, 217.0);
  assert_int_not_equal(tint, cn_pixel_of(CN_PAPER));
  assert_int_equal(cn_pixel(surface, second + 60.0, 217.0), tint);
  assert_int_equal(cn_pixel(surface, CN_ROLL_LEFT + 300.0, 217.0), cn_pixel_of(CN_PAPER));
  assert_int_equal(cn_pixel(surface, second + 300.0, 217.0), cn_pixel_of(CN_PAPER));
  cairo_surface_destroy(surface);
}

static void
test_rows_are_as_many_as_it_takes(void** const state)
{
  (void)state;
  const CnRollPanel panels[] = {{real, "1"}, {own, "2"}, {real, "3"}, {own, "4"}, {real, "5"}};
  int               heights[3];
  for (unsigned i = 0; i < 3; ++i) {
    static const unsigned  columns[] = {1, 2, 4};
    cairo_surface_t* const surface   = draw(panels, 5, columns[i]);
    heights[i]                       = cairo_image_surface_get_height(surface);
    assert_int_equal(cairo_image_surface_get_width(surface), WIDTH);
    cairo_surface_destroy(surface);
  }
  assert_int_equal(heights[0] - heights[1], heights[1] - heights[2] + (heights[1] - heights[2])); // 5, 3, 2
}

static void
test_faults_name_their_score(void** const state)
{
  (void)state;
  const CnRollPanel panels[] = {{real, "good"}, {none, "empty"}};
  uint8_t*          data     = NULL;
  size_t            size     = 0;
  char              fault[128];
  assert_int_equal(cn_roll_sheet_render(panels, 2, 2, &options, &data, &size, CN_FAULT(fault)),
                   CN_STATUS_NOT_FOUND);
  assert_string_equal(fault, "empty: there are no notes to draw");
  assert_int_equal(cn_roll_sheet_render(panels, 1, 0, &options, &data, &size, CN_NO_FAULT),
                   CN_STATUS_BAD_ARG);
  assert_int_equal(cn_roll_sheet_render(panels, 1, 5, &options, &data, &size, CN_NO_FAULT),
                   CN_STATUS_BAD_ARG);
  assert_int_equal(cn_roll_sheet_render(panels, 0, 1, &options, &data, &size, CN_NO_FAULT),
                   CN_STATUS_BAD_ARG);
  assert_null(data);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scores_stand_side_by_side),
      cmocka_unit_test(test_rows_are_as_many_as_it_takes),
      cmocka_unit_test(test_faults_name_their_score),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
