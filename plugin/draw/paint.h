// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file paint.h
   The window's colours, text and shapes.  All thread class WORKER.
*/

#ifndef CN_PAINT_H
#define CN_PAINT_H

#include "dsp/music/colormap.h"

#include <cairo.h>

#include <stdbool.h>

/// Colours for a dark room, or for paper
typedef struct {
  bool    is_dark;
  CnColor ground;  ///< Behind everything
  CnColor surface; ///< What lies on it
  CnColor line;    ///< Lines that only guide the eye
  CnColor ink;     ///< What is to be read
  CnColor faint;   ///< What may be read
  CnColor plays;   ///< Continuo's
  CnColor listens; ///< The musician's
  CnColor warns;   ///< Something is wrong
} CnTheme;

/// A rectangle [units]
typedef struct {
  double x;
  double y;
  double width;
  double height;
} CnBox;

/// Which way text stands at its place
typedef enum {
  CN_TEXT_LEFT,
  CN_TEXT_CENTER,
  CN_TEXT_RIGHT,
} CnTextAlign;

/// The colours for a dark host or a light one.  Thread: WORKER
CnTheme
cn_theme(bool is_dark);

/// Set the colour to paint with.  Thread: WORKER
void
cn_paint_color(cairo_t* cr, CnColor color, double alpha);

/// Fill a rectangle with rounded corners.  Thread: WORKER
void
cn_paint_box(cairo_t* cr, const CnBox* box, double radius);

/// Draw its outline, inside, in the width that is set.  Thread: WORKER
void
cn_paint_frame(cairo_t* cr, const CnBox* box, double radius);

/// Lay a plate on the ground, with a line around it.  Thread: WORKER
void
cn_paint_plate(cairo_t* cr, const CnTheme* theme, const CnBox* box, double radius, CnColor line,
               double alpha);

/// Write text with its baseline at (x, y), shortened to `room` [units] if that is above 0.  Thread: WORKER
void
cn_paint_text(cairo_t* cr, double x, double y, double size, CnTextAlign align, double room, const char* text);

/// As cn_paint_text(), in bold.  Thread: WORKER
void
cn_paint_bold(cairo_t* cr, double x, double y, double size, CnTextAlign align, double room, const char* text);

/// As cn_paint_text(), centred, and on a second line `line` [units] below if one has no room.
/// Thread: WORKER
void
cn_paint_wrapped(cairo_t* cr, double x, double y, double size, double line, double room, const char* text);

/**
   Write text in lines that are broken at blanks.

   @param box Where it begins [units]; null: lines are only counted.
   @param line [units] from line to line.
   @param room [units] that a line may be wide.
   @return Number of lines.

   Thread: WORKER
*/
unsigned
cn_paint_paragraph(cairo_t* cr, const CnBox* box, double size, double line, double room, const char* text);

/// Draw a word that can be taken into the hand.  Thread: WORKER
void
cn_paint_chip(cairo_t* cr, const CnTheme* theme, const CnBox* box, const char* text, bool is_hot);

/// True if a point lies in a box.  Thread: ANY
bool
cn_box_has(const CnBox* box, double x, double y);

#endif // CN_PAINT_H
