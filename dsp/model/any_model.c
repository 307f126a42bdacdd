// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/model/any_model.h"

#include "dsp/model/architectures.h"

#include <stdio.h>

CnStatus
cn_any_model_load(const uint8_t* const data, const size_t size, CnAnyModel* const model, const CnFault fault)
{
  CnTensors* tensors = NULL;
  *model             = (CnAnyModel){NULL, NULL};
  CN_TRY(cn_tensors_open(data, size, &tensors, fault));
  const CnStatus status = cn_any_model_read(tensors, model, fault);
  cn_tensors_free(tensors);
  return status;
}

CnStatus
cn_any_model_read(const CnTensors* const tensors, CnAnyModel* const model, const CnFault fault)
{
  const char* const           word         = cn_tensors_metadata(tensors, "architecture");
  const CnArchitecture* const architecture = cn_architecture_find(word);
  void*                       handle       = NULL;
  *model                                   = (CnAnyModel){NULL, NULL};
  if (!architecture) {
    return CN_FAIL(fault, CN_STATUS_UNSUPPORTED,
                   "not weights that are known here: metadata 'architecture' is %s", word ? word : "missing");
  }
  CN_TRY(architecture->read(tensors, &handle, fault));
  *model = (CnAnyModel){architecture, handle};
  return CN_STATUS_SUCCESS;
}

void
cn_any_model_free(CnAnyModel* const model)
{
  if (model->handle) {
    model->architecture->free(model->handle);
  }
  *model = (CnAnyModel){NULL, NULL};
}

void
cn_any_model_describe(const CnAnyModel* const model, char* const text, const size_t size)
{
  if (model->handle) {
    model->architecture->describe(model->handle, text, size);
  } else {
    snprintf(text, size, "none");
  }
}

uint64_t
cn_any_model_id(const CnAnyModel* const model)
{
  return model->architecture->id(model->handle);
}

CnStatus
cn_any_composer_init(CnAnyComposer* const composer, const CnAnyModel* const model)
{
  void* const handle = model->architecture->composer_new(model->handle);
  *composer          = (CnAnyComposer){handle ? model->architecture : NULL, handle};
  return handle ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

void
cn_any_composer_clear(CnAnyComposer* const composer)
{
  if (composer->handle) {
    composer->architecture->composer_free(composer->handle);
  }
  *composer = (CnAnyComposer){NULL, NULL};
}

CnPlanner
cn_any_composer_planner(const CnAnyComposer* const composer)
{
  return composer->architecture->planner(composer->handle);
}
