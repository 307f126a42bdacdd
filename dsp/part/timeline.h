// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file timeline.h
   The planned segments: written by the engine, read by the audio thread, neither waiting.

   Segment k lives in slot k modulo the number of slots, so the latest 68 minutes at 120 BPM are
   kept.  Each slot is a sequence lock (Boehm, "Can seqlocks get along with programming language
   memory models?", MSPC 2012) in which each word is an atomic: a reader that meets a write in progress
   takes the segment for absent.
*/

#ifndef CN_TIMELINE_H
#define CN_TIMELINE_H

#include "dsp/base/attributes.h"
#include "dsp/compose/plan.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_TIMELINE_SLOTS 16384 ///< Segments kept; a power of two

#define CN_LATE_PARTS 64 ///< Of a tick: the finest that a note is placed

/// One note as it is to sound
typedef struct {
  uint16_t duration; ///< [ticks] from the tick `offset` on, at least 1
  uint8_t  offset;   ///< [ticks] from the start of its segment
  uint8_t  pitch;    ///< MIDI note number
  uint8_t  velocity; ///< 1..127
  uint8_t  late;     ///< [1 / CN_LATE_PARTS ticks] after `offset`
  int8_t   moved;    ///< [ticks] that `offset` is after where it was composed
} CnTimedNote;

/// One planned segment
typedef struct {
  int32_t     segment; ///< Its number
  uint32_t    take;    ///< Number of the performance
  uint32_t    edition; ///< How often a new take was asked for before it was composed
  uint64_t    past;    ///< Hash of the past that it continues: history, model, take
  uint64_t    place;   ///< Hash of what else it is a function of: the other parameters, the metre
  uint32_t    n_notes;
  CnTimedNote notes[CN_SEGMENT_NOTES]; ///< By onset, then pitch
} CnSegment;

typedef struct CnTimeline CnTimeline;

/// Make an empty timeline; null if memory could not be had.  Thread: INIT
CnTimeline*
cn_timeline_new(void);

/// Free a timeline; null is allowed.  Thread: INIT
void
cn_timeline_free(CnTimeline* timeline);

/// Store a segment in the place of the one that its slot holds.  Thread: ENGINE
void
cn_timeline_write(CnTimeline* timeline, const CnSegment* segment);

/// Forget the segments from `first` on, which may be INT32_MIN.  Thread: ENGINE
void
cn_timeline_erase(CnTimeline* timeline, int32_t first);

/// Forget the segments from `first` to before `end`.  Thread: ENGINE
void
cn_timeline_erase_between(CnTimeline* timeline, int32_t first, int32_t end);

/// Read a segment; false if it is not there, or just being written.  Thread: AUDIO
CN_AUDIO bool
cn_timeline_read(const CnTimeline* timeline, int32_t number, CnSegment* segment);

/// Read what a slot, 0..CN_TIMELINE_SLOTS - 1, holds; false if nothing.  Thread: ENGINE
bool
cn_timeline_read_slot(const CnTimeline* timeline, uint32_t slot, CnSegment* segment);

/// True if two segments have the same notes.  Thread: ANY
CN_AUDIO bool
cn_segment_has_same_notes(const CnSegment* a, const CnSegment* b);

/// Number of the segment that a tick lies in.  Thread: ANY
static inline int32_t
cn_segment_at(const int32_t tick)
{
  return (tick >= 0 ? tick : tick - CN_SEGMENT_TICKS + 1) / CN_SEGMENT_TICKS;
}

/// The slot of a segment.  Thread: ANY
static inline uint32_t
cn_timeline_slot(const int32_t segment)
{
  return (uint32_t)segment % CN_TIMELINE_SLOTS;
}

#endif // CN_TIMELINE_H
