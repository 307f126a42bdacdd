// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file touch.h
   What the mouse does to the window, in no window system's terms.  All thread class WORKER.
*/

#ifndef CN_TOUCH_H
#define CN_TOUCH_H

#include "plugin/draw/face.h"

#include <stdbool.h>
#include <stdint.h>

/// Who is told of what they do
typedef struct {
  void* handle;
  void (*change)(void* handle, uint32_t port, float value); ///< A control is to have a value
  void (*grab)(void* handle, uint32_t port, bool grabbed);  ///< A control is taken in the hand, or let go
  void (*panic)(void* handle);
  void (*model)(void* handle);                       ///< Another model is to be chosen
  void (*write)(void* handle, const CnSheet* sheet); ///< This is to be written down for bars
  void (*undo)(void* handle);                        ///< The latest of that is to be taken back
  void (*save)(void* handle);                        ///< The marked bars, or all, are to be saved
  void (*drag)(void* handle);                        ///< The marked bars are dragged away
  void (*phrase)(void* handle);                      ///< A file is to be chosen to go on from
} CnTouchHost;

/// What it does to pull at the roll, by how it begins
typedef enum {
  CN_PULL_NOTHING, ///< It has not begun
  CN_PULL_SCROLLS,
  CN_PULL_MARKS,
  CN_PULL_TAKES, ///< The marked bars
} CnPull;

/// The hands over a face
typedef struct {
  CnFace*     face; ///< Borrowed
  CnTouchHost host;
  double      width;  ///< [units] of the window
  double      height; ///< [units]
  CnSpot      held;   ///< Where the button went down
  float       from;   ///< Value of the held control then; moved with it
  double      last_x; ///< [units] of the pointer
  double      last_y;
  uint32_t    pressed; ///< [ms] of the last press
  CnSpot      before;  ///< Where that was
  double      down_x;  ///< [units]
  double      down_y;
  bool        moved; ///< The pointer has, since then
  CnPull      pull;
  int         pulled;    ///< 1 + the control of a trigger that is to go back; 0: none
  double      pulled_at; ///< [s] since when, below 0 until cn_touch_idle() knows
} CnTouch;

/// Press the first button; `time` in [ms].  Thread: WORKER
void
cn_touch_press(CnTouch* touch, double x, double y, uint32_t time);

/// Move the pointer; `fine`: the shift key is down.  Thread: WORKER
void
cn_touch_move(CnTouch* touch, double x, double y, bool fine);

/// Let go of the button.  Thread: WORKER
void
cn_touch_release(CnTouch* touch);

/// The button is up, and nobody knows where that was: what it held stays as it is.  Thread: WORKER
void
cn_touch_lose(CnTouch* touch);

/**
   Let time pass: a trigger that was let go goes back, but not before the plugin can have seen it, as a host
   tells of two changes in a block only the last.

   @param time [s]
   @return True if something has changed.

   Thread: WORKER
*/
bool
cn_touch_idle(CnTouch* touch, double time);

/// Turn the wheel by a notch, up 1 or down -1; `zoom`: the control key is down.  Thread: WORKER
void
cn_touch_wheel(CnTouch* touch, double x, double y, int notches, bool zoom);

/// The pointer leaves.  Thread: WORKER
void
cn_touch_leave(CnTouch* touch);

#endif // CN_TOUCH_H
