// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/gradient_internal.h"

#include "dsp/kernel/kernels.h"
#include "dsp/network/network.h"

#include <string.h>

#define SITE_STRIDE ((ptrdiff_t)(sizeof(CnHeadInput) / sizeof(float)))

_Static_assert(sizeof(CnHeadInput) % sizeof(float) == 0, "the chroma of many sites is a matrix with strides");

// Bytes below the result are dropped; the share is rounded to 1/256
static unsigned
dropout_threshold(const float dropout)
{
  return (unsigned)(dropout * 256.0F + 0.5F);
}

CN_KERNEL static void
apply_dropout(const size_t n, const unsigned threshold, const uint8_t* const restrict noise,
              const float* const from, uint8_t* const restrict is_kept, float* const to)
{
  const float scale = 256.0F / (256.0F - (float)threshold);
  CN_APART
  for (size_t i = 0; i < n; ++i) {
    is_kept[i] = noise[i] >= threshold;
    to[i]      = noise[i] >= threshold ? from[i] * scale : 0.0F;
  }
}

// ReLU and dropout at once
CN_KERNEL static void
relu_and_drop(const size_t n, const unsigned threshold, const uint8_t* const restrict noise,
              float* const restrict x)
{
  const float scale = 256.0F / (256.0F - (float)threshold);
  for (size_t i = 0; i < n; ++i) {
    const float y = x[i] > 0.0F ? x[i] * scale : 0.0F;
    x[i]          = noise[i] >= threshold ? y : 0.0F;
  }
}

#define CHUNK ((size_t)CN_NOISE_BLOCKS * 16) // Bytes of noise at a time

static void
draw_noise(CnRandom* const random, const size_t size, uint8_t noise[CHUNK])
{
  cn_make_noise(random, noise);
  random->count += (uint32_t)(size + 15) / 16;
}

void
cn_drop(CnRandom* const random, const float dropout, const size_t n, const float* const from,
        uint8_t* const is_kept, float* const to)
{
  const unsigned threshold = dropout_threshold(dropout);
  uint8_t        noise[CHUNK];
  for (size_t at = 0; at < n; at += CHUNK) {
    const size_t size = n - at < CHUNK ? n - at : CHUNK;
    draw_noise(random, size, noise);
    apply_dropout(size, threshold, noise, from + at, is_kept + at, to + at);
  }
}

// Outputs of the trunk on their way to the heads
static void
drop_outputs(CnGradient* const g, const float dropout, CnRandom* const random)
{
  const size_t n = g->N * g->H;
  if (g->out) {
    cn_drop(random, dropout, n, g->h, g->is_kept, g->dropped);
  } else {
    memcpy(g->dropped, g->h, n * sizeof(float));
  }
}

static void
activate_hidden(CnGradient* const g, const unsigned threshold, CnRandom* const random)
{
  const size_t n = g->N * CN_N_FACTORS * g->D;
  uint8_t      noise[CHUNK];
  if (!g->out) {
    cn_relu(n, g->hidden);
    return;
  }
  for (size_t at = 0; at < n; at += CHUNK) {
    const size_t size = n - at < CHUNK ? n - at : CHUNK;
    draw_noise(random, size, noise);
    relu_and_drop(size, threshold, noise, g->hidden + at);
  }
}

// Hidden layers of all heads, before ReLU and dropout
static void
forward_hidden(CnGradient* const g)
{
  const size_t       D    = g->D;
  const size_t       W    = CN_N_FACTORS * D;
  const float* const bias = cn_gradient_parameter(g, CN_WEIGHT_HIDDEN_BIAS);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) { // One table after the other, for the cache
    const float* const table     = cn_gradient_parameter(g, cn_head_weight((CnFactor)f, CN_HEAD_TABLE));
    const float* const textures  = cn_gradient_parameter(g, CN_WEIGHT_TEXTURE);
    const float* const chords    = cn_gradient_parameter(g, CN_WEIGHT_CHORD);
    const float* const following = cn_gradient_parameter(g, CN_WEIGHT_FOLLOWING);
    for (size_t n = 0; n < g->N; ++n) {
      const CnHeadInput* const site   = &g->batch->sites[f * g->N + n];
      float* const             hidden = g->hidden + n * W + f * D;
      memcpy(hidden, bias + f * D, D * sizeof(float));
      if (g->batch->has_target[n]) {
        cn_add_rows(D, hidden, table, site->row, site->n_rows);
        cn_add_rows(D, hidden, textures, site->texture, site->n_textures);
        cn_add_rows(D, hidden, chords, site->chord, site->n_chords);
        cn_add_rows(D, hidden, following, site->following, site->n_followings);
      }
    }
  }

  const CnConstMatrix weight = {cn_gradient_parameter(g, CN_WEIGHT_HIDDEN), 1, (ptrdiff_t)g->H}; // (H, 4D)
  cn_packed_pack(&g->packed, g->H, W, weight);
  cn_packed_multiply(&g->packed, g->N, (CnConstMatrix){g->dropped, (ptrdiff_t)g->H, 1}, true,
                     (CnMatrix){g->hidden, (ptrdiff_t)W, 1});

  const CnHeadInput* const sites = g->batch->sites + CN_FACTOR_PITCH * g->N;
  const float* const       table = cn_gradient_parameter(g, cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_TABLE));
  cn_packed_pack(&g->packed, CN_N_CHROMA, D, (CnConstMatrix){table + CN_PITCH_CHROMA * D, (ptrdiff_t)D, 1});
  cn_packed_multiply(&g->packed, g->N, (CnConstMatrix){sites->chroma, SITE_STRIDE, 1}, true,
                     (CnMatrix){g->hidden + CN_FACTOR_PITCH * D, (ptrdiff_t)W, 1});
}

static bool
is_likeliest(const float* const logits, const size_t n, const size_t lowest, const size_t target)
{
  for (size_t i = lowest; i < n; ++i) {
    if (logits[i] > logits[target]) {
      return false;
    }
  }
  return true;
}

// Loss of one target; y has the outputs, and gets their gradient
static void
run_target(const CnHeadInput* const site, const CnFactor factor, const size_t target, const float scale,
           float* const y, CnLoss* const loss)
{
  const size_t n_classes = cn_factor_classes(factor);
  const size_t n_outputs = cn_head_outputs(factor);
  cn_site_add_copies(site, factor, y);
  if (factor == CN_FACTOR_PITCH) {
    loss->n_right += is_likeliest(y, n_classes, site->lowest, target);
  }

  const float logit = y[target];
  loss->nll[factor] += (double)cn_softmax(n_classes, site->lowest, y) - (double)logit;
  y[target] -= 1.0F;
  for (size_t i = 0; i < n_classes; ++i) {
    y[i] *= scale;
  }
  memset(y + n_classes, 0, (n_outputs - n_classes) * sizeof(float));
  cn_site_gather_copies(site, factor, y);
}

// Whether there is something to predict, and the piece's velocities are more than a notation program's
static bool
is_counted(const CnBatch* const batch, const size_t n, const CnFactor factor)
{
  return batch->has_target[n] && (factor != CN_FACTOR_VELOCITY || !batch->is_notated[n]);
}

// From the hidden layer of a head to what it says
static void
forward_outputs(CnGradient* const g, const CnFactor factor)
{
  const size_t        n_outputs = cn_head_outputs(factor);
  const ptrdiff_t     W         = (ptrdiff_t)(CN_N_FACTORS * g->D);
  const float* const  bias      = cn_gradient_parameter(g, cn_head_weight(factor, CN_HEAD_OUT_BIAS));
  const CnConstMatrix weight    = {cn_gradient_parameter(g, cn_head_weight(factor, CN_HEAD_OUT)), 1,
                                   (ptrdiff_t)g->D}; // (D, outputs)
  for (size_t n = 0; n < g->N; ++n) {
    memcpy(g->outputs + n * n_outputs, bias, n_outputs * sizeof(float));
  }
  cn_packed_pack(&g->packed, g->D, n_outputs, weight);
  cn_packed_multiply(&g->packed, g->N, (CnConstMatrix){g->hidden + factor * g->D, W, 1}, true,
                     (CnMatrix){g->outputs, (ptrdiff_t)n_outputs, 1});
}

static void
run_outputs(CnGradient* const g, const CnFactor factor, const float scale, CnLoss* const loss)
{
  const size_t n_outputs = cn_head_outputs(factor);
  forward_outputs(g, factor);
  for (size_t n = 0; n < g->N; ++n) {
    float* const y = g->outputs + n * n_outputs;
    if (is_counted(g->batch, n, factor)) {
      run_target(&g->batch->sites[factor * g->N + n], factor, g->batch->targets[n].factor[factor], scale, y,
                 loss);
    } else {
      memset(y, 0, n_outputs * sizeof(float));
    }
  }
}

// Draw a class by what a head says
static uint8_t
draw_class(const CnHeadInput* const site, const CnFactor factor, CnRandom* const random, float* const y)
{
  const size_t n = cn_factor_classes(factor);
  cn_site_add_copies(site, factor, y);
  cn_softmax(n, site->lowest, y);
  float  left = cn_random_uniform(random);
  size_t i    = site->lowest;
  while (i + 1 < n && left >= y[i]) {
    left -= y[i++];
  }
  return (uint8_t)i;
}

void
cn_heads_draw(CnGradient* const g, CnRandom random, CnToken* const tokens)
{
  drop_outputs(g, 0.0F, &random);
  forward_hidden(g);
  activate_hidden(g, 0, &random);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    forward_outputs(g, (CnFactor)f);
    for (size_t n = 0; n < g->N; ++n) {
      if (g->batch->has_target[n]) {
        tokens[n].factor[f] = draw_class(&g->batch->sites[f * g->N + n], (CnFactor)f, &random,
                                         g->outputs + n * cn_head_outputs((CnFactor)f));
      }
    }
  }
}

// From the gradient of a head's outputs to those of its weights and of its hidden layer
static void
outputs_backward(CnGradient* const g, const CnFactor factor)
{
  const size_t        n_outputs = cn_head_outputs(factor);
  const ptrdiff_t     W         = (ptrdiff_t)(CN_N_FACTORS * g->D);
  const CnConstMatrix hidden    = {g->hidden + factor * g->D, W, 1};
  const CnConstMatrix dy        = {g->outputs, (ptrdiff_t)n_outputs, 1};
  const CnConstMatrix weight    = {cn_gradient_parameter(g, cn_head_weight(factor, CN_HEAD_OUT)),
                                   (ptrdiff_t)g->D, 1};
  float* const        d_weight  = cn_gradient_weight(g, g->out, cn_head_weight(factor, CN_HEAD_OUT));
  float* const        d_bias    = cn_gradient_weight(g, g->out, cn_head_weight(factor, CN_HEAD_OUT_BIAS));

  cn_packed_correlate(g->packed.data, n_outputs, g->D, g->N, dy, hidden,
                      (CnMatrix){d_weight, (ptrdiff_t)g->D, 1});
  cn_packed_pack(&g->packed, n_outputs, g->D, weight);
  cn_packed_multiply(&g->packed, g->N, dy, false, (CnMatrix){g->d_hidden + factor * g->D, W, 1});
  for (size_t n = 0; n < g->N; ++n) {
    cn_axpy(n_outputs, 1.0F, g->outputs + n * n_outputs, d_bias);
  }
}

// Through ReLU and dropout at once: both leave a zero where nothing flows
CN_KERNEL static void
relu_backward(const size_t n, const float scale, const float* const restrict y, float* const restrict dy)
{
  for (size_t i = 0; i < n; ++i) {
    dy[i] = y[i] > 0.0F ? dy[i] * scale : 0.0F;
  }
}

CN_KERNEL static void
dropout_backward(const size_t n, const float scale, const uint8_t* const restrict is_kept,
                 float* const restrict dx)
{
  for (size_t i = 0; i < n; ++i) {
    dx[i] = is_kept[i] ? dx[i] * scale : 0.0F;
  }
}

void
cn_drop_backward(const float dropout, const size_t n, const uint8_t* const is_kept, float* const d)
{
  dropout_backward(n, 256.0F / (256.0F - (float)dropout_threshold(dropout)), is_kept, d);
}

// Back to before the ReLU, and from there to the bias and to the rows of the tables
static void
tables_backward(CnGradient* const g, const float scale)
{
  const size_t D = g->D;
  const size_t W = CN_N_FACTORS * D;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    float* const d_bias    = cn_gradient_weight(g, g->out, CN_WEIGHT_HIDDEN_BIAS) + f * D;
    float* const table     = cn_gradient_weight(g, g->out, cn_head_weight((CnFactor)f, CN_HEAD_TABLE));
    float* const textures  = cn_gradient_weight(g, g->out, CN_WEIGHT_TEXTURE);
    float* const chords    = cn_gradient_weight(g, g->out, CN_WEIGHT_CHORD);
    float* const following = cn_gradient_weight(g, g->out, CN_WEIGHT_FOLLOWING);
    for (size_t n = 0; n < g->N; ++n) {
      const CnHeadInput* const site = &g->batch->sites[f * g->N + n];
      float* const             d    = g->d_hidden + n * W + f * D;
      relu_backward(D, scale, g->hidden + n * W + f * D, d);
      if (g->batch->has_target[n]) { // Otherwise it is all zeros
        cn_axpy(D, 1.0F, d, d_bias);
        cn_add_to_rows(D, table, site->row, site->n_rows, d);
        cn_add_to_rows(D, textures, site->texture, site->n_textures, d);
        cn_add_to_rows(D, chords, site->chord, site->n_chords, d);
        cn_add_to_rows(D, following, site->following, site->n_followings, d);
      }
    }
  }

  const CnHeadInput* const sites = g->batch->sites + CN_FACTOR_PITCH * g->N;
  float* const d_table = cn_gradient_weight(g, g->out, cn_head_weight(CN_FACTOR_PITCH, CN_HEAD_TABLE));
  cn_packed_correlate(g->packed.data, CN_N_CHROMA, g->D, g->N, (CnConstMatrix){sites->chroma, SITE_STRIDE, 1},
                      (CnConstMatrix){g->d_hidden + CN_FACTOR_PITCH * g->D, (ptrdiff_t)W, 1},
                      (CnMatrix){d_table + CN_PITCH_CHROMA * g->D, (ptrdiff_t)g->D, 1});
}

static void
hidden_backward(CnGradient* const g, const float scale)
{
  const size_t        W        = CN_N_FACTORS * g->D;
  const CnConstMatrix d_hidden = {g->d_hidden, (ptrdiff_t)W, 1};
  const CnConstMatrix weight   = {cn_gradient_parameter(g, CN_WEIGHT_HIDDEN), (ptrdiff_t)g->H, 1}; // (4D, H)

  tables_backward(g, scale);
  if (g->is_trunk_held) {
    return;
  }
  cn_packed_correlate(g->packed.data, W, g->H, g->N, d_hidden,
                      (CnConstMatrix){g->dropped, (ptrdiff_t)g->H, 1},
                      (CnMatrix){cn_gradient_weight(g, g->out, CN_WEIGHT_HIDDEN), (ptrdiff_t)g->H, 1});
  cn_packed_pack(&g->packed, W, g->H, weight);
  cn_packed_multiply(&g->packed, g->N, d_hidden, false, (CnMatrix){g->dropped, (ptrdiff_t)g->H, 1});
  dropout_backward(g->N * g->H, scale, g->is_kept, g->dropped);
}

void
cn_heads_run(CnGradient* const g, const float scale, const float dropout, CnRandom random, CnLoss* const loss)
{
  const unsigned threshold  = dropout_threshold(dropout);
  const float    keep_scale = 256.0F / (256.0F - (float)threshold);

  drop_outputs(g, dropout, &random);
  forward_hidden(g);
  activate_hidden(g, threshold, &random);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    run_outputs(g, (CnFactor)f, scale, loss);
    if (g->out) {
      outputs_backward(g, (CnFactor)f);
    }
  }
  for (size_t n = 0; n < g->N; ++n) {
    loss->n_notes += g->batch->has_target[n];
    loss->n_velocities += is_counted(g->batch, n, CN_FACTOR_VELOCITY);
  }
  if (g->out) {
    hidden_backward(g, keep_scale);
  }
}
