// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tree.h
   The tree of windows that ours is in.
*/

#ifndef CN_TREE_H
#define CN_TREE_H

#include <X11/Xlib.h>

#define CN_TREE_DEPTH 32 ///< Of windows in windows; others may move them while one looks

/// The window around a window; None: it lies on the screen, or is not there.  Thread: INIT
Window
cn_tree_parent(Display* display, Window window);

#endif // CN_TREE_H
