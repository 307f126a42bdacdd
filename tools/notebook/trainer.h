// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trainer.h
   Training of the notebook's two networks as its author did: Adam, a lower rate on a plateau, an early end,
   and the best weights by validation, for each network by itself.

   Every window of 50 notes costs the whole stack, so that there is no going through a corpus in a
   minute.  Targets are drawn in a random order, each once an epoch; a round, which is what rates and
   patience are counted in, is some thousands of them, and ends with a validation.
   What is ours: gradients are clipped, the first layer's weights begin larger, and over the last part of
   the run the rate goes down to nothing.
*/

#ifndef CN_NOTEBOOK_TRAINER_H
#define CN_NOTEBOOK_TRAINER_H

#include "tools/learn/checkpoint.h"
#include "tools/notebook/gradient.h"
#include "tools/notebook/windows.h"

#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

#include <stdbool.h>
#include <stdint.h>

/// How to train
typedef struct {
  CnNotebookStack stack[CN_N_NOTEBOOK_TASKS];
  CnNotebookUnit  unit;
  uint32_t        window;    ///< [notes]
  uint32_t        min_count; ///< Of a pitch that is not left out
  uint32_t        n_threads; ///< At most `n_batch`
  uint32_t        seed;      ///< Of first weights, order and dropout
  uint32_t        n_batch;   ///< Windows a step
  uint32_t        n_round;   ///< Windows a round
  uint32_t        plateau;   ///< Rounds without a better one before the rate is halved
  uint32_t        patience;  ///< Rounds without a better one before the end; 0: never
  float           rate;      ///< Of Adam
  float           dropout;   ///< Share of each layer's outputs
  double          epochs;    ///< Length, unless `minutes` is above 0
  double          minutes;   ///< Length by the clock
} CnNotebookRecipe;

/// What to learn from, and what to choose by
typedef struct {
  CnNotebookScale         scale;
  const CnNotebookPiece*  pieces[2]; ///< Of the training side, of the validation side
  const CnNotebookTarget* targets[2];
  size_t                  n_targets[2];
} CnNotebookDataset;

/// Where one network's training stands
typedef struct {
  CnNotebookLoss train;     ///< Of the round so far, with dropout
  CnNotebookLoss valid;     ///< Of the last validation
  double         best_loss; ///< A window, of the best validation
  uint32_t       best_round;
  float          rate;
  bool           is_best;   ///< The last validation was the best
  bool           has_ended; ///< By patience
} CnNotebookStanding;

/// Where a training stands
typedef struct {
  uint64_t           step;
  uint32_t           round; ///< Validations so far
  double             epoch;
  double             seconds;
  double             share; ///< Of the whole, 0..1
  double             windows_a_second;
  bool               is_validated; ///< A round has just ended, by a validation
  CnNotebookStanding net[CN_N_NOTEBOOK_TASKS];
  const float*       best[CN_N_NOTEBOOK_TASKS]; ///< Best weights so far
} CnNotebookProgress;

/// Told after each step; false ends the training.  Thread: WORKER
typedef bool (*CnNotebookListener)(void* handle, const CnNotebookProgress* progress);

/// Fill in a network's first weights, as Keras does above the first layer: Glorot and Bengio (2010),
/// orthogonal ones, open forget gates.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_notebook_parameters_init(const CnNotebookNet* net, CnNotebookTask task, uint32_t seed, float* parameters);

typedef struct CnNotebookTrainer CnNotebookTrainer;

/**
   Make a trainer with first weights, and start its threads.

   @param dataset Borrowed, as are `recipe` and `nets`.
   @param[out] trainer Null on failure.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_notebook_trainer_new(const CnNotebookDataset* dataset, const CnNotebookRecipe* recipe,
                        const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], CnNotebookTrainer** trainer);

/// End its threads and free; null is allowed.  Thread: INIT
void
cn_notebook_trainer_free(CnNotebookTrainer* trainer);

/**
   Begin with weights that have been trained before, which are then validated before the first step.

   @param parameters For each network (n_parameters) floats; copied.

   Thread: INIT
*/
void
cn_notebook_trainer_start_from(CnNotebookTrainer* trainer,
                               const float* const parameters[CN_N_NOTEBOOK_TASKS]);

/**
   Write the state of a training to a checkpoint, or read it.

   To be called before cn_notebook_trainer_run(), or by its listener.  If reading fails, `checkpoint->status`
   says why, and the trainer is good for nothing more.

   Thread: WORKER
*/
void
cn_notebook_trainer_exchange(CnNotebookTrainer* trainer, CnCheckpoint* checkpoint);

/**
   Train both networks, from where the trainer is to the end of the recipe.

   By epochs, the result depends on the arguments alone (the number of threads too), however often the run is
   interrupted and taken up again; by minutes, on the computer too.

   @return #CN_STATUS_SUCCESS (also if `listener` ended the run), or #CN_STATUS_BAD_VALUE if a loss is no
   longer a number; the result is then the best before that.

   Thread: WORKER
*/
CnStatus
cn_notebook_trainer_run(CnNotebookTrainer* trainer, CnNotebookListener listener, void* handle);

/// True once the recipe has been followed to its end.  Thread: WORKER
bool
cn_notebook_trainer_is_over(const CnNotebookTrainer* trainer);

/// A network's weights of the best validation, or those of now if there was none.  Thread: WORKER
const float*
cn_notebook_trainer_result(const CnNotebookTrainer* trainer, CnNotebookTask task);

/// Learn what steps come where the best timing network foretells how much; false if there was no validation.
/// Thread: WORKER
bool
cn_notebook_trainer_steps(const CnNotebookTrainer* trainer, CnNotebookSteps* steps);

/**
   Train both networks from the start to the end.

   @param[out] parameters For each network (n_parameters) floats, as by cn_notebook_trainer_result().
   @return As of cn_notebook_trainer_new() and cn_notebook_trainer_run().

   Thread: WORKER
*/
CnStatus
cn_notebook_train(const CnNotebookDataset* dataset, const CnNotebookRecipe* recipe,
                  const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], CnNotebookListener listener, void* handle,
                  float* const parameters[CN_N_NOTEBOOK_TASKS]);

#endif // CN_NOTEBOOK_TRAINER_H
