// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file duo.h
   An accompaniment beside a musician who plays the melody of a piece, by the engine that plays in the plugin.
*/

#ifndef CN_DUO_H
#define CN_DUO_H

#include "tools/follow/follow.h"

/// What was played, by CnSupport; sums over the pieces
typedef struct {
  double his_notes;
  double notes;
  double together;   ///< Own onsets at one of his, give or take a tick; of `onsets`
  double onsets;     ///<
  double in_octave;  ///< [ticks] that own notes sound within six keys of his last one; of `sounding`
  double sounding;   ///<
  double velocities; ///< Sum of the own ones
  double his_velocities;
} CnFollowedDuo;

/**
   Let a planner accompany the melody of pieces: the highest note of each onset.

   @param[out] followed (CN_N_SUPPORTS) Added to.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_follow_duos_play(const CnPlanner* planner, const CnCorpus* corpus, const CnFollowSettings* settings,
                    CnFollowedDuo followed[CN_N_SUPPORTS]);

#endif // CN_DUO_H
