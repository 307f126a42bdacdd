// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Layers of attention, forward and backward; what their heads do is in gradient_attention_heads.c.
*/

#include "tools/gradient/gradient_attention.h"

#include "dsp/kernel/attend.h"
#include "dsp/kernel/kernels.h"
#include "dsp/network/attention.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const CnTapeKind attention_kind;

static bool
allocate(const CnGradient* const g, CnAttentionTape* const tape)
{
  const size_t NH = g->N * g->H;
  const size_t L  = tape->L;
  tape->keys      = cn_gradient_floats(tape->n_state);
  tape->values    = cn_gradient_floats(tape->n_state);
  tape->x         = cn_gradient_floats((2 * L + 1) * NH);
  tape->scales    = cn_gradient_floats((2 * L + 1) * g->N);
  tape->normed    = cn_gradient_floats((2 * L + 1) * NH);
  tape->qkv       = cn_gradient_floats(L * 3 * NH);
  tape->shares    = cn_gradient_floats(L * tape->n_heads * g->N * tape->S);
  tape->heard     = cn_gradient_floats(L * NH);
  tape->hidden    = cn_gradient_floats(L * g->N * tape->F);
  tape->is_kept   = calloc(2 * L * NH, 1);
  tape->spans     = calloc(g->N * tape->S, 1);
  tape->rotations = cn_gradient_floats(g->N * tape->K);
  tape->branch    = cn_gradient_floats(NH);
  tape->d_x       = cn_gradient_floats(NH);
  tape->d_normed  = cn_gradient_floats(NH);
  tape->d_qkv     = cn_gradient_floats(3 * NH);
  tape->d_hidden  = cn_gradient_floats(g->N * tape->F);
  tape->d_scores  = cn_gradient_floats(g->T * tape->S);
  return tape->keys && tape->values && tape->x && tape->scales && tape->normed && tape->qkv && tape->shares &&
         tape->heard && tape->hidden && tape->is_kept && tape->spans && tape->rotations && tape->branch &&
         tape->d_x && tape->d_normed && tape->d_qkv && tape->d_hidden && tape->d_scores;
}

static void
free_attention(CnTape* const base)
{
  CnAttentionTape* const tape = (CnAttentionTape*)base;
  free(tape->keys);
  free(tape->values);
  free(tape->x);
  free(tape->scales);
  free(tape->normed);
  free(tape->qkv);
  free(tape->shares);
  free(tape->heard);
  free(tape->hidden);
  free(tape->is_kept);
  free(tape->spans);
  free(tape->rotations);
  free(tape->branch);
  free(tape->d_x);
  free(tape->d_normed);
  free(tape->d_qkv);
  free(tape->d_hidden);
  free(tape->d_scores);
  free(tape);
}

static void
reset(const CnGradient* const g, CnTape* const base)
{
  CnAttentionTape* const tape = (CnAttentionTape*)base;
  *tape->slot                 = 0.0F;
  for (size_t i = 0; i < g->B * tape->w; ++i) {
    tape->onsets[i] = -1.0F;
  }
}

static size_t
state(const CnGradient* const g, CnTape* const base, float** const keys, float** const values)
{
  (void)g;
  CnAttentionTape* const tape = (CnAttentionTape*)base;
  *keys                       = tape->keys;
  *values                     = tape->values;
  return tape->n_state;
}

CnTape*
cn_attention_tape_new(const CnGradient* const g)
{
  const CnShape* const   shape = &g->layout.shape;
  CnAttentionTape* const tape  = calloc(1, sizeof(CnAttentionTape));
  if (!tape) {
    return NULL;
  }

  tape->tape.kind = &attention_kind;
  tape->L         = shape->layers;
  tape->n_heads   = shape->heads;
  tape->K         = g->H / shape->heads;
  tape->w         = shape->window;
  tape->S         = tape->w + g->T;
  tape->F         = CN_FORWARD_WIDTH * g->H;
  tape->n_state   = (tape->L * g->H + 1) * g->B * tape->w + 1;
  if (!allocate(g, tape)) {
    free_attention(&tape->tape);
    return NULL;
  }
  tape->onsets = tape->keys + tape->L * g->H * g->B * tape->w;
  tape->slot   = tape->onsets + g->B * tape->w;
  reset(g, &tape->tape);
  return &tape->tape;
}

// --- Halves of layers

// Where a layer's part of a weight begins among all parameters
static size_t
find_layer(const CnGradient* const g, const unsigned weight, const size_t layer)
{
  const CnWeightPlace* const place = &g->layout.place[weight];
  return place->offset + layer * (place->rows / g->layout.shape.layers) * place->columns;
}

// y (N, n) = x (N, k) times a layer's weight (n, k), turned
static void
multiply(CnGradient* const g, const unsigned weight, const size_t layer, const size_t n, const size_t k,
         const float* const x, float* const y)
{
  const float* const at = g->parameters + find_layer(g, weight, layer);
  cn_packed_pack(&g->packed, k, n, (CnConstMatrix){at, 1, (ptrdiff_t)k});
  cn_packed_multiply(&g->packed, g->N, (CnConstMatrix){x, (ptrdiff_t)k, 1}, false,
                     (CnMatrix){y, (ptrdiff_t)n, 1});
}

// The other way round: from dy (N, n) to dx (N, k) and to the weight's gradient
static void
multiply_backward(CnGradient* const g, const unsigned weight, const size_t layer, const size_t n,
                  const size_t k, const float* const x, const float* const dy, float* const dx)
{
  const float* const  at  = g->parameters + find_layer(g, weight, layer);
  const CnConstMatrix d_y = {dy, (ptrdiff_t)n, 1};
  cn_packed_correlate(g->packed.data, n, k, g->N, d_y, (CnConstMatrix){x, (ptrdiff_t)k, 1},
                      (CnMatrix){g->out + find_layer(g, weight, layer), (ptrdiff_t)k, 1});
  cn_packed_pack(&g->packed, n, k, (CnConstMatrix){at, (ptrdiff_t)k, 1});
  cn_packed_multiply(&g->packed, g->N, d_y, false, (CnMatrix){dx, (ptrdiff_t)k, 1});
}

// Gains of the norm number `i`: two for each layer, and the last one
static size_t
find_gain(const CnGradient* const g, const CnAttentionTape* const tape, const size_t i)
{
  const unsigned weight = i == 2 * tape->L ? CN_WEIGHT_LAST_NORM
                          : i % 2          ? CN_WEIGHT_FORWARD_NORM
                                           : CN_WEIGHT_ATTENTION_NORM;
  return g->layout.place[weight].offset + (i == 2 * tape->L ? 0 : i / 2) * g->H;
}

static void
normalise(const CnGradient* const g, CnAttentionTape* const tape, const size_t i)
{
  const float* const gain = g->parameters + find_gain(g, tape, i);
  for (size_t n = 0; n < g->N; ++n) {
    const size_t at            = (i * g->N + n) * g->H;
    tape->scales[i * g->N + n] = cn_rms_norm(g->H, tape->x + at, gain, tape->normed + at);
  }
}

CN_KERNEL static void
norm_row_backward(const size_t n, const float scale, const float* const restrict x,
                  const float* const restrict gain, const float* const restrict dy, float* const restrict dx,
                  float* const restrict d_gain)
{
  float sum = 0.0F;
  for (size_t i = 0; i < n; ++i) {
    sum += dy[i] * gain[i] * x[i];
  }
  const float along = sum * scale * scale * scale / (float)n;
  for (size_t i = 0; i < n; ++i) {
    d_gain[i] += dy[i] * x[i] * scale;
    dx[i] += dy[i] * gain[i] * scale - x[i] * along;
  }
}

// From the gradient of the norm's outputs, in d_normed, to that of what flows
static void
norm_backward(const CnGradient* const g, CnAttentionTape* const tape, const size_t i)
{
  const size_t at = find_gain(g, tape, i);
  for (size_t n = 0; n < g->N; ++n) {
    norm_row_backward(g->H, tape->scales[i * g->N + n], tape->x + (i * g->N + n) * g->H, g->parameters + at,
                      tape->d_normed + n * g->H, tape->d_x + n * g->H, g->out + at);
  }
}

// Drop some of what half `i` adds, and add the rest to what flows
static void
add_branch(const CnGradient* const g, CnAttentionTape* const tape, const size_t i, const float dropout,
           CnRandom random)
{
  const size_t NH = g->N * g->H;
  random.place[2] = 1U + (uint32_t)i;
  if (g->out) {
    cn_drop(&random, dropout, NH, tape->branch, tape->is_kept + i * NH, tape->branch);
  }
  memcpy(tape->x + (i + 1) * NH, tape->x + i * NH, NH * sizeof(float));
  cn_axpy(NH, 1.0F, tape->branch, tape->x + (i + 1) * NH);
}

// What half `i` added has this gradient
static void
branch_backward(const CnGradient* const g, CnAttentionTape* const tape, const size_t i, const float dropout)
{
  const size_t NH = g->N * g->H;
  memcpy(tape->branch, tape->d_x, NH * sizeof(float));
  cn_drop_backward(dropout, NH, tape->is_kept + i * NH, tape->branch);
}

// Queries and keys of a layer by their notes' onsets, or their gradients the other way round
static void
rotate(const CnGradient* const g, const CnAttentionTape* const tape, const float direction, float* const qkv)
{
  for (size_t n = 0; g->layout.shape.distance == CN_DISTANCE_ROTARY && n < g->N; ++n) {
    cn_attend_rotate(2 * tape->n_heads, tape->K, direction, tape->rotations + n * tape->K,
                     qkv + n * 3 * g->H);
  }
}

static void
layer_forward(CnGradient* const g, CnAttentionTape* const tape, const size_t layer, const float dropout,
              const CnRandom random)
{
  const size_t H      = g->H;
  const size_t F      = tape->F;
  const size_t i      = 2 * layer;
  float* const hidden = tape->hidden + layer * g->N * F;

  normalise(g, tape, i);
  multiply(g, CN_WEIGHT_QUERY_KEY_VALUE, layer, 3 * H, H, tape->normed + i * g->N * H,
           tape->qkv + layer * g->N * 3 * H);
  rotate(g, tape, 1.0F, tape->qkv + layer * g->N * 3 * H);
  for (size_t b = 0; b < g->B; ++b) {
    for (size_t head = 0; head < tape->n_heads; ++head) {
      cn_attention_head_forward(g, tape, layer, b, head);
    }
  }
  multiply(g, CN_WEIGHT_HEARD, layer, H, H, tape->heard + layer * g->N * H, tape->branch);
  add_branch(g, tape, i, dropout, random);

  normalise(g, tape, i + 1);
  multiply(g, CN_WEIGHT_UP, layer, F, H, tape->normed + (i + 1) * g->N * H, hidden);
  cn_relu_squared(g->N * F, hidden);
  multiply(g, CN_WEIGHT_DOWN, layer, H, F, hidden, tape->branch);
  add_branch(g, tape, i + 1, dropout, random);
}

// Through the square of the ReLU: the slope is twice the ReLU
CN_KERNEL static void
relu_squared_backward(const size_t n, const float* const restrict y, float* const restrict dy)
{
  for (size_t i = 0; i < n; ++i) {
    dy[i] *= 2.0F * sqrtf(y[i]);
  }
}

static void
layer_backward(CnGradient* const g, CnAttentionTape* const tape, const size_t layer, const float dropout)
{
  const size_t       H      = g->H;
  const size_t       F      = tape->F;
  const size_t       i      = 2 * layer;
  const float* const hidden = tape->hidden + layer * g->N * F;

  branch_backward(g, tape, i + 1, dropout);
  multiply_backward(g, CN_WEIGHT_DOWN, layer, H, F, hidden, tape->branch, tape->d_hidden);
  relu_squared_backward(g->N * F, hidden, tape->d_hidden);
  multiply_backward(g, CN_WEIGHT_UP, layer, F, H, tape->normed + (i + 1) * g->N * H, tape->d_hidden,
                    tape->d_normed);
  norm_backward(g, tape, i + 1);

  branch_backward(g, tape, i, dropout);
  multiply_backward(g, CN_WEIGHT_HEARD, layer, H, H, tape->heard + layer * g->N * H, tape->branch,
                    tape->d_normed);
  for (size_t b = 0; b < g->B; ++b) {
    for (size_t head = 0; head < tape->n_heads; ++head) {
      cn_attention_head_backward(g, tape, layer, b, head);
    }
  }
  rotate(g, tape, -1.0F, tape->d_qkv);
  multiply_backward(g, CN_WEIGHT_QUERY_KEY_VALUE, layer, 3 * H, H, tape->normed + i * g->N * H, tape->d_qkv,
                    tape->d_normed);
  norm_backward(g, tape, i);
}

// --- The trunk

// Where all notes stand, for all layers
static void
find_rotations(const CnGradient* const g, const CnAttentionTape* const tape)
{
  for (size_t n = 0; g->layout.shape.distance == CN_DISTANCE_ROTARY && n < g->N; ++n) {
    cn_attention_rotation(g->batch->inputs[n].onset, tape->K, tape->rotations + n * tape->K);
  }
}

static void
forward(CnGradient* const g, const float dropout, const CnRandom random)
{
  CnAttentionTape* const tape = (CnAttentionTape*)g->tape;
  const size_t           last = 2 * tape->L * g->N * g->H;
  cn_inputs_forward(g, tape->x);
  cn_attention_find_spans(g, tape);
  find_rotations(g, tape);
  for (size_t layer = 0; layer < tape->L; ++layer) {
    layer_forward(g, tape, layer, dropout, random);
  }
  normalise(g, tape, 2 * tape->L);
  g->h = tape->normed + last;
}

static void
backward(CnGradient* const g, const float dropout)
{
  CnAttentionTape* const tape = (CnAttentionTape*)g->tape;
  memset(tape->d_x, 0, g->N * g->H * sizeof(float));
  memcpy(tape->d_normed, g->dropped, g->N * g->H * sizeof(float));
  norm_backward(g, tape, 2 * tape->L);
  for (size_t layer = tape->L; layer-- > 0;) {
    layer_backward(g, tape, layer, dropout);
  }
  cn_inputs_backward(g, tape->d_x);
}

// Put a step's keys and values where the ring stands
static void
keep_step(const CnGradient* const g, CnAttentionTape* const tape, const size_t b, const size_t t,
          const size_t slot)
{
  for (size_t layer = 0; layer < tape->L; ++layer) {
    const float* const qkv = tape->qkv + (layer * g->N + t * g->B + b) * 3 * g->H;
    const size_t       at  = ((layer * g->B + b) * tape->w + slot) * g->H;
    memcpy(tape->keys + at, qkv + g->H, g->H * sizeof(float));
    memcpy(tape->values + at, qkv + 2 * g->H, g->H * sizeof(float));
  }
}

static void
carry(const CnGradient* const g, CnTape* const base)
{
  CnAttentionTape* const tape = (CnAttentionTape*)base;
  const size_t           from = (size_t)*tape->slot;
  const size_t           w    = tape->w;
  assert(w > 0);
  for (size_t b = 0; b < g->B; ++b) {
    float* const    onsets = tape->onsets + b * tape->w;
    const ptrdiff_t begin  = cn_attention_begin(g, b, g->T - 1);
    for (size_t s = 0; begin >= 0 && s < tape->w; ++s) {
      onsets[s] = -1.0F; // Of another piece
    }
    for (size_t t = 0; t < g->T; ++t) {
      const size_t slot = (from + t) % w;
      onsets[slot]      = (ptrdiff_t)t < begin ? -1.0F : (float)g->batch->inputs[t * g->B + b].onset;
      keep_step(g, tape, b, t, slot);
    }
  }
  *tape->slot = (float)((from + g->T) % tape->w);
}

static const CnTapeKind attention_kind = {.free     = free_attention,
                                          .reset    = reset,
                                          .state    = state,
                                          .forward  = forward,
                                          .backward = backward,
                                          .carry    = carry};
