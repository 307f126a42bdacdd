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

/// A note of the musician's as it is known at the cut
static CnNote
look_at(CnPast* const past, const CnNote* const note, const int32_t cut)
{
  CnNote        seen = *note;
  const int64_t end  = (int64_t)note->onset + note->duration;
  if (end >= cut) { // One that ends at the cut may yet turn out to end later
    past->held[note->pitch / 64 % 2] |= UINT64_C(1) << (note->pitch % 64);
    seen.duration = cut - note->onset;
  }
  past->end     = end >= cut ? cut : end > past->end ? (int32_t)end : past->end;
  seen.duration = seen.duration < CN_HEARD_DURATION_MAX ? seen.duration : CN_HEARD_DURATION_MAX;
  return seen;
}

void
cn_past_look(CnPast* const past, const CnTake* const take, const int32_t cut)
{
  *past = (CnPast){.notes = past->notes, .n_notes = cn_take_find(take, cut), .end = INT32_MIN};
  for (uint32_t i = 0; i < past->n_notes; ++i) {
    const CnNote* const note = &take->notes[i];
    past->notes[i]           = note->part == CN_PART_MUSICIAN ? look_at(past, note, cut) : *note;
    past->hash               = cn_hash_note(past->hash, &past->notes[i]);
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
