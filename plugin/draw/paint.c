// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/paint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PI 3.14159265358979323846
#define TEXT_SIZE 320 ///< [bytes] of a line of text at most

static const CnTheme dark = {
    .is_dark = true,
    .ground  = {0.078, 0.086, 0.106},
    .surface = {0.114, 0.125, 0.153},
    .line    = {0.204, 0.220, 0.259},
    .ink     = {0.925, 0.918, 0.894},
    .faint   = {0.592, 0.616, 0.671},
    .plays   = {0.976, 0.733, 0.318},
    .listens = {0.420, 0.780, 0.820},
    .warns   = {0.953, 0.455, 0.404},
};

static const CnTheme light = {
    .is_dark = false,
    .ground  = {0.965, 0.961, 0.949},
    .surface = {1.0, 1.0, 1.0},
    .line    = {0.847, 0.851, 0.863},
    .ink     = {0.125, 0.137, 0.165},
    .faint   = {0.400, 0.420, 0.470},
    .plays   = {0.722, 0.424, 0.0},
    .listens = {0.0, 0.455, 0.514},
    .warns   = {0.741, 0.169, 0.133},
};

CnTheme
cn_theme(const bool is_dark)
{
  return is_dark ? dark : light;
}

void
cn_paint_color(cairo_t* const cr, const CnColor color, const double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static void
trace(cairo_t* const cr, const CnBox* const box, const double radius)
{
  const double r = fmin(radius, 0.5 * fmin(box->width, box->height));
  cairo_new_path(cr);
  cairo_arc(cr, box->x + box->width - r, box->y + r, r, -0.5 * PI, 0.0);
  cairo_arc(cr, box->x + box->width - r, box->y + box->height - r, r, 0.0, 0.5 * PI);
  cairo_arc(cr, box->x + r, box->y + box->height - r, r, 0.5 * PI, PI);
  cairo_arc(cr, box->x + r, box->y + r, r, PI, 1.5 * PI);
  cairo_close_path(cr);
}

void
cn_paint_box(cairo_t* const cr, const CnBox* const box, const double radius)
{
  trace(cr, box, radius);
  cairo_fill(cr);
}

void
cn_paint_frame(cairo_t* const cr, const CnBox* const box, const double radius)
{
  const double half  = 0.5 * cairo_get_line_width(cr);
  const CnBox  inner = {box->x + half, box->y + half, box->width - 2.0 * half, box->height - 2.0 * half};
  trace(cr, &inner, radius);
  cairo_stroke(cr);
}

static double
width_of(cairo_t* const cr, const char* const text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  return extents.x_advance;
}

/// Copy as much of a text as there is room for, between letters; an ellipsis says that there is more
static void
shorten(cairo_t* const cr, char* const line, const char* const text, const double room)
{
  size_t n = strlen(text);
  n        = n < TEXT_SIZE - 4U ? n : TEXT_SIZE - 4U;
  while (n > 0 && ((unsigned char)text[n] & 0xC0U) == 0x80U) {
    --n;
  }
  memcpy(line, text, n);
  line[n] = '\0';
  while (n > 0 && room > 0.0 && width_of(cr, line) > room) {
    do {
      --n;
    } while (n > 0 && ((unsigned char)text[n] & 0xC0U) == 0x80U);
    memcpy(line + n, "\xE2\x80\xA6", 4U);
  }
}

static void
write_line(cairo_t* const cr, const double x, const double y, const CnTextAlign align, const double room,
           const char* const text)
{
  char line[TEXT_SIZE];
  shorten(cr, line, text, room);
  const double width = align == CN_TEXT_LEFT ? 0.0 : width_of(cr, line);
  cairo_move_to(cr, align == CN_TEXT_CENTER ? x - 0.5 * width : x - width, y);
  cairo_show_text(cr, line);
}

void
cn_paint_text(cairo_t* const cr, const double x, const double y, const double size, const CnTextAlign align,
              const double room, const char* const text)
{
  cairo_select_font_face(cr, "Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  write_line(cr, x, y, align, room, text);
}

void
cn_paint_bold(cairo_t* const cr, const double x, const double y, const double size, const CnTextAlign align,
              const double room, const char* const text)
{
  cairo_select_font_face(cr, "Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size(cr, size);
  write_line(cr, x, y, align, room, text);
}

void
cn_paint_wrapped(cairo_t* const cr, const double x, const double y, const double size, const double line,
                 const double room, const char* const text)
{
  char        first[TEXT_SIZE];
  const char* blank = strrchr(text, ' ');
  cairo_select_font_face(cr, "Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  if (!blank || (size_t)(blank - text) >= TEXT_SIZE || width_of(cr, text) <= room) {
    write_line(cr, x, y, CN_TEXT_CENTER, room, text);
    return;
  }
  memcpy(first, text, (size_t)(blank - text));
  first[blank - text] = '\0';
  write_line(cr, x, y, CN_TEXT_CENTER, room, first);
  write_line(cr, x, y + line, CN_TEXT_CENTER, room, blank + 1);
}

/// Copy as many words as there is room for, one at least; returns their length
static size_t
take_line(cairo_t* const cr, char* const line, const char* const text, const double room)
{
  size_t taken = 0;
  size_t n     = 0;
  do {
    n += strcspn(text + n, " ");
    n = n < TEXT_SIZE - 1U ? n : TEXT_SIZE - 1U;
    memcpy(line, text, n);
    line[n] = '\0';
    if (taken > 0 && width_of(cr, line) > room) {
      line[taken] = '\0';
      return taken;
    }
    taken = n;
    n += text[n] == ' ';
  } while (text[taken] == ' ' && n < TEXT_SIZE - 1U);
  return taken;
}

unsigned
cn_paint_paragraph(cairo_t* const cr, const CnBox* const box, const double size, const double line,
                   const double room, const char* text)
{
  char     words[TEXT_SIZE];
  unsigned n_lines = 0;
  cairo_select_font_face(cr, "Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  while (*text) {
    text += take_line(cr, words, text, room);
    text += strspn(text, " ");
    if (box) {
      cairo_move_to(cr, box->x, box->y + size + n_lines * line);
      cairo_show_text(cr, words);
    }
    ++n_lines;
  }
  return n_lines;
}

void
cn_paint_chip(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box, const char* const text,
              const bool is_hot)
{
  cn_paint_color(cr, theme->surface, 1.0);
  cn_paint_box(cr, box, 5.0);
  cn_paint_color(cr, is_hot ? theme->plays : theme->faint, is_hot ? 1.0 : 0.5);
  cairo_set_line_width(cr, 1.0);
  cn_paint_frame(cr, box, 5.0);
  cn_paint_color(cr, theme->ink, 1.0);
  cn_paint_bold(cr, box->x + 0.5 * box->width, box->y + 0.5 * box->height + 4.0, 11.0, CN_TEXT_CENTER,
                box->width - 6.0, text);
}

bool
cn_box_has(const CnBox* const box, const double x, const double y)
{
  return x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height;
}
