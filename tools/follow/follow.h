// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file follow.h
   Whether a model plays what its controls ask for: each of them at some settings, over some bars after the
   first eight of each piece, and what was measured.
*/

#ifndef CN_FOLLOW_H
#define CN_FOLLOW_H

#include "tools/corpus/corpus.h"
#include "tools/follow/measures.h"

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_FOLLOW_PHRASE_BARS 8
#define CN_FOLLOW_SETTINGS 6 ///< Of a control, at most
#define CN_FOLLOW_NEAR 0.15  ///< Of what was asked for: so far off is near

/// A control, and what it is asked for
typedef struct {
  const char* name;
  const char* unit;
  CnMeasure   measure; ///< That follows it
  double      range;   ///< Errors are shares of it; 0: of the setting
  unsigned    n_settings;
  double      settings[CN_FOLLOW_SETTINGS];
  void (*ask)(CnRules* rules, double setting);
} CnFollowControl;

#define CN_N_FOLLOW_CONTROLS 7

/// All of them, in the order of the table
extern const CnFollowControl cn_follow_controls[CN_N_FOLLOW_CONTROLS];

/// Number of the control that a measure follows.  Thread: ANY
unsigned
cn_follow_control(CnMeasure measure);

/// What was played at a setting, over the pieces
typedef struct {
  size_t   n;      ///< Pieces
  size_t   n_near; ///< Those within CN_FOLLOW_NEAR
  double   sum;    ///< Of what was measured
  CnSpread spread; ///< Of the notes
} CnFollowed;

/// What is played
typedef struct {
  int32_t n_bars;    ///< After the phrase
  size_t  n_pieces;  ///< At most, from the first one on
  CnSplit side;      ///< Of the corpus
  bool    has_sides; ///< False: all pieces count
} CnFollowSettings;

/// Called with the first bars of a piece, and what is left of it
typedef CnStatus (*CnFollowVisit)(void* handle, const CnPiece* piece, const CnScore* phrase);

/**
   Visit the pieces that are to be gone on with: those with something in their first bars, and after.

   @param visit What it returns ends the visits, if it is no success.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or what `visit` returned.

   Thread: WORKER
*/
CnStatus
cn_follow_visit(const CnCorpus* corpus, const CnFollowSettings* settings, CnFollowVisit visit, void* handle);

/**
   Let a planner play by all controls, one at a time.

   @param[out] followed Added to.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_follow_controls_play(const CnPlanner* planner, const CnCorpus* corpus, const CnFollowSettings* settings,
                        CnFollowed followed[CN_N_FOLLOW_CONTROLS][CN_FOLLOW_SETTINGS]);

#endif // CN_FOLLOW_H
