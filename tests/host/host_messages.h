// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_messages.h
   The test host's MIDI: sorted lists of messages, and a ledger of the keys that sound.
*/

#ifndef CN_HOST_MESSAGES_H
#define CN_HOST_MESSAGES_H

#include "tests/host/host.h"

#include <stddef.h>

/// A growing list, sorted by frames; messages of one frame stay in the order that they came in
typedef struct {
  CnHostEvent* events;
  size_t       n;
  size_t       capacity;
} CnHostMessages;

/// Insert a message
void
cn_host_messages_add(CnHostMessages* messages, const CnHostEvent* event);

/// Free the list
void
cn_host_messages_clear(CnHostMessages* messages);

/// 1 for each key that sounds, by channel
typedef struct {
  unsigned keys[16][128];
} CnHostLedger;

/// Enter a message, and count what notes must not do
void
cn_host_ledger_enter(CnHostLedger* ledger, const CnHostEvent* event, CnHostFaults* faults);

/// Number of keys that sound
unsigned
cn_host_ledger_count(const CnHostLedger* ledger);

#endif // CN_HOST_MESSAGES_H
