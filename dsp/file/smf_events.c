// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/smf_events.h"

#include <math.h>
#include <stdlib.h>

#define GRID_TOLERANCE (CN_TICKS_PER_QUARTER / 96.0 + 1e-9) // [ticks]

/// Make space for one item more; null, and the items as they were, if there is no memory
static void*
grow(void* items, const size_t n, size_t* capacity, const size_t item_size)
{
  if (n < *capacity) {
    return items;
  }

  const size_t wanted = *capacity ? 2 * *capacity : 64;
  void*        grown  = realloc(items, wanted * item_size);
  if (grown) {
    *capacity = wanted;
  }
  return grown;
}

CnStatus
cn_smf_events_add_note(CnSmfEvents* events, const CnSmfNote note)
{
  CnSmfNote* notes = grow(events->notes, events->n_notes, &events->notes_capacity, sizeof(*notes));
  if (!notes) {
    return CN_STATUS_NO_MEMORY;
  }
  events->notes            = notes;
  notes[events->n_notes++] = note;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_smf_events_add_change(CnSmfChanges* changes, const int64_t time, const uint32_t value)
{
  CnSmfChange* items = grow(changes->items, changes->n, &changes->capacity, sizeof(*items));
  if (!items) {
    return CN_STATUS_NO_MEMORY;
  }
  changes->items    = items;
  items[changes->n] = (CnSmfChange){.time = time, .order = changes->n, .value = value};
  ++changes->n;
  return CN_STATUS_SUCCESS;
}

void
cn_smf_events_clear(CnSmfEvents* events)
{
  free(events->notes);
  free(events->tempi.items);
  free(events->meters.items);
  free(events->pedals.items);
  free(events->programs.items);
  *events = (CnSmfEvents){0};
}

// Conversion

/// The arrays that a score is made of
typedef struct {
  CnNote*        notes;
  size_t         n_notes;
  CnTempoChange* tempi;
  CnMeterChange* meters;
} Parts;

static void
convert_changes(const CnSmfEvents* events, const Parts* parts)
{
  for (size_t i = 0; i < events->tempi.n; ++i) {
    const CnSmfChange* tempo = &events->tempi.items[i];
    parts->tempi[i]          = (CnTempoChange){cn_smf_events_tick(events, tempo->time), tempo->value};
  }
  for (size_t i = 0; i < events->meters.n; ++i) {
    const CnSmfChange* meter = &events->meters.items[i];
    parts->meters[i] = (CnMeterChange){cn_smf_events_tick(events, meter->time), (uint8_t)(meter->value >> 8),
                                       (uint8_t)meter->value};
  }
}

/// Convert the notes but for drums, and count those on the grid
static size_t
convert_notes(const CnSmfEvents* events, Parts* parts)
{
  size_t n_on_grid = 0;
  for (size_t i = 0; i < events->n_notes; ++i) {
    const CnSmfNote* note = &events->notes[i];
    if (note->channel == CN_CHANNEL_DRUMS) {
      continue;
    }
    const double  position = cn_smf_events_locate(events, note->on);
    const int32_t onset    = cn_smf_events_tick(events, note->on);
    const int32_t duration = cn_smf_events_tick(events, note->off) - onset;

    parts->notes[parts->n_notes++] = (CnNote){.onset    = onset,
                                              .duration = duration > 1 ? duration : 1,
                                              .pitch    = note->pitch,
                                              .velocity = note->velocity,
                                              .channel  = note->channel,
                                              .part     = note->part};
    n_on_grid += fabs(position - onset) <= GRID_TOLERANCE;
  }
  return n_on_grid;
}

/// Add what the reader knows to a new score
static void
complete_score(const CnSmfEvents* events, const Parts* parts, const size_t n_on_grid, CnScore* score)
{
  const int32_t end = cn_smf_events_tick(events, events->end);
  CnScoreInfo   sum = events->info;

  sum.n_merged = score->info.n_merged;
  sum.n_overlaps += score->info.n_overlaps;
  sum.n_outside = score->info.n_outside;
  sum.on_grid   = parts->n_notes ? (double)n_on_grid / (double)parts->n_notes : 1.0;
  score->info   = sum;
  score->end    = end > score->end ? end : score->end;
}

static CnStatus
convert_events(CnSmfEvents* events, Parts* parts, CnScore** score)
{
  if (!parts->notes || !parts->tempi || !parts->meters) {
    return CN_STATUS_NO_MEMORY;
  }

  convert_changes(events, parts);
  const size_t n_on_grid = convert_notes(events, parts);
  CnStatus status = cn_score_new(parts->notes, parts->n_notes, parts->tempi, events->tempi.n, parts->meters,
                                 events->meters.n, score);
  if (status == CN_STATUS_SUCCESS) {
    complete_score(events, parts, n_on_grid, *score);
    status = cn_smf_events_sound(events, &(*score)->end, &(*score)->sound);
  }
  if (status != CN_STATUS_SUCCESS) {
    cn_score_free(*score);
    *score = NULL;
  }
  // All that can be out of range is a note of no length at the last tick of all
  return status == CN_STATUS_BAD_ARG ? CN_STATUS_TOO_LARGE : status;
}

CnStatus
cn_smf_events_score(CnSmfEvents* events, CnScore** score)
{
  *score = NULL;
  cn_smf_events_place(events);
  if (cn_smf_events_locate(events, events->end) + 0.5 >= CN_SCORE_TICKS_MAX + 1.0) {
    return CN_STATUS_TOO_LARGE;
  }

  Parts          parts  = {.notes  = calloc(events->n_notes + 1, sizeof(CnNote)),
                           .tempi  = calloc(events->tempi.n + 1, sizeof(CnTempoChange)),
                           .meters = calloc(events->meters.n + 1, sizeof(CnMeterChange))};
  const CnStatus status = convert_events(events, &parts, score);
  free(parts.notes);
  free(parts.tempi);
  free(parts.meters);
  return status;
}
