// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file chords.h
   How much of what sounds is of the chords that were asked for: those of the piece itself, one a bar.
*/

#ifndef CN_FOLLOW_CHORDS_H
#define CN_FOLLOW_CHORDS_H

#include "tools/follow/follow.h"

#define CN_N_FOLLOW_STRENGTHS 5

/// [percent] See cn_rules_set_chord_strength()
extern const unsigned cn_follow_strengths[CN_N_FOLLOW_STRENGTHS];

/// [ticks] of what sounds in bars with a chord
typedef struct {
  double in;  ///< On its tones
  double all; ///< In all
} CnFollowedChords;

/// What was played
typedef struct {
  CnFollowedChords real;                             ///< The pieces
  CnFollowedChords free;                             ///< Own notes, if no chord is told
  CnFollowedChords strengths[CN_N_FOLLOW_STRENGTHS]; ///< Own notes, if they are
} CnFollowedAllChords;

/**
   Let a planner play on the chords that pieces really go on with.

   @param[out] followed Added to.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_follow_chords_play(const CnPlanner* planner, const CnCorpus* corpus, const CnFollowSettings* settings,
                      CnFollowedAllChords* followed);

#endif // CN_FOLLOW_CHORDS_H
