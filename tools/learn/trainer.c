// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/learn/trainer_internal.h"

#include "tools/base/now.h"
#include "tools/gradient/parameters.h"
#include "tools/learn/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define LAST_RATE 0.02 // Share of the learning rate at the end of the cosine

static CnStatus
init_trainer(CnTrainer* const trainer)
{
  const size_t n      = trainer->layout->n_parameters;
  trainer->parameters = calloc(n, sizeof(float));
  trainer->best       = calloc(n, sizeof(float));
  trainer->mean       = calloc(n, sizeof(float));
  trainer->square     = calloc(n, sizeof(float));
  if (!trainer->parameters || !trainer->best || !trainer->mean || !trainer->square) {
    return CN_STATUS_NO_MEMORY;
  }
  CN_TRY(cn_trainer_init_workers(trainer));
  cn_parameters_init(trainer->layout, trainer->recipe.seed, trainer->parameters);
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_trainer_new(const CnCorpus* const corpus, const CnRecipe* const recipe, const CnLayout* const layout,
               CnTrainer** const trainer)
{
  *trainer = NULL;
  if (!recipe->n_threads || recipe->n_streams % recipe->n_threads || !corpus->n_in_split[CN_SPLIT_TRAIN]) {
    return CN_STATUS_BAD_ARG;
  }

  CnTrainer* const made = calloc(1, sizeof(CnTrainer));
  if (!made) {
    return CN_STATUS_NO_MEMORY;
  }
  made->recipe          = *recipe;
  made->layout          = layout;
  made->corpus          = corpus;
  made->best_loss       = INFINITY;
  const CnStatus status = init_trainer(made);
  if (status) {
    cn_trainer_free(made);
    return status;
  }
  *trainer = made;
  return CN_STATUS_SUCCESS;
}

void
cn_trainer_free(CnTrainer* const trainer)
{
  if (trainer) {
    cn_trainer_clear_workers(trainer);
    free(trainer->start);
    free(trainer->halfway);
    free(trainer->parameters);
    free(trainer->best);
    free(trainer->mean);
    free(trainer->square);
    free(trainer);
  }
}

CnStatus
cn_trainer_start_from(CnTrainer* const trainer, const float* const parameters)
{
  const size_t n   = trainer->layout->n_parameters;
  trainer->start   = calloc(n, sizeof(float));
  trainer->halfway = calloc(n, sizeof(float));
  if (!trainer->start || !trainer->halfway) {
    return CN_STATUS_NO_MEMORY;
  }
  memcpy(trainer->start, parameters, n * sizeof(float));
  memcpy(trainer->parameters, parameters, n * sizeof(float));
  return CN_STATUS_SUCCESS;
}

// Put a stream where it was, or write down where it is
static void
exchange_stream(CnStream* const stream, CnCheckpoint* const checkpoint)
{
  CnStreamPlace place = cn_stream_place(stream);
  cn_checkpoint_field(checkpoint, &place, sizeof(place));
  if (checkpoint->is_reading && !checkpoint->status) {
    checkpoint->status = cn_stream_seek(stream, &place);
  }
}

static void
exchange_worker(const CnTrainerWorker* const worker, CnCheckpoint* const checkpoint)
{
  float*       outputs = NULL;
  float*       cells   = NULL;
  const size_t n       = cn_gradient_state(worker->gradient, &outputs, &cells);
  cn_checkpoint_field(checkpoint, outputs, n * sizeof(float));
  cn_checkpoint_field(checkpoint, cells, n * sizeof(float));
  for (size_t b = 0; b < worker->trainer->n_streams; ++b) {
    exchange_stream(worker->streams[b], checkpoint);
  }
}

static void
exchange_workers(const CnTrainer* const trainer, CnCheckpoint* const checkpoint)
{
  for (uint32_t w = 0; w < trainer->recipe.n_threads; ++w) {
    exchange_worker(&trainer->workers[w], checkpoint);
  }
}

// The workers of all ranks as one field, which only the first rank has to write
static void
exchange_ranks(const CnTrainer* const trainer, CnCheckpoint* const checkpoint)
{
  CnCheckpoint part = {.status = checkpoint->status};
  exchange_workers(trainer, &part); // As large as it was, or will be
  const size_t   size = cn_ranks_count() * part.size;
  uint8_t* const all  = part.status || !size ? NULL : malloc(size);
  if (cn_ranks_find(!all) < cn_ranks_count() || !all || !part.data) {
    part.status = part.status ? part.status : CN_STATUS_NO_MEMORY;
  } else if (checkpoint->is_reading) {
    cn_checkpoint_field(checkpoint, all, size);
    if (!checkpoint->status) {
      memcpy(part.data, all + cn_ranks_index() * part.size, part.size);
      cn_checkpoint_turn(&part);
      exchange_workers(trainer, &part);
    }
  } else {
    cn_ranks_gather(part.data, part.size, all);
    cn_checkpoint_field(checkpoint, all, size);
  }
  checkpoint->status = checkpoint->status ? checkpoint->status : part.status;
  free(all);
  cn_checkpoint_clear(&part);
}

void
cn_trainer_exchange(CnTrainer* const trainer, CnCheckpoint* const checkpoint)
{
  const size_t size = trainer->layout->n_parameters * sizeof(float);
  cn_checkpoint_field(checkpoint, trainer->parameters, size);
  cn_checkpoint_field(checkpoint, trainer->best, size);
  cn_checkpoint_field(checkpoint, trainer->mean, size);
  cn_checkpoint_field(checkpoint, trainer->square, size);
  cn_checkpoint_field(checkpoint, &trainer->best_loss, sizeof(trainer->best_loss));
  cn_checkpoint_field(checkpoint, &trainer->training, sizeof(trainer->training));
  cn_checkpoint_field(checkpoint, &trainer->failures, sizeof(trainer->failures));
  cn_checkpoint_field(checkpoint, &trainer->progress, sizeof(trainer->progress));
  trainer->progress.best = trainer->best;
  exchange_ranks(trainer, checkpoint);
}

static float
rate_at(const CnRecipe* const recipe, const uint64_t step, const double share)
{
  const double warmup = step < recipe->warmup ? (double)step / recipe->warmup : 1.0;
  const double cosine = 0.5 * (1.0 + cos(PI * (share < 1.0 ? share : 1.0)));
  return (float)((double)recipe->rate * warmup * (LAST_RATE + (1.0 - LAST_RATE) * cosine));
}

// Have all workers of all ranks do something, and collect their losses
static CnLoss
command_ranks(CnTrainer* const trainer, const CnTrainerCommand command)
{
  CnLoss loss = cn_trainer_command(trainer, command);
  cn_ranks_sum_doubles((double*)&loss, sizeof(loss) / sizeof(double)); // It has nothing else
  return loss;
}

// What weights are worth in validation, with and without motif matches; the mean of both counts
typedef struct {
  CnLoss valid;
  CnLoss bare;
  double mean;
} Verdict;

static Verdict
judge(CnTrainer* const trainer, float* const parameters)
{
  float* const own     = trainer->parameters;
  Verdict      verdict = {.mean = 0.0};
  trainer->parameters  = parameters;
  trainer->hide_motif  = 0.0F;
  verdict.valid        = command_ranks(trainer, CN_COMMAND_VALIDATE);
  trainer->hide_motif  = 1.0F;
  verdict.bare         = command_ranks(trainer, CN_COMMAND_VALIDATE);
  trainer->parameters  = own;
  verdict.mean         = 0.5 * (cn_loss_mean(&verdict.valid) + cn_loss_mean(&verdict.bare));
  return verdict;
}

// Judge the weights halfway to those that the run began with, which may know what these have forgotten
// (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models")
static Verdict
judge_halfway(CnTrainer* const trainer)
{
  for (size_t i = 0; i < trainer->layout->n_parameters; ++i) {
    trainer->halfway[i] = 0.5F * (trainer->start[i] + trainer->parameters[i]);
  }
  return judge(trainer, trainer->halfway);
}

// Validate, and keep the weights if they are the best so far
static void
validate(CnTrainer* const trainer)
{
  CnProgress* const progress = &trainer->progress;
  float*            judged   = trainer->parameters;
  Verdict           verdict  = judge(trainer, judged);
  progress->is_halfway       = false;
  if (trainer->start && progress->step) {
    const Verdict halfway = judge_halfway(trainer);
    progress->is_halfway  = halfway.mean < verdict.mean;
    judged                = progress->is_halfway ? trainer->halfway : judged;
    verdict               = progress->is_halfway ? halfway : verdict;
  }
  progress->valid        = verdict.valid;
  progress->valid_bare   = verdict.bare;
  progress->is_validated = true;
  progress->is_best      = verdict.mean < trainer->best_loss;
  trainer->failures      = progress->is_best ? 0 : trainer->failures + 1;
  if (progress->is_best) {
    trainer->best_loss = verdict.mean;
    memcpy(trainer->best, judged, trainer->layout->n_parameters * sizeof(float));
  }
}

// Batches of one time through the training notes
static uint64_t
steps_an_epoch(const CnTrainer* const trainer)
{
  const double per_step = (double)cn_trainer_batch(trainer);
  return (uint64_t)ceil((double)trainer->corpus->n_notes_in[CN_SPLIT_TRAIN] / per_step);
}

// Make a step; CN_STATUS_BAD_VALUE if that was impossible
static CnStatus
step(CnTrainer* const trainer, const double start)
{
  const CnRecipe* const recipe   = &trainer->recipe;
  CnProgress* const     progress = &trainer->progress;
  const double          n_notes  = (double)trainer->corpus->n_notes_in[CN_SPLIT_TRAIN];
  const double          per_step = (double)cn_trainer_batch(trainer);
  const double          before   = cn_now();
  ++progress->step;
  trainer->rate     = rate_at(recipe, progress->step, progress->share);
  const CnLoss loss = command_ranks(trainer, CN_COMMAND_STEP);
  trainer->training += cn_now() - before;
  progress->rate           = trainer->rate;
  progress->epoch          = (double)progress->step * per_step / n_notes;
  progress->notes_a_second = (double)progress->step * per_step / trainer->training;
  progress->share          = recipe->minutes > 0.0
                                 ? (cn_now() - start) / (60.0 * recipe->minutes)
                                 : (double)progress->step / (recipe->epochs * (double)steps_an_epoch(trainer));
  cn_ranks_broadcast(&progress->share, sizeof(progress->share)); // By one clock
  cn_loss_add(&progress->train, &loss);
  return isfinite(cn_trainer_gradient_norm2(trainer)) ? CN_STATUS_SUCCESS : CN_STATUS_BAD_VALUE;
}

// All ranks tell the time by the clock of the first one
static void
take_time(CnTrainer* const trainer, const double start)
{
  trainer->progress.seconds = cn_now() - start;
  cn_ranks_broadcast(&trainer->progress.seconds, sizeof(trainer->progress.seconds));
}

bool
cn_trainer_is_over(const CnTrainer* const trainer)
{
  const uint32_t patience = trainer->recipe.patience;
  return trainer->progress.share >= 1.0 || (patience && trainer->failures >= patience);
}

// Step after step, so that the state is whole whenever `func` is called
static CnStatus
run_steps(CnTrainer* const trainer, const CnProgressFunc func, void* const handle)
{
  CnProgress* const progress  = &trainer->progress;
  const bool        has_valid = trainer->corpus->n_in_split[CN_SPLIT_VALID] > 0;
  const double      start     = cn_now() - progress->seconds;
  bool              goes_on   = true;

  if (has_valid && trainer->start && !progress->step && !progress->is_validated) {
    validate(trainer);
    take_time(trainer, start);
    goes_on = func(handle, progress);
  }
  while (goes_on && !cn_trainer_is_over(trainer)) {
    if (progress->is_validated) {
      progress->train        = (CnLoss){.n_notes = 0.0};
      progress->is_validated = false;
    }
    CN_TRY(step(trainer, start));
    if (has_valid && (progress->step % steps_an_epoch(trainer) == 0 || progress->share >= 1.0)) {
      validate(trainer);
    }
    take_time(trainer, start);
    goes_on = func(handle, progress);
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_trainer_run(CnTrainer* const trainer, const CnProgressFunc progress, void* const handle)
{
  const CnStatus started = cn_trainer_start(trainer);
  CnStatus       status = cn_ranks_find(started) < cn_ranks_count() ? CN_STATUS_NO_MEMORY : CN_STATUS_SUCCESS;
  trainer->progress.best = trainer->best;
  if (!status) {
    status = run_steps(trainer, progress, handle);
  }
  if (!started) {
    cn_trainer_stop(trainer);
  }
  return status;
}

const float*
cn_trainer_result(const CnTrainer* const trainer)
{
  return isfinite(trainer->best_loss) ? trainer->best : trainer->parameters;
}

CnStatus
cn_train(const CnCorpus* const corpus, const CnRecipe* const recipe, const CnLayout* const layout,
         const CnProgressFunc progress, void* const handle, float* const parameters)
{
  CnTrainer* trainer = NULL;
  CN_TRY(cn_trainer_new(corpus, recipe, layout, &trainer));

  const CnStatus status = cn_trainer_run(trainer, progress, handle);
  memcpy(parameters, cn_trainer_result(trainer), layout->n_parameters * sizeof(float));
  cn_trainer_free(trainer);
  return status;
}
