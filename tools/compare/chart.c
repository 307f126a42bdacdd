// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/chart.h"

#include "tools/picture/draw.h"
#include "tools/picture/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define ROWS 6                                                   ///< Of panels
#define DISTANCE_TOP (CN_CHART_TOP + ROWS * CN_CHART_ROW + 20.0) ///< [units]
#define DISTANCE_HEIGHT 130.0                                    ///< [units]
#define HEIGHT (DISTANCE_TOP + DISTANCE_HEIGHT + 46.0)           ///< [units] of the page
#define NAME_SIZE 10.0                                           ///< [units]
#define NUMBER_SIZE 7.5                                          ///< [units]
#define DOT 1.9                                                  ///< [units] Radius
#define TITLE_ROOM 560.0                                         ///< [units]
#define KEYS_A_ROW 3                                             ///< Of the legend

_Static_assert(ROWS* CN_CHART_COLUMNS >= CN_N_FEATURES, "each feature has a panel");

static const CnColor band = {0.86, 0.885, 0.92};

/// Values to places, with some room above and below
static CnScale
make_scale(const CnRange range, const double bottom, const double top)
{
  const double room = range.high > range.low ? 0.08 * (range.high - range.low) : 0.5;
  return (CnScale){range.low - room, range.high + room, bottom, top};
}

/// Draw a line through a value a section, and a dot at each
static void
draw_series(cairo_t* const cr, const double* const values, const unsigned n, const CnScale* const x,
            const CnScale* const y, const CnColor color)
{
  const CnPen pen = {color, 1.3, {0.0, 0.0}};
  cn_plot_set_pen(cr, &pen);
  bool is_down = false;
  for (unsigned s = 0; s < n; ++s) {
    const double place = cn_scale_place(x, CN_SECTION_BARS * (s + 1.0));
    if (isnan(values[s])) {
      is_down = false;
    } else if (is_down) {
      cairo_line_to(cr, place, cn_scale_place(y, values[s]));
    } else {
      cairo_move_to(cr, place, cn_scale_place(y, values[s]));
      is_down = true;
    }
  }
  cairo_stroke(cr);
  for (unsigned s = 0; s < n; ++s) {
    if (!isnan(values[s])) {
      cairo_arc(cr, cn_scale_place(x, CN_SECTION_BARS * (s + 1.0)), cn_scale_place(y, values[s]), DOT, 0.0,
                2.0 * CN_PI);
      cairo_fill(cr);
    }
  }
}

/// From bars after the phrase to places, half a section beyond at both ends
static CnScale
make_x(const CnChart* const chart, const double left, const double width)
{
  const double last = CN_SECTION_BARS * chart->comparisons[0]->n_sections;
  return (CnScale){0.5 * CN_SECTION_BARS, last + 0.5 * CN_SECTION_BARS, left, left + width};
}

// --- Features

static CnRange
find_range(const CnChart* const chart, const unsigned f)
{
  CnRange range = {INFINITY, -INFINITY};
  for (size_t c = 0; c < chart->n; ++c) {
    const CnFeatureRange* const feature = &chart->comparisons[c]->features[f];
    cn_range_widen(&range, feature->low);
    cn_range_widen(&range, feature->high);
    for (unsigned s = 0; s < chart->comparisons[c]->n_sections; ++s) {
      cn_range_widen(&range, feature->own[s]);
    }
  }
  return range;
}

static void
draw_band(cairo_t* const cr, const CnFeatureRange* const feature, const CnScale* const x,
          const CnScale* const y)
{
  const double top    = cn_scale_place(y, feature->high);
  const double middle = cn_scale_place(y, feature->middle);
  cn_draw_color(cr, band, 1.0);
  cairo_rectangle(cr, x->start, top, x->end - x->start, fmax(cn_scale_place(y, feature->low) - top, 1.0));
  cairo_fill(cr);
  cn_draw_color(cr, CN_INK_FAINT, 1.0);
  cairo_set_line_width(cr, 0.8);
  cn_draw_line(cr, x->start, middle, x->end, middle);
}

static void
draw_frame(cairo_t* const cr, const CnRange range, const CnScale* const x, const CnScale* const y)
{
  const double ends[] = {range.low, range.high};
  for (unsigned i = 0; i < 2; ++i) {
    char number[64];
    cn_plot_number(number, sizeof(number), ends[i], fabs(range.high) < 10.0 ? 2 : 0);
    cn_draw_color(cr, CN_INK_FAINT, 1.0);
    cn_draw_text(cr, x->start - 3.0, cn_scale_place(y, ends[i]) + 0.36 * NUMBER_SIZE, NUMBER_SIZE,
                 CN_ALIGN_RIGHT, number);
  }
  cn_draw_color(cr, CN_RULE, 1.0);
  cairo_set_line_width(cr, 0.6);
  cn_draw_line(cr, x->start, y->start, x->end, y->start);
}

static void
draw_feature(cairo_t* const cr, const CnChart* const chart, const unsigned f)
{
  const unsigned column = f % CN_CHART_COLUMNS;
  const unsigned row    = f / CN_CHART_COLUMNS;
  const double   left   = CN_CHART_PANEL_LEFT + CN_CHART_PANEL_STEP * column;
  const double   top    = CN_CHART_TOP + CN_CHART_ROW * row;
  const CnRange  range  = find_range(chart, f);
  const CnScale  x      = make_x(chart, left, CN_CHART_PANEL_WIDTH);
  const CnScale  y      = make_scale(range, top + CN_CHART_PANEL_HEIGHT, top);
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, left, top - 4.0, NAME_SIZE, CN_ALIGN_LEFT, cn_feature_name(f));
  draw_band(cr, &chart->comparisons[0]->features[f], &x, &y);
  draw_frame(cr, range, &x, &y);
  for (size_t c = 0; c < chart->n; ++c) {
    draw_series(cr, chart->comparisons[c]->features[f].own, chart->comparisons[c]->n_sections, &x, &y,
                cn_plot_color(c));
  }
}

// --- Distances

static void
draw_distances(cairo_t* const cr, const CnChart* const chart)
{
  const unsigned n_sections = chart->comparisons[0]->n_sections;
  const unsigned stride     = 1 + n_sections / 17; // Sections from one number to the next
  CnRange        range      = {0.0, 0.1};
  for (size_t c = 0; c < chart->n; ++c) {
    for (unsigned s = 0; s < n_sections; ++s) {
      cn_range_widen(&range, chart->comparisons[c]->distance_real[s]);
      cn_range_widen(&range, chart->comparisons[c]->distance_own[s]);
    }
  }
  const double  bottom  = DISTANCE_TOP + DISTANCE_HEIGHT;
  const CnScale x       = make_x(chart, CN_PLOT_LEFT, CN_PLOT_RIGHT - CN_PLOT_LEFT);
  const CnScale y       = {0.0, 1.08 * range.high, bottom, DISTANCE_TOP};
  const CnTicks y_ticks = cn_ticks_new(y.low, y.high, 6);
  const CnTicks x_ticks = {CN_SECTION_BARS, CN_SECTION_BARS * stride, (int)(n_sections / stride), 0};
  cn_plot_draw_y(cr, &y, &y_ticks, "distance from the phrase [standard deviations of real music]");
  cn_plot_draw_x(cr, &x, &x_ticks, bottom, "bars after the phrase");
  draw_series(cr, chart->comparisons[0]->distance_real, n_sections, &x, &y, CN_INK_FAINT);
  for (size_t c = 0; c < chart->n; ++c) {
    draw_series(cr, chart->comparisons[c]->distance_own, n_sections, &x, &y, cn_plot_color(c));
  }
}

// --- The page

static void
draw_legend(cairo_t* const cr, const CnChart* const chart)
{
  double right = CN_PLOT_RIGHT;
  double y     = CN_PLOT_LEGEND_Y;
  for (size_t c = 0; c < chart->n; ++c) {
    const CnPen pen = {cn_plot_color(c), 2.0, {0.0, 0.0}};
    char        name[128];
    char        text[256];
    cn_draw_fit_text(name, sizeof(name), chart->names[c]);
    snprintf(text, sizeof(text), "%s, told in %.2f", name, chart->comparisons[c]->told);
    if (c && c % KEYS_A_ROW == 0) {
      right = CN_PLOT_RIGHT;
      y += CN_PLOT_LEGEND_ROW;
    }
    right = cn_plot_draw_key(cr, right, y, &pen, text) - 14.0;
  }
}

static void
paint_chart(cairo_t* const cr, const void* const object)
{
  const CnChart* const      chart = object;
  const CnComparison* const first = chart->comparisons[0];
  char                      text[256];
  snprintf(text, sizeof(text),
           "Medians by eight bars after the phrase; band: 10 to 90 %% of %zu sections of %zu real pieces",
           first->n_real, first->n_pieces);
  cn_draw_title(cr, TITLE_ROOM, chart->title);
  cn_draw_subtitle(cr, text);
  draw_legend(cr, chart);
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    draw_feature(cr, chart, f);
  }
  draw_distances(cr, chart);
}

CnPage
cn_chart_page(const CnChart* const chart, const CnPictureFormat format, const int width)
{
  return (CnPage){format, width, HEIGHT, chart, paint_chart};
}
