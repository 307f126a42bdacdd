// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file notices.h
   What the musician ought to be told, as he may take it for a fault: how the host has him sit, and limits
   that were met.
*/

#ifndef CN_NOTICES_H
#define CN_NOTICES_H

#include "dsp/base/attributes.h"
#include "dsp/play/clock.h"

#include <stdbool.h>
#include <stdint.h>

/// What there is to tell, the weightiest first
typedef enum {
  CN_NOTICE_NONE,
  CN_NOTICE_NO_INPUT,     ///< Neither MIDI nor a position has come for a while: an audio track?
  CN_NOTICE_NO_TRANSPORT, ///< A phrase was played, and the host has told no position
  CN_NOTICE_STANDS,       ///< A phrase was played while the host's transport stands
  CN_NOTICE_LOST,         ///< So much came at once that the engine has not heard all of it
  CN_NOTICE_FULL_OUTPUT,  ///< The host's output had no room for a message, which was given up
  CN_NOTICE_METRES,       ///< The song has more changes of metre than are remembered
  CN_NOTICE_LONG_TAKE,    ///< The take has more notes than are remembered
  CN_N_NOTICES
} CnNotice;

/// [seconds] after activation without MIDI or a position that are taken for a place where none can come
#define CN_NOTICE_SECONDS 10.0

/// What has been noticed
typedef struct {
  unsigned raised;    ///< Bits: 1 << CnNotice
  bool     has_input; ///< Something has come in
  bool     is_struck; ///< A key was, and the phrase is not over
  int64_t  rest;      ///< [frames] since activation, or a key was down
} CnNotices;

/// Notice nothing yet.  Thread: ANY
CN_AUDIO void
cn_notices_init(CnNotices* notices);

/// Something has come in; with a key that was struck, or without.  Thread: AUDIO
CN_AUDIO void
cn_notices_hear(CnNotices* notices, bool is_struck);

/**
   Look around at the end of a block of `n_frames`.

   @param n_down Keys that are down.

   Thread: AUDIO
*/
CN_AUDIO void
cn_notices_look(CnNotices* notices, const CnClock* clock, uint32_t n_frames, uint32_t n_down);

/// Raise a notice, if it is `true`; else leave it as it is.  Thread: AUDIO
CN_AUDIO void
cn_notices_raise(CnNotices* notices, CnNotice notice, bool is_true);

/// The weightiest of those that are raised.  Thread: ANY
CN_AUDIO CnNotice
cn_notices_first(unsigned raised);

/// A notice in words, with what to do about it; "" for none.  Thread: ANY
const char*
cn_notice_text(CnNotice notice);

#endif // CN_NOTICES_H
