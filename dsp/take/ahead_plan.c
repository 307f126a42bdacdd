// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What somebody who watches is shown: a second engine plans, and heard notes are laid out.
*/

#include "dsp/take/ahead.h"

#include "dsp/take/engine.h"
#include "dsp/take/engine_private.h"

#define SHOWN 256 ///< [segments] before and after the playhead whose heard notes are shown

// The second engine

/// Make what somebody who watches needs; false if there is no memory
static bool
make(CnAhead* const self)
{
  if (!atomic_load_explicit(&self->heard, memory_order_relaxed)) {
    atomic_store_explicit(&self->heard, cn_timeline_new(), memory_order_release);
    self->was_told = true;
  }
  if (!self->shadow) {
    self->shadow   = cn_engine_new();
    self->is_stale = true;
    atomic_store_explicit(&self->timeline, self->shadow ? self->shadow->timeline : NULL,
                          memory_order_release);
  }
  return self->shadow && atomic_load_explicit(&self->heard, memory_order_relaxed);
}

/// Copy the take, and what stands of it beyond what is due
static void
copy_take(CnEngine* const engine, const int32_t first)
{
  CnEngine* const  shadow   = engine->ahead.shadow;
  const CnRecorder own      = shadow->recorder;
  shadow->recorder          = engine->recorder;
  shadow->recorder.take     = own.take;
  shadow->recorder.timeline = own.timeline;
  shadow->sheet             = engine->sheet;
  cn_kept_copy(&shadow->revision.kept, &engine->revision.kept);
  cn_take_copy(&shadow->recorder.take, &engine->recorder.take);
  cn_timeline_erase(shadow->timeline, INT32_MIN);
  for (int32_t k = first; k < first + CN_AHEAD_MAX; ++k) {
    CnSegment segment;
    if (cn_timeline_read(engine->timeline, k, &segment)) {
      cn_timeline_write(shadow->timeline, &segment);
    }
  }
  atomic_store_explicit(&shadow->edition, cn_engine_edition(engine), memory_order_relaxed);
  engine->ahead.is_stale = false;
}

/// The command that the audio thread will tell for a segment, if nothing changes
static CnCommand
foresee(const CnCommand* const last, const int32_t segment)
{
  CnCommand     ask    = *last;
  const int32_t tick   = segment * CN_SEGMENT_TICKS;
  const int32_t n_bars = (tick - last->bar.start) / last->bar.length; // It is not before
  ask.segment          = segment;
  ask.bar.start        = last->bar.start + n_bars * last->bar.length;
  ask.bar_number       = last->bar_number + n_bars;
  return ask;
}

static int32_t
limit_of(const CnAhead* const self)
{
  const int32_t n_watched = atomic_load_explicit(&self->n_watched, memory_order_relaxed);
  return self->ask.segment + 1 + (n_watched < CN_AHEAD_MAX ? n_watched : CN_AHEAD_MAX);
}

/// Plan the next segment; false if all are planned
static bool
plan_next(CnEngine* const engine)
{
  CnAhead* const self = &engine->ahead;
  if (!self->has_ask || !engine->planner.plan || self->end >= limit_of(self)) {
    return false;
  }
  if (self->is_stale) {
    copy_take(engine, self->end);
  }
  const CnCommand ask      = foresee(&self->ask, self->end);
  self->shadow->planner    = engine->planner;
  self->shadow->phrase     = engine->phrase;
  self->shadow->given_line = engine->given_line;
  cn_engine_plan(self->shadow, &ask);
  cn_ahead_publish(self, self->first, self->end + 1);
  return self->end < limit_of(self);
}

// What was heard

/// The musician's notes of a segment
static CnSegment
heard_segment(const CnTake* const take, const int32_t number)
{
  CnSegment     segment = {.segment = number};
  const int32_t start   = number * CN_SEGMENT_TICKS;
  for (uint32_t i = cn_take_find(take, start);
       i < take->n_notes && take->notes[i].onset < start + CN_SEGMENT_TICKS; ++i) {
    const CnNote* const note = &take->notes[i];
    if (note->part == CN_PART_MUSICIAN && segment.n_notes < CN_SEGMENT_NOTES) {
      segment.notes[segment.n_notes++] = (CnTimedNote){
          .duration = (uint16_t)(note->duration < UINT16_MAX ? note->duration : UINT16_MAX),
          .offset   = (uint8_t)(note->onset - start),
          .pitch    = note->pitch,
          .velocity = note->velocity,
      };
    }
  }
  return segment;
}

/// Show what was heard around the playhead, as far as it is not shown yet
static void
show_heard(CnEngine* const engine)
{
  CnTimeline* const heard = atomic_load_explicit(&engine->ahead.heard, memory_order_relaxed);
  const int32_t     here  = cn_segment_at(engine->tick);
  for (int32_t k = here - SHOWN; k <= here + SHOWN; ++k) {
    const CnSegment segment = heard_segment(&engine->recorder.take, k);
    CnSegment       shown;
    const bool      is_shown = cn_timeline_read(heard, k, &shown);
    if (is_shown ? !cn_segment_has_same_notes(&shown, &segment) : segment.n_notes > 0) {
      cn_timeline_write(heard, &segment);
    }
  }
  engine->ahead.was_told = false;
}

// Public

bool
cn_engine_look_ahead(CnEngine* const engine)
{
  CnAhead* const self = &engine->ahead;
  if (atomic_load_explicit(&self->n_watched, memory_order_relaxed) == 0) {
    return false;
  }
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  bool has_more = false;
  if (make(self)) {
    if (self->was_told) {
      show_heard(engine);
    }
    has_more = plan_next(engine);
  }
  cn_engine_release(engine);
  return has_more;
}
