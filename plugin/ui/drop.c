// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/drop.h"

#include <X11/Xatom.h>

#define MAX_TYPES 256      ///< Of those that a source may offer
#define MAX_LIST (1 << 18) ///< [bytes] of a list

void
cn_drop_init(CnDrop* const self, Display* const display, const CnXdnd* const atoms, const Window window,
             const CnDropHost* const host)
{
  const unsigned long version = CN_XDND_VERSION;
  self->display               = display;
  self->atoms                 = atoms;
  self->window                = window;
  self->host                  = *host;
  XChangeProperty(display, window, atoms->aware, XA_ATOM, 32, PropModeReplace, (const unsigned char*)&version,
                  1);
}

/// Begin to deal with a source, or with none
static void
meet(CnDrop* const self, const Window source)
{
  if (self->source && self->source != source) {
    XSelectInput(self->display, self->source, NoEventMask);
    if (self->is_over) {
      self->host.hover(self->host.handle, false);
    }
  }
  self->source  = source;
  self->is_over = false;
  self->fits    = false;
  self->awaits  = false;
  if (source) {
    XSelectInput(self->display, source, StructureNotifyMask); // It may go away without a word
  }
}

static bool
has_list(const CnDrop* const self, const unsigned long* const types, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    if (types[i] == self->atoms->uri_list) {
      return true;
    }
  }
  return false;
}

static void
hear_enter(CnDrop* const self, const long* const words)
{
  unsigned long types[MAX_TYPES] = {(unsigned long)words[2], (unsigned long)words[3],
                                    (unsigned long)words[4]};
  size_t        n                = 3;
  const Window  source           = (Window)words[0];
  if (source == self->window || words[1] >> 24 < CN_XDND_LEAST) {
    meet(self, None);
    return;
  }
  if (words[1] & 1) { // More than three
    n = cn_xdnd_read(self->display, source, self->atoms->type_list, XA_ATOM, types, MAX_TYPES);
  }
  meet(self, source);
  self->fits = has_list(self, types, n);
}

/// True if a place of the screen is in our window
static bool
is_inside(const CnDrop* const self, const int x, const int y)
{
  Window            child = None;
  int               our_x = 0;
  int               our_y = 0;
  XWindowAttributes ours;
  return XTranslateCoordinates(self->display, DefaultRootWindow(self->display), self->window, x, y, &our_x,
                               &our_y, &child) &&
         XGetWindowAttributes(self->display, self->window, &ours) && ours.map_state == IsViewable &&
         our_x >= 0 && our_y >= 0 && our_x < ours.width && our_y < ours.height;
}

/// Say whether it can be dropped
static void
hear_position(CnDrop* const self, const Window addressed, const long* const words)
{
  const Window source = (Window)words[0];
  if (source == self->window) {
    return;
  }
  const bool is_his = source == self->source;
  const bool fits =
      is_his && self->fits && is_inside(self, (int)(words[2] >> 16 & 0xFFFF), (int)(words[2] & 0xFFFF));
  if (is_his && fits != self->is_over) {
    self->is_over = fits;
    self->host.hover(self->host.handle, fits);
  }
  const long answer[4] = {fits, 0, 0, fits ? (long)self->atoms->action_copy : None};
  cn_xdnd_send(self->display, source, source, self->atoms->status, addressed, answer);
}

static void
finish(CnDrop* const self, const bool is_taken)
{
  const long words[4] = {is_taken, is_taken ? (long)self->atoms->action_copy : None, 0, 0};
  cn_xdnd_send(self->display, self->source, self->source, self->atoms->finished, self->addressed, words);
  meet(self, None);
}

static void
hear_drop(CnDrop* const self, const long* const words, const double time)
{
  if (!self->is_over) {
    finish(self, false);
    return;
  }
  self->awaits  = true;
  self->since   = time;
  self->dropped = (Time)words[2];
  XConvertSelection(self->display, self->atoms->selection, self->atoms->uri_list, self->atoms->data,
                    self->window, self->dropped);
}

/// Read what was handed over; null if it is no list, or too long a one.  To be freed with XFree()
static unsigned char*
read_list(const CnDrop* const self, size_t* const size)
{
  Atom           type   = None;
  int            format = 0;
  unsigned long  n      = 0;
  unsigned long  after  = 0;
  unsigned char* list   = NULL;
  const int      status = XGetWindowProperty(self->display, self->window, self->atoms->data, 0, MAX_LIST / 4,
                                             False, AnyPropertyType, &type, &format, &n, &after, &list);
  XDeleteProperty(self->display, self->window, self->atoms->data);
  *size = n;
  if (status == Success && list && format == 8 && after == 0 && type != self->atoms->increments) {
    return list;
  }
  if (list) {
    XFree(list);
  }
  return NULL;
}

static void
hear_list(CnDrop* const self, const XSelectionEvent* const event)
{
  size_t               size = 0;
  unsigned char* const list = event->property ? read_list(self, &size) : NULL;
  bool                 used = false;
  if (list) {
    used = self->host.take(self->host.handle, (const char*)list, size);
    XFree(list);
  } else {
    self->host.fail(self->host.handle, "Nothing was dropped: there was no list of files");
  }
  finish(self, used);
}

static bool
hear_message(CnDrop* const self, const XClientMessageEvent* const event, const double time)
{
  const CnXdnd* const atoms  = self->atoms;
  const long* const   words  = event->data.l;
  const bool          is_his = self->source && (Window)words[0] == self->source && !self->awaits;
  if (event->format != 32) {
    return false;
  }
  if (event->message_type == atoms->enter) {
    hear_enter(self, words);
  } else if (event->message_type == atoms->position) {
    hear_position(self, event->window, words);
  } else if (event->message_type == atoms->leave && is_his) {
    meet(self, None);
  } else if (event->message_type == atoms->drop && is_his) {
    self->addressed = event->window;
    hear_drop(self, words, time);
  }
  return event->message_type == atoms->enter || event->message_type == atoms->position ||
         event->message_type == atoms->leave || event->message_type == atoms->drop;
}

bool
cn_drop_hear(CnDrop* const self, const XEvent* const event, const double time)
{
  if (event->type == ClientMessage) {
    return hear_message(self, &event->xclient, time);
  }
  if (event->type == SelectionNotify && event->xselection.selection == self->atoms->selection) {
    const Time asked = event->xselection.time; // Of an earlier drop, which was given up: it is too late
    if (self->awaits && (asked == self->dropped || asked == CurrentTime)) {
      hear_list(self, &event->xselection);
    }
    return true;
  }
  if (event->type == DestroyNotify && self->source && event->xdestroywindow.window == self->source) {
    self->host.hover(self->host.handle, false);
    self->source = None;
    self->awaits = false;
    return true;
  }
  return false;
}

void
cn_drop_idle(CnDrop* const self, const double time)
{
  if (self->awaits && time - self->since > CN_DROP_SECONDS) {
    self->host.fail(self->host.handle, "Nothing was dropped: the other side does not answer");
    finish(self, false);
  }
}
