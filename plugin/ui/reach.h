// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file reach.h
   Has what is dropped on the host's window come to ours, which is in it.

   Programs that drag look for who takes drops from the screen inwards, and most of them go no further than
   the host's window.  So we have that say that we hear for it (XdndProxy), but only where ours is seen and
   takes up most of it, and as long as it does, and nobody else hears for it: a host's main window is left
   alone.

   All functions: Thread: INIT
*/

#ifndef CN_REACH_H
#define CN_REACH_H

#include "plugin/ui/xdnd.h"

#include <X11/Xlib.h>

#define CN_REACH_SECONDS 1.0 ///< [s] between two looks, as hosts put windows into others when they like

typedef struct {
  Display*      display; ///< Borrowed, as the next
  const CnXdnd* atoms;
  Window        window;
  Window        top;    ///< The host's, which says so; None: none does
  double        looked; ///< [s]
} CnReach;

/// Begin with none; all must be zero.  Thread: INIT
void
cn_reach_init(CnReach* reach, Display* display, const CnXdnd* atoms, Window window);

/// Look where the window is by now; `time` [s] is now.  Thread: INIT
void
cn_reach_idle(CnReach* reach, double time);

/// Leave the host's window as it was.  Thread: INIT
void
cn_reach_end(CnReach* reach);

#endif // CN_REACH_H
