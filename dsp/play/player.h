// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file player.h
   The hand: plays the timeline's segments, tick by tick.

   The playhead visits each tick of a pass once and in order, whatever the blocks and however the
   clock is corrected, so that no note is doubled or lost.  A note whose tick is visited before its
   segment is there comes too late, and is counted when the segment arrives.
*/

#ifndef CN_PLAYER_H
#define CN_PLAYER_H

#include "dsp/base/attributes.h"
#include "dsp/play/ledger.h"
#include "dsp/take/timeline.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_PLAYER_REQUESTS 8 ///< Segments whose lateness is watched

/// A segment that was asked for
typedef struct {
  bool     is_set;
  int32_t  segment; ///< Its number
  uint32_t missed;  ///< Its ticks that were visited while it was not there, as bits
} CnPlayerRequest;

/// The hand's memory
typedef struct {
  const CnTimeline* timeline;                     ///< Borrowed
  CnLedger*         ledger;                       ///< Borrowed
  uint32_t          take;                         ///< Number of the performance that is to sound
  bool              any_take;                     ///< Whatever stands is to sound
  int32_t           hush;                         ///< [ticks] Nothing begins before
  int32_t           mutes[128];                   ///< [ticks] No note of this key begins before
  uint32_t          n_late;                       ///< Notes that came too late
  bool              has_notes;                    ///< The last segment visited has notes
  uint32_t          n_requests;                   ///< Ever made
  CnPlayerRequest   requests[CN_PLAYER_REQUESTS]; ///< The latest
} CnPlayer;

/// Prepare to play `timeline` into `ledger`, both borrowed.  Thread: INIT
void
cn_player_init(CnPlayer* player, const CnTimeline* timeline, CnLedger* ledger);

/**
   Begin a block: count what came late since the last one.

   @param take Number of the performance that is to sound.
   @param any_take True: any that stands is to sound.

   Thread: AUDIO
*/
CN_AUDIO void
cn_player_begin(CnPlayer* player, uint32_t take, bool any_take);

/// True if a segment is there to be played.  Thread: AUDIO
CN_AUDIO bool
cn_player_has(const CnPlayer* player, int32_t segment);

/// Tell that a segment has been asked for.  Thread: AUDIO
CN_AUDIO void
cn_player_expect(CnPlayer* player, int32_t segment);

/**
   Play a tick: end the notes that end there, and begin those that begin there.

   @param frame Frame of the tick in this block.
   @param audible False: nothing begins.

   Thread: AUDIO
*/
CN_AUDIO void
cn_player_visit(CnPlayer* player, uint32_t frame, int32_t tick, bool audible);

/// End all notes, and begin none before `hush` [ticks]: the player struck a key.  Thread: AUDIO
CN_AUDIO void
cn_player_yield(CnPlayer* player, uint32_t frame, int32_t hush);

/// Begin none before `hush` [ticks]: what would begin comes too late.  Thread: AUDIO
CN_AUDIO void
cn_player_skip(CnPlayer* player, int32_t hush);

/// End the note of a key, and begin none of it before `until` [ticks]: the player struck it.  Thread: AUDIO
CN_AUDIO void
cn_player_cede(CnPlayer* player, uint32_t frame, uint8_t pitch, int32_t until);

/// End all notes, and forget what was expected: the transport stops or leaves.  Thread: AUDIO
CN_AUDIO void
cn_player_halt(CnPlayer* player, uint32_t frame);

#endif // CN_PLAYER_H
