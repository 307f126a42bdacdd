// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/peer.h"

#include <X11/Xatom.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PLACE "PEER_DATA" ///< Property where it has the list put

Atom
cn_peer_atom(const CnPeer* const peer, const char* const name)
{
  return XInternAtom(peer->display, name, False);
}

void
cn_peer_open(CnPeer* const peer, const int x, const int y, const long version)
{
  const unsigned long aware = (unsigned long)version;
  peer->aware               = version;
  peer->display             = XOpenDisplay(NULL);
  assert_non_null(peer->display);
  peer->window =
      XCreateSimpleWindow(peer->display, DefaultRootWindow(peer->display), x, y, 200, 200, 0, 0, 0);
  if (version) {
    XChangeProperty(peer->display, peer->window, cn_peer_atom(peer, "XdndAware"), XA_ATOM, 32,
                    PropModeReplace, (const unsigned char*)&aware, 1);
  }
  XMapRaised(peer->display, peer->window);
  XSetSelectionOwner(peer->display, cn_peer_atom(peer, "XdndSelection"), peer->list ? peer->window : None,
                     CurrentTime);
  XSync(peer->display, False);
}

void
cn_peer_close(CnPeer* const peer)
{
  if (peer->display) {
    XCloseDisplay(peer->display);
    peer->display = NULL;
  }
}

void
cn_peer_send(CnPeer* const peer, const Window to, const char* const message, const long words[5])
{
  XEvent event = {.xclient = {.type         = ClientMessage,
                              .display      = peer->display,
                              .window       = peer->about ? peer->about : to,
                              .message_type = cn_peer_atom(peer, message),
                              .format       = 32}};
  memcpy(event.xclient.data.l, words, 5 * sizeof(long));
  XSendEvent(peer->display, to, False, NoEventMask, &event);
  XSync(peer->display, False);
}

// As a source

void
cn_peer_enter(CnPeer* const peer, const Window target, const long version, const bool more)
{
  const Atom list    = cn_peer_atom(peer, "text/uri-list");
  const Atom html    = cn_peer_atom(peer, "text/html");
  const Atom types[] = {html, XA_STRING, html, list};
  const long few[5]  = {(long)peer->window, version << 24, (long)html, (long)list, None};
  const long many[5] = {(long)peer->window, version << 24 | 1, (long)html, XA_STRING, (long)html};
  XChangeProperty(peer->display, peer->window, cn_peer_atom(peer, "XdndTypeList"), XA_ATOM, 32,
                  PropModeReplace, (const unsigned char*)types, 4);
  cn_peer_send(peer, target, "XdndEnter", more ? many : few);
}

void
cn_peer_move(CnPeer* const peer, const Window target, const int x, const int y)
{
  const long words[5] = {(long)peer->window, 0, (long)x << 16 | y, CurrentTime,
                         (long)cn_peer_atom(peer, "XdndActionCopy")};
  cn_peer_send(peer, target, "XdndPosition", words);
}

void
cn_peer_leave(CnPeer* const peer, const Window target)
{
  const long words[5] = {(long)peer->window, 0, 0, 0, 0};
  cn_peer_send(peer, target, "XdndLeave", words);
}

void
cn_peer_drop(CnPeer* const peer, const Window target)
{
  const long words[5] = {(long)peer->window, 0, CurrentTime, 0, 0};
  cn_peer_send(peer, target, "XdndDrop", words);
}

/// Hand the list over, in the way that is wanted
static void
hand_over(CnPeer* const peer, const XSelectionRequestEvent* const request)
{
  XEvent event = {.xselection = {.type      = SelectionNotify,
                                 .display   = peer->display,
                                 .requestor = request->requestor,
                                 .selection = request->selection,
                                 .target    = request->target,
                                 .property  = peer->refuses ? None : request->property,
                                 .time      = request->time}};
  ++peer->n_requests;
  if (peer->is_deaf) {
    return;
  }
  if (!peer->refuses) {
    const size_t size = peer->size ? peer->size : strlen(peer->list) + 1;
    XChangeProperty(peer->display, request->requestor, request->property, request->target, 8, PropModeReplace,
                    (const unsigned char*)peer->list, (int)size);
  }
  XSendEvent(peer->display, request->requestor, False, NoEventMask, &event);
}

// As a target

static void
ask(CnPeer* const peer)
{
  XConvertSelection(peer->display, cn_peer_atom(peer, "XdndSelection"),
                    cn_peer_atom(peer, peer->wants ? peer->wants : "text/uri-list"),
                    cn_peer_atom(peer, PLACE), peer->window, CurrentTime);
}

static void
answer_position(CnPeer* const peer)
{
  const bool takes    = !peer->refuses;
  const long words[5] = {(long)peer->window, takes, 0, 0,
                         takes ? (long)cn_peer_atom(peer, "XdndActionCopy") : None};
  if (!peer->is_deaf) {
    cn_peer_send(peer, peer->other, "XdndStatus", words);
  }
}

static void
take_list(CnPeer* const peer, const XSelectionEvent* const event)
{
  Atom           type   = None;
  int            format = 0;
  unsigned long  n      = 0;
  unsigned long  after  = 0;
  unsigned char* bytes  = NULL;
  strcpy(peer->got, "-");
  if (event->property) {
    XGetWindowProperty(peer->display, peer->window, event->property, 0, 1000, True, AnyPropertyType, &type,
                       &format, &n, &after, &bytes);
    assert_non_null(bytes);
    memcpy(peer->got, bytes, n * (format == 32 ? sizeof(long) : 1));
    peer->got[n] = '\0';
    XFree(bytes);
  }
  const bool is_taken = event->property != None && peer->aware >= 5; // Older ones do not say
  const long words[5] = {(long)peer->window, is_taken,
                         is_taken ? (long)cn_peer_atom(peer, "XdndActionCopy") : 0, 0, 0};
  if (!peer->is_rude && peer->n_drops > 0) {
    cn_peer_send(peer, peer->other, "XdndFinished", words);
  }
}

static void
hear_message(CnPeer* const peer, const XClientMessageEvent* const event)
{
  const long* const words = event->data.l;
  peer->other             = (Window)words[0];
  if (event->message_type == cn_peer_atom(peer, "XdndEnter")) {
    const long list     = (long)cn_peer_atom(peer, "text/uri-list");
    peer->version       = words[1] >> 24;
    peer->has_list_type = words[2] == list || words[3] == list || words[4] == list;
    ++peer->n_enters;
    if (peer->asks_early) {
      ask(peer);
    }
  } else if (event->message_type == cn_peer_atom(peer, "XdndPosition")) {
    ++peer->n_positions;
    peer->x = (int)(words[2] >> 16);
    peer->y = (int)(words[2] & 0xFFFF);
    answer_position(peer);
  } else if (event->message_type == cn_peer_atom(peer, "XdndLeave")) {
    ++peer->n_leaves;
  } else if (event->message_type == cn_peer_atom(peer, "XdndDrop")) {
    ++peer->n_drops;
    if (!peer->is_deaf) {
      ask(peer);
    }
  } else if (event->message_type == cn_peer_atom(peer, "XdndStatus")) {
    ++peer->n_statuses;
    peer->accepts = words[1] & 1;
  } else if (event->message_type == cn_peer_atom(peer, "XdndFinished")) {
    ++peer->n_finished;
    peer->is_finished_well = words[1] & 1;
  }
}

void
cn_peer_step(CnPeer* const peer)
{
  XSync(peer->display, False);
  while (XPending(peer->display) > 0) {
    XEvent event;
    XNextEvent(peer->display, &event);
    if (event.type == ClientMessage) {
      hear_message(peer, &event.xclient);
    } else if (event.type == SelectionRequest && peer->list) {
      hand_over(peer, &event.xselectionrequest);
    } else if (event.type == SelectionNotify) {
      take_list(peer, &event.xselection);
    }
  }
  XSync(peer->display, False);
}
