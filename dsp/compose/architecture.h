// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file architecture.h
   What a kind of network must be able to do, so that whoever plays, scores or describes a model need not
   know which kind it is of.

   A room of networks has one of these; the row for it stands in dsp/model/architectures.c.  Models are
   immutable, so that composers may share one; they go by `void*` here, and each function is only given
   what the same architecture has made.
*/

#ifndef CN_ARCHITECTURE_H
#define CN_ARCHITECTURE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/file/safetensors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// A kind of network, of which weights files are models
typedef struct {
  const char* name;  ///< What files say in their metadata `architecture`, and options of the command
  const char* alias; ///< A word that old files or options say instead, or null

  /// Read a model from an open file, or say why not.  Thread: WORKER
  CnStatus (*read)(const CnTensors* tensors, void** model, CnFault fault);

  /// Greatest number, at most 127, that a matrix of this name has in a file of 8 bits that is to be small;
  /// null: 127 for each.  Thread: ANY
  unsigned (*most)(const char* name);

  /// Free a model; null is allowed.  Thread: WORKER
  void (*free)(void* model);

  /// Say in a few words what a model is, such as "gru of 256".  Thread: ANY
  void (*describe)(const void* model, char* text, size_t size);

  /// A hash of all that a model is.  Thread: ANY
  uint64_t (*id)(const void* model);

  /// Make a composer that borrows a model; null if memory could not be had.  Thread: WORKER
  void* (*composer_new)(const void* model);

  /// Free a composer; null is allowed.  Thread: WORKER
  void (*composer_free)(void* composer);

  /// A composer as a planner that borrows it.  Thread: ANY
  CnPlanner (*planner)(void* composer);
} CnArchitecture;

/// Whether a word, which may be null, is a name of an architecture.  Thread: ANY
static inline bool
cn_architecture_is_called(const CnArchitecture* const architecture, const char* const word)
{
  return word &&
         (!strcmp(word, architecture->name) || (architecture->alias && !strcmp(word, architecture->alias)));
}

#endif // CN_ARCHITECTURE_H
