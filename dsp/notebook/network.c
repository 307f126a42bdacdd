// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/network.h"

#include "dsp/kernel/linear.h"
#include "dsp/notebook/features.h"
#include "dsp/notebook/inputs.h"
#include "dsp/notebook/layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct CnNotebookNetwork {
  const CnNotebookModel* model;
  double                 ticks;                            // A second
  uint32_t               n_active[CN_NOTEBOOK_MAX_WINDOW]; // All 1: one window
  float*                 tape[2];                          // One layer's, and the one's below it
  CnNotebookInputs       inputs[CN_N_NOTEBOOK_TASKS];
  float                  arena[];
};

// Floats of the largest tape of both networks
static size_t
largest_tape(const CnNotebookModel* const model)
{
  size_t largest = 0;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    const CnNotebookNet* const net = cn_notebook_model_net(model, (CnNotebookTask)i);
    for (uint32_t l = 0; l < net->n_layers; ++l) {
      const size_t size = cn_notebook_tape_size(&net->layer[l], cn_notebook_model_scale(model)->window);
      largest           = size > largest ? size : largest;
    }
  }
  return largest;
}

// Floats of the products of a window with the first layer
static size_t
inputs_size(const CnNotebookModel* const model, const CnNotebookTask task)
{
  return cn_notebook_model_scale(model)->window * cn_notebook_model_matrices(model, task, 0)->input.rows;
}

CnNotebookNetwork*
cn_notebook_network_new(const CnNotebookModel* const model)
{
  const uint32_t           window  = cn_notebook_model_scale(model)->window;
  const size_t             n_tape  = largest_tape(model);
  const size_t             n_pitch = inputs_size(model, CN_NOTEBOOK_PITCH);
  const size_t             n       = 2 * n_tape + n_pitch + inputs_size(model, CN_NOTEBOOK_TIMING);
  CnNotebookNetwork* const network = calloc(1, sizeof(CnNotebookNetwork) + n * sizeof(float));
  if (!network) {
    return NULL;
  }

  network->model   = model;
  network->ticks   = 2.0 * CN_TICKS_PER_QUARTER;
  network->tape[0] = network->arena;
  network->tape[1] = network->tape[0] + n_tape;
  cn_notebook_inputs_init(&network->inputs[CN_NOTEBOOK_PITCH], window, network->tape[1] + n_tape);
  cn_notebook_inputs_init(&network->inputs[CN_NOTEBOOK_TIMING], window, network->tape[1] + n_tape + n_pitch);
  for (uint32_t t = 0; t < CN_NOTEBOOK_MAX_WINDOW; ++t) {
    network->n_active[t] = 1;
  }
  return network;
}

void
cn_notebook_network_free(CnNotebookNetwork* const network)
{
  free(network);
}

void
cn_notebook_network_set_tempo(CnNotebookNetwork* const network, const double ticks_per_second)
{
  network->ticks = ticks_per_second;
}

// Masked steps change nothing, so that a short window takes its notes' steps alone
static void
run(CnNotebookNetwork* const network, const CnNotebookTask task, const CnNote* const notes,
    const uint32_t n_notes, float* const outputs)
{
  const CnNotebookScale* const scale      = cn_notebook_model_scale(network->model);
  const CnNotebookNet* const   net        = cn_notebook_model_net(network->model, task);
  const float* const           parameters = cn_notebook_model_parameters(network->model, task);
  const double            ticks  = scale->unit == CN_NOTEBOOK_BEATS ? CN_TICKS_PER_QUARTER : network->ticks;
  CnNotebookInputs* const inputs = &network->inputs[task];
  const CnLinear* const   input  = &cn_notebook_model_matrices(network->model, task, 0)->input;
  const uint32_t          n      = cn_notebook_inputs_read(inputs, scale, input, notes, n_notes, ticks);
  const CnNotebookSpan    span   = {n, 1, network->n_active};
  const size_t            width  = net->layer[net->n_layers - 1].hidden;
  const CnLinear          out =
      cn_linear_float(net->n_outputs, width, parameters + net->out, parameters + net->out_bias);

  const float* x = NULL;
  for (uint32_t l = 0; l < net->n_layers && n; ++l) {
    const CnNotebookLayer* const    layer    = &net->layer[l];
    const CnNotebookMatrices* const matrices = cn_notebook_model_matrices(network->model, task, l);
    const CnNotebookTape            tape     = cn_notebook_tape(layer, n, network->tape[l & 1U]);
    if (l) {
      cn_notebook_layer_forward(layer, matrices, &span, x, &tape);
    } else {
      cn_notebook_layer_go_on(layer, matrices, &span, inputs->row, &tape);
    }
    x = tape.h;
  }
  if (n) {
    cn_linear_apply(&out, x + (n - 1) * width, outputs);
  } else {
    memcpy(outputs, out.bias, net->n_outputs * sizeof(float));
  }
}

void
cn_notebook_network_pitch(CnNotebookNetwork* const network, const CnNote* const notes, const uint32_t n_notes,
                          float* const logits)
{
  run(network, CN_NOTEBOOK_PITCH, notes, n_notes, logits);
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    if (!cn_notebook_scale_has(cn_notebook_model_scale(network->model), p + CN_PITCH_MIN)) {
      logits[p] = CN_NOTEBOOK_LOGIT_NEVER;
    }
  }
}

// The time that an output of the timing network stands for
static float
time_of(const float range[2], const float sum)
{
  return cn_notebook_denormalise(range, 1.0F / (1.0F + expf(-sum)));
}

void
cn_notebook_network_timing(CnNotebookNetwork* const network, const CnNote* const notes,
                           const uint32_t n_notes, float* const duration, float* const step)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(network->model);
  float                        sums[2];
  run(network, CN_NOTEBOOK_TIMING, notes, n_notes, sums);
  *duration = time_of(scale->duration, sums[0]);
  *step     = time_of(scale->step, sums[1]);
}
