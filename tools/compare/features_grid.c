// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/features.h"

#include "dsp/music/vocabulary.h"

size_t
cn_grid_round(CnNote* const notes, const size_t n)
{
  size_t n_kept = 0;
  for (size_t i = 0; i < n; ++i) {
    if (cn_note_is_speakable(&notes[i])) {
      const CnToken token = cn_note_token(&notes[i], notes[i].onset);
      CnNote* const note  = &notes[n_kept++];
      *note               = notes[i];
      note->duration      = cn_duration_ticks(token.factor[CN_FACTOR_DURATION]);
      note->velocity      = cn_velocity_of_class(token.factor[CN_FACTOR_VELOCITY]);
    }
  }
  return n_kept;
}

size_t
cn_grid_find(const CnGrid* const grid, const int32_t tick)
{
  size_t low  = 0;
  size_t high = grid->n_notes;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (grid->notes[middle].onset < tick) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
