// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/drag.h"

#include "plugin/ui/tree.h"

#include <X11/Xatom.h>
#include <X11/cursorfont.h>

#include <string.h>

#define SAYS_IF_TAKEN 5 ///< Version since which targets say whether they have taken it
#define GRAB (ButtonPressMask | ButtonReleaseMask | PointerMotionMask)

void
cn_drag_init(CnDrag* const self, Display* const display, const CnXdnd* const atoms, const Window window,
             const CnDragHost* const host)
{
  self->display = display;
  self->atoms   = atoms;
  self->window  = window;
  self->host    = *host;
}

// Messages

static void
send(const CnDrag* const self, const Atom message, const long first, const long second, const long third,
     const long fourth)
{
  const long words[4] = {first, second, third, fourth};
  cn_xdnd_send(self->display, self->ear, self->target, message, self->window, words);
}

static void
send_enter(const CnDrag* const self)
{
  send(self, self->atoms->enter, self->version << 24, (long)self->atoms->uri_list, (long)self->atoms->text,
       None);
}

static void
send_position(CnDrag* const self, const double time)
{
  send(self, self->atoms->position, 0, (long)self->x << 16 | (self->y & 0xFFFF), (long)self->time,
       (long)self->atoms->action_copy);
  self->awaits = true;
  self->since  = time;
}

/// Show whether it can be dropped here, as long as the pointer is the drag's
static void
show(const CnDrag* const self)
{
  if (self->stage != CN_DRAG_PULLED) {
    return;
  }
  const Cursor cursor = XCreateFontCursor(self->display, self->accepts ? XC_plus : XC_circle);
  XChangeActivePointerGrab(self->display, GRAB, cursor, CurrentTime);
  XFreeCursor(self->display, cursor);
}

// Where the pointer is

/// Who takes drops
typedef struct {
  Window window; ///< None: nobody
  Window ear;    ///< Where its messages go
  long   version;
} Target;

/// True if a window takes drops, or has another one that does so for it
static bool
is_target(const CnDrag* const self, const Window window, Target* const target)
{
  unsigned long version = 0;
  Window        ear     = cn_xdnd_ear(self->display, self->atoms, window);
  ear                   = ear == self->window ? window : ear; // The host's, for which we hear otherwise
  if (cn_xdnd_read(self->display, ear, self->atoms->aware, XA_ATOM, &version, 1) != 1 ||
      version < CN_XDND_LEAST) {
    return false;
  }
  *target = (Target){window, ear, version < CN_XDND_VERSION ? (long)version : CN_XDND_VERSION};
  return true;
}

/// The window in a window that is under the pointer; None: there is none
static Window
find_child(const CnDrag* const self, const Window window)
{
  Window child = None;
  int    x     = 0;
  int    y     = 0;
  XTranslateCoordinates(self->display, DefaultRootWindow(self->display), window, self->x, self->y, &x, &y,
                        &child);
  return child;
}

/// Find who takes drops under the pointer: the first from the screen inwards that says so.  Where a window
/// lies on the screen, the screen itself, for which a desktop may hear, is not asked
static Target
find_target(const CnDrag* const self)
{
  const Window root   = DefaultRootWindow(self->display);
  Window       window = find_child(self, root);
  Target       target = {None, None, 0};
  window              = window ? window : root;
  for (int depth = 0; depth < CN_TREE_DEPTH && window && window != self->window; ++depth) {
    if (is_target(self, window, &target)) {
      return target;
    }
    window = find_child(self, window);
  }
  return target;
}

/// Turn from one target to another, or to none
static void
turn_to(CnDrag* const self, const Target* const target)
{
  if (self->target) {
    XSelectInput(self->display, self->target, NoEventMask);
    send(self, self->atoms->leave, 0, 0, 0, 0);
  }
  self->target  = target->window;
  self->ear     = target->ear;
  self->version = target->version;
  self->accepts = false;
  self->awaits  = false;
  if (self->target) {
    XSelectInput(self->display, self->target, StructureNotifyMask); // It may go away without a word
    send_enter(self);
  }
  show(self);
}

/// Tell whoever is under the pointer where it is
static void
tell(CnDrag* const self, const double time)
{
  const Target target = find_target(self);
  self->must_tell     = false;
  if (target.window != self->target) {
    turn_to(self, &target);
  }
  if (self->target) {
    send_position(self, time);
  }
}

// Beginning and end

bool
cn_drag_begin(CnDrag* const self, const char* const path, const XMotionEvent* const event)
{
  const Time time = event->time;
  if (self->stage != CN_DRAG_NONE) {
    return false;
  }
  XSetSelectionOwner(self->display, self->atoms->selection, self->window, time);
  if (XGetSelectionOwner(self->display, self->atoms->selection) != self->window) { // A later time was known
    XSetSelectionOwner(self->display, self->atoms->selection, self->window, CurrentTime);
  }
  cn_uri_list_write(path, self->list);
  self->stage     = CN_DRAG_PULLED;
  self->time      = time;
  self->is_ready  = false;
  self->is_given  = false;
  self->has_asker = false;
  self->must_tell = true;
  self->x         = event->x_root;
  self->y         = event->y_root;
  self->target    = None;
  self->accepts   = false;
  self->awaits    = false;
  show(self);
  return true;
}

/// Answer who asked for the file, or for what there is to be asked for
static void
answer(CnDrag* const self, const XSelectionRequestEvent* const request)
{
  const CnXdnd* const atoms    = self->atoms;
  const Atom          kinds[]  = {atoms->targets, atoms->uri_list, atoms->text};
  const Atom          property = request->property ? request->property : request->target;
  XEvent              event    = {.xselection = {.type      = SelectionNotify,
                                                 .display   = self->display,
                                                 .requestor = request->requestor,
                                                 .selection = request->selection,
                                                 .target    = request->target,
                                                 .property  = property,
                                                 .time      = request->time}};
  if (request->target == atoms->targets) {
    XChangeProperty(self->display, request->requestor, property, XA_ATOM, 32, PropModeReplace,
                    (const unsigned char*)kinds, sizeof(kinds) / sizeof(kinds[0]));
  } else if (self->is_ready && (request->target == atoms->uri_list || request->target == atoms->text)) {
    XChangeProperty(self->display, request->requestor, property, request->target, 8, PropModeReplace,
                    (const unsigned char*)self->list, (int)strlen(self->list));
    self->is_given = true;
  } else {
    event.xselection.property = None;
  }
  XSendEvent(self->display, request->requestor, False, NoEventMask, &event);
}

static void
answer_asker(CnDrag* const self)
{
  if (self->has_asker) {
    self->has_asker = false;
    answer(self, &self->asker.xselectionrequest);
  }
}

/// End it, and tell the other side if it has not been told already
static void
end(CnDrag* const self, const bool is_taken)
{
  const CnDragStage stage = self->stage;
  self->is_ready          = self->is_ready && is_taken;
  answer_asker(self);
  if (self->target && stage != CN_DRAG_DROPPED) {
    send(self, self->atoms->leave, 0, 0, 0, 0);
  }
  if (self->target) {
    XSelectInput(self->display, self->target, NoEventMask);
  }
  self->target = None;
  self->stage  = CN_DRAG_NONE;
  if (XGetSelectionOwner(self->display, self->atoms->selection) == self->window) {
    XSetSelectionOwner(self->display, self->atoms->selection, None, CurrentTime);
  }
  if (stage == CN_DRAG_PULLED) { // Later it may be pulling at something else
    XUngrabPointer(self->display, CurrentTime);
  }
  self->host.ended(self->host.handle, is_taken);
}

void
cn_drag_ready(CnDrag* const self, const bool is_there)
{
  if (self->stage == CN_DRAG_NONE) {
    return;
  }
  self->is_ready = is_there;
  answer_asker(self);
  if (!is_there) {
    end(self, false);
  }
}

void
cn_drag_give_up(CnDrag* const self)
{
  if (self->stage != CN_DRAG_NONE) {
    end(self, self->stage == CN_DRAG_DROPPED && self->is_given);
  }
}

// Events

static bool
hear_pointer(CnDrag* const self, const XEvent* const event)
{
  switch (event->type) {
  case MotionNotify:
    if (!(event->xmotion.state & Button1Mask)) { // It was let go of unheard, as where the host hides windows
      end(self, false);
      return false;
    }
    self->x         = event->xmotion.x_root;
    self->y         = event->xmotion.y_root;
    self->time      = event->xmotion.time;
    self->must_tell = true;
    return true;
  case ButtonRelease:
    if (event->xbutton.button == Button1) {
      self->time  = event->xbutton.time;
      self->stage = CN_DRAG_RELEASED;
    }
    return true;
  case ButtonPress: // Another one
    end(self, false);
    return true;
  case UnmapNotify:
    if (event->xunmap.window == self->window) {
      end(self, false);
    }
    return false;
  default:
    return false;
  }
}

static bool
hear_message(CnDrag* const self, const XClientMessageEvent* const event)
{
  const long* const words  = event->data.l;
  const bool        is_his = self->target && (Window)words[0] == self->target;
  if (event->message_type == self->atoms->status) {
    if (is_his && self->awaits) {
      const bool accepts = words[1] & 1;
      const bool changes = accepts != self->accepts;
      self->awaits       = false;
      self->accepts      = accepts;
      if (changes) {
        show(self);
      }
    }
    return true;
  }
  if (event->message_type == self->atoms->finished) {
    if (is_his && self->stage == CN_DRAG_DROPPED) {
      end(self, self->version < SAYS_IF_TAKEN ? self->is_given : words[1] & 1);
    }
    return true;
  }
  return false;
}

static void
hear_request(CnDrag* const self, const XEvent* const event)
{
  const Atom target = event->xselectionrequest.target;
  if (self->is_ready || self->stage == CN_DRAG_NONE || target == self->atoms->targets ||
      (target != self->atoms->uri_list && target != self->atoms->text)) {
    answer(self, &event->xselectionrequest);
    return;
  }
  answer_asker(self); // Only one can wait
  self->has_asker = true;
  self->asker     = *event;
}

bool
cn_drag_hear(CnDrag* const self, const XEvent* const event)
{
  if (event->type == SelectionRequest) {
    hear_request(self, event);
    return true;
  }
  if (self->stage == CN_DRAG_NONE) {
    return false;
  }
  if (self->stage == CN_DRAG_PULLED && hear_pointer(self, event)) {
    return true;
  }
  switch (event->type) {
  case ClientMessage:
    return event->xclient.format == 32 && hear_message(self, &event->xclient);
  case SelectionClear: // Somebody else drags something; if it is still ours, an earlier drag has ended
    if (XGetSelectionOwner(self->display, self->atoms->selection) != self->window) {
      cn_drag_give_up(self);
    }
    return true;
  case DestroyNotify:
    if (self->target && event->xdestroywindow.window == self->target) {
      self->target  = None;
      self->accepts = false;
      self->awaits  = false;
      if (self->stage != CN_DRAG_PULLED) {
        cn_drag_give_up(self);
      }
      return true;
    }
    return false;
  default:
    return false;
  }
}

/// The button is up: drop it, if that is wanted
static void
drop(CnDrag* const self, const double time)
{
  if (!self->target || !self->accepts) {
    end(self, false);
    return;
  }
  self->stage = CN_DRAG_DROPPED;
  self->since = time;
  send(self, self->atoms->drop, 0, (long)self->time, 0, 0);
}

void
cn_drag_idle(CnDrag* const self, const double time)
{
  if (self->stage == CN_DRAG_NONE) {
    return;
  }
  if (self->stage == CN_DRAG_DROPPED) {
    if (time - self->since > CN_DRAG_FINISHED_SECONDS) {
      end(self, self->is_given); // It may have it, and only not say so
    }
    return;
  }
  if (self->awaits && time - self->since > CN_DRAG_STATUS_SECONDS) {
    self->awaits  = false;
    self->accepts = false;
  } else if (self->must_tell && !self->awaits) {
    tell(self, time);
  }
  if (self->stage == CN_DRAG_RELEASED && !self->awaits && !self->must_tell) {
    drop(self, time);
  }
}
