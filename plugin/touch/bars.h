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

/// Write down what is done to the bar whose list is open; a chord is the one that was typed, or none.
/// Thread: WORKER
void
cn_bars_revise(CnTouch* touch, CnBarDo what);

/// List what can be done to the bar under the pointer.  Thread: WORKER
void
cn_bars_open(CnTouch* touch);

/// Go back by so many bars, or forward.  Thread: WORKER
void
cn_bars_scroll(CnFace* face, double bars);

/// Press a key while that list is open; false if it is not ours.  Thread: WORKER
bool
cn_bars_key(CnTouch* touch, CnKeys key, char letter);

#endif // CN_BARS_H
