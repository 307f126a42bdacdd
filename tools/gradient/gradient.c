// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/gradient.h"

#include "tools/gradient/gradient_internal.h"

#include "tools/gradient/blas.h"

#include <stdlib.h>
#include <string.h>

void
cn_loss_add(CnLoss* const sum, const CnLoss* const loss)
{
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    sum->nll[f] += loss->nll[f];
  }
  sum->n_notes += loss->n_notes;
  sum->n_velocities += loss->n_velocities;
  sum->n_right += loss->n_right;
}

double
cn_loss_factor(const CnLoss* const loss, const CnFactor factor)
{
  return loss->nll[factor] / (factor == CN_FACTOR_VELOCITY ? loss->n_velocities : loss->n_notes);
}

double
cn_loss_mean(const CnLoss* const loss)
{
  double sum = 0.0;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    sum += f != CN_FACTOR_VELOCITY || loss->n_velocities > 0.0 ? cn_loss_factor(loss, (CnFactor)f) : 0.0;
  }
  return sum;
}

static size_t
most(const size_t a, const size_t b)
{
  return a > b ? a : b;
}

static size_t
most_outputs(void)
{
  size_t n = 0;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    n = most(n, cn_head_outputs((CnFactor)f));
  }
  return n;
}

// Room for a weight (k, n), laid out either way round, and for its gradient
static size_t
panels_size(const size_t k, const size_t n)
{
  return most(cn_packed_correlate_size(n, k), most(cn_packed_size(k, n), cn_packed_size(n, k)));
}

// Room for any of the weights
static size_t
most_panels(const CnGradient* const g)
{
  const size_t heads = most(panels_size(g->H, CN_N_FACTORS * g->D), panels_size(g->D, most_outputs()));
  const size_t trunk = panels_size(g->H, most(g->W, 3 * g->H)); // Gates; or queries, keys and values
  return most(heads, most(trunk, panels_size(g->D, CN_N_CHROMA)));
}

static CnTape*
new_tape(const CnGradient* const g)
{
  return g->layout.shape.cell == CN_CELL_ATTENTION ? cn_attention_tape_new(g) : cn_recurrent_tape_new(g);
}

CnGradient*
cn_gradient_new(const CnLayout* const layout, const size_t n_streams, const size_t n_steps)
{
  CnGradient* const g = calloc(1, sizeof(CnGradient));
  if (!g) {
    return NULL;
  }

  cn_blas_init();
  g->layout = *layout;
  g->B      = n_streams;
  g->T      = n_steps;
  g->N      = n_streams * n_steps;
  g->H      = layout->shape.hidden;
  g->W      = g->H * cn_cell_gates(layout->shape.cell);
  g->D      = layout->shape.head;

  g->tape        = new_tape(g);
  g->dropped     = cn_gradient_floats(g->N * g->H);
  g->is_kept     = calloc(g->N * g->H, 1);
  g->hidden      = cn_gradient_floats(g->N * CN_N_FACTORS * g->D);
  g->d_hidden    = cn_gradient_floats(g->N * CN_N_FACTORS * g->D);
  g->outputs     = cn_gradient_floats(g->N * most_outputs());
  g->packed.data = cn_gradient_floats(most_panels(g));
  if (!g->tape || !g->dropped || !g->is_kept || !g->hidden || !g->d_hidden || !g->outputs ||
      !g->packed.data) {
    cn_gradient_free(g);
    return NULL;
  }
  return g;
}

void
cn_gradient_free(CnGradient* const g)
{
  if (g) {
    if (g->tape) {
      g->tape->kind->free(g->tape);
    }
    free(g->dropped);
    free(g->is_kept);
    free(g->hidden);
    free(g->d_hidden);
    free(g->outputs);
    free(g->packed.data);
    free(g);
  }
}

void
cn_gradient_hold_trunk(CnGradient* const g)
{
  g->is_trunk_held = true;
}

void
cn_gradient_reset(CnGradient* const g)
{
  g->tape->kind->reset(g, g->tape);
}

size_t
cn_gradient_state(CnGradient* const g, float** const outputs, float** const cells)
{
  return g->tape->kind->state(g, g->tape, outputs, cells);
}

void
cn_gradient_evaluate(CnGradient* const g, const float* const parameters, const CnBatch* const batch,
                     CnLoss* const loss)
{
  g->parameters = parameters;
  g->batch      = batch;
  g->out        = NULL;
  g->tape->kind->forward(g, 0.0F, cn_random(0, 0, 0, 0, 0));
  cn_heads_run(g, 1.0F, 0.0F, cn_random(0, 0, 0, 0, 0), loss);
  g->tape->kind->carry(g, g->tape);
}

void
cn_gradient_draw(CnGradient* const g, const float* const parameters, const CnBatch* const batch,
                 const CnRandom random, CnToken* const tokens)
{
  g->parameters = parameters;
  g->batch      = batch;
  g->out        = NULL;
  g->tape->kind->forward(g, 0.0F, random);
  cn_heads_draw(g, random, tokens);
}

void
cn_gradient_compute(CnGradient* const g, const float* const parameters, const CnBatch* const batch,
                    const float scale, const float dropout, const CnRandom random, CnLoss* const loss,
                    float* const out)
{
  g->parameters = parameters;
  g->batch      = batch;
  g->out        = out;
  memset(out, 0, g->layout.n_parameters * sizeof(float));
  g->tape->kind->forward(g, dropout, random);
  cn_heads_run(g, scale, dropout, random, loss);
  if (!g->is_trunk_held) {
    g->tape->kind->backward(g, dropout);
  }
  g->tape->kind->carry(g, g->tape);
}
