// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file turning.h
   How each control is turned by the mouse, and what comes of that.
*/

#ifndef CN_TURNING_H
#define CN_TURNING_H

#include "plugin/draw/paint.h"

/// Presses of a button, one in each box, at a third of its height
typedef struct {
  float    wanted; ///< Value that the control has then
  unsigned button; ///< 1: the first; 4, 5: the wheel up or down
  unsigned n_presses;
  CnBox    presses[2]; ///< [units] in a window as it opens
} CnTurning;

/// How a control leaves its default; one that goes back by itself does as long as the button is held
CnTurning
cn_turning(int control);

/// How a line of a list is chosen, once that is open
CnBox
cn_turning_entry(int list, int entry);

#endif // CN_TURNING_H
