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
#include "dsp/compose/plan.h"
#include "dsp/network/composer.h"
#include "dsp/network/model.h"
#include "dsp/notebook/composer.h"
#include "dsp/notebook/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One of these, or none
typedef struct {
  CnModel*         continuo; ///< Architecture "continuo"
  CnNotebookModel* notebook; ///< Architecture "seed"
} CnAnyModel;

/// One of these, or none
typedef struct {
  CnComposer*         continuo;
  CnNotebookComposer* notebook;
} CnAnyComposer;

/**
   Read a model from a safetensors file in memory.

   @param[out] model All null on failure.
   @param[out] fault What is wrong, in words, if anything is.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_UNSUPPORTED for an unknown architecture, or a status of
   cn_model_load() or cn_notebook_model_load().

   Thread: WORKER
*/
CnStatus
cn_any_model_load(const uint8_t* data, size_t size, CnAnyModel* model, CnFault fault);

/// Free a model; none is allowed, and is left.  Thread: WORKER
void
cn_any_model_free(CnAnyModel* model);

/// True if there is a model.  Thread: ANY
static inline bool
cn_any_model_is_there(const CnAnyModel* const model)
{
  return model->continuo || model->notebook;
}

/// Say in a few words what a model is, such as "gru of 256"; 160 bytes suffice.  Thread: ANY
void
cn_any_model_describe(const CnAnyModel* model, char* text, size_t size);

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
