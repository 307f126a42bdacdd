// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/past.h"

#include <stdlib.h>

CnStatus
cn_past_init(CnPast* const past)
{
  *past = (CnPast){.notes = (CnNote*)calloc(CN_TAKE_NOTES, sizeof(CnNote)), .end = INT32_MIN};
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

/// A note of the musician's, its key held for `held` [ticks], as it is known at the cut
static CnNote
look_at(CnPast* const past, const CnNote* const note, const int32_t held, const int32_t cut)
{
  CnNote        seen = *note;
  const int64_t end  = (int64_t)note->onset + note->duration;
  if (end >= cut) { // One that ends at the cut may yet turn out to end later
    add_key((int64_t)note->onset + held >= cut ? past->held : past->pedalled, note->pitch);
    seen.duration = cut - note->onset;
  }
  past->end     = end >= cut ? cut : end > past->end ? (int32_t)end : past->end;
  seen.duration = seen.duration < CN_HEARD_DURATION_MAX ? seen.duration : CN_HEARD_DURATION_MAX;
  return seen;
}

void
cn_past_look(CnPast* const past, const CnTake* const take, const int32_t cut)
{
  const uint32_t n = cn_take_find(take, cut);
  *past            = (CnPast){.notes = past->notes, .end = INT32_MIN};
  for (uint32_t i = 0; i < n; ++i) {
    const CnNote* const note = &take->notes[i];
    const CnNote seen = note->part == CN_PART_MUSICIAN ? look_at(past, note, take->keys[i], cut) : *note;
    past->hash        = cn_hash_note(past->hash, &seen);
    if (note->pitch >= CN_PITCH_MIN && note->pitch <= CN_PITCH_MAX) {
      past->notes[past->n_notes++] = seen;
    }
  }
  if (past->pedalled[0] | past->pedalled[1]) { // Takes without pedals have hashes without
    past->hash = cn_hash_mix(cn_hash_mix(past->hash, past->pedalled[0]), past->pedalled[1]);
  }
}

bool
cn_past_has_onset(const CnPast* const past, const int32_t from, const int32_t to)
{
  for (uint32_t i = past->n_notes; i > 0 && past->notes[i - 1].onset >= from; --i) {
    if (past->notes[i - 1].part == CN_PART_MUSICIAN && past->notes[i - 1].onset < to) {
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
