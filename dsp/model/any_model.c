// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/model/any_model.h"

#include "dsp/file/safetensors.h"

#include <stdio.h>
#include <string.h>

CnStatus
cn_any_model_load(const uint8_t* const data, const size_t size, CnAnyModel* const model, char* const fault,
                  const size_t fault_size)
{
  CnTensors* tensors = NULL;
  *model             = (CnAnyModel){NULL, NULL};
  CN_TRY(cn_tensors_open(data, size, &tensors, fault, fault_size));
  const char* const architecture = cn_tensors_metadata(tensors, "architecture");
  const bool        is_seed      = architecture && !strcmp(architecture, "seed");
  const CnStatus    status = is_seed ? cn_seed_model_read(tensors, size, &model->seed, fault, fault_size)
                                     : cn_model_read(tensors, size, &model->continuo, fault, fault_size);
  cn_tensors_free(tensors);
  return status;
}

void
cn_any_model_free(CnAnyModel* const model)
{
  cn_model_free(model->continuo);
  cn_seed_model_free(model->seed);
  *model = (CnAnyModel){NULL, NULL};
}

void
cn_any_model_describe(const CnAnyModel* const model, char* const text, const size_t size)
{
  if (model->continuo) {
    const CnShape* const shape = &cn_model_layout(model->continuo)->shape;
    snprintf(text, size, "%s of %u", cn_cell_name(shape->cell), shape->hidden);
  } else if (model->seed) {
    snprintf(text, size, "the seed's system, counting in %s",
             cn_seed_unit_name(cn_seed_model_unit(model->seed)));
  } else {
    snprintf(text, size, "none");
  }
}

CnStatus
cn_any_composer_init(CnAnyComposer* const composer, const CnAnyModel* const model)
{
  *composer = (CnAnyComposer){NULL, NULL};
  if (model->seed) {
    composer->seed = cn_seed_composer_new(model->seed);
  } else {
    composer->continuo = cn_composer_new(model->continuo);
  }
  return composer->seed || composer->continuo ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_any_composer_clear(CnAnyComposer* const composer)
{
  cn_composer_free(composer->continuo);
  cn_seed_composer_free(composer->seed);
  *composer = (CnAnyComposer){NULL, NULL};
}

CnPlanner
cn_any_composer_planner(const CnAnyComposer* const composer)
{
  return composer->seed ? cn_seed_composer_planner(composer->seed) : cn_composer_planner(composer->continuo);
}
