// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/pulse.h"

#include "dsp/compose/plan.h"

static int32_t
clamp_duration(const int64_t duration)
{
  const int64_t most = CN_OWN_DURATION_MAX;
  return (int32_t)(duration < 1 ? 1 : duration < most ? duration : most);
}

// Halves go up
static int64_t
divide_rounding(const int64_t a, const int64_t b)
{
  return cn_divide_down(2 * a + b, 2 * b);
}

bool
cn_pulse_find(const CnNote* const notes, const uint32_t n_notes, CnPulse* const pulse)
{
  uint32_t n         = 0;
  int64_t  durations = 0;
  int64_t  last      = 0;
  int64_t  first     = 0;
  for (uint32_t i = n_notes; i > 0 && n < CN_PHRASE_NOTES; --i) {
    const CnNote* const note = &notes[i - 1];
    if (note->part != CN_PART_MUSICIAN) {
      continue;
    }
    if (n > 0 && first - note->onset > CN_PHRASE_GAP) {
      break;
    }
    last  = n > 0 ? last : note->onset;
    first = note->onset;
    durations += note->duration;
    ++n;
  }
  if (last == first) {
    return false;
  }

  const int32_t n_steps = (int32_t)n - 1;
  const int32_t span    = (int32_t)(last - first);
  *pulse                = (CnPulse){
                     .anchor   = (int32_t)last,
                     .span     = span > n_steps ? span : n_steps,
                     .n_steps  = n_steps,
                     .duration = clamp_duration(divide_rounding(durations, n)),
  };
  return true;
}

int64_t
cn_pulse_next(const CnPulse* const pulse, const int32_t after, const int32_t from)
{
  const int64_t lowest = from > after ? from : (int64_t)after + 1;
  // A grid line rounds to `lowest` or later if it is at most half a tick before it
  const int64_t line = 2 * (lowest - pulse->anchor) - 1;
  const int64_t k    = -cn_divide_down(-line * pulse->n_steps, 2 * (int64_t)pulse->span);
  return pulse->anchor + divide_rounding(k * pulse->span, pulse->n_steps);
}
