// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/pixels.h"

#include "tools/compare/chart.h"
#include "tools/picture/draw.h"
#include "tools/picture/plot.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_SECTIONS = 4, N_OWN = 2 };

static char         path[64];
static CnComparison comparisons[N_OWN];

/// Real music from 2 to 8, what was made at 10 and at 0; the distances are 1, and 2 and 3
static int
setup(void** const state)
{
  (void)state;
  snprintf(path, sizeof(path), "/tmp/continuo-chart-%ld.png", (long)getpid());
  for (unsigned c = 0; c < N_OWN; ++c) {
    comparisons[c].n_sections = N_SECTIONS;
    for (unsigned s = 0; s < N_SECTIONS; ++s) {
      comparisons[c].distance_real[s] = 1.0;
      comparisons[c].distance_own[s]  = 2.0 + c;
    }
    for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
      comparisons[c].features[f] = (CnFeatureRange){.low = 2.0, .middle = 5.0, .high = 8.0};
      for (unsigned s = 0; s < N_SECTIONS; ++s) {
        comparisons[c].features[f].own[s] = c ? 0.0 : 10.0;
      }
    }
  }
  comparisons[1].features[7].own[2] = NAN; // Nothing was to be looked at
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  unlink(path);
  return 0;
}

static cairo_surface_t*
draw(void)
{
  static const CnComparison* const list[N_OWN]  = {&comparisons[0], &comparisons[1]};
  static const char* const         names[N_OWN] = {"first", "second"};

  char          fault[128] = "";
  const CnChart chart      = {list, names, N_OWN, "Test"};
  const CnPage  page       = cn_chart_page(&chart, CN_PICTURE_PNG, 2000);
  if (cn_picture_save(&page, path, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
  return cn_png_read(path);
}

/// The pixel at a section and a value of a panel, whose values go from 0 to 10
static CnPixel
look(cairo_surface_t* const surface, const unsigned f, const double section, const double value)
{
  const unsigned column = f % CN_CHART_COLUMNS;
  const unsigned row    = f / CN_CHART_COLUMNS;
  const double   left   = CN_CHART_PANEL_LEFT + CN_CHART_PANEL_STEP * column;
  const double   top    = CN_CHART_TOP + CN_CHART_ROW * row;
  return cn_pixel(surface, left + (section + 0.5) / N_SECTIONS * CN_CHART_PANEL_WIDTH,
                  top + (10.8 - value) / 11.6 * CN_CHART_PANEL_HEIGHT);
}

static void
test_each_panel_has_its_band_and_lines(void** const state)
{
  (void)state;
  cairo_surface_t* const surface = draw();
  const CnPixel          band    = look(surface, 0, 1.5, 3.5);
  assert_int_not_equal(band, cn_pixel_of(CN_PAPER));
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    for (unsigned s = 0; s < N_SECTIONS; ++s) {
      assert_int_equal(look(surface, f, s, 10.0), cn_pixel_of(cn_plot_color(0)));
      assert_int_equal(look(surface, f, s, 7.5), band);
      assert_int_equal(look(surface, f, s, 2.5), band);
      assert_int_equal(look(surface, f, s, 9.0), cn_pixel_of(CN_PAPER));
      assert_int_equal(look(surface, f, s, 1.0), cn_pixel_of(CN_PAPER));
      assert_int_not_equal(look(surface, f, s, 5.0), band); // The median
      assert_int_equal(look(surface, f, s, 0.0), cn_pixel_of(f == 7 && s == 2 ? CN_PAPER : cn_plot_color(1)));
    }
  }
  assert_int_equal(look(surface, 7, 1.5, 0.0), cn_pixel_of(CN_PAPER)); // No line over what is missing
  assert_int_equal(look(surface, 6, 1.5, 0.0), cn_pixel_of(cn_plot_color(1)));
  cairo_surface_destroy(surface);
}

static void
test_all_formats_can_be_drawn(void** const state)
{
  (void)state;
  static const CnComparison* const list[]  = {&comparisons[0]};
  static const char* const         names[] = {"\xFF one"};

  const CnChart chart = {list, names, 1, "Test"};
  for (unsigned format = 0; format < 3; ++format) {
    const CnPage page = cn_chart_page(&chart, (CnPictureFormat)format, 400);
    uint8_t*     data = NULL;
    size_t       size = 0;
    assert_int_equal(cn_picture_render(&page, &data, &size, CN_NO_FAULT), CN_STATUS_SUCCESS);
    assert_true(size > 5000);
    free(data);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_panel_has_its_band_and_lines),
      cmocka_unit_test(test_all_formats_can_be_drawn),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
