// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "take.h"

#include <stdlib.h>
#include <string.h>

CnStatus
cn_take_init(CnTake* const take)
{
  *take = (CnTake){
      .notes  = (CnNote*)calloc(CN_TAKE_NOTES, sizeof(CnNote)),
      .sums   = (CnTakeSum*)calloc(CN_TAKE_NOTES, sizeof(CnTakeSum)),
      .passes = (uint32_t*)calloc(CN_TAKE_NOTES, sizeof(uint32_t)),
  };
  return take->notes && take->sums && take->passes ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_take_clear(CnTake* const take)
{
  free(take->notes);
  free(take->sums);
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
    if (take->notes[i].part == CN_PART_PLAYER) {
      return i;
    }
  }
  return take->n_notes;
}

/// Tell that the sums from a note on no longer hold
static void
spoil(CnTake* const take, const uint32_t index)
{
  take->n_summed = index < take->n_summed ? index : take->n_summed;
}

/// Move the notes from index `from` on to index `to`
static void
move_tail(CnTake* const take, const uint32_t from, const uint32_t to)
{
  const size_t n = take->n_notes - from;
  memmove(take->notes + to, take->notes + from, n * sizeof(*take->notes));
  memmove(take->passes + to, take->passes + from, n * sizeof(*take->passes));
  take->n_notes = to + (uint32_t)n;
  spoil(take, from < to ? from : to);
}

void
cn_take_insert(CnTake* const take, const CnNote* const note, const uint32_t pass)
{
  if (take->n_notes == CN_TAKE_NOTES) {
    move_tail(take, CN_TAKE_NOTES / 8, 0);
  }
  const uint32_t index = find_place(take, note->onset, note->pitch);
  move_tail(take, index, index + 1);
  take->notes[index]  = *note;
  take->passes[index] = pass;
}

void
cn_take_set_duration(CnTake* const take, const uint32_t index, const int32_t duration)
{
  take->notes[index].duration = duration;
  spoil(take, index);
}

/// Forget the notes from `tick` on but the player's; of those `pass`, if it is not 0, spares only its own
static void
erase(CnTake* const take, const int32_t tick, const uint32_t pass)
{
  const uint32_t first = cn_take_find(take, tick);
  uint32_t       n     = first;
  for (uint32_t i = first; i < take->n_notes; ++i) {
    if (take->notes[i].part == CN_PART_PLAYER && (pass == 0 || take->passes[i] == pass)) {
      take->notes[n]    = take->notes[i];
      take->passes[n++] = take->passes[i];
    }
  }
  if (n < take->n_notes) {
    take->n_notes = n;
    spoil(take, first);
  }
}

void
cn_take_erase_own(CnTake* const take, const int32_t tick)
{
  erase(take, tick, 0);
}

void
cn_take_erase_unheard(CnTake* const take, const int32_t tick, const uint32_t pass)
{
  erase(take, tick, pass);
}

/// Sums over a note and those before it, whose sums are `sum`
static CnTakeSum
add_note(const CnTakeSum sum, const CnNote* const note)
{
  CnTakeSum next = {cn_hash_note(sum.hash, note), sum.end};
  if (note->part == CN_PART_PLAYER) {
    const int64_t end = (int64_t)note->onset + note->duration;
    const int32_t cap = end < INT32_MAX && note->duration != CN_DURATION_HELD ? (int32_t)end : INT32_MAX;
    next.end          = cap > sum.end ? cap : sum.end;
  }
  return next;
}

CnTakeSum
cn_take_sum(CnTake* const take, const uint32_t n)
{
  CnTakeSum sum = take->n_summed > 0 ? take->sums[take->n_summed - 1] : (CnTakeSum){0, INT32_MIN};
  for (; take->n_summed < n; ++take->n_summed) {
    sum                        = add_note(sum, &take->notes[take->n_summed]);
    take->sums[take->n_summed] = sum;
  }
  return n > 0 ? take->sums[n - 1] : (CnTakeSum){0, INT32_MIN};
}

uint64_t
cn_hash_mix(const uint64_t hash, const uint64_t value)
{
  uint64_t z = hash + value + 0x9E3779B97F4A7C15U;
  z          = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z          = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

uint64_t
cn_hash_note(const uint64_t hash, const CnNote* const note)
{
  uint64_t words[2];
  memcpy(words, note, sizeof(words));
  return cn_hash_mix(cn_hash_mix(hash, words[0]), words[1]);
}
