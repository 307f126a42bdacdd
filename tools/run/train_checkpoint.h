// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_checkpoint.h
   The checkpoint of a run beside its weights: when it is written, and whether it fits.
*/

#ifndef CN_TRAIN_CHECKPOINT_H
#define CN_TRAIN_CHECKPOINT_H

#include "tools/corpus/corpus.h"
#include "tools/learn/checkpoint.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stdbool.h>

/// Where a run's checkpoint is, and what it is for; all zero holds nothing
typedef struct {
  CnCheckpoint fields;
  char*        path;   ///< Of the weights, with .checkpoint for .safetensors
  char*        recipe; ///< In words: what the run must have in common with the checkpoint
  char*        corpus; ///< And of its pieces
  double       last;   ///< [seconds] of the run at which it was written
} CnTrainCheckpoint;

/// Write what a run is to fields, or read it
typedef void (*CnTrainExchangeFunc)(void* handle, CnCheckpoint* fields);

/**
   Say what a run is, without touching any file.

   @param output Path of the weights.
   @param recipe In words, all that has a say in the weights; copied, and may be null if memory could not be
   had.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY; to be cleared all the same.

   Thread: INIT
*/
CnStatus
cn_train_checkpoint_init(CnTrainCheckpoint* checkpoint, const char* output, const char* recipe,
                         const CnCorpus* corpus);

/// Free what it holds; the file stays.  Thread: INIT
void
cn_train_checkpoint_clear(CnTrainCheckpoint* checkpoint);

/**
   Write the file, all or nothing, or say on stderr that the run goes on without it.

   @param seconds [seconds] of the run by now.
   @param exchange Writes the state of the run.
   @return False if it could not be written.

   Thread: WORKER
*/
bool
cn_train_checkpoint_save(CnTrainCheckpoint* checkpoint, double seconds, CnTrainExchangeFunc exchange,
                         void* handle);

/// Write the file of a run that is over, as its weights could not be written, and say so on stderr.
/// Thread: WORKER
void
cn_train_checkpoint_rescue(CnTrainCheckpoint* checkpoint, CnTrainExchangeFunc exchange, void* handle);

/**
   Read the file into a run that has not begun.

   @param exchange Reads the state of the run.
   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, #CN_STATUS_BAD_VALUE for that of another run, or a status
   of reading the file.

   Thread: INIT
*/
CnStatus
cn_train_checkpoint_load(CnTrainCheckpoint* checkpoint, CnTrainExchangeFunc exchange, void* handle,
                         CnFault fault);

/// Say on stderr that a run that does not go on from a file that is there could.  Thread: INIT
void
cn_train_checkpoint_remind(const CnTrainCheckpoint* checkpoint);

/// Remove the file of a run that is over.  Thread: INIT
void
cn_train_checkpoint_remove(const CnTrainCheckpoint* checkpoint);

#endif // CN_TRAIN_CHECKPOINT_H
