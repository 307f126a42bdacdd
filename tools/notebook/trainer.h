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

/**
   Train both networks on one thread.

   By epochs, the result depends on the arguments alone; by minutes, on the computer too.

   @param[out] parameters For each network (n_parameters) floats: the best weights, or those of the end if
   there was no validation.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_BAD_VALUE if a loss is no longer a
   number; `parameters` are then the best ones before that.

   Thread: WORKER
*/
CnStatus
cn_notebook_train(const CnNotebookDataset* dataset, const CnNotebookRecipe* recipe,
                  const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], CnNotebookListener listener, void* handle,
                  float* const parameters[CN_N_NOTEBOOK_TASKS]);

#endif // CN_NOTEBOOK_TRAINER_H
