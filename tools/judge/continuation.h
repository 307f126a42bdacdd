// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file continuation.h
   A score continued at once, by the code that plays in the plugin, segment by segment.
*/

#ifndef CN_CONTINUATION_H
#define CN_CONTINUATION_H

#include "dsp/compose/plan.h"
#include "dsp/music/score.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What is asked for
typedef struct {
  CnParams       params;
  const int32_t* chords;    ///< (n_chords) one a bar, again from the first after the last; may be null
  uint32_t       n_chords;  ///<
  int32_t        n_bars;    ///< At least 1
  bool           closes;    ///< It comes to its end with the last of them
  uint8_t        channel;   ///< That it is on, 0..15
  const CnScore* following; ///< What it leads into, which begins at its end; null: that is not known
} CnContinuationSettings;

/// As `generate` plays when nothing else is asked for, for so many bars.  Thread: ANY
CnContinuationSettings
cn_continuation_settings(int32_t n_bars);

/// Where a continuation lies
typedef struct {
  int32_t  start;   ///< [ticks]
  int32_t  end;     ///< [ticks] a bar line
  uint32_t n_notes; ///<
} CnContinuation;

/**
   Make a score of a passage, from the bar line before its first note on, in the metre that it begins with.

   @param notes (n) by onset, then pitch, with their places in the bar; one at least; copied.
   @param[out] score To be freed with cn_score_free(); null on failure.
   @return As cn_score_new().

   Thread: WORKER
*/
CnStatus
cn_score_of_passage(const CnNote* notes, size_t n, CnScore** score);

/// Let nothing of a score begin at a tick or later, and nothing sound on beyond it.  Thread: ANY
void
cn_score_cut(CnScore* score, int32_t end);

/// Keep the first bars of a score alone; what sounds on is cut there.  Thread: ANY
void
cn_score_keep_bars(CnScore* score, int32_t n_bars);

/**
   Continue a score.

   The continuation begins with the first segment after the phrase has sounded its last, and goes on for
   the rest of that bar and `n_bars` more (or just `n_bars`, if it begins on a bar line).

   @param phrase With one note at least.
   @param[out] result The phrase's notes and the continuation's, with the phrase's maps and sound.
   @param[out] continuation May be null.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or a status of the planner.

   Thread: WORKER
*/
CnStatus
cn_score_continue(const CnScore* phrase, const CnPlanner* planner, const CnContinuationSettings* settings,
                  CnScore** result, CnContinuation* continuation);

#endif // CN_CONTINUATION_H
