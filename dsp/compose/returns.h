// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file returns.h
   Form: bars of the phrase that come again.

   Music comes back to how it began.  A network hardly does: what it remembers best is what it has just
   played. So the bars after a phrase are counted in fours, and of the later fours some begin as the phrase
   does, or as its second half, by the take.  That is 8, 16, 24, ... bars after they have stood there.  It is
   a wish: the notes are drawn as all others are, and where the network has gone another way, it is followed.
   A bar that is denser or sparser than what is asked for does not come again.
*/

#ifndef CN_RETURNS_H
#define CN_RETURNS_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"

#include <stdint.h>

#define CN_RETURN_NOTES 64 ///< Notes of a bar that come again, at most

/// A bar that comes again; without notes: none does
typedef struct {
  CnNote   notes[CN_RETURN_NOTES]; ///< Where they are to come, the one after the bar too
  uint32_t n_notes;
  int32_t  end; ///< [ticks] of the bar line where it lets go
} CnReturn;

/**
   Find what the bar of a segment is to bring back.

   @param share Of the groups of bars after the first that begin so, where motifs may come in every bar.
   @param played (n_played) the musician's last notes, see cn_texture_last_played().

   Thread: ENGINE
*/
CnReturn
cn_return_find(const CnPlanRequest* request, float share, const CnNote* played, uint32_t n_played);

/**
   What is to come after a note.

   @param start [ticks] before which nothing can come any more, but in the last note's chord.
   @return Null if there is nothing that is to come.

   Thread: ENGINE
*/
const CnNote*
cn_return_next(const CnReturn* bar, const CnNote* last, int32_t start);

#endif // CN_RETURNS_H
