// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file notebook_weights.h
   Random weights of the notebook's two networks, for benches.
*/

#ifndef CN_BENCH_NOTEBOOK_WEIGHTS_H
#define CN_BENCH_NOTEBOOK_WEIGHTS_H

#include "tests/bench/weights.h"

#include "dsp/notebook/model.h"

/// Shapes, scale and weights; to be freed by cn_bench_notebook_clear()
typedef struct {
  CnNotebookNet   nets[CN_N_NOTEBOOK_TASKS];
  CnNotebookScale scale;
  float*          parameters[CN_N_NOTEBOOK_TASKS];
} CnBenchNotebook;

/// Make weights of two stacks of layers, which read so many notes.  Thread: INIT
static inline CnBenchNotebook
cn_bench_notebook(const char* const stacks[CN_N_NOTEBOOK_TASKS], const uint32_t window)
{
  CnBenchNotebook made = {.scale = {.window    = window,
                                    .min_count = 1,
                                    .pitch     = {21.0F, 108.0F},
                                    .duration  = {4.0F, 1.0F},
                                    .step      = {4.0F, 1.0F}}};
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    made.scale.counts[key] = 1.0F;
  }
  for (unsigned t = 0; t < CN_N_NOTEBOOK_TASKS; ++t) {
    CnNotebookStack stack;
    cn_bench_refuse(!cn_notebook_stack_parse(stacks[t], &stack) ||
                    cn_notebook_net_init(&made.nets[t], (CnNotebookTask)t, &stack));
    made.parameters[t] = cn_bench_weights(made.nets[t].n_parameters);
  }
  return made;
}

/// Thread: INIT
static inline void
cn_bench_notebook_clear(CnBenchNotebook* const made)
{
  for (unsigned t = 0; t < CN_N_NOTEBOOK_TASKS; ++t) {
    free(made->parameters[t]);
  }
}

#endif // CN_BENCH_NOTEBOOK_WEIGHTS_H
