// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/announcer.h"

#include "dsp/play/notices.h"

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
      lv2_log_warning(announcer->logger, "continuo: %s\n", cn_notice_text((CnNotice)i));
    }
  }
}
