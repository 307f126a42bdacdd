// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/network.h"

#include "dsp/kernel/blas.h"
#include "dsp/kernel/kernels.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct CnNetwork {
  const CnModel* model;
  size_t         hidden;    // H
  size_t         head;      // D
  size_t         n_gates;   // G
  bool           is_primed; // The heads' part that is the same for all sites is up to date
  float*         state;     // (H) output h, then (H) cell state c of an LSTM
  float*         gates;     // (G * H)
  float*         recurrent; // (G * H) products with h, for the GRU
  float*         primed;    // (4 * D) hidden layers before tables and ReLU
  float*         scratch;   // (D)
  float          outputs[CN_MAX_CLASSES + CN_N_PITCH_GATES];
  float          arena[];
};

CnNetwork*
cn_network_new(const CnModel* const model)
{
  const CnShape* const shape   = &cn_model_layout(model)->shape;
  const size_t         hidden  = shape->hidden;
  const size_t         head    = shape->head;
  const size_t         n_gates = cn_cell_gates(shape->cell);
  const size_t         n       = 2 * hidden + 2 * n_gates * hidden + CN_N_FACTORS * head + head;
  CnNetwork* const     network = calloc(1, sizeof(CnNetwork) + n * sizeof(float));
  if (!network) {
    return NULL;
  }

  cn_blas_init();
  network->model     = model;
  network->hidden    = hidden;
  network->head      = head;
  network->n_gates   = n_gates;
  network->state     = network->arena;
  network->gates     = network->state + 2 * hidden;
  network->recurrent = network->gates + n_gates * hidden;
  network->primed    = network->recurrent + n_gates * hidden;
  network->scratch   = network->primed + CN_N_FACTORS * head;
  return network;
}

void
cn_network_free(CnNetwork* const network)
{
  free(network);
}

void
cn_network_reset(CnNetwork* const network)
{
  memset(network->state, 0, cn_network_state_size(network) * sizeof(float));
  network->is_primed = false;
}

void
cn_network_step(CnNetwork* const network, const CnNoteInput* const input)
{
  const CnModel* const model = network->model;
  const size_t         width = network->n_gates * network->hidden;
  float* const         h     = network->state;

  memcpy(network->gates, cn_model_weight(model, CN_WEIGHT_IN_BIAS), width * sizeof(float));
  cn_add_rows(width, network->gates, cn_model_weight(model, CN_WEIGHT_IN_TABLE), input->row, input->n_rows);

  const float* const recurrent = cn_model_weight(model, CN_WEIGHT_RECURRENT);
  if (network->n_gates == 4) {
    float* const c = h + network->hidden;
    cn_gemv(width, network->hidden, recurrent, h, 1.0F, network->gates);
    cn_lstm_cell(1, network->hidden, network->gates, c, c, h);
  } else {
    cn_gemv(width, network->hidden, recurrent, h, 0.0F, network->recurrent);
    cn_gru_cell(1, network->hidden, network->gates, network->recurrent,
                cn_model_weight(model, CN_WEIGHT_CANDIDATE), h, h);
  }
  network->is_primed = false;
}

static void
prime_heads(CnNetwork* const network)
{
  const size_t width = CN_N_FACTORS * network->head;

  memcpy(network->primed, cn_model_weight(network->model, CN_WEIGHT_HIDDEN_BIAS), width * sizeof(float));
  cn_gemv(width, network->hidden, cn_model_weight(network->model, CN_WEIGHT_HIDDEN), network->state, 1.0F,
          network->primed);
  network->is_primed = true;
}

void
cn_site_add_copies(const CnHeadInput* const site, const CnFactor factor, float* const y)
{
  const float* const gates = y + cn_factor_classes(factor);
  for (unsigned i = 0; i < site->n_copies; ++i) {
    y[site->copy[i].symbol] += gates[site->copy[i].gate];
  }
  if (site->has_chroma) {
    for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
      const unsigned c = (p + CN_PITCH_MIN) % 12U;
      y[p] += gates[CN_PITCH_GATE_CHROMA] * site->chroma[c] +
              gates[CN_PITCH_GATE_CHROMA + 1] * site->chroma[12 + c];
    }
  }
}

void
cn_network_logits(CnNetwork* const network, const CnFactor factor, const CnHeadInput* const site,
                  float* const logits)
{
  if (!network->is_primed) {
    prime_heads(network);
  }

  const CnModel* const model     = network->model;
  const size_t         head      = network->head;
  const size_t         n_outputs = cn_head_outputs(factor);
  const float* const   table     = cn_model_weight(model, cn_head_weight(factor, CN_HEAD_TABLE));

  memcpy(network->scratch, network->primed + (size_t)factor * head, head * sizeof(float));
  cn_add_rows(head, network->scratch, table, site->row, site->n_rows);
  for (unsigned c = 0; site->has_chroma && c < CN_N_CHROMA; ++c) {
    cn_axpy(head, site->chroma[c], table + (CN_PITCH_CHROMA + c) * head, network->scratch);
  }
  cn_relu(head, network->scratch);

  float* const y = network->outputs;
  memcpy(y, cn_model_weight(model, cn_head_weight(factor, CN_HEAD_OUT_BIAS)), n_outputs * sizeof(float));
  cn_gemv(n_outputs, head, cn_model_weight(model, cn_head_weight(factor, CN_HEAD_OUT)), network->scratch,
          1.0F, y);
  cn_site_add_copies(site, factor, y);
  memcpy(logits, y, cn_factor_classes(factor) * sizeof(float));
}

size_t
cn_network_state_size(const CnNetwork* const network)
{
  return (network->n_gates == 4 ? 2 : 1) * network->hidden;
}

void
cn_network_get_state(const CnNetwork* const network, float* const state)
{
  memcpy(state, network->state, cn_network_state_size(network) * sizeof(float));
}

void
cn_network_set_state(CnNetwork* const network, const float* const state)
{
  memcpy(network->state, state, cn_network_state_size(network) * sizeof(float));
  network->is_primed = false;
}
