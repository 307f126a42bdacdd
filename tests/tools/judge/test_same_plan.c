// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// The command continues a file by a loop of its own, the plugin by the engine: both must ask for the same.
// A role decides when it plays and where it enters, which the command knows nothing of: it is held back where
// the engine's role is silent, bound where that is, and in the first segment: the engine hears up to its cut,
// before the phrase has ended, while the command knows all of the phrase.  What both are asked for and what
// they answer is compared segment by segment.  A phrase that is given to the engine is known from the first
// segment on, and lies elsewhere in its time than in the file's.

#include "tests/support/fake_planner.h"
#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "tools/base/file.h"
#include "tools/judge/continuation.h"

#include "dsp/network/composer.h"
#include "dsp/notebook/composer.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
  BAR        = 96,
  N_BARS     = 12,
  N_SEGMENTS = (N_BARS + 8) * BAR / CN_SEGMENT_TICKS,
  MAX_SIZE   = 1 << 24,
  N_MODELS   = 4,
};

// What a planner was asked for in each segment, and its answer
typedef struct {
  CnPlanner inner;
  bool      is_asked[N_SEGMENTS];
  bool      enters[N_SEGMENTS];
  int32_t   from[N_SEGMENTS];
  int32_t   until[N_SEGMENTS];
  bool      closes[N_SEGMENTS];
  int32_t   close[N_SEGMENTS];
  CnParams  params[N_SEGMENTS];
  CnNote    notes[N_SEGMENTS][CN_SEGMENT_NOTES];
  uint32_t  n_notes[N_SEGMENTS];
} Diary;

typedef struct {
  Diary               engine;
  Diary               command;
  CnModel*            models[N_MODELS]; // An LSTM, and attention by each distance
  CnComposer*         composers[N_MODELS];
  CnNotebookModel*    notebook;
  CnNotebookComposer* notebook_composer;
} Fixture;

static CnStatus
plan_and_note(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n)
{
  Diary* const  diary  = (Diary*)handle;
  const int32_t k      = request->segment + request->origin; // In the file's time
  CnStatus      status = CN_STATUS_SUCCESS;
  assert_in_range(k, 0, N_SEGMENTS - 1);
  status             = diary->inner.plan(diary->inner.handle, request, notes, n);
  diary->is_asked[k] = true;
  diary->params[k]   = request->params;
  diary->enters[k]   = request->enters;
  diary->from[k]     = request->from;
  diary->until[k]    = request->until;
  diary->closes[k]   = request->closes;
  diary->close[k]    = request->close;
  diary->n_notes[k]  = *n;
  memcpy(diary->notes[k], notes, *n * sizeof(CnNote));
  return status;
}

// The same, where the engine was asked, and silence elsewhere
static CnStatus
plan_where_asked(void* const handle, const CnPlanRequest* const request, CnNote* const notes,
                 uint32_t* const n)
{
  Fixture* const fixture = (Fixture*)handle;
  const int32_t  k       = request->segment;
  CnPlanRequest  bound   = *request;
  assert_in_range(k, 0, N_SEGMENTS - 1);
  *n           = 0;
  bound.enters = fixture->engine.enters[k];
  bound.from   = fixture->engine.from[k];
  bound.until  = fixture->engine.until[k];
  bound.closes = fixture->engine.closes[k];
  bound.close  = fixture->engine.close[k];
  return fixture->engine.is_asked[k] ? plan_and_note(&fixture->command, &bound, notes, n) : CN_STATUS_SUCCESS;
}

// A phrase of nearly two bars
static uint32_t
write_phrase(CnNote notes[32])
{
  uint32_t n = 0;
  for (int32_t tick = 0; tick < 2 * BAR - 24; tick += 12 + tick % 24) {
    for (unsigned i = 0; i < 1U + (unsigned)(tick / 12) % 3; ++i) {
      notes[n++] = (CnNote){.onset    = tick,
                            .duration = 9,
                            .bar      = cn_bar_place((CnBar){0, BAR}, tick),
                            .pitch    = (uint8_t)(52 + tick % 13 + 5 * i),
                            .velocity = (uint8_t)(60 + tick % 7),
                            .part     = CN_PART_MUSICIAN};
    }
  }
  return n;
}

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
run_engine(Fixture* const fixture, const CnNote* const notes, const uint32_t n_notes,
           const CnContinuationSettings* const settings, const CnContinuation* const place)
{
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = {.handle = &fixture->engine, .plan = plan_and_note, .id = 1};
  assert_non_null(engine);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  for (uint32_t i = 0; i < n_notes; ++i) {
    tell(engine, (CnCommand){.kind     = CN_COMMAND_ON,
                             .tick     = notes[i].onset,
                             .played   = notes[i].onset,
                             .pitch    = notes[i].pitch,
                             .velocity = notes[i].velocity,
                             .bar      = {0, BAR}});
    if (i + 1 == n_notes || notes[i + 1].onset > notes[i].onset) { // The chord ends
      for (uint32_t c = i + 1; c-- > 0 && notes[c].onset == notes[i].onset;) {
        tell(engine, (CnCommand){.kind  = CN_COMMAND_OFF,
                                 .tick  = notes[c].onset + notes[c].duration,
                                 .pitch = notes[c].pitch});
      }
    }
  }
  for (int32_t start = place->start + CN_LEAD_TICKS; start < place->end; start += CN_SEGMENT_TICKS) {
    CnCommand ask = {.kind       = CN_COMMAND_PLAN,
                     .segment    = start / CN_SEGMENT_TICKS,
                     .bar        = {start / BAR * BAR, BAR},
                     .bar_number = start / BAR,
                     .params     = settings->params};
    if (settings->n_chords) {
      ask.params.chord = settings->chords[(uint32_t)(start / BAR - place->start / BAR) % settings->n_chords];
    }
    tell(engine, ask);
  }
  cn_engine_free(engine);
}

// Let an engine go on from a phrase that is given, whose last bar is the engine's first
static void
run_given(Fixture* const fixture, const CnScore* const score, const CnContinuationSettings* const settings,
          const CnContinuation* const place)
{
  CnGivenPhrase   phrase;
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = {.handle = &fixture->engine, .plan = plan_and_note, .id = 1};
  assert_non_null(engine);
  assert_int_equal(cn_given_phrase_init(&phrase, score), CN_STATUS_SUCCESS);
  assert_int_equal(phrase.start, place->start);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  cn_engine_set_phrase(engine, &phrase, CN_GIVEN_OPEN);
  for (int32_t start = 0; start < place->end - phrase.line; start += CN_SEGMENT_TICKS) {
    CnCommand     ask = {.kind       = CN_COMMAND_PLAN,
                         .segment    = start / CN_SEGMENT_TICKS,
                         .bar        = {start / BAR * BAR, BAR},
                         .bar_number = start / BAR,
                         .params     = settings->params};
    const int32_t bar = (start + phrase.line) / BAR - place->start / BAR;
    if (settings->n_chords && bar >= 0) {
      ask.params.chord = settings->chords[(uint32_t)bar % settings->n_chords];
    }
    tell(engine, ask);
  }
  cn_engine_free(engine);
  for (unsigned k = 0; k < N_SEGMENTS; ++k) { // As the file has it
    fixture->engine.close[k] += fixture->engine.closes[k] ? phrase.line : 0;
    for (uint32_t i = 0; i < fixture->engine.n_notes[k]; ++i) {
      fixture->engine.notes[k][i].onset += phrase.line;
    }
  }
  cn_given_phrase_clear(&phrase);
}

// Compare for one planner, role and timing; returns the number of notes
static uint32_t
check(Fixture* const fixture, const CnPlanner* const inner, const CnContinuationSettings* const settings,
      const bool is_given)
{
  CnNote         notes[32];
  const uint32_t n_notes = write_phrase(notes);
  CnScore*       phrase  = NULL;
  CnScore*       result  = NULL;
  CnContinuation place;
  fixture->engine  = (Diary){.inner = *inner};
  fixture->command = (Diary){.inner = *inner};
  assert_int_equal(cn_score_new(notes, n_notes, NULL, 0, NULL, 0, &phrase), CN_STATUS_SUCCESS);

  // Once with nothing, to learn where it lies
  const CnPlanner planner = {.handle = fixture, .plan = plan_where_asked, .id = 1};
  assert_int_equal(cn_score_continue(phrase, &planner, settings, &result, &place), CN_STATUS_SUCCESS);
  assert_int_equal(place.n_notes, 0);
  cn_score_free(result);
  assert_true(place.start >= notes[n_notes - 1].onset + notes[n_notes - 1].duration);

  if (is_given) {
    run_given(fixture, phrase, settings, &place);
  } else {
    run_engine(fixture, notes, n_notes, settings, &place);
  }
  assert_int_equal(cn_score_continue(phrase, &planner, settings, &result, &place), CN_STATUS_SUCCESS);
  uint32_t n = 0;
  for (unsigned k = 0; k < N_SEGMENTS; ++k) {
    assert_int_equal(fixture->engine.is_asked[k], fixture->command.is_asked[k]);
    assert_int_equal(fixture->engine.params[k].chord, fixture->command.params[k].chord);
    assert_int_equal(fixture->engine.n_notes[k], fixture->command.n_notes[k]);
    assert_memory_equal(fixture->engine.notes[k], fixture->command.notes[k],
                        fixture->engine.n_notes[k] * sizeof(CnNote));
    n += fixture->engine.n_notes[k];
  }
  cn_score_free(result);
  cn_score_free(phrase);
  return n;
}

static void
check_roles(Fixture* const fixture, const CnPlanner* const planner, const bool is_given)
{
  static const int32_t chords[] = {0, 17, -1, 7};
  for (unsigned role = 0; role < CN_N_ROLES; ++role) {
    for (unsigned timing = CN_TIMING_MODEL; timing <= CN_TIMING_AVERAGE; ++timing) {
      for (uint32_t n_chords = 0; n_chords <= 4; n_chords += 4) {
        const CnContinuationSettings settings = {
            .params   = {.temperature = 1.0F,
                         .top_p       = 0.97F,
                         .motif       = 0.5F,
                         .chord       = CN_CHORD_NONE,
                         .take        = 7,
                         .role        = (uint8_t)role,
                         .answer_bars = 2,
                         .rules       = {.support =
                                     role == CN_ROLE_ACCOMPANY ? CN_SUPPORT_EQUAL : CN_SUPPORT_SUPPORT},
                         .timing      = (uint8_t)timing},
            .chords   = chords,
            .n_chords = n_chords,
            .n_bars   = N_BARS - 3};
        const uint32_t n = check(fixture, planner, &settings, is_given);
        if (n < 8) {
          fail_msg("role %u, timing %u: %u notes are too few to compare", role, timing, n);
        }
      }
    }
  }
}

static int
set_up(void** const state)
{
  const char* const path = cn_scratch_own("plan.safetensors");
  Fixture* const    self = (Fixture*)calloc(1, sizeof(Fixture));
  uint8_t*          data = NULL;
  size_t            size = 0;
  *state                 = self;
  for (unsigned i = 0; i < N_MODELS; ++i) {
    const CnDistance distance = (CnDistance)(i - 1U);
    if (!self || (i ? cn_tiny_attention(path, distance, 1) : cn_tiny_model(path, 1)) ||
        cn_file_read(path, MAX_SIZE, &data, &size) ||
        cn_model_load(data, size, &self->models[i], CN_NO_FAULT)) {
      return -1;
    }
    free(data);
    self->composers[i] = cn_composer_new(self->models[i]);
    if (!self->composers[i]) {
      return -1;
    }
  }
  if (cn_tiny_notebook(path, 1, CN_NOTEBOOK_BEATS) || cn_file_read(path, MAX_SIZE, &data, &size) ||
      cn_notebook_model_load(data, size, &self->notebook, CN_NO_FAULT)) {
    return -1;
  }
  free(data);
  self->notebook_composer = cn_notebook_composer_new(self->notebook);
  return remove(path) || !self->notebook_composer;
}

static int
tear_down(void** const state)
{
  Fixture* const self = (Fixture*)*state;
  for (unsigned i = 0; i < N_MODELS; ++i) {
    cn_composer_free(self->composers[i]);
    cn_model_free(self->models[i]);
  }
  cn_notebook_composer_free(self->notebook_composer);
  cn_notebook_model_free(self->notebook);
  free(self);
  return 0;
}

static void
test_same_requests(void** const state)
{
  const CnPlanner planner = fake_planner(1); // Its notes are a hash of all that it is asked
  check_roles((Fixture*)*state, &planner, false);
}

static void
test_same_notes_of_the_network(void** const state)
{
  Fixture* const self = (Fixture*)*state;
  for (unsigned i = 0; i < N_MODELS; ++i) {
    const CnPlanner planner = cn_composer_planner(self->composers[i]);
    check_roles(self, &planner, false);
    check_roles(self, &planner, true);
  }
}

// The engine goes back and forth, the command goes straight on: both have learnt the same
static void
test_same_notes_of_networks_that_learn_while_they_listen(void** const state)
{
  Fixture* const self = (Fixture*)*state;
  for (unsigned i = 0; i < N_MODELS; ++i) {
    cn_composer_free(self->composers[i]);
    cn_model_set_adaptation(self->models[i], 50);
    self->composers[i] = cn_composer_new(self->models[i]);
    assert_non_null(self->composers[i]);
    const CnPlanner planner = cn_composer_planner(self->composers[i]);
    check_roles(self, &planner, false);
    check_roles(self, &planner, true);
  }
}

static void
test_same_notes_of_the_notebook(void** const state)
{
  Fixture* const  self    = (Fixture*)*state;
  const CnPlanner planner = cn_notebook_composer_planner(self->notebook_composer);
  check_roles(self, &planner, false);
  check_roles(self, &planner, true);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_requests),
      cmocka_unit_test(test_same_notes_of_the_network),
      cmocka_unit_test(test_same_notes_of_networks_that_learn_while_they_listen),
      cmocka_unit_test(test_same_notes_of_the_notebook),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
