// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// Everything at once, for the thread sanitizer above all: run() plays in every role, the engine's thread
// plans, and a worker swaps planners, saves, restores and draws scores.

#include "tests/support/fake_planner.h"

#include "dsp/base/random.h"
#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define N_BLOCKS 40000
#define N_ERRANDS 150 // At least
#define BLOCK 512
#define RATE 48000.0

typedef struct {
  CnPerformer* performer;
  CnRandom     random; ///< Of the audio thread
  CnControls   controls;
  int          n_sounding[128]; ///< Of the continuation
  unsigned     n_faults;
  unsigned     n_notes;
  bool         is_down[128]; ///< Keys of the musician
  atomic_bool  is_over;
  unsigned     n_errands; ///< The worker's, as are the next
  unsigned     n_refused;
} Stress;

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Stress* const stress = (Stress*)handle;
  stress->n_faults += frame >= BLOCK || size != 3;
  if (message[0] == 0x90) {
    ++stress->n_notes;
    stress->n_faults += ++stress->n_sounding[message[1]] != 1;
  } else if (message[0] == 0x80) {
    stress->n_faults += --stress->n_sounding[message[1]] != 0;
  }
  return true;
}

// The worker

static void
save_and_restore(Stress* const stress, CnEngine* const engine)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  stress->n_refused += cn_engine_save(engine, &data, &size) != CN_STATUS_SUCCESS || size == 0;
  if (stress->n_errands % 8 == 0) {
    stress->n_refused += cn_engine_restore(engine, data, size, CN_NO_FAULT) != CN_STATUS_SUCCESS;
  }
  free(data);
}

static void
draw_score(Stress* const stress, CnEngine* const engine)
{
  CnScore*       score  = NULL;
  const CnStatus status = cn_engine_score(engine, &score);
  stress->n_refused += status != CN_STATUS_SUCCESS && status != CN_STATUS_NOT_FOUND;
  cn_score_free(score);
}

static void*
run_errands(void* const handle)
{
  Stress* const   stress = (Stress*)handle;
  CnEngine* const engine = cn_performer_engine(stress->performer);
  while (!atomic_load(&stress->is_over) || stress->n_errands < N_ERRANDS) {
    const CnPlanner planner = fake_planner(stress->n_errands % 3);
    switch (stress->n_errands++ % 4) {
    case 0:
      cn_engine_set_planner(engine, &planner);
      break;
    case 1:
      draw_score(stress, engine);
      break;
    default:
      save_and_restore(stress, engine);
    }
    sched_yield();
  }
  return NULL;
}

// The audio thread

static uint32_t
below(Stress* const stress, const uint32_t n)
{
  return cn_random_below(&stress->random, n);
}

static void
turn_knobs(Stress* const stress)
{
  stress->controls = (CnControls){
      .enabled      = below(stress, 20) > 0,
      .freewheeling = below(stress, 10) == 0,
      .play         = below(stress, 20) > 0,
      .thru         = true,
      .temperature  = 1.0F + (float)below(stress, 2),
      .top_p        = 0.9F,
      .take         = 1 + (int)below(stress, 2),
      .role         = (CnRole)below(stress, CN_N_ROLES),
      .answer_bars  = 1,
      .hold         = below(stress, 6) == 0,
      .new_take     = below(stress, 4) == 0,
      .channel      = 1,
  };
}

static void
press(Stress* const stress)
{
  const uint8_t pitch      = (uint8_t)(45 + below(stress, 20));
  const uint8_t message[3] = {stress->is_down[pitch] ? 0x81 : 0x91, pitch, 70};
  stress->is_down[pitch]   = !stress->is_down[pitch];
  cn_performer_midi(stress->performer, below(stress, BLOCK), message, 3);
}

static void
move_transport(Stress* const stress)
{
  const CnPosition position = {.parts = CN_POSITION_BEAT | CN_POSITION_SPEED | CN_POSITION_BPM,
                               .beat  = below(stress, 32) / 2.0,
                               .speed = below(stress, 5) > 0 ? 1.0 : 0.0,
                               .bpm   = 100.0 + below(stress, 3)};
  cn_performer_position(stress->performer, 0, &position);
}

static void
run_block(Stress* const stress)
{
  const CnMidiSink sink = {stress, write_message};
  if (below(stress, 100) == 0) {
    turn_knobs(stress);
  }
  cn_performer_begin(stress->performer, &stress->controls, &sink, BLOCK);
  if (below(stress, 200) == 0) {
    move_transport(stress);
  }
  if (below(stress, 10) == 0) {
    press(stress);
  }
  cn_performer_end(stress->performer);
  cn_performer_wake(stress->performer);
}

static void
stop(Stress* const stress)
{
  const CnMidiSink sink   = {stress, write_message};
  const CnPosition halted = {.parts = CN_POSITION_SPEED};
  cn_performer_begin(stress->performer, &stress->controls, &sink, BLOCK);
  cn_performer_position(stress->performer, 0, &halted);
  cn_performer_end(stress->performer);
  cn_performer_wake(stress->performer);
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    stress->n_faults += stress->n_sounding[pitch] != 0;
  }
}

static void
test_everything_at_once(void** const state)
{
  (void)state;
  Stress* const stress = (Stress*)calloc(1, sizeof(Stress));
  pthread_t     worker;
  assert_non_null(stress);
  stress->random    = cn_random(1, 0, 0, 0, 0);
  stress->performer = cn_performer_new(RATE, true);
  assert_non_null(stress->performer);
  turn_knobs(stress);
  assert_int_equal(pthread_create(&worker, NULL, run_errands, stress), 0);
  for (unsigned i = 0; i < N_BLOCKS; ++i) {
    run_block(stress);
    if (below(stress, 4) == 0) { // Else it is ahead of the engine, and notes come late
      cn_performer_sync(stress->performer);
    }
  }
  atomic_store(&stress->is_over, true);
  pthread_join(worker, NULL);
  stop(stress);
  assert_int_equal(stress->n_faults, 0);
  assert_int_equal(stress->n_refused, 0);
  assert_true(stress->n_errands >= N_ERRANDS);
  assert_true(stress->n_notes > N_BLOCKS / 100);
  cn_performer_free(stress->performer);
  free(stress);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_everything_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
