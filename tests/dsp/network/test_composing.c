// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What a composer does with a request and with what the network says, by networks that were wired by
  hand: all weights are zero but for a few, so that their wishes are known.
*/

#include "dsp/base/random.h"
#include "dsp/music/chord.h"
#include "dsp/network/composer.h"
#include "dsp/network/context.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { HISTORY = 40, TAKES = 40, FAVOURITE = 66, SURE = 30 };

static const CnParams some_params = {
    .temperature = 1.0F, .top_p = 1.0F, .motif = 1.0F, .chord = CN_CHORD_NONE, .take = 1};

typedef struct {
  CnLayout layout;
  float*   parameters;
} Wiring;

typedef struct {
  Wiring      wiring;
  CnModel*    model;
  CnComposer* composer;
} Fixture;

// Make a class more likely, always
static void
like(Wiring* const wiring, const CnFactor factor, const unsigned output, const float nats)
{
  wiring->parameters[wiring->layout.place[cn_head_weight(factor, CN_HEAD_OUT_BIAS)].offset + output] = nats;
}

// Make a class more likely where a row of the head's table is among the inputs
static void
like_when(Wiring* const wiring, const CnFactor factor, const unsigned row, const unsigned output,
          const float nats)
{
  const CnLayout* const layout = &wiring->layout;
  const size_t          D      = layout->shape.head;
  wiring->parameters[layout->place[cn_head_weight(factor, CN_HEAD_TABLE)].offset + D * row]  = 1.0F;
  wiring->parameters[layout->place[cn_head_weight(factor, CN_HEAD_OUT)].offset + D * output] = nats;
}

// Go on with motifs, by 24 nats, or else play a key that is in none of them
static void
like_motifs(Wiring* const wiring)
{
  like(wiring, CN_FACTOR_PITCH, 90 - CN_PITCH_MIN, 15.0F);
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    like(wiring, CN_FACTOR_PITCH, CN_N_PITCHES + m, 8.0F);
  }
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  Wiring* const  wiring  = &fixture->wiring;
  assert_int_equal(cn_layout_init(&wiring->layout, &(CnShape){.cell = CN_CELL_GRU, .hidden = 8, .head = 8}),
                   CN_STATUS_SUCCESS);
  wiring->parameters = calloc(wiring->layout.n_parameters, sizeof(float));
  like(wiring, CN_FACTOR_DT, 12, SURE); // One note a segment
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_composer_free(fixture->composer);
  cn_model_free(fixture->model);
  free(fixture->wiring.parameters);
  free(fixture);
  return 0;
}

// The wiring is done
static CnComposer*
switch_on(Fixture* const fixture)
{
  fixture->model    = cn_model_new(&fixture->wiring.layout, fixture->wiring.parameters);
  fixture->composer = cn_composer_new(fixture->model);
  assert_non_null(fixture->composer);
  return fixture->composer;
}

static CnNote
make_note(const int32_t onset, const unsigned pitch)
{
  return (CnNote){.onset    = onset,
                  .duration = 12,
                  .bar      = cn_bar_place((CnBar){0, 96}, onset),
                  .pitch    = (uint8_t)pitch,
                  .velocity = 64};
}

// Eighths without any motif
static void
make_history(CnNote notes[HISTORY])
{
  CnRandom random = cn_random(4, 0, 0, 0, 0);
  for (int32_t i = 0; i < HISTORY; ++i) {
    notes[i] = make_note(12 * i, 30 + cn_random_below(&random, 60));
  }
}

static unsigned
loop_pitch(const uint32_t i)
{
  return 50 + (i % 5) * (i % 5);
}

// The first note of a segment; there must be one
static CnNote
plan_first(CnComposer* const composer, const CnPlanRequest* const request)
{
  CnNote   notes[CN_SEGMENT_NOTES];
  uint32_t n = 0;
  assert_int_equal(cn_composer_plan(composer, request, notes, &n), CN_STATUS_SUCCESS);
  assert_true(n > 0);
  return notes[0];
}

// In how many of TAKES takes the segment after the history begins with the favourite key
static unsigned
count_favourites(CnComposer* const composer, const CnParams* const params, const CnBar bar)
{
  CnNote notes[HISTORY];
  make_history(notes);
  unsigned n = 0;
  for (uint32_t take = 1; take <= TAKES; ++take) {
    CnPlanRequest request = {
        .segment = HISTORY, .bar = bar, .params = *params, .history = notes, .n_history = HISTORY};
    request.params.take = take;
    n += plan_first(composer, &request).pitch == FAVOURITE;
  }
  return n;
}

// Whether the composer goes on with a loop of five notes, after `n` notes of it
static bool
follows_loop(CnComposer* const composer, const CnParams* const params, const uint32_t n)
{
  CnNote notes[200];
  assert_true(n <= 200);
  for (uint32_t i = 0; i < n; ++i) {
    notes[i] = make_note((int32_t)(12 * i), loop_pitch(i));
  }
  const CnPlanRequest request = {
      .segment = (int32_t)n, .bar = {0, 96}, .params = *params, .history = notes, .n_history = n};
  return plan_first(composer, &request).pitch == loop_pitch(n);
}

static void
test_loops_are_discouraged(void** const state)
{
  Fixture* const fixture = *state;
  like_motifs(&fixture->wiring);
  CnComposer* const composer = switch_on(fixture);
  CnParams          params   = some_params;
  for (params.take = 1; params.take <= TAKES; ++params.take) {
    assert_true(follows_loop(composer, &params, 20));   // The fifth time
    assert_false(follows_loop(composer, &params, 200)); // The forty-first
  }
}

static void
test_motif_share_is_that_of_bars(void** const state)
{
  Fixture* const fixture = *state;
  like_motifs(&fixture->wiring);
  CnComposer* const composer = switch_on(fixture);
  CnParams          params   = some_params;
  unsigned          n_half   = 0;
  for (params.take = 1; params.take <= TAKES; ++params.take) {
    params.motif = 0.0F;
    assert_false(follows_loop(composer, &params, 18));
    params.motif = 1.0F;
    assert_true(follows_loop(composer, &params, 18));
    params.motif       = 0.5F;
    const bool follows = follows_loop(composer, &params, 16);
    for (uint32_t n = 17; n < 24; ++n) { // The whole bar
      assert_int_equal(follows_loop(composer, &params, n), follows);
    }
    n_half += follows;
  }
  assert_in_range(n_half, TAKES / 4, TAKES - TAKES / 4);
}

static void
test_temperature_and_nucleus_make_it_safer(void** const state)
{
  Fixture* const fixture = *state;
  like(&fixture->wiring, CN_FACTOR_PITCH, FAVOURITE - CN_PITCH_MIN, 2.0F); // One note in twelve
  CnComposer* const composer = switch_on(fixture);
  const CnBar       bar      = {0, 96};
  CnParams          params   = some_params;
  assert_true(count_favourites(composer, &params, bar) < TAKES / 2);
  params.temperature = 0.05F;
  assert_int_equal(count_favourites(composer, &params, bar), TAKES);
  params.temperature = 1.0F;
  params.top_p       = 0.01F;
  assert_int_equal(count_favourites(composer, &params, bar), TAKES);
}

static void
test_network_is_told_the_chord(void** const state)
{
  Fixture* const fixture = *state;
  CnParams       params  = some_params;
  params.chord           = 2; // D major, which has the favourite key
  like_when(&fixture->wiring, CN_FACTOR_PITCH, CN_PITCH_CHORD + 2, FAVOURITE - CN_PITCH_MIN, SURE);
  CnComposer* const composer = switch_on(fixture);
  assert_int_equal(count_favourites(composer, &params, (CnBar){0, 96}), TAKES);
  params.chord = CN_CHORD_NONE;
  assert_true(count_favourites(composer, &params, (CnBar){0, 96}) < TAKES / 4);
}

// What the chord changes of its mind is taken up to three times
static void
test_guidance_tells_the_chord_louder(void** const state)
{
  Fixture* const fixture  = *state;
  CnParams       params   = some_params;
  params.chord            = 2; // D major, which has the favourite key
  params.rules.chord_rule = CN_CHORD_RULE_NONE;
  like_when(&fixture->wiring, CN_FACTOR_PITCH, CN_PITCH_CHORD + 2, FAVOURITE - CN_PITCH_MIN, 2.0F);
  CnComposer* const composer  = switch_on(fixture);
  const unsigned    hinted    = count_favourites(composer, &params, (CnBar){0, 96});
  params.rules.chord_guidance = 50;
  const unsigned twice        = count_favourites(composer, &params, (CnBar){0, 96});
  params.rules.chord_guidance = 100;
  const unsigned three_times  = count_favourites(composer, &params, (CnBar){0, 96});
  assert_true(hinted < twice && twice < three_times);
  params.chord = CN_CHORD_NONE; // There is nothing to tell
  assert_true(count_favourites(composer, &params, (CnBar){0, 96}) <= hinted);
}

// A tone that the chord has more than the one that every network knows, and the bass
static void
test_network_is_told_more_tones(void** const state)
{
  Fixture* const        fixture   = *state;
  const CnLayout* const layout    = &fixture->wiring.layout;
  const size_t          D         = layout->shape.head;
  float* const          table     = fixture->wiring.parameters + layout->place[CN_WEIGHT_CHORD].offset;
  CnParams              params    = some_params;
  params.rules.chord_rule         = CN_CHORD_RULE_NONE;
  table[D * (CN_CHORD_MORE + 11)] = 1.0F; // B
  table[D * (CN_CHORD_BASS + 9)]  = 1.0F; // A
  fixture->wiring.parameters[layout->place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_OUT)].offset +
                             D * (FAVOURITE - CN_PITCH_MIN)] = SURE;
  CnComposer* const composer                                 = switch_on(fixture);
  params.chord                                               = cn_chord_parse("Am9");
  assert_int_equal(count_favourites(composer, &params, (CnBar){0, 96}), TAKES);
  params.chord = cn_chord_parse("Db/A");
  assert_int_equal(count_favourites(composer, &params, (CnBar){0, 96}), TAKES);
  params.chord = cn_chord_parse("Am7");
  assert_true(count_favourites(composer, &params, (CnBar){0, 96}) < TAKES / 4);
}

// Like a key in each of the TAKES segments after the history, led into what follows or not
static unsigned
count_led(CnComposer* const composer, const CnFollowing* const following, const uint8_t pitch)
{
  CnNote   notes[HISTORY];
  unsigned n = 0;
  make_history(notes);
  for (uint32_t take = 1; take <= TAKES; ++take) {
    CnPlanRequest request = {.segment   = HISTORY,
                             .bar       = {0, 96},
                             .params    = some_params,
                             .history   = notes,
                             .n_history = HISTORY,
                             .following = following};
    request.params.take   = take;
    n += plan_first(composer, &request).pitch == pitch;
  }
  return n;
}

// A top key in the bar before, and what it makes of it: nothing beyond the line, or where it has not learnt
// to
static void
test_network_leads_into_what_follows(void** const state)
{
  enum { IN_THE_BAR = 2, TOP = 72 };

  Fixture* const        fixture   = *state;
  const CnLayout* const layout    = &fixture->wiring.layout;
  const size_t          D         = layout->shape.head;
  float* const          table     = fixture->wiring.parameters + layout->place[CN_WEIGHT_FOLLOWING].offset;
  CnFollowing           following = {.line = 12 * HISTORY + 60, .bass = 40, .top = TOP};
  CnComposer*           composer  = switch_on(fixture);
  assert_false(cn_composer_planner(composer).leads);
  unsigned untold = count_led(composer, NULL, FAVOURITE);
  assert_int_equal(count_led(composer, &following, FAVOURITE), untold);
  cn_composer_free(composer);
  cn_model_free(fixture->model);

  table[D * (CN_FOLLOWING_TOP + CN_N_PITCHES * IN_THE_BAR + TOP - CN_PITCH_MIN)] = 1.0F;
  fixture->wiring.parameters[layout->place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_OUT)].offset +
                             D * (FAVOURITE - CN_PITCH_MIN)]                     = SURE;
  composer                                                                       = switch_on(fixture);
  assert_true(cn_composer_planner(composer).leads);
  assert_int_equal(count_led(composer, &following, FAVOURITE), TAKES);
  untold = count_led(composer, NULL, FAVOURITE); // Weights that know of it are sampled in another way
  assert_in_range(untold, 0, TAKES / 2);
  following.top = TOP + 1; // Of which it knows nothing
  assert_int_equal(count_led(composer, &following, FAVOURITE), untold);
  following.top  = TOP;
  following.line = 12 * HISTORY; // No longer ahead
  assert_int_equal(count_led(composer, &following, FAVOURITE), untold);
}

// What it makes of what follows counts twice
static void
test_what_follows_speaks_louder_than_was_learnt(void** const state)
{
  Fixture* const        fixture   = *state;
  const CnLayout* const layout    = &fixture->wiring.layout;
  const size_t          D         = layout->shape.head;
  float* const          table     = fixture->wiring.parameters + layout->place[CN_WEIGHT_FOLLOWING].offset;
  const CnFollowing     following = {.line = 12 * HISTORY + 60, .bass = 40, .top = 72};
  table[D * (CN_FOLLOWING_BASS + CN_N_PITCHES * 2 + 40 - CN_PITCH_MIN)] = 1.0F;
  fixture->wiring.parameters[layout->place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_OUT)].offset +
                             D * (FAVOURITE - CN_PITCH_MIN)] =
      4.5F; // By that it is every other key, by twice that nearly each
  CnComposer* const composer = switch_on(fixture);
  assert_true(count_led(composer, &following, FAVOURITE) > TAKES * 9 / 10);
}

// A network that was taught no other chords plays them as the nearest that it knows
static void
test_older_networks_hear_the_nearest_chord(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[HISTORY];
  make_history(notes);
  like_when(&fixture->wiring, CN_FACTOR_PITCH, CN_PITCH_CHORD + 14, FAVOURITE - CN_PITCH_MIN, 3.0F);
  CnComposer* const composer = switch_on(fixture);
  for (uint32_t take = 0; take < TAKES; ++take) {
    CnPlanRequest request = {
        .segment = HISTORY, .bar = {0, 96}, .params = some_params, .history = notes, .n_history = HISTORY};
    request.params.take             = take;
    request.params.rules.chord_rule = CN_CHORD_RULE_NONE;
    request.params.chord            = cn_chord_parse("Dm9/C");
    const CnNote asked              = plan_first(composer, &request);
    request.params.chord            = cn_chord_parse("Dm");
    const CnNote nearest            = plan_first(composer, &request);
    assert_memory_equal(&asked, &nearest, sizeof(asked));
  }
}

static void
test_network_is_told_the_bar_of_the_request(void** const state)
{
  enum { SIX_EIGHTHS = CN_PITCH_METRE + 24 + 16 + 5 };

  Fixture* const fixture = *state;
  like_when(&fixture->wiring, CN_FACTOR_PITCH, SIX_EIGHTHS, FAVOURITE - CN_PITCH_MIN, SURE);
  CnComposer* const composer = switch_on(fixture);
  assert_int_equal(count_favourites(composer, &some_params, (CnBar){0, 72}), TAKES);
  assert_true(count_favourites(composer, &some_params, (CnBar){0, 96}) < TAKES / 4);
}

static void
test_notes_have_their_place_in_the_bar_of_the_request(void** const state)
{
  CnComposer* const composer = switch_on(*state);
  CnNote            notes[HISTORY];
  make_history(notes);
  const CnPlanRequest request = {
      .segment = HISTORY, .bar = {36, 72}, .params = some_params, .history = notes, .n_history = HISTORY};
  const CnNote note = plan_first(composer, &request);
  assert_int_equal(note.bar.length, 72);
  assert_int_equal(note.bar.offset, (note.onset - 36) % 72);
}

// The same history, some bars later: all that differs is the number of the segment
static void
test_segments_have_their_own_random_numbers(void** const state)
{
  CnComposer* const composer = switch_on(*state);
  unsigned          n_same   = 0;
  uint8_t           first    = 0;
  for (int32_t bar = 0; bar < TAKES; ++bar) {
    CnNote notes[HISTORY];
    make_history(notes);
    for (unsigned i = 0; i < HISTORY; ++i) {
      notes[i].onset += 96 * bar;
    }
    const CnPlanRequest request = {.segment   = HISTORY + 8 * bar,
                                   .bar       = {0, 96},
                                   .params    = some_params,
                                   .history   = notes,
                                   .n_history = HISTORY};
    const uint8_t       pitch   = plan_first(composer, &request).pitch;
    first                       = bar ? first : pitch;
    n_same += pitch == first;
  }
  assert_true(n_same < TAKES / 4);
}

// The network would have liked a note before the segment best, but there was none
static void
test_next_onset_is_what_is_left_of_the_wishes(void** const state)
{
  Fixture* const fixture = *state;
  like(&fixture->wiring, CN_FACTOR_DT, 12, 0.0F);
  like(&fixture->wiring, CN_FACTOR_DT, 3, 2 * SURE);
  like(&fixture->wiring, CN_FACTOR_DT, 9, SURE);
  CnComposer* const composer = switch_on(fixture);
  CnNote            notes[HISTORY];
  make_history(notes);
  const int32_t start      = 12 * HISTORY;
  notes[HISTORY - 1].onset = start - 5;
  for (uint32_t take = 1; take <= TAKES; ++take) {
    CnPlanRequest request = {
        .segment = HISTORY, .bar = {0, 96}, .params = some_params, .history = notes, .n_history = HISTORY};
    request.params.take = take;
    assert_int_equal(plan_first(composer, &request).onset, start - 5 + 9);
  }
}

// Share of our notes on the favourite key, when the musician strikes another one after each of them
static void
test_drones_are_held_back_beside_the_musician(void** const state)
{
  enum { N = 160 };

  Fixture* const fixture = *state;
  like(&fixture->wiring, CN_FACTOR_DT, 12, 0.0F);
  like(&fixture->wiring, CN_FACTOR_DT, 11, SURE);
  like(&fixture->wiring, CN_FACTOR_PITCH, FAVOURITE - CN_PITCH_MIN, 8.0F); // 97 % of all, were it left alone
  CnComposer* const composer = switch_on(fixture);
  CnNote            notes[2 * N + 1];
  uint32_t          n    = 0;
  unsigned          n_on = 0;
  notes[n++]             = make_note(1, 60);
  for (int32_t segment = 1; segment <= N; ++segment) {
    const CnPlanRequest request = {
        .segment = segment, .bar = {0, 96}, .params = some_params, .history = notes, .n_history = n};
    const CnNote note = plan_first(composer, &request);
    n_on += note.pitch == FAVOURITE;
    notes[n++] = note;
    notes[n++] = make_note(note.onset + 1, 40 + (unsigned)segment % 7);
  }
  assert_in_range(n_on, N / 4, 3 * N / 4);
}

static void
test_planner_is_known_by_its_model(void** const state)
{
  Fixture* const      fixture = *state;
  const CnPlanner     planner = cn_composer_planner(switch_on(fixture));
  const CnPlanRequest none    = {.segment = 5, .bar = {0, 96}, .params = some_params};
  CnNote              notes[CN_SEGMENT_NOTES];
  uint32_t            n = 9;
  assert_int_equal(planner.plan(planner.handle, &none, notes, &n), CN_STATUS_SUCCESS);
  assert_int_equal(n, 0);
  assert_true(planner.id == cn_model_id(fixture->model));

  like(&fixture->wiring, CN_FACTOR_PITCH, 0, 1.0F);
  CnModel* const other = cn_model_new(&fixture->wiring.layout, fixture->wiring.parameters);
  assert_true(planner.id != cn_model_id(other));
  cn_model_free(other);
}

// Of the bars that are the ninth after the phrase some begin as it does, by the take, if motifs may come
static void
test_bars_of_the_phrase_come_again(void** const state)
{
  enum { BAR = 8, FIRST = HISTORY + BAR * 96 / CN_SEGMENT_TICKS };

  Fixture* const fixture = *state;
  CnNote         notes[HISTORY + 1];
  unsigned       n = 0;
  like_motifs(&fixture->wiring);
  CnComposer* const composer = switch_on(fixture);
  make_history(notes);
  for (uint32_t take = 1; take <= TAKES; ++take) {
    CnPlanRequest request = {
        .segment = FIRST, .bar = {0, 96}, .params = some_params, .history = notes, .n_history = HISTORY};
    request.params.take = take;
    notes[HISTORY]      = plan_first(composer, &request);
    const bool comes    = notes[HISTORY].pitch == notes[0].pitch;
    request.segment     = FIRST + 1;
    request.n_history   = HISTORY + 1;
    assert_int_equal(plan_first(composer, &request).pitch == notes[1].pitch, comes); // And go on so
    request.params.motif = 0.0F;
    request.segment      = FIRST;
    request.n_history    = HISTORY;
    assert_int_not_equal(plan_first(composer, &request).pitch, notes[0].pitch);
    n += comes;
  }
  assert_in_range(n, TAKES / 10, TAKES / 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_loops_are_discouraged),
      CASE(test_motif_share_is_that_of_bars),
      CASE(test_temperature_and_nucleus_make_it_safer),
      CASE(test_network_is_told_the_chord),
      CASE(test_guidance_tells_the_chord_louder),
      CASE(test_network_is_told_more_tones),
      CASE(test_network_leads_into_what_follows),
      CASE(test_what_follows_speaks_louder_than_was_learnt),
      CASE(test_older_networks_hear_the_nearest_chord),
      CASE(test_network_is_told_the_bar_of_the_request),
      CASE(test_notes_have_their_place_in_the_bar_of_the_request),
      CASE(test_segments_have_their_own_random_numbers),
      CASE(test_next_onset_is_what_is_left_of_the_wishes),
      CASE(test_drones_are_held_back_beside_the_musician),
      CASE(test_planner_is_known_by_its_model),
      CASE(test_bars_of_the_phrase_come_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
