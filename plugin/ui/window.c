// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/window.h"

#include "plugin/ui/keyboard.h"
#include "plugin/ui/reach.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <cairo-xlib.h>

#include <math.h>
#include <stdlib.h>

#define USUAL_EVENTS                                                                              \
  (ExposureMask | StructureNotifyMask | ButtonPressMask | ButtonReleaseMask | PointerMotionMask | \
   EnterWindowMask | LeaveWindowMask)

#define MAX_SIZE 16384 ///< [pixels] of a side

struct CnWindow {
  Display*         display;
  Window           window;
  Window           parent;
  Atom             wm_delete;
  cairo_surface_t* screen; ///< The window
  cairo_surface_t* page;   ///< What is drawn, before it is shown at once
  CnTouch          touch;
  CnXdnd           atoms;
  CnDrop           drop;
  CnDrag           drag;
  CnReach          reach;
  XMotionEvent     motion;    ///< The last one
  double           scale;     ///< [pixels a unit] that was asked for
  double           drawn;     ///< [pixels a unit] as there is room for
  int              width;     ///< [pixels]
  int              height;    ///< [pixels]
  bool             is_stale;  ///< Something is to be drawn
  bool             is_mapped; ///< It can be seen
  bool             is_closed;
  bool             has_keys; ///< Keys are asked for
  unsigned         n_errors;
};

// Errors

// The handler of errors is the process's, and knows of no context but the connection
static CnWindow*     working; ///< Whose errors are caught
static XErrorHandler others;  ///< Who handles those of others

static int
catch_error(Display* const display, XErrorEvent* const event)
{
  if (working && display == working->display) {
    ++working->n_errors;
    return 0;
  }
  return others ? others(display, event) : 0;
}

/// Begin to catch errors; the host may call in the midst of it, as to resize.  @return Whose were caught
static CnWindow*
begin_work(CnWindow* const self)
{
  CnWindow* const     outer  = working;
  const XErrorHandler before = XSetErrorHandler(catch_error);
  others                     = before == catch_error ? others : before;
  working                    = self;
  return outer;
}

/// Wait for what the server has to say, so that no error comes later
static void
end_work(const CnWindow* const self, CnWindow* const outer)
{
  if (self->display) {
    XSync(self->display, False);
  }
  working = outer;
  if (!outer) {
    XSetErrorHandler(others);
  }
}

// Opening and closing

static void
set_hints(const CnWindow* const self)
{
  XSizeHints hints = {
      .flags       = PMinSize | PBaseSize | PSize,
      .min_width   = (int)(CN_FACE_MIN_WIDTH * self->scale),
      .min_height  = (int)(CN_FACE_MIN_HEIGHT * self->scale),
      .base_width  = self->width,
      .base_height = self->height,
      .width       = self->width,
      .height      = self->height,
  };
  XWMHints manners = {.flags = InputHint, .input = False};
  XSetWMNormalHints(self->display, self->window, &hints);
  XSetWMHints(self->display, self->window, &manners);
  XStoreName(self->display, self->window, "Continuo");
}

/// Say that it may be embedded, and is to be shown (XEmbed 0.5)
static void
set_embedding(const CnWindow* const self)
{
  const long info[2] = {0, 1};
  const Atom atom    = XInternAtom(self->display, "_XEMBED_INFO", False);
  XChangeProperty(self->display, self->window, atom, atom, 32, PropModeReplace, (const unsigned char*)info,
                  2);
}

/// Let files come and go
static void
set_dragging(CnWindow* const self, const CnWindowFiles* const files)
{
  cn_xdnd_intern(&self->atoms, self->display);
  cn_drop_init(&self->drop, self->display, &self->atoms, self->window, &files->drop);
  cn_drag_init(&self->drag, self->display, &self->atoms, self->window, &files->drag);
  cn_reach_init(&self->reach, self->display, &self->atoms, self->window);
}

static bool
make_window(CnWindow* const self, const unsigned long parent, const CnWindowFiles* const files)
{
  const int screen                = DefaultScreen(self->display);
  self->parent                    = parent ? parent : RootWindow(self->display, screen);
  XSetWindowAttributes attributes = {
      .background_pixmap = None,
      .bit_gravity       = NorthWestGravity,
      .event_mask        = USUAL_EVENTS,
  };
  self->window = XCreateWindow(self->display, self->parent, 0, 0, (unsigned)self->width,
                               (unsigned)self->height, 0, CopyFromParent, InputOutput, CopyFromParent,
                               CWBackPixmap | CWBitGravity | CWEventMask, &attributes);
  set_hints(self);
  set_embedding(self);
  set_dragging(self, files);
  self->wm_delete = XInternAtom(self->display, "WM_DELETE_WINDOW", False);
  XSetWMProtocols(self->display, self->window, &self->wm_delete, 1);
  XMapRaised(self->display, self->window);
  XSync(self->display, False);
  XWindowAttributes made;
  if (self->n_errors > 0 || !XGetWindowAttributes(self->display, self->window, &made)) {
    return false;
  }
  self->screen =
      cairo_xlib_surface_create(self->display, self->window, made.visual, self->width, self->height);
  return cairo_surface_status(self->screen) == CAIRO_STATUS_SUCCESS;
}

static bool
make_page(CnWindow* const self)
{
  cairo_surface_destroy(self->page);
  self->page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, self->width, self->height);
  return cairo_surface_status(self->page) == CAIRO_STATUS_SUCCESS;
}

static void
take_size(CnWindow* const self, const int width, const int height)
{
  self->width        = width < 1 ? 1 : width < MAX_SIZE ? width : MAX_SIZE;
  self->height       = height < 1 ? 1 : height < MAX_SIZE ? height : MAX_SIZE;
  self->drawn        = self->scale * cn_face_fit(self->width / self->scale, self->height / self->scale);
  self->touch.width  = self->width / self->drawn;
  self->touch.height = self->height / self->drawn;
  self->is_stale     = true;
}

CnWindow*
cn_window_new(const unsigned long parent, CnFace* const face, const CnTouchHost* const host,
              const CnWindowFiles* const files, const double scale)
{
  CnWindow* const self = (CnWindow*)calloc(1, sizeof(CnWindow));
  if (!self) {
    return NULL;
  }
  self->scale      = scale;
  self->touch.face = face;
  self->touch.host = *host;
  take_size(self, (int)lround(CN_FACE_WIDTH * scale), (int)lround(CN_FACE_HEIGHT * scale));
  self->display = XOpenDisplay(NULL);
  if (!self->display) {
    free(self);
    return NULL;
  }
  CnWindow* const outer   = begin_work(self);
  const bool      is_made = make_window(self, parent, files) && make_page(self);
  end_work(self, outer);
  if (!is_made) {
    cn_window_free(self);
    return NULL;
  }
  return self;
}

void
cn_window_free(CnWindow* const self)
{
  if (self) {
    CnWindow* const outer = begin_work(self);
    cn_drag_give_up(&self->drag);
    cn_reach_end(&self->reach);
    cairo_surface_destroy(self->page);
    if (self->screen) {
      cairo_surface_finish(self->screen);
      cairo_surface_destroy(self->screen);
    }
    if (self->window) {
      XDestroyWindow(self->display, self->window); // The parent may have taken it along: an error then
    }
    XSync(self->display, False);
    XCloseDisplay(self->display);
    self->display = NULL;
    end_work(self, outer);
    free(self);
  }
}

unsigned long
cn_window_id(const CnWindow* const self)
{
  return self->window;
}

void
cn_window_size(const CnWindow* const self, int* const width, int* const height)
{
  *width  = self->width;
  *height = self->height;
}

void
cn_window_resize(CnWindow* const self, const int width, const int height)
{
  CnWindow* const outer = begin_work(self);
  XResizeWindow(self->display, self->window, (unsigned)(width > 0 ? width : 1),
                (unsigned)(height > 0 ? height : 1));
  end_work(self, outer);
}

void
cn_window_refresh(CnWindow* const self)
{
  self->is_stale = true;
}

// Keys

/// Ask for keys only while something is chosen for them: all others are the host's
static void
ask_for_keys(CnWindow* const self)
{
  const CnPanel* const panel = &self->touch.face->panel;
  const bool           wants = panel->chosen.kind != CN_SPOT_NOTHING || panel->list != CN_PANEL_NONE;
  if (wants != self->has_keys) {
    self->has_keys = wants;
    XSelectInput(self->display, self->window, USUAL_EVENTS | (wants ? KeyPressMask : 0));
  }
}

// Events

static void
hear_press(CnWindow* const self, const XButtonEvent* const event)
{
  const double x    = event->x / self->drawn;
  const double y    = event->y / self->drawn;
  const bool   zoom = event->state & ControlMask;
  if (event->button == Button1) {
    cn_touch_press(&self->touch, x, y, (uint32_t)event->time);
  } else if (event->button == Button4) {
    cn_touch_wheel(&self->touch, x, y, 1, zoom);
  } else if (event->button == Button5) {
    cn_touch_wheel(&self->touch, x, y, -1, zoom);
  }
}

static void
hear(CnWindow* const self, XEvent* const event, const double time)
{
  if (cn_drag_hear(&self->drag, event) || cn_drop_hear(&self->drop, event, time)) {
    self->is_stale = true;
    return;
  }
  if (event->xany.window != self->window) { // That of who drags, or is dragged to
    return;
  }
  switch (event->type) {
  case Expose:
  case MapNotify:
    self->is_mapped = true;
    break;
  case UnmapNotify:
    self->is_mapped = false;
    cn_touch_lose(&self->touch);
    break;
  case ConfigureNotify:
    if (event->xconfigure.width == self->width && event->xconfigure.height == self->height) {
      return;
    }
    take_size(self, event->xconfigure.width, event->xconfigure.height);
    break;
  case ButtonPress:
    hear_press(self, &event->xbutton);
    break;
  case ButtonRelease:
    if (event->xbutton.button == Button1) {
      cn_touch_release(&self->touch);
    }
    break;
  case MotionNotify:
    self->motion = event->xmotion;
    if (!(event->xmotion.state & Button1Mask)) {
      cn_touch_lose(&self->touch);
    }
    cn_touch_move(&self->touch, event->xmotion.x / self->drawn, event->xmotion.y / self->drawn,
                  event->xmotion.state & ShiftMask);
    break;
  case LeaveNotify:
    cn_touch_leave(&self->touch);
    break;
  case KeyPress:
    cn_keyboard_hear(self->display, self->parent, &self->touch, &event->xkey);
    break;
  case DestroyNotify:
    self->window    = None;
    self->is_closed = true;
    break;
  case ClientMessage:
    self->is_closed |= (Atom)event->xclient.data.l[0] == self->wm_delete;
    break;
  default:
    return;
  }
  self->is_stale = true;
}

/// Draw on a page of memory, and show that at once
static void
draw(CnWindow* const self)
{
  if (cairo_image_surface_get_width(self->page) != self->width ||
      cairo_image_surface_get_height(self->page) != self->height) {
    cairo_xlib_surface_set_size(self->screen, self->width, self->height);
    if (!make_page(self)) {
      return;
    }
  }
  cairo_t* cr = cairo_create(self->page);
  cairo_scale(cr, self->drawn, self->drawn);
  cn_face_draw(cr, self->touch.face, self->touch.width, self->touch.height);
  cairo_destroy(cr);
  cr = cairo_create(self->screen);
  cairo_set_source_surface(cr, self->page, 0.0, 0.0);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_flush(self->screen);
  self->is_stale = false;
}

bool
cn_window_idle(CnWindow* const self, const bool rolls, const double time)
{
  CnWindow* const outer = begin_work(self);
  while (XPending(self->display) > 0) {
    XEvent event;
    XNextEvent(self->display, &event);
    hear(self, &event, time);
  }
  self->is_stale |= cn_touch_idle(&self->touch, time);
  cn_drag_idle(&self->drag, time);
  cn_drop_idle(&self->drop, time);
  cn_reach_idle(&self->reach, time);
  if (!self->is_closed) {
    ask_for_keys(self);
    if (self->is_mapped && (self->is_stale || rolls)) {
      draw(self);
    }
  }
  end_work(self, outer);
  return !self->is_closed;
}

bool
cn_window_drag(CnWindow* const self, const char* const path)
{
  return cn_drag_begin(&self->drag, path, &self->motion);
}

void
cn_window_drag_ready(CnWindow* const self, const bool is_there)
{
  CnWindow* const outer = begin_work(self);
  cn_drag_ready(&self->drag, is_there);
  end_work(self, outer);
}
