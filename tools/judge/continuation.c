// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/continuation.h"

#include "dsp/music/vocabulary.h"
#include "dsp/part/delivery.h"
#include "dsp/part/given_phrase.h"

#include <stdlib.h>
#include <string.h>

#define WHOLE (4 * CN_TICKS_PER_QUARTER) // [ticks]

CnContinuationSettings
cn_continuation_settings(const int32_t n_bars)
{
  return (CnContinuationSettings){
      .params = {.temperature = 0.95F, .top_p = 0.97F, .motif = 1.0F, .chord = CN_CHORD_NONE, .take = 1},
      .n_bars = n_bars};
}

// A metre with bars of that length, in quarters if they can be; 4/4 if there is none
static CnMeterChange
find_meter(const uint32_t length)
{
  for (uint8_t denominator = 4; denominator <= 32; denominator *= 2) {
    const uint32_t n = length * denominator / WHOLE;
    if (n * WHOLE == length * denominator && n && n < 100) {
      return (CnMeterChange){0, (uint8_t)n, denominator};
    }
  }
  return (CnMeterChange){0, 4, 4};
}

CnStatus
cn_score_of_passage(const CnNote* const notes, const size_t n, CnScore** const score)
{
  const int32_t       line  = notes[0].onset - notes[0].bar.offset;
  const CnMeterChange meter = find_meter(notes[0].bar.length);
  CnNote* const       moved = malloc(n * sizeof(CnNote));
  *score                    = NULL;
  if (!moved) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < n; ++i) {
    moved[i] = notes[i];
    moved[i].onset -= line;
  }
  const CnStatus status = cn_score_new(moved, n, NULL, 0, &meter, 1, score);
  free(moved);
  return status;
}

void
cn_score_cut(CnScore* const score, const int32_t end)
{
  while (score->n_notes && score->notes[score->n_notes - 1].onset >= end) {
    --score->n_notes;
  }
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote* const note = &score->notes[i];
    note->duration     = note->onset + note->duration > end ? end - note->onset : note->duration;
  }
  while (score->n_tempi > 1 && score->tempi[score->n_tempi - 1].tick >= end) {
    --score->n_tempi;
  }
  while (score->n_meters > 1 && score->meters[score->n_meters - 1].tick >= end) {
    --score->n_meters;
  }
  cn_sound_cut(&score->sound, end);
  score->end = end < score->end ? end : score->end;
}

void
cn_score_keep_bars(CnScore* const score, const int32_t n_bars)
{
  int32_t end = 0;
  for (int32_t b = 0; b < n_bars && end < score->end; ++b) {
    end += cn_score_bar(score, end).length;
  }
  cn_score_cut(score, end);
}

// The first bar line after a tick
static int32_t
next_line(const CnScore* const score, const int32_t tick)
{
  const CnBar   bar  = cn_score_bar(score, tick);
  const int32_t line = bar.start + bar.length;
  const int32_t last = cn_score_bar(score, line - 1).start;
  return last > tick ? last : line; // A new metre may begin a bar before the old one is full
}

static CnContinuation
find_place(const CnScore* const phrase, const int32_t n_bars)
{
  const int32_t start = cn_phrase_start(phrase);
  int32_t       line  = cn_score_bar(phrase, start).start == start ? start : next_line(phrase, start);
  for (int32_t b = 0; b < n_bars; ++b) {
    line = next_line(phrase, line);
  }
  return (CnContinuation){start, line, 0};
}

// [quarters a minute] at a tick
static float
tempo_at(const CnScore* const score, const int32_t tick)
{
  size_t i = score->n_tempi;
  while (i > 1 && score->tempi[i - 1].tick > tick) {
    --i;
  }
  return i ? 6e7F / (float)score->tempi[i - 1].tempo : 0.0F;
}

// Change what was composed of a segment to how it is delivered, to the nearest tick
static void
deliver(const CnPlanRequest* const request, const float tempo, const CnNote* const notes, const uint32_t n,
        CnNote* const delivered)
{
  CnDelivery delivery = cn_delivery_begin(request, tempo, notes, n);
  for (uint32_t i = 0; i < n; ++i) {
    const CnTimedNote timed =
        cn_delivery_note(&delivery, &notes[i], notes[i].onset + notes[i].duration, INT32_MAX);
    const int late = timed.late >= CN_LATE_PARTS / 2 && timed.duration > 1;
    delivered[i]   = notes[i];
    delivered[i].onset += timed.moved + late;
    delivered[i].duration = timed.duration - late;
    delivered[i].velocity = timed.velocity;
    delivered[i].bar      = cn_bar_place(request->bar, delivered[i].onset);
  }
}

// Measure what follows a continuation; false if it leads nowhere, or the planner cannot
static bool
measure_following(const CnPlanner* const planner, const CnScore* const score, const int32_t end,
                  CnFollowing* const following)
{
  uint32_t first = 0;
  if (!planner->leads || !score) {
    return false;
  }
  while (first < score->n_notes && !cn_note_is_speakable(&score->notes[first])) {
    ++first;
  }
  if (first == score->n_notes) {
    return false;
  }
  const CnBar bar = cn_score_bar(score, score->notes[first].onset);
  cn_following_measure(score->notes, (uint32_t)score->n_notes, bar.start, bar.length, following);
  following->line += end;
  return true;
}

// Compose into `notes`, and write what sounds into `delivered`
static CnStatus
continue_notes(const CnScore* const phrase, const CnPlanner* const planner,
               const CnContinuationSettings* const settings, CnNote* const notes, CnNote* const delivered,
               CnContinuation* const continuation)
{
  uint32_t    n      = (uint32_t)phrase->n_notes;
  uint32_t    n_bars = 0; // Bar lines passed
  int32_t     line   = next_line(phrase, continuation->start);
  CnFollowing following;
  const bool  leads = measure_following(planner, settings->following, continuation->end, &following);
  memcpy(notes, phrase->notes, n * sizeof(CnNote));
  memcpy(delivered, phrase->notes, n * sizeof(CnNote));
  for (int32_t start = continuation->start; start < continuation->end; start += CN_SEGMENT_TICKS) {
    for (; line <= start; line = next_line(phrase, line)) {
      ++n_bars;
    }
    CnPlanRequest request = {.segment   = start / CN_SEGMENT_TICKS,
                             .bar       = cn_score_bar(phrase, start),
                             .params    = settings->params,
                             .history   = notes,
                             .n_history = n,
                             .tempo     = planner->needs_tempo ? tempo_at(phrase, start) : 0.0F,
                             .closes    = settings->closes,
                             .close     = continuation->end};
    if (leads && following.line - start <= CN_FOLLOWING_AHEAD * request.bar.length) { // As in the plugin
      request.following = &following;
    }
    if (settings->n_chords) {
      request.params.chord = settings->chords[n_bars % settings->n_chords];
    }
    uint32_t n_new = 0;
    CN_TRY(planner->plan(planner->handle, &request, notes + n, &n_new));
    deliver(&request, tempo_at(phrase, start), notes + n, n_new, delivered + n);
    n += n_new;
  }
  for (size_t i = phrase->n_notes; i < n; ++i) {
    delivered[i].channel = settings->channel;
  }
  continuation->n_notes = n - (uint32_t)phrase->n_notes;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_score_continue(const CnScore* const phrase, const CnPlanner* const planner,
                  const CnContinuationSettings* const settings, CnScore** const result,
                  CnContinuation* const continuation)
{
  CnContinuation place      = find_place(phrase, settings->n_bars);
  const size_t   n_segments = (size_t)(place.end - place.start) / CN_SEGMENT_TICKS + 1;
  const size_t   most       = phrase->n_notes + n_segments * CN_SEGMENT_NOTES;
  CnNote* const  notes      = malloc(2 * most * sizeof(CnNote)); // As composed, and as delivered
  *result                   = NULL;
  if (!notes) {
    return CN_STATUS_NO_MEMORY;
  }

  CnStatus status = continue_notes(phrase, planner, settings, notes, notes + most, &place);
  if (!status) {
    status = cn_score_new(notes + most, phrase->n_notes + place.n_notes, phrase->tempi, phrase->n_tempi,
                          phrase->meters, phrase->n_meters, result);
  }
  free(notes);
  if (!status) {
    status = cn_sound_copy(&phrase->sound, &(*result)->sound);
  }
  if (status) {
    cn_score_free(*result);
    *result = NULL;
  }
  if (continuation) {
    *continuation = place;
  }
  return status;
}
