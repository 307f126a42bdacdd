// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/learn/trainer_internal.h"

#include "tools/learn/ranks.h"

#include <stdlib.h>

#define N_VALID_STREAMS 8U // Few, so that the longest piece does not keep the others waiting

// Do what is to be done, together with the other workers
static void
do_command(CnTrainerWorker* const worker)
{
  if (worker->trainer->command == CN_COMMAND_STEP) {
    cn_trainer_step(worker);
  } else if (worker->trainer->command == CN_COMMAND_VALIDATE) {
    cn_trainer_validate(worker);
  }
}

static void*
run_worker(void* const handle)
{
  CnTrainerWorker* const worker = (CnTrainerWorker*)handle;
  pthread_mutex_lock(&worker->trainer->gate);
  bool goes_on = !worker->trainer->is_cancelled;
  pthread_mutex_unlock(&worker->trainer->gate);
  while (goes_on) {
    pthread_barrier_wait(&worker->trainer->barrier); // A command is there
    goes_on = worker->trainer->command != CN_COMMAND_STOP;
    do_command(worker);
    pthread_barrier_wait(&worker->trainer->barrier); // All have done it
  }
  return NULL;
}

CnLoss
cn_trainer_command(CnTrainer* const trainer, const CnTrainerCommand command)
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
init_streams(const CnTrainer* const trainer, CnTrainerWorker* const worker)
{
  const CnRecipe* const recipe   = &trainer->recipe;
  CnStreamSettings      settings = {.corpus         = trainer->corpus,
                                    .split          = CN_SPLIT_TRAIN,
                                    .n_streams      = recipe->n_streams * cn_ranks_count(),
                                    .seed           = recipe->seed,
                                    .lowest_shift   = -5,
                                    .highest_shift  = 6,
                                    .loudness       = 12,
                                    .hide_motif     = recipe->hide_motif,
                                    .hide_chord     = recipe->hide_chord,
                                    .show_texture   = recipe->show_texture,
                                    .show_following = recipe->show_following,
                                    .noise          = recipe->noise};
  const uint32_t        index    = cn_trainer_worker(worker);
  CN_TRY(new_streams(&settings, index * (uint32_t)trainer->n_streams, trainer->n_streams, &worker->streams));

  settings.split          = CN_SPLIT_VALID;
  settings.n_streams      = (uint32_t)trainer->n_valid * recipe->n_threads * cn_ranks_count();
  settings.once           = true;
  settings.hide_chord     = recipe->lesson == CN_LESSON_CHORDS ? 0.0F : 1.0F;
  settings.show_following = recipe->lesson == CN_LESSON_FOLLOWING ? 1.0F : 0.0F;
  settings.show_texture   = 0.0F;
  settings.noise          = 0.0F;
  return new_streams(&settings, index * (uint32_t)trainer->n_valid, trainer->n_valid, &worker->valid_streams);
}

static CnStatus
init_worker(CnTrainer* const trainer, const uint32_t index)
{
  CnTrainerWorker* const worker = &trainer->workers[index];
  worker->trainer               = trainer;
  worker->index                 = index;
  CN_TRY(init_streams(trainer, worker));
  CN_TRY(cn_batch_init(&worker->batch, trainer->n_streams, trainer->recipe.n_steps));
  CN_TRY(cn_batch_init(&worker->valid_batch, trainer->n_valid, trainer->recipe.n_steps));
  worker->places         = calloc(trainer->n_streams, sizeof(CnStreamPlace));
  worker->is_own         = calloc(trainer->n_streams, sizeof(bool));
  worker->drawn          = calloc(trainer->n_streams * trainer->recipe.n_steps, sizeof(CnToken));
  worker->gradient       = cn_gradient_new(trainer->layout, trainer->n_streams, trainer->recipe.n_steps);
  worker->valid_gradient = cn_gradient_new(trainer->layout, trainer->n_valid, trainer->recipe.n_steps);
  worker->out            = calloc(trainer->layout->n_parameters, sizeof(float));
  if (worker->gradient && trainer->recipe.lesson != CN_LESSON_ALL) {
    cn_gradient_hold_trunk(worker->gradient);
  }
  return worker->places && worker->is_own && worker->drawn && worker->gradient && worker->valid_gradient &&
                 worker->out
             ? CN_STATUS_SUCCESS
             : CN_STATUS_NO_MEMORY;
}

static void
clear_worker(const CnTrainer* const trainer, CnTrainerWorker* const worker)
{
  free_streams(worker->streams, trainer->n_streams);
  free_streams(worker->valid_streams, trainer->n_valid);
  cn_batch_clear(&worker->batch);
  cn_batch_clear(&worker->valid_batch);
  free(worker->places);
  free(worker->is_own);
  free(worker->drawn);
  cn_gradient_free(worker->gradient);
  cn_gradient_free(worker->valid_gradient);
  free(worker->out);
}

CnStatus
cn_trainer_init_workers(CnTrainer* const trainer)
{
  const uint32_t n_workers = cn_ranks_count() * trainer->recipe.n_threads;
  trainer->n_streams       = trainer->recipe.n_streams / trainer->recipe.n_threads;
  trainer->n_valid         = (N_VALID_STREAMS + n_workers - 1) / n_workers;
  trainer->workers         = calloc(trainer->recipe.n_threads, sizeof(CnTrainerWorker));
  for (uint32_t w = 0; trainer->workers && w < trainer->recipe.n_threads; ++w) {
    CN_TRY(init_worker(trainer, w));
  }
  return trainer->workers ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_trainer_clear_workers(CnTrainer* const trainer)
{
  for (uint32_t w = 0; trainer->workers && w < trainer->recipe.n_threads; ++w) {
    clear_worker(trainer, &trainer->workers[w]);
  }
  free(trainer->workers);
}

static void
join_threads(const CnTrainer* const trainer)
{
  for (uint32_t w = 1; w < trainer->n_threads; ++w) {
    pthread_join(trainer->workers[w].thread, NULL);
  }
}

static void
clear_locks(CnTrainer* const trainer)
{
  pthread_barrier_destroy(&trainer->barrier);
  pthread_mutex_destroy(&trainer->gate);
}

CnStatus
cn_trainer_start(CnTrainer* const trainer)
{
  CnStatus status = CN_STATUS_SUCCESS;
  pthread_barrier_init(&trainer->barrier, NULL, trainer->recipe.n_threads);
  pthread_mutex_init(&trainer->gate, NULL);
  pthread_mutex_lock(&trainer->gate);
  for (trainer->n_threads = 1; !status && trainer->n_threads < trainer->recipe.n_threads;) {
    CnTrainerWorker* const worker = &trainer->workers[trainer->n_threads];
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
    clear_locks(trainer);
  }
  return status;
}

void
cn_trainer_stop(CnTrainer* const trainer)
{
  cn_trainer_command(trainer, CN_COMMAND_STOP);
  join_threads(trainer);
  clear_locks(trainer);
}
