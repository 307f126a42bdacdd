// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/notebook/features.h"
#include "dsp/notebook/network.h"
#include "tools/notebook/gradient.h"
#include "tools/notebook/windows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WINDOW 50
#define N_BATCH 6

// A batch of full windows and of short ones, as of a piece's begin
typedef struct {
  CnSmallCorpus    small;
  CnNotebookPiece  piece[2];
  CnNotebookModel* model;
  CnNotebookBatch  batch;
} Fixture;

static const CnNotebookTarget targets[N_BATCH] = {{0, 70}, {1, 3}, {0, 1}, {1, 49}, {1, 51}, {0, 120}};

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  cn_small_corpus_init(&fixture->small);
  for (unsigned i = 0; i < 2; ++i) {
    fixture->piece[i] = (CnNotebookPiece){fixture->small.notes[i], CN_SMALL_NOTES, CN_TICKS_PER_QUARTER};
  }
  fixture->model = cn_tiny_notebook_model(5, CN_NOTEBOOK_BEATS);
  assert_non_null(fixture->model);
  assert_int_equal(cn_notebook_batch_init(&fixture->batch, WINDOW, N_BATCH), CN_STATUS_SUCCESS);
  cn_notebook_batch_fill(&fixture->batch, cn_notebook_model_scale(fixture->model), fixture->piece, targets,
                         N_BATCH);
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_notebook_batch_clear(&fixture->batch);
  cn_notebook_model_free(fixture->model);
  free(fixture);
  return 0;
}

static float*
copy_parameters(const CnNotebookModel* const model, const CnNotebookTask task)
{
  const size_t n    = cn_notebook_model_net(model, task)->n_parameters;
  float* const copy = calloc(n, sizeof(float));
  memcpy(copy, cn_notebook_model_parameters(model, task), n * sizeof(float));
  return copy;
}

// The loss with some dropout, always the same
static double
mean_loss(CnNotebookGradient* const gradient, const float* const parameters,
          const CnNotebookBatch* const batch, const float dropout, float* const out)
{
  CnNotebookLoss loss = {0.0, 0.0, 0.0};
  cn_notebook_gradient_compute(gradient, parameters, batch, dropout, cn_random(1, 2, 3, 4, 0), &loss, out);
  return loss.sum / loss.n;
}

static void
check_against_differences(const Fixture* const fixture, const CnNotebookTask task, const float dropout)
{
  const CnNotebookNet* const net        = cn_notebook_model_net(fixture->model, task);
  float* const               parameters = copy_parameters(fixture->model, task);
  float* const               out        = calloc(net->n_parameters, sizeof(float));
  float* const               unused     = calloc(net->n_parameters, sizeof(float));
  CnNotebookGradient* const  gradient   = cn_notebook_gradient_new(net, task, WINDOW, N_BATCH);
  CnNotebookTensor           tensors[CN_NOTEBOOK_MAX_TENSORS];
  const size_t               n_tensors = cn_notebook_net_tensors(net, task, tensors);
  mean_loss(gradient, parameters, &fixture->batch, dropout, out);

  for (size_t k = 0; k < n_tensors; ++k) {
    const size_t n       = (size_t)tensors[k].rows * (tensors[k].columns ? tensors[k].columns : 1);
    double       largest = 0.0;
    for (size_t i = 0; i < n; ++i) {
      largest = fmax(largest, fabs((double)out[tensors[k].offset + i]));
    }
    assert_true(largest > 1e-5);
    for (size_t i = 0; i < n; i += 1 + n / 23) {
      float* const p          = &parameters[tensors[k].offset + i];
      const float  saved      = *p;
      *p                      = saved + 0.01F;
      const double above      = mean_loss(gradient, parameters, &fixture->batch, dropout, unused);
      *p                      = saved - 0.01F;
      const double below      = mean_loss(gradient, parameters, &fixture->batch, dropout, unused);
      *p                      = saved;
      const double difference = (above - below) / 0.02;
      if (fabs(difference - (double)out[tensors[k].offset + i]) > 2e-5 + 0.01 * largest) {
        fail_msg("%s[%zu]: gradient %g, difference %g", tensors[k].name, i,
                 (double)out[tensors[k].offset + i], difference);
      }
    }
  }
  cn_notebook_gradient_free(gradient);
  free(unused);
  free(out);
  free(parameters);
}

static void
test_gradients_are_those_of_differences(void** const state)
{
  check_against_differences(*state, CN_NOTEBOOK_PITCH, 0.0F);
  check_against_differences(*state, CN_NOTEBOOK_TIMING, 0.0F);
}

static void
test_gradients_are_those_of_differences_with_dropout(void** const state)
{
  check_against_differences(*state, CN_NOTEBOOK_PITCH, 0.3F);
  check_against_differences(*state, CN_NOTEBOOK_TIMING, 0.3F);
}

// The trainer's batches and the musician's window: one code must see the same notes
static void
test_learning_and_playing_give_the_same(void** const state)
{
  const Fixture* const     fixture = *state;
  const CnNotebookScale*   scale   = cn_notebook_model_scale(fixture->model);
  CnNotebookNetwork* const network = cn_notebook_network_new(fixture->model);
  const CnNotebookBatch*   batch   = &fixture->batch;
  const CnNotebookTask     tasks[] = {CN_NOTEBOOK_PITCH, CN_NOTEBOOK_TIMING};
  const float*             outputs[2];
  CnNotebookGradient*      gradients[2];
  CnNotebookLoss           loss = {0.0, 0.0, 0.0};
  for (unsigned i = 0; i < 2; ++i) {
    gradients[i] =
        cn_notebook_gradient_new(cn_notebook_model_net(fixture->model, tasks[i]), tasks[i], WINDOW, N_BATCH);
    outputs[i] = cn_notebook_gradient_evaluate(
        gradients[i], cn_notebook_model_parameters(fixture->model, tasks[i]), batch, &loss);
  }
  for (size_t b = 0; b < N_BATCH; ++b) {
    const CnNote* const notes = fixture->piece[batch->target[b].piece].notes;
    float               logits[CN_N_PITCHES];
    float               duration = 0.0F;
    float               step     = 0.0F;
    cn_notebook_network_pitch(network, notes, batch->target[b].note, logits);
    cn_notebook_network_timing(network, notes, batch->target[b].note, &duration, &step);
    for (size_t p = 1; p < CN_N_PITCHES - 2; ++p) { // Those that it plays
      const float* const probability = outputs[0] + b * CN_N_PITCHES;
      assert_float_equal(logf(probability[p]) - logf(probability[0]), logits[p] - logits[0], 1e-4);
    }
    assert_float_equal(duration, cn_notebook_denormalise(scale->duration, outputs[1][2 * b]), 1e-4);
    assert_float_equal(step, cn_notebook_denormalise(scale->step, outputs[1][2 * b + 1]), 1e-4);
  }
  cn_notebook_gradient_free(gradients[0]);
  cn_notebook_gradient_free(gradients[1]);
  cn_notebook_network_free(network);
}

// Nothing that comes after a window may be seen through it
static void
test_the_future_changes_no_prediction(void** const state)
{
  Fixture* const             fixture  = *state;
  const CnNotebookNet* const net      = cn_notebook_model_net(fixture->model, CN_NOTEBOOK_PITCH);
  const float* const         weights  = cn_notebook_model_parameters(fixture->model, CN_NOTEBOOK_PITCH);
  CnNotebookGradient* const  gradient = cn_notebook_gradient_new(net, CN_NOTEBOOK_PITCH, WINDOW, N_BATCH);
  CnNotebookLoss             loss     = {0.0, 0.0, 0.0};
  float                      before[CN_N_PITCHES];
  for (uint32_t at = 1; at < CN_SMALL_NOTES; at += 13) {
    const CnNotebookTarget target = {0, at};
    cn_notebook_batch_fill(&fixture->batch, cn_notebook_model_scale(fixture->model), fixture->piece, &target,
                           1);
    memcpy(before, cn_notebook_gradient_evaluate(gradient, weights, &fixture->batch, &loss), sizeof(before));
    cn_small_corpus_init(&fixture->small);
    for (uint32_t i = at; i < CN_SMALL_NOTES; ++i) {
      fixture->small.notes[0][i].pitch ^= 1U;
      fixture->small.notes[0][i].duration += 5;
      fixture->small.notes[0][i].onset += 7;
    }
    cn_notebook_batch_fill(&fixture->batch, cn_notebook_model_scale(fixture->model), fixture->piece, &target,
                           1);
    assert_memory_equal(before, cn_notebook_gradient_evaluate(gradient, weights, &fixture->batch, &loss),
                        sizeof(before));
    cn_small_corpus_init(&fixture->small);
    fixture->small.notes[0][at - 1].pitch ^= 1U; // But the last note that was heard does
    cn_notebook_batch_fill(&fixture->batch, cn_notebook_model_scale(fixture->model), fixture->piece, &target,
                           1);
    assert_memory_not_equal(before, cn_notebook_gradient_evaluate(gradient, weights, &fixture->batch, &loss),
                            sizeof(before));
    cn_small_corpus_init(&fixture->small);
  }
  cn_notebook_gradient_free(gradient);
}

static void
test_dropout_is_of_its_stream_alone(void** const state)
{
  const Fixture* const       fixture  = *state;
  const CnNotebookNet* const net      = cn_notebook_model_net(fixture->model, CN_NOTEBOOK_PITCH);
  const float* const         weights  = cn_notebook_model_parameters(fixture->model, CN_NOTEBOOK_PITCH);
  CnNotebookGradient* const  gradient = cn_notebook_gradient_new(net, CN_NOTEBOOK_PITCH, WINDOW, N_BATCH);
  CnNotebookLoss             loss[4]  = {{0.0, 0.0, 0.0}};
  float* const               out      = calloc(net->n_parameters, sizeof(float));
  const uint32_t             place[3] = {1, 1, 2};
  for (unsigned i = 0; i < 3; ++i) {
    cn_notebook_gradient_compute(gradient, weights, &fixture->batch, 0.5F, cn_random(1, 2, place[i], 0, 0),
                                 &loss[i], out);
  }
  cn_notebook_gradient_evaluate(gradient, weights, &fixture->batch, &loss[3]);
  assert_true(loss[0].sum == loss[1].sum);
  assert_true(loss[0].sum != loss[2].sum);
  assert_true(loss[0].sum != loss[3].sum);
  cn_notebook_gradient_free(gradient);
  free(out);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_gradients_are_those_of_differences, setup, teardown),
      cmocka_unit_test_setup_teardown(test_gradients_are_those_of_differences_with_dropout, setup, teardown),
      cmocka_unit_test_setup_teardown(test_learning_and_playing_give_the_same, setup, teardown),
      cmocka_unit_test_setup_teardown(test_the_future_changes_no_prediction, setup, teardown),
      cmocka_unit_test_setup_teardown(test_dropout_is_of_its_stream_alone, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
