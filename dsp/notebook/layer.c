// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/layer.h"

#include "dsp/kernel/kernels.h"
#include "dsp/kernel/linear.h"

#include <assert.h>
#include <string.h>

#define N_GATES 4

size_t
cn_notebook_tape_size(const CnNotebookLayer* const layer, const size_t n)
{
  return n * layer->n_directions * layer->hidden * (N_GATES + 2);
}

CnNotebookTape
cn_notebook_tape(const CnNotebookLayer* const layer, const size_t n, float* const memory)
{
  const size_t size = n * layer->n_directions * layer->hidden;
  return (CnNotebookTape){memory, memory + N_GATES * size, memory + (N_GATES + 1) * size};
}

// gates = inputs + recurrent weight * h of the step before, for one window; or gates +=, for the first `n`
static void
add_recurrent(const CnNotebookLayer* const layer, const CnLinear* const linear, const size_t n,
              const float* const h, const float* const inputs, float* const gates)
{
  const size_t h_row = (size_t)layer->n_directions * layer->hidden;
  if (inputs) {
    cn_linear_add_to(linear, h, inputs, gates);
  } else {
    cn_linear_add_all(linear, (CnVectors){n, h_row}, h, (CnVectors){n, N_GATES * h_row}, gates);
  }
}

// What masked windows have
static void
clear_masked(const CnNotebookLayer* const layer, const CnNotebookSpan* const span,
             const CnNotebookTape* const tape)
{
  const size_t row = (size_t)layer->n_directions * layer->hidden;
  for (size_t t = 0; t < span->n_steps; ++t) {
    const size_t at = (t * span->n_batch + span->n_active[t]) * row;
    const size_t n  = (span->n_batch - span->n_active[t]) * row;
    if (n) {
      memset(tape->h + at, 0, n * sizeof(float));
      memset(tape->c + at, 0, n * sizeof(float));
    }
  }
}

static void
run_direction(const CnNotebookLayer* const layer, const CnNotebookMatrices* const matrices,
              const CnNotebookSpan* const span, const size_t d, const float* const* const inputs,
              const CnNotebookTape* const tape)
{
  static const float zeros[CN_NOTEBOOK_MAX_WIDTH];

  const size_t H      = layer->hidden;
  const size_t row    = layer->n_directions * H; // From one window to the next
  CnLinear     linear = cn_linear_part(&matrices->recurrent, d * N_GATES * H, N_GATES * H);
  for (size_t s = 0; s < span->n_steps; ++s) {
    const size_t       t      = d ? span->n_steps - 1 - s : s;
    const size_t       before = d ? t + 1 : t - 1; // Unless this is the first step
    const size_t       at     = t * span->n_batch * row + d * H;
    const size_t       from   = before * span->n_batch * row + d * H;
    const size_t       kept   = inputs ? 0 : t * span->n_batch * row; // Or always the same, in a near cache
    float* const       gates  = tape->gates + (kept + d * H) * N_GATES;
    const float* const input  = inputs ? inputs[t] + d * N_GATES * H : NULL;
    if (s && span->n_active[t]) {
      linear.from_end = s % 2;
      add_recurrent(layer, &linear, span->n_active[t], tape->h + from, input, gates);
    } else if (input) {
      memcpy(gates, input, N_GATES * H * sizeof(float));
    }
    for (size_t b = 0; b < span->n_active[t]; ++b) {
      cn_lstm_cell(1, H, gates + b * row * N_GATES, s ? tape->c + from + b * row : zeros,
                   tape->c + at + b * row, tape->h + at + b * row);
    }
  }
}

void
cn_notebook_layer_forward(const CnNotebookLayer* const layer, const CnNotebookMatrices* const matrices,
                          const CnNotebookSpan* const span, const float* const x,
                          const CnNotebookTape* const tape)
{
  const size_t n = span->n_steps * span->n_batch; // All steps, in both directions, are one product
  cn_linear_apply_all(&matrices->input, (CnVectors){n, layer->n_inputs}, x,
                      (CnVectors){n, matrices->input.rows}, tape->gates);
  clear_masked(layer, span, tape);
  for (size_t d = 0; d < layer->n_directions; ++d) {
    run_direction(layer, matrices, span, d, NULL, tape);
  }
}

void
cn_notebook_layer_go_on(const CnNotebookLayer* const layer, const CnNotebookMatrices* const matrices,
                        const CnNotebookSpan* const span, const float* const* const inputs,
                        const CnNotebookTape* const tape)
{
  assert(span->n_batch == 1);
  for (size_t d = 0; d < layer->n_directions; ++d) {
    run_direction(layer, matrices, span, d, inputs, tape);
  }
}
