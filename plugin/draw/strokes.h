// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file strokes.h
   Many small rectangles, laid on a picture of their own pixel by pixel: one by one cairo takes its time.
*/

#ifndef CN_STROKES_H
#define CN_STROKES_H

#include "plugin/draw/paint.h"

#include <cairo.h>

#include <stdbool.h>
#include <stdint.h>

/// The picture
typedef struct {
  cairo_surface_t* image; ///< Premultiplied ARGB, as cairo has it
  uint32_t*        pixels;
  CnBox            box;    ///< [units] that it covers
  double           scale;  ///< [pixels a unit]
  int              width;  ///< [pixels]
  int              height; ///< [pixels]
  int              stride; ///< [pixels] from a line to the next
} CnStrokes;

/// Begin an empty picture over `box` [units] of `cr`; false if there is no memory.  Thread: WORKER
bool
cn_strokes_begin(CnStrokes* strokes, cairo_t* cr, const CnBox* box);

/// Lay a rectangle [units] over what is there, on whole pixels, and one at least.  Thread: WORKER
void
cn_strokes_add(CnStrokes* strokes, const CnBox* box, CnColor color, double opacity);

/// Lay the edges of a rectangle [units], a unit wide, over what is there.  Thread: WORKER
void
cn_strokes_add_edges(CnStrokes* strokes, const CnBox* box, CnColor color, double opacity);

/// Lay the picture over `cr`, and free it.  Thread: WORKER
void
cn_strokes_end(CnStrokes* strokes, cairo_t* cr);

#endif // CN_STROKES_H
