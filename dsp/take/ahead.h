// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ahead.h
   Composing ahead of what is due, and showing what was heard, while somebody watches.

   A second engine has a copy of the take, and plans the segments after the last one that was asked for, as if
   the musician rested and no control moved: the segments are pure functions, so that is what will sound then.
   What becomes due with the same key is taken over; whatever is told of the musician, the transport or the
   controls throws the plan away, and it is made anew from the next segment that is asked for.

   One segment is planned at a time, and commands are obeyed in between, so that what is due waits for one
   segment at most.
*/

#ifndef CN_AHEAD_H
#define CN_AHEAD_H

#include "dsp/base/attributes.h"
#include "dsp/part/timeline.h"
#include "dsp/take/command.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CN_AHEAD_MAX 256 ///< [segments] planned ahead at most

typedef struct CnEngine CnEngine;

/// What is planned: segments of a timeline that nobody plays
typedef struct {
  const CnTimeline* timeline;   ///< Null: nobody has watched yet
  const CnTimeline* heard;      ///< The musician's notes, by the segments that they begin in
  uint32_t          generation; ///< Counts the plans that were thrown away
  int32_t           first;      ///< First planned segment
  int32_t           end;        ///< The one after the last
} CnPlanned;

/// An engine's part in it; the second engine has none
typedef struct {
  // Told by the audio thread
  _Atomic int32_t n_watched; ///< [segments] to be planned ahead; 0: nobody watches

  // Read by the audio thread
  _Atomic(CnTimeline*) timeline; ///< Of the second engine, once it is there
  _Atomic(CnTimeline*) heard;
  _Atomic uint32_t     generation;
  _Atomic int32_t      first;
  _Atomic int32_t      end;

  // The engine's
  CnEngine* shadow;   ///< Null until somebody watches
  CnCommand ask;      ///< The last segment that was asked for
  bool      has_ask;  ///< Since something changed
  bool      is_stale; ///< The second engine has another take
  bool      was_told; ///< Of the musician, since that was shown
} CnAhead;

/// Tell from which segment to before which one the plan reaches.  Thread: ENGINE
void
cn_ahead_publish(CnAhead* self, int32_t first, int32_t end);

/// Free what the engine has for it, but for the second engine.  Thread: INIT
void
cn_ahead_clear(CnEngine* engine);

/// Follow a command that was obeyed.  Thread: ENGINE
void
cn_ahead_follow(CnEngine* engine, const CnCommand* command);

/// Throw away what is planned, as the model or the take is another.  Thread: ENGINE
void
cn_ahead_forget(CnEngine* engine);

/// Copy the notes of a segment that was planned with a key; false if it was not.  Thread: ENGINE
bool
cn_ahead_find(const CnEngine* engine, const CnSegment* key, CnNote* notes, uint32_t* n_notes);

/// Say how many segments are to be planned ahead; 0: nobody watches.  Thread: AUDIO
CN_AUDIO void
cn_engine_watch(CnEngine* engine, int32_t n_segments);

/// True if somebody watches.  Thread: ANY
bool
cn_engine_is_watched(const CnEngine* engine);

/// What is planned and what was heard.  Thread: ANY
CN_AUDIO CnPlanned
cn_engine_planned(const CnEngine* engine);

/**
   Obey all commands in the inbox, then plan one segment ahead, if somebody watches.

   @return True if there is more to plan.

   Thread: ENGINE
*/
bool
cn_engine_look_ahead(CnEngine* engine);

#endif // CN_AHEAD_H
