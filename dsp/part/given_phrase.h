// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file given_phrase.h
   A phrase that is given as a score, and gone on from without anybody playing it.

   It keeps the ticks of its score.  Whoever lays it before a performance lets the bar of the performance
   begin where the phrase's last bar does, that which it ends in, or the one after if it ends on a bar line.
*/

#ifndef CN_GIVEN_PHRASE_H
#define CN_GIVEN_PHRASE_H

#include "dsp/base/status.h"
#include "dsp/music/note.h"
#include "dsp/music/score.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_GIVEN_NOTES 16384 ///< Most notes of a phrase; of more, the last ones count

/// All zero is none
typedef struct {
  CnNote*  notes;   ///< (n_notes) by onset, then pitch
  uint32_t n_notes; ///<
  int32_t  start;   ///< [ticks] where its continuation begins: a segment does
  int32_t  line;    ///< [ticks] of the bar line at `start` or before
  uint64_t hash;    ///< Of all of it
} CnGivenPhrase;

/// True if a score has a note that a continuation can hear.  Thread: ANY
bool
cn_phrase_is_audible(const CnScore* score);

/// [ticks] where the continuation of a score begins: the first segment after all has sounded.  Thread: ANY
int32_t
cn_phrase_start(const CnScore* score);

/**
   Take a phrase from a score.

   @param[out] phrase To be cleared with cn_given_phrase_clear(); all zero on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if the score has no note of a piano, or
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_given_phrase_init(CnGivenPhrase* phrase, const CnScore* score);

/// Free what a phrase holds; one of all zeros is allowed.  Thread: WORKER
void
cn_given_phrase_clear(CnGivenPhrase* phrase);

#endif // CN_GIVEN_PHRASE_H
