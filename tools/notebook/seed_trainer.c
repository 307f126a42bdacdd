// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/seed_trainer.h"

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
  const CnSeedNet* net;
  CnSeedTask       task;
  CnSeedGradient*  gradient;
  float*           parameters;
  float*           out;    // Gradient
  float*           mean;   // Of Adam
  float*           square; // Of Adam
  float*           best;   // Borrowed
  uint64_t         step;
  uint32_t         flat; // Rounds since it was best or its rate was lowered
} Pupil;

typedef struct {
  const CnSeedLessons* lessons;
  const CnSeedRecipe*  recipe;
  Pupil                pupil[CN_N_SEED_TASKS];
  CnSeedBatch          batch;
  uint32_t*            order;    // Of the training side's targets
  CnSeedTarget*        drawn;    // (n_batch)
  uint64_t             n_drawn;  // Windows so far
  uint64_t             in_round; // Windows of this round
  struct timespec      start;
  CnSeedProgress       progress;
} School;

static CnStatus
init_pupil(Pupil* const pupil, const CnSeedNet* const net, const CnSeedTask task,
           const CnSeedRecipe* const recipe, float* const best)
{
  const size_t n = net->n_parameters;
  *pupil         = (Pupil){.net        = net,
                           .task       = task,
                           .gradient   = cn_seed_gradient_new(net, task, recipe->window, recipe->n_batch),
                           .parameters = calloc(n, sizeof(float)),
                           .out        = calloc(n, sizeof(float)),
                           .mean       = calloc(n, sizeof(float)),
                           .square     = calloc(n, sizeof(float)),
                           .best       = best};
  if (!pupil->gradient || !pupil->parameters || !pupil->out || !pupil->mean || !pupil->square) {
    return CN_STATUS_NO_MEMORY;
  }
  CN_TRY(cn_seed_parameters_init(net, task, recipe->seed, pupil->parameters));
  memcpy(best, pupil->parameters, n * sizeof(float));
  return CN_STATUS_SUCCESS;
}

static void
clear_pupil(const Pupil* const pupil)
{
  cn_seed_gradient_free(pupil->gradient);
  free(pupil->parameters);
  free(pupil->out);
  free(pupil->mean);
  free(pupil->square);
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
shuffle(School* const school, const uint32_t epoch)
{
  const uint32_t n      = (uint32_t)school->lessons->n_targets[0];
  CnRandom       random = cn_random(school->recipe->seed, KEY_ORDER, epoch, 0, 0);
  for (uint32_t i = 0; i < n; ++i) {
    school->order[i] = i;
  }
  for (uint32_t i = n; i > 1; --i) {
    const uint32_t k     = cn_random_below(&random, i);
    const uint32_t other = school->order[k];
    school->order[k]     = school->order[i - 1];
    school->order[i - 1] = other;
  }
}

static void
draw_batch(School* const school)
{
  const CnSeedLessons* const lessons = school->lessons;
  for (uint32_t i = 0; i < school->recipe->n_batch; ++i) {
    const uint64_t at = school->n_drawn % lessons->n_targets[0];
    if (!at) {
      shuffle(school, (uint32_t)(school->n_drawn / lessons->n_targets[0]));
    }
    school->drawn[i] = lessons->targets[0][school->order[at]];
    ++school->n_drawn;
  }
  school->in_round += school->recipe->n_batch;
  cn_seed_batch_fill(&school->batch, &lessons->scale, lessons->pieces[0], school->drawn,
                     school->recipe->n_batch);
}

// 1, or what makes the gradient no longer than CLIP
static float
clip(const Pupil* const pupil)
{
  const double norm = sqrt(cn_add_squares(pupil->net->n_parameters, pupil->out));
  return norm > CLIP ? (float)(CLIP / norm) : 1.0F;
}

// Factor of the rate: what is learnt last should not be noise
static float
ease(const double share)
{
  return share > 1.0 - EASE_SHARE ? (float)((1.0 - share) / EASE_SHARE) : 1.0F;
}

static void
learn_batch(School* const school, Pupil* const pupil, CnSeedStanding* const standing)
{
  const CnSeedRecipe* const recipe = school->recipe;
  const CnRandom            random =
      cn_random(recipe->seed, KEY_DROPOUT, (uint32_t)school->progress.step, (uint32_t)pupil->task, 0);
  const CnAdamw settings = {
      standing->rate * ease(school->progress.share), 0.9F, 0.999F, 1e-7F, 0.0F, ++pupil->step};
  cn_seed_gradient_compute(pupil->gradient, pupil->parameters, &school->batch, recipe->dropout, random,
                           &standing->train, pupil->out);
  cn_adamw_step(&settings, pupil->net->n_parameters, clip(pupil), pupil->out, pupil->mean, pupil->square,
                pupil->parameters);
}

static CnSeedLoss
validate(School* const school, const Pupil* const pupil)
{
  const CnSeedLessons* const lessons = school->lessons;
  const size_t               n       = lessons->n_targets[1] < N_VALID ? lessons->n_targets[1] : N_VALID;
  CnSeedLoss                 loss    = {0.0, 0.0, 0.0};
  for (size_t i = 0; i < n;) {
    size_t in_batch = 0;
    for (; in_batch < school->batch.capacity && i < n; ++i, ++in_batch) {
      school->drawn[in_batch] = lessons->targets[1][i * lessons->n_targets[1] / n];
    }
    cn_seed_batch_fill(&school->batch, &lessons->scale, lessons->pieces[1], school->drawn, in_batch);
    cn_seed_gradient_evaluate(pupil->gradient, pupil->parameters, &school->batch, &loss);
  }
  return loss;
}

// Best weights, rate and patience, as Keras's callbacks have them
static void
judge(const School* const school, Pupil* const pupil, CnSeedStanding* const standing)
{
  const CnSeedRecipe* const recipe = school->recipe;
  const uint32_t            round  = school->progress.round;
  const double              loss   = standing->valid.sum / standing->valid.n;

  standing->is_best = !standing->best_round || loss < standing->best_loss - MIN_DELTA * standing->best_loss;
  if (standing->is_best) {
    standing->best_loss  = loss;
    standing->best_round = round;
    pupil->flat          = 0;
    memcpy(pupil->best, pupil->parameters, pupil->net->n_parameters * sizeof(float));
  } else if (++pupil->flat >= recipe->plateau && standing->rate > RATE_LEAST) {
    standing->rate *= RATE_FACTOR;
    pupil->flat = 0;
  }
  standing->has_ended = recipe->patience && round - standing->best_round >= recipe->patience;
}

// Validate, if there is something to choose by
static CnStatus
end_round(School* const school)
{
  const bool has_valid          = school->lessons->n_targets[1] > 0;
  school->progress.is_validated = has_valid;
  school->progress.round += has_valid;
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    CnSeedStanding* const standing = &school->progress.net[i];
    standing->is_best              = false;
    if (standing->has_ended) {
      continue;
    }
    if (has_valid) {
      standing->valid = validate(school, &school->pupil[i]);
    }
    if (!isfinite(standing->valid.sum) || !isfinite(standing->train.sum)) {
      return CN_STATUS_BAD_VALUE;
    }
    if (has_valid) {
      judge(school, &school->pupil[i], standing);
    }
  }
  return CN_STATUS_SUCCESS;
}

static void
begin_round(School* const school)
{
  school->in_round = 0;
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    school->progress.net[i].train = (CnSeedLoss){0.0, 0.0, 0.0};
  }
}

static void
take_stock(School* const school)
{
  const CnSeedRecipe* const recipe   = school->recipe;
  CnSeedProgress* const     progress = &school->progress;
  progress->epoch                    = (double)school->n_drawn / (double)school->lessons->n_targets[0];
  progress->seconds                  = seconds_since(&school->start);
  progress->windows_a_second         = (double)school->n_drawn / progress->seconds;
  progress->share =
      recipe->minutes > 0.0 ? progress->seconds / (60.0 * recipe->minutes) : progress->epoch / recipe->epochs;
  progress->share = progress->share < 1.0 ? progress->share : 1.0;
}

static CnStatus
attend(School* const school, const CnSeedListener listener, void* const handle)
{
  CnSeedProgress* const progress = &school->progress;
  bool                  goes_on  = true;
  while (goes_on && progress->share < 1.0 && !(progress->net[0].has_ended && progress->net[1].has_ended)) {
    draw_batch(school);
    for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
      if (!progress->net[i].has_ended) {
        learn_batch(school, &school->pupil[i], &progress->net[i]);
      }
    }
    ++progress->step;
    take_stock(school);
    progress->is_validated = false;
    const bool ends_round  = school->in_round >= school->recipe->n_round || progress->share >= 1.0;
    if (ends_round) {
      CN_TRY(end_round(school));
      progress->seconds = seconds_since(&school->start);
    }
    goes_on = listener(handle, progress);
    if (ends_round) {
      begin_round(school);
    }
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
open_school(School* const school, const CnSeedNet nets[CN_N_SEED_TASKS],
            float* const parameters[CN_N_SEED_TASKS])
{
  const CnSeedRecipe* const recipe = school->recipe;
  CN_TRY(cn_seed_batch_init(&school->batch, recipe->window, recipe->n_batch));
  school->order = calloc(school->lessons->n_targets[0], sizeof(uint32_t));
  school->drawn = calloc(recipe->n_batch, sizeof(CnSeedTarget));
  if (!school->order || !school->drawn) {
    return CN_STATUS_NO_MEMORY;
  }
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    CN_TRY(init_pupil(&school->pupil[i], &nets[i], (CnSeedTask)i, recipe, parameters[i]));
    school->progress.best[i]     = parameters[i];
    school->progress.net[i].rate = recipe->rate;
  }
  return CN_STATUS_SUCCESS;
}

// Where nothing was chosen, the last weights are the ones
static void
keep_last(const School* const school)
{
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    const Pupil* const pupil = &school->pupil[i];
    if (!school->progress.net[i].best_round) {
      memcpy(pupil->best, pupil->parameters, pupil->net->n_parameters * sizeof(float));
    }
  }
}

static void
close_school(School* const school)
{
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    clear_pupil(&school->pupil[i]);
  }
  cn_seed_batch_clear(&school->batch);
  free(school->order);
  free(school->drawn);
  free(school);
}

CnStatus
cn_seed_train(const CnSeedLessons* const lessons, const CnSeedRecipe* const recipe,
              const CnSeedNet nets[CN_N_SEED_TASKS], const CnSeedListener listener, void* const handle,
              float* const parameters[CN_N_SEED_TASKS])
{
  School* const school = calloc(1, sizeof(School));
  if (!school) {
    return CN_STATUS_NO_MEMORY;
  }

  cn_blas_init();
  school->lessons = lessons;
  school->recipe  = recipe;
  clock_gettime(CLOCK_MONOTONIC, &school->start);
  CnStatus status = open_school(school, nets, parameters);
  if (!status) {
    status = attend(school, listener, handle);
  }
  if (!status) {
    keep_last(school);
  }
  close_school(school);
  return status;
}
