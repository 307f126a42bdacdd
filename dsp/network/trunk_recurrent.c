// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/trunk_kinds.h"

#include "dsp/base/snapshots.h"
#include "dsp/kernel/kernels.h"
#include "dsp/kernel/linear.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  CnTrunk        trunk; // As which it is known
  const CnModel* model;
  size_t         hidden;  // H
  size_t         n_gates; // G
  size_t         n_layers;
  size_t         n_layer; // Floats of a layer's state: (H) output h, then (H) cell state c of an LSTM
  size_t         n_state; // Floats of all layers' states
  uint32_t       n_notes; // Absorbed
  float*         state;
  float*         gates;     // (G * H)
  float*         recurrent; // (G * H) products with h, for the GRU
  CnSnapshots    kept;      // Of the state, before notes
} Recurrent;

static const CnTrunkKind recurrent_kind;

static size_t
count_floats(const Recurrent* const r)
{
  return (1U + (size_t)r->kept.n_kept) * r->n_state + 2U * r->n_gates * r->hidden;
}

CnTrunk*
cn_trunk_recurrent_new(const CnModel* const model, const uint32_t capacity)
{
  const CnShape* const shape = &cn_model_layout(model)->shape;
  Recurrent* const     r     = calloc(1, sizeof(Recurrent));
  if (!r) {
    return NULL;
  }

  r->trunk.kind = &recurrent_kind;
  r->model      = model;
  r->hidden     = shape->hidden;
  r->n_gates    = cn_cell_gates(shape->cell);
  r->n_layers   = cn_shape_layers(shape);
  r->n_layer    = (shape->cell == CN_CELL_LSTM ? 2U : 1U) * r->hidden;
  r->n_state    = r->n_layers * r->n_layer;
  r->kept       = (CnSnapshots){.n_floats = r->n_state, .n_kept = cn_snapshots_count(capacity)};
  r->state      = calloc(count_floats(r), sizeof(float)); // What is never kept costs no memory
  if (!r->state) {
    free(r);
    return NULL;
  }
  r->gates       = r->state + r->n_state;
  r->recurrent   = r->gates + r->n_gates * r->hidden;
  r->kept.states = r->recurrent + r->n_gates * r->hidden;
  return &r->trunk;
}

static void
free_recurrent(CnTrunk* const trunk)
{
  Recurrent* const r = (Recurrent*)trunk;
  free(r->state);
  free(r);
}

static void
begin(CnTrunk* const trunk)
{
  Recurrent* const r = (Recurrent*)trunk;
  memset(r->state, 0, r->n_state * sizeof(float));
  r->n_notes = 0;
}

// From a layer's sums of all that it is given but its state to its next state
static void
run_cell(Recurrent* const r, const size_t layer, const CnLinear* const linear, const float* const candidate)
{
  float* const h = r->state + layer * r->n_layer;
  if (r->n_gates == 4) {
    float* const c = h + r->hidden;
    cn_linear_add(linear, h, r->gates);
    cn_lstm_cell(1, r->hidden, r->gates, c, c, h);
  } else {
    cn_linear_apply(linear, h, r->recurrent);
    cn_gru_cell(1, r->hidden, r->gates, r->recurrent, candidate, h, h);
  }
}

// A layer above the first, which hears the one below
static void
run_deep(Recurrent* const r, const size_t layer)
{
  const size_t   width     = r->n_gates * r->hidden;
  const CnLinear inputs    = cn_model_linear(r->model, CN_WEIGHT_DEEP_INPUT, CN_WEIGHT_DEEP_BIAS);
  const CnLinear states    = cn_model_linear(r->model, CN_WEIGHT_DEEP_RECURRENT, CN_N_WEIGHTS);
  const CnLinear input     = cn_linear_part(&inputs, (layer - 1) * width, width);
  const CnLinear recurrent = cn_linear_part(&states, (layer - 1) * width, width);
  const float*   candidate = cn_model_weight(r->model, CN_WEIGHT_DEEP_CANDIDATE);

  cn_linear_apply(&input, r->state + (layer - 1) * r->n_layer, r->gates);
  run_cell(r, layer, &recurrent, candidate ? candidate + (layer - 1) * r->hidden : NULL);
}

static void
absorb(CnTrunk* const trunk, const CnNoteInput* const input)
{
  Recurrent* const     r     = (Recurrent*)trunk;
  const CnModel* const model = r->model;
  const size_t         width = r->n_gates * r->hidden;
  cn_snapshots_keep(&r->kept, r->n_notes, r->state);

  memcpy(r->gates, cn_model_weight(model, CN_WEIGHT_IN_BIAS), width * sizeof(float));
  const CnLinear table = cn_model_linear(model, CN_WEIGHT_IN_TABLE, CN_N_WEIGHTS);
  cn_linear_add_rows(&table, input->row, input->n_rows, r->gates);

  const CnLinear linear = cn_model_linear(model, CN_WEIGHT_RECURRENT, CN_N_WEIGHTS);
  run_cell(r, 0, &linear, cn_model_weight(model, CN_WEIGHT_CANDIDATE));
  for (size_t layer = 1; layer < r->n_layers; ++layer) {
    run_deep(r, layer);
  }
  ++r->n_notes;
}

static uint32_t
go_back(CnTrunk* const trunk, const uint32_t n)
{
  Recurrent* const r = (Recurrent*)trunk;
  assert(n <= r->n_notes);
  if (n == r->n_notes) {
    return n;
  }
  if (!r->kept.n_kept) {
    begin(trunk);
    return 0;
  }

  r->n_notes = cn_snapshots_take(&r->kept, n, r->state);
  return r->n_notes;
}

static const float*
vector(const CnTrunk* const trunk)
{
  const Recurrent* const r = (const Recurrent*)trunk;
  return r->state + (r->n_layers - 1) * r->n_layer;
}

static size_t
size(const CnTrunk* const trunk)
{
  const Recurrent* const r = (const Recurrent*)trunk;
  return sizeof(Recurrent) + count_floats(r) * sizeof(float);
}

static const CnTrunkKind recurrent_kind = {.free    = free_recurrent,
                                           .begin   = begin,
                                           .absorb  = absorb,
                                           .go_back = go_back,
                                           .vector  = vector,
                                           .size    = size};
