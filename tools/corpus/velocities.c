// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/velocities.h"

#define MIN_VELOCITIES 4U   // Fewer are not a pianist's
#define EXACT_VELOCITIES 24 // That exact onsets must have, or an eighth of the notes if those are few
#define EXACT 0.65          // Share of onsets on the grid; by chance it would be half of them
#define EXACT_VARIETY 0.55  // That exact onsets must have
#define INEXACT_VARIETY 0.3 // That is enough for the others

#define N_CHANNELS 16U

static unsigned
count_velocities(const CnNote* const notes, const size_t n)
{
  bool     is_there[128] = {false};
  unsigned n_different   = 0;
  for (size_t i = 0; i < n; ++i) {
    bool* const is_known = &is_there[notes[i].velocity & 127U];
    n_different += !*is_known;
    *is_known = true;
  }
  return n_different;
}

// Share of onsets that are not as loud as the one before on their channel
static double
measure_variety(const CnNote* const notes, const size_t n)
{
  const CnNote* last[N_CHANNELS] = {NULL};
  size_t        n_onsets         = 0;
  size_t        n_changes        = 0;
  for (size_t i = 0; i < n; ++i) {
    const CnNote** const before = &last[notes[i].channel % N_CHANNELS];
    if (*before && (*before)->onset != notes[i].onset) {
      ++n_onsets;
      n_changes += (*before)->velocity != notes[i].velocity;
    }
    *before = &notes[i];
  }
  return n_onsets ? (double)n_changes / (double)n_onsets : 0.0;
}

bool
cn_velocities_are_played(const CnNote* const notes, const size_t n, const double on_grid)
{
  const size_t n_different = count_velocities(notes, n);
  const size_t n_wanted    = n / 8 < EXACT_VELOCITIES ? n / 8 : EXACT_VELOCITIES;
  const double variety     = measure_variety(notes, n);
  if (n_different < MIN_VELOCITIES) {
    return false;
  }
  return on_grid < EXACT ? variety >= INEXACT_VARIETY : variety >= EXACT_VARIETY && n_different >= n_wanted;
}
