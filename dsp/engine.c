// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "engine.h"

#include "hearing.h"
#include "take.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_COMMANDS 4096 ///< Room for several seconds of the densest playing
#define N_PITCHES 128

/// [ticks] After every onset, and far enough from the limits of the type for durations to be added
#define NEVER (INT32_MAX / 2)

/// [ns] Between two looks whether another thread is done with the engine
#define WAIT_NANOSECONDS 50000

struct CnEngine {
  CnRing           inbox;
  CnTimeline*      timeline;
  atomic_bool      is_busy; ///< Somebody runs the engine, and owns all below
  _Atomic uint32_t planner_serial;
  CnPlanner        planner;
  CnHearing        hearing; ///< Has the take
};

static int32_t
min(const int32_t a, const int32_t b)
{
  return a < b ? a : b;
}

// Planning

/// Tick of the player's first onset at or after `tick`, or NEVER
static int32_t
find_entry(const CnTake* const take, const int32_t tick)
{
  for (uint32_t i = cn_take_find(take, tick); i < take->n_notes; ++i) {
    if (take->notes[i].part == CN_PART_PLAYER) {
      return take->notes[i].onset;
    }
  }
  return NEVER;
}

/// Copy the model's notes from `cut` to `start`; returns their number
static uint32_t
copy_recent(const CnTake* const take, const int32_t cut, const int32_t start, CnNote* const recent)
{
  uint32_t n = 0;
  for (uint32_t i = cn_take_find(take, cut); i < take->n_notes && take->notes[i].onset < start; ++i) {
    if (take->notes[i].part == CN_PART_CONTINUO && n < CN_SEGMENT_NOTES) {
      recent[n++] = take->notes[i];
    }
  }
  return n;
}

_Static_assert(CN_LEAD_TICKS <= CN_SEGMENT_TICKS, "the recent notes are those of one segment at most");

/// Hash of the past that a segment continues
static uint64_t
hash_past(const CnEngine* const engine, const CnPlanRequest* const request, const uint64_t history)
{
  uint64_t hash = cn_hash_mix(history, engine->planner.id);
  hash          = cn_hash_mix(hash, request->params.take);
  for (uint32_t i = 0; i < request->n_recent; ++i) {
    hash = cn_hash_note(hash, &request->recent[i]);
  }
  return hash;
}

static uint64_t
hash_float(const uint64_t hash, const float value)
{
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return cn_hash_mix(hash, bits);
}

/// Hash of the parameters and metre at a segment's place
static uint64_t
hash_place(const CnPlanRequest* const request)
{
  const CnParams* const params = &request->params;
  uint64_t              hash   = hash_float(0, params->temperature);
  hash                         = hash_float(hash, params->top_p);
  hash                         = hash_float(hash, params->motif);
  hash                         = cn_hash_mix(hash, (uint32_t)params->chord);
  hash                         = cn_hash_mix(hash, (uint32_t)request->bar.start);
  return cn_hash_mix(hash, request->bar.length);
}

/// True if the player has played, and rests since long enough for a segment that starts at `start`
static bool
is_resting(const CnTakeSum* const sum, const int32_t start)
{
  return sum->end != INT32_MIN && sum->end <= (int64_t)start - CN_REST_TICKS;
}

/// A note that may stand in the segment from `start` on, and before the player's `entry`
static bool
fits(const CnNote* const note, const int32_t start, const int32_t entry)
{
  return note->onset >= start && note->onset < start + CN_SEGMENT_TICKS && note->onset < entry &&
         note->duration >= 1 && note->pitch < N_PITCHES && note->velocity >= 1 && note->velocity <= 127;
}

/// Let the planner write the notes of a segment up to the player's `entry`; returns their number
static uint32_t
compose(const CnEngine* const engine, const CnPlanRequest* const request, const int32_t entry,
        CnNote* const notes)
{
  const CnPlanner* const planner = &engine->planner;
  const int32_t          start   = request->segment * CN_SEGMENT_TICKS;
  uint32_t               n_notes = 0;
  uint32_t               n_fit   = 0;
  if (!planner->plan || entry <= start || planner->plan(planner->handle, request, notes, &n_notes)) {
    return 0;
  }
  for (uint32_t i = 0; i < n_notes && i < CN_SEGMENT_NOTES; ++i) {
    if (fits(&notes[i], start, entry)) {
      notes[n_fit]          = notes[i];
      notes[n_fit].part     = CN_PART_CONTINUO;
      notes[n_fit].duration = min(notes[i].duration, CN_OWN_DURATION_MAX);
      ++n_fit;
    }
  }
  return n_fit;
}

static CnTimedNote
time_note(const CnNote* const note, const int32_t start, const int32_t entry)
{
  return (CnTimedNote){
      .duration = (uint16_t)min(note->duration, entry - note->onset),
      .offset   = (uint8_t)(note->onset - start),
      .pitch    = note->pitch,
      .velocity = note->velocity,
  };
}

static bool
has_same_notes(const CnSegment* const a, const CnSegment* const b)
{
  for (uint32_t i = 0; i < a->n_notes && i < b->n_notes; ++i) {
    const CnTimedNote x = a->notes[i];
    const CnTimedNote y = b->notes[i];
    if (x.offset != y.offset || x.pitch != y.pitch || x.velocity != y.velocity || x.duration != y.duration) {
      return false;
    }
  }
  return a->n_notes == b->n_notes;
}

/// Store a segment's notes; if they are not what stood there, all that followed is forgotten
static void
store(CnEngine* const engine, CnSegment* const segment, const CnSegment* const stored,
      const CnNote* const notes, const int32_t entry)
{
  const int32_t start = segment->segment * CN_SEGMENT_TICKS;
  for (uint32_t i = 0; i < segment->n_notes; ++i) {
    segment->notes[i] = time_note(&notes[i], start, entry);
  }
  if (!has_same_notes(segment, stored)) {
    cn_take_erase_own(&engine->hearing.take, start);
    cn_timeline_erase(engine->timeline, segment->segment + 1);
    for (uint32_t i = 0; i < segment->n_notes; ++i) {
      cn_take_insert(&engine->hearing.take, &notes[i], 0);
    }
  }
  cn_timeline_write(engine->timeline, segment);
}

static void
plan(CnEngine* const engine, const CnCommand* const command)
{
  const int32_t start = command->segment * CN_SEGMENT_TICKS;
  const int32_t cut   = start - CN_LEAD_TICKS;
  cn_hearing_check(&engine->hearing, cut);

  CnNote              recent[CN_SEGMENT_NOTES];
  CnNote              notes[CN_SEGMENT_NOTES];
  const uint32_t      n_history = cn_take_find(&engine->hearing.take, cut);
  const CnTakeSum     sum       = cn_take_sum(&engine->hearing.take, n_history);
  const CnPlanRequest request   = {
        .segment   = command->segment,
        .bar       = command->bar,
        .params    = command->params,
        .history   = engine->hearing.take.notes,
        .n_history = n_history,
        .recent    = recent,
        .n_recent  = copy_recent(&engine->hearing.take, cut, start, recent),
  };
  CnSegment segment = {
      .segment = command->segment,
      .take    = command->params.take,
      .past    = hash_past(engine, &request, sum.hash),
      .place   = hash_place(&request),
  };
  CnSegment stored;
  if (!cn_timeline_read(engine->timeline, command->segment, &stored)) {
    stored.n_notes = 0;
  } else if (stored.past == segment.past && (command->again || stored.place == segment.place)) {
    return;
  }
  const int32_t entry = find_entry(&engine->hearing.take, cut);
  segment.n_notes     = is_resting(&sum, start) ? compose(engine, &request, entry, notes) : 0;
  store(engine, &segment, &stored, notes, entry);
}

static void
obey(CnEngine* const engine, const CnCommand* const command)
{
  switch ((CnCommandKind)command->kind) {
  case CN_COMMAND_ON:
    cn_hearing_on(&engine->hearing, command);
    break;
  case CN_COMMAND_OFF:
    cn_hearing_off(&engine->hearing, command);
    break;
  case CN_COMMAND_HALT:
    cn_hearing_halt(&engine->hearing, command->tick);
    break;
  case CN_COMMAND_PASS:
    cn_hearing_begin_pass(&engine->hearing);
    break;
  case CN_COMMAND_PLAN:
    plan(engine, command);
    break;
  }
}

// Ownership

/// Wait until nobody else runs the engine
static void
acquire(CnEngine* const engine)
{
  const struct timespec pause = {0, WAIT_NANOSECONDS};
  while (atomic_exchange_explicit(&engine->is_busy, true, memory_order_acquire)) {
    nanosleep(&pause, NULL);
  }
}

static void
release(CnEngine* const engine)
{
  atomic_store_explicit(&engine->is_busy, false, memory_order_release);
}

// Public

CnEngine*
cn_engine_new(void)
{
  CnEngine* const engine = (CnEngine*)calloc(1, sizeof(CnEngine));
  if (!engine) {
    return NULL;
  }
  engine->timeline = cn_timeline_new();
  if (!engine->timeline || cn_ring_init(&engine->inbox, N_COMMANDS, sizeof(CnCommand)) ||
      cn_hearing_init(&engine->hearing, engine->timeline)) {
    cn_engine_free(engine);
    return NULL;
  }
  return engine;
}

void
cn_engine_free(CnEngine* const engine)
{
  if (engine) {
    cn_hearing_clear(&engine->hearing);
    cn_ring_clear(&engine->inbox);
    cn_timeline_free(engine->timeline);
    free(engine);
  }
}

CnStatus
cn_engine_set_planner(CnEngine* const engine, const CnPlanner* const planner)
{
  if (planner && !planner->plan) {
    return CN_STATUS_BAD_ARG;
  }
  acquire(engine);
  engine->planner = planner ? *planner : (CnPlanner){0};
  release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
  return CN_STATUS_SUCCESS;
}

CN_AUDIO uint32_t
cn_engine_planner_serial(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->planner_serial, memory_order_acquire);
}

CN_AUDIO CnRing*
cn_engine_inbox(CnEngine* const engine)
{
  return &engine->inbox;
}

CN_AUDIO const CnTimeline*
cn_engine_timeline(const CnEngine* const engine)
{
  return engine->timeline;
}

void
cn_engine_run(CnEngine* const engine)
{
  CnCommand command;
  acquire(engine);
  while (cn_ring_pop(&engine->inbox, &command)) {
    obey(engine, &command);
  }
  release(engine);
}

bool
cn_engine_is_idle(const CnEngine* const engine)
{
  return cn_ring_is_empty(&engine->inbox) && !atomic_load_explicit(&engine->is_busy, memory_order_acquire);
}
