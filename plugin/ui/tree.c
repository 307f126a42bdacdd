// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/tree.h"

#include <stddef.h>

Window
cn_tree_parent(Display* const display, const Window window)
{
  Window   root     = None;
  Window   parent   = None;
  Window*  children = NULL;
  unsigned n        = 0;
  if (!XQueryTree(display, window, &root, &parent, &children, &n)) {
    return None;
  }
  if (children) {
    XFree(children);
  }
  return parent == root ? None : parent;
}
