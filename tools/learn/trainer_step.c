// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/learn/trainer_internal.h"

#include "tools/gradient/adamw.h"
#include "tools/learn/ranks.h"

#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t
cn_trainer_batch(const CnTrainer* const trainer)
{
  return (size_t)cn_ranks_count() * trainer->recipe.n_streams * trainer->recipe.n_steps;
}

// A worker's own range of the parameters
static size_t
range_start(const CnTrainer* const trainer, const uint32_t worker)
{
  const size_t   lines     = trainer->layout->n_parameters / 16;
  const uint32_t n_threads = trainer->recipe.n_threads;
  assert(n_threads > 0);
  return worker == n_threads ? trainer->layout->n_parameters : lines * worker / n_threads * 16;
}

// Sum the workers' gradients into the first one's, always in the same order
static void
reduce_range(CnTrainerWorker* const worker)
{
  const CnTrainer* const trainer = worker->trainer;
  float* const           sum     = trainer->workers[0].out;
  const size_t           start   = range_start(trainer, worker->index);
  const size_t           n       = range_start(trainer, worker->index + 1) - start;
  for (uint32_t w = 1; w < trainer->recipe.n_threads; ++w) {
    cn_axpy(n, 1.0F, trainer->workers[w].out + start, sum + start);
  }
  worker->norm2 = cn_add_squares(n, sum + start);
}

// Sum the gradient over all ranks, and measure it anew
static void
reduce_ranks(CnTrainerWorker* const worker)
{
  const CnTrainer* const trainer = worker->trainer;
  float* const           sum     = trainer->workers[0].out;
  const size_t           start   = range_start(trainer, worker->index);
  const size_t           n       = range_start(trainer, worker->index + 1) - start;
  if (worker->index == 0) {
    cn_ranks_sum_floats(sum, trainer->layout->n_parameters);
  }
  pthread_barrier_wait(&worker->trainer->barrier);
  worker->norm2 = cn_add_squares(n, sum + start);
}

double
cn_trainer_gradient_norm2(const CnTrainer* const trainer)
{
  double norm2 = 0.0;
  for (uint32_t w = 0; w < trainer->recipe.n_threads; ++w) {
    norm2 += trainer->workers[w].norm2;
  }
  return norm2;
}

static void
update_range(const CnTrainerWorker* const worker)
{
  const CnTrainer* const trainer = worker->trainer;
  const size_t           start   = range_start(trainer, worker->index);
  const size_t           end     = range_start(trainer, worker->index + 1);
  const double           norm2   = cn_trainer_gradient_norm2(trainer);
  if (!isfinite(norm2)) {
    return; // All workers see this alike, and cn_trainer_run() will, too
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
    const bool                 decays = !place->vector && trainer->recipe.lesson == CN_LESSON_ALL;
    adamw.weight_decay                = decays ? trainer->recipe.weight_decay : 0.0F;
    if (from < to) {
      cn_adamw_step(&adamw, to - from, scale, trainer->workers[0].out + from, trainer->mean + from,
                    trainer->square + from, trainer->parameters + from);
    }
  }
}

// The parameter after a weight
static size_t
end_of(const CnWeightPlace* const weight)
{
  return weight->offset + (size_t)weight->rows * weight->columns;
}

// Let the parameters from one up to another stay as they are
static void
forget(float* const gradient, const size_t from, const size_t until)
{
  memset(gradient + from, 0, (until - from) * sizeof(float));
}

// Leave of a gradient what tells of chords: their rows of the pitch head, and their own table
static void
keep_chords(const CnLayout* const layout, float* const gradient)
{
  const CnWeightPlace* const head  = &layout->place[cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_TABLE)];
  const CnWeightPlace* const table = &layout->place[CN_WEIGHT_CHORD];
  const size_t               first = head->offset + (size_t)CN_PITCH_CHORD * head->columns;
  const size_t               last  = first + (size_t)CN_N_CHORDS * head->columns;
  forget(gradient, 0, first);
  forget(gradient, last, table->offset);
  forget(gradient, end_of(table), layout->n_parameters);
}

// Leave what tells of what follows
static void
keep_following(const CnLayout* const layout, float* const gradient)
{
  const CnWeightPlace* const table = &layout->place[CN_WEIGHT_FOLLOWING];
  forget(gradient, 0, table->offset);
  forget(gradient, end_of(table), layout->n_parameters);
}

void
cn_trainer_step(CnTrainerWorker* const worker)
{
  CnTrainer* const trainer = worker->trainer;
  const float      scale   = 1.0F / (float)cn_trainer_batch(trainer);
  const CnRandom   dropout = cn_random(trainer->recipe.seed, 0x44524F50, (uint32_t)trainer->progress.step,
                                       cn_trainer_worker(worker), 0);

  worker->loss = (CnLoss){.n_notes = 0.0};
  cn_trainer_fill(worker);
  cn_gradient_compute(worker->gradient, trainer->parameters, &worker->batch, scale, trainer->recipe.dropout,
                      dropout, &worker->loss, worker->out);
  if (trainer->recipe.lesson == CN_LESSON_CHORDS) {
    keep_chords(trainer->layout, worker->out);
  } else if (trainer->recipe.lesson == CN_LESSON_FOLLOWING) {
    keep_following(trainer->layout, worker->out);
  }

  pthread_barrier_wait(&trainer->barrier);
  reduce_range(worker);
  pthread_barrier_wait(&trainer->barrier);
  if (cn_ranks_count() > 1) {
    reduce_ranks(worker);
    pthread_barrier_wait(&trainer->barrier);
  }
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

void
cn_trainer_validate(CnTrainerWorker* const worker)
{
  CnTrainer* const trainer = worker->trainer;
  worker->loss             = (CnLoss){.n_notes = 0.0};
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
