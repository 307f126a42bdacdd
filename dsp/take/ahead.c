// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/ahead.h"

#include "dsp/take/engine.h"
#include "dsp/take/engine_private.h"

#include <string.h>

#define SHOWN 256 ///< [segments] before and after the playhead whose heard notes are shown

static void
publish(CnAhead* const self, const int32_t first, const int32_t end)
{
  atomic_store_explicit(&self->first, first, memory_order_release);
  atomic_store_explicit(&self->end, end, memory_order_release);
}

/// Throw the plan away; the next one begins when a segment is asked for
static void
invalidate(CnAhead* const self)
{
  if (self->has_ask) {
    self->has_ask = false;
    atomic_fetch_add_explicit(&self->generation, 1, memory_order_release);
    publish(self, 0, 0);
  }
}

void
cn_ahead_forget(CnEngine* const engine)
{
  invalidate(&engine->ahead);
  engine->ahead.was_told = true;
}

void
cn_ahead_clear(CnEngine* const engine)
{
  CnAhead* const self = &engine->ahead;
  cn_engine_free(self->shadow);
  cn_timeline_free(atomic_load_explicit(&self->heard, memory_order_relaxed));
}

static bool
is_same_key(const CnSegment* const a, const CnSegment* const b)
{
  return a->take == b->take && a->edition == b->edition && a->past == b->past && a->place == b->place;
}

bool
cn_ahead_find(const CnEngine* const engine, const CnSegment* const key, CnNote* const notes,
              uint32_t* const n_notes)
{
  const CnAhead* const self = &engine->ahead;
  CnSegment            planned;
  if (!self->has_ask || self->is_stale || key->segment < self->first || key->segment >= self->end ||
      !cn_timeline_read(self->shadow->timeline, key->segment, &planned) || !is_same_key(&planned, key)) {
    return false;
  }
  *n_notes = cn_take_copy_own(&self->shadow->recorder.take, key->segment * CN_SEGMENT_TICKS, notes);
  return true;
}

/// True if a segment became what was planned
static bool
came_true(const CnEngine* const engine, const int32_t segment)
{
  const CnAhead* const self = &engine->ahead;
  CnSegment            planned;
  CnSegment            real;
  return self->has_ask && !self->is_stale && segment == self->first && segment < self->end &&
         cn_timeline_read(self->shadow->timeline, segment, &planned) &&
         cn_timeline_read(engine->timeline, segment, &real) && is_same_key(&planned, &real) &&
         cn_segment_has_same_notes(&planned, &real);
}

void
cn_ahead_follow(CnEngine* const engine, const CnCommand* const command)
{
  CnAhead* const self = &engine->ahead;
  if (command->kind != CN_COMMAND_PLAN) {
    invalidate(self);
    self->was_told = true;
    return;
  }
  if (came_true(engine, command->segment)) {
    publish(self, command->segment + 1, self->end);
  } else {
    invalidate(self);
    self->is_stale = true;
    publish(self, command->segment + 1, command->segment + 1);
  }
  self->has_ask   = true;
  self->ask       = *command;
  self->ask.again = false;
}

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
  const CnCommand ask   = foresee(&self->ask, self->end);
  self->shadow->planner = engine->planner;
  cn_engine_plan(self->shadow, &ask);
  publish(self, self->first, self->end + 1);
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

CN_AUDIO void
cn_engine_watch(CnEngine* const engine, const int32_t n_segments)
{
  atomic_store_explicit(&engine->ahead.n_watched, n_segments, memory_order_relaxed);
}

CN_AUDIO CnPlanned
cn_engine_planned(const CnEngine* const engine)
{
  const CnAhead* const self = &engine->ahead;
  return (CnPlanned){
      .timeline   = atomic_load_explicit(&self->timeline, memory_order_acquire),
      .heard      = atomic_load_explicit(&self->heard, memory_order_acquire),
      .generation = atomic_load_explicit(&self->generation, memory_order_acquire),
      .first      = atomic_load_explicit(&self->first, memory_order_acquire),
      .end        = atomic_load_explicit(&self->end, memory_order_acquire),
  };
}

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
