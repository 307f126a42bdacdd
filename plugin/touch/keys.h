// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file keys.h
   What the keyboard does to the window, in no window system's terms.  All thread class WORKER.
*/

#ifndef CN_KEYS_H
#define CN_KEYS_H

#include "plugin/touch/touch.h"

#include <stdbool.h>

/// Keys that are no letters
typedef enum {
  CN_KEYS_TEXT, ///< A letter, or another character
  CN_KEYS_UP,
  CN_KEYS_DOWN,
  CN_KEYS_LEFT,
  CN_KEYS_RIGHT,
  CN_KEYS_HOME,
  CN_KEYS_PAGE_UP,
  CN_KEYS_PAGE_DOWN,
  CN_KEYS_NEXT,     ///< Tab
  CN_KEYS_PREVIOUS, ///< Shift and Tab
  CN_KEYS_ENTER,
  CN_KEYS_ESCAPE,
  CN_KEYS_ERASE, ///< Backspace, or Delete
} CnKeys;

/// Choose what the keyboard acts on from here on, or nothing.  Thread: WORKER
void
cn_keys_choose(CnTouch* touch, CnSpot spot);

/// Press a key; false if it is not ours, but the host's.  Thread: WORKER
bool
cn_keys_press(CnTouch* touch, CnKeys key, char letter);

#endif // CN_KEYS_H
