// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ngram.h
   An honest baseline: an interpolated trigram for each factor of a note.

   A factor is predicted from its own last two symbols, by relative frequencies of three, two and one symbols
   and the uniform distribution, mixed by weights that depend on how often the last two have been seen
   (F. Jelinek and R. Mercer, Interpolated estimation of Markov source parameters from sparse data, 1980).
   The weights are found by expectation-maximisation on one in ten of the pieces to learn from, while only
   the others are counted; then all of them are.  No other piece is looked at, nor are velocities that
   nobody played.
*/

#ifndef CN_NGRAM_H
#define CN_NGRAM_H

#include "tools/corpus/corpus.h"
#include "tools/judge/scoring.h"

#include "dsp/network/context.h"

typedef struct CnNgram CnNgram;

/**
   Learn from a corpus's pieces of #CN_SPLIT_TRAIN.  Takes 8 MB, whatever the corpus.

   @return Null if memory could not be had.

   Thread: INIT
*/
CnNgram*
cn_ngram_new(const CnCorpus* corpus);

/// Free; null is allowed.  Thread: INIT
void
cn_ngram_free(CnNgram* ngram);

/**
   Predict a factor of the next note.

   @param before The factor's last two symbols, the latest last; cn_factor_classes() where there is none.
   @param[out] p (cn_factor_classes(factor)) probabilities.

   Thread: ANY
*/
void
cn_ngram_predict(const CnNgram* ngram, CnFactor factor, const uint8_t before[2], float* p);

/**
   Score a piece as a model is scored.

   @param context Room for the piece's notes, for telling repeats; emptied first.  Null: they are not told,
   and `non_repeat` stays empty.

   Thread: ENGINE
*/
CnScoring
cn_ngram_score(const CnNgram* ngram, const CnPiece* piece, CnContext* context);

/**
   Score the guess that each note has the mean step and the mean duration of those to learn from.

   @return The timing's errors; all losses are NaN.

   Thread: ANY
*/
CnScoring
cn_ngram_score_mean(const CnNgram* ngram, const CnPiece* piece);

#endif // CN_NGRAM_H
