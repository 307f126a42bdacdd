// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_table.h
   The table of a training run: comma-separated, in memory until there are weights to stand beside.
*/

#ifndef CN_TRAIN_TABLE_H
#define CN_TRAIN_TABLE_H

#include "tools/learn/checkpoint.h"

#include "dsp/base/status.h"

#include <stddef.h>
#include <stdio.h>

/// All zero holds nothing
typedef struct {
  FILE*  rows;   ///< To write to; in memory
  char*  text;   ///< (length) bytes of `rows`, after a flush
  size_t length; ///<
  char*  path;   ///< Where it goes
} CnTrainTable;

/**
   Path of a file that stands beside the weights.

   @param ending Instead of .safetensors.
   @return To be freed; null if memory could not be had.

   Thread: ANY
*/
char*
cn_train_table_path(const char* output, const char* ending);

/**
   Begin a table.

   @param output Path of the weights; the table goes to the same path with .csv for .safetensors.
   @param heading The names of its columns.
   @return #CN_STATUS_SUCCESS, or #CN_STATUS_NO_MEMORY; to be cleared all the same.

   Thread: INIT
*/
CnStatus
cn_train_table_init(CnTrainTable* table, const char* output, const char* heading);

/// Free what it holds.  Thread: INIT
void
cn_train_table_clear(CnTrainTable* table);

/**
   Write the table to its file, as far as it has come; all or nothing.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_train_table_save(const CnTrainTable* table);

/// Write a table to a checkpoint, or go on with one that it has.  Thread: WORKER
void
cn_train_table_exchange(CnTrainTable* table, CnCheckpoint* checkpoint);

#endif // CN_TRAIN_TABLE_H
