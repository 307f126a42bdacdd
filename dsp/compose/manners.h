// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file manners.h
   What every composer keeps to, whatever its network wants: not to stay on one key or strike too
   many again, not to go on for ever in even steps, not to run away from the musician, and to end where it is
   at home.
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
   Make keys less likely of which a network that hears itself strikes too many: those that were struck just
   before, and those a semitone beside what sounds.

   @param notes (n_notes) that piano keys have, by onset.
   @param onset Of the note that is to be decided [ticks].
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_manners_neighbours(const CnNote* notes, uint32_t n_notes, int32_t onset, float logits[CN_N_PITCHES]);

/**
   Make the chord of the tonic likelier in the last beat of a continuation that closes, in the key of what the
   musician has played, and its root in the bass.

   @param onset Of the note that is to be decided [ticks].
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_manners_close(const CnPlanRequest* request, int32_t onset, float logits[CN_N_PITCHES]);

/// Own onsets, one as long after the other
typedef struct {
  int32_t  onset; ///< [ticks] of the last one, of all that came before
  int32_t  step;  ///< [ticks] from the one before; 0: there is none
  uint32_t n;     ///< How many steps of this length have followed one another
  uint32_t most;  ///< That may
} CnSteps;

/// The last steps before a segment, and how many alike there may be: 64, or as many as the musician's last
/// bars have.  Thread: ENGINE
CnSteps
cn_manners_steps(const CnPlanRequest* request);

/// Take in the onset of an own note.  Thread: ENGINE
void
cn_manners_step(CnSteps* steps, int32_t onset);

/// Where a note may begin that is wanted at `onset` [ticks]: a step later, if there were too many alike.
/// Thread: ENGINE
int64_t
cn_manners_breathe(const CnSteps* steps, int64_t onset);

/**
   Find how many notes a segment may have, so that over four bars there are not more than twice as many as the
   musician played in the time, or one a quarter if that is more.

   A solo and an accompaniment have as many as they like: nobody, or somebody else, says how dense they are.

   Thread: ENGINE
*/
uint32_t
cn_manners_notes(const CnPlanRequest* request);

#endif // CN_MANNERS_H
