// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file pulse.h
   The even way to time (#CN_TIMING_AVERAGE): notes as long, and as far apart, as those of the phrase
   are on average.

   The phrase is the musician's latest phrase as it is known: up to 50 of his notes, from the newest
   back to a gap of more than a 4/4 bar between two onsets.  A step is the difference of two successive
   onsets; those of 0 within chords count, as in the notebook.
*/

#ifndef CN_PULSE_H
#define CN_PULSE_H

#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_PHRASE_NOTES 50 ///< Most notes of a phrase
#define CN_PHRASE_GAP 96   ///< [ticks] Most between two onsets of one phrase

/// An even grid: onsets stand at anchor + round(k * span / n_steps) for whole k
typedef struct {
  int32_t anchor;   ///< [ticks] Last onset of the phrase
  int32_t span;     ///< [ticks] Sum of its steps; the mean step is at least a tick
  int32_t n_steps;  ///< Number of them
  int32_t duration; ///< [ticks] Mean of its durations, rounded; 1..CN_OWN_DURATION_MAX
} CnPulse;

/**
   Find the pulse of the phrase in a history.

   @param notes (n_notes) by onset; only those of #CN_PART_MUSICIAN count.
   @param[out] pulse Set if there is one.
   @return False if the phrase has no two onsets, so that there is nothing to take the mean of.

   Thread: ENGINE
*/
bool
cn_pulse_find(const CnNote* notes, uint32_t n_notes, CnPulse* pulse);

/**
   Find the next place on the grid, exactly: neither rounding nor time adds up.

   @param pulse From cn_pulse_find().
   @param after [ticks] The place is later.
   @param from [ticks] The place is not earlier.

   Thread: ENGINE
*/
int64_t
cn_pulse_next(const CnPulse* pulse, int32_t after, int32_t from);

#endif // CN_PULSE_H
