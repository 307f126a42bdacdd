// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file marks.h
   What mouse and keyboard do to mark bars of the roll, which can then be saved, or dragged away.  All thread
   class WORKER.
*/

#ifndef CN_MARKS_H
#define CN_MARKS_H

#include "plugin/touch/touch.h"

#include <stdbool.h>

/// Pull at the roll, which the button went down on, to a place [units].  With the shift key down as it begins
/// bars are marked, marked bars are taken away, and all else scrolls.  Thread: WORKER
void
cn_marks_pull(CnTouch* touch, double x, bool shifted);

/// Click on a bar: others are marked no longer.  Thread: WORKER
void
cn_marks_click(CnTouch* touch);

/// Mark the bar that the keyboard is at, and all up to it; none, if it is marked.  False if there are no
/// bars. Thread: WORKER
bool
cn_marks_key(CnTouch* touch);

#endif // CN_MARKS_H
