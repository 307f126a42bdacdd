// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/measures.h"

#include "dsp/compose/aim.h"

#include <math.h>

#define MOST_BARS 512

/// What is summed over the notes of a part
typedef struct {
  double n;
  double velocities;
  double lowest;
  double highest;
  double logs;
  double moved; ///< [semitones]
  double moves;
} Sums;

static Sums
sum_part(const CnScore* const score, const unsigned part)
{
  Sums sums = {.lowest = 127.0};
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (note->part == part) {
      const int distance =
          cn_aim_distance(score->notes, (uint32_t)score->n_notes, note->onset, part, note->pitch);
      ++sums.n;
      sums.velocities += note->velocity;
      sums.lowest  = fmin(sums.lowest, note->pitch);
      sums.highest = fmax(sums.highest, note->pitch);
      sums.logs += log2((double)note->duration / CN_TICKS_PER_QUARTER);
      sums.moved += distance > 0 ? distance : 0;
      sums.moves += distance >= 0;
    }
  }
  return sums;
}

/// Most notes of the continuation that sound together; it is when one of them begins
static unsigned
most_at_once(const CnScore* const score)
{
  unsigned most = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    unsigned            n    = 0;
    for (size_t k = 0; k < score->n_notes && score->notes[k].onset <= note->onset; ++k) {
      n += score->notes[k].part == CN_PART_CONTINUO &&
           score->notes[k].onset + score->notes[k].duration > note->onset;
    }
    most = note->part == CN_PART_CONTINUO && n > most ? n : most;
  }
  return most;
}

bool
cn_measures_find(const CnScore* const score, const CnContinuation* const place, CnMeasures* const measures)
{
  const Sums his = sum_part(score, CN_PART_MUSICIAN);
  const Sums own = sum_part(score, CN_PART_CONTINUO);
  if (his.n == 0.0 || own.n == 0.0) {
    return false;
  }
  *measures = (CnMeasures){{
      [CN_MEASURE_DENSITY]   = own.n * CN_TICKS_PER_QUARTER / (place->end - place->start),
      [CN_MEASURE_LENGTH]    = exp2(own.logs / own.n),
      [CN_MEASURE_MOTION]    = own.moves > 0.0 ? own.moved / own.moves : 0.0,
      [CN_MEASURE_LOWEST]    = own.lowest,
      [CN_MEASURE_HIGHEST]   = own.highest,
      [CN_MEASURE_POLYPHONY] = most_at_once(score),
      [CN_MEASURE_LOUDNESS]  = 100.0 * own.velocities / own.n / (his.velocities / his.n),
  }};
  return true;
}

void
cn_spread_add(const CnScore* const score, const unsigned part, const int32_t from, const int32_t until,
              CnSpread* const spread)
{
  const int32_t bar           = cn_score_bar(score, 0).length;
  const int32_t start         = (from + bar - 1) / bar * bar;
  const int32_t n_bars        = (until - start) / bar;
  const int32_t n             = n_bars < MOST_BARS ? n_bars : MOST_BARS;
  double        in[MOST_BARS] = {0.0};
  double        sum           = 0.0;
  double        squares       = 0.0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (note->part == part && note->onset >= start && (note->onset - start) / bar < n) {
      ++in[(note->onset - start) / bar];
    }
  }
  for (int32_t b = 0; b < n; ++b) {
    sum += in[b];
    squares += in[b] * in[b];
  }
  if (sum > 0.0) {
    ++spread->n;
    spread->sum += sqrt(fmax(0.0, squares * n / (sum * sum) - 1.0));
  }
}
