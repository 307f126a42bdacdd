// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file announcer.h
   Tells the host's log, outside of run(), what was noticed in it: each kind of thing once.
*/

#ifndef CN_ANNOUNCER_H
#define CN_ANNOUNCER_H

#include "plugin/lv2/worker.h"

#include "dsp/base/attributes.h"

#include <lv2/log/logger.h>

#include <stdatomic.h>
#include <stdbool.h>

/// What is still to be told
typedef struct {
  LV2_Log_Logger* logger; ///< Borrowed
  unsigned        seen;   ///< Bits of 1 << CnNotice, the audio thread's
  bool            is_due; ///< The worker must be told of it; the audio thread's
  atomic_uint     untold; ///< The same bits, of what the worker is to tell
} CnAnnouncer;

/// Announce to `logger`, which is borrowed.  Thread: INIT
void
cn_announcer_init(CnAnnouncer* announcer, LV2_Log_Logger* logger);

/// See to it that what is new among the bits of 1 << CnNotice is told.  Thread: AUDIO
CN_AUDIO void
cn_announcer_hear(CnAnnouncer* announcer, unsigned raised, CnWorker* worker);

/// Tell what is untold.  Thread: WORKER
void
cn_announcer_work(CnAnnouncer* announcer);

#endif // CN_ANNOUNCER_H
