// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file aim.h
   How far a segment is pulled towards what is asked for, as a function of what was composed lately.

   A network that is told how dense the music is to be, or how long its notes, follows only roughly.  So its
   logits are tilted, by as much as the last bars were off: what is asked for is met on average, and what it
   likes best is still likeliest among what is left.  The last net, what may not be, is in mask.h.
*/

#ifndef CN_AIM_H
#define CN_AIM_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"
#include "dsp/music/vocabulary.h"

#include <stdint.h>

#define CN_AIM_FAR 12 ///< [semitones] An octave: who moves farther, counts as moving so far

/// The pull on a segment; all zeros: none
typedef struct {
  float   notes;  ///< That there would have been lately, if it were as dense as asked for; 0: not asked for
  float   had;    ///< Notes that there were; both fade, so that what is long ago counts less
  int32_t tick;   ///< [ticks] up to which they are counted
  float   length; ///< [1/16 octaves above a tick] around which durations are drawn
  float   length_pull; ///< How strongly, 1 where the last ones were right; 0: no length is asked for
  float   motion;      ///< [nats a semitone] for keys that are farther; below zero: for nearer ones
} CnAim;

/// Find the pull on the segment that is asked for.  Thread: ENGINE
CnAim
cn_aim_of(const CnPlanRequest* request);

/// Count an own note that has been decided.  @param onset [ticks] not before the last one.  Thread: ENGINE
void
cn_aim_count(CnAim* aim, int32_t onset);

/// Tilt what is said of the time to the next onset, and of how full chords are, by how many notes there were.
/// @param[in,out] logits (CN_N_DTS) floats.  Thread: ENGINE
void
cn_aim_steps(const CnAim* aim, float logits[CN_N_DTS]);

/// Tilt what is said of how long a note is.  @param[in,out] logits (CN_N_DURATIONS) floats.  Thread: ENGINE
void
cn_aim_durations(const CnAim* aim, float logits[CN_N_DURATIONS]);

/**
   Tilt what is said of the key of a note: by how far it is from others, and, where a length is asked for,
   against those of our own that still sound.

   @param notes (n_notes) that came before, by onset.
   @param onset [ticks] of the note that is to be decided.
   @param[in,out] logits (CN_N_PITCHES) floats.

   Thread: ENGINE
*/
void
cn_aim_keys(const CnAim* aim, const CnNote* notes, uint32_t n_notes, int32_t onset,
            float logits[CN_N_PITCHES]);

/**
   How far a key is from the nearest of those that its part struck within the quarter before, or, if there are
   none, last.

   @param notes (n_notes) by onset, of which those at `onset` or later do not count.
   @return [semitones] 0..CN_AIM_FAR, or -1 if there is no key before.

   Thread: ANY
*/
int
cn_aim_distance(const CnNote* notes, uint32_t n_notes, int32_t onset, unsigned part, unsigned pitch);

#endif // CN_AIM_H
