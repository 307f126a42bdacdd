// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file xdnd.h
   What both sides of drag and drop under X share: "Drag-and-Drop Protocol for the X Window System" (XDND),
   version 5, freedesktop.org.
*/

#ifndef CN_XDND_H
#define CN_XDND_H

#include <X11/Xlib.h>

#include <stddef.h>

#define CN_XDND_VERSION 5
#define CN_XDND_LEAST 3 ///< Older ones are not spoken

/// Atoms, by name
typedef struct {
  Atom aware;
  Atom proxy;
  Atom enter;
  Atom position;
  Atom status;
  Atom leave;
  Atom drop;
  Atom finished;
  Atom selection;
  Atom type_list;
  Atom action_copy;
  Atom uri_list;
  Atom text;
  Atom targets;
  Atom increments;
  Atom state; ///< WM_STATE, which window managers put on windows of programs
  Atom data;  ///< Property of ours, where what is dropped is put
} CnXdnd;

/// Find all atoms.  Thread: INIT
void
cn_xdnd_intern(CnXdnd* atoms, Display* display);

/// Send a message to a window; the first number of it is the window that sends it.  Thread: INIT
void
cn_xdnd_send(Display* display, Window to, Window about, Atom message, Window from, const long words[4]);

/**
   Read numbers of 32 bits from a property.

   @param[out] numbers (max) numbers.
   @return How many there are.

   Thread: INIT
*/
size_t
cn_xdnd_read(Display* display, Window window, Atom property, Atom type, unsigned long* numbers, size_t max);

/// The window that hears for another one, if that one says so, and it agrees; else that one.  Thread: INIT
Window
cn_xdnd_ear(Display* display, const CnXdnd* atoms, Window window);

#endif // CN_XDND_H
