// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file manners.h
   What every composer keeps to, whatever its network wants: the chord, the order of a chord's notes, and
   not to stay on one key.
*/

#ifndef CN_MANNERS_H
#define CN_MANNERS_H

#include "dsp/music/note.h"
#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>

/**
   Find the keys that may be struck.

   @param chord Chord that is asked for, or CN_CHORD_NONE.
   @param below A note that the key must lie above, as it is in the same chord; null: none.
   @param[out] is_possible (CN_N_PITCHES) flags.
   @return False if there are none.

   Thread: ENGINE
*/
bool
cn_manners_pitches(int32_t chord, const CnNote* below, bool is_possible[CN_N_PITCHES]);

/**
   Make keys less likely that have had too many of our own last notes.

   @param notes (n_notes) that piano keys have, by onset.
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_manners_drones(const CnNote* notes, uint32_t n_notes, float logits[CN_N_PITCHES]);

#endif // CN_MANNERS_H
