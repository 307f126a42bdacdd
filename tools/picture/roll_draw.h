// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file roll_draw.h
   The layers of a piano roll, from back to front.  All thread class WORKER.
*/

#ifndef CN_ROLL_DRAW_H
#define CN_ROLL_DRAW_H

#include "tools/picture/draw.h"
#include "tools/picture/roll_layout.h"

#include <cairo.h>

#include <stdbool.h>

/// Style of a note
typedef enum {
  CN_NOTE_FILLED, ///< Continuo's notes, and all where there is only one part
  CN_NOTE_PALE,   ///< The musician's, where both play
} CnNoteStyle;

/// Draw one note's box [units].  Thread: WORKER
void
cn_roll_box(cairo_t* cr, double x, double y, double width, double height, CnColor color, CnNoteStyle style);

/// Draw the title, what is shown, and the legend.  Thread: WORKER
void
cn_roll_draw_header(cairo_t* cr, const CnRollLayout* layout, const char* title);

/// Draw what colours mean, and whose notes are which if there are both.  Thread: WORKER
void
cn_roll_draw_legend(cairo_t* cr, bool has_parts);

/// Draw a system's keyboard.  Thread: WORKER
void
cn_roll_draw_keys(cairo_t* cr, const CnRollLayout* layout, const CnRollSystem* system);

/// Draw the rows, bars and beats behind a system's notes.  Thread: WORKER
void
cn_roll_draw_grid(cairo_t* cr, const CnRollLayout* layout, const CnRollSystem* system);

/// Draw a system's notes, and their velocities beneath.  Thread: WORKER
void
cn_roll_draw_notes(cairo_t* cr, const CnRollLayout* layout, const CnRollSystem* system);

/// Draw the line where Continuo comes in, if it does in this system.  Thread: WORKER
void
cn_roll_draw_entry(cairo_t* cr, const CnRollLayout* layout, const CnRollSystem* system);

#endif // CN_ROLL_DRAW_H
