// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file peer.h
   The other side of drag and drop under X: a client of its own, written by the protocol's words alone, that
   drags a list of files to a window, or has one dragged to it, and keeps what it was told.
*/

#ifndef CN_TEST_PEER_H
#define CN_TEST_PEER_H

#include <X11/Xlib.h>

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  Display* display;
  Window   window;

  // What it does
  const char* list;       ///< As a source: what it has
  size_t      size;       ///< [bytes] of that; 0: it ends with its null
  bool        refuses;    ///< As a source it hands nothing over, as a target it takes nothing
  bool        is_deaf;    ///< It answers nothing
  bool        is_rude;    ///< As a target it takes the file, and says nothing of it
  const char* wants;      ///< As a target: the type that it asks for; null: a list of URIs
  bool        asks_early; ///< As a target: for the list, once it is entered
  Window      about;      ///< As a source: the window that it speaks of, for which another one hears

  long aware; ///< The version that it speaks; 0: none

  // What it was told
  Window   other; ///< Its window
  unsigned n_enters;
  unsigned n_positions;
  unsigned n_leaves;
  unsigned n_drops;
  unsigned n_statuses;
  unsigned n_finished;
  unsigned n_requests;    ///< As a source: for the list
  long     version;       ///< In XdndEnter
  bool     has_list_type; ///< It offers one
  bool     accepts;       ///< In XdndStatus
  bool     is_finished_well;
  int      x; ///< In XdndPosition
  int      y;
  char     got[4096]; ///< The list; "-": it was refused
} CnPeer;

/// Open a window of its own of 200 by 200 pixels at a place on the screen, of a version of XDND; 0: of none
void
cn_peer_open(CnPeer* peer, int x, int y, long version);

/// Let it go, as if its program had ended
void
cn_peer_close(CnPeer* peer);

/// Hear what came, and answer
void
cn_peer_step(CnPeer* peer);

/// As a source: say what is dragged.  `more`: by a list of types, of which that of URIs is the last
void
cn_peer_enter(CnPeer* peer, Window target, long version, bool more);

/// As a source: say where
void
cn_peer_move(CnPeer* peer, Window target, int x, int y);

/// As a source: go away
void
cn_peer_leave(CnPeer* peer, Window target);

/// As a source: let it go
void
cn_peer_drop(CnPeer* peer, Window target);

/// Send any message
void
cn_peer_send(CnPeer* peer, Window to, const char* message, const long words[5]);

/// An atom by its name
Atom
cn_peer_atom(const CnPeer* peer, const char* name);

#endif // CN_TEST_PEER_H
