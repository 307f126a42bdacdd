// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file likeness.h
   How the music is to be made: as the musician has made it, and as the controls ask.

   A network learns by the texture of the four bars around a note, which changes from bar to bar.  If it were
   told that of the whole phrase, in each bar to come, what it plays would be more even than any piece.  So a
   phrase of more than four bars is gone through again and again, and each bar is told the texture around the
   bar that stands at its place.  What comes of that leans away from what was told, a little and in known
   ways, so it is told to lean the other way.
*/

#ifndef CN_LIKENESS_H
#define CN_LIKENESS_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"
#include "dsp/music/texture.h"

#include <stdint.h>

/// How what a network is told of its bars leans, against what would come of it
typedef enum {
  CN_LEANING_NONE, ///< Not at all: each bar is told the texture of the whole phrase
  CN_LEANING_HELD, ///< As a network needs it that learns nothing while it listens
  CN_LEANING_APT,  ///< As one that does
} CnLeaning;

/// What a network is told
typedef struct {
  CnTexture texture;
  CnFigure  figure;
} CnLikeness;

/**
   Find how a segment is to be made.

   @param request Of which the segment, the bar and what is asked for count.
   @param leaning Unless it is #CN_LEANING_NONE, bars are told of by those of the phrase.
   @param played (n_played) the musician's last notes, see cn_texture_last_played().

   Thread: ENGINE
*/
CnLikeness
cn_likeness_find(const CnPlanRequest* request, CnLeaning leaning, const CnNote* played, uint32_t n_played);

#endif // CN_LIKENESS_H
