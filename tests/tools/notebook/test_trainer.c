// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/small_corpus.h"

#include "tools/notebook/evaluation.h"
#include "tools/notebook/pieces.h"
#include "tools/notebook/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WINDOW 6
#define MAX_ROUNDS 64

// A training on a small corpus, and what it told
typedef struct {
  CnSmallCorpus      small;
  CnNotebookPieces   sides[2];
  CnNotebookTarget*  targets[2];
  CnNotebookDataset  lessons;
  CnNotebookRecipe   recipe;
  CnNotebookNet      nets[CN_N_NOTEBOOK_TASKS];
  float*             parameters[CN_N_NOTEBOOK_TASKS];
  CnNotebookProgress round[MAX_ROUNDS];
  uint32_t           n_rounds;
  uint64_t           stop_at; // Step, or 0
  long               made[2]; // Allocations at the second round, and at the third
} Fixture;

static void
open_lessons(Fixture* const fixture)
{
  char fault[128];
  for (unsigned i = 0; i < 2; ++i) {
    assert_int_equal(cn_notebook_pieces_init(&fixture->small.corpus, "", i ? CN_SPLIT_VALID : CN_SPLIT_TRAIN,
                                             CN_NOTEBOOK_BEATS, &fixture->sides[i], CN_FAULT(fault)),
                     CN_STATUS_SUCCESS);
  }
  assert_int_equal(cn_notebook_scale_learn(fixture->sides[0].pieces, fixture->sides[0].n_pieces,
                                           CN_NOTEBOOK_BEATS, WINDOW, 20, &fixture->lessons.scale),
                   CN_STATUS_SUCCESS);
  for (unsigned i = 0; i < 2; ++i) {
    fixture->targets[i]         = cn_notebook_targets(fixture->sides[i].pieces, fixture->sides[i].n_pieces,
                                                      &fixture->lessons.scale, false, &fixture->lessons.n_targets[i]);
    fixture->lessons.pieces[i]  = fixture->sides[i].pieces;
    fixture->lessons.targets[i] = fixture->targets[i];
  }
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  cn_small_corpus_init(&fixture->small);
  open_lessons(fixture);
  fixture->recipe = (CnNotebookRecipe){.stack     = {{2, {12, 12}}, {2, {6, 6}}},
                                       .window    = WINDOW,
                                       .n_threads = 1,
                                       .seed      = 1,
                                       .n_batch   = 16,
                                       .n_round   = 256,
                                       .plateau   = 3,
                                       .rate      = 0.01F,
                                       .dropout   = 0.1F,
                                       .epochs    = 3.0};
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    assert_int_equal(cn_notebook_net_init(&fixture->nets[i], (CnNotebookTask)i, &fixture->recipe.stack[i]),
                     CN_STATUS_SUCCESS);
    fixture->parameters[i] = calloc(fixture->nets[i].n_parameters, sizeof(float));
  }
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  for (unsigned i = 0; i < 2; ++i) {
    cn_notebook_pieces_clear(&fixture->sides[i]);
    free(fixture->targets[i]);
    free(fixture->parameters[i]);
  }
  free(fixture);
  return 0;
}

static bool
listen(void* const handle, const CnNotebookProgress* const progress)
{
  Fixture* const fixture = (Fixture*)handle;
  if (progress->is_validated) {
    assert_true(fixture->n_rounds < MAX_ROUNDS);
    fixture->round[fixture->n_rounds++] = *progress;
    if (fixture->n_rounds == 2 || fixture->n_rounds == 3) {
      fixture->made[fixture->n_rounds - 2] = test_alloc_made();
    }
  }
  return progress->step != fixture->stop_at;
}

static void
train(Fixture* const fixture)
{
  fixture->n_rounds = 0;
  assert_int_equal(cn_notebook_train(&fixture->lessons, &fixture->recipe, fixture->nets, listen, fixture,
                                     fixture->parameters),
                   CN_STATUS_SUCCESS);
}

static double
valid(const CnNotebookProgress* const progress, const CnNotebookTask task)
{
  return progress->net[task].valid.sum / progress->net[task].valid.n;
}

static void
test_both_networks_learn(void** const state)
{
  Fixture* const fixture = *state;
  train(fixture);
  const CnNotebookProgress* const first = &fixture->round[0];
  const CnNotebookProgress* const last  = &fixture->round[fixture->n_rounds - 1];
  assert_true(fixture->n_rounds > 5);
  assert_true(valid(last, CN_NOTEBOOK_PITCH) < valid(first, CN_NOTEBOOK_PITCH) - 0.05);
  assert_true(valid(last, CN_NOTEBOOK_PITCH) < log(CN_N_PITCHES) - 1.0);
  assert_true(valid(last, CN_NOTEBOOK_TIMING) < 0.7 * valid(first, CN_NOTEBOOK_TIMING));
}

static void
test_weights_are_the_best_of_their_validations(void** const state)
{
  Fixture* const fixture = *state;
  fixture->recipe.rate   = 0.1F; // So that some rounds are worse
  train(fixture);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    double best = INFINITY;
    for (uint32_t r = 0; r < fixture->n_rounds; ++r) {
      best = fmin(best, valid(&fixture->round[r], (CnNotebookTask)i));
    }
    const CnNotebookStanding* const standing = &fixture->round[fixture->n_rounds - 1].net[i];
    assert_true(standing->best_loss <= best * 1.0002);

    // The weights that came back have that loss
    CnNotebookLoss            loss  = {0.0, 0.0, 0.0};
    CnNotebookBatch           batch = {0};
    CnNotebookGradient* const gradient =
        cn_notebook_gradient_new(&fixture->nets[i], (CnNotebookTask)i, WINDOW, 16);
    assert_int_equal(cn_notebook_batch_init(&batch, WINDOW, 16), CN_STATUS_SUCCESS);
    for (size_t k = 0; k < fixture->lessons.n_targets[1]; k += 16) {
      const size_t left = fixture->lessons.n_targets[1] - k;
      cn_notebook_batch_fill(&batch, &fixture->lessons.scale, fixture->lessons.pieces[1],
                             fixture->lessons.targets[1] + k, left < 16 ? left : 16);
      cn_notebook_gradient_evaluate(gradient, fixture->parameters[i], &batch, &loss);
    }
    assert_float_equal(loss.sum / loss.n, standing->best_loss, 1e-4);
    cn_notebook_batch_clear(&batch);
    cn_notebook_gradient_free(gradient);
  }
}

static void
test_the_same_again_is_the_same(void** const state)
{
  Fixture* const fixture = *state;
  const size_t   size    = fixture->nets[0].n_parameters * sizeof(float);
  float* const   before  = malloc(size);
  fixture->recipe.epochs = 1.0;
  train(fixture);
  memcpy(before, fixture->parameters[0], size);
  train(fixture);
  assert_memory_equal(before, fixture->parameters[0], size);
  fixture->recipe.seed = 2;
  train(fixture);
  assert_memory_not_equal(before, fixture->parameters[0], size);
  free(before);
}

// Three share the batches: nearly the same gradients, and always the same ones
static void
test_workers_share_the_batches(void** const state)
{
  Fixture* const fixture  = *state;
  const size_t   n        = fixture->nets[0].n_parameters;
  float* const   alone    = malloc(n * sizeof(float));
  float* const   together = malloc(n * sizeof(float));
  fixture->stop_at        = 3;
  fixture->recipe.dropout = 0.0F; // Each worker drops others
  fixture->recipe.n_round = 48;
  train(fixture);
  memcpy(alone, fixture->parameters[0], n * sizeof(float));
  const double expected     = valid(&fixture->round[0], CN_NOTEBOOK_TIMING);
  fixture->recipe.n_threads = 3; // Of 16 windows: 5, 5 and 6
  train(fixture);
  memcpy(together, fixture->parameters[0], n * sizeof(float));
  for (size_t i = 0; i < n; ++i) {
    assert_float_equal(together[i], alone[i], 1e-3); // Adam's steps are 0.01
  }
  assert_float_equal(valid(&fixture->round[0], CN_NOTEBOOK_TIMING), expected, 1e-4);
  assert_true(fixture->round[0].net[0].train.n == 48.0);
  fixture->recipe.dropout = 0.1F;
  train(fixture);
  memcpy(alone, fixture->parameters[0], n * sizeof(float));
  train(fixture);
  assert_memory_equal(fixture->parameters[0], alone, n * sizeof(float));
  free(alone);
  free(together);
}

// What the best network foretells, and what came there
static void
test_residuals_are_those_of_the_best(void** const state)
{
  Fixture* const     fixture = *state;
  CnNotebookTrainer* trainer = NULL;
  CnNotebookSteps    steps;
  fixture->recipe.epochs = 1.0;
  assert_int_equal(cn_notebook_trainer_new(&fixture->lessons, &fixture->recipe, fixture->nets, &trainer),
                   CN_STATUS_SUCCESS);
  assert_false(cn_notebook_trainer_steps(trainer, &steps));
  fixture->n_rounds = 0;
  assert_int_equal(cn_notebook_trainer_run(trainer, listen, fixture), CN_STATUS_SUCCESS);
  assert_true(cn_notebook_trainer_steps(trainer, &steps));
  assert_true(cn_notebook_steps_are_sound(&steps));
  cn_notebook_trainer_free(trainer);

  // The mean of all that may be drawn is that of the validation side
  double mean[2] = {0.0, 0.0};
  for (size_t i = 0; i < fixture->lessons.n_targets[1]; ++i) {
    const CnNotebookTarget* const target = &fixture->lessons.targets[1][i];
    const CnNote* const           note   = &fixture->lessons.pieces[1][target->piece].notes[target->note];
    mean[0] += (note[0].onset - note[-1].onset) / 24.0 / (double)fixture->lessons.n_targets[1];
  }
  for (unsigned b = 0; b < CN_NOTEBOOK_STEP_BINS; ++b) {
    for (unsigned q = 0; q < CN_NOTEBOOK_STEP_QUANTILES; ++q) {
      mean[1] += (double)steps.came[b][q] / (CN_NOTEBOOK_STEP_BINS * CN_NOTEBOOK_STEP_QUANTILES);
    }
  }
  assert_float_equal(mean[1], mean[0], 0.1 * mean[0]);
}

// No validation is better than the first: the rate is halved after each two, and the run ends after five
static void
test_plateaus_lower_the_rate_and_end_the_run(void** const state)
{
  Fixture* const fixture   = *state;
  fixture->recipe.plateau  = 2;
  fixture->recipe.patience = 5;
  fixture->recipe.epochs   = 100.0;
  fixture->recipe.rate     = 1e-7F; // Nothing changes by a ten thousandth
  fixture->recipe.n_round  = 16;
  train(fixture);
  assert_int_equal(fixture->n_rounds, 6);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    assert_true(fixture->round[0].net[i].is_best);
    assert_float_equal(fixture->round[1].net[i].rate, 1e-7F, 1e-10);
    assert_float_equal(fixture->round[2].net[i].rate, 0.5e-7F, 1e-10);
    assert_float_equal(fixture->round[4].net[i].rate, 0.25e-7F, 1e-10);
    assert_true(fixture->round[5].net[i].has_ended);
  }
}

// Without anything to choose by, the weights are those of the end, as if there had been no validations
static void
test_without_validation_the_last_weights_are_kept(void** const state)
{
  Fixture* const fixture        = *state;
  const size_t   size           = fixture->nets[0].n_parameters * sizeof(float);
  float* const   first          = malloc(size);
  fixture->lessons.n_targets[1] = 0;
  fixture->stop_at              = 1;
  train(fixture);
  memcpy(first, fixture->parameters[0], size);
  fixture->stop_at = 0;
  train(fixture);
  assert_int_equal(fixture->n_rounds, 0);
  assert_memory_not_equal(first, fixture->parameters[0], size);

  fixture->recipe.n_round = UINT32_MAX; // Rounds make no difference
  memcpy(first, fixture->parameters[0], size);
  train(fixture);
  assert_memory_equal(first, fixture->parameters[0], size);
  free(first);
}

static void
test_a_listener_ends_the_run(void** const state)
{
  Fixture* const fixture = *state;
  fixture->stop_at       = 20;
  train(fixture);
  assert_int_equal(fixture->n_rounds, 1); // After 16 steps
}

// The training side alone is learnt from, preprocessing and all
static void
test_scale_is_of_the_train_side(void** const state)
{
  Fixture* const        fixture = *state;
  const CnNotebookScale before  = fixture->lessons.scale;
  double                counted = 0.0;
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    counted += (double)before.counts[p];
  }
  assert_int_equal((int)counted, CN_SMALL_TRAIN * CN_SMALL_NOTES);

  for (uint32_t p = CN_SMALL_TRAIN; p < CN_SMALL_PIECES; ++p) {
    for (uint32_t i = 0; i < CN_SMALL_NOTES; ++i) {
      fixture->small.notes[p][i].pitch    = CN_PITCH_MAX;
      fixture->small.notes[p][i].duration = 1000;
    }
  }
  for (unsigned i = 0; i < 2; ++i) {
    cn_notebook_pieces_clear(&fixture->sides[i]);
    free(fixture->targets[i]);
  }
  open_lessons(fixture);
  assert_memory_equal(&before, &fixture->lessons.scale, sizeof(before));
  assert_int_equal(fixture->lessons.n_targets[1], 0); // Of a pitch that is left out
}

static void
test_rare_pitches_are_no_targets(void** const state)
{
  Fixture* const  fixture = *state;
  size_t          n_rare  = 0;
  size_t          n       = 0;
  size_t          n_all   = 0;
  CnNotebookScale scale;
  assert_int_equal(cn_notebook_scale_learn(fixture->sides[0].pieces, fixture->sides[0].n_pieces,
                                           CN_NOTEBOOK_BEATS, WINDOW, 45, &scale),
                   CN_STATUS_SUCCESS);
  CnNotebookTarget* const targets =
      cn_notebook_targets(fixture->sides[0].pieces, fixture->sides[0].n_pieces, &scale, false, &n);
  for (size_t i = 0; i < n; ++i) {
    n_rare += !cn_notebook_scale_has(&scale, fixture->small.notes[targets[i].piece][targets[i].note].pitch);
  }
  free(targets);
  free(cn_notebook_targets(fixture->sides[0].pieces, fixture->sides[0].n_pieces, &scale, true, &n_all));
  assert_int_equal(n_rare, 0);
  assert_true(n > 0 && n < n_all);
  assert_int_equal(n_all, CN_SMALL_TRAIN * (CN_SMALL_NOTES - 1));
  assert_int_equal(cn_notebook_scale_learn(fixture->sides[0].pieces, fixture->sides[0].n_pieces,
                                           CN_NOTEBOOK_BEATS, WINDOW, 100000, &scale),
                   CN_STATUS_NOT_FOUND);
}

static void
test_steps_allocate_nothing(void** const state)
{
  Fixture* const fixture = *state;
  train(fixture);
  assert_true(fixture->n_rounds >= 3 && fixture->made[0] > 0);
  assert_int_equal(fixture->made[0], fixture->made[1]);
}

static void
test_memory_may_run_out(void** const state)
{
  Fixture* const fixture  = *state;
  long           n_tries  = 0;
  CnStatus       status   = CN_STATUS_NO_MEMORY;
  fixture->recipe.epochs  = 0.01;
  fixture->recipe.n_round = 1000000;
  train(fixture); // BLIS has its memory from now on
  const long before = test_alloc_live();
  for (; status; ++n_tries) {
    test_alloc_fail_at(n_tries);
    status = cn_notebook_train(&fixture->lessons, &fixture->recipe, fixture->nets, listen, fixture,
                               fixture->parameters);
    test_alloc_fail_at(-1);
    assert_true(status == CN_STATUS_SUCCESS || status == CN_STATUS_NO_MEMORY);
    assert_int_equal(test_alloc_live(), before);
  }
  assert_true(n_tries > 10);
}

/// Quarters on one key, and once another one between two of them
static CnNote*
leap_notes(void)
{
  static CnNote notes[5];
  for (unsigned i = 0; i < 5; ++i) {
    const bool is_rare = i == 2;
    notes[i]           = (CnNote){.onset    = is_rare ? 36 : 24 * (int32_t)(i < 2 ? i : i - 1),
                                  .duration = 12,
                                  .bar      = {0, 96},
                                  .pitch    = is_rare ? 100 : 60,
                                  .velocity = 64};
  }
  return notes;
}

// A step leads from a note that is not left out to the next such one, in learning as in scoring
static void
test_steps_leap_over_rare_pitches(void** const state)
{
  Fixture* const        fixture = *state;
  const CnNotebookPiece piece   = {leap_notes(), 5, CN_TICKS_PER_QUARTER};
  CnNotebookScale       scale;
  assert_int_equal(cn_notebook_scale_learn(&piece, 1, CN_NOTEBOOK_BEATS, WINDOW, 2, &scale),
                   CN_STATUS_SUCCESS);
  assert_float_equal(scale.step[0], 1.0F, 1e-6);
  assert_float_equal(scale.step[1], 1.0F, 1e-6);

  // A guess of a quarter is right but for the rare note, which comes half a quarter early
  int16_t                chords[5] = {-1, -1, -1, -1, -1};
  const CnPiece          whole     = {.name = NULL, .notes = leap_notes(), .chords = chords, .n_notes = 5};
  CnNotebookModel* const model     = cn_notebook_model_new(
          fixture->nets, &scale, NULL, (const float* const[]){fixture->parameters[0], fixture->parameters[1]});
  CnNotebookEvaluator* const evaluator = cn_notebook_evaluator_new(model, 5);
  CnScoring                  scoring;
  CnScoring                  mean;
  char                       fault[128];
  assert_int_equal(cn_notebook_evaluator_score(evaluator, &whole, "", &scoring, &mean, CN_FAULT(fault)),
                   CN_STATUS_SUCCESS);
  assert_int_equal((int)mean.all.n_notes, 4);
  assert_float_equal(mean.timing.absolute[CN_TIMING_STEP], 0.5, 1e-6);
  cn_notebook_evaluator_free(evaluator);
  cn_notebook_model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_both_networks_learn, setup, teardown),
      cmocka_unit_test_setup_teardown(test_weights_are_the_best_of_their_validations, setup, teardown),
      cmocka_unit_test_setup_teardown(test_the_same_again_is_the_same, setup, teardown),
      cmocka_unit_test_setup_teardown(test_workers_share_the_batches, setup, teardown),
      cmocka_unit_test_setup_teardown(test_residuals_are_those_of_the_best, setup, teardown),
      cmocka_unit_test_setup_teardown(test_plateaus_lower_the_rate_and_end_the_run, setup, teardown),
      cmocka_unit_test_setup_teardown(test_without_validation_the_last_weights_are_kept, setup, teardown),
      cmocka_unit_test_setup_teardown(test_a_listener_ends_the_run, setup, teardown),
      cmocka_unit_test_setup_teardown(test_steps_allocate_nothing, setup, teardown),
      cmocka_unit_test_setup_teardown(test_memory_may_run_out, setup, teardown),
      cmocka_unit_test_setup_teardown(test_scale_is_of_the_train_side, setup, teardown),
      cmocka_unit_test_setup_teardown(test_rare_pitches_are_no_targets, setup, teardown),
      cmocka_unit_test_setup_teardown(test_steps_leap_over_rare_pitches, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
