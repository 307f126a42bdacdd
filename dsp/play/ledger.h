// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ledger.h
   The book of all that sounds at the output, so that each note-on gets its note-off.

   Two parts write to one output: the continuation, on a channel that may change at any time, and the
   musician's messages that pass through.  A note ends on the channel that it began on.  Before a message
   that ends all notes of a channel passes, each of them gets its own note-off.  A note-off that the sink
   refuses stays in the book and is sent first thing in the next block; a note-on that it refuses is not
   played.  Neither part strikes a key that the other holds: the musician's strike ends the continuation's
   note first, the continuation leaves the key out.
*/

#ifndef CN_LEDGER_H
#define CN_LEDGER_H

#include "dsp/base/attributes.h"
#include "dsp/play/sink.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_LEDGER_PEDALS 2 ///< Sustain and sostenuto, by which an instrument holds notes

/// The book; all zeros: nothing sounds
typedef struct {
  const CnMidiSink* sink;          ///< Of the present block; borrowed
  uint32_t          n_own;         ///< Notes of the continuation that sound
  bool              is_owing;      ///< Something was refused, or is to end at once: a release may be due
  uint32_t          n_refused;     ///< Messages that the sink refused and that were given up
  uint8_t           channel;       ///< Of the continuation's notes to come, 0..15
  bool              is_own[128];   ///< The continuation sounds this key
  uint8_t           channels[128]; ///< Where it does
  int32_t           ends[128];     ///< [ticks] where it is to end
  uint64_t          passed[16][2]; ///< Keys of each channel that the musician's messages sound, as bits
  uint64_t          owed[16][2];   ///< Keys whose release by the musician was refused
  uint16_t          pedals[CN_LEDGER_PEDALS];      ///< Channels whose pedal the musician's messages hold
  uint16_t          owed_pedals[CN_LEDGER_PEDALS]; ///< Channels whose pedal's release was refused
} CnLedger;

/// Sound the continuation's notes on a channel, 0..15, from now on; those that sound stay on theirs.
/// Thread: AUDIO
CN_AUDIO void
cn_ledger_set_channel(CnLedger* ledger, unsigned channel);

/// Let all that sounds end as the next block begins, and the pedals rise.  Thread: INIT
void
cn_ledger_owe_all(CnLedger* ledger);

/// Begin a block: send what is owed.  Thread: AUDIO
CN_AUDIO void
cn_ledger_begin(CnLedger* ledger, const CnMidiSink* sink);

/// Sound a note of the continuation until a tick, unless the musician holds its key.  @return True if it
/// sounds.  Thread: AUDIO
CN_AUDIO bool
cn_ledger_strike(CnLedger* ledger, uint32_t frame, uint8_t pitch, uint8_t velocity, int32_t end);

/// End the continuation's notes that end at `tick` [ticks] or before.  Thread: AUDIO
CN_AUDIO void
cn_ledger_release(CnLedger* ledger, uint32_t frame, int32_t tick);

/// End the continuation's note of a key, if it sounds.  Thread: AUDIO
CN_AUDIO void
cn_ledger_end(CnLedger* ledger, uint32_t frame, uint8_t pitch);

/// End all of the continuation's notes.  Thread: AUDIO
CN_AUDIO void
cn_ledger_release_all(CnLedger* ledger, uint32_t frame);

/**
   Pass a message of the musician's on.

   @param open False: only what ends something that was passed on before, or silences, is let through.

   Thread: AUDIO
*/
CN_AUDIO void
cn_ledger_pass(CnLedger* ledger, uint32_t frame, const uint8_t* message, uint32_t size, bool open);

#endif // CN_LEDGER_H
