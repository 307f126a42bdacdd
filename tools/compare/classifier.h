// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file classifier.h
   Can a line tell two kinds of music apart?  Logistic regression on features, judged on pieces that it has
   not seen.
*/

#ifndef CN_CLASSIFIER_H
#define CN_CLASSIFIER_H

#include "tools/compare/features.h"

#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_CLASSIFIER_FOLDS 10

/// Something to be told apart
typedef struct {
  const CnFeatures* features; ///< Borrowed
  uint32_t          group; ///< Number of its piece, below the number of all: parts of one are learnt together
  bool              is_own; ///< Which of the two kinds it is of
} CnLabelled;

/**
   Find the share that is told right, each kind counting half: 0.5 is a guess.

   The pieces are dealt into ten folds, the largest first, each to the smallest fold; those of a fold are told
   apart by what was learnt from the others.  Features are scaled by the mean and deviation of what is learnt
   from, both kinds weigh the same, and the weights are held small (C = 0.3).

   @param n_groups Number of pieces.
   @param[out] accuracy NaN if there are not two kinds, or not two pieces.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_classifier_accuracy(const CnLabelled* rows, size_t n, uint32_t n_groups, double* accuracy);

#endif // CN_CLASSIFIER_H
