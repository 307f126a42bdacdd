// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sequencer.h
   The hand: plays the timeline's segments, tick by tick.

   Notes may come between two ticks: they wait, and are struck before the next is visited.

   The playhead visits each tick of a pass once and in order, whatever the blocks and however the
   clock is corrected, so that no note is doubled or lost.  A note whose tick is visited before its
   segment is there comes too late, and is counted when the segment arrives.
*/

#ifndef CN_SEQUENCER_H
#define CN_SEQUENCER_H

#include "dsp/base/attributes.h"
#include "dsp/part/timeline.h"
#include "dsp/play/ledger.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_SEQUENCER_REQUESTS 8 ///< Segments that are watched
#define CN_STRUCK_TICKS 32      ///< What was struck is to be fetched this often [ticks]

/// A segment that was asked for
typedef struct {
  bool     is_set;
  int32_t  segment; ///< Its number
  uint32_t take;    ///< Number of the performance that it was asked for in, and is to sound in
  uint32_t missed;  ///< Its ticks that were visited while it was not there, as bits
} CnSequencerRequest;

/// A note that is to be struck between two ticks
typedef struct {
  int32_t tick; ///< [ticks] before it
  uint8_t late; ///< [1 / CN_LATE_PARTS ticks] after that
  uint8_t pitch;
  uint8_t velocity;
  int32_t end; ///< [ticks]
} CnWaitingNote;

/// Ticks whose notes have begun to sound
typedef struct {
  int32_t  tick;  ///< [ticks]
  uint32_t ticks; ///< As bits, the lowest is `tick`; 0: none
} CnStruck;

/// The hand's memory
typedef struct {
  const CnTimeline*  timeline;                        ///< Borrowed
  CnLedger*          ledger;                          ///< Borrowed
  uint32_t           take;                            ///< Number of the performance, unless asked otherwise
  bool               any_take;                        ///< Whatever stands is to sound
  int32_t            hush;                            ///< [ticks] Nothing begins before
  int32_t            mutes[128];                      ///< [ticks] No note of this key begins before
  uint32_t           n_late;                          ///< Notes that came too late
  CnStruck           struck;                          ///< Since it was fetched last
  bool               has_notes;                       ///< The last segment visited has notes
  uint32_t           n_waiting;                       ///< Notes of the last tick visited
  CnWaitingNote      waiting[CN_SEGMENT_NOTES];       ///< By when they are due
  uint32_t           n_requests;                      ///< Ever made
  CnSequencerRequest requests[CN_SEQUENCER_REQUESTS]; ///< The latest
} CnSequencer;

/// Prepare to play `timeline` into `ledger`, both borrowed.  Thread: INIT
void
cn_sequencer_init(CnSequencer* sequencer, const CnTimeline* timeline, CnLedger* ledger);

/**
   Begin a block: count what came late since the last one.

   @param take Number of the performance that is to sound, but for segments that were asked for in another.
   @param any_take True: any that stands is to sound.

   Thread: AUDIO
*/
CN_AUDIO void
cn_sequencer_begin(CnSequencer* sequencer, uint32_t take, bool any_take);

/// True if a segment is there to be played.  Thread: AUDIO
CN_AUDIO bool
cn_sequencer_has(const CnSequencer* sequencer, int32_t segment);

/// Tell that a segment has been asked for, in a take of this number.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_expect(CnSequencer* sequencer, int32_t segment, uint32_t take);

/**
   Play a tick: end the notes that end there, and begin those that begin there.

   @param frame Frame of the tick in this block.
   @param audible False: nothing begins.

   Thread: AUDIO
*/
CN_AUDIO void
cn_sequencer_visit(CnSequencer* sequencer, uint32_t frame, int32_t tick, bool audible);

/// When the next note is due that is to be struck between two ticks [ticks]; infinite: there is none.
/// Thread: AUDIO
CN_AUDIO double
cn_sequencer_due(const CnSequencer* sequencer);

/// Strike the notes that are due by a place [ticks], at a frame of this block.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_strike(CnSequencer* sequencer, uint32_t frame, double place);

/// Which ticks' notes have begun to sound since this was asked last.  Thread: AUDIO
CN_AUDIO CnStruck
cn_sequencer_fetch_struck(CnSequencer* sequencer);

/// End all notes, and begin none before `hush` [ticks]: the musician struck a key.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_yield(CnSequencer* sequencer, uint32_t frame, int32_t hush);

/// Begin none before `hush` [ticks]: what would begin comes too late.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_skip(CnSequencer* sequencer, int32_t hush);

/// End the note of a key, and begin none of it before `until` [ticks]: the musician struck it.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_cede(CnSequencer* sequencer, uint32_t frame, uint8_t pitch, int32_t until);

/// End all notes, and forget what was expected: the transport stops or leaves.  Thread: AUDIO
CN_AUDIO void
cn_sequencer_halt(CnSequencer* sequencer, uint32_t frame);

#endif // CN_SEQUENCER_H
