// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file roll.h
   The roll: time from left to right, the playhead in the first third.

   Notes are coloured by their length, as in the pictures of `continuo roll`, and the louder the more opaque.
   By shape: Continuo's are full boxes, the musician's slim with a head, and what is planned is an outline.
*/

#ifndef CN_WINDOW_ROLL_H
#define CN_WINDOW_ROLL_H

#include "plugin/draw/paint.h"
#include "plugin/wire/scene.h"

#include <stdbool.h>

#define CN_ROLL_KEYS 34.0  ///< [units] of the keyboard at the left
#define CN_ROLL_RULER 22.0 ///< [units] of the numbers and chords of bars above

/// What part of the music is shown
typedef struct {
  double tick;  ///< [ticks] of the playhead
  double from;  ///< [ticks] at the left edge
  double scale; ///< [units a tick]
  bool   slim;  ///< Without keyboard and ruler
} CnRollView;

/// Show `bars` bars around `tick` [ticks], and what was `back` [ticks] before.  Thread: WORKER
CnRollView
cn_roll_view(const CnScene* scene, const CnBox* box, double tick, double bars, double back);

/// Show `bars` bars before `tick` [ticks], and as many after it, where there is little room.  Thread: WORKER
CnRollView
cn_roll_view_slim(const CnScene* scene, const CnBox* box, double tick, double bars);

/// Draw it all into a box.  Thread: WORKER
void
cn_roll_draw(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnRollView* view,
             const CnScene* scene);

#endif // CN_WINDOW_ROLL_H
