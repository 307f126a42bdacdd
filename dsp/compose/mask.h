// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file mask.h
   What may be played in a segment, as one value, decided before anything is drawn.

   Two rules are necessities, and may leave nothing: the keys that the model knows, and those that the
   musician's fingers hold.  All others are wishes, asked in this order; each leaves only its own keys of
   those that the ones before it left, or is passed over where it would leave none:

   1. the register, of which held keys are left out afterwards
   2. the room that the musician leaves to an accompaniment
   3. the chord
   4. the scale

   The chord may bind notes on strong beats only.

   So a mask is empty only where no key of the register is free at all.  Within a chord its notes go from low
   to high, which may leave nothing for a note, too: then it is not in that chord.
*/

#ifndef CN_MASK_H
#define CN_MASK_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"
#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>

/// Keys, a bit for each MIDI note number
typedef struct {
  uint64_t bits[2];
} CnKeys;

/// What may be played
typedef struct {
  CnKeys   keys;     ///< That may be struck
  CnKeys   strong;   ///< That may be struck on strong beats
  uint32_t n_notes;  ///< Most notes in the segment
  uint32_t at_once;  ///< Most keys of its own that sound at once
  int32_t  shortest; ///< [ticks] of a note
  int32_t  longest;  ///< [ticks] of a note
} CnMask;

/// All keys of a piano.  Thread: ANY
CnKeys
cn_keys_all(void);

/// The keys from one to another that a piano has; none if they are the wrong way round.  Thread: ANY
CnKeys
cn_keys_between(unsigned lowest, unsigned highest);

/// The piano's keys of some pitch classes, bit 0 for C.  Thread: ANY
CnKeys
cn_keys_of_classes(uint16_t classes);

/// Whether a key is among them.  Thread: ANY
static inline bool
cn_keys_have(const CnKeys keys, const unsigned pitch)
{
  return keys.bits[pitch / 64] >> (pitch % 64) & 1U;
}

/**
   Find what may be played in the segment that is asked for.

   @param known Keys that the model can play.

   Thread: ENGINE
*/
CnMask
cn_mask_of(const CnPlanRequest* request, CnKeys known);

/**
   Find the keys for one note.

   @param bar Where it is in its bar.
   @param below A note that the key must lie above, as it is in the same chord; null: none.
   @param[out] is_possible (CN_N_PITCHES) flags.
   @return False if there are none.

   Thread: ENGINE
*/
bool
cn_mask_offer(const CnMask* mask, CnBarPlace bar, const CnNote* below, bool is_possible[CN_N_PITCHES]);

#endif // CN_MASK_H
