// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/gradient.h"

#include "dsp/kernel/kernel_math.h"
#include "dsp/kernel/kernels.h"
#include "dsp/kernel/linear.h"
#include "dsp/notebook/layer.h"
#include "dsp/notebook/matrices.h"
#include "tools/gradient/blas.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define N_GATES 4

// T: steps, B: windows, D: directions, H: width, I: inputs, N: outputs
struct CnNotebookGradient {
  CnNotebookNet  net;
  CnNotebookTask task;
  CnNotebookTape tape[CN_NOTEBOOK_MAX_LAYERS];    // What each layer computed; then gradients of its gates
  float*         dropped[CN_NOTEBOOK_MAX_LAYERS]; // (T, B, D * H) its outputs after dropout
  float*         d_h[2];                          // (T, B, D * H) gradient of a layer's outputs, and the next
  float*         carry;                           // (B, H) gradient of the output, from the step after
  float*         d_c;                             // (B, H) gradient of the cell state, from the step after
  float*         outputs;                         // (B, N), then their gradient
  const float*   parameters;                      // During a call
  const CnNotebookBatch* batch;                   // During a call
  CnNotebookSpan         span;                    // During a call
  float*                 out;                     // During a call: gradient
  float                  arena[];
};

// Sizes [floats], for batches of n_batch windows, n of them times steps
typedef struct {
  size_t tapes, widest, carry, outputs, dropped;
} Sizes;

static Sizes
measure(const CnNotebookNet* const net, const size_t n, const size_t n_batch)
{
  Sizes sizes = {.outputs = n_batch * net->n_outputs};
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookLayer* const layer = &net->layer[l];
    const size_t                 width = (size_t)layer->n_directions * layer->hidden;
    const size_t                 carry = n_batch * layer->hidden;
    sizes.tapes += cn_notebook_tape_size(layer, n);
    sizes.dropped += n * width;
    sizes.widest = n * width > sizes.widest ? n * width : sizes.widest;
    sizes.carry  = carry > sizes.carry ? carry : sizes.carry;
  }
  return sizes;
}

static float*
take(float** const at, const size_t size)
{
  float* const taken = *at;
  *at += size;
  return taken;
}

CnNotebookGradient*
cn_notebook_gradient_new(const CnNotebookNet* const net, const CnNotebookTask task, const size_t window,
                         const size_t capacity)
{
  const Sizes  sizes = measure(net, window * capacity, capacity);
  const size_t n     = sizes.tapes + sizes.dropped + 2 * sizes.widest + 2 * sizes.carry + sizes.outputs;
  CnNotebookGradient* const g = calloc(1, sizeof(CnNotebookGradient) + n * sizeof(float));
  if (!g) {
    return NULL;
  }

  float* at = g->arena;
  g->net    = *net;
  g->task   = task;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookLayer* const layer = &net->layer[l];
    g->dropped[l]                      = take(&at, window * capacity * layer->n_directions * layer->hidden);
    g->tape[l].gates = take(&at, cn_notebook_tape_size(layer, window * capacity)); // Divided at each call
  }
  g->d_h[0]  = take(&at, sizes.widest);
  g->d_h[1]  = take(&at, sizes.widest);
  g->carry   = take(&at, sizes.carry);
  g->d_c     = take(&at, sizes.carry);
  g->outputs = take(&at, sizes.outputs);
  return g;
}

void
cn_notebook_gradient_free(CnNotebookGradient* const gradient)
{
  free(gradient);
}

static size_t
layer_width(const CnNotebookGradient* const g, const uint32_t l)
{
  return (size_t)g->net.layer[l].n_directions * g->net.layer[l].hidden;
}

// Input of a layer, (T, B, I)
static const float*
layer_input(const CnNotebookGradient* const g, const uint32_t l)
{
  return l ? g->dropped[l - 1] : g->batch->x;
}

// Drop numbers by 16 random bits each
static void
drop(const size_t n, const float share, CnRandom random, const float* const from, float* const to)
{
  const uint32_t limit = (uint32_t)(share * 65536.0F);
  const float    scale = 1.0F / (1.0F - share);
  if (share <= 0.0F) {
    memcpy(to, from, n * sizeof(float));
    return;
  }
  for (size_t i = 0; i < n; i += 2) {
    const uint32_t bits = cn_random_bits(&random);
    to[i]               = (bits & 0xFFFFU) < limit ? 0.0F : from[i] * scale;
    if (i + 1 < n) {
      to[i + 1] = (bits >> 16) < limit ? 0.0F : from[i + 1] * scale;
    }
  }
}

static void
run_forward(CnNotebookGradient* const g, const float dropout, CnRandom random)
{
  const CnNotebookNet* const net = &g->net;
  const size_t               B   = g->span.n_batch;
  const size_t               n   = g->span.n_steps * B;
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    const CnNotebookLayer* const layer = &net->layer[l];
    g->tape[l]                         = cn_notebook_tape(layer, n, g->tape[l].gates);
    const CnNotebookMatrices matrices  = cn_notebook_matrices(layer, g->parameters);
    cn_notebook_layer_forward(layer, &matrices, &g->span, layer_input(g, l), &g->tape[l]);

    const bool   is_last = l + 1 == net->n_layers;
    const size_t skipped = is_last ? (n - B) * layer->hidden : 0; // Only its last step is read
    random.place[2]      = l;
    drop(n * layer_width(g, l) - skipped, dropout, random, g->tape[l].h + skipped, g->dropped[l] + skipped);
  }

  const size_t   H    = net->layer[net->n_layers - 1].hidden;
  const float*   last = g->dropped[net->n_layers - 1] + (n - B) * H; // (B, H)
  const CnLinear out =
      cn_linear_float(net->n_outputs, H, g->parameters + net->out, g->parameters + net->out_bias);
  cn_linear_apply_all(&out, (CnVectors){B, H}, last, (CnVectors){B, net->n_outputs}, g->outputs);
}

static void
finish_pitch(CnNotebookGradient* const g, CnNotebookLoss* const loss)
{
  for (size_t b = 0; b < g->span.n_batch; ++b) {
    float* const  y      = g->outputs + b * CN_N_PITCHES;
    const uint8_t target = g->batch->pitch[b];
    size_t        top    = 0;
    for (size_t i = 1; i < CN_N_PITCHES; ++i) {
      top = y[i] > y[top] ? i : top;
    }
    const double logit = (double)y[target];
    loss->sum += (double)cn_softmax(CN_N_PITCHES, 0, y) - logit;
    loss->n += 1.0;
    loss->n_right += top == target;
  }
}

static void
finish_timing(CnNotebookGradient* const g, CnNotebookLoss* const loss)
{
  for (size_t i = 0; i < 2 * g->span.n_batch; ++i) {
    g->outputs[i]      = cn_sigmoidf(g->outputs[i]);
    const double error = (double)g->outputs[i] - (double)g->batch->timing[i];
    loss->sum += error * error;
  }
  loss->n += (double)g->span.n_batch;
}

static void
begin(CnNotebookGradient* const g, const float* const parameters, const CnNotebookBatch* const batch)
{
  g->parameters = parameters;
  g->batch      = batch;
  g->span       = (CnNotebookSpan){batch->n_steps, batch->n_batch, batch->n_active};
}

static void
finish(CnNotebookGradient* const g, CnNotebookLoss* const loss)
{
  if (g->task == CN_NOTEBOOK_PITCH) {
    finish_pitch(g, loss);
  } else {
    finish_timing(g, loss);
  }
}

const float*
cn_notebook_gradient_evaluate(CnNotebookGradient* const gradient, const float* const parameters,
                              const CnNotebookBatch* const batch, CnNotebookLoss* const loss)
{
  begin(gradient, parameters, batch);
  run_forward(gradient, 0.0F, cn_random(0, 0, 0, 0, 0));
  finish(gradient, loss);
  return gradient->outputs;
}

// From outputs to the gradient of the mean loss with respect to their sums
static void
differentiate_outputs(CnNotebookGradient* const g)
{
  const float scale = 1.0F / (float)g->span.n_batch;
  for (size_t b = 0; b < g->span.n_batch; ++b) {
    float* const y = g->outputs + b * g->net.n_outputs;
    if (g->task == CN_NOTEBOOK_PITCH) {
      y[g->batch->pitch[b]] -= 1.0F;
    } else {
      y[0] = 2.0F * (y[0] - g->batch->timing[2 * b]) * y[0] * (1.0F - y[0]);
      y[1] = 2.0F * (y[1] - g->batch->timing[2 * b + 1]) * y[1] * (1.0F - y[1]);
    }
    for (size_t i = 0; i < g->net.n_outputs; ++i) {
      y[i] *= scale;
    }
  }
}

// Gradient of what was dropped; the numbers that were kept are those that are not 0
static void
undrop(const size_t n, const float share, const float* const dropped, float* const d)
{
  const float scale = 1.0F / (1.0F - share);
  for (size_t i = 0; share > 0.0F && i < n; ++i) {
    d[i] *= dropped[i] == 0.0F ? 0.0F : scale;
  }
}

// The dense layer, back to the last layer's outputs, of which only the last step counts
static void
run_output_backward(CnNotebookGradient* const g, const float dropout)
{
  const CnNotebookNet* const net   = &g->net;
  const size_t               H     = net->layer[net->n_layers - 1].hidden;
  const size_t               B     = g->span.n_batch;
  const size_t               N     = net->n_outputs;
  const size_t               at    = (g->span.n_steps - 1) * B * H;
  const float* const         last  = g->dropped[net->n_layers - 1] + at; // (B, H)
  float* const               d_all = g->d_h[(net->n_layers - 1) & 1U];

  cn_gemm(N, H, B, (CnConstMatrix){g->outputs, 1, (ptrdiff_t)N}, (CnConstMatrix){last, (ptrdiff_t)H, 1}, 0.0F,
          (CnMatrix){g->out + net->out, (ptrdiff_t)H, 1});
  for (size_t b = 0; b < B; ++b) {
    cn_axpy(N, 1.0F, g->outputs + b * N, g->out + net->out_bias);
  }
  memset(d_all, 0, at * sizeof(float));
  cn_gemm(B, H, N, (CnConstMatrix){g->outputs, (ptrdiff_t)N, 1},
          (CnConstMatrix){g->parameters + net->out, (ptrdiff_t)H, 1}, 0.0F,
          (CnMatrix){d_all + at, (ptrdiff_t)H, 1});
  undrop(B * H, dropout, last, d_all + at);
}

// One window's step: from the gradient of h and c to that of the gates' sums, in place, and to that of
// c one step before
CN_KERNEL static void
differentiate_cell(const size_t hidden, float* const gates, const float* const c_before,
                   const float* const c_after, const float* const d_h, const float* const carry,
                   float* const d_c)
{
  float* const i = gates;
  float* const f = i + hidden;
  float* const g = f + hidden;
  float* const o = g + hidden;
  CN_APART
  for (size_t j = 0; j < hidden; ++j) {
    const float dh     = d_h[j] + carry[j];
    const float tanh_c = cn_tanhf(c_after[j]);
    const float dc     = d_c[j] + dh * o[j] * (1.0F - tanh_c * tanh_c);
    const float di     = dc * g[j] * i[j] * (1.0F - i[j]);
    const float df     = dc * c_before[j] * f[j] * (1.0F - f[j]);
    const float dg     = dc * i[j] * (1.0F - g[j] * g[j]);
    d_c[j]             = dc * f[j];
    o[j]               = dh * tanh_c * o[j] * (1.0F - o[j]);
    i[j]               = di;
    f[j]               = df;
    g[j]               = dg;
  }
}

static void
run_direction_backward(CnNotebookGradient* const g, const uint32_t l, const size_t d, const float* const d_h)
{
  static const float zeros[CN_NOTEBOOK_MAX_WIDTH];

  const CnNotebookLayer* const layer  = &g->net.layer[l];
  const CnNotebookTape* const  tape   = &g->tape[l];
  const size_t                 H      = layer->hidden;
  const size_t                 row    = layer_width(g, l); // From one window to the next
  const size_t                 T      = g->span.n_steps;
  const float* const           weight = g->parameters + layer->recurrent + d * N_GATES * H * H; // (4H, H)

  memset(g->carry, 0, g->span.n_batch * H * sizeof(float));
  memset(g->d_c, 0, g->span.n_batch * H * sizeof(float));
  for (size_t s = T; s-- > 0;) {
    const size_t   t     = d ? T - 1 - s : s;
    const size_t   at    = t * g->span.n_batch * row + d * H;
    const size_t   from  = (d ? t + 1 : t - 1) * g->span.n_batch * row + d * H; // Unless s is 0
    const uint32_t n     = g->span.n_active[t];
    float* const   gates = tape->gates + (t * g->span.n_batch * row + d * H) * N_GATES;
    for (size_t b = 0; b < n; ++b) {
      differentiate_cell(H, gates + b * row * N_GATES, s ? tape->c + from + b * row : zeros,
                         tape->c + at + b * row, d_h + at + b * row, g->carry + b * H, g->d_c + b * H);
    }
    if (s && n) {
      cn_gemm(n, H, N_GATES * H, (CnConstMatrix){gates, (ptrdiff_t)(N_GATES * row), 1},
              (CnConstMatrix){weight, (ptrdiff_t)H, 1}, 0.0F, (CnMatrix){g->carry, (ptrdiff_t)H, 1});
    }
  }
}

// Masked windows have no part in the weights' gradient
static void
clear_masked_gates(const CnNotebookGradient* const g, const uint32_t l)
{
  const size_t row = layer_width(g, l) * N_GATES;
  for (size_t t = 0; t < g->span.n_steps; ++t) {
    const uint32_t n = g->span.n_active[t];
    memset(g->tape[l].gates + (t * g->span.n_batch + n) * row, 0,
           (g->span.n_batch - n) * row * sizeof(float));
  }
}

// From the gates' gradient to the weights'; of all steps as one product
static void
add_weight_gradients(CnNotebookGradient* const g, const uint32_t l)
{
  const CnNotebookLayer* const layer = &g->net.layer[l];
  const float* const           gates = g->tape[l].gates;
  const size_t                 H     = layer->hidden;
  const size_t                 row   = layer_width(g, l);
  const size_t                 I     = layer->n_inputs;
  const size_t                 W     = row * N_GATES;
  const size_t                 n     = g->span.n_steps * g->span.n_batch;
  const size_t                 k     = n - g->span.n_batch; // Steps that have one before them

  cn_gemm(W, I, n, (CnConstMatrix){gates, 1, (ptrdiff_t)W},
          (CnConstMatrix){layer_input(g, l), (ptrdiff_t)I, 1}, 0.0F,
          (CnMatrix){g->out + layer->input, (ptrdiff_t)I, 1});
  for (size_t i = 0; i < n; ++i) {
    cn_axpy(W, 1.0F, gates + i * W, g->out + layer->bias);
  }
  for (size_t d = 0; d < layer->n_directions; ++d) {
    const float* const after  = gates + d * N_GATES * H + (d ? 0 : g->span.n_batch * W);
    const float* const before = g->tape[l].h + d * H + (d ? g->span.n_batch * row : 0);
    cn_gemm(N_GATES * H, H, k, (CnConstMatrix){after, 1, (ptrdiff_t)W},
            (CnConstMatrix){before, (ptrdiff_t)row, 1}, 0.0F,
            (CnMatrix){g->out + layer->recurrent + d * N_GATES * H * H, (ptrdiff_t)H, 1});
  }
}

static void
run_layer_backward(CnNotebookGradient* const g, const uint32_t l, const float dropout)
{
  const CnNotebookLayer* const layer = &g->net.layer[l];
  const size_t                 n     = g->span.n_steps * g->span.n_batch;
  const size_t                 I     = layer->n_inputs;
  const size_t                 W     = layer_width(g, l) * N_GATES;
  for (size_t d = 0; d < layer->n_directions; ++d) {
    run_direction_backward(g, l, d, g->d_h[l & 1U]);
  }
  clear_masked_gates(g, l);
  add_weight_gradients(g, l);
  if (l) {
    float* const below = g->d_h[(l - 1) & 1U];
    cn_gemm(n, I, W, (CnConstMatrix){g->tape[l].gates, (ptrdiff_t)W, 1},
            (CnConstMatrix){g->parameters + layer->input, (ptrdiff_t)I, 1}, 0.0F,
            (CnMatrix){below, (ptrdiff_t)I, 1});
    undrop(n * I, dropout, g->dropped[l - 1], below);
  }
}

void
cn_notebook_gradient_compute(CnNotebookGradient* const gradient, const float* const parameters,
                             const CnNotebookBatch* const batch, const float dropout, const CnRandom random,
                             CnNotebookLoss* const loss, float* const out)
{
  begin(gradient, parameters, batch);
  gradient->out = out;
  memset(out, 0, gradient->net.n_parameters * sizeof(float));
  run_forward(gradient, dropout, random);
  finish(gradient, loss);
  differentiate_outputs(gradient);
  run_output_backward(gradient, dropout);
  for (uint32_t l = gradient->net.n_layers; l-- > 0;) {
    run_layer_backward(gradient, l, dropout);
  }
}
