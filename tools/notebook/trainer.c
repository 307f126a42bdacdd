// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/trainer.h"

#include "tools/gradient/adamw.h"

#include "dsp/base/random.h"
#include "dsp/kernel/blas.h"
#include "dsp/kernel/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEY_ORDER 0x4F524452U
#define KEY_DROPOUT 0x44524F50U
#define N_VALID 4096U    // Windows of a validation, evenly out of all
#define RATE_FACTOR 0.5F // On a plateau
#define RATE_LEAST 1e-8F
#define MIN_DELTA 1e-4 // Of a better validation
#define CLIP 1.0       // Most of a gradient's length
#define EASE_SHARE 0.4 // Of the run, at its end, in which the rate goes down evenly to nothing

// One network in training
typedef struct {
  const CnNotebookNet* net;
  CnNotebookTask       task;
  CnNotebookGradient*  gradient;
  float*               parameters;
  float*               out;    // Gradient
  float*               mean;   // Of Adam
  float*               square; // Of Adam
  float*               best;   // Borrowed
  uint64_t             step;
  uint32_t             flat; // Rounds since it was best or its rate was lowered
} Learner;

typedef struct {
  const CnNotebookDataset* dataset;
  const CnNotebookRecipe*  recipe;
  Learner                  learner[CN_N_NOTEBOOK_TASKS];
  CnNotebookBatch          batch;
  uint32_t*                order;    // Of the training side's targets
  CnNotebookTarget*        drawn;    // (n_batch)
  uint64_t                 n_drawn;  // Windows so far
  uint64_t                 in_round; // Windows of this round
  struct timespec          start;
  CnNotebookProgress       progress;
} Training;

static CnStatus
init_learner(Learner* const learner, const CnNotebookNet* const net, const CnNotebookTask task,
             const CnNotebookRecipe* const recipe, float* const best)
{
  const size_t n = net->n_parameters;
  *learner       = (Learner){.net        = net,
                             .task       = task,
                             .gradient   = cn_notebook_gradient_new(net, task, recipe->window, recipe->n_batch),
                             .parameters = calloc(n, sizeof(float)),
                             .out        = calloc(n, sizeof(float)),
                             .mean       = calloc(n, sizeof(float)),
                             .square     = calloc(n, sizeof(float)),
                             .best       = best};
  if (!learner->gradient || !learner->parameters || !learner->out || !learner->mean || !learner->square) {
    return CN_STATUS_NO_MEMORY;
  }
  CN_TRY(cn_notebook_parameters_init(net, task, recipe->seed, learner->parameters));
  memcpy(best, learner->parameters, n * sizeof(float));
  return CN_STATUS_SUCCESS;
}

static void
clear_learner(const Learner* const learner)
{
  cn_notebook_gradient_free(learner->gradient);
  free(learner->parameters);
  free(learner->out);
  free(learner->mean);
  free(learner->square);
}

static double
seconds_since(const struct timespec* const start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

// A new order for each epoch: Fisher and Yates
static void
shuffle(Training* const training, const uint32_t epoch)
{
  const uint32_t n      = (uint32_t)training->dataset->n_targets[0];
  CnRandom       random = cn_random(training->recipe->seed, KEY_ORDER, epoch, 0, 0);
  for (uint32_t i = 0; i < n; ++i) {
    training->order[i] = i;
  }
  for (uint32_t i = n; i > 1; --i) {
    const uint32_t k       = cn_random_below(&random, i);
    const uint32_t other   = training->order[k];
    training->order[k]     = training->order[i - 1];
    training->order[i - 1] = other;
  }
}

static void
draw_batch(Training* const training)
{
  const CnNotebookDataset* const dataset = training->dataset;
  for (uint32_t i = 0; i < training->recipe->n_batch; ++i) {
    const uint64_t at = training->n_drawn % dataset->n_targets[0];
    if (!at) {
      shuffle(training, (uint32_t)(training->n_drawn / dataset->n_targets[0]));
    }
    training->drawn[i] = dataset->targets[0][training->order[at]];
    ++training->n_drawn;
  }
  training->in_round += training->recipe->n_batch;
  cn_notebook_batch_fill(&training->batch, &dataset->scale, dataset->pieces[0], training->drawn,
                         training->recipe->n_batch);
}

// 1, or what makes the gradient no longer than CLIP
static float
clip(const Learner* const learner)
{
  const double norm = sqrt(cn_add_squares(learner->net->n_parameters, learner->out));
  return norm > CLIP ? (float)(CLIP / norm) : 1.0F;
}

// Factor of the rate: what is learnt last should not be noise
static float
ease(const double share)
{
  return share > 1.0 - EASE_SHARE ? (float)((1.0 - share) / EASE_SHARE) : 1.0F;
}

static void
learn_batch(Training* const training, Learner* const learner, CnNotebookStanding* const standing)
{
  const CnNotebookRecipe* const recipe = training->recipe;
  const CnRandom                random =
      cn_random(recipe->seed, KEY_DROPOUT, (uint32_t)training->progress.step, (uint32_t)learner->task, 0);
  const CnAdamw settings = {
      standing->rate * ease(training->progress.share), 0.9F, 0.999F, 1e-7F, 0.0F, ++learner->step};
  cn_notebook_gradient_compute(learner->gradient, learner->parameters, &training->batch, recipe->dropout,
                               random, &standing->train, learner->out);
  cn_adamw_step(&settings, learner->net->n_parameters, clip(learner), learner->out, learner->mean,
                learner->square, learner->parameters);
}

static CnNotebookLoss
validate(Training* const training, const Learner* const learner)
{
  const CnNotebookDataset* const dataset = training->dataset;
  const size_t                   n       = dataset->n_targets[1] < N_VALID ? dataset->n_targets[1] : N_VALID;
  CnNotebookLoss                 loss    = {0.0, 0.0, 0.0};
  for (size_t i = 0; i < n;) {
    size_t in_batch = 0;
    for (; in_batch < training->batch.capacity && i < n; ++i, ++in_batch) {
      training->drawn[in_batch] = dataset->targets[1][i * dataset->n_targets[1] / n];
    }
    cn_notebook_batch_fill(&training->batch, &dataset->scale, dataset->pieces[1], training->drawn, in_batch);
    cn_notebook_gradient_evaluate(learner->gradient, learner->parameters, &training->batch, &loss);
  }
  return loss;
}

// Best weights, rate and patience, as Keras's callbacks have them
static void
judge(const Training* const training, Learner* const learner, CnNotebookStanding* const standing)
{
  const CnNotebookRecipe* const recipe = training->recipe;
  const uint32_t                round  = training->progress.round;
  const double                  loss   = standing->valid.sum / standing->valid.n;

  standing->is_best = !standing->best_round || loss < standing->best_loss - MIN_DELTA * standing->best_loss;
  if (standing->is_best) {
    standing->best_loss  = loss;
    standing->best_round = round;
    learner->flat        = 0;
    memcpy(learner->best, learner->parameters, learner->net->n_parameters * sizeof(float));
  } else if (++learner->flat >= recipe->plateau && standing->rate > RATE_LEAST) {
    standing->rate *= RATE_FACTOR;
    learner->flat = 0;
  }
  standing->has_ended = recipe->patience && round - standing->best_round >= recipe->patience;
}

// Validate, if there is something to choose by
static CnStatus
end_round(Training* const training)
{
  const bool has_valid            = training->dataset->n_targets[1] > 0;
  training->progress.is_validated = has_valid;
  training->progress.round += has_valid;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookStanding* const standing = &training->progress.net[i];
    standing->is_best                  = false;
    if (standing->has_ended) {
      continue;
    }
    if (has_valid) {
      standing->valid = validate(training, &training->learner[i]);
    }
    if (!isfinite(standing->valid.sum) || !isfinite(standing->train.sum)) {
      return CN_STATUS_BAD_VALUE;
    }
    if (has_valid) {
      judge(training, &training->learner[i], standing);
    }
  }
  return CN_STATUS_SUCCESS;
}

static void
begin_round(Training* const training)
{
  training->in_round = 0;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    training->progress.net[i].train = (CnNotebookLoss){0.0, 0.0, 0.0};
  }
}

static void
take_stock(Training* const training)
{
  const CnNotebookRecipe* const recipe   = training->recipe;
  CnNotebookProgress* const     progress = &training->progress;
  progress->epoch            = (double)training->n_drawn / (double)training->dataset->n_targets[0];
  progress->seconds          = seconds_since(&training->start);
  progress->windows_a_second = (double)training->n_drawn / progress->seconds;
  progress->share =
      recipe->minutes > 0.0 ? progress->seconds / (60.0 * recipe->minutes) : progress->epoch / recipe->epochs;
  progress->share = progress->share < 1.0 ? progress->share : 1.0;
}

static CnStatus
attend(Training* const training, const CnNotebookListener listener, void* const handle)
{
  CnNotebookProgress* const progress = &training->progress;
  bool                      goes_on  = true;
  while (goes_on && progress->share < 1.0 && !(progress->net[0].has_ended && progress->net[1].has_ended)) {
    draw_batch(training);
    for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
      if (!progress->net[i].has_ended) {
        learn_batch(training, &training->learner[i], &progress->net[i]);
      }
    }
    ++progress->step;
    take_stock(training);
    progress->is_validated = false;
    const bool ends_round  = training->in_round >= training->recipe->n_round || progress->share >= 1.0;
    if (ends_round) {
      CN_TRY(end_round(training));
      progress->seconds = seconds_since(&training->start);
    }
    goes_on = listener(handle, progress);
    if (ends_round) {
      begin_round(training);
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
open_training(Training* const training, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS],
              float* const parameters[CN_N_NOTEBOOK_TASKS])
{
  const CnNotebookRecipe* const recipe = training->recipe;
  CN_TRY(cn_notebook_batch_init(&training->batch, recipe->window, recipe->n_batch));
  training->order = calloc(training->dataset->n_targets[0], sizeof(uint32_t));
  training->drawn = calloc(recipe->n_batch, sizeof(CnNotebookTarget));
  if (!training->order || !training->drawn) {
    return CN_STATUS_NO_MEMORY;
  }
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CN_TRY(init_learner(&training->learner[i], &nets[i], (CnNotebookTask)i, recipe, parameters[i]));
    training->progress.best[i]     = parameters[i];
    training->progress.net[i].rate = recipe->rate;
  }
  return CN_STATUS_SUCCESS;
}

// Where nothing was chosen, the last weights are the ones
static void
keep_last(const Training* const training)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    const Learner* const learner = &training->learner[i];
    if (!training->progress.net[i].best_round) {
      memcpy(learner->best, learner->parameters, learner->net->n_parameters * sizeof(float));
    }
  }
}

static void
close_training(Training* const training)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    clear_learner(&training->learner[i]);
  }
  cn_notebook_batch_clear(&training->batch);
  free(training->order);
  free(training->drawn);
  free(training);
}

CnStatus
cn_notebook_train(const CnNotebookDataset* const dataset, const CnNotebookRecipe* const recipe,
                  const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const CnNotebookListener listener,
                  void* const handle, float* const parameters[CN_N_NOTEBOOK_TASKS])
{
  Training* const training = calloc(1, sizeof(Training));
  if (!training) {
    return CN_STATUS_NO_MEMORY;
  }

  cn_blas_init();
  training->dataset = dataset;
  training->recipe  = recipe;
  clock_gettime(CLOCK_MONOTONIC, &training->start);
  CnStatus status = open_training(training, nets, parameters);
  if (!status) {
    status = attend(training, listener, handle);
  }
  if (!status) {
    keep_last(training);
  }
  close_training(training);
  return status;
}
