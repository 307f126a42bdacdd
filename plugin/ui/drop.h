// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file drop.h
   Our side of XDND where files are dropped on the window.

   Nothing here waits for the other side: what does not come in time is given up.

   All functions: Thread: INIT
*/

#ifndef CN_DROP_H
#define CN_DROP_H

#include "plugin/ui/xdnd.h"

#include <X11/Xlib.h>

#include <stdbool.h>
#include <stddef.h>

#define CN_DROP_SECONDS 5.0 ///< [s] that the other side has to hand over the list

/// Who is told of it
typedef struct {
  void* handle;
  void (*hover)(void* handle, bool is_over);                 ///< Files are held over the window, or no longer
  bool (*take)(void* handle, const char* list, size_t size); ///< A list of URIs; false if nothing comes of it
  void (*fail)(void* handle, const char* why);               ///< There is no list
} CnDropHost;

typedef struct {
  Display*      display; ///< Borrowed, as the next
  const CnXdnd* atoms;
  Window        window;
  CnDropHost    host;
  Window        source;    ///< None: nothing is over the window
  Window        addressed; ///< The window that it speaks to: ours, or one that we hear for
  bool          fits;      ///< It has a list of URIs, and is not ours
  bool          is_over;   ///< The pointer is over our window, and not beside it in the host's
  bool          awaits;    ///< It was dropped, and the list was asked for
  double        since;     ///< [s]
  Time          dropped;   ///< By the source's word
} CnDrop;

/// Say that files can be dropped on a window.  Thread: INIT
void
cn_drop_init(CnDrop* drop, Display* display, const CnXdnd* atoms, Window window, const CnDropHost* host);

/// Hear an event; false if it is none of ours.  Thread: INIT
bool
cn_drop_hear(CnDrop* drop, const XEvent* event, double time);

/// Give up what takes too long.  Thread: INIT
void
cn_drop_idle(CnDrop* drop, double time);

#endif // CN_DROP_H
