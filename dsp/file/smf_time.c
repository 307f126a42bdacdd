// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/smf_events.h"

#include <math.h>
#include <stdlib.h>

// Order

static int
compare_changes(const void* a, const void* b)
{
  const CnSmfChange* x = a;
  const CnSmfChange* y = b;
  if (x->time != y->time) {
    return x->time < y->time ? -1 : 1;
  }
  return x->order < y->order ? -1 : x->order > y->order;
}

static void
sort_changes(CnSmfChanges* changes)
{
  if (changes->n) {
    qsort(changes->items, changes->n, sizeof(*changes->items), compare_changes);
  }
}

// Position

/// The last tempo at or before a file time; null before the first
static const CnSmfChange*
find_tempo(const CnSmfChanges* tempi, const int64_t time)
{
  size_t low  = 0;
  size_t high = tempi->n;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (tempi->items[middle].time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low ? &tempi->items[low - 1] : NULL;
}

/// Position of a file time [ticks], given the last tempo before it, or null
static double
locate_from(const CnSmfEvents* events, const CnSmfChange* tempo, const int64_t time)
{
  static const CnSmfChange start = {.value = CN_TEMPO_DEFAULT};

  if (events->unit == 0.0) {
    return (double)CN_TICKS_PER_QUARTER * (double)time / events->info.division;
  }
  const CnSmfChange* from    = tempo ? tempo : &start;
  const double       seconds = (double)(time - from->time) * events->unit;
  return from->position + CN_TICKS_PER_QUARTER * seconds * 1e6 / from->value;
}

double
cn_smf_events_locate(const CnSmfEvents* events, const int64_t time)
{
  return locate_from(events, find_tempo(&events->tempi, time), time);
}

int32_t
cn_smf_events_tick(const CnSmfEvents* events, const int64_t time)
{
  return (int32_t)floor(cn_smf_events_locate(events, time) + 0.5);
}

void
cn_smf_events_place(CnSmfEvents* events)
{
  sort_changes(&events->tempi);
  sort_changes(&events->meters);
  sort_changes(&events->programs);

  CnSmfChange* tempi = events->tempi.items;
  for (size_t i = 0; i < events->tempi.n; ++i) {
    tempi[i].position = locate_from(events, i ? &tempi[i - 1] : NULL, tempi[i].time);
  }
}
