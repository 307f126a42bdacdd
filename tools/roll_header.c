// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "roll_draw.h"

#include "info.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TITLE_SIZE 18.0  ///< [units]
#define TITLE_ROOM 460.0 ///< [units]
#define MAX_TITLE 200    ///< [bytes]
#define ELLIPSIS "\u2026"
#define SMALL_SIZE 10.0   ///< [units]
#define BAR_WIDTH 190.0   ///< [units] of the colour bar
#define BAR_HEIGHT 8.0    ///< [units]
#define BAR_TOP 18.0      ///< [units]
#define SWATCH_WIDTH 22.0 ///< [units]

void
cn_roll_set_color(cairo_t* const cr, const CnColor color, const double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

double
cn_roll_text_width(cairo_t* const cr, const double size, const char* const text)
{
  cairo_text_extents_t extents;
  cairo_set_font_size(cr, size);
  cairo_text_extents(cr, text, &extents);
  return extents.x_advance;
}

void
cn_roll_text(cairo_t* const cr, const double x, const double y, const double size, const CnAlign align,
             const char* const text)
{
  const double width = cn_roll_text_width(cr, size, text);
  cairo_move_to(cr, x - 0.5 * align * width, y);
  cairo_show_text(cr, text);
  cairo_new_path(cr);
}

/// Copy a title as UTF-8, cut where `text` is full
static void
copy_title(char* const text, const size_t size, const char* const title)
{
  json_t* const     json   = cn_json_text(title);
  const char* const valid  = json ? json_string_value(json) : "";
  size_t            length = strlen(valid) < size ? strlen(valid) : size - 1;
  while (length && ((unsigned char)valid[length] & 0xC0) == 0x80) {
    --length; // Never end inside a letter
  }
  memcpy(text, valid, length);
  text[length] = '\0';
  json_decref(json);
}

/// Write the title, shortened to the room there is
static void
draw_title(cairo_t* const cr, const char* const title)
{
  char text[MAX_TITLE + sizeof(ELLIPSIS)];
  copy_title(text, MAX_TITLE, title);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  for (size_t length = strlen(text); length && cn_roll_text_width(cr, TITLE_SIZE, text) > TITLE_ROOM;) {
    do {
      --length;
    } while (length && ((unsigned char)text[length] & 0xC0) == 0x80);
    memcpy(text + length, ELLIPSIS, sizeof(ELLIPSIS));
  }
  cn_roll_set_color(cr, CN_INK, 1.0);
  cn_roll_text(cr, CN_PAGE_MARGIN, 29.0, TITLE_SIZE, CN_ALIGN_LEFT, text);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

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
  cn_roll_set_color(cr, CN_INK_FAINT, 1.0);
  cn_roll_text(cr, CN_PAGE_MARGIN, 45.0, 10.5, CN_ALIGN_LEFT, text);
}

/// Draw the scale of lengths; @return its left end [units]
static double
draw_color_bar(cairo_t* const cr)
{
  static const char* const names[] = {"1/32", "1/16", "1/8", "1/4", "1/2", "1"};

  const double     left     = CN_ROLL_RIGHT - BAR_WIDTH - 6.0;
  cairo_pattern_t* gradient = cairo_pattern_create_linear(left, 0.0, left + BAR_WIDTH, 0.0);
  for (int i = 0; i <= 40; ++i) {
    const CnColor color = cn_roll_note_color(CN_SHORTEST * pow(CN_LONGEST / CN_SHORTEST, i / 40.0));
    cairo_pattern_add_color_stop_rgb(gradient, i / 40.0, color.r, color.g, color.b);
  }
  cairo_rectangle(cr, left, BAR_TOP, BAR_WIDTH, BAR_HEIGHT);
  cairo_set_source(cr, gradient);
  cairo_fill(cr);
  cairo_pattern_destroy(gradient);

  cn_roll_set_color(cr, CN_INK_FAINT, 1.0);
  cairo_set_line_width(cr, 0.6);
  for (int i = 0; i < 6; ++i) {
    const double x = left + BAR_WIDTH * i / 5.0;
    cairo_move_to(cr, x, BAR_TOP + BAR_HEIGHT);
    cairo_line_to(cr, x, BAR_TOP + BAR_HEIGHT + 3.0);
    cairo_stroke(cr);
    cn_roll_text(cr, x, BAR_TOP + BAR_HEIGHT + 13.0, 9.0, CN_ALIGN_CENTER, names[i]);
  }
  cn_roll_set_color(cr, CN_INK, 1.0);
  cn_roll_text(cr, left - 10.0, BAR_TOP + BAR_HEIGHT, SMALL_SIZE, CN_ALIGN_RIGHT, "note length");
  return left - 10.0 - cn_roll_text_width(cr, SMALL_SIZE, "note length");
}

/// Draw a note and what it means, to the left of `right`; @return the left end [units]
static double
draw_swatch(cairo_t* const cr, const double right, const CnNoteStyle style, const char* const name)
{
  const double width = cn_roll_text_width(cr, SMALL_SIZE, name);
  const double left  = right - width - 6.0 - SWATCH_WIDTH;
  cn_roll_set_color(cr, CN_INK, 1.0);
  cn_roll_text(cr, right, BAR_TOP + BAR_HEIGHT, SMALL_SIZE, CN_ALIGN_RIGHT, name);
  cn_roll_box(cr, left, BAR_TOP + 0.5, SWATCH_WIDTH, BAR_HEIGHT - 1.0, cn_roll_note_color(12.0), style);
  return left;
}

void
cn_roll_draw_header(cairo_t* const cr, const CnRollLayout* const layout, const char* const title)
{
  draw_title(cr, title ? title : "");
  draw_summary(cr, layout);
  double left = draw_color_bar(cr);
  if (layout->has_parts) {
    left = draw_swatch(cr, left - 26.0, CN_NOTE_FILLED, "Continuo");
    draw_swatch(cr, left - 16.0, CN_NOTE_PALE, "seed");
  }
}
