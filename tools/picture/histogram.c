// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/histogram.h"

#include "tools/picture/draw.h"
#include "tools/picture/plot.h"

#include <stdio.h>

#define HEIGHT 448.0      ///< [units] of the page
#define BOTTOM 380.0      ///< [units] Foot of the bars
#define KEYS_TOP 384.0    ///< [units] Upper end of the keyboard
#define KEYS_HEIGHT 30.0  ///< [units]
#define BLACK_LENGTH 18.0 ///< [units] of a black key
#define GAP 0.8           ///< [units] left and right of a bar
#define TITLE_ROOM 640.0  ///< [units]
#define SWATCH 9.0        ///< [units]

static const CnColor white_keys = {0.337, 0.706, 0.914};
static const CnColor black_keys = {0.098, 0.294, 0.490};

CnHistogram
cn_histogram_count(const CnCorpus* const corpus)
{
  CnHistogram histogram = {.n_pieces = corpus->n_pieces};
  for (size_t p = 0; p < corpus->n_pieces; ++p) {
    const CnPiece* const piece = &corpus->pieces[p];
    for (uint32_t i = 0; i < piece->n_notes; ++i) {
      ++histogram.counts[piece->notes[i].pitch - CN_PITCH_MIN];
    }
    histogram.n_notes += piece->n_notes;
  }
  return histogram;
}

static unsigned
find_most(const CnHistogram* const histogram)
{
  unsigned best = 0;
  for (unsigned key = 1; key < CN_N_PITCHES; ++key) {
    best = histogram->counts[key] > histogram->counts[best] ? key : best;
  }
  return best;
}

static double
left_of(const unsigned key)
{
  return CN_PLOT_LEFT + (CN_PLOT_RIGHT - CN_PLOT_LEFT) * key / CN_N_PITCHES;
}

static double
middle_of(const unsigned key)
{
  return 0.5 * (left_of(key) + left_of(key + 1));
}

static CnColor
color_of(const unsigned key)
{
  return cn_key_is_black((int)key + CN_PITCH_MIN) ? black_keys : white_keys;
}

static void
draw_bars(cairo_t* const cr, const CnHistogram* const histogram, const CnScale* const y)
{
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    const double top = cn_scale_place(y, (double)histogram->counts[key]);
    cairo_rectangle(cr, left_of(key) + GAP, top, left_of(1) - left_of(0) - 2.0 * GAP, BOTTOM - top);
    cn_draw_color(cr, color_of(key), 1.0);
    cairo_fill(cr);
  }
}

/// Name the key that is struck most often, over its bar
static void
draw_most(cairo_t* const cr, const CnHistogram* const histogram, const CnScale* const y)
{
  static const char* const names[] = {"C",       "C\u266F", "D",       "D\u266F", "E",       "F",
                                      "F\u266F", "G",       "G\u266F", "A",       "A\u266F", "B"};

  const unsigned key   = find_most(histogram);
  const unsigned pitch = key + CN_PITCH_MIN;
  char           number[64];
  char           text[96];
  cn_plot_number(number, sizeof(number), (double)histogram->counts[key], 0);
  snprintf(text, sizeof(text), "%s%u: %s", names[pitch % 12], pitch / 12 - 1, number);
  cn_draw_label(cr, middle_of(key), cn_scale_place(y, (double)histogram->counts[key]) - 5.0,
                CN_PLOT_TEXT_SIZE, CN_ALIGN_CENTER, text);
}

static void
draw_keyboard(cairo_t* const cr)
{
  cairo_set_line_width(cr, 0.5);
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    const int pitch = (int)key + CN_PITCH_MIN;
    if (cn_key_is_black(pitch)) {
      cn_draw_color(cr, CN_RULE, 1.0);
      cn_draw_line(cr, middle_of(key), KEYS_TOP, middle_of(key), KEYS_TOP + KEYS_HEIGHT);
      cn_draw_color(cr, CN_INK, 1.0);
      cairo_rectangle(cr, left_of(key), KEYS_TOP, left_of(1) - left_of(0), BLACK_LENGTH);
      cairo_fill(cr);
    } else if (!cn_key_is_black(pitch + 1)) {
      cn_draw_color(cr, CN_RULE, 1.0);
      cn_draw_line(cr, left_of(key + 1), KEYS_TOP, left_of(key + 1), KEYS_TOP + KEYS_HEIGHT);
    }
    if (cn_key_is_octave(pitch)) {
      char name[16];
      snprintf(name, sizeof(name), "C%d", pitch / 12 - 1);
      cn_draw_color(cr, CN_INK_FAINT, 1.0);
      cn_draw_text(cr, middle_of(key), KEYS_TOP + KEYS_HEIGHT + 14.0, CN_PLOT_TEXT_SIZE, CN_ALIGN_CENTER,
                   name);
    }
  }
  cairo_rectangle(cr, CN_PLOT_LEFT, KEYS_TOP, CN_PLOT_RIGHT - CN_PLOT_LEFT, KEYS_HEIGHT);
  cn_draw_color(cr, CN_RULE, 1.0);
  cairo_set_line_width(cr, 0.6);
  cairo_stroke(cr);
}

/// Faint lines at each C, behind the bars
static void
draw_octaves(cairo_t* const cr)
{
  cairo_set_line_width(cr, 0.5);
  cn_draw_color(cr, CN_RULE_FAINT, 1.0);
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    if (cn_key_is_octave((int)key + CN_PITCH_MIN)) {
      cn_draw_line(cr, left_of(key), CN_PLOT_TOP, left_of(key), BOTTOM);
    }
  }
}

/// Draw an entry of the legend to the left of `right`; @return its left end [units]
static double
draw_swatch(cairo_t* const cr, const double right, const CnColor color, const char* const name)
{
  const double left = right - cn_draw_text_width(cr, CN_PLOT_TEXT_SIZE, name) - 5.0 - SWATCH;
  cn_draw_color(cr, color, 1.0);
  cairo_rectangle(cr, left, CN_PLOT_LEGEND_Y - SWATCH + 1.0, SWATCH, SWATCH);
  cairo_fill(cr);
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, right, CN_PLOT_LEGEND_Y, CN_PLOT_TEXT_SIZE, CN_ALIGN_RIGHT, name);
  return left;
}

static void
draw_header(cairo_t* const cr, const CnHistogram* const histogram)
{
  char pieces[64];
  char notes[64];
  char text[192];
  cn_plot_number(pieces, sizeof(pieces), (double)histogram->n_pieces, 0);
  cn_plot_number(notes, sizeof(notes), (double)histogram->n_notes, 0);
  snprintf(text, sizeof(text), "%s file%s  \u00B7  %s notes", pieces, histogram->n_pieces == 1 ? "" : "s",
           notes);
  cn_draw_title(cr, TITLE_ROOM, histogram->title ? histogram->title : "");
  cn_draw_subtitle(cr, text);
  const double left = draw_swatch(cr, CN_PLOT_RIGHT, black_keys, "black keys");
  draw_swatch(cr, left - 16.0, white_keys, "white keys");
}

static void
paint_histogram(cairo_t* const cr, const void* const object)
{
  const CnHistogram* const histogram = object;
  const double             most      = (double)histogram->counts[find_most(histogram)];
  const CnScale            y         = {0.0, 1.07 * most, BOTTOM, CN_PLOT_TOP}; // Room for a name above
  const CnTicks            ticks     = cn_ticks_new(y.low, y.high, 7);
  draw_header(cr, histogram);
  draw_octaves(cr);
  cn_plot_draw_y(cr, &y, &ticks, "notes");
  draw_bars(cr, histogram, &y);
  draw_most(cr, histogram, &y);
  draw_keyboard(cr);
}

CnPage
cn_histogram_page(const CnHistogram* const histogram, const CnPictureFormat format, const int width)
{
  return (CnPage){format, width, HEIGHT, histogram, paint_histogram};
}
