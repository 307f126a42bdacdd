// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file kept.h
   The notes of bars that stand whatever is asked for: by value, as they were composed and as they sound.

   A bar of rests is one that is kept without notes.  Bars are kept by the segments that begin in them.
*/

#ifndef CN_KEPT_H
#define CN_KEPT_H

#include "dsp/music/following.h"
#include "dsp/music/note.h"
#include "dsp/part/sheet.h"
#include "dsp/part/timeline.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_KEPT_NOTES 8192 ///< Most notes of all bars that are kept

/// A note that is kept
typedef struct {
  CnNote      note;   ///< As composed: what follows goes on from it
  CnTimedNote timed;  ///< As it sounds
  bool        sounds; ///< It does: it was not left out for a key of the musician's
} CnKeptNote;

/// A bar that is kept
typedef struct {
  int32_t bar;   ///< Its number
  int32_t first; ///< [segments] where it begins
  int32_t end;   ///< [segments] before which it ends
} CnKeptBar;

/// All of them; all zero is none
typedef struct {
  uint32_t   n_bars;
  uint32_t   n_notes;
  CnKeptBar  bars[CN_SHEET_BARS];  ///< By `first`
  CnKeptNote notes[CN_KEPT_NOTES]; ///< By onset
} CnKept;

/**
   Keep one more segment of a bar; one that is kept already stays as it is.

   @param notes (n_notes) Those that begin in the segment, by onset.
   @return False if there is no room, or what is kept of the bar does not end where the segment begins.

   Thread: ENGINE
*/
bool
cn_kept_add(CnKept* kept, int32_t bar, int32_t segment, const CnKeptNote* notes, uint32_t n_notes);

/// Keep a bar no longer.  Thread: ENGINE
void
cn_kept_remove(CnKept* kept, int32_t bar);

/// The bar by its number; null: it is not kept.  Thread: ENGINE
const CnKeptBar*
cn_kept_find(const CnKept* kept, int32_t bar);

/// The first bar that ends after a segment; null: there is none.  Thread: ENGINE
const CnKeptBar*
cn_kept_next(const CnKept* kept, int32_t segment);

/// True if a segment is kept.  Thread: ENGINE
bool
cn_kept_has(const CnKept* kept, int32_t segment);

/**
   Read what is kept of a segment.

   @param[out] notes (CN_SEGMENT_NOTES)
   @return Their number.

   Thread: ENGINE
*/
uint32_t
cn_kept_read(const CnKept* kept, int32_t segment, CnKeptNote* notes);

/**
   Measure what is kept after a segment, from the next bar line on after which a note stands.

   @param start [ticks] of the segment.
   @param until [ticks] where that line has to be at the latest.
   @param[out] following Set if there is something.
   @return Whether there is.

   Thread: ENGINE
*/
bool
cn_kept_following(const CnKept* kept, int32_t start, int64_t until, CnFollowing* following);

/// Make `kept` a copy of another.  Thread: ENGINE
void
cn_kept_copy(CnKept* kept, const CnKept* from);

#endif // CN_KEPT_H
