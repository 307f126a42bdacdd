// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_ahead.c
   What is planned is what sounds, to the tick, unless something changes; and planning changes nothing.
*/

#include "tests/support/fake_planner.h"

#include "dsp/base/random.h"
#include "dsp/play/performer.h"
#include "dsp/take/ahead.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RATE 48000.0
#define BLOCK 500 ///< [frames] A tick at 120 BPM is 1000
#define TICK_FRAMES 1000
#define N_SESSIONS 200
#define N_BLOCKS 1600 ///< Of a session: 800 ticks
#define N_SEGMENTS 96 ///< That a session has room for
#define WATCHED 32

/// What comes out of a session
typedef struct {
  CnPerformer* performer;
  CnEngine*    engine;
  CnRandom     random;
  CnControls   controls;
  int64_t      frame;
  bool         watches;
  uint8_t      held; ///< Key that the musician holds; 0: none
  // What sounded: by tick and key, the velocity
  uint8_t struck[N_SEGMENTS * CN_SEGMENT_TICKS][128];
  // The plan as it was last seen of each segment, and of which generation
  CnSegment planned[N_SEGMENTS];
  uint32_t  generation[N_SEGMENTS];
  bool      is_planned[N_SEGMENTS];
  unsigned  n_true; ///< Notes that were outlined, and sounded
} Session;

static bool
hear(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Session* const session = handle;
  const int64_t  tick    = (session->frame + frame + TICK_FRAMES / 2) / TICK_FRAMES;
  if (size == 3 && (message[0] & 0xF0U) == 0x90U && message[2] > 0 && (message[0] & 0x0FU) == 5 &&
      tick < (int64_t)N_SEGMENTS * CN_SEGMENT_TICKS) {
    session->struck[tick][message[1]] = message[2];
  }
  return true;
}

static Session*
open_session(const uint32_t seed, const bool watches)
{
  Session* const session  = calloc(1, sizeof(Session));
  session->performer      = cn_performer_new(RATE, false);
  session->engine         = cn_performer_engine(session->performer);
  session->random         = cn_random(seed, 1, 2, 3, 4);
  session->watches        = watches;
  session->controls       = (CnControls){.enabled     = true,
                                         .play        = true,
                                         .thru        = false,
                                         .temperature = 1.0F,
                                         .top_p       = 1.0F,
                                         .take        = 1,
                                         .role        = (CnRole)cn_random_below(&session->random, CN_N_ROLES),
                                         .answer_bars = 1,
                                         .channel     = 6};
  const CnPlanner planner = fake_planner(seed);
  cn_engine_set_planner(session->engine, &planner);
  return session;
}

static void
close_session(Session* const session)
{
  cn_performer_free(session->performer);
  free(session);
}

/// Strike a key or let go of it, now and then
static void
play_a_key(Session* const session)
{
  const uint8_t key = session->held ? session->held : (uint8_t)(60 + cn_random_below(&session->random, 20));
  const uint8_t message[3] = {session->held ? 0x80 : 0x90, key, 64};
  cn_performer_midi(session->performer, 0, message, sizeof(message));
  session->held = session->held ? 0 : key;
}

static void
turn_a_knob(Session* const session)
{
  CnRandom* const random = &session->random;
  switch (cn_random_below(random, 5)) {
  case 0:
    session->controls.temperature = 0.5F + 0.1F * (float)cn_random_below(random, 10);
    break;
  case 1:
    session->controls.role = (CnRole)cn_random_below(random, CN_N_ROLES);
    break;
  case 2:
    session->controls.take = 1 + (int)cn_random_below(random, 3);
    break;
  case 3:
    session->controls.hold = !session->controls.hold;
    break;
  default:
    session->controls.new_take = !session->controls.new_take;
  }
}

/// Play for a bar or two, then rest for some
static bool
is_phrase(const int block)
{
  return block % 700 < 200;
}

/// The transport rolls from the start of the song on, in 3/4 at 120 BPM
static void
start_transport(const Session* const session)
{
  const CnPosition position = {
      .parts = CN_POSITION_SPEED | CN_POSITION_BAR | CN_POSITION_BAR_BEAT | CN_POSITION_BEAT_UNIT |
               CN_POSITION_BEATS_PER_BAR | CN_POSITION_BPM,
      .speed         = 1.0,
      .beat_unit     = 4.0,
      .beats_per_bar = 3.0,
      .bpm           = 120.0,
  };
  cn_performer_position(session->performer, 0, &position);
}

static void
run_block(Session* const session, const int block)
{
  const CnMidiSink sink  = {session, hear};
  const bool       turns = cn_random_below(&session->random, 160) == 0;
  const bool       plays = cn_random_below(&session->random, 12) == 0;
  if (turns) {
    turn_a_knob(session);
  }
  cn_performer_begin(session->performer, &session->controls, &sink, BLOCK);
  if (block == 0) {
    start_transport(session);
  }
  if (plays && (is_phrase(block) || session->held)) {
    play_a_key(session);
  }
  cn_performer_end(session->performer);
  session->frame += BLOCK;
  cn_performer_sync(session->performer);
}

/// Let the engine plan, and keep what it outlines
static void
watch(Session* const session)
{
  cn_engine_watch(session->engine, WATCHED);
  while (cn_engine_look_ahead(session->engine)) {
  }
  const CnPlanned planned = cn_engine_planned(session->engine);
  for (int32_t k = planned.first; k < planned.end; ++k) {
    if (k >= 0 && k < N_SEGMENTS) {
      assert_true(cn_timeline_read(planned.timeline, k, &session->planned[k]));
      session->generation[k] = planned.generation;
      session->is_planned[k] = true;
    }
  }
}

/**
   A segment has passed: if nothing was thrown away since it was outlined, it sounded as that, and nothing
   else did.

   A generation that is the same one all through, up to the tick after the segment, says so.
*/
static void
check_segment(Session* const session, const int32_t k)
{
  if (k < 0 || k >= N_SEGMENTS || !session->is_planned[k] ||
      session->generation[k] != cn_engine_planned(session->engine).generation) {
    return;
  }
  const CnSegment* const outline  = &session->planned[k];
  unsigned               n_struck = 0;
  for (int32_t tick = k * CN_SEGMENT_TICKS; tick < (k + 1) * CN_SEGMENT_TICKS; ++tick) {
    for (unsigned key = 0; key < 128; ++key) {
      n_struck += session->struck[tick][key] > 0;
    }
  }
  for (uint32_t i = 0; i < outline->n_notes; ++i) {
    const CnTimedNote* const note = &outline->notes[i];
    assert_int_equal(session->struck[k * CN_SEGMENT_TICKS + note->offset][note->pitch], note->velocity);
  }
  assert_int_equal(n_struck, outline->n_notes);
  session->n_true += outline->n_notes;
}

static void
run_session(Session* const session)
{
  for (int block = 0; block < N_BLOCKS; ++block) {
    run_block(session, block);
    if (session->watches) {
      watch(session);
    }
    const int32_t tick = (int32_t)(session->frame / TICK_FRAMES);
    if (session->watches && session->frame % TICK_FRAMES == 0 && tick % CN_SEGMENT_TICKS == 1) {
      check_segment(session, tick / CN_SEGMENT_TICKS - 1);
    }
  }
}

static void
test_what_is_outlined_sounds_to_the_tick(void** state)
{
  (void)state;
  unsigned n_true = 0;
  for (uint32_t seed = 1; seed <= N_SESSIONS; ++seed) {
    Session* const session = open_session(seed, true);
    run_session(session);
    n_true += session->n_true;
    close_session(session);
  }
  assert_true(n_true > 100U * N_SESSIONS); // Else the sessions prove nothing
}

static void
test_watching_changes_no_note(void** state)
{
  (void)state;
  for (uint32_t seed = 1; seed <= N_SESSIONS / 10; ++seed) {
    Session* const watched   = open_session(seed, true);
    Session* const unwatched = open_session(seed, false);
    run_session(watched);
    run_session(unwatched);
    assert_memory_equal(watched->struck, unwatched->struck, sizeof(watched->struck));
    close_session(watched);
    close_session(unwatched);
  }
}

/// A planner that counts how often it is asked
static unsigned n_plans;

static CnStatus
plan_and_count(void* const handle, const CnPlanRequest* const request, CnNote* const notes,
               uint32_t* const n_notes)
{
  const CnPlanner fake = fake_planner(1);
  ++n_plans;
  return fake.plan(handle, request, notes, n_notes);
}

static void
test_what_was_planned_costs_nothing_when_it_is_due(void** state)
{
  (void)state;
  const CnPlanner planner = {.plan = plan_and_count, .id = 1};
  CnEngine* const engine  = cn_engine_new();
  CnCommand       ask     = {.kind    = CN_COMMAND_PLAN,
                             .segment = 1,
                             .bar     = {0, 96},
                             .params  = {.temperature = 1.0F, .top_p = 1.0F, .take = 1, .role = CN_ROLE_SOLO}};
  cn_engine_set_planner(engine, &planner);
  cn_engine_watch(engine, 16);
  cn_ring_push(cn_engine_inbox(engine), &ask);
  while (cn_engine_look_ahead(engine)) {
  }
  const unsigned n = n_plans;
  assert_true(n >= 15);
  for (int32_t k = 2; k < 18; ++k) {
    ask.segment    = k;
    ask.bar.start  = k * CN_SEGMENT_TICKS / 96 * 96;
    ask.bar_number = ask.bar.start / 96;
    cn_ring_push(cn_engine_inbox(engine), &ask);
    cn_engine_run(engine);
  }
  assert_int_equal(n_plans, n);
  ask.segment            = 18;
  ask.params.temperature = 0.5F; // Not as it was foreseen
  cn_ring_push(cn_engine_inbox(engine), &ask);
  cn_engine_run(engine);
  assert_int_equal(n_plans, n + 1);
  cn_engine_free(engine);
}

static void
test_nobody_watches_and_nothing_is_planned(void** state)
{
  (void)state;
  CnEngine* const engine = cn_engine_new();
  assert_false(cn_engine_look_ahead(engine));
  assert_null(cn_engine_planned(engine).timeline);
  cn_engine_watch(engine, 16);
  assert_false(cn_engine_look_ahead(engine)); // There is no planner, and nothing was asked for
  assert_int_equal(cn_engine_planned(engine).end, 0);
  cn_engine_free(engine);
}

static void
test_what_was_heard_is_shown(void** state)
{
  (void)state;
  CnEngine* const engine  = cn_engine_new();
  CnCommand       command = {.kind     = CN_COMMAND_ON,
                             .tick     = 30,
                             .pitch    = 60,
                             .velocity = 70,
                             .bar      = {0, 96},
                             .params   = {.role = CN_ROLE_CONTINUE}};
  CnSegment       segment;
  cn_engine_watch(engine, 16);
  cn_ring_push(cn_engine_inbox(engine), &command);
  cn_engine_look_ahead(engine);
  assert_true(cn_timeline_read(cn_engine_planned(engine).heard, 2, &segment));
  assert_int_equal(segment.n_notes, 1);
  assert_int_equal(segment.notes[0].duration, UINT16_MAX); // It sounds
  command.kind = CN_COMMAND_OFF;
  command.tick = 40;
  cn_ring_push(cn_engine_inbox(engine), &command);
  cn_engine_look_ahead(engine);
  assert_true(cn_timeline_read(cn_engine_planned(engine).heard, 2, &segment));
  assert_int_equal(segment.notes[0].duration, 10);
  assert_int_equal(segment.notes[0].offset, 6);
  assert_int_equal(segment.notes[0].pitch, 60);
  cn_engine_free(engine);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_outlined_sounds_to_the_tick),
      cmocka_unit_test(test_watching_changes_no_note),
      cmocka_unit_test(test_what_was_planned_costs_nothing_when_it_is_due),
      cmocka_unit_test(test_nobody_watches_and_nothing_is_planned),
      cmocka_unit_test(test_what_was_heard_is_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
