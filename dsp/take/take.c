// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/take.h"

#include <stdlib.h>
#include <string.h>

CnStatus
cn_take_init(CnTake* const take)
{
  *take = (CnTake){
      .notes  = (CnNote*)calloc(CN_TAKE_NOTES, sizeof(CnNote)),
      .keys   = (int32_t*)calloc(CN_TAKE_NOTES, sizeof(int32_t)),
      .passes = (uint32_t*)calloc(CN_TAKE_NOTES, sizeof(uint32_t)),
  };
  return take->notes && take->keys && take->passes ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_take_clear(CnTake* const take)
{
  free(take->notes);
  free(take->keys);
  free(take->passes);
  *take = (CnTake){0};
}

static bool
is_before(const CnNote* const note, const int32_t onset, const unsigned pitch)
{
  return note->onset < onset || (note->onset == onset && note->pitch < pitch);
}

/// Index of the first note that is not before this onset and pitch
static uint32_t
find_place(const CnTake* const take, const int32_t onset, const unsigned pitch)
{
  uint32_t low  = 0;
  uint32_t high = take->n_notes;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (is_before(&take->notes[middle], onset, pitch)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint32_t
cn_take_find(const CnTake* const take, const int32_t tick)
{
  return find_place(take, tick, 0);
}

uint32_t
cn_take_find_played(const CnTake* const take, const int32_t onset, const unsigned pitch)
{
  uint32_t i = find_place(take, onset, pitch);
  for (; i < take->n_notes && take->notes[i].onset == onset && take->notes[i].pitch == pitch; ++i) {
    if (take->notes[i].part == CN_PART_MUSICIAN) {
      return i;
    }
  }
  return take->n_notes;
}

/// Move the notes from index `from` on to index `to`
static void
move_tail(CnTake* const take, const uint32_t from, const uint32_t to)
{
  const size_t n = take->n_notes - from;
  memmove(take->notes + to, take->notes + from, n * sizeof(*take->notes));
  memmove(take->keys + to, take->keys + from, n * sizeof(*take->keys));
  memmove(take->passes + to, take->passes + from, n * sizeof(*take->passes));
  take->n_notes = to + (uint32_t)n;
}

void
cn_take_insert(CnTake* const take, const CnNote* const note, const uint32_t pass)
{
  if (take->n_notes == CN_TAKE_NOTES) {
    move_tail(take, CN_TAKE_NOTES / 8, 0);
    take->has_forgotten = true;
  }
  uint32_t index = find_place(take, note->onset, note->pitch);
  while (index < take->n_notes && take->notes[index].onset == note->onset &&
         take->notes[index].pitch == note->pitch && take->notes[index].part < note->part) {
    ++index; // So that the order says nothing of which came first
  }
  move_tail(take, index, index + 1);
  take->notes[index]  = *note;
  take->keys[index]   = note->duration;
  take->passes[index] = pass;
}

void
cn_take_set_duration(CnTake* const take, const uint32_t index, const int32_t duration)
{
  take->notes[index].duration = duration;
  cn_take_set_key(take, index, take->keys[index]);
}

void
cn_take_set_key(CnTake* const take, const uint32_t index, const int32_t held)
{
  const int32_t duration = take->notes[index].duration;
  take->keys[index]      = held < duration ? held : duration;
}

/// Forget the notes of a part from `tick` to before `until`, but those heard on `pass`
static void
erase(CnTake* const take, const int32_t tick, const int32_t until, const CnPart part, const uint32_t pass)
{
  const uint32_t first = cn_take_find(take, tick);
  uint32_t       n     = first;
  for (uint32_t i = first; i < take->n_notes; ++i) {
    if (take->notes[i].part != part || take->passes[i] == pass || take->notes[i].onset >= until) {
      take->notes[n]    = take->notes[i];
      take->keys[n]     = take->keys[i];
      take->passes[n++] = take->passes[i];
    }
  }
  take->n_notes = n;
}

void
cn_take_erase_own(CnTake* const take, const int32_t tick)
{
  erase(take, tick, INT32_MAX, CN_PART_CONTINUO, CN_NO_PASS);
}

void
cn_take_erase_own_between(CnTake* const take, const int32_t tick, const int32_t until)
{
  erase(take, tick, until, CN_PART_CONTINUO, CN_NO_PASS);
}

void
cn_take_erase_unheard(CnTake* const take, const int32_t tick, const uint32_t pass)
{
  erase(take, tick, INT32_MAX, CN_PART_MUSICIAN, pass);
}

void
cn_take_copy(CnTake* const take, const CnTake* const from)
{
  const size_t n = from->n_notes;
  memcpy(take->notes, from->notes, n * sizeof(*take->notes));
  memcpy(take->keys, from->keys, n * sizeof(*take->keys));
  memcpy(take->passes, from->passes, n * sizeof(*take->passes));
  take->n_notes       = from->n_notes;
  take->has_forgotten = from->has_forgotten;
}

uint32_t
cn_take_copy_own(const CnTake* const take, const int32_t start, CnNote* const notes)
{
  uint32_t n = 0;
  for (uint32_t i = cn_take_find(take, start);
       i < take->n_notes && take->notes[i].onset < start + CN_SEGMENT_TICKS; ++i) {
    if (take->notes[i].part == CN_PART_CONTINUO && n < CN_SEGMENT_NOTES) {
      notes[n++] = take->notes[i];
    }
  }
  return n;
}

uint64_t
cn_hash_note(const uint64_t hash, const CnNote* const note)
{
  uint64_t words[2];
  memcpy(words, note, sizeof(words));
  return cn_hash_mix(cn_hash_mix(hash, words[0]), words[1]);
}
