// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "trainer.h"

#include "adamw.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PI 3.14159265358979323846
#define LAST_RATE 0.02     // Share of the learning rate at the end of the cosine
#define N_VALID_STREAMS 8U // Few, so that the longest piece does not keep the others waiting

// What all workers do next; none of them does anything for COMMAND_STOP but end
typedef enum { COMMAND_STEP, COMMAND_VALIDATE, COMMAND_STOP } Command;

typedef struct Trainer Trainer;

typedef struct {
  Trainer*    trainer;
  uint32_t    index;
  pthread_t   thread;
  CnStream**  streams;       // (B / threads) for training
  CnStream**  valid_streams; // (n_valid) for validation
  CnBatch     batch;
  CnBatch     valid_batch;
  CnGradient* gradient;
  CnGradient* valid_gradient;
  float*      out;   // (n_parameters) this worker's share of the gradient
  double      norm2; // Of this worker's range of the summed gradient
  CnLoss      loss;
} Worker;

struct Trainer {
  CnRecipe          recipe;
  const CnLayout*   layout;
  const CnCorpus*   corpus;
  Worker*           workers;
  uint32_t          n_threads;    // That have been started, the caller's included
  size_t            n_streams;    // Of each worker
  size_t            n_valid;      // Streams of each worker in validation
  pthread_mutex_t   gate;         // Held until all workers are there
  bool              is_cancelled; // Some could not be started, so the others end at once
  pthread_barrier_t barrier;
  Command           command;
  float*            parameters; // (n_parameters)
  float*            mean;       // (n_parameters) of AdamW
  float*            square;     // (n_parameters) of AdamW
  float             rate;       // Of this step
  float             hide_motif; // Of this validation
  CnProgress        progress;
};

static double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// A worker's own range of the parameters
static size_t
range_start(const Trainer* const trainer, const uint32_t worker)
{
  const size_t lines = trainer->layout->n_parameters / 16;
  return worker == trainer->recipe.n_threads ? trainer->layout->n_parameters
                                             : lines * worker / trainer->recipe.n_threads * 16;
}

// Sum the workers' gradients into the first one's, always in the same order
static void
reduce_range(Worker* const worker)
{
  const Trainer* const trainer = worker->trainer;
  float* const         sum     = trainer->workers[0].out;
  const size_t         end     = range_start(trainer, worker->index + 1);
  worker->norm2                = 0.0;
  for (size_t i = range_start(trainer, worker->index); i < end; ++i) {
    for (uint32_t w = 1; w < trainer->recipe.n_threads; ++w) {
      sum[i] += trainer->workers[w].out[i];
    }
    worker->norm2 += (double)sum[i] * (double)sum[i];
  }
}

// Sum of the squares of the last gradient
static double
gradient_norm2(const Trainer* const trainer)
{
  double norm2 = 0.0;
  for (uint32_t w = 0; w < trainer->recipe.n_threads; ++w) {
    norm2 += trainer->workers[w].norm2;
  }
  return norm2;
}

static void
update_range(const Worker* const worker)
{
  const Trainer* const trainer = worker->trainer;
  const size_t         start   = range_start(trainer, worker->index);
  const size_t         end     = range_start(trainer, worker->index + 1);
  const double         norm2   = gradient_norm2(trainer);
  if (!isfinite(norm2)) {
    return; // All workers see this alike, and run_trainer() will, too
  }
  const double norm  = sqrt(norm2);
  const float  clip  = trainer->recipe.clip;
  const float  scale = norm > (double)clip ? (float)((double)clip / norm) : 1.0F;

  CnAdamw adamw = {trainer->rate, 0.9F, 0.99F, 1e-8F, 0.0F, trainer->progress.step};
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &trainer->layout->place[w];
    const size_t               next  = w + 1 < CN_N_WEIGHTS ? place[1].offset : trainer->layout->n_parameters;
    const size_t               from  = place->offset > start ? place->offset : start;
    const size_t               to    = next < end ? next : end;
    adamw.weight_decay               = place->vector ? 0.0F : trainer->recipe.weight_decay;
    if (from < to) {
      cn_adamw_step(&adamw, to - from, scale, trainer->workers[0].out + from, trainer->mean + from,
                    trainer->square + from, trainer->parameters + from);
    }
  }
}

static void
do_step(Worker* const worker)
{
  Trainer* const trainer = worker->trainer;
  const float    scale   = 1.0F / (float)(trainer->recipe.n_streams * trainer->recipe.n_steps);
  const CnRandom dropout =
      cn_random(trainer->recipe.seed, 0x44524F50, (uint32_t)trainer->progress.step, worker->index, 0);

  worker->loss = (CnLoss){.n_notes = 0.0};
  for (size_t b = 0; b < trainer->n_streams; ++b) {
    cn_stream_fill(worker->streams[b], &worker->batch, b);
  }
  cn_gradient_compute(worker->gradient, trainer->parameters, &worker->batch, scale, trainer->recipe.dropout,
                      dropout, &worker->loss, worker->out);

  pthread_barrier_wait(&trainer->barrier);
  reduce_range(worker);
  pthread_barrier_wait(&trainer->barrier);
  update_range(worker);
}

static bool
is_batch_empty(const CnBatch* const batch)
{
  for (size_t n = 0; n < batch->n_streams * batch->n_steps; ++n) {
    if (batch->inputs[n].n_rows) {
      return false;
    }
  }
  return true;
}

static void
do_validate(Worker* const worker)
{
  Trainer* const trainer = worker->trainer;
  worker->loss           = (CnLoss){.n_notes = 0.0};
  cn_gradient_reset(worker->valid_gradient);
  for (size_t b = 0; b < trainer->n_valid; ++b) {
    cn_stream_restart(worker->valid_streams[b], trainer->hide_motif);
  }
  for (;;) {
    for (size_t b = 0; b < trainer->n_valid; ++b) {
      cn_stream_fill(worker->valid_streams[b], &worker->valid_batch, b);
    }
    if (is_batch_empty(&worker->valid_batch)) {
      return;
    }
    cn_gradient_evaluate(worker->valid_gradient, trainer->parameters, &worker->valid_batch, &worker->loss);
  }
}

// Do what is to be done, together with the other workers
static void
do_command(Worker* const worker)
{
  if (worker->trainer->command == COMMAND_STEP) {
    do_step(worker);
  } else if (worker->trainer->command == COMMAND_VALIDATE) {
    do_validate(worker);
  }
}

static void*
run_worker(void* const handle)
{
  Worker* const worker = (Worker*)handle;
  pthread_mutex_lock(&worker->trainer->gate);
  bool goes_on = !worker->trainer->is_cancelled;
  pthread_mutex_unlock(&worker->trainer->gate);
  while (goes_on) {
    pthread_barrier_wait(&worker->trainer->barrier); // A command is there
    goes_on = worker->trainer->command != COMMAND_STOP;
    do_command(worker);
    pthread_barrier_wait(&worker->trainer->barrier); // All have done it
  }
  return NULL;
}

// Have all workers do something, and collect their losses
static CnLoss
run_command(Trainer* const trainer, const Command command)
{
  CnLoss loss      = {.n_notes = 0.0};
  trainer->command = command;
  pthread_barrier_wait(&trainer->barrier);
  do_command(&trainer->workers[0]);
  pthread_barrier_wait(&trainer->barrier);
  for (uint32_t w = 0; w < trainer->recipe.n_threads; ++w) {
    cn_loss_add(&loss, &trainer->workers[w].loss);
  }
  return loss;
}

// Make `n` streams, the first one with the number `first`
static CnStatus
new_streams(const CnStreamSettings* const settings, const uint32_t first, const size_t n,
            CnStream*** const streams)
{
  *streams = calloc(n, sizeof(CnStream*));
  for (uint32_t b = 0; *streams && b < n; ++b) {
    (*streams)[b] = cn_stream_new(settings, first + b);
    if (!(*streams)[b]) {
      return CN_STATUS_NO_MEMORY;
    }
  }
  return *streams ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

static void
free_streams(CnStream** const streams, const size_t n)
{
  for (size_t b = 0; streams && b < n; ++b) {
    cn_stream_free(streams[b]);
  }
  free(streams);
}

static CnStatus
init_streams(const Trainer* const trainer, Worker* const worker)
{
  const CnRecipe* const recipe   = &trainer->recipe;
  CnStreamSettings      settings = {.corpus        = trainer->corpus,
                                    .split         = CN_SPLIT_TRAIN,
                                    .n_streams     = recipe->n_streams,
                                    .seed          = recipe->seed,
                                    .lowest_shift  = -5,
                                    .highest_shift = 6,
                                    .loudness      = 12,
                                    .hide_motif    = recipe->hide_motif,
                                    .hide_chord    = recipe->hide_chord};
  CN_TRY(new_streams(&settings, worker->index * (uint32_t)trainer->n_streams, trainer->n_streams,
                     &worker->streams));

  settings.split      = CN_SPLIT_VALID;
  settings.n_streams  = (uint32_t)trainer->n_valid * recipe->n_threads;
  settings.once       = true;
  settings.hide_chord = 1.0F;
  return new_streams(&settings, worker->index * (uint32_t)trainer->n_valid, trainer->n_valid,
                     &worker->valid_streams);
}

static CnStatus
init_worker(Trainer* const trainer, const uint32_t index)
{
  Worker* const worker = &trainer->workers[index];
  worker->trainer      = trainer;
  worker->index        = index;
  CN_TRY(init_streams(trainer, worker));
  CN_TRY(cn_batch_init(&worker->batch, trainer->n_streams, trainer->recipe.n_steps));
  CN_TRY(cn_batch_init(&worker->valid_batch, trainer->n_valid, trainer->recipe.n_steps));
  worker->gradient       = cn_gradient_new(trainer->layout, trainer->n_streams, trainer->recipe.n_steps);
  worker->valid_gradient = cn_gradient_new(trainer->layout, trainer->n_valid, trainer->recipe.n_steps);
  worker->out            = calloc(trainer->layout->n_parameters, sizeof(float));
  return worker->gradient && worker->valid_gradient && worker->out ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

static void
clear_worker(const Trainer* const trainer, Worker* const worker)
{
  free_streams(worker->streams, trainer->n_streams);
  free_streams(worker->valid_streams, trainer->n_valid);
  cn_batch_clear(&worker->batch);
  cn_batch_clear(&worker->valid_batch);
  cn_gradient_free(worker->gradient);
  cn_gradient_free(worker->valid_gradient);
  free(worker->out);
}

static CnStatus
init_trainer(Trainer* const trainer)
{
  const size_t n      = trainer->layout->n_parameters;
  trainer->n_streams  = trainer->recipe.n_streams / trainer->recipe.n_threads;
  trainer->n_valid    = (N_VALID_STREAMS + trainer->recipe.n_threads - 1) / trainer->recipe.n_threads;
  trainer->workers    = calloc(trainer->recipe.n_threads, sizeof(Worker));
  trainer->parameters = calloc(n, sizeof(float));
  trainer->mean       = calloc(n, sizeof(float));
  trainer->square     = calloc(n, sizeof(float));
  if (!trainer->workers || !trainer->parameters || !trainer->mean || !trainer->square) {
    return CN_STATUS_NO_MEMORY;
  }
  for (uint32_t w = 0; w < trainer->recipe.n_threads; ++w) {
    CN_TRY(init_worker(trainer, w));
  }

  cn_parameters_init(trainer->layout, trainer->recipe.seed, trainer->parameters);
  return CN_STATUS_SUCCESS;
}

static void
join_threads(const Trainer* const trainer)
{
  for (uint32_t w = 1; w < trainer->n_threads; ++w) {
    pthread_join(trainer->workers[w].thread, NULL);
  }
}

// Start the other workers, all or none of them
static CnStatus
start_threads(Trainer* const trainer)
{
  CnStatus status = CN_STATUS_SUCCESS;
  pthread_barrier_init(&trainer->barrier, NULL, trainer->recipe.n_threads);
  pthread_mutex_init(&trainer->gate, NULL);
  pthread_mutex_lock(&trainer->gate);
  for (trainer->n_threads = 1; !status && trainer->n_threads < trainer->recipe.n_threads;) {
    Worker* const worker = &trainer->workers[trainer->n_threads];
    if (pthread_create(&worker->thread, NULL, run_worker, worker)) {
      trainer->is_cancelled = true;
      status                = CN_STATUS_NO_MEMORY;
    } else {
      ++trainer->n_threads;
    }
  }
  pthread_mutex_unlock(&trainer->gate);
  if (status) {
    join_threads(trainer);
  }
  return status;
}

static void
stop_threads(Trainer* const trainer)
{
  run_command(trainer, COMMAND_STOP);
  join_threads(trainer);
}

static void
clear_trainer(Trainer* const trainer)
{
  for (uint32_t w = 0; trainer->workers && w < trainer->recipe.n_threads; ++w) {
    clear_worker(trainer, &trainer->workers[w]);
  }
  free(trainer->workers);
  free(trainer->parameters);
  free(trainer->mean);
  free(trainer->square);
}

static float
rate_at(const CnRecipe* const recipe, const uint64_t step, const double share)
{
  const double warmup = step < recipe->warmup ? (double)step / recipe->warmup : 1.0;
  const double cosine = 0.5 * (1.0 + cos(PI * (share < 1.0 ? share : 1.0)));
  return (float)((double)recipe->rate * warmup * (LAST_RATE + (1.0 - LAST_RATE) * cosine));
}

// Validate with and without motif matches; true if the mean of both is the best so far
static bool
validate(Trainer* const trainer, double* const best, float* const parameters)
{
  CnProgress* const progress = &trainer->progress;
  trainer->hide_motif        = 0.0F;
  progress->valid            = run_command(trainer, COMMAND_VALIDATE);
  trainer->hide_motif        = 1.0F;
  progress->valid_bare       = run_command(trainer, COMMAND_VALIDATE);
  progress->is_validated     = true;

  const double mean = 0.5 * (cn_loss_mean(&progress->valid) + cn_loss_mean(&progress->valid_bare));
  progress->is_best = mean < *best;
  if (progress->is_best) {
    *best          = mean;
    progress->best = parameters;
    memcpy(parameters, trainer->parameters, trainer->layout->n_parameters * sizeof(float));
  }
  return progress->is_best;
}

static CnStatus
run_trainer(Trainer* const trainer, const CnProgressFunc func, void* const handle, float* const parameters)
{
  const CnRecipe* const recipe    = &trainer->recipe;
  CnProgress* const     progress  = &trainer->progress;
  const double          n_notes   = (double)trainer->corpus->n_notes_in[CN_SPLIT_TRAIN];
  const double          per_step  = (double)recipe->n_streams * recipe->n_steps;
  const uint64_t        per_epoch = (uint64_t)ceil(n_notes / per_step);
  const bool            has_valid = trainer->corpus->n_in_split[CN_SPLIT_VALID] > 0;
  const double          start     = now();
  double                best      = INFINITY;
  double                training  = 0.0; // [seconds] without validation
  uint32_t              failures  = 0;
  bool                  goes_on   = true;
  memcpy(parameters, trainer->parameters, trainer->layout->n_parameters * sizeof(float));

  while (goes_on && progress->share < 1.0) {
    const double before = now();
    ++progress->step;
    trainer->rate     = rate_at(recipe, progress->step, progress->share);
    const CnLoss loss = run_command(trainer, COMMAND_STEP);
    training += now() - before;
    progress->rate           = trainer->rate;
    progress->epoch          = (double)progress->step * per_step / n_notes;
    progress->notes_a_second = (double)progress->step * per_step / training;
    progress->share          = recipe->minutes > 0.0 ? (now() - start) / (60.0 * recipe->minutes)
                                                     : (double)progress->step / (recipe->epochs * (double)per_epoch);
    cn_loss_add(&progress->train, &loss);
    if (!isfinite(gradient_norm2(trainer))) {
      return CN_STATUS_BAD_VALUE;
    }

    progress->is_validated = false;
    if (has_valid && (progress->step % per_epoch == 0 || progress->share >= 1.0)) {
      failures = validate(trainer, &best, parameters) ? 0 : failures + 1;
      goes_on  = !recipe->patience || failures < recipe->patience;
    }
    progress->seconds = now() - start;
    goes_on           = func(handle, progress) && goes_on;
    if (progress->is_validated) {
      progress->train = (CnLoss){.n_notes = 0.0};
    }
  }
  if (!isfinite(best)) {
    memcpy(parameters, trainer->parameters, trainer->layout->n_parameters * sizeof(float));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_train(const CnCorpus* const corpus, const CnRecipe* const recipe, const CnLayout* const layout,
         const CnProgressFunc progress, void* const handle, float* const parameters)
{
  if (!recipe->n_threads || recipe->n_streams % recipe->n_threads || !corpus->n_in_split[CN_SPLIT_TRAIN]) {
    return CN_STATUS_BAD_ARG;
  }

  Trainer  trainer = {.recipe = *recipe, .layout = layout, .corpus = corpus};
  CnStatus status  = init_trainer(&trainer);
  if (!status) {
    status = start_threads(&trainer);
    if (!status) {
      status = run_trainer(&trainer, progress, handle, parameters);
      stop_threads(&trainer);
    }
    pthread_barrier_destroy(&trainer.barrier);
    pthread_mutex_destroy(&trainer.gate);
  }
  clear_trainer(&trainer);
  return status;
}
