// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/keyboard.h"

#include "plugin/touch/keys.h"
#include "plugin/ui/tree.h"

#include <X11/Xutil.h>
#include <X11/keysym.h>

#include <stdbool.h>
#include <stddef.h>

static CnKeys
key_of(const KeySym symbol)
{
  static const struct {
    KeySym symbol;
    CnKeys key;
  } table[] = {
      {XK_Up, CN_KEYS_UP},           {XK_Right, CN_KEYS_RIGHT},
      {XK_Down, CN_KEYS_DOWN},       {XK_Left, CN_KEYS_LEFT},
      {XK_Page_Up, CN_KEYS_PAGE_UP}, {XK_Page_Down, CN_KEYS_PAGE_DOWN},
      {XK_Tab, CN_KEYS_NEXT},        {XK_ISO_Left_Tab, CN_KEYS_PREVIOUS},
      {XK_Return, CN_KEYS_ENTER},    {XK_KP_Enter, CN_KEYS_ENTER},
      {XK_Escape, CN_KEYS_ESCAPE},   {XK_BackSpace, CN_KEYS_ERASE},
      {XK_Delete, CN_KEYS_ERASE},    {XK_Home, CN_KEYS_HOME},
  };
  for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); ++i) {
    if (table[i].symbol == symbol) {
      return table[i].key;
    }
  }
  return CN_KEYS_TEXT;
}

static bool
has_class(Display* const display, const Window window)
{
  XClassHint hint = {NULL, NULL};
  if (!XGetClassHint(display, window, &hint)) {
    return false;
  }
  XFree(hint.res_name);
  XFree(hint.res_class);
  return true;
}

/// The window that keys would go to, had we not asked for them: the nearest that is known to want them, or
/// else the host's outermost, as toolkits may hear keys by the X input extension, of which a mask says
/// nothing
static Window
find_hearer(Display* const display, const Window parent)
{
  Window            outermost = None;
  XWindowAttributes attributes;
  Window            window = parent;
  for (int depth = 0; depth < CN_TREE_DEPTH && window && XGetWindowAttributes(display, window, &attributes) &&
                      window != attributes.root;
       ++depth) {
    if (attributes.all_event_masks & KeyPressMask) {
      return window;
    }
    outermost = has_class(display, window) ? window : outermost;
    window    = cn_tree_parent(display, window);
  }
  return outermost;
}

/// Hand on a key; what a host has sent us itself is not sent back
static void
give_back(Display* const display, const Window parent, XKeyEvent* const event)
{
  const Window hearer = event->send_event ? None : find_hearer(display, parent);
  if (hearer) {
    event->window = hearer; // Hosts look at which window it came to
    XSendEvent(display, hearer, False, NoEventMask, (XEvent*)event);
  }
}

void
cn_keyboard_hear(Display* const display, const Window parent, CnTouch* const touch, XKeyEvent* const event)
{
  char       text[8] = "";
  KeySym     symbol  = NoSymbol;
  const int  n       = XLookupString(event, text, sizeof(text), &symbol, NULL);
  const bool shifted = event->state & ShiftMask;
  CnKeys     key     = key_of(symbol);
  key                = key == CN_KEYS_NEXT && shifted ? CN_KEYS_PREVIOUS : key;
  const bool is_ours = !(event->state & (ControlMask | Mod1Mask)) && (key != CN_KEYS_TEXT || n == 1) &&
                       cn_keys_press(touch, key, text[0]);
  if (!is_ours) {
    give_back(display, parent, event);
  }
}
