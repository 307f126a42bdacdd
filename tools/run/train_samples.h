// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_samples.h
   Does a model copy?  It continues pieces that it has not learnt from, and what it plays is looked for
   in those that it has.
*/

#ifndef CN_TRAIN_SAMPLES_H
#define CN_TRAIN_SAMPLES_H

#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"
#include "dsp/network/model.h"

/// What samples have in common with the pieces to learn from, transposed or not
typedef struct {
  size_t         n_samples;     ///<
  size_t         n_notes;       ///< Of all samples
  size_t         n_copied;      ///< Notes of the longest passage that stands in a piece, too
  const CnPiece* piece;         ///< Which; null if there is none
  uint32_t       bar;           ///< And where in it, counted from 1
  int            transposition; ///< [semitones] from the piece up to the sample
  size_t         n_genuine;     ///< The longest passage that the pieces themselves have in common with those,
                                ///< where they go on as the samples did
} CnSampleCheck;

/**
   Continue the beginnings of some pieces of #CN_SPLIT_VALID, and look for copied passages.

   @param[out] check `piece` is one of the corpus.
   @return #CN_STATUS_SUCCESS, also if there is no piece to continue, or what continuing failed with.

   Thread: WORKER
*/
CnStatus
cn_train_samples_check(const CnModel* model, const CnCorpus* corpus, CnSampleCheck* check);

#endif // CN_TRAIN_SAMPLES_H
