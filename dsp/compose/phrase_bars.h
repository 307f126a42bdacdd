// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file phrase_bars.h
   The musician's last notes, as a phrase of whole bars.
*/

#ifndef CN_PHRASE_BARS_H
#define CN_PHRASE_BARS_H

#include "dsp/music/note.h"

#include <stdint.h>

/// A phrase in bars of the metre that holds now
typedef struct {
  int32_t first;  ///< [ticks] of its first bar line
  int32_t end;    ///< [ticks] of the bar line after it
  int32_t length; ///< [ticks] of a bar; 0: there is no phrase, or the metre has changed since
} CnPhraseBars;

/**
   Find the bars of a phrase.

   @param bar That holds now.
   @param played (n_played) by onset.

   Thread: ENGINE
*/
CnPhraseBars
cn_phrase_bars_find(CnBar bar, const CnNote* played, uint32_t n_played);

/// How many there are.  @param bars Of which the length is known.  Thread: ENGINE
static inline int32_t
cn_phrase_bars_count(const CnPhraseBars* const bars)
{
  return (bars->end - bars->first) / bars->length;
}

/// [ticks] where the last of a phrase has sounded.  @param played (n_played).  Thread: ENGINE
int32_t
cn_phrase_end(const CnNote* played, uint32_t n_played);

#endif // CN_PHRASE_BARS_H
