// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file checkpoint.h
   The state of a training run as a file, to go on from after an interruption.

   State goes out and comes back by the same calls of cn_checkpoint_field(), so that the two cannot
   differ.  The file is for the machine and the program that wrote it: a heading, the length and a hash
   (FNV-1a, 64 bits) of all that follows, and the fields as they lie in memory, each after its size.
*/

#ifndef CN_CHECKPOINT_H
#define CN_CHECKPOINT_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A checkpoint that is being written or read; all zero is an empty one to write to
typedef struct {
  uint8_t* data;       ///< (size) bytes of fields
  size_t   size;       ///<
  size_t   capacity;   ///<
  size_t   place;      ///< Of the next field that is to be read
  bool     is_reading; ///<
  CnStatus status;     ///< The first failure
} CnCheckpoint;

/// Forget all fields, to write anew; the memory is kept.  Thread: WORKER
void
cn_checkpoint_rewind(CnCheckpoint* checkpoint);

/// Read from the start what has been written.  Thread: WORKER
void
cn_checkpoint_turn(CnCheckpoint* checkpoint);

/// Free the memory, and leave it empty.  Thread: WORKER
void
cn_checkpoint_clear(CnCheckpoint* checkpoint);

/**
   Write the next field, or read it.

   After a failure, which `checkpoint->status` keeps, nothing is done any more.

   @param[in,out] data (size) bytes; only a field of just this size can be read.

   Thread: WORKER
*/
void
cn_checkpoint_field(CnCheckpoint* checkpoint, void* data, size_t size);

/**
   Write a text of any length, or read it.

   @param[in,out] text The text; when reading, it is replaced by one to be freed.

   Thread: WORKER
*/
void
cn_checkpoint_text(CnCheckpoint* checkpoint, char** text);

/**
   Write all fields to a file, or leave all as it was.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, #CN_STATUS_NO_MEMORY, or the status of a field.

   Thread: WORKER
*/
CnStatus
cn_checkpoint_save(CnCheckpoint* checkpoint, const char* path);

/**
   Read a file, to take its fields from the start.

   @param[out] fault What is wrong, in words.
   @return #CN_STATUS_SUCCESS, or what is wrong; `checkpoint` is then empty.

   Thread: WORKER
*/
CnStatus
cn_checkpoint_load(CnCheckpoint* checkpoint, const char* path, CnFault fault);

#endif // CN_CHECKPOINT_H
