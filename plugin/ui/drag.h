// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file drag.h
   Our side of XDND where a file is dragged out of the window.

   The pointer is ours while its button is down, as X has it by itself.  The file may be written while it is
   being dragged: whoever asks for it before is answered then.  Nothing here waits for the other side: what
   does not come in time is given up.

   All functions: Thread: INIT
*/

#ifndef CN_DRAG_H
#define CN_DRAG_H

#include "plugin/drag/uri_list.h"
#include "plugin/ui/xdnd.h"

#include <X11/Xlib.h>

#include <stdbool.h>

#define CN_DRAG_STATUS_SECONDS 3.0    ///< [s] that the other side has to say whether it takes it
#define CN_DRAG_FINISHED_SECONDS 10.0 ///< [s] that it has to take it

/// Who is told what came of it: the other side has the file, or nobody needs it any more
typedef struct {
  void* handle;
  void (*ended)(void* handle, bool is_taken);
} CnDragHost;

/// How far it is
typedef enum {
  CN_DRAG_NONE,
  CN_DRAG_PULLED,   ///< The button is down
  CN_DRAG_RELEASED, ///< It is not, and the other side has not said whether it takes it
  CN_DRAG_DROPPED,  ///< It does
} CnDragStage;

typedef struct {
  Display*      display; ///< Borrowed, as the next
  const CnXdnd* atoms;
  Window        window;
  CnDragHost    host;
  CnDragStage   stage;
  char          list[CN_URI_LIST_SIZE]; ///< Of the file
  bool          is_ready;               ///< It is there
  bool          is_given;               ///< Somebody was told where it is
  Window        target;                 ///< Where the pointer is; None: nowhere that takes anything
  Window        ear;                    ///< Where its messages go
  long          version;                ///< That both sides speak
  bool          accepts;
  bool          awaits;    ///< Its status
  bool          must_tell; ///< The pointer has moved
  int           x;         ///< [pixels] of the screen
  int           y;
  Time          time;
  double        since;     ///< [s] that the other side has had its turn
  bool          has_asker; ///< Somebody has asked for the file before it was there
  XEvent        asker;
} CnDrag;

/// Prepare to drag nothing yet; all must be zero.  Thread: INIT
void
cn_drag_init(CnDrag* drag, Display* display, const CnXdnd* atoms, Window window, const CnDragHost* host);

/// Begin to drag a file that will be there, as the pointer moves; false if another one is still on its way.
/// Thread: INIT
bool
cn_drag_begin(CnDrag* drag, const char* path, const XMotionEvent* event);

/// The file is there, or will not be.  Thread: INIT
void
cn_drag_ready(CnDrag* drag, bool is_there);

/// Hear an event; false if it is none of ours.  Thread: INIT
bool
cn_drag_hear(CnDrag* drag, const XEvent* event);

/// Tell the other side what is due, and give up what takes too long.  Thread: INIT
void
cn_drag_idle(CnDrag* drag, double time);

/// Give it up, as when the window closes; who was told where a dropped file is has it.  Thread: INIT
void
cn_drag_give_up(CnDrag* drag);

#endif // CN_DRAG_H
