// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/architecture.h"

#include "dsp/notebook/composer.h"
#include "dsp/notebook/model.h"

#include <stdio.h>

static CnStatus
read_model(const CnTensors* const tensors, void** const model, const CnFault fault)
{
  CnNotebookModel* made = NULL;
  CN_TRY(cn_notebook_model_read(tensors, &made, fault));
  *model = made;
  return CN_STATUS_SUCCESS;
}

static void
free_model(void* const model)
{
  cn_notebook_model_free(model);
}

static void
describe(const void* const model, char* const text, const size_t size)
{
  snprintf(text, size, "the notebook's networks, counting in %s",
           cn_notebook_unit_name(cn_notebook_model_unit(model)));
}

static uint64_t
id(const void* const model)
{
  return cn_notebook_model_id(model);
}

static void*
new_composer(const void* const model)
{
  return cn_notebook_composer_new(model);
}

static void
free_composer(void* const composer)
{
  cn_notebook_composer_free(composer);
}

static CnPlanner
planner(void* const composer)
{
  return cn_notebook_composer_planner(composer);
}

const CnArchitecture cn_notebook_architecture = {
    .name          = CN_NOTEBOOK_NAME,
    .alias         = CN_NOTEBOOK_OLD_NAME,
    .read          = read_model,
    .free          = free_model,
    .describe      = describe,
    .id            = id,
    .composer_new  = new_composer,
    .composer_free = free_composer,
    .planner       = planner,
};
