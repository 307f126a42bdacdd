// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trainer.h
   Training: data-parallel workers with summed gradients, AdamW, warm-up and cosine decay, early stopping.

   With a number of epochs, the weights are a pure function of the corpus, the settings (the number of
   threads too) and the machine's instruction set, bit for bit, however often the run is interrupted and
   taken up again.
*/

#ifndef CN_TRAINER_H
#define CN_TRAINER_H

#include "tools/corpus/corpus.h"
#include "tools/gradient/gradient.h"
#include "tools/learn/checkpoint.h"

#include "dsp/base/status.h"
#include "dsp/network/model.h"

#include <stdbool.h>
#include <stdint.h>

/// What is learnt; all else stays.  What is learnt alone is told throughout in validation, too
typedef enum {
  CN_LESSON_ALL,       ///<
  CN_LESSON_CHORDS,    ///< What chords mean
  CN_LESSON_FOLLOWING, ///< What it means that something follows
} CnLesson;

/// The recipe
typedef struct {
  CnShape  shape;
  uint32_t n_threads;      ///< Workers; divides `n_streams`
  uint32_t n_streams;      ///< B, notes side by side in a batch
  uint32_t n_steps;        ///< T, notes one after another in a batch
  uint32_t seed;           ///<
  double   epochs;         ///< Length of the run, unless `minutes` is above 0
  double   minutes;        ///< Length of the run by the clock
  float    rate;           ///< Learning rate after the warm-up
  uint32_t warmup;         ///< [steps]
  float    weight_decay;   ///<
  float    clip;           ///< Greatest norm of the gradient
  float    dropout;        ///<
  float    hide_motif;     ///< Share of stretches of notes with hidden motif matches
  float    hide_chord;     ///< Share without a chord
  float    show_texture;   ///< Share in which the texture is told
  float    show_following; ///< Share in which it is told what follows
  float    noise;          ///< Share in which some notes are told wrongly
  float    own;            ///< Share in which half of the notes are the network's own, at the end of the run
  uint32_t patience;       ///< Validations without a better one before the run ends; 0: never
  CnLesson lesson;         ///< What is
} CnRecipe;

/// Where a run stands
typedef struct {
  uint64_t     step;           ///< Batches so far
  double       epoch;          ///< Times through the training notes
  double       share;          ///< Of the whole run, 0..1
  double       seconds;        ///< Since the start
  double       notes_a_second; ///< Of training, without validation
  float        rate;           ///< Learning rate now
  CnLoss       train;          ///< Since the last validation
  CnLoss       valid;          ///< With motif matches; of the last validation
  CnLoss       valid_bare;     ///< Without
  bool         is_validated;   ///< A validation has just been made
  bool         is_best;        ///< And it was the best so far
  bool         is_halfway; ///< Those halfway to the weights that the run began with were better, and judged
  const float* best;       ///< Parameters of the best validation so far, or null; valid during the call
} CnProgress;

/// Called after every step, and after a first validation; false ends the run
typedef bool (*CnProgressFunc)(void* handle, const CnProgress* progress);

typedef struct CnTrainer CnTrainer;

/**
   Make a trainer with first weights.

   @param corpus Borrowed.
   @param layout Borrowed; of `recipe->shape`.
   @param[out] trainer Null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY or #CN_STATUS_BAD_ARG.

   Thread: INIT
*/
CnStatus
cn_trainer_new(const CnCorpus* corpus, const CnRecipe* recipe, const CnLayout* layout, CnTrainer** trainer);

/// Free a trainer; null is allowed.  Thread: INIT
void
cn_trainer_free(CnTrainer* trainer);

/**
   Begin with weights that have been trained before, which are then validated before the first step: the
   best weights of the run are no worse.  At each validation those halfway between them and the present ones
   are judged, too.

   @param parameters (layout.n_parameters) floats; copied.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_trainer_start_from(CnTrainer* trainer, const float* parameters);

/**
   Write the state of a run to a checkpoint, or read it.

   To be called before cn_trainer_run(), or by its callback.  If reading fails, `checkpoint->status` says
   why, and the trainer is good for nothing more.

   Thread: WORKER
*/
void
cn_trainer_exchange(CnTrainer* trainer, CnCheckpoint* checkpoint);

/**
   Train, from where the trainer is to the end of the recipe.

   @return #CN_STATUS_SUCCESS (also if `progress` ended the run), #CN_STATUS_NO_MEMORY, or
   #CN_STATUS_BAD_VALUE if the loss is no longer a number.

   Thread: WORKER
*/
CnStatus
cn_trainer_run(CnTrainer* trainer, CnProgressFunc progress, void* handle);

/// True once the recipe has been followed to its end.  Thread: WORKER
bool
cn_trainer_is_over(const CnTrainer* trainer);

/// The weights of the best validation, or those of now if there was none.  Thread: WORKER
const float*
cn_trainer_result(const CnTrainer* trainer);

/**
   Train a network from the start to the end.

   @param[out] parameters (layout.n_parameters) the best weights, as by cn_trainer_result().
   @return As of cn_trainer_new() and cn_trainer_run().

   Thread: WORKER
*/
CnStatus
cn_train(const CnCorpus* corpus, const CnRecipe* recipe, const CnLayout* layout, CnProgressFunc progress,
         void* handle, float* parameters);

#endif // CN_TRAINER_H
