// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/reach.h"

#include "plugin/ui/tree.h"

#include <X11/Xatom.h>

#include <stdbool.h>

static void
put_proxy(const CnReach* const self, const Window on)
{
  const unsigned long id = self->window;
  XChangeProperty(self->display, on, self->atoms->proxy, XA_WINDOW, 32, PropModeReplace,
                  (const unsigned char*)&id, 1);
}

void
cn_reach_init(CnReach* const self, Display* const display, const CnXdnd* const atoms, const Window window)
{
  self->display = display;
  self->atoms   = atoms;
  self->window  = window;
  put_proxy(self, window); // It agrees
}

/// The host's window, as window managers know it, or else the one on the screen; None: we are in none
static Window
find_top(const CnReach* const self)
{
  Window        top    = None;
  Window        window = cn_tree_parent(self->display, self->window);
  unsigned long state  = 0;
  for (int depth = 0; depth < CN_TREE_DEPTH && window; ++depth) {
    top = window;
    if (cn_xdnd_read(self->display, top, self->atoms->state, self->atoms->state, &state, 1) == 1) {
      return top;
    }
    window = cn_tree_parent(self->display, window);
  }
  return top;
}

/// [pixels]
static double
area_of(const XWindowAttributes* const window)
{
  return (double)window->width * window->height;
}

/// True if our window can be seen, and takes up most of the host's
static bool
fills(const CnReach* const self, const Window top)
{
  XWindowAttributes ours;
  XWindowAttributes hosts;
  return XGetWindowAttributes(self->display, self->window, &ours) &&
         XGetWindowAttributes(self->display, top, &hosts) && ours.map_state == IsViewable &&
         2.0 * area_of(&ours) > area_of(&hosts);
}

static bool
is_ours(const CnReach* const self, const Window top)
{
  unsigned long proxy = None;
  return cn_xdnd_read(self->display, top, self->atoms->proxy, XA_WINDOW, &proxy, 1) == 1 &&
         proxy == self->window;
}

void
cn_reach_end(CnReach* const self)
{
  if (self->top && is_ours(self, self->top)) {
    XDeleteProperty(self->display, self->top, self->atoms->proxy);
  }
  self->top = None;
}

void
cn_reach_idle(CnReach* const self, const double time)
{
  if (time - self->looked < CN_REACH_SECONDS) {
    return;
  }
  self->looked     = time;
  const Window top = find_top(self);
  const bool   has = top && fills(self, top);
  if (self->top && (top != self->top || !has)) { // It went elsewhere, or behind, or there is more beside it
    cn_reach_end(self);
  }
  if (has && !self->top && cn_xdnd_ear(self->display, self->atoms, top) == top) {
    self->top = top;
    put_proxy(self, top);
  }
}
