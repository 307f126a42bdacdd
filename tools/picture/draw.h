// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file draw.h
   What all pictures share: ink, text, lines, and the keys of a piano.  All thread class WORKER.
*/

#ifndef CN_DRAW_H
#define CN_DRAW_H

#include "dsp/music/colormap.h"
#include "tools/picture/picture.h"

#include <cairo.h>

#include <stdbool.h>

#define CN_PAGE_MARGIN 16.0 ///< [units] left and right of everything

#define CN_INK ((CnColor){0.16, 0.17, 0.21})
#define CN_INK_FAINT ((CnColor){0.45, 0.47, 0.52})
#define CN_PAPER ((CnColor){1.0, 1.0, 1.0})
#define CN_RULE ((CnColor){0.66, 0.68, 0.73})        ///< Lines that bound
#define CN_RULE_FAINT ((CnColor){0.88, 0.89, 0.915}) ///< Lines that only guide the eye

#define CN_PI 3.14159265358979323846

/// Where text ends up relative to its place
typedef enum {
  CN_ALIGN_LEFT,
  CN_ALIGN_CENTER,
  CN_ALIGN_RIGHT,
} CnAlign;

/// Set the colour to draw with.  Thread: WORKER
void
cn_draw_color(cairo_t* cr, CnColor color, double alpha);

/// Draw a line in the colour and width that are set.  Thread: WORKER
void
cn_draw_line(cairo_t* cr, double x1, double y1, double x2, double y2);

/// Write text with its baseline at (x, y).  Thread: WORKER
void
cn_draw_text(cairo_t* cr, double x, double y, double size, CnAlign align, const char* text);

/// Write text that stays legible on top of lines.  Thread: WORKER
void
cn_draw_label(cairo_t* cr, double x, double y, double size, CnAlign align, const char* text);

/// Width of a text [units].  Thread: WORKER
double
cn_draw_text_width(cairo_t* cr, double size, const char* text);

/// Make UTF-8 of any bytes, such as a file's name, cut between letters where `text` is full.  Thread: WORKER
void
cn_draw_fit_text(char* text, size_t size, const char* bytes);

/// Write a page's title, of any bytes, shortened to `room` [units].  Thread: WORKER
void
cn_draw_title(cairo_t* cr, double room, const char* title);

/// Write the line under the title.  Thread: WORKER
void
cn_draw_subtitle(cairo_t* cr, const char* text);

/// True for the black keys of a piano.  Thread: WORKER
bool
cn_key_is_black(int pitch);

/// True for each C.  Thread: WORKER
bool
cn_key_is_octave(int pitch);

#endif // CN_DRAW_H
