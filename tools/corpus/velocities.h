// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file velocities.h
   Did somebody play the velocities of a piece, or are they notation: dynamics and hairpins that a program has
   put in numbers?
*/

#ifndef CN_VELOCITIES_H
#define CN_VELOCITIES_H

#include "dsp/music/note.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Judge from the variety of velocities against the exactness of the onsets.

   Variety is the share of onsets, channel by channel, that are not as loud as the one before.  Both kinds
   have onsets that are mostly exact.  Then it takes a variety of 0.55 and 24 different velocities, or as many
   as an eighth of the notes if those are few: of 294 pieces that were played and 3004 that were notated, all
   but one of the latter, with many hairpins, are judged rightly.  Where onsets are not exact, somebody has
   played, and a variety of 0.3 will do.

   @param notes (n) by onset.
   @param on_grid Share of onsets that lay on the grid, 0..1, as CnScoreInfo has it.
   @return False also for fewer than four different velocities.

   Thread: ANY
*/
bool
cn_velocities_are_played(const CnNote* notes, size_t n, double on_grid);

#endif // CN_VELOCITIES_H
