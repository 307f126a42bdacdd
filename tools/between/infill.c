// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/between/infill.h"

#include "dsp/music/vocabulary.h"
#include "dsp/take/engine.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { N_CHANNELS = 16 };

// [ticks] of the bar line after a tick
static int32_t
line_after(const CnScore* const score, const int32_t tick)
{
  const CnBar bar = cn_score_bar(score, tick);
  return bar.start + bar.length;
}

int32_t
cn_following_end(const CnScore* const after)
{
  size_t first = 0;
  while (first + 1 < after->n_notes && !cn_note_is_speakable(&after->notes[first])) {
    ++first;
  }
  int32_t end = after->notes[first].onset;
  for (int b = 0; b < CN_INFILL_BARS; ++b) {
    end = line_after(after, end);
  }
  return end;
}

// Copy the notes of a score that begin before a tick, moved; returns how many are there then
static size_t
add_notes(const CnScore* const score, const int32_t end, const int32_t moved, CnNote* const notes, size_t n)
{
  for (size_t i = 0; i < score->n_notes && score->notes[i].onset < end; ++i) {
    notes[n] = score->notes[i];
    notes[n++].onset += moved;
  }
  return n;
}

CnStatus
cn_following_surprise(const CnPlanner* const planner, const CnScore* const before, const CnScore* const after,
                      const int32_t line, double* const nats)
{
  if (!planner->surprise) {
    return CN_STATUS_UNSUPPORTED;
  }
  CnNote* const following   = malloc((after->n_notes + 1) * sizeof(CnNote));
  uint32_t      n_speakable = 0;
  if (!following) {
    return CN_STATUS_NO_MEMORY;
  }
  const size_t n = add_notes(after, cn_following_end(after), line, following, 0);
  for (size_t i = 0; i < n; ++i) {
    n_speakable += cn_note_is_speakable(&following[i]);
  }
  const CnStatus status = planner->surprise(planner->handle, before->notes, (uint32_t)before->n_notes,
                                            following, (uint32_t)n, nats);
  *nats /= n_speakable ? n_speakable : 1;
  free(following);
  return status;
}

// Joining

// Append what sounds in another score from its start on to a sound of the same size and more
static CnStatus
add_sound(CnSound* const to, const CnSound* const from, const int32_t moved)
{
  CnSound all = {.drums    = calloc(to->n_drums + from->n_drums + 1, sizeof(CnNote)),
                 .programs = calloc(to->n_programs + from->n_programs + 1, sizeof(CnProgramChange)),
                 .pedals   = calloc(to->n_pedals + from->n_pedals + 1, sizeof(CnPedal))};
  if (!all.drums || !all.programs || !all.pedals) {
    cn_sound_clear(&all);
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < to->n_drums + from->n_drums; ++i) {
    CnNote* const drum = &all.drums[all.n_drums++];
    *drum              = i < to->n_drums ? to->drums[i] : from->drums[i - to->n_drums];
    drum->onset += i < to->n_drums ? 0 : moved;
  }
  for (size_t i = 0; i < to->n_programs + from->n_programs; ++i) {
    CnProgramChange* const change = &all.programs[all.n_programs++];
    *change                       = i < to->n_programs ? to->programs[i] : from->programs[i - to->n_programs];
    change->tick += i < to->n_programs ? 0 : moved;
  }
  for (size_t i = 0; i < to->n_pedals + from->n_pedals; ++i) {
    CnPedal* const pedal = &all.pedals[all.n_pedals++];
    *pedal               = i < to->n_pedals ? to->pedals[i] : from->pedals[i - to->n_pedals];
    pedal->from += i < to->n_pedals ? 0 : moved;
    pedal->until += i < to->n_pedals ? 0 : moved;
  }
  cn_sound_sort(&all);
  cn_sound_clear(to);
  *to = all;
  return CN_STATUS_SUCCESS;
}

// Let channels whose program the second score leaves open play what they would without the first
static CnStatus
reset_programs(const CnScore* const first, const CnScore* const second, const int32_t line,
               CnScore* const result)
{
  for (unsigned c = 0; c < N_CHANNELS; ++c) {
    const bool is_open = cn_sound_program(&second->sound, c, 0) < 0;
    if (is_open && second->info.channels >> c & 1U && cn_sound_program(&first->sound, c, line) > 0) {
      CN_TRY(cn_sound_add_program(&result->sound, (CnProgramChange){line, (uint8_t)c, 0}));
    }
  }
  return CN_STATUS_SUCCESS;
}

// Room for both scores' notes and maps
typedef struct {
  CnNote*        notes;
  CnTempoChange* tempi;
  CnMeterChange* meters;
} Joint;

// Join two scores, the second from a bar line of the first on, where that has ended
static CnStatus
join_in(const Joint* const joint, const CnScore* const first, const CnScore* const second, const int32_t line,
        CnScore** const result)
{
  const size_t n        = add_notes(first, INT32_MAX, 0, joint->notes, 0);
  const size_t n_notes  = add_notes(second, INT32_MAX, line, joint->notes, n);
  size_t       n_tempi  = first->n_tempi;
  size_t       n_meters = first->n_meters;
  memcpy(joint->tempi, first->tempi, n_tempi * sizeof(CnTempoChange));
  memcpy(joint->meters, first->meters, n_meters * sizeof(CnMeterChange));
  for (size_t i = 0; i < second->n_tempi; ++i) {
    const CnTempoChange* const last = &joint->tempi[n_tempi - 1];
    if (second->tempi[i].tempo != last->tempo) {
      joint->tempi[n_tempi++] = (CnTempoChange){line + second->tempi[i].tick, second->tempi[i].tempo};
    }
  }
  for (size_t i = 0; i < second->n_meters; ++i) {
    const CnMeterChange* const last = &joint->meters[n_meters - 1];
    CnMeterChange              next = second->meters[i];
    next.tick += line;
    if (next.numerator != last->numerator || next.denominator != last->denominator || i > 0) {
      joint->meters[n_meters++] = next;
    }
  }
  CN_TRY(cn_score_new(joint->notes, n_notes, joint->tempi, n_tempi, joint->meters, n_meters, result));
  CnStatus status = cn_sound_copy(&first->sound, &(*result)->sound);
  if (!status) {
    status = add_sound(&(*result)->sound, &second->sound, line);
  }
  return status ? status : reset_programs(first, second, line, *result);
}

static CnStatus
join(const CnScore* const first, const CnScore* const second, const int32_t line, CnScore** const result)
{
  const Joint joint  = {.notes  = calloc(first->n_notes + second->n_notes, sizeof(CnNote)),
                        .tempi  = calloc(first->n_tempi + second->n_tempi, sizeof(CnTempoChange)),
                        .meters = calloc(first->n_meters + second->n_meters, sizeof(CnMeterChange))};
  CnStatus    status = CN_STATUS_NO_MEMORY;
  *result            = NULL;
  if (joint.notes && joint.tempi && joint.meters) {
    status = join_in(&joint, first, second, line, result);
  }
  if (status) {
    cn_score_free(*result);
    *result = NULL;
  }
  free(joint.notes);
  free(joint.tempi);
  free(joint.meters);
  return status;
}

// Choosing

// Compose a candidate, up to the line where the second score begins
static CnStatus
compose(const CnScore* const before, const CnScore* const after, const CnPlanner* const planner,
        const CnInfillSettings* const settings, const uint32_t number, CnScore** const candidate,
        CnContinuation* const place)
{
  CnContinuationSettings continuation = settings->continuation;
  continuation.following              = settings->hides ? NULL : after;
  continuation.params.take += number * CN_ANOTHER_TAKES;
  CN_TRY(cn_score_continue(before, planner, &continuation, candidate, place));
  cn_score_cut(*candidate, place->end);
  return CN_STATUS_SUCCESS;
}

// Compose all candidates, and keep the best; of equals, the first
static CnStatus
choose(const CnScore* const before, const CnScore* const after, const CnPlanner* const planner,
       const CnInfillSettings* const settings, CnScore** const best, CnInfill* const infill)
{
  CnStatus status = CN_STATUS_SUCCESS;
  *best           = NULL;
  for (uint32_t c = 0; !status && c < settings->n_candidates; ++c) {
    CnScore*       candidate = NULL;
    CnContinuation place;
    double         nats = 0.0;
    status              = compose(before, after, planner, settings, c, &candidate, &place);
    if (!status) {
      status = cn_following_surprise(planner, candidate, after, place.end, &nats);
    }
    if (!status && (c == 0 || nats < infill->nats[1])) {
      CnScore* const worse = *best;
      *best                = candidate;
      candidate            = worse;
      *infill              = (CnInfill){place, c, {c ? infill->nats[0] : nats, nats}};
    }
    cn_score_free(candidate);
  }
  return status;
}

CnStatus
cn_score_infill(const CnScore* const before, const CnScore* const after, const CnPlanner* const planner,
                const CnInfillSettings* const settings, CnScore** const result, CnInfill* const infill)
{
  CnScore* best   = NULL;
  CnStatus status = choose(before, after, planner, settings, &best, infill);
  *result         = NULL;
  if (best && !status) {
    status = join(best, after, infill->place.end, result);
  }
  cn_score_free(best);
  return status;
}
