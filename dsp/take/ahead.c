// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/ahead.h"

#include "dsp/take/engine.h"
#include "dsp/take/engine_private.h"

void
cn_ahead_publish(CnAhead* const self, const int32_t first, const int32_t end)
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
    cn_ahead_publish(self, 0, 0);
  }
}

/// Throw the plan away, and make it anew for the same places
static void
begin_anew(CnAhead* const self)
{
  if (self->has_ask) {
    self->is_stale = true;
    atomic_fetch_add_explicit(&self->generation, 1, memory_order_release);
    cn_ahead_publish(self, self->ask.segment + 1, self->ask.segment + 1);
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
  cn_timeline_free(atomic_load_explicit(&engine->ahead.heard, memory_order_relaxed));
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
  if (command->kind == CN_COMMAND_STRUCK ||
      command->kind == CN_COMMAND_EDIT) { // Which nothing hangs on that is composed
    return;
  }
  if (command->kind == CN_COMMAND_SHEET || command->kind == CN_COMMAND_UNDO) {
    begin_anew(self);
    return;
  }
  if (command->kind != CN_COMMAND_PLAN) {
    invalidate(self);
    self->was_told = true;
    return;
  }
  if (came_true(engine, command->segment)) {
    cn_ahead_publish(self, command->segment + 1, self->end);
  } else {
    invalidate(self);
    self->is_stale = true;
    cn_ahead_publish(self, command->segment + 1, command->segment + 1);
  }
  self->has_ask   = true;
  self->ask       = *command;
  self->ask.again = false;
}

// Public

CN_AUDIO void
cn_engine_watch(CnEngine* const engine, const int32_t n_segments)
{
  atomic_store_explicit(&engine->ahead.n_watched, n_segments, memory_order_relaxed);
}

bool
cn_engine_is_watched(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->ahead.n_watched, memory_order_relaxed) > 0;
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
