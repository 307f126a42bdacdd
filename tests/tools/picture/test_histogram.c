// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/pixels.h"

#include "tools/picture/draw.h"
#include "tools/picture/histogram.h"
#include "tools/picture/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(path, sizeof(path), "/tmp/continuo-histogram-%ld.png", (long)getpid());
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  unlink(path);
  return 0;
}

static void
test_all_notes_of_all_pieces_are_counted(void** const state)
{
  CnNote         a[3]      = {{.pitch = 21}, {.pitch = 60}, {.pitch = 108}};
  CnNote         b[2]      = {{.pitch = 60}, {.pitch = 61}};
  CnPiece        pieces[2] = {{.notes = a, .n_notes = 3}, {.notes = b, .n_notes = 2, .split = CN_SPLIT_TEST}};
  const CnCorpus corpus    = {.pieces = pieces, .n_pieces = 2};
  (void)state;
  const CnHistogram histogram = cn_histogram_count(&corpus);
  assert_int_equal(histogram.n_pieces, 2);
  assert_int_equal(histogram.n_notes, 5);
  assert_int_equal(histogram.counts[0], 1);
  assert_int_equal(histogram.counts[39], 2);
  assert_int_equal(histogram.counts[40], 1);
  assert_int_equal(histogram.counts[87], 1);
  assert_int_equal(histogram.counts[1], 0);
}

static cairo_surface_t*
draw(const CnHistogram* const histogram)
{
  char         fault[128] = "";
  const CnPage page       = cn_histogram_page(histogram, CN_PICTURE_PNG, 2000);
  if (cn_picture_save(&page, path, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
  return cn_png_read(path);
}

// Place of a key's middle [units]
static double
key_place(const unsigned key)
{
  return CN_PLOT_LEFT + (CN_PLOT_RIGHT - CN_PLOT_LEFT) * (key + 0.5) / CN_N_PITCHES;
}

/// Height of a key's bar [units], by what is drawn
static double
measure_bar(cairo_surface_t* const surface, const unsigned key)
{
  const CnPixel color = cn_pixel(surface, key_place(key), 378.0);
  int           n     = 0; // Half units
  while (cn_pixel(surface, key_place(key), 379.0 - 0.5 * n) == color && 379.0 - 0.5 * n > CN_PLOT_TOP) {
    ++n;
  }
  return 0.5 * n;
}

static void
test_bars_are_as_high_as_their_counts(void** const state)
{
  CnHistogram histogram = {.n_notes = 1750, .n_pieces = 1, .title = "Test"};
  (void)state;
  histogram.counts[40]           = 1000; // Its name is written above it
  histogram.counts[20]           = 500;
  histogram.counts[22]           = 250;
  cairo_surface_t* const surface = draw(&histogram);
  const double           whole   = measure_bar(surface, 40);
  assert_true(whole > 250.0);
  assert_in_range((int)(10.0 * measure_bar(surface, 20)), (int)(5.0 * whole) - 10, (int)(5.0 * whole) + 10);
  assert_in_range((int)(10.0 * measure_bar(surface, 22)), (int)(2.5 * whole) - 10, (int)(2.5 * whole) + 10);
  cairo_surface_destroy(surface);
}

static void
test_black_keys_are_told_apart(void** const state)
{
  CnHistogram histogram = {.n_notes = 88000, .n_pieces = 1, .title = "Test"};
  (void)state;
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    histogram.counts[key] = 1000;
  }
  cairo_surface_t* const surface = draw(&histogram);
  const CnPixel          white   = cn_pixel(surface, key_place(60 - 21), 300.0);
  const CnPixel          black   = cn_pixel(surface, key_place(61 - 21), 300.0);
  assert_int_not_equal(white, black);
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    assert_int_equal(cn_pixel(surface, key_place(key), 300.0),
                     cn_key_is_black((int)key + 21) ? black : white);
  }
  cairo_surface_destroy(surface);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_notes_of_all_pieces_are_counted),
      cmocka_unit_test(test_bars_are_as_high_as_their_counts),
      cmocka_unit_test(test_black_keys_are_told_apart),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
