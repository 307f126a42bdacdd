// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"

#include "tools/gradient/parameters.h"
#include "tools/judge/evaluation.h"
#include "tools/learn/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_STEPS = 400, PER_EPOCH = CN_SMALL_TRAIN * CN_SMALL_NOTES / (8 * 16) };

static const CnRecipe some_recipe = {.shape      = {.cell = CN_CELL_LSTM, .hidden = 8, .head = 8},
                                     .n_threads  = 1,
                                     .n_streams  = 8,
                                     .n_steps    = 16,
                                     .seed       = 1,
                                     .epochs     = 4.0,
                                     .rate       = 0.01F,
                                     .clip       = 1.0F,
                                     .hide_motif = 0.5F,
                                     .hide_chord = 0.4F};

typedef struct {
  CnSmallCorpus small;
  CnLayout      layout;
  float*        parameters; // The result
  float*        best;       // What was best when it was told
  uint64_t      most_steps; // The run is ended after so many
  CnProgress    steps[MAX_STEPS];
  size_t        n_steps;
} Run;

static int
setup(void** const state)
{
  Run* const run = calloc(1, sizeof(Run));
  cn_small_corpus_init(&run->small);
  assert_int_equal(cn_layout_init(&run->layout, &some_recipe.shape), CN_STATUS_SUCCESS);
  run->parameters = calloc(run->layout.n_parameters, sizeof(float));
  run->best       = calloc(run->layout.n_parameters, sizeof(float));
  *state          = run;
  return 0;
}

static int
teardown(void** const state)
{
  Run* const run = *state;
  free(run->parameters);
  free(run->best);
  free(run);
  return 0;
}

static bool
take_progress(void* const handle, const CnProgress* const progress)
{
  Run* const run = handle;
  assert_true(run->n_steps < MAX_STEPS);
  run->steps[run->n_steps++] = *progress;
  if (progress->is_validated && progress->is_best) {
    memcpy(run->best, progress->best, run->layout.n_parameters * sizeof(float));
  }
  return run->n_steps < run->most_steps;
}

// Train for `most_steps` at most, and keep what was told
static void
train(Run* const run, const CnRecipe* const recipe, const uint64_t most_steps)
{
  run->n_steps    = 0;
  run->most_steps = most_steps;
  assert_int_equal(cn_train(&run->small.corpus, recipe, &run->layout, take_progress, run, run->parameters),
                   CN_STATUS_SUCCESS);
}

// Go on from what was kept; the trainer is to be freed
static CnTrainer*
go_on(Run* const run, const CnRecipe* const recipe)
{
  CnTrainer* trainer = NULL;
  run->n_steps       = 0;
  run->most_steps    = MAX_STEPS;
  assert_int_equal(cn_trainer_new(&run->small.corpus, recipe, &run->layout, &trainer), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_start_from(trainer, run->parameters), CN_STATUS_SUCCESS);
  assert_int_equal(cn_trainer_run(trainer, take_progress, run), CN_STATUS_SUCCESS);
  return trainer;
}

static void
check_near(const double a, const double b, const double relative)
{
  if (!(fabs(a - b) <= relative * fabs(b))) {
    fail_msg("%g is not near %g", a, b);
  }
}

static void
test_rate_warms_up_and_falls_as_a_cosine(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.warmup     = 6;
  train(run, &recipe, MAX_STEPS);
  assert_int_equal(run->n_steps, 4 * PER_EPOCH);
  for (size_t s = 0; s < run->n_steps; ++s) {
    const double done   = (double)s / (4.0 * PER_EPOCH);
    const double warmup = s + 1 < 6 ? ((double)s + 1.0) / 6.0 : 1.0;
    const double fall   = 0.02 + 0.98 * 0.5 * (1.0 + cos(3.14159265358979 * done));
    check_near((double)run->steps[s].rate, 0.01 * warmup * fall, 1e-4);
    assert_int_equal(run->steps[s].is_validated, (s + 1) % PER_EPOCH == 0);
  }
}

// The rate that is told is the one that is used: the first step of Adam has its length
static void
test_first_step_is_as_long_as_the_rate(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.warmup     = 10;
  train(run, &recipe, 1);
  float* const first = run->best;
  cn_parameters_init(&run->layout, recipe.seed, first);
  double longest = 0.0;
  for (size_t i = 0; i < run->layout.n_parameters; ++i) {
    longest = fmax(longest, fabs((double)(run->parameters[i] - first[i])));
  }
  check_near(longest, 0.001, 1e-2);
}

// Nats of all factors over the pieces to choose by, by the code that plays
static double
evaluate(const Run* const run, const bool motif)
{
  CnModel* const     model     = cn_model_new(&run->layout, run->parameters);
  CnEvaluator* const evaluator = cn_evaluator_new(model, CN_SMALL_NOTES);
  CnScoring          sum       = {.all = {.n_notes = 0.0}};
  for (unsigned p = CN_SMALL_TRAIN; p < CN_SMALL_TRAIN + CN_SMALL_VALID; ++p) {
    const CnScoring scoring = cn_evaluator_score(evaluator, &run->small.pieces[p], motif, false, 0);
    cn_scoring_add(&sum, &scoring);
  }
  cn_evaluator_free(evaluator);
  cn_model_free(model);
  assert_true(sum.all.n_notes == CN_SMALL_VALID * (CN_SMALL_NOTES - 1));
  return cn_loss_mean(&sum.all);
}

static void
test_best_validation_is_kept(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.rate       = 0.1F; // So fast that it overshoots
  recipe.epochs     = 30.0; // And so long that it learns the pieces by heart
  train(run, &recipe, MAX_STEPS);

  double best    = INFINITY;
  size_t at_best = 0;
  for (size_t s = 0; s < run->n_steps; ++s) {
    const CnProgress* const step = &run->steps[s];
    if (step->is_validated) {
      const double mean = 0.5 * (cn_loss_mean(&step->valid) + cn_loss_mean(&step->valid_bare));
      assert_int_equal(step->is_best, mean < best);
      at_best = mean < best ? s : at_best;
      best    = fmin(best, mean);
    }
  }
  assert_true(at_best + 1 < run->n_steps); // Or this would not tell the best from the last
  assert_memory_equal(run->parameters, run->best, run->layout.n_parameters * sizeof(float));
  check_near(cn_loss_mean(&run->steps[at_best].valid), evaluate(run, true), 1e-4);
  check_near(cn_loss_mean(&run->steps[at_best].valid_bare), evaluate(run, false), 1e-4);
  assert_true(fabs(evaluate(run, true) - evaluate(run, false)) > 1e-3); // Motifs do matter
}

// From weights that were trained before: what is told as best is what the result is worth, and where steps
// are too long, the weights halfway back are better than the present ones
static void
test_weights_halfway_to_the_first_are_judged(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  train(run, &recipe, MAX_STEPS);
  recipe.rate              = 0.08F;
  CnTrainer* const trainer = go_on(run, &recipe);
  memcpy(run->parameters, cn_trainer_result(trainer), run->layout.n_parameters * sizeof(float));
  cn_trainer_free(trainer);

  size_t   at_best   = 0;
  unsigned n_halfway = 0;
  assert_false(run->steps[0].is_halfway); // It is where it began
  for (size_t s = 0; s < run->n_steps; ++s) {
    n_halfway += run->steps[s].is_validated && run->steps[s].is_halfway;
    at_best = run->steps[s].is_validated && run->steps[s].is_best ? s : at_best;
  }
  assert_true(n_halfway > 0);
  const CnProgress* const best = &run->steps[at_best];
  assert_true(best->is_halfway);
  check_near(cn_loss_mean(&best->valid), evaluate(run, true), 1e-4);
  check_near(cn_loss_mean(&best->valid_bare), evaluate(run, false), 1e-4);
}

// Where no chord is told, what it had learnt before is all that counts
static void
test_chords_alone_may_be_learnt(void** const state)
{
  Run* const                 run    = *state;
  CnRecipe                   recipe = some_recipe;
  const CnWeightPlace* const head   = &run->layout.place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_TABLE)];
  const size_t               first  = head->offset + (size_t)CN_PITCH_CHORD * head->columns;
  const size_t               last   = first + (size_t)CN_N_CHORDS * head->columns;
  const size_t               table  = run->layout.place[CN_WEIGHT_CHORD].offset;
  train(run, &recipe, MAX_STEPS);
  recipe.lesson              = CN_LESSON_CHORDS;
  recipe.hide_chord          = 0.0F;
  recipe.weight_decay        = 0.1F;
  CnTrainer* const   trainer = go_on(run, &recipe);
  const float* const result  = cn_trainer_result(trainer);
  assert_memory_equal(result, run->parameters, first * sizeof(float));
  assert_memory_equal(result + last, run->parameters + last, (table - last) * sizeof(float));
  assert_memory_not_equal(result + first, run->parameters + first, (last - first) * sizeof(float));
  assert_memory_not_equal(result + table, run->parameters + table,
                          CN_N_CHORD_ROWS * head->columns * sizeof(float));
  cn_trainer_free(trainer);

  // And validation hears chords: the first one is not that of the weights without
  assert_true(fabs(cn_loss_mean(&run->steps[0].valid) - evaluate(run, true)) > 1e-4);
}

// Likewise where nothing is known of what follows
static void
test_what_follows_alone_may_be_learnt(void** const state)
{
  Run* const                 run    = *state;
  CnRecipe                   recipe = some_recipe;
  const CnWeightPlace* const table  = &run->layout.place[CN_WEIGHT_FOLLOWING];
  const size_t               n      = (size_t)table->rows * table->columns;
  const size_t               end    = table->offset + n;
  recipe.show_following             = 0.5F;
  train(run, &recipe, MAX_STEPS);
  recipe.lesson              = CN_LESSON_FOLLOWING;
  recipe.show_following      = 1.0F;
  recipe.weight_decay        = 0.1F;
  CnTrainer* const   trainer = go_on(run, &recipe);
  const float* const result  = cn_trainer_result(trainer);
  assert_memory_equal(result, run->parameters, table->offset * sizeof(float));
  assert_memory_not_equal(result + table->offset, run->parameters + table->offset, n * sizeof(float));
  assert_memory_equal(result + end, run->parameters + end, (run->layout.n_parameters - end) * sizeof(float));
  cn_trainer_free(trainer);

  // And validation is told: the first one is not that of the weights without
  assert_true(fabs(cn_loss_mean(&run->steps[0].valid) - evaluate(run, true)) > 1e-4);
}

static void
test_run_ends_when_patience_does(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.rate       = 0.0F; // Nothing ever gets better
  recipe.patience   = 2;
  train(run, &recipe, MAX_STEPS);
  assert_int_equal(run->n_steps, 3 * PER_EPOCH);
  recipe.patience = 0;
  train(run, &recipe, MAX_STEPS);
  assert_int_equal(run->n_steps, 4 * PER_EPOCH);
}

static void
test_two_threads_learn_what_one_does(void** const state)
{
  enum { STEPS = 8 };

  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  double     alone[STEPS];
  train(run, &recipe, STEPS);
  for (unsigned s = 0; s < STEPS; ++s) {
    alone[s] = cn_loss_mean(&run->steps[s].train);
  }
  recipe.n_threads = 2;
  train(run, &recipe, STEPS);
  for (unsigned s = 0; s < STEPS; ++s) {
    check_near(cn_loss_mean(&run->steps[s].train), alone[s], 1e-4);
  }
  assert_true(run->steps[0].train.n_notes > 100.0);
}

static void
test_weights_decay_but_biases_do_not(void** const state)
{
  Run* const   run    = *state;
  CnRecipe     recipe = some_recipe;
  float* const plain  = run->best;
  train(run, &recipe, 1);
  memcpy(plain, run->parameters, run->layout.n_parameters * sizeof(float));
  recipe.weight_decay = 10.0F; // A tenth a step, at this rate
  train(run, &recipe, 1);

  float* const first = calloc(run->layout.n_parameters, sizeof(float));
  cn_parameters_init(&run->layout, recipe.seed, first);
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &run->layout.place[w];
    const float                decay = place->vector ? 0.0F : 0.1F;
    for (size_t i = place->offset; i < place->offset + (size_t)place->rows * place->columns; ++i) {
      assert_true(fabsf(run->parameters[i] - (plain[i] - decay * first[i])) < 1e-5F);
    }
  }
  free(first);
}

// Adam takes no notice of the gradient's length, unless it is as short as its epsilon
static void
test_gradient_is_clipped(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.clip       = 1e-9F;
  train(run, &recipe, 1);
  float* const first = run->best;
  cn_parameters_init(&run->layout, recipe.seed, first);
  for (size_t i = 0; i < run->layout.n_parameters; ++i) {
    assert_true(fabsf(run->parameters[i] - first[i]) < 0.15F * recipe.rate);
  }
}

static void
test_forget_gates_start_open(void** const state)
{
  Run* const         run  = *state;
  const size_t       H    = some_recipe.shape.hidden;
  const float* const bias = run->parameters + run->layout.place[CN_WEIGHT_IN_BIAS].offset;
  cn_parameters_init(&run->layout, 1, run->parameters);
  for (size_t i = 0; i < 4 * H; ++i) { // Gates i, f, g, o
    assert_true(bias[i] == (i / H == 1 ? 1.0F : 0.0F));
  }
}

static void
test_impossible_recipes_are_refused(void** const state)
{
  Run* const run    = *state;
  CnRecipe   recipe = some_recipe;
  recipe.n_threads  = 3;
  assert_int_equal(cn_train(&run->small.corpus, &recipe, &run->layout, take_progress, run, run->parameters),
                   CN_STATUS_BAD_ARG);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_rate_warms_up_and_falls_as_a_cosine),
      CASE(test_first_step_is_as_long_as_the_rate),
      CASE(test_best_validation_is_kept),
      CASE(test_chords_alone_may_be_learnt),
      CASE(test_weights_halfway_to_the_first_are_judged),
      CASE(test_run_ends_when_patience_does),
      CASE(test_two_threads_learn_what_one_does),
      CASE(test_weights_decay_but_biases_do_not),
      CASE(test_gradient_is_clipped),
      CASE(test_forget_gates_start_open),
      CASE(test_impossible_recipes_are_refused),
      CASE(test_what_follows_alone_may_be_learnt),
      CASE(test_weights_halfway_to_the_first_are_judged),
      CASE(test_run_ends_when_patience_does),
      CASE(test_two_threads_learn_what_one_does),
      CASE(test_weights_decay_but_biases_do_not),
      CASE(test_gradient_is_clipped),
      CASE(test_forget_gates_start_open),
      CASE(test_impossible_recipes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
