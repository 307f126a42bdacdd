// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/architecture.h"

#include "dsp/kernel/dot8.h"
#include "dsp/network/composer.h"
#include "dsp/network/model.h"

#include <stdio.h>
#include <string.h>

static CnStatus
read_model(const CnTensors* const tensors, void** const model, const CnFault fault)
{
  CnModel* made = NULL;
  CN_TRY(cn_model_read(tensors, &made, fault));
  *model = made;
  return CN_STATUS_SUCCESS;
}

static unsigned
most(const char* const name)
{
  unsigned w = 0;
  while (w < CN_N_WEIGHTS && strcmp(cn_weight_name(w), name) != 0) {
    ++w;
  }
  return w < CN_N_WEIGHTS ? cn_weight_most(w) : CN_DOT8_MOST_WEIGHT;
}

static void
free_model(void* const model)
{
  cn_model_free(model);
}

static void
describe(const void* const model, char* const text, const size_t size)
{
  const CnShape* const shape = &cn_model_layout(model)->shape;
  snprintf(text, size, "%s of %u", cn_cell_name(shape->cell), shape->hidden);
}

static uint64_t
id(const void* const model)
{
  return cn_model_id(model);
}

static void*
new_composer(const void* const model)
{
  return cn_composer_new(model);
}

static void
free_composer(void* const composer)
{
  cn_composer_free(composer);
}

static CnPlanner
planner(void* const composer)
{
  return cn_composer_planner(composer);
}

const CnArchitecture cn_network_architecture = {
    .name          = "continuo",
    .alias         = "attention", // One with a trunk of that kind
    .read          = read_model,
    .most          = most,
    .free          = free_model,
    .describe      = describe,
    .id            = id,
    .composer_new  = new_composer,
    .composer_free = free_composer,
    .planner       = planner,
};
