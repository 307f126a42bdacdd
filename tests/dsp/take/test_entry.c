// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// Where the continuation takes over: phrases that end on every tick of a bar, in several metres, with short
// and with very long last notes, each continued by networks that know nothing.  Prints a table of waits.

#include "tests/support/tiny_notebook.h"

#include "dsp/network/composer.h"
#include "dsp/notebook/composer.h"
#include "dsp/take/engine.h"
#include "dsp/take/role.h"
#include "tools/gradient/parameters.h"
#include "tools/learn/trainer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// How a phrase ends
typedef struct {
  int32_t     bar;  ///< [ticks] length of a bar
  int32_t     last; ///< [ticks] length of the last note
  int32_t     end;  ///< [ticks] where it ends
  const char* name;
} Ending;

static const Ending endings[] = {
    {96, 6, 0, "4/4"},
    {72, 6, 0, "3/4 and 6/8"},
    {60, 3, 0, "5/8"},
    {96, 150, 0, "4/4, fermata"},
    {72, 400, 0, "6/8, fermata"},
};

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
play(CnEngine* const engine, const int32_t onset, const int32_t end, const unsigned pitch, const uint16_t bar)
{
  const CnCommand on = {.kind     = CN_COMMAND_ON,
                        .tick     = onset,
                        .played   = onset,
                        .pitch    = (uint8_t)pitch,
                        .velocity = 80,
                        .bar      = {0, bar}};
  tell(engine, on);
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = end, .pitch = (uint8_t)pitch});
}

/// [ticks] where the continuation of a phrase begins
static int32_t
find_entry(const CnPlanner* const planner, const Ending* const ending, const CnEntry entry,
           const bool is_even)
{
  CnEngine* const engine = cn_engine_new();
  const int32_t   first  = ending->end - ending->last;
  const uint16_t  bar    = (uint16_t)ending->bar;
  int32_t         onset  = -1;
  assert_non_null(engine);
  assert_int_equal(cn_engine_set_planner(engine, planner), CN_STATUS_SUCCESS);
  for (int32_t i = 4; i > 0; --i) {
    play(engine, first - 12 * i, first - 12 * i + 11, 60 + 2 * (unsigned)i, bar);
  }
  play(engine, first, ending->end, 60, bar);
  for (int32_t k = cn_segment_at(first); onset < 0 && k < cn_segment_at(ending->end) + 40; ++k) {
    CnSegment segment;
    tell(engine, (CnCommand){.kind    = CN_COMMAND_PLAN,
                             .segment = k,
                             .bar     = {k * CN_SEGMENT_TICKS / bar * bar, bar},
                             .params  = {.take        = 1,
                                         .temperature = 1.0F,
                                         .top_p       = 1.0F,
                                         .motif       = 0.5F,
                                         .chord       = CN_CHORD_NONE,
                                         .entry       = (uint8_t)entry,
                                         .timing      = is_even ? CN_TIMING_AVERAGE : CN_TIMING_MODEL}});
    assert_true(cn_timeline_read(cn_engine_timeline(engine), k, &segment));
    onset = segment.n_notes > 0 ? k * CN_SEGMENT_TICKS + segment.notes[0].offset : -1;
  }
  cn_engine_free(engine);
  return onset;
}

/// Check all that end like one, on each tick of two bars
static void
check_ending(const CnPlanner* const planner, const char* const who, Ending ending, const CnEntry entry,
             const bool is_even)
{
  const int32_t beat = ending.bar % CN_TICKS_PER_QUARTER ? 12 : CN_TICKS_PER_QUARTER;
  const int32_t grid = entry == CN_ENTRY_BAR ? ending.bar : entry == CN_ENTRY_BEAT ? beat : 1;
  int32_t       sum  = 0;
  int32_t       most = 0;
  for (int32_t i = 0; i < 2 * ending.bar; ++i) {
    ending.end           = 480 * ending.bar / 60 + i;
    const int32_t onset  = find_entry(planner, &ending, entry, is_even);
    const int32_t wait   = onset - ending.end;
    const int32_t latest = entry == CN_ENTRY_AT_ONCE ? CN_ENTRY_TICKS : CN_REST_TICKS + grid - 1;
    assert_in_range(wait, CN_REST_TICKS, latest);
    assert_int_equal(onset % grid, 0);
    sum += wait;
    most = wait > most ? wait : most;
  }
  printf("%-9s %-6s entry %d  %-14s mean %.2f beats, at most %.2f\n", who, is_even ? "evenly" : "",
         (int)entry, ending.name, sum / (2.0 * ending.bar * CN_TICKS_PER_QUARTER),
         most / (double)CN_TICKS_PER_QUARTER);
}

/// A model with random weights, to which all onsets are alike, so that it would often come late
static CnModel*
make_model(void)
{
  const CnShape shape = {.cell = CN_CELL_LSTM, .hidden = 8, .head = 8};
  CnLayout      layout;
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  float* const parameters = (float*)calloc(layout.n_parameters, sizeof(float));
  assert_non_null(parameters);
  cn_parameters_init(&layout, 3, parameters);
  CnModel* const model = cn_model_new(&layout, parameters);
  assert_non_null(model);
  free(parameters);
  return model;
}

static void
check_planner(const CnPlanner* const planner, const char* const who)
{
  for (size_t i = 0; i < COUNT(endings); ++i) {
    for (int entry = 0; entry < CN_N_ENTRIES; ++entry) {
      check_ending(planner, who, endings[i], (CnEntry)entry, false);
      check_ending(planner, who, endings[i], (CnEntry)entry, true);
    }
  }
}

static void
test_network_enters(void** const state)
{
  (void)state;
  CnModel* const    model    = make_model();
  CnComposer* const composer = cn_composer_new(model);
  assert_non_null(composer);
  const CnPlanner planner = cn_composer_planner(composer);
  check_planner(&planner, "network");
  cn_composer_free(composer);
  cn_model_free(model);
}

static void
test_notebook_enters(void** const state)
{
  (void)state;
  CnNotebookModel* const    model    = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  CnNotebookComposer* const composer = cn_notebook_composer_new(model);
  assert_non_null(composer);
  const CnPlanner planner = cn_notebook_composer_planner(composer);
  check_planner(&planner, "notebook");
  cn_notebook_composer_free(composer);
  cn_notebook_model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_network_enters),
      cmocka_unit_test(test_notebook_enters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
