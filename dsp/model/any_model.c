// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/model/any_model.h"

#include "dsp/file/safetensors.h"

#include <stdio.h>
#include <string.h>

CnStatus
cn_any_model_load(const uint8_t* const data, const size_t size, CnAnyModel* const model, const CnFault fault)
{
  CnTensors* tensors = NULL;
  *model             = (CnAnyModel){NULL, NULL};
  CN_TRY(cn_tensors_open(data, size, &tensors, fault));
  const char* const architecture = cn_tensors_metadata(tensors, "architecture");
  const bool        is_notebook  = architecture && !strcmp(architecture, "seed");
  const CnStatus    status = is_notebook ? cn_notebook_model_read(tensors, size, &model->notebook, fault)
                                         : cn_model_read(tensors, size, &model->continuo, fault);
  cn_tensors_free(tensors);
  return status;
}

void
cn_any_model_free(CnAnyModel* const model)
{
  cn_model_free(model->continuo);
  cn_notebook_model_free(model->notebook);
  *model = (CnAnyModel){NULL, NULL};
}

void
cn_any_model_describe(const CnAnyModel* const model, char* const text, const size_t size)
{
  if (model->continuo) {
    const CnShape* const shape = &cn_model_layout(model->continuo)->shape;
    snprintf(text, size, "%s of %u", cn_cell_name(shape->cell), shape->hidden);
  } else if (model->notebook) {
    snprintf(text, size, "the notebook's networks, counting in %s",
             cn_notebook_unit_name(cn_notebook_model_unit(model->notebook)));
  } else {
    snprintf(text, size, "none");
  }
}

CnStatus
cn_any_composer_init(CnAnyComposer* const composer, const CnAnyModel* const model)
{
  *composer = (CnAnyComposer){NULL, NULL};
  if (model->notebook) {
    composer->notebook = cn_notebook_composer_new(model->notebook);
  } else {
    composer->continuo = cn_composer_new(model->continuo);
  }
  return composer->notebook || composer->continuo ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_any_composer_clear(CnAnyComposer* const composer)
{
  cn_composer_free(composer->continuo);
  cn_notebook_composer_free(composer->notebook);
  *composer = (CnAnyComposer){NULL, NULL};
}

CnPlanner
cn_any_composer_planner(const CnAnyComposer* const composer)
{
  return composer->notebook ? cn_notebook_composer_planner(composer->notebook)
                            : cn_composer_planner(composer->continuo);
}
