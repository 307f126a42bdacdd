// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/learn/trainer_internal.h"

#include "tools/learn/ranks.h"

/*
  A network that has only ever gone on from true notes does not know what to do after its own.  So in a share
  of stretches, which grows to the end of the run, it hears draws of its own: scheduled sampling (Bengio et
  al. 2015), all notes of a batch at once (Duckworth et al., "Parallel scheduled sampling", 2019).
*/

#define RANDOM_OWN 0x4F574E53  // Which streams hear what was drawn
#define RANDOM_DRAW 0x44524157 // And what that is

uint32_t
cn_trainer_worker(const CnTrainerWorker* const worker)
{
  return cn_ranks_index() * worker->trainer->recipe.n_threads + worker->index;
}

// Decide which streams hear what the network draws; false if none does
static bool
choose_own(const CnTrainerWorker* const worker)
{
  const CnTrainer* const trainer = worker->trainer;
  const double           done    = trainer->progress.share < 1.0 ? trainer->progress.share : 1.0;
  const float            share   = trainer->recipe.own * (float)done;
  bool                   is_any  = false;
  for (size_t b = 0; b < trainer->n_streams; ++b) {
    const uint32_t stream = cn_trainer_worker(worker) * (uint32_t)trainer->n_streams + (uint32_t)b;
    CnRandom       random =
        cn_random(trainer->recipe.seed, RANDOM_OWN, (uint32_t)trainer->progress.step, stream, 0);
    worker->is_own[b] = cn_random_uniform(&random) < share;
    is_any            = is_any || worker->is_own[b];
  }
  return is_any;
}

void
cn_trainer_fill(CnTrainerWorker* const worker)
{
  const CnTrainer* const trainer = worker->trainer;
  for (size_t b = 0; b < trainer->n_streams; ++b) {
    worker->places[b] = cn_stream_place(worker->streams[b]);
    cn_stream_fill(worker->streams[b], &worker->batch, b);
  }
  if (!choose_own(worker)) {
    return;
  }
  const CnRandom random = cn_random(trainer->recipe.seed, RANDOM_DRAW, (uint32_t)trainer->progress.step,
                                    cn_trainer_worker(worker), 0);
  cn_gradient_draw(worker->gradient, trainer->parameters, &worker->batch, random, worker->drawn);
  for (size_t b = 0; b < trainer->n_streams; ++b) {
    if (worker->is_own[b]) {
      cn_stream_fill_own(worker->streams[b], &worker->batch, b, &worker->places[b], worker->drawn);
    }
  }
}
