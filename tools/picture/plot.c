// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define KEY_WIDTH 26.0 ///< [units] Line of an entry of a legend
#define THIN_SPACE "\u2009"
#define MINUS "\u2212"

CnColor
cn_plot_color(const size_t i)
{
  // M. Okabe and K. Ito, Color Universal Design, 2008, without the yellow, which is too light for white paper
  static const CnColor colors[] = {
      {0.000, 0.447, 0.698}, {0.835, 0.369, 0.000}, {0.000, 0.620, 0.451}, {0.800, 0.475, 0.655},
      {0.337, 0.706, 0.914}, {0.902, 0.624, 0.000}, {0.160, 0.170, 0.210},
  };
  return colors[i % (sizeof(colors) / sizeof(colors[0]))];
}

void
cn_range_widen(CnRange* const range, const double value)
{
  if (!isnan(value)) {
    range->low  = fmin(range->low, value);
    range->high = fmax(range->high, value);
  }
}

double
cn_scale_place(const CnScale* const scale, const double value)
{
  return scale->start + (value - scale->low) / (scale->high - scale->low) * (scale->end - scale->start);
}

// The least of 1, 2, 5 times a power of ten that needs no more than `most` steps
static double
round_step(const double range, const int most)
{
  const double rough = range / most;
  const double power = pow(10.0, floor(log10(rough)));
  const double ratio = rough / power * (1.0 - 1e-9); // Of rounding
  return power * (ratio <= 1.0 ? 1.0 : ratio <= 2.0 ? 2.0 : ratio <= 5.0 ? 5.0 : 10.0);
}

CnTicks
cn_ticks_new(const double low, const double high, const int most)
{
  const double range  = high > low ? high - low : 1.0;
  const double step   = round_step(range, most - 1);
  const double margin = 1e-6 * step; // Of rounding
  CnTicks      ticks  = {.first = ceil((low - margin) / step) * step, .step = step};
  ticks.n             = 1 + (int)floor((low + range + margin - ticks.first) / step);
  ticks.decimals      = (int)fmax(0.0, -floor(log10(step) + 1e-9));
  return ticks;
}

void
cn_plot_number(char* const text, const size_t size, const double value, const int decimals)
{
  char digits[64];
  snprintf(digits, sizeof(digits), "%.*f", decimals, fabs(value));
  const size_t whole = strcspn(digits, ".");
  size_t       n     = 0;
  text[0]            = '\0';
  if (value < 0.0 && strspn(digits, "0.") < strlen(digits)) {
    n += (size_t)snprintf(text, size, MINUS);
  }
  for (size_t i = 0; digits[i] && n + sizeof(THIN_SPACE) + 1 < size; ++i) {
    const bool apart = i && i < whole && (whole - i) % 3 == 0 && whole > 4;
    n += (size_t)snprintf(text + n, size - n, "%s%c", apart ? THIN_SPACE : "", digits[i]);
  }
}

void
cn_plot_draw_y(cairo_t* const cr, const CnScale* const y, const CnTicks* const ticks, const char* const name)
{
  cairo_set_line_width(cr, 0.5);
  for (int i = 0; i < ticks->n; ++i) {
    const double value = ticks->first + i * ticks->step;
    const double place = cn_scale_place(y, value);
    char         number[64];
    cn_plot_number(number, sizeof(number), value, ticks->decimals);
    cn_draw_color(cr, CN_RULE_FAINT, 1.0);
    cn_draw_line(cr, CN_PLOT_LEFT, place, CN_PLOT_RIGHT, place);
    cn_draw_color(cr, CN_INK_FAINT, 1.0);
    cn_draw_text(cr, CN_PLOT_LEFT - 7.0, place + 0.36 * CN_PLOT_TEXT_SIZE, CN_PLOT_TEXT_SIZE, CN_ALIGN_RIGHT,
                 number);
  }
  const double left = CN_PLOT_LEFT - 7.0 - cn_draw_text_width(cr, CN_PLOT_TEXT_SIZE, name);
  cn_draw_text(cr, fmax(left, CN_PAGE_MARGIN), y->end - 8.0, CN_PLOT_TEXT_SIZE, CN_ALIGN_LEFT, name);
}

void
cn_plot_draw_x(cairo_t* const cr, const CnScale* const x, const CnTicks* const ticks, const double bottom,
               const char* const name)
{
  const double y = bottom + 15.0;
  cairo_set_line_width(cr, 0.8);
  cn_draw_color(cr, CN_RULE, 1.0);
  cn_draw_line(cr, x->start, bottom, x->end, bottom);
  for (int i = 0; i < ticks->n; ++i) {
    const double value = ticks->first + i * ticks->step;
    const double place = cn_scale_place(x, value);
    char         number[64];
    cn_plot_number(number, sizeof(number), value, ticks->decimals);
    cn_draw_color(cr, CN_RULE, 1.0);
    cn_draw_line(cr, place, bottom, place, bottom + 4.0);
    cn_draw_color(cr, CN_INK_FAINT, 1.0);
    cn_draw_text(cr, place, y, CN_PLOT_TEXT_SIZE, CN_ALIGN_CENTER, number);
  }
  cn_draw_text(cr, 0.5 * (x->start + x->end), y + 16.0, CN_PLOT_TEXT_SIZE, CN_ALIGN_CENTER, name);
}

void
cn_plot_set_pen(cairo_t* const cr, const CnPen* const pen)
{
  cn_draw_color(cr, pen->color, 1.0);
  cairo_set_line_width(cr, pen->width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(cr, pen->dash, pen->dash[0] > 0.0 ? 2 : 0, 0.0);
}

double
cn_plot_draw_key(cairo_t* const cr, const double right, const double y, const CnPen* const pen,
                 const char* const name)
{
  const double left   = right - cn_draw_text_width(cr, CN_PLOT_TEXT_SIZE, name) - 6.0 - KEY_WIDTH;
  const double middle = y - 0.34 * CN_PLOT_TEXT_SIZE;
  cairo_save(cr);
  cn_plot_set_pen(cr, pen);
  cn_draw_line(cr, left, middle, left + KEY_WIDTH, middle);
  cairo_restore(cr);
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, right, y, CN_PLOT_TEXT_SIZE, CN_ALIGN_RIGHT, name);
  return left;
}
