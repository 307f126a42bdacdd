// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file plot.h
   Axes with round numbers, and the entries of a legend.  All thread class WORKER.
*/

#ifndef CN_PLOT_H
#define CN_PLOT_H

#include "tools/picture/draw.h"

#include <stddef.h>

#define CN_PLOT_LEFT 64.0 ///< [units] Left end of all plots
#define CN_PLOT_RIGHT (CN_PAGE_WIDTH - CN_PAGE_MARGIN)
#define CN_PLOT_TOP 80.0        ///< [units] Upper end of the first plot
#define CN_PLOT_TEXT_SIZE 10.0  ///< [units] Font size of numbers, names and legends
#define CN_PLOT_LEGEND_Y 29.0   ///< [units] Baseline of the legend's first row
#define CN_PLOT_LEGEND_ROW 16.0 ///< [units]

/// The least and the greatest of some numbers
typedef struct {
  double low;
  double high;
} CnRange;

/// From values to places on the page
typedef struct {
  double low;   ///< Value at `start`
  double high;  ///< Value at `end`; above `low`
  double start; ///< [units]
  double end;   ///< [units]
} CnScale;

/// Round numbers along an axis
typedef struct {
  double first;    ///< A multiple of `step`
  double step;     ///< 1, 2 or 5 times a power of ten
  int    n;        ///< How many
  int    decimals; ///< That tell them apart
} CnTicks;

/// How a line is drawn
typedef struct {
  CnColor color;
  double  width;   ///< [units]
  double  dash[2]; ///< [units] on and off; 0: without gaps
} CnPen;

/// Okabe and Ito's colours, which colour-blind eyes tell apart; repeats after seven.  Thread: WORKER
CnColor
cn_plot_color(size_t i);

/// Let a range have a number in it; what is none leaves it.  Thread: WORKER
void
cn_range_widen(CnRange* range, double value);

/// Place of a value [units].  Thread: WORKER
double
cn_scale_place(const CnScale* scale, double value);

/**
   Round numbers from `low` to `high`.

   @param most How many at most; 2 at least.

   Thread: WORKER
*/
CnTicks
cn_ticks_new(double low, double high, int most);

/// Write a number as an axis has it, thousands apart.  Thread: WORKER
void
cn_plot_number(char* text, size_t size, double value, int decimals);

/// Draw the horizontal rules of an upward axis, its numbers to the left, and what it counts above.
/// Thread: WORKER
void
cn_plot_draw_y(cairo_t* cr, const CnScale* y, const CnTicks* ticks, const char* name);

/// Draw an axis to the right at the height `bottom`, its numbers beneath, and what it counts.  Thread: WORKER
void
cn_plot_draw_x(cairo_t* cr, const CnScale* x, const CnTicks* ticks, double bottom, const char* name);

/// Get ready to draw a line.  Thread: WORKER
void
cn_plot_set_pen(cairo_t* cr, const CnPen* pen);

/// Draw a legend's line to the left of `right`; @return the entry's left end [units].  Thread: WORKER
double
cn_plot_draw_key(cairo_t* cr, double right, double y, const CnPen* pen, const char* name);

#endif // CN_PLOT_H
