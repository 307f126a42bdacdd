// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Recurrent layers, one above the other, forward and backward.
*/

#include "tools/gradient/gradient_internal.h"

#include "dsp/kernel/kernel_math.h"
#include "dsp/kernel/kernels.h"

#include <stdlib.h>
#include <string.h>

// One layer
typedef struct {
  float*   h;         // (T + 1, B, H) outputs, the first from the batch before
  float*   c;         // (T + 1, B, H) cell states of an LSTM
  float*   gates;     // (T, B, W) sums, then activations, then their gradient
  float*   recurrent; // (T, B, W) GRU: products with h, then their gradient
  float*   heard;     // (N, H) what it is given by the layer below, after dropout; null for the first
  uint8_t* is_kept;   // (N, H) of that: false where dropped
} Layer;

typedef struct {
  CnTape tape;
  bool   is_gru;
  size_t L;
  float* state_h; // (L, B, H) carried from one batch to the next
  float* state_c; // (L, B, H)
  float* dh;      // (B, H) gradient that flows back in time
  float* dc;      // (B, H)
  Layer  layers[CN_MOST_LAYERS];
} Recurrent;

static const CnTapeKind recurrent_kind;

static void
free_recurrent(CnTape* const tape)
{
  Recurrent* const r = (Recurrent*)tape;
  for (size_t l = 0; l < r->L; ++l) {
    Layer* const layer = &r->layers[l];
    free(layer->h);
    free(layer->c);
    free(layer->gates);
    free(layer->recurrent);
    free(layer->heard);
    free(layer->is_kept);
  }
  free(r->state_h);
  free(r->state_c);
  free(r->dh);
  free(r->dc);
  free(r);
}

static bool
allocate_layer(const CnGradient* const g, const bool is_gru, const bool is_first, Layer* const layer)
{
  layer->h         = cn_gradient_floats((g->T + 1) * g->B * g->H);
  layer->c         = cn_gradient_floats((g->T + 1) * g->B * g->H);
  layer->gates     = cn_gradient_floats(g->N * g->W);
  layer->recurrent = cn_gradient_floats(is_gru ? g->N * g->W : 1);
  layer->heard     = is_first ? NULL : cn_gradient_floats(g->N * g->H);
  layer->is_kept   = is_first ? NULL : calloc(g->N * g->H, 1);
  return layer->h && layer->c && layer->gates && layer->recurrent &&
         (is_first || (layer->heard && layer->is_kept));
}

CnTape*
cn_recurrent_tape_new(const CnGradient* const g)
{
  Recurrent* const r = calloc(1, sizeof(Recurrent));
  if (!r) {
    return NULL;
  }

  r->tape.kind = &recurrent_kind;
  r->is_gru    = g->layout.shape.cell == CN_CELL_GRU;
  r->L         = cn_shape_layers(&g->layout.shape);
  r->state_h   = cn_gradient_floats(r->L * g->B * g->H);
  r->state_c   = cn_gradient_floats(r->L * g->B * g->H);
  r->dh        = cn_gradient_floats(g->B * g->H);
  r->dc        = cn_gradient_floats(g->B * g->H);
  bool is_made = r->state_h && r->state_c && r->dh && r->dc;
  for (size_t l = 0; l < r->L && is_made; ++l) {
    is_made = allocate_layer(g, r->is_gru, l == 0, &r->layers[l]);
  }
  if (!is_made) {
    free_recurrent(&r->tape);
    return NULL;
  }
  return &r->tape;
}

static void
reset(const CnGradient* const g, CnTape* const tape)
{
  Recurrent* const r = (Recurrent*)tape;
  memset(r->state_h, 0, r->L * g->B * g->H * sizeof(float));
  memset(r->state_c, 0, r->L * g->B * g->H * sizeof(float));
}

static size_t
state(const CnGradient* const g, CnTape* const tape, float** const outputs, float** const cells)
{
  Recurrent* const r = (Recurrent*)tape;
  *outputs           = r->state_h;
  *cells             = r->state_c;
  return r->L * g->B * g->H;
}

// Where a layer's weights are among all parameters
typedef struct {
  size_t input; // (W, H), not of the first layer
  size_t bias;  // (W), likewise
  size_t recurrent;
  size_t candidate;
} Places;

static Places
find_places(const CnGradient* const g, const size_t l)
{
  const CnWeightPlace* const place = g->layout.place;
  if (l == 0) {
    return (Places){.recurrent = place[CN_WEIGHT_RECURRENT].offset,
                    .candidate = place[CN_WEIGHT_CANDIDATE].offset};
  }
  return (Places){.input     = place[CN_WEIGHT_DEEP_INPUT].offset + (l - 1) * g->W * g->H,
                  .bias      = place[CN_WEIGHT_DEEP_BIAS].offset + (l - 1) * g->W,
                  .recurrent = place[CN_WEIGHT_DEEP_RECURRENT].offset + (l - 1) * g->W * g->H,
                  .candidate = place[CN_WEIGHT_DEEP_CANDIDATE].offset + (l - 1) * g->H};
}

// Where a piece begins, the state before it is zero
static void
clear_at_begins(const CnGradient* const g, const size_t t, float* const a, float* const b)
{
  for (size_t s = 0; s < g->B; ++s) {
    if (g->batch->begins[t * g->B + s]) {
      memset(a + s * g->H, 0, g->H * sizeof(float));
      memset(b + s * g->H, 0, g->H * sizeof(float));
    }
  }
}

// Sums of all that a layer is given but its own state, for all steps
static void
hear(CnGradient* const g, const Recurrent* const r, const size_t l, const float dropout, CnRandom random)
{
  const Layer* const layer = &r->layers[l];
  const Places       at    = find_places(g, l);
  if (l == 0) {
    cn_inputs_forward(g, layer->gates);
    return;
  }

  const float* const below = r->layers[l - 1].h + g->B * g->H;
  random.place[2]          = (uint32_t)l;
  if (g->out) {
    cn_drop(&random, dropout, g->N * g->H, below, layer->is_kept, layer->heard);
  } else {
    memcpy(layer->heard, below, g->N * g->H * sizeof(float));
  }
  for (size_t n = 0; n < g->N; ++n) {
    memcpy(layer->gates + n * g->W, g->parameters + at.bias, g->W * sizeof(float));
  }
  cn_packed_pack(&g->packed, g->H, g->W, (CnConstMatrix){g->parameters + at.input, 1, (ptrdiff_t)g->H});
  cn_packed_multiply(&g->packed, g->N, (CnConstMatrix){layer->heard, (ptrdiff_t)g->H, 1}, true,
                     (CnMatrix){layer->gates, (ptrdiff_t)g->W, 1});
}

static void
forward_step(CnGradient* const g, const Recurrent* const r, const Layer* const layer,
             const float* const candidate, const size_t t)
{
  const size_t size  = g->B * g->H;
  float* const h     = layer->h + t * size;
  float* const c     = layer->c + t * size;
  float* const gates = layer->gates + t * g->B * g->W;
  clear_at_begins(g, t, h, c);

  const CnConstMatrix before = {h, (ptrdiff_t)g->H, 1};
  if (r->is_gru) {
    float* const recurrent = layer->recurrent + t * g->B * g->W;
    cn_packed_multiply(&g->packed, g->B, before, false, (CnMatrix){recurrent, (ptrdiff_t)g->W, 1});
    cn_gru_cell(g->B, g->H, gates, recurrent, candidate, h, h + size);
  } else {
    cn_packed_multiply(&g->packed, g->B, before, true, (CnMatrix){gates, (ptrdiff_t)g->W, 1});
    cn_lstm_cell(g->B, g->H, gates, c, c + size, h + size);
  }
}

static void
forward(CnGradient* const g, const float dropout, const CnRandom random)
{
  Recurrent* const r    = (Recurrent*)g->tape;
  const size_t     size = g->B * g->H;
  for (size_t l = 0; l < r->L; ++l) {
    const Layer* const layer = &r->layers[l];
    const Places       at    = find_places(g, l);
    memcpy(layer->h, r->state_h + l * size, size * sizeof(float));
    memcpy(layer->c, r->state_c + l * size, size * sizeof(float));
    hear(g, r, l, dropout, random);
    cn_packed_pack(&g->packed, g->H, g->W, (CnConstMatrix){g->parameters + at.recurrent, 1, (ptrdiff_t)g->H});
    for (size_t t = 0; t < g->T; ++t) {
      forward_step(g, r, layer, g->parameters + at.candidate, t);
    }
  }
  g->h = r->layers[r->L - 1].h + size;
}

// From dh and dc to the gradient of the gates' sums, in place, and to dc one step before
CN_KERNEL static void
lstm_cell_backward(const size_t n_batch, const size_t hidden, float* const gates, const float* const c_before,
                   const float* const c_after, const float* const d_h, float* const d_c)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       i      = gates + b * 4 * hidden;
    float* const       f      = i + hidden;
    float* const       g      = f + hidden;
    float* const       o      = g + hidden;
    const float* const before = c_before + b * hidden;
    const float* const after  = c_after + b * hidden;
    const float* const dh     = d_h + b * hidden;
    float* const       dc     = d_c + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      const float tanh_c = cn_tanhf(after[j]);
      const float dcj    = dc[j] + dh[j] * o[j] * (1.0F - tanh_c * tanh_c);
      const float dij    = dcj * g[j] * i[j] * (1.0F - i[j]);
      const float dfj    = dcj * before[j] * f[j] * (1.0F - f[j]);
      const float dgj    = dcj * i[j] * (1.0F - g[j] * g[j]);
      dc[j]              = dcj * f[j];
      o[j]               = dh[j] * tanh_c * o[j] * (1.0F - o[j]);
      i[j]               = dij;
      f[j]               = dfj;
      g[j]               = dgj;
    }
  }
}

// From dh to the gradients of the gates' sums and of the products with h, in place, and to the part of
// dh that goes past the gates
CN_KERNEL static void
gru_cell_backward(const size_t n_batch, const size_t hidden, float* const gates, float* const recurrent,
                  const float* const h_before, float* const d_h)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       r      = gates + b * 3 * hidden;
    float* const       z      = r + hidden;
    float* const       n      = z + hidden;
    float* const       ur     = recurrent + b * 3 * hidden;
    float* const       uz     = ur + hidden;
    float* const       un     = uz + hidden;
    const float* const before = h_before + b * hidden;
    float* const       dh     = d_h + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      const float dn = dh[j] * (1.0F - z[j]) * (1.0F - n[j] * n[j]);
      const float dz = dh[j] * (before[j] - n[j]) * z[j] * (1.0F - z[j]);
      const float dr = dn * un[j] * r[j] * (1.0F - r[j]);
      un[j]          = dn * r[j];
      ur[j]          = dr;
      uz[j]          = dz;
      dh[j] *= z[j];
      r[j] = dr;
      z[j] = dz;
      n[j] = dn;
    }
  }
}

// From the gradient of a layer's outputs, in `dropped`, through one step
static void
backward_step(CnGradient* const g, const Recurrent* const r, const Layer* const layer, const size_t t)
{
  const size_t size  = g->B * g->H;
  float* const gates = layer->gates + t * g->B * g->W;
  float*       into  = gates;

  cn_axpy(size, 1.0F, g->dropped + t * size, r->dh);
  if (r->is_gru) {
    into = layer->recurrent + t * g->B * g->W;
    gru_cell_backward(g->B, g->H, gates, into, layer->h + t * size, r->dh);
  } else {
    lstm_cell_backward(g->B, g->H, gates, layer->c + t * size, layer->c + (t + 1) * size, r->dh, r->dc);
  }
  cn_packed_multiply(&g->packed, g->B, (CnConstMatrix){into, (ptrdiff_t)g->W, 1}, r->is_gru,
                     (CnMatrix){r->dh, (ptrdiff_t)g->H, 1});
  clear_at_begins(g, t, r->dh, r->dc);
}

// What a layer above the first gives back to the one below, into `dropped`
static void
hear_backward(CnGradient* const g, const Layer* const layer, const Places* const at, const float dropout)
{
  const CnConstMatrix gates = {layer->gates, (ptrdiff_t)g->W, 1};
  cn_packed_correlate(g->packed.data, g->W, g->H, g->N, gates,
                      (CnConstMatrix){layer->heard, (ptrdiff_t)g->H, 1},
                      (CnMatrix){g->out + at->input, (ptrdiff_t)g->H, 1});
  for (size_t n = 0; n < g->N; ++n) {
    cn_axpy(g->W, 1.0F, layer->gates + n * g->W, g->out + at->bias);
  }
  cn_packed_pack(&g->packed, g->W, g->H, (CnConstMatrix){g->parameters + at->input, (ptrdiff_t)g->H, 1});
  cn_packed_multiply(&g->packed, g->N, gates, false, (CnMatrix){g->dropped, (ptrdiff_t)g->H, 1});
  cn_drop_backward(dropout, g->N * g->H, layer->is_kept, g->dropped);
}

static void
layer_backward(CnGradient* const g, const Recurrent* const r, const size_t l, const float dropout)
{
  const Layer* const layer  = &r->layers[l];
  const Places       at     = find_places(g, l);
  float* const       d_into = r->is_gru ? layer->recurrent : layer->gates;
  memset(r->dh, 0, g->B * g->H * sizeof(float));
  memset(r->dc, 0, g->B * g->H * sizeof(float));
  cn_packed_pack(&g->packed, g->W, g->H, (CnConstMatrix){g->parameters + at.recurrent, (ptrdiff_t)g->H, 1});
  for (size_t t = g->T; t-- > 0;) {
    backward_step(g, r, layer, t);
  }

  cn_packed_correlate(g->packed.data, g->W, g->H, g->N, (CnConstMatrix){d_into, (ptrdiff_t)g->W, 1},
                      (CnConstMatrix){layer->h, (ptrdiff_t)g->H, 1},
                      (CnMatrix){g->out + at.recurrent, (ptrdiff_t)g->H, 1});
  for (size_t n = 0; r->is_gru && n < g->N; ++n) {
    cn_axpy(g->H, 1.0F, layer->recurrent + n * g->W + 2 * g->H, g->out + at.candidate);
  }
  if (l == 0) {
    cn_inputs_backward(g, layer->gates);
  } else {
    hear_backward(g, layer, &at, dropout);
  }
}

static void
backward(CnGradient* const g, const float dropout)
{
  const Recurrent* const r = (const Recurrent*)g->tape;
  for (size_t l = r->L; l-- > 0;) {
    layer_backward(g, r, l, dropout);
  }
}

// The last step's state is the next batch's first
static void
carry(const CnGradient* const g, CnTape* const tape)
{
  Recurrent* const r    = (Recurrent*)tape;
  const size_t     size = g->B * g->H;
  for (size_t l = 0; l < r->L; ++l) {
    memcpy(r->state_h + l * size, r->layers[l].h + g->T * size, size * sizeof(float));
    memcpy(r->state_c + l * size, r->layers[l].c + g->T * size, size * sizeof(float));
  }
}

static const CnTapeKind recurrent_kind = {.free     = free_recurrent,
                                          .reset    = reset,
                                          .state    = state,
                                          .forward  = forward,
                                          .backward = backward,
                                          .carry    = carry};
