// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The even way to time: means that were reckoned by hand, a grid without drift, and what a composer makes
  of them.
*/

#include "dsp/compose/pulse.h"
#include "dsp/network/composer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 2000, SEGMENTS = 64 };

static CnNote
make_note(const int32_t onset, const int32_t duration, const uint8_t pitch)
{
  return (CnNote){.onset    = onset,
                  .duration = duration,
                  .bar      = cn_bar_place((CnBar){0, 96}, onset),
                  .pitch    = pitch,
                  .velocity = 70};
}

// Steps 0, 10, 25, 0: 35 in 4 steps.  Durations 10, 11, 5, 30, 31: 87 in 5, which is 17.4
static uint32_t
write_phrase(CnNote* const notes, const int32_t start)
{
  notes[0] = make_note(start, 10, 48);
  notes[1] = make_note(start, 11, 60);
  notes[2] = make_note(start + 10, 5, 62);
  notes[3] = make_note(start + 35, 30, 52);
  notes[4] = make_note(start + 35, 31, 64);
  return 5;
}

static void
assert_pulse(const CnPulse* const pulse, const CnPulse expected)
{
  assert_int_equal(pulse->anchor, expected.anchor);
  assert_int_equal(pulse->span, expected.span);
  assert_int_equal(pulse->n_steps, expected.n_steps);
  assert_int_equal(pulse->duration, expected.duration);
}

static void
test_means_are_those_of_the_phrase(void** const state)
{
  (void)state;
  CnNote         notes[8];
  CnPulse        pulse;
  const uint32_t n = write_phrase(notes, 100);
  assert_true(cn_pulse_find(notes, n, &pulse));
  assert_pulse(&pulse, (CnPulse){135, 35, 4, 17});
  assert_true(cn_pulse_find(notes + 2, 2, &pulse)); // 5 and 30: 17.5, which goes up
  assert_pulse(&pulse, (CnPulse){135, 25, 1, 18});
  notes[4].duration = 40000; // No planner's notes are that long
  assert_true(cn_pulse_find(notes, n, &pulse));
  assert_pulse(&pulse, (CnPulse){135, 35, 4, CN_OWN_DURATION_MAX});
}

static void
test_phrase_begins_after_a_gap(void** const state)
{
  (void)state;
  CnNote   notes[16];
  CnPulse  pulse;
  uint32_t n = write_phrase(notes, 0);
  n += write_phrase(notes + n, 35 + CN_PHRASE_GAP + 1);
  assert_true(cn_pulse_find(notes, n, &pulse));
  assert_pulse(&pulse, (CnPulse){167, 35, 4, 17});

  n = write_phrase(notes, 0);
  n += write_phrase(notes + n, 35 + CN_PHRASE_GAP); // Not a gap: 35 + 96 + 35 in 9 steps, 174 in 10 notes
  assert_true(cn_pulse_find(notes, n, &pulse));
  assert_pulse(&pulse, (CnPulse){166, 166, 9, 17});
}

static void
test_phrase_has_fifty_notes_at_most(void** const state)
{
  (void)state;
  CnNote  notes[60];
  CnPulse pulse;
  for (int32_t i = 0; i < 60; ++i) { // Ten of step 20 and duration 40, then fifty of 7 and 9
    notes[i] = i < 10 ? make_note(20 * i, 40, 60) : make_note(200 + 7 * (i - 10), 9, 62);
  }
  assert_true(cn_pulse_find(notes, 60, &pulse));
  assert_pulse(&pulse, (CnPulse){200 + 49 * 7, 49 * 7, 49, 9});
}

static void
test_only_the_musician_counts(void** const state)
{
  (void)state;
  CnNote   notes[8];
  CnPulse  pulse;
  uint32_t n       = write_phrase(notes, 0);
  notes[n]         = make_note(50, 200, 70);
  notes[n++].part  = CN_PART_CONTINUO;
  notes[n]         = make_note(300, 200, 70);
  notes[n++].part  = CN_PART_CONTINUO;
  const CnPulse by = {35, 35, 4, 17};
  assert_true(cn_pulse_find(notes, n, &pulse));
  assert_pulse(&pulse, by);
  assert_false(cn_pulse_find(notes + 5, 2, &pulse));
}

static void
test_chord_alone_has_no_pulse(void** const state)
{
  (void)state;
  CnNote  notes[8];
  CnPulse pulse;
  write_phrase(notes, 0);
  assert_false(cn_pulse_find(notes, 0, &pulse));
  assert_false(cn_pulse_find(notes, 1, &pulse));
  assert_false(cn_pulse_find(notes, 2, &pulse));
  assert_true(cn_pulse_find(notes, 3, &pulse));
}

// Six notes within two ticks: a step would be 0.4 of a tick, and is a whole one
static void
test_steps_advance_by_a_tick_at_least(void** const state)
{
  (void)state;
  CnNote  notes[6];
  CnPulse pulse;
  for (int32_t i = 0; i < 6; ++i) {
    notes[i] = make_note(i / 2, 0, (uint8_t)(60 + i));
  }
  assert_true(cn_pulse_find(notes, 6, &pulse));
  assert_pulse(&pulse, (CnPulse){2, 5, 5, 1});
  for (int32_t tick = 2; tick < 20; ++tick) {
    assert_int_equal(cn_pulse_next(&pulse, tick, 0), tick + 1);
  }
}

// Steps of 8.75 from 135 on: 143.75, 152.5, 161.25, 170, ...; halves go up
static void
test_grid_is_exact(void** const state)
{
  (void)state;
  static const int32_t grid[] = {144, 153, 161, 170, 179, 188, 196, 205};
  const CnPulse        pulse  = {135, 35, 4, 17};
  int32_t              last   = 135;
  for (unsigned k = 0; k < 8; ++k) {
    last = (int32_t)cn_pulse_next(&pulse, last, 0);
    assert_int_equal(last, grid[k]);
  }
  assert_int_equal(cn_pulse_next(&pulse, 140, 161), 161);
  assert_int_equal(cn_pulse_next(&pulse, 140, 162), 170);
  assert_int_equal(cn_pulse_next(&pulse, 161, 161), 170);
  assert_int_equal(cn_pulse_next(&pulse, 0, 0), 4); // Before the anchor, too: 135 - 15 * 8.75 = 3.75
}

static void
test_grid_does_not_drift(void** const state)
{
  (void)state;
  const CnPulse pulse = {1000, 100, 7, 5};
  int32_t       last  = 1000;
  for (int64_t k = 1; k <= 100000; ++k) {
    last = (int32_t)cn_pulse_next(&pulse, last, last + 1);
    assert_true(llabs(7 * (int64_t)(last - 1000) - 100 * k) <= 3); // Half a tick is 3.5 sevenths
  }
  assert_int_equal(cn_pulse_next(&pulse, last, 2000000000), 2000000000); // 139999930 steps after
}

// A composer

typedef struct {
  CnModel*    model;
  CnComposer* composer;
  CnNote      notes[ROOM];
  uint32_t    n;
} Fixture;

// A network without any wishes
static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  CnLayout       layout;
  assert_int_equal(cn_layout_init(&layout, &(CnShape){.cell = CN_CELL_GRU, .hidden = 8, .head = 8}),
                   CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  fixture->model          = cn_model_new(&layout, parameters);
  fixture->composer       = cn_composer_new(fixture->model);
  assert_non_null(fixture->composer);
  free(parameters);
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_composer_free(fixture->composer);
  cn_model_free(fixture->model);
  free(fixture);
  return 0;
}

// Compose segment after segment
static void
compose(Fixture* const fixture, const CnPlanner* const planner, const CnTimingMode timing,
        const int32_t first)
{
  for (int32_t segment = first; segment < first + SEGMENTS; ++segment) {
    const CnPlanRequest request = {
        .segment   = segment,
        .bar       = {0, 96},
        .params    = {.temperature = 1.0F,
                      .top_p       = 1.0F,
                      .motif       = 1.0F,
                      .chord       = CN_CHORD_NONE,
                      .take        = 1,
                      .timing      = (uint8_t)timing},
        .history   = fixture->notes,
        .n_history = fixture->n,
    };
    uint32_t n = 0;
    assert_int_equal(planner->plan(planner->handle, &request, fixture->notes + fixture->n, &n),
                     CN_STATUS_SUCCESS);
    fixture->n += n;
  }
}

// All notes of the composer stand where the grid has them, one after the other, none left out
static void
check_even(Fixture* const fixture, const CnPlanner* const planner)
{
  const int32_t first = 5;
  fixture->n          = write_phrase(fixture->notes, 0);
  compose(fixture, planner, CN_TIMING_AVERAGE, first);
  int64_t k = 3; // 35 + 3 * 8.75 is 61.25, the first in segment 5
  for (uint32_t i = 5; i < fixture->n; ++i, ++k) {
    assert_int_equal(fixture->notes[i].onset, 35 + (k * 35 * 2 + 4) / 8);
    assert_int_equal(fixture->notes[i].duration, 17);
    assert_int_equal(fixture->notes[i].bar.offset, fixture->notes[i].onset % 96);
  }
  assert_true(35 + (k * 35 * 2 + 4) / 8 >= (first + SEGMENTS) * CN_SEGMENT_TICKS);
}

static void
test_composer_keeps_the_grid(void** const state)
{
  Fixture* const  fixture = *state;
  const CnPlanner planner = cn_composer_planner(fixture->composer);
  check_even(fixture, &planner);
}

// Nobody played, or one chord only: the model's own timing
static void
test_composer_has_its_own_timing_without_a_phrase(void** const state)
{
  Fixture* const  fixture = *state;
  const CnPlanner planner = cn_composer_planner(fixture->composer);
  fixture->n              = 2;
  write_phrase(fixture->notes, 0);
  compose(fixture, &planner, CN_TIMING_MODEL, 3);
  CnNote* const  notes = malloc(sizeof(fixture->notes));
  const uint32_t n     = fixture->n;
  memcpy(notes, fixture->notes, sizeof(fixture->notes));
  fixture->n = 2;
  compose(fixture, &planner, CN_TIMING_AVERAGE, 3);
  assert_int_equal(fixture->n, n);
  assert_true(n > 5);
  assert_memory_equal(fixture->notes, notes, n * sizeof(CnNote));
  free(notes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_means_are_those_of_the_phrase),
      cmocka_unit_test(test_phrase_begins_after_a_gap),
      cmocka_unit_test(test_phrase_has_fifty_notes_at_most),
      cmocka_unit_test(test_only_the_musician_counts),
      cmocka_unit_test(test_chord_alone_has_no_pulse),
      cmocka_unit_test(test_steps_advance_by_a_tick_at_least),
      cmocka_unit_test(test_grid_is_exact),
      cmocka_unit_test(test_grid_does_not_drift),
      CASE(test_composer_keeps_the_grid),
      CASE(test_composer_has_its_own_timing_without_a_phrase),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
