// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/paint.h"

#include <math.h>
#include <stdint.h>
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

void
cn_paint_plate(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box, const double radius,
               const CnColor line, const double alpha)
{
  cn_paint_color(cr, theme->surface, 1.0);
  cn_paint_box(cr, box, radius);
  cairo_set_line_width(cr, 1.0);
  cn_paint_color(cr, line, alpha);
  cn_paint_frame(cr, box, radius);
}

static void
choose_font(cairo_t* const cr, const cairo_font_weight_t weight, const double size)
{
  cairo_select_font_face(cr, "Sans", CAIRO_FONT_SLANT_NORMAL, weight);
  cairo_set_font_size(cr, size);
}

static double
width_of(cairo_t* const cr, const char* const text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  return extents.x_advance;
}

/// Bytes of the letter at the beginning of `n`, by Unicode 15, table 3-7; 0: they are none that cairo takes
static size_t
letter_size(const char* const text, const size_t n)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; // Those that are longer than need be are none
  const unsigned        lead    = (unsigned char)text[0];
  const size_t          size    = lead < 0x80U          ? 1
                                  : lead >> 5U == 0x06U ? 2
                                  : lead >> 4U == 0x0EU ? 3
                                  : lead >> 3U == 0x1EU ? 4
                                                        : 0;
  uint32_t              letter  = size > 1 ? lead & 0x7FU >> size : lead;
  for (size_t i = 1; i < size; ++i) {
    if (i >= n || ((unsigned char)text[i] & 0xC0U) != 0x80U) {
      return 0;
    }
    letter = letter << 6U | ((unsigned char)text[i] & 0x3FU);
  }
  const bool is_letter = letter >= least[size] && letter < 0x110000U && letter >> 11U != 0x1BU &&
                         (letter < 0xFDD0U || letter > 0xFDEFU) && (letter & 0xFFFEU) != 0xFFFEU;
  return is_letter ? size : 0;
}

/// Copy so many bytes of a text; those that are no UTF-8 become question marks, as cairo draws nothing any
/// more once it has seen one
static void
copy(char* const line, const char* const text, const size_t n)
{
  memcpy(line, text, n);
  line[n] = '\0';
  for (size_t i = 0; i < n;) {
    const size_t size = letter_size(line + i, n - i);
    line[i]           = size ? line[i] : '?';
    i += size ? size : 1;
  }
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
  copy(line, text, n);
  while (n > 0 && room > 0.0 && width_of(cr, line) > room) {
    do {
      --n;
    } while (n > 0 && ((unsigned char)line[n] & 0xC0U) == 0x80U);
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
  choose_font(cr, CAIRO_FONT_WEIGHT_NORMAL, size);
  write_line(cr, x, y, align, room, text);
}

void
cn_paint_bold(cairo_t* const cr, const double x, const double y, const double size, const CnTextAlign align,
              const double room, const char* const text)
{
  choose_font(cr, CAIRO_FONT_WEIGHT_BOLD, size);
  write_line(cr, x, y, align, room, text);
}

void
cn_paint_wrapped(cairo_t* const cr, const double x, const double y, const double size, const double line,
                 const double room, const char* const text)
{
  char words[TEXT_SIZE];
  copy(words, text, strnlen(text, TEXT_SIZE - 1U));
  char* const blank = strrchr(words, ' ');
  choose_font(cr, CAIRO_FONT_WEIGHT_NORMAL, size);
  if (!blank || width_of(cr, words) <= room) {
    write_line(cr, x, y, CN_TEXT_CENTER, room, words);
    return;
  }
  *blank = '\0';
  write_line(cr, x, y, CN_TEXT_CENTER, room, words);
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
    copy(line, text, n);
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
  choose_font(cr, CAIRO_FONT_WEIGHT_NORMAL, size);
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
  cn_paint_plate(cr, theme, box, 5.0, is_hot ? theme->plays : theme->faint, is_hot ? 1.0 : 0.5);
  cn_paint_color(cr, theme->ink, 1.0);
  cn_paint_bold(cr, box->x + 0.5 * box->width, box->y + 0.5 * box->height + 4.0, 11.0, CN_TEXT_CENTER,
                box->width - 6.0, text);
}

bool
cn_box_has(const CnBox* const box, const double x, const double y)
{
  return x >= box->x && x < box->x + box->width && y >= box->y && y < box->y + box->height;
}
