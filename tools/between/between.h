// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file between.h
   Whether bars that are composed between two passages of a piece lead into the second, measured.

   The first eight bars of a piece and two later ones stand; the bars between are the piece's own, a plain
   continuation that knows nothing of what follows, one that does, or an infill.
*/

#ifndef CN_BETWEEN_H
#define CN_BETWEEN_H

#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/// What the bars between are
typedef enum {
  CN_BETWEEN_REAL,   ///< The piece's own
  CN_BETWEEN_PLAIN,  ///< A continuation
  CN_BETWEEN_TOLD,   ///< One that was told what follows
  CN_BETWEEN_INFILL, ///< One that was chosen
} CnBetweenWay;

#define CN_N_BETWEEN_WAYS 4

/// What is measured
typedef struct {
  int32_t  n_bars; ///< Between
  uint32_t n_candidates;
  uint32_t n_takes;   ///< Of each piece
  size_t   n_pieces;  ///< At most, from the first one on
  CnSplit  side;      ///< Of the corpus
  bool     has_sides; ///< False: all pieces count
} CnBetweenSettings;

/// Sums over cases, each a take of a piece
typedef struct {
  double nats[CN_N_BETWEEN_WAYS]; ///< A note of the two bars that follow: how surprised the model is
  double
      apart[CN_N_BETWEEN_WAYS]; ///< From the harmony of the last bar to that of the first that follows, 0..1
  uint32_t n;                   ///< Cases
  uint32_t n_better[CN_N_BETWEEN_WAYS];  ///< In which the model is less surprised than after the plain one
  uint32_t n_nearer[CN_N_BETWEEN_WAYS];  ///< In which the harmony is nearer
  uint32_t n_further[CN_N_BETWEEN_WAYS]; ///< In which it is further away
} CnBetween;

/**
   Measure.

   Bars are counted from the one that the piece begins in, by its first metre.  Pieces that are over before,
   or have nothing in one of the three places, are passed over.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if no piece is long enough, #CN_STATUS_UNSUPPORTED if the
   planner tells no likelihoods, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_between_measure(const CnPlanner* planner, const CnCorpus* corpus, const CnBetweenSettings* settings,
                   CnBetween* between);

/// Print a table.  Thread: ANY
void
cn_between_print(FILE* file, const CnBetweenSettings* settings, const CnBetween* between);

/// The same as a JSON object, or null if memory could not be had.  Thread: ANY
json_t*
cn_between_json(const CnBetween* between);

#endif // CN_BETWEEN_H
