// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// The same music everywhere: each role performs one script in all conditions that hosts put a plugin in,
// and every note is compared with that of the plainest conditions, or of the pass before.  Prints a table.

#include "tests/support/fake_planner.h"
#include "tests/support/stage.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/base/hash.h"
#include "dsp/music/scale.h"
#include "dsp/network/composer.h"
#include "dsp/notebook/composer.h"
#include "tools/gradient/parameters.h"
#include "tools/learn/trainer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ATTENTION .cell = CN_CELL_ATTENTION, .hidden = 8, .head = 8, .layers = 2, .heads = 2, .window = 24
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define N_RUNS 17
#define FRAME_TOLERANCE 1.01 ///< [frames] within one of the truth
#define RAMP_TOLERANCE 1.25  ///< [frames] a host tells a new tempo at a whole frame, a part of one late
#define ROW "%-10s %-34s %7zu notes %4zu mismatches\n"

static const char* const role_names[CN_N_ROLES] = {"Continue", "Answer", "Accompany", "Solo"};

// The script

/// 4/4, slower in bar 3, 3/4 from bar 5, faster in bar 6, 6/8 from bar 8
static const StageMark marks[] = {
    {0, 120, 4, 4}, {8, 90, 4, 4}, {16, 90, 3, 4}, {19, 150, 3, 4}, {25, 150, 6, 8},
};

/// By hand: near the ticks, and never half way between two.  Some of it under a pedal's length, some of it
/// in the middle of answers
static const StageNote notes[] = {
    {0, 0.2, 20.1, 60, 80},  {0, 23.8, 11.0, 64, 70},  {0, 36.2, 9.8, 50, 90},   {0, 48.0, 30.3, 55, 60},
    {0, 48.2, 30.2, 71, 85}, {0, 70.1, 50.0, 45, 50},  {1, 230.2, 12.2, 52, 77}, {1, 245.8, 20.0, 47, 66},
    {1, 270.1, 9.1, 49, 66}, {1, 431.7, 12.2, 54, 77}, {1, 443.8, 20.0, 51, 66}, {1, 470.0, 40.2, 44, 90},
};

/// Runs whose notes are to be those of another run between two places
typedef struct {
  unsigned    run;
  unsigned    other;
  double      from; ///< [quarters]
  double      to;   ///< [quarters]
  const char* what;
} Repeat;

static const Repeat repeats[] = {
    {4, 1, 0, 28.3, "stop, and roll again"},    {6, 1, 0, 28.3, "the region plays again"},
    {7, 1, 12, 16, "a loop, first time"},       {8, 1, 12, 16, "a loop, second time"},
    {9, 1, 13.03, 14.51, "an odd loop, first"}, {10, 1, 13.03, 14.51, "an odd loop, second"},
    {11, 1, 4, 20, "a locate while it rolls"},  {14, 1, 0, 28.3, "saved, closed and opened"},
    {15, 1, 2, 14, "held, all knobs turned"},
};

static void
write_runs(StageRun runs[N_RUNS], const CnRole role)
{
  const StageRun all[N_RUNS] = {
      {.from = 0, .seconds = 0.2},
      {.from = 0, .to = 28.3, .phrases = 3}, // 1: played live
      {.from = 28.3, .seconds = 0.4},
      {.from = 0, .seconds = 0.2},
      {.from = 0, .to = 28.3}, // 4: nobody plays, but what was played stands
      {.from = 28.3, .seconds = 0.1},
      {.from = 0, .to = 28.3, .phrases = 3}, // 6: the region plays the same again
      {.from = 12, .to = 16},                // 7, 8: a loop
      {.from = 12, .to = 16},
      {.from = 13.03, .to = 14.51}, // 9, 10: a loop of any length
      {.from = 13.03, .to = 14.51},
      {.from = 4, .to = 20},
      {.from = 20, .seconds = 0.1},
      {.from = 0, .seconds = 0.1, .reopens = true},
      {.from = 0, .to = 28.3, .phrases = 3}, // 14: in the next session
      {.from = 2, .to = 14, .hold = true, .heat = 0.7F, .take = 5},
      {.from = 14, .seconds = 0.2},
  };
  for (size_t i = 0; i < N_RUNS; ++i) {
    runs[i]      = all[i];
    runs[i].role = all[i].hold ? (CnRole)((role + 1) % CN_N_ROLES) : role;
    runs[i].turn = 1;
  }
}

static StageScript
make_script(const StageRun* const runs, const size_t n_runs)
{
  return (StageScript){
      .marks   = marks,
      .n_marks = COUNT(marks),
      .runs    = runs,
      .n_runs  = n_runs,
      .notes   = notes,
      .n_notes = COUNT(notes),
      .channel = 1,
  };
}

static StageConditions
plain(void)
{
  return (StageConditions){.rate = 48000, .block = 64, .planner = fake_planner(7)};
}

static StageResult*
perform(const StageRun* const runs, const size_t n_runs, const StageConditions* const conditions)
{
  const StageScript  script = make_script(runs, n_runs);
  StageResult* const result = (StageResult*)malloc(sizeof(StageResult));
  assert_non_null(result);
  stage_perform(&script, conditions, result);
  assert_int_equal(result->n_faults, 0);
  assert_int_equal(result->n_doubled, 0);
  return result;
}

// Comparing

static void
print_pair(const StagePlayed* const a, const StagePlayed* const b)
{
  const StagePlayed* const pair[] = {a, b};
  for (size_t i = 0; i < 2; ++i) {
    printf("  run %u tick %d pitch %d velocity %d duration %d\n", pair[i]->run, pair[i]->onset,
           pair[i]->pitch, pair[i]->velocity, pair[i]->duration);
  }
}

static bool
is_same_note(const StagePlayed* const a, const StagePlayed* const b)
{
  return a->onset == b->onset && a->late == b->late && a->pitch == b->pitch && a->velocity == b->velocity &&
         a->duration == b->duration;
}

static size_t
count_mismatches(const StageResult* const a, const StageResult* const b)
{
  const size_t n          = a->n_notes < b->n_notes ? a->n_notes : b->n_notes;
  size_t       mismatches = a->n_notes + b->n_notes - 2 * n;
  for (size_t i = 0; i < n; ++i) {
    if (a->notes[i].run != b->notes[i].run || !is_same_note(&a->notes[i], &b->notes[i])) {
      if (++mismatches < 4) {
        print_pair(&a->notes[i], &b->notes[i]);
      }
    }
  }
  return mismatches;
}

static size_t
find_run(const StageResult* const result, const unsigned run)
{
  size_t i = 0;
  while (i < result->n_notes && result->notes[i].run < run) {
    ++i;
  }
  return i;
}

/// Compare a run with what another has in its place; a note that its end cuts may be shorter
static size_t
compare_runs(const StageResult* const result, const Repeat* const repeat, size_t* const n_compared)
{
  const size_t end        = find_run(result, repeat->run + 1);
  size_t       a          = find_run(result, repeat->run);
  size_t       mismatches = 0;
  *n_compared             = end - a;
  for (size_t b = find_run(result, repeat->other); b < find_run(result, repeat->other + 1); ++b) {
    StagePlayed   note = result->notes[b];
    const int32_t last = (int32_t)(repeat->to * CN_TICKS_PER_QUARTER + 0.5);
    if (note.onset < repeat->from * CN_TICKS_PER_QUARTER || note.onset >= repeat->to * CN_TICKS_PER_QUARTER) {
      continue;
    }
    const int32_t left = last > note.onset ? last - note.onset : 1;
    note.duration      = note.duration < left ? note.duration : left;
    if (a == end || !is_same_note(&result->notes[a], &note)) {
      if (a < end && ++mismatches < 4) {
        print_pair(&result->notes[a], &note);
      }
      mismatches += a == end;
    }
    a += a < end;
  }
  return mismatches + (end - a);
}

// Conditions

/// One way of hosting
typedef struct {
  const char*     name;
  StageConditions conditions;
} Hosting;

static const Hosting hostings[] = {
    {"blocks of 1 frame, 44.1 kHz", {.rate = 44100, .block = 1}},
    {"blocks of 16, 44.1 kHz", {.rate = 44100, .block = 16}},
    {"blocks of 64, 96 kHz", {.rate = 96000, .block = 64}},
    {"blocks of 1000, 48 kHz", {.rate = 48000, .block = 1000}},
    {"blocks of 4096, 44.1 kHz", {.rate = 44100, .block = 4096}},
    {"blocks of 4096, 192 kHz", {.rate = 192000, .block = 4096}},
    {"random blocks, 48 kHz", {.rate = 48000}},
    {"random blocks, split at locates", {.rate = 48000, .splits = true}},
    {"position on change only", {.rate = 48000, .block = 256, .on_change = true, .splits = true}},
    {"jitter of 0.0005 beats", {.rate = 48000, .block = 64, .jitter = 0.0005, .splits = true}},
    {"jitter, 44.1 kHz, random blocks", {.rate = 44100, .jitter = 0.0005, .splits = true}},
    {"an engine in its thread", {.rate = 48000, .block = 256, .threaded = true}},
    {"freewheeling", {.rate = 48000, .block = 512, .freewheeling = true}},
    {"freewheeling, blocks of 8192", {.rate = 48000, .block = 8192, .freewheeling = true}},
    {"freewheeling, engine in its thread", {.rate = 48000, .freewheeling = true, .threaded = true}},
};

static void
report(const CnRole role, const char* const what, const size_t n, const size_t mismatches)
{
  printf(ROW, role_names[role], what, n, mismatches);
  fflush(stdout);
}

static void
compare_with(const CnRole role, const StageRun* const runs, const StageResult* const reference,
             const char* const name, const StageConditions* const conditions)
{
  StageResult* const result     = perform(runs, N_RUNS, conditions);
  const size_t       mismatches = count_mismatches(reference, result);
  report(role, name, result->n_notes, mismatches);
  assert_int_equal(mismatches, 0);
  assert_int_equal(result->n_late, 0);
  if (conditions->jitter == 0.0) {
    assert_true(result->worst < FRAME_TOLERANCE);
  }
  free(result);
}

/// Compare the runs that are to be alike
static void
check_repeats(const CnRole role, const StageResult* const reference, const size_t n_least)
{
  for (size_t i = 0; i < COUNT(repeats); ++i) {
    size_t       n          = 0;
    const size_t mismatches = compare_runs(reference, &repeats[i], &n);
    report(role, repeats[i].what, n, mismatches);
    assert_int_equal(mismatches, 0);
    assert_true(n >= n_least);
  }
}

static void
check_role(const CnRole role)
{
  StageRun        runs[N_RUNS];
  StageConditions conditions = plain();
  write_runs(runs, role);
  StageResult* const reference = perform(runs, N_RUNS, &conditions);
  assert_true(reference->n_notes > 400);
  check_repeats(role, reference, 6);
  for (size_t i = 0; i < COUNT(hostings); ++i) {
    conditions         = hostings[i].conditions;
    conditions.planner = fake_planner(7);
    compare_with(role, runs, reference, hostings[i].name, &conditions);
  }
  conditions = (StageConditions){.rate = 48000, .block = 1000, .threaded = true, .planner = slow_planner(7)};
  compare_with(role, runs, reference, "an engine that dawdles", &conditions);
  free(reference);
}

static void
test_continue(void** const state)
{
  (void)state;
  check_role(CN_ROLE_CONTINUE);
}

static void
test_answer(void** const state)
{
  (void)state;
  check_role(CN_ROLE_ANSWER);
}

static void
test_accompany(void** const state)
{
  (void)state;
  check_role(CN_ROLE_ACCOMPANY);
}

static void
test_solo(void** const state)
{
  (void)state;
  check_role(CN_ROLE_SOLO);
}

// A network

/// A model with random weights that plays in nearly every segment
static CnModel*
make_model(const CnShape* const shape)
{
  CnLayout layout;
  assert_int_equal(cn_layout_init(&layout, shape), CN_STATUS_SUCCESS);
  float* const parameters = (float*)calloc(layout.n_parameters, sizeof(float));
  assert_non_null(parameters);
  cn_parameters_init(&layout, 3, parameters);
  float* const bias = parameters + layout.place[cn_head_weight(CN_FACTOR_DT, CN_HEAD_OUT_BIAS)].offset;
  for (unsigned dt = 0; dt < CN_N_DTS; ++dt) {
    bias[dt] = -0.2F * (float)dt;
  }
  CnModel* const model = cn_model_new(&layout, parameters);
  assert_non_null(model);
  free(parameters);
  return model;
}

static const CnRules free_rules = {.support = CN_SUPPORT_EQUAL};

static const CnRules some_rules = {.scale     = CN_SCALE_PLAYED,
                                   .lowest    = 40,
                                   .highest   = 90,
                                   .polyphony = 3,
                                   .loudness  = 80,
                                   .density   = 40,
                                   .length    = 10,
                                   .motion    = 40,
                                   .drift     = 6};

static const CnRules delivered = {.swing = 66, .humanise_ms = 30, .humanise_velocity = 10};

/// Compare a network's music in each role under some conditions
static void
check_network(const CnPlanner* const planner, const bool is_even, const CnRules rules, const size_t n_least)
{
  for (int role = 0; role < CN_N_ROLES; ++role) {
    StageRun        runs[N_RUNS];
    StageConditions conditions = plain();
    conditions.planner         = *planner;
    write_runs(runs, (CnRole)role);
    for (size_t i = 0; i < N_RUNS; ++i) {
      runs[i].is_even = is_even;
      runs[i].rules   = runs[i].hold ? free_rules : rules;
    }
    StageResult* const reference = perform(runs, N_RUNS, &conditions);
    assert_true(reference->n_notes > n_least);
    check_repeats((CnRole)role, reference, 0);
    conditions.block = 1000;
    conditions.rate  = 44100;
    compare_with((CnRole)role, runs, reference, "blocks of 1000", &conditions);
    conditions.freewheeling = true;
    conditions.block        = 4096;
    compare_with((CnRole)role, runs, reference, "freewheeling", &conditions);
    conditions.freewheeling = false;
    conditions.threaded     = true;
    conditions.jitter       = 0.0005;
    conditions.block        = 256;
    compare_with((CnRole)role, runs, reference, "in its thread, jitter", &conditions);
    free(reference);
  }
}

static void
test_network(void** const state)
{
  static const CnShape shapes[] = {
      {.cell = CN_CELL_LSTM, .hidden = 8, .head = 8},
      {ATTENTION},
      {ATTENTION, .distance = CN_DISTANCE_ROTARY},
      {ATTENTION, .distance = CN_DISTANCE_NOTES},
  };

  (void)state;
  for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
    CnModel* const    model    = make_model(&shapes[i]);
    CnComposer* const composer = cn_composer_new(model);
    assert_non_null(composer);
    const CnPlanner planner = cn_composer_planner(composer);
    printf("a network of Continuo's: %s by %s\n", cn_cell_name(shapes[i].cell),
           cn_distance_name(shapes[i].distance));
    check_network(&planner, false, free_rules, 200);
    printf("the same, timed evenly\n");
    check_network(&planner, true, free_rules, 50);
    printf("the same, by rules\n");
    check_network(&planner, false, some_rules, 20);
    cn_composer_free(composer);
    cn_model_free(model);
  }
}

static void
test_seed(void** const state)
{
  (void)state;
  CnNotebookModel* const    model    = cn_tiny_notebook_model(1, CN_NOTEBOOK_BEATS);
  CnNotebookComposer* const composer = cn_notebook_composer_new(model);
  assert_non_null(composer);
  const CnPlanner planner = cn_notebook_composer_planner(composer);
  printf("the notebook's networks\n");
  check_network(&planner, false, free_rules, 50);
  printf("the same, timed evenly\n");
  check_network(&planner, true, free_rules, 50);
  printf("the same, by rules\n");
  check_network(&planner, false, some_rules, 20);
  cn_notebook_composer_free(composer);
  cn_notebook_model_free(model);
}

/// A bar that is played another way, and leads into what follows it
static void
test_a_bar_that_leads(void** const state)
{
  enum { N_LED = 10 };

  // It stops off the eighths, so that as much of the bar behind is known in all conditions
  static const StageRun led[N_LED] = {
      {.from = 0, .seconds = 0.2},
      {.from = 0, .to = 20.2, .phrases = 1},
      {.from = 20.2, .seconds = 0.4, .sheet = "5:+1"},
      {.from = 0, .to = 28.3},
      {.from = 28.3, .seconds = 0.1},
      {.from = 0, .to = 28.3},
      {.from = 28.3, .seconds = 0.1},
      {.from = 0, .seconds = 0.1, .reopens = true},
      {.from = 0, .to = 28.3},
      {.from = 28.3, .seconds = 0.1},
  };
  static const Repeat alike[] = {{5, 3, 0, 28.3, "it leads again"}, {8, 3, 0, 28.3, "in the next session"}};

  (void)state;
  printf("leading\n");
  for (int role = 0; role < CN_N_ROLES; ++role) {
    StageRun        runs[N_LED];
    StageConditions conditions = plain();
    size_t          n          = 0;
    for (size_t i = 0; i < N_LED; ++i) {
      runs[i]      = led[i];
      runs[i].role = (CnRole)role;
      runs[i].turn = 1;
    }
    StageResult* const deaf      = perform(runs, N_LED, &conditions);
    conditions.planner           = leading_planner(7);
    StageResult* const reference = perform(runs, N_LED, &conditions);
    if (role == CN_ROLE_CONTINUE || role == CN_ROLE_SOLO) {
      assert_true(count_mismatches(deaf, reference) > 0);
    }
    for (size_t i = 0; i < COUNT(alike); ++i) {
      const size_t mismatches = compare_runs(reference, &alike[i], &n);
      report((CnRole)role, alike[i].what, n, mismatches);
      assert_int_equal(mismatches, 0);
    }
    for (size_t i = 0; i < COUNT(hostings); ++i) {
      conditions                    = hostings[i].conditions;
      conditions.planner            = leading_planner(7);
      StageResult* const result     = perform(runs, N_LED, &conditions);
      const size_t       mismatches = count_mismatches(reference, result);
      report((CnRole)role, hostings[i].name, result->n_notes, mismatches);
      assert_int_equal(mismatches, 0);
      free(result);
    }
    free(reference);
    free(deaf);
  }
}

/// The musician uses the pedal, and the continuation enters on beats
static void
test_pedals_and_entries(void** const state)
{
  (void)state;
  printf("with pedals\n");
  for (int role = 0; role < CN_N_ROLES; ++role) {
    StageRun        runs[N_RUNS];
    StageConditions conditions = plain();
    write_runs(runs, (CnRole)role);
    for (size_t i = 0; i < N_RUNS; ++i) {
      runs[i].pedals = runs[i].phrases != 0;
      runs[i].entry  = runs[i].hold ? CN_ENTRY_BAR : CN_ENTRY_BEAT;
    }
    StageResult* const reference = perform(runs, N_RUNS, &conditions);
    check_repeats((CnRole)role, reference, 6);
    conditions.block     = 1;
    conditions.rate      = 44100;
    conditions.on_change = true;
    compare_with((CnRole)role, runs, reference, "blocks of 1 frame, 44.1 kHz", &conditions);
    conditions       = plain();
    conditions.block = 4096;
    compare_with((CnRole)role, runs, reference, "blocks of 4096", &conditions);
    conditions.freewheeling = true;
    compare_with((CnRole)role, runs, reference, "freewheeling", &conditions);
    free(reference);
  }
}

/// Swing, and hands that are never exact: where the notes lie between ticks is the same, too
static void
test_deliveries(void** const state)
{
  static const StageConditions others[] = {
      {.rate = 44100, .block = 1000},
      {.rate = 96000, .block = 16},
      {.rate = 48000, .splits = true},
      {.rate = 48000, .block = 4096, .freewheeling = true},
      {.rate = 48000, .block = 256, .threaded = true},
  };
  (void)state;
  for (int role = 0; role < CN_N_ROLES; ++role) {
    StageRun        runs[N_RUNS];
    StageConditions conditions = plain();
    size_t          n_between  = 0;
    conditions.is_fine         = true;
    write_runs(runs, (CnRole)role);
    for (size_t i = 0; i < N_RUNS; ++i) {
      runs[i].rules = runs[i].hold ? free_rules : delivered;
    }
    StageResult* const reference = perform(runs, N_RUNS, &conditions);
    for (size_t i = 0; i < reference->n_notes; ++i) {
      n_between += reference->notes[i].late != 0;
    }
    assert_true(n_between > reference->n_notes / 2);
    for (size_t i = 0; i < COUNT(others); ++i) {
      conditions         = others[i];
      conditions.is_fine = true;
      conditions.planner = fake_planner(7);
      compare_with((CnRole)role, runs, reference, "between ticks", &conditions);
    }
    free(reference);
  }
}

// An hour

#define HOUR_MARKS 120

/// One note in each segment, wherever its hash has it
static CnStatus
plan_one(void* const handle, const CnPlanRequest* const request, CnNote* const written, uint32_t* const n)
{
  (void)handle;
  const uint64_t hash =
      cn_hash_mix(request->n_recent ? request->recent[0].pitch : 0, (uint32_t)request->segment);
  const int32_t at = request->segment * CN_SEGMENT_TICKS + (int32_t)(hash % CN_SEGMENT_TICKS);
  written[0] = (CnNote){.onset = at, .duration = 3, .pitch = (uint8_t)(40 + hash / 16 % 40), .velocity = 60};
  *n         = 1;
  return CN_STATUS_SUCCESS;
}

/// About 60 quarters each: faster and slower by degrees, in changing metres
static double
write_hour(StageMark hour[HOUR_MARKS])
{
  static const unsigned beats[] = {4, 3, 6, 5};
  double                quarter = 0.0;
  double                seconds = 0.0;
  for (size_t i = 0; i < HOUR_MARKS; ++i) {
    const size_t   section = i / 6; // A ramp of six steps, then another metre
    const unsigned n       = beats[section % 4];
    const double   bpm     = 90.0 + 11.37 * (double)(i % 6) + 3.1 * (double)(section % 7);
    const double   length  = 12.0 * n * (n == 6 ? 0.5 : 1.0);
    hour[i]                = (StageMark){quarter, bpm, n, n == 6 ? 8 : 4};
    quarter += length;
    seconds += length * 60.0 / bpm;
  }
  return quarter + (3600.0 - seconds) * hour[HOUR_MARKS - 1].bpm / 60.0;
}

static void
check_hour(const StageConditions* const given, const char* const name, const double tolerance,
           StageResult* const result)
{
  StageMark       hour[HOUR_MARKS];
  StageConditions conditions = *given;
  const double    end        = write_hour(hour);
  const StageRun  runs[]     = {{.from = 0, .seconds = 0.1, .role = CN_ROLE_SOLO},
                                {.from = 0, .to = end, .role = CN_ROLE_SOLO},
                                {.from = end, .seconds = 0.1, .role = CN_ROLE_SOLO}};
  StageScript     script     = make_script(runs, COUNT(runs));
  script.marks               = hour;
  script.n_marks             = HOUR_MARKS;
  script.n_notes             = 0;
  conditions.planner         = (CnPlanner){.plan = plan_one, .id = 1};
  stage_perform(&script, &conditions, result);
  printf("an hour    %-34s %7zu notes, off by %.2f frames at most\n", name, result->n_notes, result->worst);
  assert_int_equal(result->n_faults, 0);
  assert_int_equal(result->n_late, 0);
  assert_true(result->n_notes > 10000);
  assert_true(result->worst < tolerance);
}

static void
test_hour_without_drift(void** const state)
{
  (void)state;
  StageResult* const a = (StageResult*)malloc(sizeof(StageResult));
  StageResult* const b = (StageResult*)malloc(sizeof(StageResult));
  assert_non_null(a);
  assert_non_null(b);
  const StageConditions each     = {.rate = 48000, .block = 1024};
  const StageConditions changes  = {.rate = 44100, .block = 4096, .on_change = true, .splits = true};
  const StageConditions jittered = {.rate = 48000, .block = 1024, .jitter = 0.0005};
  check_hour(&each, "position each cycle", RAMP_TOLERANCE, a);
  check_hour(&changes, "position on change, 44.1 kHz", RAMP_TOLERANCE, b);
  assert_int_equal(count_mismatches(a, b), 0);
  check_hour(&jittered, "jitter of 0.0005 beats", 20.0, b);
  assert_int_equal(count_mismatches(a, b), 0);
  free(a);
  free(b);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_continue),         cmocka_unit_test(test_answer),
      cmocka_unit_test(test_accompany),        cmocka_unit_test(test_solo),
      cmocka_unit_test(test_network),          cmocka_unit_test(test_seed),
      cmocka_unit_test(test_a_bar_that_leads), cmocka_unit_test(test_pedals_and_entries),
      cmocka_unit_test(test_deliveries),       cmocka_unit_test(test_hour_without_drift),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
