// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/tiny_notebook.h"

#include "dsp/base/random.h"
#include "tools/notebook/weights.h"

#include <stddef.h>
#include <stdlib.h>

#define WINDOW 50

CnNotebookScale
cn_tiny_notebook_scale(const CnNotebookUnit unit)
{
  CnNotebookScale scale = {.unit      = unit,
                           .window    = WINDOW,
                           .min_count = 100,
                           .pitch     = {CN_PITCH_MIN, CN_PITCH_MAX - 2},
                           .duration  = {4.0F, 0.75F},
                           .step      = {4.0F, 0.25F}};
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    scale.counts[p] = p < CN_N_PITCHES - 2 ? 100.0F : 99.0F;
  }
  return scale;
}

static float*
make_parameters(const CnNotebookNet* const net, CnRandom random)
{
  float* const parameters = (float*)malloc(net->n_parameters * sizeof(float));
  for (size_t i = 0; parameters && i < net->n_parameters; ++i) {
    parameters[i] = cn_random_uniform(&random) - 0.5F;
  }
  return parameters;
}

// Two networks, and what else a model is made of
typedef struct {
  CnNotebookNet   nets[CN_N_NOTEBOOK_TASKS];
  CnNotebookScale scale;
  float*          parameters[CN_N_NOTEBOOK_TASKS];
} Parts;

static bool
make_parts(Parts* const parts, const uint32_t seed, const CnNotebookUnit unit)
{
  const CnNotebookStack pitch  = {3, {12, 8, 10}};
  const CnNotebookStack timing = {2, {8, 8}};
  parts->scale                 = cn_tiny_notebook_scale(unit);
  if (cn_notebook_net_init(&parts->nets[0], CN_NOTEBOOK_PITCH, &pitch) ||
      cn_notebook_net_init(&parts->nets[1], CN_NOTEBOOK_TIMING, &timing)) {
    return false;
  }
  parts->parameters[0] = make_parameters(&parts->nets[0], cn_random(seed, 0, 0, 0, 0));
  parts->parameters[1] = make_parameters(&parts->nets[1], cn_random(seed, 1, 0, 0, 0));
  return parts->parameters[0] && parts->parameters[1];
}

static void
clear_parts(const Parts* const parts)
{
  free(parts->parameters[0]);
  free(parts->parameters[1]);
}

CnNotebookModel*
cn_tiny_notebook_model(const uint32_t seed, const CnNotebookUnit unit)
{
  Parts              parts      = {0};
  CnNotebookModel*   model      = NULL;
  const bool         is_made    = make_parts(&parts, seed, unit);
  const float* const vectors[2] = {parts.parameters[0], parts.parameters[1]};
  if (is_made) {
    model = cn_notebook_model_new(parts.nets, &parts.scale, NULL, vectors);
  }
  clear_parts(&parts);
  return model;
}

CnStatus
cn_tiny_notebook(const char* const path, const uint32_t seed, const CnNotebookUnit unit)
{
  Parts              parts      = {0};
  CnStatus           status     = CN_STATUS_NO_MEMORY;
  const bool         is_made    = make_parts(&parts, seed, unit);
  const float* const vectors[2] = {parts.parameters[0], parts.parameters[1]};
  if (is_made) {
    status = cn_notebook_weights_save(path, parts.nets, &parts.scale, NULL, vectors, CN_DTYPE_F16, NULL, 0);
  }
  clear_parts(&parts);
  return status;
}
