// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll_draw.h"

#include <math.h>
#include <stdio.h>

#define TITLE_ROOM 460.0  ///< [units]
#define SMALL_SIZE 10.0   ///< [units]
#define BAR_WIDTH 190.0   ///< [units] of the colour bar
#define BAR_HEIGHT 8.0    ///< [units]
#define BAR_TOP 18.0      ///< [units]
#define SWATCH_WIDTH 22.0 ///< [units]

/// Say which bars these are, and how many notes
static void
draw_summary(cairo_t* const cr, const CnRollLayout* const layout)
{
  const CnMeterChange* const meter     = &layout->score->meters[0];
  const int                  first     = layout->first_number;
  const int                  last      = first + (int)layout->n_bars - 1;
  char                       metre[32] = "";
  char                       bars[48];
  char                       text[160];
  if (layout->score->n_meters == 1) {
    snprintf(metre, sizeof(metre), "%d/%d  \u00B7  ", meter->numerator, meter->denominator);
  }
  if (first == last) {
    snprintf(bars, sizeof(bars), "bar %d", first);
  } else {
    snprintf(bars, sizeof(bars), "bars %d\u2013%d", first, last);
  }
  snprintf(text, sizeof(text), "%s  \u00B7  %s%zu note%s", bars, metre, layout->n_notes,
           layout->n_notes == 1 ? "" : "s");
  cn_draw_subtitle(cr, text);
}

/// Draw the scale of lengths; @return its left end [units]
static double
draw_color_bar(cairo_t* const cr)
{
  static const char* const names[] = {"1/32", "1/16", "1/8", "1/4", "1/2", "1"};

  const double     left     = CN_ROLL_RIGHT - BAR_WIDTH - 6.0;
  cairo_pattern_t* gradient = cairo_pattern_create_linear(left, 0.0, left + BAR_WIDTH, 0.0);
  for (int i = 0; i <= 40; ++i) {
    const CnColor color = cn_color_duration(CN_SHORTEST * pow(CN_LONGEST / CN_SHORTEST, i / 40.0));
    cairo_pattern_add_color_stop_rgb(gradient, i / 40.0, color.r, color.g, color.b);
  }
  cairo_rectangle(cr, left, BAR_TOP, BAR_WIDTH, BAR_HEIGHT);
  cairo_set_source(cr, gradient);
  cairo_fill(cr);
  cairo_pattern_destroy(gradient);

  cn_draw_color(cr, CN_INK_FAINT, 1.0);
  cairo_set_line_width(cr, 0.6);
  for (int i = 0; i < 6; ++i) {
    const double x = left + BAR_WIDTH * i / 5.0;
    cairo_move_to(cr, x, BAR_TOP + BAR_HEIGHT);
    cairo_line_to(cr, x, BAR_TOP + BAR_HEIGHT + 3.0);
    cairo_stroke(cr);
    cn_draw_text(cr, x, BAR_TOP + BAR_HEIGHT + 13.0, 9.0, CN_ALIGN_CENTER, names[i]);
  }
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, left - 10.0, BAR_TOP + BAR_HEIGHT, SMALL_SIZE, CN_ALIGN_RIGHT, "note length");
  return left - 10.0 - cn_draw_text_width(cr, SMALL_SIZE, "note length");
}

/// Draw a note and what it means, to the left of `right`; @return the left end [units]
static double
draw_swatch(cairo_t* const cr, const double right, const CnNoteStyle style, const char* const name)
{
  const double width = cn_draw_text_width(cr, SMALL_SIZE, name);
  const double left  = right - width - 6.0 - SWATCH_WIDTH;
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, right, BAR_TOP + BAR_HEIGHT, SMALL_SIZE, CN_ALIGN_RIGHT, name);
  cn_roll_box(cr, left, BAR_TOP + 0.5, SWATCH_WIDTH, BAR_HEIGHT - 1.0, cn_color_duration(12.0), style);
  return left;
}

void
cn_roll_draw_legend(cairo_t* const cr, const bool has_parts)
{
  double left = draw_color_bar(cr);
  if (has_parts) {
    left = draw_swatch(cr, left - 26.0, CN_NOTE_FILLED, "Continuo");
    draw_swatch(cr, left - 16.0, CN_NOTE_PALE, "phrase");
  }
}

void
cn_roll_draw_header(cairo_t* const cr, const CnRollLayout* const layout, const char* const title)
{
  cn_draw_title(cr, TITLE_ROOM, title ? title : "");
  draw_summary(cr, layout);
  cn_roll_draw_legend(cr, layout->has_parts);
}
