// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file any_model.h
   Weights of any architecture that can play, and their composer; metadata `architecture` says which.
*/

#ifndef CN_ANY_MODEL_H
#define CN_ANY_MODEL_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/compose/architecture.h"
#include "dsp/compose/plan.h"
#include "dsp/file/safetensors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A model with the architecture that knows it; all null: none
typedef struct {
  const CnArchitecture* architecture;
  void*                 handle; ///< For functions of the architecture
} CnAnyModel;

/// A composer of a model, or all null: none
typedef struct {
  const CnArchitecture* architecture;
  void*                 handle; ///< For functions of the architecture
} CnAnyComposer;

/**
   Read a model from a safetensors file in memory.

   @param[out] model All null on failure.
   @param[out] fault What is wrong, in words, if anything is.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_UNSUPPORTED for an unknown architecture, a status of
   cn_tensors_open(), or what reading a model of the architecture returns.

   Thread: WORKER
*/
CnStatus
cn_any_model_load(const uint8_t* data, size_t size, CnAnyModel* model, CnFault fault);

/**
   Read a model from a file that is open.

   @return As cn_any_model_load().

   Thread: WORKER
*/
CnStatus
cn_any_model_read(const CnTensors* tensors, CnAnyModel* model, CnFault fault);

/// Free a model; none is allowed, and is left.  Thread: WORKER
void
cn_any_model_free(CnAnyModel* model);

/// True if there is a model.  Thread: ANY
static inline bool
cn_any_model_is_there(const CnAnyModel* const model)
{
  return model->handle;
}

/// Say in a few words what a model is, such as "gru of 256"; 160 bytes suffice.  Thread: ANY
void
cn_any_model_describe(const CnAnyModel* model, char* text, size_t size);

/// A hash of all that a model, which is there, is; its planner has the same.  Thread: ANY
uint64_t
cn_any_model_id(const CnAnyModel* model);

/**
   Make the composer of a model; nothing is allocated later.

   @param[out] composer All null on failure.
   @param model One that is there; borrowed until cn_any_composer_clear().
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_any_composer_init(CnAnyComposer* composer, const CnAnyModel* model);

/// Free what a composer holds; all null is allowed, and is left.  Thread: WORKER
void
cn_any_composer_clear(CnAnyComposer* composer);

/// The composer, which is there, as a planner.  Thread: ANY
CnPlanner
cn_any_composer_planner(const CnAnyComposer* composer);

#endif // CN_ANY_MODEL_H
