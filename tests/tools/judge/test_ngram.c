// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/small_corpus.h"

#include "tools/judge/ngram.h"

#include "dsp/base/random.h"
#include "dsp/music/vocabulary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_NOTES = 200, N_PIECES = 22 };

/// Pieces of one length that learn, but for the last two
typedef struct {
  CnCorpus corpus;
  CnPiece  pieces[N_PIECES];
  CnNote   notes[N_PIECES][N_NOTES];
} Fixture;

static int
setup(void** const state)
{
  Fixture* const fixture                     = calloc(1, sizeof(Fixture));
  fixture->corpus.pieces                     = fixture->pieces;
  fixture->corpus.n_pieces                   = N_PIECES;
  fixture->corpus.n_in_split[CN_SPLIT_TRAIN] = N_PIECES - 2;
  CnRandom random                            = cn_random(7, 0, 0, 0, 0);
  for (unsigned p = 0; p < N_PIECES; ++p) {
    fixture->pieces[p] = (CnPiece){.notes   = fixture->notes[p],
                                   .n_notes = N_NOTES,
                                   .split   = p < N_PIECES - 2 ? CN_SPLIT_TRAIN : CN_SPLIT_TEST};
    for (unsigned i = 0; i < N_NOTES; ++i) {
      fixture->notes[p][i] = (CnNote){.onset    = 12 * (int32_t)i,
                                      .duration = i % 2 ? 6 : 18,
                                      .bar      = {0, 96},
                                      .pitch    = (uint8_t)(60 + i % 3),
                                      .velocity = (uint8_t)(8 * cn_random_below(&random, 8) + 32)};
    }
  }
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  free(*state);
  return 0;
}

static void
test_probabilities_sum_to_one_whatever_came_before(void** const state)
{
  CnSmallCorpus small;
  cn_small_corpus_init(&small);
  CnNgram* const ngram = cn_ngram_new(&small.corpus);
  (void)state;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    const unsigned n = (unsigned)cn_factor_classes((CnFactor)f);
    for (unsigned context = 0; context < (n + 1) * (n + 1); ++context) {
      const uint8_t before[2] = {(uint8_t)(context / (n + 1)), (uint8_t)(context % (n + 1))};
      float         p[CN_MAX_CLASSES];
      double        sum = 0.0;
      cn_ngram_predict(ngram, (CnFactor)f, before, p);
      for (unsigned i = 0; i < n; ++i) {
        assert_true(p[i] > 0.0F);
        sum += (double)p[i];
      }
      assert_true(fabs(sum - 1.0) < 1e-5);
    }
  }
  cn_ngram_free(ngram);
}

// One piece leaves none to learn the weights from: each of the four has a quarter
static void
test_a_small_piece_is_mixed_as_by_hand(void** const state)
{
  Fixture* const       fixture               = *state;
  static const uint8_t pitches[]             = {60, 62, 60, 62, 60, 64};
  fixture->corpus.n_pieces                   = 1;
  fixture->corpus.n_in_split[CN_SPLIT_TRAIN] = 1;
  fixture->pieces[0].n_notes                 = 6;
  for (unsigned i = 0; i < 6; ++i) {
    fixture->notes[0][i].pitch = pitches[i];
  }
  CnNgram* const ngram     = cn_ngram_new(&fixture->corpus);
  const uint8_t  before[2] = {62 - CN_PITCH_MIN, 60 - CN_PITCH_MIN};
  const uint8_t  unseen[2] = {3, 4};
  float          p[CN_MAX_CLASSES];
  // Counted are the five notes that have one before: 62 60 62 60 64; after 60 came 62 62 64, after 62 60 also
  // 62 and 64
  cn_ngram_predict(ngram, CN_FACTOR_PITCH, before, p);
  assert_true(fabs((double)p[62 - CN_PITCH_MIN] - 0.25 * (1.0 / 2 + 2.0 / 3 + 2.0 / 5 + 1.0 / 88)) < 1e-6);
  assert_true(fabs((double)p[64 - CN_PITCH_MIN] - 0.25 * (1.0 / 2 + 1.0 / 3 + 1.0 / 5 + 1.0 / 88)) < 1e-6);
  assert_true(fabs((double)p[0] - 0.25 / 88) < 1e-6);
  // Who has never seen the context says what the order below says
  cn_ngram_predict(ngram, CN_FACTOR_PITCH, unseen, p);
  assert_true(fabs((double)p[62 - CN_PITCH_MIN] - 0.25 * (3 * 2.0 / 5 + 1.0 / 88)) < 1e-6);
  cn_ngram_free(ngram);
}

// The first note came after nothing, so that its dt stands before no other one
static void
test_the_first_dt_comes_after_nothing(void** const state)
{
  Fixture* const fixture                     = *state;
  fixture->corpus.n_pieces                   = 1;
  fixture->corpus.n_in_split[CN_SPLIT_TRAIN] = 1;
  fixture->pieces[0].n_notes                 = 6;
  fixture->notes[0][0].onset                 = 2; // Ten ticks before the second note; later ones have twelve
  CnNgram* const ngram                       = cn_ngram_new(&fixture->corpus);
  const uint8_t  before[2]                   = {CN_N_DTS, CN_N_DTS};
  float          p[CN_MAX_CLASSES];
  cn_ngram_predict(ngram, CN_FACTOR_DT, before, p);
  assert_true(fabs((double)p[10] - 0.25 * (1.0 + 1.0 + 1.0 / 5 + 1.0 / 97)) < 1e-6);
  cn_ngram_free(ngram);
}

static void
test_what_is_certain_is_learnt_and_noise_is_not(void** const state)
{
  Fixture* const  fixture = *state;
  CnNgram* const  ngram   = cn_ngram_new(&fixture->corpus);
  const CnScoring scoring = cn_ngram_score(ngram, &fixture->pieces[N_PIECES - 1], NULL);
  assert_int_equal((int)scoring.all.n_notes, N_NOTES - 1);
  assert_true(scoring.all.nll[CN_FACTOR_PITCH] / (N_NOTES - 1) < 0.1);
  assert_true(scoring.all.nll[CN_FACTOR_DURATION] / (N_NOTES - 1) < 0.1);
  assert_true(scoring.all.n_right >= N_NOTES - 3);
  // Velocities are drawn from eight at random: no context helps, and none may mislead by much
  assert_true(fabs(scoring.all.nll[CN_FACTOR_VELOCITY] / (N_NOTES - 1) - log(8.0)) < 0.03);
  assert_true(scoring.timing.absolute[CN_TIMING_DURATION] / (N_NOTES - 1) < 0.05);
  assert_true(scoring.non_repeat.n_notes == 0.0);
  cn_ngram_free(ngram);
}

static void
test_only_the_side_to_learn_from_is_looked_at(void** const state)
{
  Fixture* const fixture = *state;
  CnNgram* const before  = cn_ngram_new(&fixture->corpus);
  for (unsigned i = 0; i < N_NOTES; ++i) {
    fixture->notes[N_PIECES - 1][i].pitch    = 90;
    fixture->notes[N_PIECES - 1][i].duration = 96;
  }
  CnNgram* const  after = cn_ngram_new(&fixture->corpus);
  const CnScoring a     = cn_ngram_score(before, &fixture->pieces[0], NULL);
  const CnScoring b     = cn_ngram_score(after, &fixture->pieces[0], NULL);
  const CnScoring c     = cn_ngram_score_mean(before, &fixture->pieces[0]);
  const CnScoring d     = cn_ngram_score_mean(after, &fixture->pieces[0]);
  assert_memory_equal(&a, &b, sizeof(a));
  assert_memory_equal(&c.timing, &d.timing, sizeof(c.timing));
  cn_ngram_free(before);
  cn_ngram_free(after);
}

static void
test_velocities_that_nobody_played_are_not_learnt(void** const state)
{
  Fixture* const fixture = *state;
  for (unsigned p = 0; p < N_PIECES - 2; ++p) {
    fixture->pieces[p].is_notated = true;
  }
  CnNgram* const  ngram   = cn_ngram_new(&fixture->corpus);
  const CnScoring scoring = cn_ngram_score(ngram, &fixture->pieces[N_PIECES - 1], NULL);
  assert_true(fabs(scoring.all.nll[CN_FACTOR_VELOCITY] / (N_NOTES - 1) - log(32.0)) < 1e-4);
  assert_true(scoring.all.nll[CN_FACTOR_PITCH] / (N_NOTES - 1) < 0.1);
  cn_ngram_free(ngram);
}

// Half of the durations are 6, half 18 ticks, so the mean is a quarter of a beat from each
static void
test_the_mean_is_a_quarter_beat_wrong(void** const state)
{
  Fixture* const  fixture = *state;
  CnNgram* const  ngram   = cn_ngram_new(&fixture->corpus);
  const CnScoring scoring = cn_ngram_score_mean(ngram, &fixture->pieces[N_PIECES - 1]);
  const double    n       = scoring.timing.n_notes;
  assert_true(n == N_NOTES - 1);
  assert_true(fabs(scoring.timing.absolute[CN_TIMING_DURATION] / n - 0.25) < 0.002);
  assert_true(fabs(sqrt(scoring.timing.squared[CN_TIMING_DURATION] / n) - 0.25) < 0.002);
  assert_true(scoring.timing.absolute[CN_TIMING_STEP] < 1e-9);
  assert_true(isnan(scoring.all.nll[CN_FACTOR_PITCH]) && isnan(scoring.all.n_right));
  cn_ngram_free(ngram);
}

static void
test_repeats_are_told_as_the_evaluator_does(void** const state)
{
  Fixture* const   fixture = *state;
  CnNgram* const   ngram   = cn_ngram_new(&fixture->corpus);
  CnContext* const context = cn_context_new(N_NOTES);
  const CnScoring  first   = cn_ngram_score(ngram, &fixture->pieces[0], context);
  const CnScoring  second  = cn_ngram_score(ngram, &fixture->pieces[0], context);
  assert_int_equal((int)first.non_repeat.n_notes, 3 + 10); // One turn of the cycle, and ten steps more
  assert_memory_equal(&first, &second, sizeof(first));
  cn_context_free(context);
  cn_ngram_free(ngram);
}

static void
test_a_corpus_without_pieces_predicts_nothing_in_particular(void** const state)
{
  Fixture* const fixture                     = *state;
  fixture->corpus.n_pieces                   = 0;
  fixture->corpus.n_in_split[CN_SPLIT_TRAIN] = 0;
  CnNgram* const  ngram                      = cn_ngram_new(&fixture->corpus);
  const CnScoring scoring                    = cn_ngram_score(ngram, &fixture->pieces[0], NULL);
  assert_true(fabs(scoring.all.nll[CN_FACTOR_PITCH] / (N_NOTES - 1) - log(88.0)) < 1e-4);
  cn_ngram_free(ngram);
}

static void
test_failing_allocations_are_told(void** const state)
{
  Fixture* const fixture = *state;
  for (long n = 0; n < 3; ++n) {
    test_alloc_fail_at(n);
    CnNgram* const ngram = cn_ngram_new(&fixture->corpus);
    test_alloc_fail_at(-1);
    assert_null(ngram);
  }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_probabilities_sum_to_one_whatever_came_before),
      CASE(test_a_small_piece_is_mixed_as_by_hand),
      CASE(test_the_first_dt_comes_after_nothing),
      CASE(test_what_is_certain_is_learnt_and_noise_is_not),
      CASE(test_only_the_side_to_learn_from_is_looked_at),
      CASE(test_velocities_that_nobody_played_are_not_learnt),
      CASE(test_the_mean_is_a_quarter_beat_wrong),
      CASE(test_repeats_are_told_as_the_evaluator_does),
      CASE(test_a_corpus_without_pieces_predicts_nothing_in_particular),
      CASE(test_failing_allocations_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
