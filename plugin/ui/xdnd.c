// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/xdnd.h"

#include <X11/Xatom.h>

#include <string.h>

void
cn_xdnd_intern(CnXdnd* const atoms, Display* const display)
{
  struct {
    char   name[16]; // Which Xlib wants writable
    size_t place;
  } table[] = {
      {"XdndAware", offsetof(CnXdnd, aware)},
      {"XdndProxy", offsetof(CnXdnd, proxy)},
      {"XdndEnter", offsetof(CnXdnd, enter)},
      {"XdndPosition", offsetof(CnXdnd, position)},
      {"XdndStatus", offsetof(CnXdnd, status)},
      {"XdndLeave", offsetof(CnXdnd, leave)},
      {"XdndDrop", offsetof(CnXdnd, drop)},
      {"XdndFinished", offsetof(CnXdnd, finished)},
      {"XdndSelection", offsetof(CnXdnd, selection)},
      {"XdndTypeList", offsetof(CnXdnd, type_list)},
      {"XdndActionCopy", offsetof(CnXdnd, action_copy)},
      {"text/uri-list", offsetof(CnXdnd, uri_list)},
      {"text/plain", offsetof(CnXdnd, text)},
      {"TARGETS", offsetof(CnXdnd, targets)},
      {"INCR", offsetof(CnXdnd, increments)},
      {"WM_STATE", offsetof(CnXdnd, state)},
      {"CONTINUO_DROP", offsetof(CnXdnd, data)},
  };
  enum { N_ATOMS = sizeof(table) / sizeof(table[0]) };
  char* names[N_ATOMS];
  Atom  found[N_ATOMS] = {None};
  for (size_t i = 0; i < N_ATOMS; ++i) {
    names[i] = table[i].name;
  }
  XInternAtoms(display, names, N_ATOMS, False, found);
  for (size_t i = 0; i < N_ATOMS; ++i) {
    memcpy((char*)atoms + table[i].place, &found[i], sizeof(Atom));
  }
}

void
cn_xdnd_send(Display* const display, const Window to, const Window about, const Atom message,
             const Window from, const long words[4])
{
  XEvent event = {
      .xclient = {
          .type = ClientMessage, .display = display, .window = about, .message_type = message, .format = 32}};
  event.xclient.data.l[0] = (long)from;
  memcpy(&event.xclient.data.l[1], words, 4 * sizeof(long));
  XSendEvent(display, to, False, NoEventMask, &event);
}

size_t
cn_xdnd_read(Display* const display, const Window window, const Atom property, const Atom type,
             unsigned long* const numbers, const size_t max)
{
  Atom           found  = None;
  int            format = 0;
  unsigned long  n      = 0;
  unsigned long  after  = 0;
  unsigned char* bytes  = NULL;
  size_t         read   = 0;
  if (XGetWindowProperty(display, window, property, 0, (long)max, False, type, &found, &format, &n, &after,
                         &bytes) == Success &&
      bytes && found == type && format == 32) {
    read = n < max ? n : max;
    memcpy(numbers, bytes, read * sizeof(unsigned long)); // Xlib hands out longs, however long they are
  }
  if (bytes) {
    XFree(bytes);
  }
  return read;
}

Window
cn_xdnd_ear(Display* const display, const CnXdnd* const atoms, const Window window)
{
  unsigned long proxy = None;
  unsigned long again = None;
  return cn_xdnd_read(display, window, atoms->proxy, XA_WINDOW, &proxy, 1) == 1 &&
                 cn_xdnd_read(display, proxy, atoms->proxy, XA_WINDOW, &again, 1) == 1 && again == proxy
             ? (Window)proxy
             : window;
}
