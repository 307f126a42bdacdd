// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file knobs.h
   What mouse and keyboard do to a control.  All thread class WORKER.
*/

#ifndef CN_KNOBS_H
#define CN_KNOBS_H

#include "plugin/touch/touch.h"

#include <stdbool.h>
#include <stddef.h>

/// Press the button on a control; `twice`: the second time.  Thread: WORKER
void
cn_knobs_press(CnTouch* touch, int control, bool twice);

/// Push a button that is no control; whatever is none is passed over.  Thread: WORKER
void
cn_knobs_push(CnTouch* touch, CnSpotKind button);

/// Drag the control that is held to a place [units]; `fine`: slowly.  Thread: WORKER
void
cn_knobs_drag(CnTouch* touch, double x, double y, bool fine);

/// Let go of the control that is held.  Thread: WORKER
void
cn_knobs_release(CnTouch* touch);

/// Let a trigger go back, see cn_touch_idle().  Thread: WORKER
bool
cn_knobs_idle(CnTouch* touch, double time);

/// Go some steps from where a control is.  Thread: WORKER
void
cn_knobs_step(CnTouch* touch, int control, int n);

/// Set a control to one of its points.  Thread: WORKER
void
cn_knobs_choose(CnTouch* touch, int control, size_t point);

/// Set all controls of a preset.  Thread: WORKER
void
cn_knobs_preset(CnTouch* touch, int index);

/// Take what was typed for the value of the chosen control; nothing: list, pull or switch it.  Thread: WORKER
void
cn_knobs_enter(CnTouch* touch);

/// Take back a letter, or all that was turned.  Thread: WORKER
void
cn_knobs_erase(CnTouch* touch);

/// Add a letter to what is typed; the space bar is the host's, unless a name is being typed: false then.
/// Thread: WORKER
bool
cn_knobs_type(CnPanel* panel, char letter);

#endif // CN_KNOBS_H
