// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sync.h
   An extension of ours for hosts that run faster than real time without freewheeling.

   Such a host, or a test, calls sync() between two calls of run(), so that the engine's thread never falls
   behind and the music is that of a performance in real time:

       const CnSync* sync = instance->lv2_descriptor->extension_data(CN_SYNC_URI);
*/

#ifndef CN_SYNC_H
#define CN_SYNC_H

#include <lv2/core/lv2.h>

#define CN_SYNC_URI "urn:continuo:sync"

/// What extension_data(CN_SYNC_URI) points to
typedef struct {
  /// Wait until all that was asked of the engine so far is planned; not while run() runs.  Thread: WORKER
  void (*sync)(LV2_Handle instance);
} CnSync;

#endif // CN_SYNC_H
