// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file keyboard.h
   Keys of X: ours, and the host's.
*/

#ifndef CN_KEYBOARD_H
#define CN_KEYBOARD_H

#include "plugin/touch/touch.h"

#include <X11/Xlib.h>

/**
   Hear a key that was pressed in our window.

   @param parent Window that ours is in.
   @param touch Told of it, if the key is ours; if not, it is sent to the window that would have heard it.

   Thread: WORKER
*/
void
cn_keyboard_hear(Display* display, Window parent, CnTouch* touch, XKeyEvent* event);

#endif // CN_KEYBOARD_H
