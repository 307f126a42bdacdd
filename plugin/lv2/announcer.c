// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/announcer.h"

#include "dsp/play/notices.h"

static const char* const texts[CN_N_NOTICES] = {
    [CN_NOTICE_NO_INPUT] =
        "neither MIDI nor a transport has come; Continuo wants to sit on a MIDI track or bus",
    [CN_NOTICE_NO_TRANSPORT] =
        "no transport is told, so Own tempo counts; a MIDI track or bus has the song's",
    [CN_NOTICE_STANDS]      = "the transport stands, and Continuo plays while it rolls: start it",
    [CN_NOTICE_LOST]        = "so much came at once that not all of it was heard",
    [CN_NOTICE_FULL_OUTPUT] = "the host's output had no room for some of the notes that pass through",
    [CN_NOTICE_METRES]      = "the song has more changes of metre than the 4096 that are remembered",
    [CN_NOTICE_LONG_TAKE] =
        "the take has more than the 65536 notes that are remembered; the oldest are forgotten",
};

void
cn_announcer_init(CnAnnouncer* const announcer, LV2_Log_Logger* const logger)
{
  announcer->logger = logger;
  announcer->seen   = 0;
  announcer->is_due = false;
  atomic_init(&announcer->untold, 0);
}

CN_AUDIO void
cn_announcer_hear(CnAnnouncer* const announcer, const unsigned raised, CnWorker* const worker)
{
  const unsigned fresh = raised & ~announcer->seen;
  if (fresh) {
    announcer->seen |= fresh;
    announcer->is_due = true;
    atomic_fetch_or_explicit(&announcer->untold, fresh, memory_order_release);
  }
  if (announcer->is_due && cn_worker_schedule(worker)) {
    announcer->is_due = false;
  }
}

void
cn_announcer_work(CnAnnouncer* const announcer)
{
  const unsigned untold = atomic_exchange_explicit(&announcer->untold, 0, memory_order_acquire);
  for (unsigned i = 0; i < CN_N_NOTICES; ++i) {
    if ((untold >> i) & 1U) {
      lv2_log_warning(announcer->logger, "continuo: %s\n", texts[i]);
    }
  }
}
