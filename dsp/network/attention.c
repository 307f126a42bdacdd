// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/attention.h"

#include "dsp/kernel/kernel_math.h"

#include <string.h>

#define SIXTEENTH 6U  // [ticks]
#define N_PERIODS 32U // From a sixteenth to 64 bars of four quarters, and a third more

static const struct {
  const char* name;
  uint32_t    n_spans;
} distances[] = {[CN_DISTANCE_TIME]   = {"time", CN_N_SPANS},
                 [CN_DISTANCE_ROTARY] = {"rotary", 0},
                 [CN_DISTANCE_NOTES]  = {"notes", CN_N_NOTE_SPANS}};

const char*
cn_distance_name(const CnDistance distance)
{
  return distances[distance].name;
}

bool
cn_distance_find(const char* const name, CnDistance* const distance)
{
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    if (!strcmp(name, distances[d].name)) {
      *distance = (CnDistance)d;
      return true;
    }
  }
  return false;
}

uint32_t
cn_distance_spans(const CnDistance distance)
{
  return distances[distance].n_spans;
}

static unsigned
span_of_time(const int32_t ticks, const uint32_t bar)
{
  static const uint32_t bounds[CN_SPAN_FARS - 1] = {192, 288, 384, 576, 768, 1152, 1536, 3072}; // [ticks]

  const uint32_t distance = ticks > 0 ? (uint32_t)ticks : 0U;
  if (!distance) {
    return CN_SPAN_CHORD;
  }
  if (distance % bar == 0 && distance / bar <= CN_SPAN_BARS) {
    return CN_SPAN_BAR + distance / bar - 1U;
  }
  if (distance <= CN_SPAN_SIXTEENTHS * SIXTEENTH) {
    return CN_SPAN_SIXTEENTH + (distance - 1U) / SIXTEENTH;
  }

  unsigned far = 0;
  while (far < CN_SPAN_FARS - 1U && distance > bounds[far]) {
    ++far;
  }
  return CN_SPAN_FAR + far;
}

static unsigned
span_of_notes(const uint32_t notes)
{
  if (notes < CN_SPAN_EXACT) {
    return notes;
  }
  unsigned octave = 0;
  while (octave < CN_SPAN_OCTAVES && notes >> octave >= 2U * CN_SPAN_EXACT) {
    ++octave;
  }
  return octave < CN_SPAN_OCTAVES ? CN_SPAN_EXACT + 4U * octave + (notes >> octave) % CN_SPAN_EXACT / 4U
                                  : CN_N_NOTE_SPANS - 1U;
}

unsigned
cn_attention_span(const CnDistance distance, const uint32_t notes, const int32_t ticks, const uint32_t bar)
{
  if (!notes || distance == CN_DISTANCE_ROTARY) {
    return CN_SPAN_SELF;
  }
  return distance == CN_DISTANCE_TIME ? span_of_time(ticks, bar) : span_of_notes(notes);
}

// The sixteenth, the eighth of a triplet, the dotted sixteenth, and all of them twice as long, and so on: so
// the same place of the bar, some bars ago, is near in most
static int32_t
find_period(const size_t pair, const size_t n_pairs)
{
  static const int32_t shortest[] = {6, 8, 9}; // [ticks]

  const size_t i = n_pairs > 1 ? pair * (N_PERIODS - 1U) / (n_pairs - 1U) : 0U;
  return shortest[i % 3U] * (1 << i / 3U);
}

void
cn_attention_rotation(const int32_t ticks, const size_t width, float* const rotation)
{
  const size_t n_pairs = width / 2U;
  for (size_t pair = 0; pair < n_pairs; ++pair) {
    const int32_t period = find_period(pair, n_pairs);
    const int32_t phase  = ticks % period;
    cn_turn((uint32_t)(phase < 0 ? phase + period : phase), (uint32_t)period, &rotation[pair],
            &rotation[n_pairs + pair]);
  }
}
