// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/notices.h"

#include <string.h>

/// [beats] A phrase is over when no key has been down for as long
#define REST 1.0

static const char* const texts[CN_N_NOTICES] = {
    [CN_NOTICE_NONE]         = "",
    [CN_NOTICE_NO_INPUT]     = "nothing comes in: Continuo wants to sit on a MIDI track or bus",
    [CN_NOTICE_NO_TRANSPORT] = "no transport is told, so Own tempo counts; a MIDI track has the song's",
    [CN_NOTICE_STANDS]       = "the transport stands: start it, as Continuo plays while it rolls",
    [CN_NOTICE_LOST]         = "so much came at once that not all of it was heard",
    [CN_NOTICE_FULL_OUTPUT]  = "the host's output had no room for some notes that pass through",
    [CN_NOTICE_METRES]       = "the song has more changes of metre than the 4096 that are remembered",
    [CN_NOTICE_LONG_TAKE]    = "more than 65536 notes are in the take: the oldest are forgotten",
};

CN_AUDIO void
cn_notices_init(CnNotices* const notices)
{
  memset(notices, 0, sizeof(*notices));
}

CN_AUDIO void
cn_notices_hear(CnNotices* const notices, const bool is_struck)
{
  notices->has_input = true;
  notices->is_struck |= is_struck;
  notices->rest = is_struck ? 0 : notices->rest;
}

CN_AUDIO void
cn_notices_raise(CnNotices* const notices, const CnNotice notice, const bool is_true)
{
  notices->raised |= is_true ? 1U << (unsigned)notice : 0U;
}

static CN_AUDIO void
drop(CnNotices* const notices, const CnNotice notice, const bool is_over)
{
  notices->raised &= is_over ? ~(1U << (unsigned)notice) : ~0U;
}

/// See what a phrase that is over had to do without
static CN_AUDIO void
end_phrase(CnNotices* const notices, const CnClock* const clock)
{
  notices->is_struck = false;
  cn_notices_raise(notices, CN_NOTICE_NO_TRANSPORT, !clock->told);
  cn_notices_raise(notices, CN_NOTICE_STANDS, clock->told && !cn_clock_is_rolling(clock));
}

CN_AUDIO void
cn_notices_look(CnNotices* const notices, const CnClock* const clock, const uint32_t n_frames,
                const uint32_t n_down)
{
  const bool rolls = clock->told && cn_clock_is_rolling(clock);
  drop(notices, CN_NOTICE_NO_INPUT, notices->has_input);
  drop(notices, CN_NOTICE_NO_TRANSPORT, clock->told);
  drop(notices, CN_NOTICE_STANDS, rolls);
  notices->is_struck = notices->is_struck && !rolls;
  notices->rest      = n_down > 0 ? 0 : notices->rest + n_frames;
  if (notices->is_struck && (double)notices->rest * cn_clock_tempo(clock) >= REST * 60.0 * clock->rate) {
    end_phrase(notices, clock);
  }
  cn_notices_raise(notices, CN_NOTICE_NO_INPUT,
                   !notices->has_input && (double)notices->rest >= CN_NOTICE_SECONDS * clock->rate);
}

CN_AUDIO CnNotice
cn_notices_first(const unsigned raised)
{
  unsigned notice = CN_NOTICE_NONE;
  for (unsigned i = CN_N_NOTICES - 1; i > CN_NOTICE_NONE; --i) {
    notice = (raised >> i) & 1U ? i : notice;
  }
  return (CnNotice)notice;
}

const char*
cn_notice_text(const CnNotice notice)
{
  return texts[notice < CN_N_NOTICES ? notice : CN_NOTICE_NONE];
}
