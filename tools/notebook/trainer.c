// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/trainer.h"

#include "tools/base/now.h"
#include "tools/gradient/adamw.h"
#include "tools/gradient/blas.h"
#include "tools/notebook/steps.h"
#include "tools/notebook/workers.h"

#include "dsp/base/random.h"
#include "dsp/kernel/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KEY_ORDER 0x4F524452U
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
  float*               parameters;
  float*               mean;   // Of Adam
  float*               square; // Of Adam
  float*               best;   // Of the best validation, or the first weights
  uint64_t             step;
  uint32_t             flat; // Rounds since it was best or its rate was lowered
} Learner;

// Steps of a validation as the timing network foretold them, and as they came; normalised
typedef struct {
  uint32_t n;
  float    foretold[N_VALID];
  float    came[N_VALID];
} Steps;

struct CnNotebookTrainer {
  const CnNotebookDataset* dataset;
  const CnNotebookRecipe*  recipe;
  CnNotebookWorkers*       workers;
  Learner                  learner[CN_N_NOTEBOOK_TASKS];
  uint32_t*                order; // Of the training side's targets
  CnNotebookTarget*        drawn; // (n_batch, or N_VALID if that is more)
  double                   start; // [seconds] When the training would have begun, had it not been interrupted
  bool                     is_started_from;

  // What a checkpoint holds, next to the learners
  uint64_t           n_drawn;    // Windows so far
  uint64_t           in_round;   // Windows of this round
  bool               ends_round; // The last step ended a round
  Steps              steps[2];   // Of the last validation, of the best one
  CnNotebookProgress progress;
};

static CnStatus
init_learner(Learner* const learner, const CnNotebookNet* const net, const CnNotebookTask task,
             const uint32_t seed)
{
  const size_t n = net->n_parameters;
  *learner       = (Learner){.net        = net,
                             .task       = task,
                             .parameters = calloc(n, sizeof(float)),
                             .mean       = calloc(n, sizeof(float)),
                             .square     = calloc(n, sizeof(float)),
                             .best       = calloc(n, sizeof(float))};
  if (!learner->parameters || !learner->mean || !learner->square || !learner->best) {
    return CN_STATUS_NO_MEMORY;
  }
  CN_TRY(cn_notebook_parameters_init(net, task, seed, learner->parameters));
  memcpy(learner->best, learner->parameters, n * sizeof(float));
  return CN_STATUS_SUCCESS;
}

static void
clear_learner(const Learner* const learner)
{
  free(learner->parameters);
  free(learner->mean);
  free(learner->square);
  free(learner->best);
}

// A new order for each epoch: Fisher and Yates
static void
shuffle(CnNotebookTrainer* const trainer, const uint32_t epoch)
{
  const uint32_t n      = (uint32_t)trainer->dataset->n_targets[0];
  CnRandom       random = cn_random(trainer->recipe->seed, KEY_ORDER, epoch, 0, 0);
  for (uint32_t i = 0; i < n; ++i) {
    trainer->order[i] = i;
  }
  for (uint32_t i = n; i > 1; --i) {
    const uint32_t k      = cn_random_below(&random, i);
    const uint32_t other  = trainer->order[k];
    trainer->order[k]     = trainer->order[i - 1];
    trainer->order[i - 1] = other;
  }
}

static void
draw_batch(CnNotebookTrainer* const trainer)
{
  const CnNotebookDataset* const dataset = trainer->dataset;
  for (uint32_t i = 0; i < trainer->recipe->n_batch; ++i) {
    const uint64_t at = trainer->n_drawn % dataset->n_targets[0];
    if (!at) {
      shuffle(trainer, (uint32_t)(trainer->n_drawn / dataset->n_targets[0]));
    }
    trainer->drawn[i] = dataset->targets[0][trainer->order[at]];
    ++trainer->n_drawn;
  }
  trainer->in_round += trainer->recipe->n_batch;
}

// 1, or what makes the gradient no longer than CLIP
static float
clip(const Learner* const learner, const float* const gradient)
{
  const double norm = sqrt(cn_add_squares(learner->net->n_parameters, gradient));
  return norm > CLIP ? (float)(CLIP / norm) : 1.0F;
}

// Factor of the rate: what is learnt last should not be noise
static float
ease(const double share)
{
  return share > 1.0 - EASE_SHARE ? (float)((1.0 - share) / EASE_SHARE) : 1.0F;
}

// Have the workers do something with targets that have been drawn from one side
static void
work_together(CnNotebookTrainer* const trainer, CnNotebookWork work, const unsigned side, const size_t n,
              CnNotebookLoss loss[CN_N_NOTEBOOK_TASKS])
{
  work.scale   = &trainer->dataset->scale;
  work.pieces  = trainer->dataset->pieces[side];
  work.targets = trainer->drawn;
  work.n       = n;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    work.takes_part[i] = !trainer->progress.net[i].has_ended;
    work.parameters[i] = trainer->learner[i].parameters;
  }
  cn_notebook_workers_do(trainer->workers, &work, loss);
}

static void
step(CnNotebookTrainer* const trainer)
{
  const CnNotebookRecipe* const recipe                    = trainer->recipe;
  CnNotebookProgress* const     progress                  = &trainer->progress;
  CnNotebookLoss                loss[CN_N_NOTEBOOK_TASKS] = {progress->net[0].train, progress->net[1].train};

  draw_batch(trainer);
  work_together(
      trainer,
      (CnNotebookWork){
          .learns = true, .dropout = recipe->dropout, .seed = recipe->seed, .step = (uint32_t)progress->step},
      0, recipe->n_batch, loss);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookStanding* const standing = &progress->net[i];
    Learner* const            learner  = &trainer->learner[i];
    float* const              gradient = cn_notebook_workers_gradient(trainer->workers, (CnNotebookTask)i);
    if (!standing->has_ended) {
      const CnAdamw settings = {
          standing->rate * ease(progress->share), 0.9F, 0.999F, 1e-7F, 0.0F, ++learner->step};
      cn_adamw_step(&settings, learner->net->n_parameters, clip(learner, gradient), gradient, learner->mean,
                    learner->square, learner->parameters);
      standing->train = loss[i];
    }
  }
  ++progress->step;
}

// Losses of both networks, of windows that are evenly out of all
static void
validate(CnNotebookTrainer* const trainer)
{
  const CnNotebookDataset* const dataset                   = trainer->dataset;
  CnNotebookProgress* const      progress                  = &trainer->progress;
  CnNotebookLoss                 loss[CN_N_NOTEBOOK_TASKS] = {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}};
  Steps* const                   steps                     = &trainer->steps[0];
  const size_t                   n = dataset->n_targets[1] < N_VALID ? dataset->n_targets[1] : N_VALID;
  for (size_t i = 0; i < n; ++i) {
    trainer->drawn[i] = dataset->targets[1][i * dataset->n_targets[1] / n];
  }
  steps->n = (uint32_t)n;
  work_together(trainer, (CnNotebookWork){.foretold = steps->foretold, .came = steps->came}, 1, n, loss);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (!progress->net[i].has_ended) {
      progress->net[i].valid = loss[i];
    }
  }
}

// Best weights, rate and patience, as Keras's callbacks have them
static void
judge(CnNotebookTrainer* const trainer, Learner* const learner, CnNotebookStanding* const standing)
{
  const CnNotebookRecipe* const recipe = trainer->recipe;
  const uint32_t                round  = trainer->progress.round;
  const double                  loss   = standing->valid.sum / standing->valid.n;

  standing->is_best = !standing->best_round || loss < standing->best_loss - MIN_DELTA * standing->best_loss;
  if (standing->is_best) {
    standing->best_loss  = loss;
    standing->best_round = round;
    learner->flat        = 0;
    memcpy(learner->best, learner->parameters, learner->net->n_parameters * sizeof(float));
    trainer->steps[1] = learner->task == CN_NOTEBOOK_TIMING ? trainer->steps[0] : trainer->steps[1];
  } else if (++learner->flat >= recipe->plateau && standing->rate > RATE_LEAST) {
    standing->rate *= RATE_FACTOR;
    learner->flat = 0;
  }
  standing->has_ended = recipe->patience && round - standing->best_round >= recipe->patience;
}

// Validate, if there is something to choose by
static CnStatus
end_round(CnNotebookTrainer* const trainer)
{
  CnNotebookProgress* const progress  = &trainer->progress;
  const bool                has_valid = trainer->dataset->n_targets[1] > 0;
  progress->is_validated              = has_valid;
  progress->round += has_valid;
  if (has_valid) {
    validate(trainer);
  }
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CnNotebookStanding* const standing = &progress->net[i];
    standing->is_best                  = false;
    if (standing->has_ended) {
      continue;
    }
    if (!isfinite(standing->valid.sum) || !isfinite(standing->train.sum)) {
      return CN_STATUS_BAD_VALUE;
    }
    if (has_valid) {
      judge(trainer, &trainer->learner[i], standing);
    }
  }
  return CN_STATUS_SUCCESS;
}

static void
begin_round(CnNotebookTrainer* const trainer)
{
  trainer->in_round   = 0;
  trainer->ends_round = false;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    trainer->progress.net[i].train = (CnNotebookLoss){0.0, 0.0, 0.0};
  }
}

static void
take_stock(CnNotebookTrainer* const trainer)
{
  const CnNotebookRecipe* const recipe   = trainer->recipe;
  CnNotebookProgress* const     progress = &trainer->progress;
  progress->epoch                        = (double)trainer->n_drawn / (double)trainer->dataset->n_targets[0];
  progress->seconds                      = cn_now() - trainer->start;
  progress->windows_a_second             = (double)trainer->n_drawn / progress->seconds;
  progress->share =
      recipe->minutes > 0.0 ? progress->seconds / (60.0 * recipe->minutes) : progress->epoch / recipe->epochs;
  progress->share = progress->share < 1.0 ? progress->share : 1.0;
}

bool
cn_notebook_trainer_is_over(const CnNotebookTrainer* const trainer)
{
  const CnNotebookProgress* const progress = &trainer->progress;
  return progress->share >= 1.0 || (progress->net[0].has_ended && progress->net[1].has_ended);
}

// The state is whole whenever the listener is called
CnStatus
cn_notebook_trainer_run(CnNotebookTrainer* const trainer, const CnNotebookListener listener,
                        void* const handle)
{
  CnNotebookProgress* const progress = &trainer->progress;
  bool                      goes_on  = true;
  trainer->start                     = cn_now() - progress->seconds;
  if (trainer->is_started_from && !progress->step && !progress->round) {
    CN_TRY(end_round(trainer));
    goes_on = listener(handle, progress);
  }
  while (goes_on && !cn_notebook_trainer_is_over(trainer)) {
    if (trainer->ends_round) {
      begin_round(trainer);
    }
    step(trainer);
    take_stock(trainer);
    progress->is_validated = false;
    trainer->ends_round    = trainer->in_round >= trainer->recipe->n_round || progress->share >= 1.0;
    if (trainer->ends_round) {
      CN_TRY(end_round(trainer));
      progress->seconds = cn_now() - trainer->start;
    }
    goes_on = listener(handle, progress);
  }
  return CN_STATUS_SUCCESS;
}

const float*
cn_notebook_trainer_result(const CnNotebookTrainer* const trainer, const CnNotebookTask task)
{
  const Learner* const learner = &trainer->learner[task];
  return trainer->progress.net[task].best_round ? learner->best : learner->parameters;
}

bool
cn_notebook_trainer_steps(const CnNotebookTrainer* const trainer, CnNotebookSteps* const steps)
{
  const Steps* const best = &trainer->steps[1];
  return best->n &&
         !cn_notebook_steps_learn(best->foretold, best->came, best->n, trainer->dataset->scale.step, steps);
}

static CnStatus
init(CnNotebookTrainer* const trainer, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS])
{
  const CnNotebookRecipe* const recipe = trainer->recipe;
  trainer->order                       = calloc(trainer->dataset->n_targets[0], sizeof(uint32_t));
  trainer->drawn = calloc(recipe->n_batch > N_VALID ? recipe->n_batch : N_VALID, sizeof(CnNotebookTarget));
  if (!trainer->order || !trainer->drawn) {
    return CN_STATUS_NO_MEMORY;
  }
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    CN_TRY(init_learner(&trainer->learner[i], &nets[i], (CnNotebookTask)i, recipe->seed));
    trainer->progress.best[i]     = trainer->learner[i].best;
    trainer->progress.net[i].rate = recipe->rate;
  }
  return cn_notebook_workers_new(nets, recipe->window, recipe->n_batch, recipe->n_threads, &trainer->workers);
}

CnStatus
cn_notebook_trainer_new(const CnNotebookDataset* const dataset, const CnNotebookRecipe* const recipe,
                        const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], CnNotebookTrainer** const trainer)
{
  CnNotebookTrainer* const made = calloc(1, sizeof(CnNotebookTrainer));
  *trainer                      = NULL;
  if (!made) {
    return CN_STATUS_NO_MEMORY;
  }
  cn_blas_init();
  made->dataset         = dataset;
  made->recipe          = recipe;
  const CnStatus status = init(made, nets);
  if (status) {
    cn_notebook_trainer_free(made);
    return status;
  }
  *trainer = made;
  return CN_STATUS_SUCCESS;
}

void
cn_notebook_trainer_free(CnNotebookTrainer* const trainer)
{
  if (trainer) {
    cn_notebook_workers_free(trainer->workers);
    for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
      clear_learner(&trainer->learner[i]);
    }
    free(trainer->order);
    free(trainer->drawn);
    free(trainer);
  }
}

void
cn_notebook_trainer_start_from(CnNotebookTrainer* const trainer,
                               const float* const       parameters[CN_N_NOTEBOOK_TASKS])
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    Learner* const learner = &trainer->learner[i];
    memcpy(learner->parameters, parameters[i], learner->net->n_parameters * sizeof(float));
    memcpy(learner->best, parameters[i], learner->net->n_parameters * sizeof(float));
  }
  trainer->is_started_from = true;
}

static void
exchange_learner(Learner* const learner, CnCheckpoint* const checkpoint)
{
  const size_t size = learner->net->n_parameters * sizeof(float);
  cn_checkpoint_field(checkpoint, learner->parameters, size);
  cn_checkpoint_field(checkpoint, learner->mean, size);
  cn_checkpoint_field(checkpoint, learner->square, size);
  cn_checkpoint_field(checkpoint, learner->best, size);
  cn_checkpoint_field(checkpoint, &learner->step, sizeof(learner->step));
  cn_checkpoint_field(checkpoint, &learner->flat, sizeof(learner->flat));
}

void
cn_notebook_trainer_exchange(CnNotebookTrainer* const trainer, CnCheckpoint* const checkpoint)
{
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    exchange_learner(&trainer->learner[i], checkpoint);
  }
  cn_checkpoint_field(checkpoint, &trainer->n_drawn, sizeof(trainer->n_drawn));
  cn_checkpoint_field(checkpoint, &trainer->in_round, sizeof(trainer->in_round));
  cn_checkpoint_field(checkpoint, &trainer->ends_round, sizeof(trainer->ends_round));
  cn_checkpoint_field(checkpoint, trainer->steps, sizeof(trainer->steps));
  cn_checkpoint_field(checkpoint, &trainer->progress, sizeof(trainer->progress));
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    trainer->progress.best[i] = trainer->learner[i].best; // An address is worth nothing elsewhere
  }
  if (checkpoint->is_reading && !checkpoint->status && trainer->n_drawn % trainer->dataset->n_targets[0]) {
    shuffle(trainer, (uint32_t)(trainer->n_drawn / trainer->dataset->n_targets[0]));
  }
}

CnStatus
cn_notebook_train(const CnNotebookDataset* const dataset, const CnNotebookRecipe* const recipe,
                  const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const CnNotebookListener listener,
                  void* const handle, float* const parameters[CN_N_NOTEBOOK_TASKS])
{
  CnNotebookTrainer* trainer = NULL;
  CN_TRY(cn_notebook_trainer_new(dataset, recipe, nets, &trainer));
  const CnStatus status = cn_notebook_trainer_run(trainer, listener, handle);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    memcpy(parameters[i], cn_notebook_trainer_result(trainer, (CnNotebookTask)i),
           nets[i].n_parameters * sizeof(float));
  }
  cn_notebook_trainer_free(trainer);
  return status;
}
