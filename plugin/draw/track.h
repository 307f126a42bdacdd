// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file track.h
   The bars of the roll: where they are, and what is written down for them.  All thread class WORKER.
*/

#ifndef CN_TRACK_H
#define CN_TRACK_H

#include "plugin/draw/paint.h"
#include "plugin/draw/roll.h"
#include "plugin/wire/scene.h"

#include <cairo.h>

#include <stdint.h>

/// [ticks] that a bar is long, as long as nothing is known of it, too.  Thread: WORKER
double
cn_track_bar_length(const CnScene* scene);

/// [ticks] where a bar begins, if all are as long as the one that is played.  Thread: WORKER
double
cn_track_tick(const CnScene* scene, int32_t bar);

/// Number of the bar at a place [units] of the roll's box, as they are shown.  Thread: WORKER
int32_t
cn_track_bar_at(const CnScene* scene, const CnBox* roll, const CnRollView* view, double x);

/// Where a bar is in the roll's box, its number and its notes.  Thread: WORKER
CnBox
cn_track_place(const CnScene* scene, const CnBox* roll, const CnRollView* view, int32_t bar);

/// Draw what is written down.  Thread: WORKER
void
cn_track_draw(cairo_t* cr, const CnTheme* theme, const CnBox* roll, const CnRollView* view,
              const CnScene* scene);

/// Frame some bars, as far as they are seen in the roll's box; `fill` is how opaque a colour lies over them.
/// Thread: WORKER
void
cn_track_frame(cairo_t* cr, const CnBox* roll, const CnBox* bars, CnColor color, double fill, double edge);

#endif // CN_TRACK_H
