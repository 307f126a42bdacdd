// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/timeline.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#define NO_SEGMENT INT32_MIN

/// Place of one segment; all of it atomic, as the reader may look at any time
typedef struct {
  _Atomic uint32_t version; ///< Odd while the slot is being written
  _Atomic uint32_t segment; ///< Number of the segment, or NO_SEGMENT, as encode() has it
  _Atomic uint32_t take;
  _Atomic uint32_t edition;
  _Atomic uint32_t n_notes;
  _Atomic uint64_t past;
  _Atomic uint64_t place;
  _Atomic uint64_t notes[CN_SEGMENT_NOTES]; ///< Packed
} Slot;

struct CnTimeline {
  int32_t last; ///< No later segment is stored; the engine's
  Slot    slots[CN_TIMELINE_SLOTS];
};

static uint64_t
pack(const CnTimedNote note)
{
  return (uint64_t)note.duration | ((uint64_t)note.offset << 16U) | ((uint64_t)note.pitch << 24U) |
         ((uint64_t)note.velocity << 32U) | ((uint64_t)note.late << 40U) |
         ((uint64_t)(uint8_t)note.moved << 48U);
}

static CN_AUDIO CnTimedNote
unpack(const uint64_t word)
{
  return (CnTimedNote){(uint16_t)word,         (uint8_t)(word >> 16U), (uint8_t)(word >> 24U),
                       (uint8_t)(word >> 32U), (uint8_t)(word >> 40U), (int8_t)(uint8_t)(word >> 48U)};
}

/// A number as it stands in a slot: NO_SEGMENT as 0, so that a slot that was never used costs no memory
static CN_AUDIO uint32_t
encode(const int32_t number)
{
  return (uint32_t)number ^ (uint32_t)NO_SEGMENT;
}

static CN_AUDIO int32_t
decode(const uint32_t word)
{
  return (int32_t)(word ^ (uint32_t)NO_SEGMENT);
}

/// Make readers turn away.  The stores that follow are releases, so whoever sees one sees this too
static uint32_t
begin_write(Slot* const slot)
{
  const uint32_t version = atomic_load_explicit(&slot->version, memory_order_relaxed);
  atomic_store_explicit(&slot->version, version + 1, memory_order_relaxed);
  return version + 2;
}

static void
end_write(Slot* const slot, const uint32_t version)
{
  atomic_store_explicit(&slot->version, version, memory_order_release);
}

CnTimeline*
cn_timeline_new(void)
{
  CnTimeline* const timeline = (CnTimeline*)calloc(1, sizeof(CnTimeline));
  if (timeline) {
    timeline->last = NO_SEGMENT; // As all slots are empty already
  }
  return timeline;
}

void
cn_timeline_free(CnTimeline* const timeline)
{
  free(timeline);
}

void
cn_timeline_write(CnTimeline* const timeline, const CnSegment* const segment)
{
  assert(segment->n_notes <= CN_SEGMENT_NOTES);
  Slot* const    slot    = &timeline->slots[cn_timeline_slot(segment->segment)];
  const uint32_t version = begin_write(slot);
  atomic_store_explicit(&slot->segment, encode(segment->segment), memory_order_release);
  atomic_store_explicit(&slot->take, segment->take, memory_order_release);
  atomic_store_explicit(&slot->edition, segment->edition, memory_order_release);
  atomic_store_explicit(&slot->past, segment->past, memory_order_release);
  atomic_store_explicit(&slot->place, segment->place, memory_order_release);
  atomic_store_explicit(&slot->n_notes, segment->n_notes, memory_order_release);
  for (uint32_t i = 0; i < segment->n_notes; ++i) {
    atomic_store_explicit(&slot->notes[i], pack(segment->notes[i]), memory_order_release);
  }
  end_write(slot, version);
  timeline->last = segment->segment > timeline->last ? segment->segment : timeline->last;
}

void
cn_timeline_erase_between(CnTimeline* const timeline, const int32_t first, const int32_t end)
{
  const int64_t known   = (int64_t)timeline->last + 1;
  const int64_t n       = (end < known ? end : known) - first;
  const int64_t n_slots = n < CN_TIMELINE_SLOTS ? n : CN_TIMELINE_SLOTS;
  for (int32_t i = 0; i < n_slots; ++i) {
    Slot* const   slot   = &timeline->slots[cn_timeline_slot(first + i)];
    const int32_t number = decode(atomic_load_explicit(&slot->segment, memory_order_relaxed));
    if (number >= first && number < end) {
      const uint32_t version = begin_write(slot);
      atomic_store_explicit(&slot->segment, encode(NO_SEGMENT), memory_order_release);
      end_write(slot, version);
    }
  }
}

void
cn_timeline_erase(CnTimeline* const timeline, const int32_t first)
{
  cn_timeline_erase_between(timeline, first, INT32_MAX);
  if (first <= timeline->last) {
    timeline->last = first > NO_SEGMENT ? first - 1 : NO_SEGMENT;
  }
}

CN_AUDIO bool
cn_timeline_read(const CnTimeline* const timeline, const int32_t number, CnSegment* const segment)
{
  const Slot* const slot    = &timeline->slots[cn_timeline_slot(number)];
  const uint32_t    version = atomic_load_explicit(&slot->version, memory_order_acquire);
  if (version % 2 || decode(atomic_load_explicit(&slot->segment, memory_order_acquire)) != number) {
    return false;
  }
  segment->segment = number;
  segment->take    = atomic_load_explicit(&slot->take, memory_order_acquire);
  segment->edition = atomic_load_explicit(&slot->edition, memory_order_acquire);
  segment->past    = atomic_load_explicit(&slot->past, memory_order_acquire);
  segment->place   = atomic_load_explicit(&slot->place, memory_order_acquire);
  segment->n_notes = atomic_load_explicit(&slot->n_notes, memory_order_acquire);
  for (uint32_t i = 0; i < segment->n_notes && i < CN_SEGMENT_NOTES; ++i) {
    segment->notes[i] = unpack(atomic_load_explicit(&slot->notes[i], memory_order_acquire));
  }
  return atomic_load_explicit(&slot->version, memory_order_relaxed) == version;
}

bool
cn_timeline_read_slot(const CnTimeline* const timeline, const uint32_t slot, CnSegment* const segment)
{
  const int32_t number = decode(atomic_load_explicit(&timeline->slots[slot].segment, memory_order_relaxed));
  return number != NO_SEGMENT && cn_timeline_read(timeline, number, segment);
}

CN_AUDIO bool
cn_segment_has_same_notes(const CnSegment* const a, const CnSegment* const b)
{
  uint32_t i = 0;
  while (a->n_notes == b->n_notes && i < a->n_notes && pack(a->notes[i]) == pack(b->notes[i])) {
    ++i;
  }
  return a->n_notes == b->n_notes && i == a->n_notes;
}
