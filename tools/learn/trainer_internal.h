// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trainer_internal.h
   What the trainer's files share: its state, its workers, and what these do together.
*/

#ifndef CN_TRAINER_INTERNAL_H
#define CN_TRAINER_INTERNAL_H

#include "tools/learn/trainer.h"

#include <pthread.h>

/// What all workers do next; none of them does anything for #CN_COMMAND_STOP but end
typedef enum { CN_COMMAND_STEP, CN_COMMAND_VALIDATE, CN_COMMAND_STOP } CnTrainerCommand;

/// One thread with its share of the streams
typedef struct {
  CnTrainer*     trainer;
  uint32_t       index;
  pthread_t      thread;
  CnStream**     streams;       // (B / threads) for training
  CnStream**     valid_streams; // (n_valid) for validation
  CnBatch        batch;
  CnStreamPlace* places; // (B / threads) of streams before the batch
  bool*          is_own; // (B / threads) whether they hear in it what the network has drawn
  CnToken*       drawn;  // (T, B / threads)
  CnBatch        valid_batch;
  CnGradient*    gradient;
  CnGradient*    valid_gradient;
  float*         out;   // (n_parameters) this worker's share of the gradient
  double         norm2; // Of this worker's range of the summed gradient
  CnLoss         loss;
} CnTrainerWorker;

struct CnTrainer {
  CnRecipe          recipe;
  const CnLayout*   layout;
  const CnCorpus*   corpus;
  CnTrainerWorker*  workers;
  uint32_t          n_threads;    // That have been started, the caller's included
  size_t            n_streams;    // Of each worker
  size_t            n_valid;      // Streams of each worker in validation
  pthread_mutex_t   gate;         // Held until all workers are there
  bool              is_cancelled; // Some could not be started, so the others end at once
  pthread_barrier_t barrier;
  CnTrainerCommand  command;
  float             rate;       // Of this step
  float             hide_motif; // Of this validation
  float*            start;      // (n_parameters) weights that were trained before, or null
  float*            halfway;    // (n_parameters) between those and the present ones, or null

  // What a checkpoint holds, next to the places of streams and the recurrent states
  float*     parameters; // (n_parameters)
  float*     best;       // (n_parameters) of the best validation
  float*     mean;       // (n_parameters) of AdamW
  float*     square;     // (n_parameters) of AdamW
  double     best_loss;  // [nats] a note, of the best validation
  double     training;   // [seconds] without validation
  uint32_t   failures;   // Validations since the best one
  CnProgress progress;
};

/// Notes of a batch, over all ranks.  Thread: ANY
size_t
cn_trainer_batch(const CnTrainer* trainer);

/// Number of a worker, counted over all ranks.  Thread: ANY
uint32_t
cn_trainer_worker(const CnTrainerWorker* worker);

/// Make the workers' streams and memory.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: INIT
CnStatus
cn_trainer_init_workers(CnTrainer* trainer);

/// Free what the workers hold.  Thread: INIT
void
cn_trainer_clear_workers(CnTrainer* trainer);

/// Start the other workers' threads, all or none of them.  @return #CN_STATUS_SUCCESS, or
/// #CN_STATUS_NO_MEMORY if there are no threads to be had.  Thread: WORKER
CnStatus
cn_trainer_start(CnTrainer* trainer);

/// End the other workers' threads.  Thread: WORKER
void
cn_trainer_stop(CnTrainer* trainer);

/// Have all workers do something, and collect their losses.  Thread: WORKER
CnLoss
cn_trainer_command(CnTrainer* trainer, CnTrainerCommand command);

/// A worker's part of a step: its batch, its range of the sum, its range of the parameters.  Thread: ENGINE
void
cn_trainer_step(CnTrainerWorker* worker);

/// Fill a worker's batch, in some streams with what the network draws for what is true.  Thread: ENGINE
void
cn_trainer_fill(CnTrainerWorker* worker);

/// A worker's part of a validation.  Thread: ENGINE
void
cn_trainer_validate(CnTrainerWorker* worker);

/// Sum of the squares of the last gradient.  Thread: WORKER
double
cn_trainer_gradient_norm2(const CnTrainer* trainer);

#endif // CN_TRAINER_INTERNAL_H
