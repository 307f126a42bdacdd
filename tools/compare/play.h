// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file play.h
   Pieces as they are and as a model goes on with their beginnings, to be compared.
*/

#ifndef CN_COMPARE_PLAY_H
#define CN_COMPARE_PLAY_H

#include "tools/compare/excerpt.h"
#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Who is told of the notes: those of a phrase, and of how it goes on
typedef struct {
  void* handle; ///< For `hear`

  /// @param n_phrase Of the `n_notes` notes, those of the phrase, which come first.
  /// @param is_own True: as the model goes on in its first take; false: as the piece does, over as many bars
  /// @return #CN_STATUS_SUCCESS, or what ends it all.  Thread: WORKER
  CnStatus (*hear)(void* handle, CnNote* notes, uint32_t n_phrase, uint32_t n_notes, bool is_own);
} CnPlayListener;

/// What is played
typedef struct {
  unsigned n_sections; ///< Eight bars each, 1..CN_MAX_SECTIONS
  uint32_t n_takes;    ///< Of each piece
  size_t   n_pieces;   ///< At most, from the first one on
  CnSplit  side;       ///< Of the corpus
  bool     has_sides;  ///< False: all pieces count

  const CnPlayListener* listener; ///< Or null
} CnPlaySettings;

/**
   Go on with the first eight bars of pieces, as `generate` does when nothing else is asked for.

   Bars are counted from the one that the piece begins in, by its first metre.  Pieces that are over before
   another eight bars, or begin with next to nothing, are passed over.

   @param[out] real The pieces, to be cleared with cn_excerpts_clear(), also after a failure.
   @param[out] own The takes; the same.
   @return #CN_STATUS_SUCCESS, also if there is no piece; #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_play(const CnPlanner* planner, const CnCorpus* corpus, const CnPlaySettings* settings, CnExcerpts* real,
        CnExcerpts* own);

#endif // CN_COMPARE_PLAY_H
