// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bars.h
   What mouse and keyboard do to bars of the roll.  All thread class WORKER.
*/

#ifndef CN_BARS_H
#define CN_BARS_H

#include "plugin/touch/keys.h"

#include <stdbool.h>
#include <stdint.h>

/// Write down what is done to the bar that the panel has; a chord is the one that was typed, or none.
/// Thread: WORKER
void
cn_bars_revise(CnTouch* touch, CnBarDo what);

/// List what can be done to a bar, at a place [units]; there is none before the first.  Thread: WORKER
void
cn_bars_open(CnTouch* touch, int32_t bar, double x, double y);

/// Number of the bar at a place [units].  Thread: WORKER
int32_t
cn_bars_at(const CnTouch* touch, double x);

/// Go back by so many bars, or forward.  Thread: WORKER
void
cn_bars_scroll(CnFace* face, double bars);

/// Show fewer bars, or more.  Thread: WORKER
void
cn_bars_zoom(CnFace* face, int notches);

/// Carry the chord that is held to a place [units]; it may leave a copy where it was.  Thread: WORKER
void
cn_bars_carry(CnTouch* touch, double x, double y, bool copies);

/// Let it go: it is written over the bar there; beside the roll it is none's.  Thread: WORKER
void
cn_bars_drop(CnTouch* touch);

/// Have the keyboard at a bar so many later, which is then seen; 0: at one that is seen.  Thread: WORKER
void
cn_bars_go(CnTouch* touch, int by);

/// Press a key at that bar; false if it is not ours.  Thread: WORKER
bool
cn_bars_key(CnTouch* touch, CnKeys key, char letter);

/// Press a key while the list of a bar is open: a chord is typed, or erased; false if it is not ours.
/// Thread: WORKER
bool
cn_bars_type(CnTouch* touch, CnKeys key, char letter);

#endif // CN_BARS_H
