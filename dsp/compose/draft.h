// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file draft.h
   The loop that every composer writes a segment by: note after note, each with its onset, its key, its
   duration and its velocity decided in this order, until one would begin after the segment.

   What networks are asked stands behind a CnWriter.  The even way to time, the limits and the keys that
   may be struck are the same for all.
*/

#ifndef CN_DRAFT_H
#define CN_DRAFT_H

#include "dsp/base/random.h"
#include "dsp/base/status.h"
#include "dsp/compose/aim.h"
#include "dsp/compose/manners.h"
#include "dsp/compose/mask.h"
#include "dsp/compose/plan.h"
#include "dsp/compose/pulse.h"
#include "dsp/music/note.h"
#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>

/// Own notes that a limit of keys at once is kept by, at most
#define CN_DRAFT_ENDS (CN_N_PITCHES + CN_SEGMENT_NOTES)

/// A segment that is being composed, and what is decided of its next note
typedef struct {
  const CnPlanRequest* request;
  int32_t              start;               ///< [ticks] where the next note may come
  int32_t              latest;              ///< [ticks] where it must have come; INT32_MAX: nowhere
  int32_t              end;                 ///< [ticks] of the segment
  CnRandom             random;              ///< For all that is drawn
  CnPulse              pulse;               ///< If the notes come evenly
  bool                 is_even;             ///< They do
  CnSteps              steps;               ///< Those alike that came last
  CnMask               mask;                ///< What may be played
  CnAim                aim;                 ///< What is to be pulled where
  uint32_t             n_ends;              ///< Own notes that may still sound
  int32_t              ends[CN_DRAFT_ENDS]; ///< [ticks] where they end
  int32_t              onset;               ///< [ticks] of the next note; set from its key on
  CnBarPlace           bar;                 ///< Likewise
  uint8_t              pitch;               ///< Set from its duration on
  int32_t              duration;            ///< [ticks] set from its velocity on
} CnDraft;

/**
   What a network says of the next note.  Thread of all: ENGINE

   `onset` and `duration` are not asked if notes come evenly.
*/
typedef struct {
  void* handle;

  /// The last note of all that came before; there is one
  const CnNote* (*last)(void* handle);

  /// [ticks] at or after `start`, better not after `latest`; beyond the segment's end: there is none
  int64_t (*onset)(void* handle, CnDraft* draft);

  /// A key of those that are possible (CN_N_PITCHES); there is one
  uint8_t (*pitch)(void* handle, CnDraft* draft, const bool* is_possible);

  /// [ticks] 1..CN_OWN_DURATION_MAX
  int32_t (*duration)(void* handle, CnDraft* draft);

  /// 1..127
  uint8_t (*velocity)(void* handle, CnDraft* draft);

  /// Take the note in, as part of what came before
  CnStatus (*absorb)(void* handle, const CnNote* note);

  CnKeys keys; ///< That the network knows

  bool
      delays; ///< A note that finds no key left in its chord comes a tick later, and does not end the segment
} CnWriter;

/// Begin a segment: its place, its random numbers, its pulse.  Thread: ENGINE
CnDraft
cn_draft_begin(const CnPlanRequest* request);

/**
   Write the notes of a segment.

   @param[out] notes (CN_SEGMENT_NOTES), as CnPlanner.plan has them.
   @return Number of notes.

   Thread: ENGINE
*/
uint32_t
cn_draft_write(CnDraft* draft, const CnWriter* writer, CnNote* notes);

#endif // CN_DRAFT_H
