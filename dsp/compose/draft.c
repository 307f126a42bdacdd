// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/draft.h"

// Stream of random numbers; other purposes have other ones
#define RANDOM_NOTES 1

CnDraft
cn_draft_begin(const CnPlanRequest* const request)
{
  const int32_t start = request->segment * CN_SEGMENT_TICKS;
  CnDraft       draft = {
            .request = request,
            .start   = request->enters && request->from > start ? request->from : start,
            .latest  = INT32_MAX,
            .end     = start + CN_SEGMENT_TICKS,
            .random =
                cn_random(request->params.take, RANDOM_NOTES, (uint32_t)(request->segment + request->origin), 0, 0),
  };
  if (request->enters) {
    draft.latest = request->until > draft.start ? request->until : draft.start;
  }
  draft.is_even = request->params.timing == CN_TIMING_AVERAGE &&
                  cn_pulse_find(request->history, request->n_history, &draft.pulse);
  return draft;
}

// Polyphony

// [ticks] Where all keys at once are taken, the last is given back after a half note
#define LAST_VOICE_TICKS (2 * CN_TICKS_PER_QUARTER)

// Note the end of a note that counts against the limit; what has ended before the segment is forgotten
static void
count_end(CnDraft* const draft, const CnNote* const note)
{
  const int32_t end = note->onset + note->duration;
  if (note->part == CN_PART_CONTINUO && end > draft->request->segment * CN_SEGMENT_TICKS &&
      draft->n_ends < CN_DRAFT_ENDS) {
    draft->ends[draft->n_ends++] = end;
  }
}

// Find which notes of the past sound into the segment
static void
count_ends(CnDraft* const draft)
{
  const CnPlanRequest* const request = draft->request;
  const uint32_t             n       = request->n_history + request->n_recent;
  const int32_t              oldest  = request->segment * CN_SEGMENT_TICKS - CN_OWN_DURATION_MAX;
  for (uint32_t i = n; i > 0 && cn_plan_request_note(request, i - 1)->onset > oldest; --i) {
    count_end(draft, cn_plan_request_note(request, i - 1));
  }
}

static uint32_t
count_sounding(const CnDraft* const draft, const int32_t tick)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < draft->n_ends; ++i) {
    n += draft->ends[i] > tick;
  }
  return n;
}

// Go on to where a key more may sound
static void
await_voice(CnDraft* const draft)
{
  while (draft->start < draft->end && count_sounding(draft, draft->start) >= draft->mask.at_once) {
    ++draft->start;
  }
}

// [ticks] of a note, bounded if it takes the last of the keys at once
static int32_t
bound_voice(const CnDraft* const draft, const int32_t duration)
{
  const bool is_last = count_sounding(draft, draft->onset) + 1 >= draft->mask.at_once;
  return is_last && duration > LAST_VOICE_TICKS ? LAST_VOICE_TICKS : duration;
}

// [ticks] of a note, which does not sound beyond where the continuation closes
static int32_t
bound_duration(const CnDraft* const draft, const int32_t duration)
{
  const CnMask* const mask   = &draft->mask;
  const int32_t       within = duration < mask->shortest  ? mask->shortest
                               : duration > mask->longest ? mask->longest
                                                          : duration;
  const int32_t       bound  = bound_voice(draft, within);
  const int32_t       room   = draft->request->close - draft->onset;
  return draft->request->closes && room > 0 && room < bound ? room : bound;
}

// Writing

// Decide the key of a note at a place, which is in the chord of `last` or after it; false if there is none
static bool
choose_pitch(CnDraft* const draft, const CnWriter* const writer, const int64_t onset,
             const CnNote* const last)
{
  bool is_possible[CN_N_PITCHES];
  if (onset >= draft->end) {
    return false;
  }
  draft->onset      = (int32_t)onset;
  draft->bar        = cn_bar_place(draft->request->bar, draft->onset);
  const bool is_any = cn_mask_offer(&draft->mask, draft->bar, onset > last->onset ? NULL : last, is_possible);
  if (is_any) {
    draft->pitch = writer->pitch(writer->handle, draft, is_possible);
  }
  return is_any;
}

// Write one note; false if there are no more in this segment
static bool
write_note(CnDraft* const draft, const CnWriter* const writer, CnNote* const note)
{
  await_voice(draft);
  const CnNote* const last  = writer->last(writer->handle);
  const int64_t       best  = draft->is_even
                                  ? cn_pulse_next(&draft->pulse, last->onset, draft->start)
                                  : cn_manners_breathe(&draft->steps, writer->onset(writer->handle, draft));
  const int64_t       bound = draft->latest > draft->start ? draft->latest : draft->start;
  const int64_t       onset = best < bound ? best : bound;
  if (!choose_pitch(draft, writer, onset, last) &&
      !(writer->delays && onset == last->onset && choose_pitch(draft, writer, onset + 1, last))) {
    return false;
  }
  draft->duration =
      bound_duration(draft, draft->is_even ? draft->pulse.duration : writer->duration(writer->handle, draft));
  *note = (CnNote){.onset    = draft->onset,
                   .duration = draft->duration,
                   .bar      = draft->bar,
                   .pitch    = draft->pitch,
                   .velocity = writer->velocity(writer->handle, draft),
                   .part     = CN_PART_CONTINUO};
  count_end(draft, note);
  cn_manners_step(&draft->steps, note->onset);
  cn_aim_count(&draft->aim, note->onset);
  return !writer->absorb(writer->handle, note);
}

uint32_t
cn_draft_write(CnDraft* const draft, const CnWriter* const writer, CnNote* const notes)
{
  uint32_t n   = 0;
  draft->mask  = cn_mask_of(draft->request, writer->keys);
  draft->aim   = cn_aim_of(draft->request);
  draft->steps = cn_manners_steps(draft->request);
  count_ends(draft);
  while (n < draft->mask.n_notes && write_note(draft, writer, &notes[n])) {
    draft->latest = INT32_MAX; // It has come
    ++n;
  }
  return n;
}
