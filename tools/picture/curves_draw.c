// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/curves_internal.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define ONE_PANEL 330.0     ///< [units] Height of a panel that stands alone
#define PANEL_OF_MANY 220.0 ///< [units] Height of one of several
#define PANEL_GAP 64.0      ///< [units] for an axis and the next panel's name
#define FOOT 48.0           ///< [units] for the last axis
#define RUNS_A_ROW 3        ///< Of the legend
#define TITLE_ROOM 480.0    ///< [units]
#define MARK 3.6            ///< [units] Radius of the best place's ring

static CnRange
find_x_range(const CnCurves* const curves)
{
  CnRange range = {INFINITY, -INFINITY};
  for (size_t r = 0; r < curves->n_runs; ++r) {
    for (size_t row = 0; row < curves->runs[r].table.n_rows; ++row) {
      cn_range_widen(&range, cn_run_place(&curves->runs[r], row));
    }
  }
  if (range.low > range.high) {
    range = (CnRange){0.0, 1.0};
  }
  range.low = range.low > 0.0 && range.low < 0.3 * range.high ? 0.0 : range.low; // Runs begin at 0
  return range.high > range.low ? range : (CnRange){range.low - 0.5, range.low + 0.5};
}

// Losses of a panel; of runs of five rows and more, without the first tenth
static CnRange
find_losses(const CnCurves* const curves, const size_t panel, const bool skips)
{
  CnRange range = {INFINITY, -INFINITY};
  for (size_t r = 0; r < curves->n_runs; ++r) {
    const CnRun* const run   = &curves->runs[r];
    const size_t       n     = run->table.n_rows;
    const size_t       first = !skips || n < 5 ? 0 : (n + 9) / 10;
    for (size_t i = 0; i < run->n_curves; ++i) {
      for (size_t row = first; run->curves[i].panel == panel && row < n; ++row) {
        cn_range_widen(&range, cn_run_value(run, &run->curves[i], row));
      }
    }
  }
  return range;
}

// What a run begins with comes in from above: it would squash the rest
static CnRange
find_y_range(const CnCurves* const curves, const size_t panel)
{
  CnRange       range = find_losses(curves, panel, false);
  const CnRange later = find_losses(curves, panel, true);
  if (later.high > later.low) {
    range.high = later.high;
  }
  const double room = range.high > range.low ? 0.06 * (range.high - range.low) : 0.5 * fabs(range.low) + 0.1;
  return (CnRange){range.low - room, range.high + room};
}

static double
panel_height(const CnCurves* const curves)
{
  return curves->n_panels > 1 ? PANEL_OF_MANY : ONE_PANEL;
}

// Upper end of the first panel: below the runs' names, if there are several
static double
first_top(const CnCurves* const curves)
{
  const size_t n_rows = curves->n_runs > 1 ? (curves->n_runs + RUNS_A_ROW - 1) / RUNS_A_ROW : 0;
  return CN_PLOT_TOP + CN_PLOT_LEGEND_ROW * (double)n_rows;
}

double
cn_curves_height(const CnCurves* const curves)
{
  const double n = (double)curves->n_panels;
  return first_top(curves) + n * panel_height(curves) + (n - 1.0) * PANEL_GAP + FOOT;
}

/// Colour tells the kind of one run's curves, or runs from each other; the kind shows in the dashes, too
static CnPen
choose_pen(const CnCurves* const curves, const size_t run, const CnCurveKind kind)
{
  static const CnPen  pens[CN_N_CURVE_KINDS]   = {{{0.0, 0.0, 0.0}, 1.3, {2.0, 2.5}},
                                                  {{0.0, 0.0, 0.0}, 2.0, {0.0, 0.0}},
                                                  {{0.0, 0.0, 0.0}, 1.7, {7.0, 3.5}}};
  static const size_t colors[CN_N_CURVE_KINDS] = {1, 0, 2};

  CnPen pen = pens[kind];
  pen.color = cn_plot_color(curves->n_runs > 1 ? run : colors[kind]);
  return pen;
}

// Of the mean of the validations
static CnPen
judgement_pen(const CnCurves* const curves, const size_t run)
{
  return (CnPen){curves->n_runs > 1 ? cn_plot_color(run) : CN_INK, 1.0, {0.0, 0.0}};
}

static bool
has_several(const CnRun* const run, const size_t panel)
{
  unsigned n = 0;
  for (size_t i = 0; i < run->n_curves; ++i) {
    n += run->curves[i].panel == panel && run->curves[i].kind != CN_CURVE_TRAIN;
  }
  return n > 1;
}

static void
draw_curve(cairo_t* const cr, const CnRun* const run, const CnCurve* const curve, const CnPen* const pen,
           const CnScale* const x, const CnScale* const y)
{
  bool has_point = false;
  cn_plot_set_pen(cr, pen);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND); // So that a lone point is a dot
  cairo_new_path(cr);
  for (size_t row = 0; row < run->table.n_rows; ++row) {
    const double value = cn_run_value(run, curve, row);
    const double place = cn_run_place(run, row);
    if (isnan(value) || isnan(place)) {
      has_point = false;
      continue;
    }
    if (!has_point) {
      cairo_move_to(cr, cn_scale_place(x, place), cn_scale_place(y, value));
    }
    cairo_line_to(cr, cn_scale_place(x, place), cn_scale_place(y, value));
    has_point = true;
  }
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0.0);
}

// What decides which row is the best: the mean of the validations, where there are several
static void
draw_judgement(cairo_t* const cr, const CnCurves* const curves, const size_t r, const size_t panel,
               const CnScale* const x, const CnScale* const y)
{
  const CnRun* const run = &curves->runs[r];
  const CnPen        pen = judgement_pen(curves, r);
  cn_plot_set_pen(cr, &pen);
  cairo_new_path(cr);
  for (size_t row = 0; row < run->table.n_rows; ++row) {
    const double value = cn_run_judgement(run, panel, row);
    const double place = cn_run_place(run, row);
    if (!isnan(value) && !isnan(place)) { // A path without a point begins with one
      cairo_line_to(cr, cn_scale_place(x, place), cn_scale_place(y, value));
    }
  }
  cairo_stroke(cr);
}

/// Mark a run's best row on what decided with a ring, and with its value where that is not in the legend
static void
draw_best(cairo_t* const cr, const CnCurves* const curves, const size_t r, const size_t panel,
          const CnScale* const x, const CnScale* const y, const int decimals)
{
  const CnRun* const run = &curves->runs[r];
  const size_t       row = cn_run_best(run, panel);
  if (row == SIZE_MAX || isnan(cn_run_place(run, row))) {
    return;
  }
  const double value = cn_run_judgement(run, panel, row);
  const double px    = cn_scale_place(x, cn_run_place(run, row));
  const double py    = cn_scale_place(y, value);
  const CnPen  pen =
      has_several(run, panel) ? judgement_pen(curves, r) : choose_pen(curves, r, CN_CURVE_VALID);
  cairo_arc(cr, px, py, MARK, 0.0, 2.0 * CN_PI);
  cn_draw_color(cr, CN_PAPER, 1.0);
  cairo_fill_preserve(cr);
  cn_draw_color(cr, pen.color, 1.0);
  cairo_set_line_width(cr, 1.8);
  cairo_stroke(cr);
  if (curves->n_runs == 1) {
    char text[64];
    cn_plot_number(text, sizeof(text), value, decimals);
    const double half = 0.5 * cn_draw_text_width(cr, CN_PLOT_TEXT_SIZE, text);
    cn_draw_label(cr, fmin(px, CN_PLOT_RIGHT - half), py - 9.0, CN_PLOT_TEXT_SIZE, CN_ALIGN_CENTER, text);
  }
}

static const char*
name_x(const CnCurves* const curves)
{
  const CnRun* const run = &curves->runs[0];
  return run->over < 0 ? "validation" : run->table.names[run->over];
}

// Epochs are not cut up, unless there are hardly any
static int
most_x_ticks(const CnRange* const range)
{
  const double n = range->high - range->low;
  return n >= 2.0 && n < 12.0 ? 1 + (int)n : 12;
}

static void
draw_panel(cairo_t* const cr, const CnCurves* const curves, const size_t panel, const CnRange* const x_range)
{
  const double  top     = first_top(curves) + (double)panel * (panel_height(curves) + PANEL_GAP);
  const double  bottom  = top + panel_height(curves);
  const CnRange y_range = find_y_range(curves, panel);

  const CnScale x       = {x_range->low, x_range->high, CN_PLOT_LEFT, CN_PLOT_RIGHT};
  const CnScale y       = {y_range.low, y_range.high, bottom, top};
  const CnTicks x_ticks = cn_ticks_new(x.low, x.high, most_x_ticks(x_range));
  const CnTicks y_ticks = cn_ticks_new(y.low, y.high, curves->n_panels > 1 ? 6 : 9);
  char          name[CN_CURVES_MAX_NAME + 8];
  if (curves->is_ours && !curves->panels[panel][0]) {
    snprintf(name, sizeof(name), "nats a note");
  } else {
    snprintf(name, sizeof(name), "%s%sloss", curves->panels[panel], curves->panels[panel][0] ? " " : "");
  }
  cn_plot_draw_y(cr, &y, &y_ticks, name);
  cn_plot_draw_x(cr, &x, &x_ticks, bottom, name_x(curves));
  cairo_save(cr);
  cairo_rectangle(cr, CN_PLOT_LEFT - MARK, top, CN_PLOT_RIGHT - CN_PLOT_LEFT + 2.0 * MARK, bottom - top);
  cairo_clip(cr);
  for (size_t r = 0; r < curves->n_runs; ++r) {
    const CnRun* const run = &curves->runs[r];
    for (size_t i = 0; i < run->n_curves; ++i) {
      if (run->curves[i].panel == panel) {
        const CnPen pen = choose_pen(curves, r, run->curves[i].kind);
        draw_curve(cr, run, &run->curves[i], &pen, &x, &y);
      }
    }
    if (has_several(run, panel)) {
      draw_judgement(cr, curves, r, panel, &x, &y);
    }
  }
  cairo_restore(cr);
  for (size_t r = 0; r < curves->n_runs; ++r) {
    draw_best(cr, curves, r, panel, &x, &y, y_ticks.decimals > 1 ? y_ticks.decimals + 2 : 3);
  }
}

static void
draw_kinds(cairo_t* const cr, const CnCurves* const curves)
{
  static const char* const names[CN_N_CURVE_KINDS] = {"training", "validation", "without motifs"};

  double right = CN_PLOT_RIGHT;
  if (has_several(&curves->runs[0], 0)) {
    const CnPen pen = judgement_pen(curves, 0);
    right = cn_plot_draw_key(cr, right, CN_PLOT_LEGEND_Y, &pen, "mean of both, which decides") - 18.0;
  }
  for (unsigned kind = CN_N_CURVE_KINDS; kind-- > 0;) {
    if (curves->has_kind[kind]) {
      CnPen pen = choose_pen(curves, 0, (CnCurveKind)kind);
      pen.color = curves->n_runs > 1 ? CN_INK : pen.color;
      right     = cn_plot_draw_key(cr, right, CN_PLOT_LEGEND_Y, &pen, names[kind]) - 18.0;
    }
  }
}

/// Best validation of a run in the first panel, or NaN
static double
best_value(const CnRun* const run)
{
  const size_t row = cn_run_best(run, 0);
  return row == SIZE_MAX ? NAN : cn_run_judgement(run, 0, row);
}

/// Name the runs, in rows, each with its best validation
static void
draw_runs(cairo_t* const cr, const CnCurves* const curves)
{
  const double column = (CN_PLOT_RIGHT - CN_PLOT_LEFT) / RUNS_A_ROW;
  for (size_t r = 0; curves->n_runs > 1 && r < curves->n_runs; ++r) {
    const double left = CN_PLOT_LEFT + column * (double)(r % RUNS_A_ROW);
    const size_t row  = r / RUNS_A_ROW;
    const double y    = 66.0 + CN_PLOT_LEGEND_ROW * (double)row;
    const double best = best_value(&curves->runs[r]);
    const CnPen  pen  = choose_pen(curves, r, CN_CURVE_VALID);
    char         name[49];
    char         text[96];
    cn_draw_fit_text(name, isnan(best) ? sizeof(name) : sizeof(name) - 8, curves->runs[r].name);
    if (isnan(best)) {
      snprintf(text, sizeof(text), "%s", name);
    } else {
      snprintf(text, sizeof(text), "%s: best %.3f", name, best);
    }
    cn_plot_draw_key(cr, left + 32.0 + cn_draw_text_width(cr, CN_PLOT_TEXT_SIZE, text), y, &pen, text);
  }
}

static void
draw_header(cairo_t* const cr, const CnCurves* const curves)
{
  const CnRun* const run = &curves->runs[0];
  char               title[64];
  char               text[192];
  snprintf(title, sizeof(title), "%zu training runs", curves->n_runs);
  cn_draw_title(cr, TITLE_ROOM, curves->title ? curves->title : curves->n_runs > 1 ? title : run->name);
  const size_t row = cn_run_best(run, 0);
  if (curves->n_runs > 1) {
    snprintf(text, sizeof(text), "the best validation of each is marked");
  } else if (row == SIZE_MAX || curves->n_panels > 1) {
    snprintf(text, sizeof(text), "%zu row%s", run->table.n_rows, run->table.n_rows == 1 ? "" : "s");
  } else {
    const double place = cn_run_place(run, row);
    snprintf(text, sizeof(text), "%zu validation%s  \u00B7  best: %s %.*f", run->table.n_rows,
             run->table.n_rows == 1 ? "" : "s", name_x(curves),
             place < 10.0    ? 2
             : place < 100.0 ? 1
                             : 0,
             place);
  }
  cn_draw_subtitle(cr, text);
}

void
cn_curves_paint(cairo_t* const cr, const void* const object)
{
  const CnCurves* const curves = object;
  const CnRange         range  = find_x_range(curves);
  draw_header(cr, curves);
  draw_kinds(cr, curves);
  draw_runs(cr, curves);
  for (size_t panel = 0; panel < curves->n_panels; ++panel) {
    draw_panel(cr, curves, panel, &range);
  }
}
