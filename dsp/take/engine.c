// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/engine.h"

#include "dsp/music/scale.h"
#include "dsp/take/engine_private.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_COMMANDS 4096 ///< Room for several seconds of the densest playing

/// [ns] Between two looks whether another thread is done with the engine
#define WAIT_NANOSECONDS 50000

/// Forget what was composed from a segment on, but what is kept
static void
forget(CnEngine* const engine, const int32_t segment)
{
  cn_engine_erase(engine, segment, false);
}

/// Let a given phrase lie where the transport rolls, not where it has stood until then
static void
place_phrase(CnEngine* const engine, const CnCommand* const ask)
{
  const int32_t step = ask->segment - engine->given_asked;
  if (!engine->phrase || engine->is_begun || engine->recorder.hold) {
    return;
  }
  if (engine->given_line != CN_GIVEN_OPEN && (step < -2 || step > 1)) { // That was for a start elsewhere
    forget(engine, cn_segment_at(engine->given_line));
    engine->given_line = CN_GIVEN_OPEN;
  }
  engine->given_asked = ask->segment;
  engine->is_begun    = engine->song.rolls;
}

/// Give a given phrase a place anew, if it has none or a new take begins there or before
static void
release_phrase(CnEngine* const engine, const int32_t segment)
{
  if (engine->given_line == CN_GIVEN_OPEN || segment <= cn_segment_at(engine->given_line)) {
    engine->given_line = CN_GIVEN_OPEN;
    engine->is_begun   = false;
  }
}

void
cn_engine_tell_sheet(CnEngine* const engine)
{
  if (engine->must_tell_sheet && !atomic_load_explicit(&engine->is_sheet_told, memory_order_acquire)) {
    engine->told_sheet      = engine->sheet;
    engine->told_place      = cn_ring_popped(&engine->inbox);
    engine->must_tell_sheet = false;
    atomic_store_explicit(&engine->is_sheet_told, true, memory_order_release);
  }
}

static void
obey(CnEngine* const engine, const CnCommand* const command)
{
  if (command->kind != CN_COMMAND_SHEET) {
    cn_revise_settle(engine);
  }
  switch ((CnCommandKind)command->kind) {
  case CN_COMMAND_ON:
    cn_recorder_on(&engine->recorder, command);
    break;
  case CN_COMMAND_OFF:
    cn_recorder_off(&engine->recorder, command);
    break;
  case CN_COMMAND_LIFT:
    cn_recorder_lift(&engine->recorder, command);
    break;
  case CN_COMMAND_HALT:
    cn_song_halt(&engine->song, command->tick);
    cn_recorder_halt(&engine->recorder, command->tick);
    break;
  case CN_COMMAND_SONG:
    cn_song_tell(&engine->song, command);
    break;
  case CN_COMMAND_PASS:
    engine->song.rolls = false;
    cn_recorder_begin_pass(&engine->recorder);
    return;
  case CN_COMMAND_PLAN:
    engine->tempo = command->tempo;
    engine->tick  = command->segment * CN_SEGMENT_TICKS - CN_LEAD_TICKS;
    cn_song_roll(&engine->song, engine->tick);
    place_phrase(engine, command);
    engine->revision.last = *command;
    cn_engine_plan(engine, command);
    return;
  case CN_COMMAND_MODE:
    cn_recorder_set_mode(&engine->recorder, command);
    return;
  case CN_COMMAND_SHEET:
    cn_revise_write(engine, command);
    return;
  case CN_COMMAND_EDIT:
    engine->revision.begins = true;
    return;
  case CN_COMMAND_UNDO:
    cn_revise_undo(engine);
    return;
  case CN_COMMAND_ANEW:
    forget(engine, command->segment);
    release_phrase(engine, command->segment);
    return;
  case CN_COMMAND_STRUCK:
    cn_song_sound(&engine->song, command->tick, command->ticks);
    return;
  }
  engine->tick = command->tick;
  cn_song_roll(&engine->song, engine->tick);
}

// Ownership

void
cn_engine_acquire(CnEngine* const engine)
{
  const struct timespec pause = {0, WAIT_NANOSECONDS};
  while (atomic_exchange_explicit(&engine->is_busy, true, memory_order_acquire)) {
    nanosleep(&pause, NULL);
  }
}

void
cn_engine_release(CnEngine* const engine)
{
  const CnTake* const take = &engine->recorder.take;
  atomic_store_explicit(&engine->has_notes, take->n_notes > 0 || engine->phrase, memory_order_relaxed);
  atomic_store_explicit(&engine->has_forgotten, take->has_forgotten, memory_order_relaxed);
  atomic_store_explicit(&engine->is_busy, false, memory_order_release);
}

void
cn_engine_obey(CnEngine* const engine)
{
  CnCommand command;
  while (cn_ring_pop(&engine->inbox, &command)) {
    obey(engine, &command);
    cn_ahead_follow(engine, &command);
  }
  cn_revise_settle(engine);
  cn_engine_tell_sheet(engine);
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
  atomic_init(&engine->key, CN_KEY_NONE);
  if (!engine->timeline || cn_ring_init(&engine->inbox, N_COMMANDS, sizeof(CnCommand)) ||
      cn_recorder_init(&engine->recorder, engine->timeline) || cn_past_init(&engine->past)) {
    cn_engine_free(engine);
    return NULL;
  }
  return engine;
}

void
cn_engine_free(CnEngine* const engine)
{
  if (engine) {
    cn_engine_free(engine->ahead.shadow);
    cn_ahead_clear(engine);
    cn_recorder_clear(&engine->recorder);
    cn_past_clear(&engine->past);
    cn_ring_clear(&engine->inbox);
    cn_timeline_free(engine->timeline);
    free(engine);
  }
}

/**
   Let a planner that does not play yet hear the take: what it writes is of no interest.

   If there is no memory for that, its first segment takes the longer.
*/
static void
rehearse(CnEngine* const engine, const CnPlanner* const planner)
{
  CnPast        past    = {0};
  CnPlanRequest request = {.bar = {.length = 4 * CN_TICKS_PER_QUARTER}};
  CnNote        notes[CN_SEGMENT_NOTES];
  uint32_t      n_notes = 0;
  if (!cn_past_init(&past)) {
    cn_engine_acquire(engine);
    cn_past_look(&past, &engine->recorder.take, engine->tick, &(CnRules){0});
    request.segment = cn_segment_at(engine->tick) + 1;
    cn_engine_release(engine);
    request.history   = past.notes;
    request.n_history = past.n_notes;
  }
  if (past.n_notes > 0) {
    planner->plan(planner->handle, &request, notes, &n_notes);
  }
  cn_past_clear(&past);
}

CnStatus
cn_engine_set_planner(CnEngine* const engine, const CnPlanner* const planner)
{
  if (planner && !planner->plan) {
    return CN_STATUS_BAD_ARG;
  }
  if (planner) {
    rehearse(engine, planner);
  }
  cn_engine_acquire(engine);
  engine->planner = planner ? *planner : (CnPlanner){0};
  cn_ahead_forget(engine);
  cn_engine_release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
  return CN_STATUS_SUCCESS;
}

void
cn_engine_set_phrase(CnEngine* const engine, const CnGivenPhrase* const phrase, const int32_t line)
{
  cn_engine_acquire(engine);
  engine->phrase     = phrase;
  engine->given_line = line;
  engine->is_begun   = line != CN_GIVEN_OPEN;
  cn_ahead_forget(engine);
  cn_engine_release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
}

int32_t
cn_engine_given_line(CnEngine* const engine)
{
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  const int32_t line = engine->phrase ? engine->given_line : CN_GIVEN_OPEN;
  cn_engine_release(engine);
  return line;
}

CN_AUDIO uint32_t
cn_engine_planner_serial(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->planner_serial, memory_order_acquire);
}

CN_AUDIO void
cn_engine_await_sheet(CnEngine* const engine)
{
  engine->sheet_place = cn_ring_pushed(&engine->inbox);
}

CN_AUDIO bool
cn_engine_hear_sheet(CnEngine* const engine, CnSheet* const sheet)
{
  if (!atomic_load_explicit(&engine->is_sheet_told, memory_order_acquire)) {
    return false;
  }
  // Whatever is on its way yet was in the inbox; the numbers begin anew at 2^32
  const uint32_t n_left = engine->sheet_place - engine->told_place;
  const bool     is_new = n_left == 0 || n_left > N_COMMANDS;
  if (is_new) {
    memcpy(sheet, &engine->told_sheet, sizeof(*sheet));
  }
  atomic_store_explicit(&engine->is_sheet_told, false, memory_order_release);
  return is_new;
}

CN_AUDIO int
cn_engine_key(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->key, memory_order_relaxed);
}

CN_AUDIO bool
cn_engine_is_blank(const CnEngine* const engine)
{
  return !atomic_load_explicit(&engine->has_notes, memory_order_acquire);
}

CN_AUDIO bool
cn_engine_has_forgotten(const CnEngine* const engine)
{
  return atomic_load_explicit(&engine->has_forgotten, memory_order_relaxed);
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
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  cn_engine_release(engine);
}

void
cn_engine_try_run(CnEngine* const engine)
{
  if (!atomic_exchange_explicit(&engine->is_busy, true, memory_order_acquire)) {
    cn_engine_obey(engine);
    cn_engine_release(engine);
  }
}

bool
cn_engine_is_idle(const CnEngine* const engine)
{
  return cn_ring_is_empty(&engine->inbox) && !atomic_load_explicit(&engine->is_busy, memory_order_acquire);
}
