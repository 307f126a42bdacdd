// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/trainer.h"

#include "dsp/base/random.h"
#include "dsp/kernel/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KEY_INIT 0x53454544U
#define N_GATES 4

// The three features lie within 0 and 1, and a semitone is a hundredth of that: by Keras's small weights and
// no biases, the first layer would be nearly blind to it
#define FIRST_BOUND 10.0

static void
fill_uniform(CnRandom random, const size_t n, const double bound, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = (float)(bound * (2.0 * (double)cn_random_uniform(&random) - 1.0));
  }
}

static double
product(const size_t n, const float* const x, const float* const y)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += (double)x[i] * (double)y[i];
  }
  return sum;
}

// `n` vectors of `size` at right angles, each of length 1, by Gram and Schmidt
static void
make_orthogonal(const size_t n, const size_t size, float* const vectors)
{
  for (size_t i = 0; i < n; ++i) {
    float* const x = vectors + i * size;
    for (size_t k = 0; k < i; ++k) {
      cn_axpy(size, (float)-product(size, vectors + k * size, x), vectors + k * size, x);
    }
    const float scale = (float)(1.0 / sqrt(product(size, x, x)));
    for (size_t j = 0; j < size; ++j) {
      x[j] *= scale;
    }
  }
}

// The columns of a recurrent weight, (4H, H), at right angles
static CnStatus
fill_recurrent(const CnRandom random, const size_t hidden, float* const weight)
{
  const size_t width   = N_GATES * hidden;
  float* const columns = calloc(width * hidden, sizeof(float));
  if (!columns) {
    return CN_STATUS_NO_MEMORY;
  }

  fill_uniform(random, width * hidden, 1.0, columns);
  make_orthogonal(hidden, width, columns);
  for (size_t j = 0; j < hidden; ++j) {
    for (size_t i = 0; i < width; ++i) {
      weight[i * hidden + j] = columns[j * width + i];
    }
  }
  free(columns);
  return CN_STATUS_SUCCESS;
}

// A gate of the first layer opens or closes somewhere among the features, each one elsewhere
static void
spread_first(CnRandom random, const CnNotebookLayer* const layer, float* const parameters)
{
  const size_t n = (size_t)layer->n_directions * N_GATES * layer->hidden;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < layer->n_inputs; ++j) {
      const float weight = parameters[layer->input + i * layer->n_inputs + j];
      parameters[layer->bias + i] -= weight * cn_random_uniform(&random);
    }
  }
}

CnStatus
cn_notebook_parameters_init(const CnNotebookNet* const net, const CnNotebookTask task, const uint32_t seed,
                            float* const parameters)
{
  memset(parameters, 0, net->n_parameters * sizeof(float));
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookLayer* const layer = &net->layer[l];
    const size_t                 width = (size_t)N_GATES * layer->hidden;
    for (uint32_t d = 0; d < layer->n_directions; ++d) {
      fill_uniform(cn_random(seed, KEY_INIT, task, 2 * l + d, 0), width * layer->n_inputs,
                   l ? sqrt(6.0 / (double)(layer->n_inputs + width)) : FIRST_BOUND,
                   parameters + layer->input + d * width * layer->n_inputs);
      CN_TRY(fill_recurrent(cn_random(seed, KEY_INIT, task, 2 * l + d, 1), layer->hidden,
                            parameters + layer->recurrent + d * width * layer->hidden));
      for (uint32_t i = 0; i < layer->hidden; ++i) {
        parameters[layer->bias + d * width + layer->hidden + i] = 1.0F; // Of the forget gate
      }
    }
  }
  spread_first(cn_random(seed, KEY_INIT, task, 0, 2), &net->layer[0], parameters);

  const size_t H = net->layer[net->n_layers - 1].hidden;
  fill_uniform(cn_random(seed, KEY_INIT, task, CN_NOTEBOOK_MAX_LAYERS * 2, 0), net->n_outputs * H,
               sqrt(6.0 / (double)(net->n_outputs + H)), parameters + net->out);
  return CN_STATUS_SUCCESS;
}
