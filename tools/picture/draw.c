// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/draw.h"

#include "tools/base/json.h"

#include <jansson.h>

#include <string.h>

#define TITLE_SIZE 18.0 ///< [units]
#define MAX_TITLE 200   ///< [bytes]
#define ELLIPSIS "\u2026"

void
cn_draw_color(cairo_t* const cr, const CnColor color, const double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

void
cn_draw_line(cairo_t* const cr, const double x1, const double y1, const double x2, const double y2)
{
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

double
cn_draw_text_width(cairo_t* const cr, const double size, const char* const text)
{
  cairo_text_extents_t extents;
  cairo_set_font_size(cr, size);
  cairo_text_extents(cr, text, &extents);
  return extents.x_advance;
}

void
cn_draw_text(cairo_t* const cr, const double x, const double y, const double size, const CnAlign align,
             const char* const text)
{
  const double width = cn_draw_text_width(cr, size, text);
  cairo_move_to(cr, x - 0.5 * align * width, y);
  cairo_show_text(cr, text);
  cairo_new_path(cr);
}

void
cn_draw_label(cairo_t* const cr, const double x, const double y, const double size, const CnAlign align,
              const char* const text)
{
  const double width = cn_draw_text_width(cr, size, text);
  cairo_move_to(cr, x - 0.5 * align * width, y);
  cairo_text_path(cr, text);
  cn_draw_color(cr, CN_PAPER, 0.9);
  cairo_set_line_width(cr, 4.0);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, x, y, size, align, text);
}

void
cn_draw_fit_text(char* const text, const size_t size, const char* const bytes)
{
  json_t* const     json   = cn_json_text(bytes);
  const char* const valid  = json ? json_string_value(json) : "";
  size_t            length = strlen(valid) < size ? strlen(valid) : size - 1;
  while (length && ((unsigned char)valid[length] & 0xC0) == 0x80) {
    --length; // Never end inside a letter
  }
  memcpy(text, valid, length);
  text[length] = '\0';
  json_decref(json);
}

void
cn_draw_title(cairo_t* const cr, const double room, const char* const title)
{
  char text[MAX_TITLE + sizeof(ELLIPSIS)];
  cn_draw_fit_text(text, MAX_TITLE, title);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  for (size_t length = strlen(text); length && cn_draw_text_width(cr, TITLE_SIZE, text) > room;) {
    do {
      --length;
    } while (length && ((unsigned char)text[length] & 0xC0) == 0x80);
    memcpy(text + length, ELLIPSIS, sizeof(ELLIPSIS));
  }
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, CN_PAGE_MARGIN, 29.0, TITLE_SIZE, CN_ALIGN_LEFT, text);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
}

void
cn_draw_subtitle(cairo_t* const cr, const char* const text)
{
  cn_draw_color(cr, CN_INK_FAINT, 1.0);
  cn_draw_text(cr, CN_PAGE_MARGIN, 45.0, 10.5, CN_ALIGN_LEFT, text);
}

bool
cn_key_is_black(const int pitch)
{
  return (0x54A >> ((pitch + 120) % 12)) & 1;
}

bool
cn_key_is_octave(const int pitch)
{
  return (pitch + 120) % 12 == 0;
}
