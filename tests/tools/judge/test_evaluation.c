// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"

#include "tools/judge/evaluation.h"

#include "dsp/base/random.h"
#include "dsp/music/chord.h"
#include "dsp/network/context.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PERIOD = 14, N_SCALE = 60, FAVOURITE = 57 };

typedef struct {
  CnSmallCorpus small;
  CnLayout      layout;
  float*        parameters;
  CnModel*      model;
  uint32_t      adaptation; // Of the model
} Fixture;

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  cn_small_corpus_init(&fixture->small);
  assert_int_equal(cn_layout_init(&fixture->layout, &(CnShape){.cell = CN_CELL_LSTM, .hidden = 8, .head = 8}),
                   CN_STATUS_SUCCESS);
  fixture->parameters = calloc(fixture->layout.n_parameters, sizeof(float));
  *state              = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_model_free(fixture->model);
  free(fixture->parameters);
  free(fixture);
  return 0;
}

static CnEvaluator*
new_evaluator(Fixture* const fixture)
{
  cn_model_free(fixture->model);
  fixture->model = cn_model_new(&fixture->layout, fixture->parameters);
  cn_model_set_adaptation(fixture->model, fixture->adaptation);
  CnEvaluator* const evaluator = cn_evaluator_new(fixture->model, CN_SMALL_NOTES);
  assert_non_null(evaluator);
  return evaluator;
}

static CnScoring
score_once(Fixture* const fixture, const CnPiece* const piece, const bool motif)
{
  CnEvaluator* const evaluator = new_evaluator(fixture);
  const CnScoring    scoring   = cn_evaluator_score(evaluator, piece, motif, false, 0);
  cn_evaluator_free(evaluator);
  return scoring;
}

static void
like(Fixture* const fixture, const CnFactor factor, const unsigned output, const float nats)
{
  const CnWeightPlace* const bias = &fixture->layout.place[cn_head_weight(factor, CN_HEAD_OUT_BIAS)];
  fixture->parameters[bias->offset + output] = nats;
}

// Scales up and down in eighths
static CnPiece
make_scales(CnNote notes[N_SCALE])
{
  static const uint8_t steps[8] = {0, 2, 4, 5, 7, 9, 11, 12};
  for (unsigned i = 0; i < N_SCALE; ++i) {
    const unsigned place = i % PERIOD;
    notes[i]             = (CnNote){.onset    = 12 * (int32_t)i,
                                    .duration = 12,
                                    .bar      = cn_bar_place((CnBar){0, 96}, 12 * (int32_t)i),
                                    .pitch    = (uint8_t)(60 + steps[place < 8 ? place : PERIOD - place]),
                                    .velocity = 64};
  }
  return (CnPiece){.notes = notes, .n_notes = N_SCALE};
}

static void
fill_randomly(Fixture* const fixture)
{
  CnRandom random = cn_random(3, 0, 0, 0, 0);
  for (size_t i = 0; i < fixture->layout.n_parameters; ++i) {
    fixture->parameters[i] = cn_random_uniform(&random) - 0.5F;
  }
}

static void
check_that_pieces_leave_no_trace(Fixture* const fixture)
{
  CnScoring alone[3];
  fill_randomly(fixture);
  for (unsigned p = 0; p < 3; ++p) {
    alone[p] = score_once(fixture, &fixture->small.pieces[p], true);
  }
  CnEvaluator* const evaluator = new_evaluator(fixture);
  CnScoring          sum       = {.all = {.n_notes = 0.0}};
  CnScoring          expected  = sum;
  for (unsigned p = 0; p < 3; ++p) {
    const CnScoring scoring = cn_evaluator_score(evaluator, &fixture->small.pieces[p], true, false, 0);
    assert_memory_equal(&scoring, &alone[p], sizeof(scoring));
    cn_scoring_add(&sum, &scoring);
    cn_scoring_add(&expected, &alone[p]);
  }
  assert_memory_equal(&sum, &expected, sizeof(sum));
  assert_true(sum.all.n_notes == 3 * (CN_SMALL_NOTES - 1));
  assert_true(sum.non_repeat.n_notes < sum.all.n_notes);
  cn_evaluator_free(evaluator);
}

static void
test_one_piece_leaves_no_trace_in_the_next(void** const state)
{
  Fixture* const fixture = *state;
  check_that_pieces_leave_no_trace(fixture);
  fixture->adaptation = 300;
  check_that_pieces_leave_no_trace(fixture);
}

// Scales that go on and on are soon expected by a network that knows nothing, if it learns while it listens
static void
test_scales_are_learnt_while_it_listens(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[N_SCALE];
  const CnPiece  scales = make_scales(notes);
  fill_randomly(fixture);
  const CnScoring held   = score_once(fixture, &scales, false);
  fixture->adaptation    = 300;
  const CnScoring learnt = score_once(fixture, &scales, false);
  assert_true(cn_loss_mean(&learnt.all) < 0.8 * cn_loss_mean(&held.all));
}

// Score a piece by its chords, or by the nearest ones that every network knows
static CnScoring
score_chords(Fixture* const fixture, const bool nearest)
{
  CnPiece piece = fixture->small.pieces[0];
  int16_t chords[CN_SMALL_NOTES];
  for (unsigned i = 0; i < CN_SMALL_NOTES; ++i) {
    chords[i] = (int16_t)(nearest ? cn_chord_nearest(piece.chords[i]) : piece.chords[i]);
  }
  piece.chords                 = chords;
  CnEvaluator* const evaluator = new_evaluator(fixture);
  const CnScoring    scoring   = cn_evaluator_score(evaluator, &piece, true, true, 0);
  cn_evaluator_free(evaluator);
  return scoring;
}

// Weights that have never heard of other chords, as all begin that are trained from older ones
static void
test_other_chords_begin_as_the_nearest(void** const state)
{
  Fixture* const             fixture = *state;
  const CnWeightPlace* const place   = &fixture->layout.place[CN_WEIGHT_CHORD];
  fill_randomly(fixture);
  const CnScoring learnt  = score_chords(fixture, false);
  const CnScoring nearest = score_chords(fixture, true);
  assert_true(fabs(learnt.all.nll[CN_FACTOR_PITCH] - nearest.all.nll[CN_FACTOR_PITCH]) > 0.1);
  memset(fixture->parameters + place->offset, 0, (size_t)place->rows * place->columns * sizeof(float));
  const CnScoring begun = score_chords(fixture, false);
  const CnScoring old   = score_chords(fixture, true);
  assert_memory_equal(&begun, &old, sizeof(begun));
}

static void
test_chords_are_told_if_asked(void** const state)
{
  Fixture* const fixture = *state;
  fill_randomly(fixture);
  const CnScoring hidden = score_once(fixture, &fixture->small.pieces[0], true);
  const CnScoring told   = score_chords(fixture, false);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    const bool is_same = hidden.all.nll[f] == told.all.nll[f];
    assert_int_equal(is_same, f != CN_FACTOR_PITCH);
  }
}

// What follows is told to all heads up to the last of its lines, and to nothing without
static void
test_what_follows_is_told_if_asked(void** const state)
{
  Fixture* const fixture = *state;
  const CnPiece* piece   = &fixture->small.pieces[0];
  fill_randomly(fixture);
  CnEvaluator* const evaluator = new_evaluator(fixture);
  const CnScoring    hidden    = cn_evaluator_score(evaluator, piece, true, false, 0);
  const CnScoring    told      = cn_evaluator_score(evaluator, piece, true, false, 2);
  const CnScoring    never     = cn_evaluator_score(evaluator, piece, true, false, 9999);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    assert_true(fabs(hidden.all.nll[f] - told.all.nll[f]) > 0.01);
  }
  assert_memory_equal(&hidden, &never, sizeof(never));
  cn_evaluator_free(evaluator);
}

// Without any wish, all classes are alike, but for those that are impossible in a chord
static void
test_nats_of_ignorance_are_those_of_the_classes(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[N_SCALE];
  CnPiece        piece = make_scales(notes);
  double         pitch = 0.0;
  notes[20].onset      = notes[19].onset; // A chord upwards: the notes below are impossible
  notes[20].pitch      = notes[19].pitch + 3;
  for (unsigned i = 1; i < N_SCALE; ++i) {
    pitch += log(i == 20 ? (double)(CN_PITCH_MAX - notes[19].pitch) : 88.0);
  }
  const CnLoss loss = score_once(fixture, &piece, true).all;
  assert_true(fabs(loss.nll[CN_FACTOR_DT] - (N_SCALE - 1) * log(97.0)) < 1e-3);
  assert_true(fabs(loss.nll[CN_FACTOR_PITCH] - pitch) < 1e-3);
  assert_true(fabs(loss.nll[CN_FACTOR_DURATION] - (N_SCALE - 1) * log(42.0)) < 1e-3);
  assert_true(fabs(loss.nll[CN_FACTOR_VELOCITY] - (N_SCALE - 1) * log(32.0)) < 1e-3);
}

// A model that always guesses one key is right where that key comes, other than at the start
static void
test_right_guesses_are_counted(void** const state)
{
  Fixture* const       fixture = *state;
  const CnPiece* const piece   = &fixture->small.pieces[1];
  like(fixture, CN_FACTOR_PITCH, FAVOURITE - CN_PITCH_MIN, 1.0F);
  unsigned n = 0;
  for (unsigned i = 1; i < piece->n_notes; ++i) {
    n += piece->notes[i].pitch == FAVOURITE;
  }
  const CnLoss loss = score_once(fixture, piece, true).all;
  assert_true(n > 0 && n < piece->n_notes / 2);
  assert_int_equal((unsigned)loss.n_right, n);
}

// All classes alike mean 48 ticks for a step; who likes one class by far predicts its time
static void
test_timing_is_predicted_by_the_mean(void** const state)
{
  Fixture* const      fixture = *state;
  CnNote              notes[N_SCALE];
  const CnPiece       piece  = make_scales(notes);
  const CnTimingError unsure = score_once(fixture, &piece, true).timing;
  assert_true(unsure.n_notes == N_SCALE - 1);
  assert_true(fabs(unsure.absolute[CN_TIMING_STEP] / unsure.n_notes - (48.0 - 12.0) / 24.0) < 1e-3);

  like(fixture, CN_FACTOR_DT, 12, 40.0F);
  like(fixture, CN_FACTOR_DURATION, cn_duration_class(18), 40.0F);
  const CnTimingError sure = score_once(fixture, &piece, true).timing;
  assert_true(sure.absolute[CN_TIMING_STEP] < 1e-3);
  assert_true(fabs(sure.absolute[CN_TIMING_DURATION] / sure.n_notes - 0.25) < 1e-3);
  assert_true(fabs(sure.squared[CN_TIMING_DURATION] / sure.n_notes - 0.0625) < 1e-3);
}

// A scale's first turn and ten steps more are new; from then on it repeats itself
static void
test_repeats_are_told_from_what_is_new(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[N_SCALE];
  const CnPiece  piece = make_scales(notes);
  like(fixture, CN_FACTOR_DT, 12, 1.0F);
  const CnScoring scoring = score_once(fixture, &piece, true);
  const double    nats    = log(96.0 + exp(1.0)) - 1.0; // Of each eighth
  assert_int_equal((unsigned)scoring.all.n_notes, N_SCALE - 1);
  assert_int_equal((unsigned)scoring.non_repeat.n_notes, PERIOD + 10);
  assert_true(fabs(scoring.all.nll[CN_FACTOR_DT] - (N_SCALE - 1) * nats) < 1e-3);
  assert_true(fabs(scoring.non_repeat.nll[CN_FACTOR_DT] - (PERIOD + 10) * nats) < 1e-3);
}

static void
test_hidden_motifs_do_not_help(void** const state)
{
  Fixture* const fixture = *state;
  CnNote         notes[N_SCALE];
  const CnPiece  piece = make_scales(notes);
  like(fixture, CN_FACTOR_PITCH, CN_N_PITCHES + 2, 20.0F); // Go on with a motif of ten
  const CnScoring shown  = score_once(fixture, &piece, true);
  const CnScoring hidden = score_once(fixture, &piece, false);
  assert_true(fabs(hidden.all.nll[CN_FACTOR_PITCH] - (N_SCALE - 1) * log(88.0)) < 1e-3);
  assert_true(fabs(shown.all.nll[CN_FACTOR_PITCH] - (PERIOD + 10) * log(88.0)) < 1e-3);
  assert_int_equal((unsigned)shown.non_repeat.n_notes, (unsigned)hidden.non_repeat.n_notes);
}

static void
test_velocities_that_nobody_played_do_not_count(void** const state)
{
  Fixture* const  fixture = *state;
  CnPiece         piece   = fixture->small.pieces[0];
  const CnScoring played  = score_once(fixture, &piece, true);
  piece.is_notated        = true;
  const CnScoring written = score_once(fixture, &piece, true);

  const double others = cn_loss_factor(&played.all, CN_FACTOR_DT) +
                        cn_loss_factor(&played.all, CN_FACTOR_PITCH) +
                        cn_loss_factor(&played.all, CN_FACTOR_DURATION);
  assert_true(cn_loss_factor(&played.all, CN_FACTOR_VELOCITY) > 3.0);
  assert_true(fabs(cn_loss_mean(&written.all) - others) < 1e-9);

  CnLoss both = played.all; // Half of the notes have a velocity: its mean is that of these
  cn_loss_add(&both, &written.all);
  assert_true(fabs(cn_loss_mean(&both) - cn_loss_mean(&played.all)) < 1e-9);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_other_chords_begin_as_the_nearest),
      CASE(test_chords_are_told_if_asked),
      CASE(test_what_follows_is_told_if_asked),
      CASE(test_one_piece_leaves_no_trace_in_the_next),
      CASE(test_scales_are_learnt_while_it_listens),
      CASE(test_nats_of_ignorance_are_those_of_the_classes),
      CASE(test_right_guesses_are_counted),
      CASE(test_timing_is_predicted_by_the_mean),
      CASE(test_repeats_are_told_from_what_is_new),
      CASE(test_hidden_motifs_do_not_help),
      CASE(test_velocities_that_nobody_played_do_not_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
