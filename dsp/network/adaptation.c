// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/adaptation.h"

#include "dsp/base/snapshots.h"
#include "dsp/kernel/linear.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FADING 0.001953125F // Of what was learnt, with each note that is: after 512, a third is left
#define MOST 16.0F          // No sound network comes near; absurd ones stay finite

struct CnAdaptation {
  const CnModel* model;
  float          rate;
  size_t         head;
  uint32_t       n_notes;
  float*         vectors; // (4, D)
  float*         step;    // (D)
  CnSnapshots    kept;    // Of the vectors, before notes; the first one stays all zeros
};

static size_t
count_floats(const CnAdaptation* const a)
{
  return (1U + (size_t)a->kept.n_kept) * a->kept.n_floats + a->head;
}

CnAdaptation*
cn_adaptation_new(const CnModel* const model, const uint32_t capacity)
{
  CnAdaptation* const a = calloc(1, sizeof(CnAdaptation));
  if (!a) {
    return NULL;
  }
  a->model   = model;
  a->rate    = cn_model_adaptation(model);
  a->head    = cn_model_layout(model)->shape.head;
  a->kept    = (CnSnapshots){.n_floats = CN_N_FACTORS * a->head, .n_kept = cn_snapshots_count(capacity)};
  a->vectors = calloc(count_floats(a), sizeof(float)); // What is never kept costs no memory
  if (!a->vectors) {
    free(a);
    return NULL;
  }
  a->step        = a->vectors + a->kept.n_floats;
  a->kept.states = a->step + a->head;
  return a;
}

void
cn_adaptation_free(CnAdaptation* const a)
{
  if (a) {
    free(a->vectors);
    free(a);
  }
}

void
cn_adaptation_begin(CnAdaptation* const a)
{
  memset(a->vectors, 0, a->kept.n_floats * sizeof(float));
  a->n_notes = 0;
}

uint32_t
cn_adaptation_place(const CnAdaptation* const a)
{
  return a->n_notes;
}

const float*
cn_adaptation_vector(const CnAdaptation* const a, const CnFactor factor)
{
  return a->vectors + factor * a->head;
}

// How much more of each output would have been less of a surprise
static void
find_errors(const CnFactor factor, const CnHeadInput* const site, const float* const p, const unsigned symbol,
            float* const errors)
{
  const unsigned n = (unsigned)cn_factor_classes(factor);
  for (unsigned i = 0; i < n; ++i) {
    errors[i] = (i == symbol ? 1.0F : 0.0F) - p[i];
  }
  memset(errors + n, 0, (cn_head_outputs(factor) - n) * sizeof(float));
  cn_site_gather_copies(site, factor, errors);
}

// step = out' errors
static void
go_down(const CnAdaptation* const a, const CnFactor factor, const float* const errors)
{
  const CnLinear out = cn_model_linear(a->model, cn_head_weight(factor, CN_HEAD_OUT), CN_N_WEIGHTS);
  memset(a->step, 0, a->head * sizeof(float));
  for (size_t i = 0; i < out.rows; i += CN_LINEAR_MOST_WEIGHTED) {
    const size_t left = out.rows - i;
    cn_linear_add_weighted(&out, i, left < CN_LINEAR_MOST_WEIGHTED ? left : CN_LINEAR_MOST_WEIGHTED,
                           errors + i, a->step);
  }
}

void
cn_adaptation_learn(CnAdaptation* const a, const CnFactor factor, const CnHeadInput* const site,
                    const float* const p, const float* const hidden, const unsigned symbol)
{
  float        errors[CN_MAX_OUTPUTS];
  float* const vector = a->vectors + factor * a->head;
  find_errors(factor, site, p, symbol, errors);
  go_down(a, factor, errors);
  for (size_t d = 0; d < a->head; ++d) {
    const float step = hidden[d] > 0.0F ? a->rate * a->step[d] : 0.0F;
    const float next = (1.0F - FADING) * vector[d] + step;
    vector[d]        = next > MOST ? MOST : next > -MOST ? next : -MOST; // What is not a number, too
  }
}

void
cn_adaptation_go_on(CnAdaptation* const a)
{
  ++a->n_notes;
  cn_snapshots_keep(&a->kept, a->n_notes, a->vectors);
}

uint32_t
cn_adaptation_go_back(CnAdaptation* const a, const uint32_t n)
{
  assert(n <= a->n_notes);
  if (n == a->n_notes) {
    return n;
  }
  if (!a->kept.n_kept) {
    cn_adaptation_begin(a);
    return 0;
  }
  a->n_notes = cn_snapshots_take(&a->kept, n, a->vectors);
  return a->n_notes;
}

size_t
cn_adaptation_size(const CnAdaptation* const a)
{
  return sizeof(CnAdaptation) + count_floats(a) * sizeof(float);
}
