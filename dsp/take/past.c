// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/past.h"

#include "dsp/part/lead.h"
#include "dsp/part/timeline.h"

#include <stdlib.h>

CnStatus
cn_past_init(CnPast* const past)
{
  *past = (CnPast){.notes     = (CnNote*)calloc(CN_TAKE_NOTES + CN_GIVEN_NOTES, sizeof(CnNote)),
                   .end       = INT32_MIN,
                   .given_end = INT32_MIN};
  return past->notes ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_past_clear(CnPast* const past)
{
  free(past->notes);
  *past = (CnPast){0};
}

static void
add_key(uint64_t keys[2], const unsigned pitch)
{
  keys[pitch / 64 % 2] |= UINT64_C(1) << (pitch % 64);
}

/// [ticks] of the musician's first strike after a note's; INT32_MAX if there is none before the cut
static int32_t
find_next(const CnTake* const take, const uint32_t index, const int32_t cut)
{
  const int32_t onset = take->notes[index].onset;
  for (uint32_t i = index + 1; i < take->n_notes && take->notes[i].onset < cut; ++i) {
    if (take->notes[i].part == CN_PART_MUSICIAN && take->notes[i].onset > onset) {
      return take->notes[i].onset;
    }
  }
  return INT32_MAX;
}

static int64_t
min(const int64_t a, const int64_t b)
{
  return a < b ? a : b;
}

/**
   A note of the musician's as it is known at the cut.

   Learnt from scores, the models know the lengths of notation, and go slowly where all sounds on.
*/
static CnNote
look_at(CnPast* const past, const CnTake* const take, const uint32_t index, const int32_t cut,
        const int32_t from)
{
  const CnNote* const note = &take->notes[index];
  CnNote              seen = *note;
  const int64_t       end  = (int64_t)note->onset + note->duration;
  const int64_t       lift = (int64_t)note->onset + take->keys[index];
  if (end >= cut) { // One that ends at the cut may yet turn out to end later
    add_key(lift >= cut ? past->held : past->pedalled, note->pitch);
  }
  if (note->onset >= from && !cn_lead_has(&past->rules, note->pitch, note->channel)) {
    past->end = end >= cut ? cut : end > past->end ? (int32_t)end : past->end;
  }
  const int64_t heard = lift < end ? min(end, find_next(take, index, cut)) : end;
  seen.duration       = (int32_t)(min(heard > lift ? heard : lift, cut) - note->onset);
  seen.duration       = (int32_t)min(seen.duration, CN_HEARD_DURATION_MAX);
  return seen;
}

/// Look back on what began at `from` or later, and on which keys are held
static void
look_from(CnPast* const past, const CnTake* const take, const int32_t cut, const CnRules* const rules,
          const int32_t from)
{
  const uint32_t n          = cn_take_find(take, cut);
  bool           has_pedals = false;
  *past = (CnPast){.notes = past->notes, .end = INT32_MIN, .given_end = INT32_MIN, .rules = *rules};
  for (uint32_t i = 0; i < n; ++i) {
    const CnNote* const note     = &take->notes[i];
    const bool          is_heard = note->part == CN_PART_MUSICIAN;
    const CnNote        seen     = is_heard ? look_at(past, take, i, cut, from) : *note;
    if (note->onset < from) {
      continue;
    }
    has_pedals =
        has_pedals || (is_heard && take->keys[i] < note->duration && note->onset + take->keys[i] < cut);
    past->hash = cn_hash_note(past->hash, &seen);
    if (note->pitch >= CN_PITCH_MIN && note->pitch <= CN_PITCH_MAX) {
      past->notes[past->n_notes++] = seen;
    }
  }
  if (has_pedals) { // Takes without have hashes without
    past->hash = cn_hash_mix(cn_hash_mix(past->hash, past->pedalled[0]), past->pedalled[1]);
    past->hash = cn_hash_mix(past->hash, (uint32_t)past->end);
  }
}

static bool
is_before(const CnNote* const a, const CnNote* const b)
{
  return a->onset < b->onset || (a->onset == b->onset && a->pitch <= b->pitch);
}

/// Let a phrase come before the rest
static void
add_phrase(CnPast* const past, const CnGivenPhrase* const phrase, const int32_t line)
{
  const int32_t moved = line - phrase->line;
  uint32_t      n     = past->n_notes;
  uint32_t      m     = phrase->n_notes;
  past->n_notes += m;
  while (m > 0) { // From the end on, so that no note is overwritten before it has moved
    CnNote given = phrase->notes[m - 1];
    given.onset += moved;
    if (n > 0 && is_before(&given, &past->notes[n - 1])) {
      past->notes[n + m - 1] = past->notes[n - 1];
      --n;
    } else {
      past->notes[n + m - 1] = given;
      --m;
    }
  }
  past->hash      = cn_hash_mix(cn_hash_mix(past->hash, phrase->hash), (uint32_t)line);
  past->given_end = phrase->start + moved;
  past->origin    = cn_segment_at(-moved);
}

void
cn_past_look(CnPast* const past, const CnTake* const take, const int32_t cut, const CnRules* const rules)
{
  look_from(past, take, cut, rules, INT32_MIN);
}

void
cn_past_look_given(CnPast* const past, const CnTake* const take, const int32_t cut,
                   const CnRules* const rules, const CnGivenPhrase* const phrase, const int32_t line)
{
  const bool awaits = cut + CN_LEAD_TICKS < line;
  look_from(past, take, cut, rules, awaits ? INT32_MIN : line);
  past->awaits = awaits;
  if (!awaits) {
    add_phrase(past, phrase, line);
  }
}

bool
cn_past_is_given(const CnPast* const past)
{
  return past->end == INT32_MIN && past->given_end != INT32_MIN;
}

/// True if a note is the musician's playing
static bool
is_played(const CnPast* const past, const CnNote* const note)
{
  return note->part == CN_PART_MUSICIAN && !cn_lead_has(&past->rules, note->pitch, note->channel);
}

bool
cn_past_is_own(const CnPast* const past)
{
  uint32_t n = past->n_notes;
  while (n > 0 && past->notes[n - 1].part == CN_PART_MUSICIAN && !is_played(past, &past->notes[n - 1])) {
    --n;
  }
  return n > 0 && past->notes[n - 1].part == CN_PART_CONTINUO;
}

bool
cn_past_has_onset(const CnPast* const past, const int32_t from, const int32_t to)
{
  for (uint32_t i = past->n_notes; i > 0 && past->notes[i - 1].onset >= from; --i) {
    if (is_played(past, &past->notes[i - 1]) && past->notes[i - 1].onset < to) {
      return true;
    }
  }
  return false;
}

bool
cn_past_is_held(const CnPast* const past, const unsigned pitch)
{
  return (past->held[pitch / 64 % 2] >> (pitch % 64)) & 1U;
}
