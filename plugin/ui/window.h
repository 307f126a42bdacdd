// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file window.h
   A window of our own under X11: shows a face, and hands on what mouse and keyboard do.

   It has a connection of its own to the X server, and all that it does it does when it is called; there are
   no threads.  Errors of X, which would end the host, are caught while it works, and those of other
   connections are left to whoever handled them.  It never asks for the keyboard's focus: keys come to it
   where the host lets them, only while a control is chosen, and those that are not for it go back to its
   parent.

   All functions: Thread: WORKER
*/

#ifndef CN_WINDOW_H
#define CN_WINDOW_H

#include "plugin/touch/touch.h"
#include "plugin/ui/drag.h"
#include "plugin/ui/drop.h"

#include <stdbool.h>

typedef struct CnWindow CnWindow;

/// Who is told of files that come and go
typedef struct {
  CnDropHost drop;
  CnDragHost drag;
} CnWindowFiles;

/**
   Open a window.

   @param parent Window to be a child of; 0: none.
   @param face Borrowed: drawn, and changed by mouse and keyboard.
   @param host Copied: told of it.
   @param files Copied: told of files.
   @param scale [pixels a unit].
   @return Null if there is no X server, or no memory.

   Thread: INIT
*/
CnWindow*
cn_window_new(unsigned long parent, CnFace* face, const CnTouchHost* host, const CnWindowFiles* files,
              double scale);

/// Close a window; null is allowed.  Thread: INIT
void
cn_window_free(CnWindow* window);

/// The window's id, for the host.  Thread: INIT
unsigned long
cn_window_id(const CnWindow* window);

/// The size, [pixels].  Thread: INIT
void
cn_window_size(const CnWindow* window, int* width, int* height);

/// Change the size, [pixels], as the host wants it.  Thread: INIT
void
cn_window_resize(CnWindow* window, int width, int height);

/// Hear what has happened, and draw what is to be drawn: the music moves if it `rolls`; `time` [s] is now.
/// @return False if it was closed.  Thread: INIT
bool
cn_window_idle(CnWindow* window, bool rolls, double time);

/// Begin to drag a file that will be there, in the midst of a move of the pointer; false if that cannot be.
/// Thread: INIT
bool
cn_window_drag(CnWindow* window, const char* path);

/// The file is there, or will not be.  Thread: INIT
void
cn_window_drag_ready(CnWindow* window, bool is_there);

/// Draw everything anew in the next idle call.  Thread: INIT
void
cn_window_refresh(CnWindow* window);

#endif // CN_WINDOW_H
