// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_checkpoint.h
   The checkpoint of a run beside its weights: when it is written, and whether it fits.
*/

#ifndef CN_TRAIN_CHECKPOINT_H
#define CN_TRAIN_CHECKPOINT_H

#include "tools/learn/checkpoint.h"
#include "tools/learn/trainer.h"
#include "tools/run/train_report.h"

#include "dsp/base/fault.h"

/// Where a run's checkpoint is, and what it is for; all zero holds nothing
typedef struct {
  CnCheckpoint fields;
  char*        path;   ///< Of the weights, with .checkpoint for .safetensors
  char*        recipe; ///< In words: what the run must have in common with the checkpoint
  char*        corpus; ///< And of its pieces
  double       last;   ///< [seconds] of the run at which it was written
} CnTrainCheckpoint;

/**
   Say what a run is, without touching any file.

   @param output Path of the weights.
   @param start_id Hash of the weights that the run starts from, or 0.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY; to be cleared all the same.

   Thread: INIT
*/
CnStatus
cn_train_checkpoint_init(CnTrainCheckpoint* checkpoint, const char* output, const CnRecipe* recipe,
                         const CnCorpus* corpus, uint64_t start_id);

/// Free what it holds; the file stays.  Thread: INIT
void
cn_train_checkpoint_clear(CnTrainCheckpoint* checkpoint);

/// True if there is a file.  Thread: INIT
bool
cn_train_checkpoint_exists(const CnTrainCheckpoint* checkpoint);

/**
   Write the file, all or nothing.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_train_checkpoint_save(CnTrainCheckpoint* checkpoint, CnTrainer* trainer, CnTrainReport* report);

/**
   Read the file into a trainer and a report that have not begun.

   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_BAD_VALUE for that of another run, or a status
   of reading the file.

   Thread: INIT
*/
CnStatus
cn_train_checkpoint_load(CnTrainCheckpoint* checkpoint, CnTrainer* trainer, CnTrainReport* report,
                         CnFault fault);

/// Remove the file of a run that is over.  Thread: INIT
void
cn_train_checkpoint_remove(const CnTrainCheckpoint* checkpoint);

#endif // CN_TRAIN_CHECKPOINT_H
