// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/inputs.h"

#include "dsp/kernel/linear.h"

#include <stdbool.h>

#define AT_ONCE 32U // Notes that are multiplied by at once

void
cn_notebook_inputs_init(CnNotebookInputs* const inputs, const uint32_t size, float* const rows)
{
  *inputs = (CnNotebookInputs){.size = size, .rows = rows};
}

static uint32_t
place(const CnNotebookInputs* const inputs, const uint32_t i)
{
  return (inputs->first + i) % inputs->size;
}

static bool
is_same(const CnNotebookNote* const a, const CnNotebookNote* const b)
{
  return a->step == b->step && a->duration == b->duration && a->pitch == b->pitch;
}

// Whether all notes but the `n` oldest are those that the window begins with
static bool
goes_on(const CnNotebookInputs* const inputs, const uint32_t n, const CnNotebookNote* const window,
        const uint32_t n_window)
{
  bool is = inputs->n - n <= n_window;
  for (uint32_t i = 0; is && i < inputs->n - n; ++i) {
    is = is_same(&inputs->note[place(inputs, n + i)], &window[i]);
  }
  return is;
}

// Forget the oldest notes, as few as possible, until the others begin the window
static void
forget(CnNotebookInputs* const inputs, const CnNotebookNote* const window, const uint32_t n_window,
       const double ticks)
{
  const bool is_other = ticks < inputs->ticks || ticks > inputs->ticks; // No product is the same
  uint32_t   n        = is_other ? inputs->n : 0;
  while (!goes_on(inputs, n, window, n_window)) {
    ++n;
  }
  inputs->first = n < inputs->n ? place(inputs, n) : 0;
  inputs->n -= n;
  inputs->ticks = ticks;
}

uint32_t
cn_notebook_inputs_read(CnNotebookInputs* const inputs, const CnNotebookScale* const scale,
                        const CnLinear* const input, const CnNote* const notes, const uint32_t n_notes,
                        const double ticks)
{
  CnNotebookNote window[CN_NOTEBOOK_MAX_WINDOW];
  float          features[AT_ONCE * CN_NOTEBOOK_FEATURES];
  const uint32_t n_window = cn_notebook_window(scale, notes, n_notes, window);
  forget(inputs, window, n_window, ticks);
  while (inputs->n < n_window) {
    const uint32_t at       = place(inputs, inputs->n);
    const uint32_t to_end   = inputs->size - at; // Of the ring
    const uint32_t to_learn = n_window - inputs->n;
    const uint32_t most     = to_end < AT_ONCE ? to_end : AT_ONCE;
    const uint32_t n        = to_learn < most ? to_learn : most;
    cn_notebook_window_features(scale, window + inputs->n, n, ticks, features);
    cn_linear_apply_all(input, (CnVectors){n, CN_NOTEBOOK_FEATURES}, features, (CnVectors){n, input->rows},
                        inputs->rows + at * input->rows);
    for (uint32_t i = 0; i < n; ++i) {
      inputs->note[at + i] = window[inputs->n + i];
    }
    inputs->n += n;
  }
  for (uint32_t i = 0; i < n_window; ++i) {
    inputs->row[i] = inputs->rows + place(inputs, i) * input->rows;
  }
  return n_window;
}
