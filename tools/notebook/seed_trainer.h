// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_trainer.h
   Training of the seed's two networks as its author did: Adam, a lower rate on a plateau, an early end,
   and the best weights by validation, for each network by itself.

   Every window of 50 notes costs the whole stack, so that there is no going through a corpus in a
   minute.  Targets are drawn in a random order, each once an epoch; a round, which is what rates and
   patience are counted in, is some thousands of them, and ends with a validation.
   What is ours: gradients are clipped, the first layer's weights begin larger, and over the last part of
   the run the rate goes down to nothing.
*/

#ifndef CN_SEED_TRAINER_H
#define CN_SEED_TRAINER_H

#include "tools/notebook/seed_gradient.h"
#include "tools/notebook/seed_windows.h"

#include "dsp/base/status.h"
#include "dsp/notebook/seed_model.h"

#include <stdbool.h>
#include <stdint.h>

/// How to train
typedef struct {
  CnSeedStack stack[CN_N_SEED_TASKS];
  CnSeedUnit  unit;
  uint32_t    window;    ///< [notes]
  uint32_t    min_count; ///< Of a pitch that is not left out
  uint32_t    seed;      ///< Of first weights, order and dropout
  uint32_t    n_batch;   ///< Windows a step
  uint32_t    n_round;   ///< Windows a round
  uint32_t    plateau;   ///< Rounds without a better one before the rate is halved
  uint32_t    patience;  ///< Rounds without a better one before the end; 0: never
  float       rate;      ///< Of Adam
  float       dropout;   ///< Share of each layer's outputs
  double      epochs;    ///< Length, unless `minutes` is above 0
  double      minutes;   ///< Length by the clock
} CnSeedRecipe;

/// What to learn from, and what to choose by
typedef struct {
  CnSeedScale         scale;
  const CnSeedPiece*  pieces[2]; ///< Of the training side, of the validation side
  const CnSeedTarget* targets[2];
  size_t              n_targets[2];
} CnSeedLessons;

/// Where one network's training stands
typedef struct {
  CnSeedLoss train;     ///< Of the round so far, with dropout
  CnSeedLoss valid;     ///< Of the last validation
  double     best_loss; ///< A window, of the best validation
  uint32_t   best_round;
  float      rate;
  bool       is_best;   ///< The last validation was the best
  bool       has_ended; ///< By patience
} CnSeedStanding;

/// Where a training stands
typedef struct {
  uint64_t       step;
  uint32_t       round; ///< Validations so far
  double         epoch;
  double         seconds;
  double         share; ///< Of the whole, 0..1
  double         windows_a_second;
  bool           is_validated; ///< A round has just ended, by a validation
  CnSeedStanding net[CN_N_SEED_TASKS];
  const float*   best[CN_N_SEED_TASKS]; ///< Best weights so far
} CnSeedProgress;

/// Told after each step; false ends the training.  Thread: WORKER
typedef bool (*CnSeedListener)(void* handle, const CnSeedProgress* progress);

/// Fill in a network's first weights, as Keras does above the first layer: Glorot and Bengio (2010),
/// orthogonal ones, open forget gates.  Thread: WORKER
CnStatus
cn_seed_parameters_init(const CnSeedNet* net, CnSeedTask task, uint32_t seed, float* parameters);

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
cn_seed_train(const CnSeedLessons* lessons, const CnSeedRecipe* recipe, const CnSeedNet nets[CN_N_SEED_TASKS],
              CnSeedListener listener, void* handle, float* const parameters[CN_N_SEED_TASKS]);

#endif // CN_SEED_TRAINER_H
