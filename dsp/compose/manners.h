// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file manners.h
   What every composer keeps to, whatever its network wants: not to stay on one key, and to end where it is at
   home.
*/

#ifndef CN_MANNERS_H
#define CN_MANNERS_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"
#include "dsp/music/vocabulary.h"

#include <stdint.h>

/**
   Make keys less likely that have had too many of our own last notes.

   @param notes (n_notes) that piano keys have, by onset.
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_manners_drones(const CnNote* notes, uint32_t n_notes, float logits[CN_N_PITCHES]);

/**
   Make the chord of the tonic likelier in the last beat of a continuation that closes, in the key of what the
   musician has played, and its root in the bass.

   @param onset Of the note that is to be decided [ticks].
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_manners_close(const CnPlanRequest* request, int32_t onset, float logits[CN_N_PITCHES]);

#endif // CN_MANNERS_H
