// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file returns.h
   Form: bars that come again.

   Music comes back to how it began, and to what it has just said.  A network hardly does: it goes on.  So the
   bars after a phrase are counted in fours, and of the later fours some begin as the phrase does, or as its
   second half, by the take.  That is 8, 16, 24, ... bars after they have stood there.  Of the others some are
   those of the continuation itself, 16, 8, 4 or 2 bars before.  By that about as many bars return as in
   pieces, by the means that `continuo evaluate --play` tells.

   It is a wish: the notes are drawn as all others are, and where the network has gone another way, it is
   followed.  A bar that is denser or sparser than what is asked for does not come again, nor does one of our
   own where a chord is asked for.
*/

#ifndef CN_RETURNS_H
#define CN_RETURNS_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_RETURN_NOTES 64 ///< Notes of a bar that come again, at most

/// What comes again, where motifs may come in every bar
typedef struct {
  float phrase; ///< Share of the fours of bars after the first that begin as the phrase
  bool  is_own; ///< Bars of the continuation come again, too
} CnReturnShares;

/// A bar that comes again; without notes: none does
typedef struct {
  CnNote   notes[CN_RETURN_NOTES]; ///< Where they are to come, the one after the bar too
  uint32_t n_notes;
  int32_t  end; ///< [ticks] of the bar line where it lets go
} CnReturn;

/**
   Find what the bar of a segment is to bring back.

   @param request Of which the segment, the bar, what is asked for and the notes so far count.
   @param shares How often.
   @param played (n_played) the musician's last notes, see cn_texture_last_played().
   @return A bar without notes, if none comes again.

   Thread: ENGINE
*/
CnReturn
cn_return_find(const CnPlanRequest* request, const CnReturnShares* shares, const CnNote* played,
               uint32_t n_played);

/**
   What is to come after a note.

   @param start [ticks] before which nothing can come any more, but in the last note's chord.
   @return Null if there is nothing that is to come.

   Thread: ENGINE
*/
const CnNote*
cn_return_next(const CnReturn* bar, const CnNote* last, int32_t start);

#endif // CN_RETURNS_H
