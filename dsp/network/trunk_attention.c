// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/trunk_kinds.h"

#include "dsp/kernel/attend.h"
#include "dsp/kernel/kernels.h"
#include "dsp/kernel/linear.h"
#include "dsp/network/attention.h"
#include "dsp/network/attention_ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  CnTrunk          trunk; // As which it is known
  const CnModel*   model;
  CnShape          shape;
  uint32_t         n_notes;  // Absorbed
  uint32_t         first;    // The oldest note that was: what came before was left out
  uint32_t         ring;     // R, notes that are kept
  int32_t          origin;   // [ticks] Onset of the first note of all, from which rotation counts
  int32_t*         onsets;   // (R) [ticks]
  CnAttentionRing* kept;     // Keys and values
  float*           x;        // (H) what flows through the layers
  float*           normed;   // (H)
  float*           qkv;      // (3 * H) query, key and value of the note
  float*           heard;    // (H) what attention gives
  float*           hidden;   // (CN_FORWARD_WIDTH * H)
  float*           scores;   // (window)
  float*           spans;    // (window, heads) biases, all 0 where there are none
  float*           rotation; // (H / heads) of the note
  float*           vector;   // (H)
} Attention;

static const CnTrunkKind attention_kind;

static size_t
count_floats(const Attention* const a)
{
  const size_t H = a->shape.hidden;
  return (7U + CN_FORWARD_WIDTH) * H + (1U + a->shape.heads) * a->shape.window + H / a->shape.heads;
}

static void
lay_out(Attention* const a, float* at)
{
  const size_t H = a->shape.hidden;

  a->x        = at;
  a->normed   = a->x + H;
  a->qkv      = a->normed + H;
  a->heard    = a->qkv + 3U * H;
  a->vector   = a->heard + H;
  a->hidden   = a->vector + H;
  a->scores   = a->hidden + CN_FORWARD_WIDTH * H;
  a->spans    = a->scores + a->shape.window;
  a->rotation = a->spans + (size_t)a->shape.heads * a->shape.window;
}

static void
free_attention(CnTrunk* const trunk)
{
  Attention* const a = (Attention*)trunk;
  cn_attention_ring_free(a->kept);
  free(a->onsets);
  free(a->x);
  free(a);
}

CnTrunk*
cn_trunk_attention_new(const CnModel* const model, const uint32_t capacity)
{
  Attention* const a = calloc(1, sizeof(Attention));
  if (!a) {
    return NULL;
  }

  a->trunk.kind = &attention_kind;
  a->model      = model;
  a->shape      = cn_model_layout(model)->shape;
  a->ring       = capacity ? 2U * a->shape.window : a->shape.window;
  a->onsets     = calloc(a->ring, sizeof(int32_t));
  a->x          = calloc(count_floats(a), sizeof(float));
  a->kept       = cn_attention_ring_new(cn_model_number(model), a->shape.layers * a->shape.heads,
                                        a->shape.hidden / a->shape.heads, a->ring);
  if (!a->onsets || !a->x || !a->kept) {
    free_attention(&a->trunk);
    return NULL;
  }
  lay_out(a, a->x);
  return &a->trunk;
}

// Forget all, and be told next of note `n`
static void
begin_at(Attention* const a, const uint32_t n)
{
  memset(a->vector, 0, a->shape.hidden * sizeof(float));
  a->n_notes = n;
  a->first   = n;
}

static void
begin(CnTrunk* const trunk)
{
  begin_at((Attention*)trunk, 0);
}

// The oldest note that note `n` may hear
static uint32_t
oldest_heard(const Attention* const a, const uint32_t n)
{
  const uint32_t window = n + 1U > a->shape.window ? n + 1U - a->shape.window : 0U;
  return window > a->first ? window : a->first;
}

// The biases of all notes that the new one hears, for each head
static void
look_back(Attention* const a, const CnNoteInput* const input)
{
  const float* const table   = cn_model_weight(a->model, CN_WEIGHT_SPANS); // (heads, spans)
  const uint32_t     n_spans = cn_distance_spans(a->shape.distance);
  const uint32_t     from    = oldest_heard(a, a->n_notes);
  for (uint32_t i = from; i <= a->n_notes; ++i) {
    const int32_t  ticks = input->onset - a->onsets[i % a->ring];
    const unsigned span  = cn_attention_span(a->shape.distance, a->n_notes - i, ticks, input->bar);
    for (uint32_t h = 0; h < a->shape.heads; ++h) {
      a->spans[h * a->shape.window + (i - from)] = table[h * n_spans + span];
    }
  }
}

// Where the new note stands, and how far it is from those before
static void
place_note(Attention* const a, const CnNoteInput* const input)
{
  a->onsets[a->n_notes % a->ring] = input->onset;
  a->origin                       = a->n_notes ? a->origin : input->onset; // So that songs may begin anywhere
  if (a->shape.distance == CN_DISTANCE_ROTARY) {
    cn_attention_rotation(input->onset - a->origin, a->shape.hidden / a->shape.heads, a->rotation);
  } else {
    look_back(a, input);
  }
}

// What one head hears of the notes before and of the new one
static void
attend(Attention* const a, const uint32_t layer, const uint32_t head)
{
  const size_t      width = a->shape.hidden / a->shape.heads;
  const size_t      at    = head * width; // In the query, and in the key and the value behind it
  const uint32_t    ring  = layer * a->shape.heads + head;
  const uint32_t    from  = oldest_heard(a, a->n_notes);
  const CnRingRange range = {from % a->ring, a->n_notes + 1U - from};
  const float*      key   = a->qkv + a->shape.hidden + at;

  cn_attention_ring_keep(a->kept, ring, a->n_notes % a->ring, key, key + a->shape.hidden);
  memcpy(a->scores, a->spans + (size_t)head * a->shape.window, range.n * sizeof(float));
  cn_attention_ring_score(a->kept, ring, range, a->qkv + at, a->scores);
  cn_softmax(range.n, 0, a->scores);
  cn_attention_ring_mix(a->kept, ring, range, a->scores, a->heard + at);
}

// A layer's part of a weight that holds those of all layers
static CnLinear
layer_linear(const Attention* const a, const unsigned weight, const uint32_t layer)
{
  const CnLinear all  = cn_model_linear(a->model, weight, CN_N_WEIGHTS);
  const size_t   rows = all.rows / a->shape.layers;
  return cn_linear_part(&all, layer * rows, rows);
}

static void
normalise(const Attention* const a, const unsigned weight, const uint32_t layer, float* const to)
{
  const size_t H = a->shape.hidden;
  cn_rms_norm(H, a->x, cn_model_weight(a->model, weight) + layer * H, to);
}

static void
run_layer(Attention* const a, const uint32_t layer)
{
  const CnLinear in   = layer_linear(a, CN_WEIGHT_QUERY_KEY_VALUE, layer);
  const CnLinear out  = layer_linear(a, CN_WEIGHT_HEARD, layer);
  const CnLinear up   = layer_linear(a, CN_WEIGHT_UP, layer);
  const CnLinear down = layer_linear(a, CN_WEIGHT_DOWN, layer);

  normalise(a, CN_WEIGHT_ATTENTION_NORM, layer, a->normed);
  cn_linear_apply(&in, a->normed, a->qkv);
  if (a->shape.distance == CN_DISTANCE_ROTARY) { // All queries, and all keys
    cn_attend_rotate((size_t)2U * a->shape.heads, a->shape.hidden / a->shape.heads, 1.0F, a->rotation,
                     a->qkv);
  }
  for (uint32_t h = 0; h < a->shape.heads; ++h) {
    attend(a, layer, h);
  }
  cn_linear_add(&out, a->heard, a->x);

  normalise(a, CN_WEIGHT_FORWARD_NORM, layer, a->normed);
  cn_linear_apply(&up, a->normed, a->hidden);
  cn_relu_squared(CN_FORWARD_WIDTH * a->shape.hidden, a->hidden);
  cn_linear_add(&down, a->hidden, a->x);
}

static void
absorb(CnTrunk* const trunk, const CnNoteInput* const input)
{
  Attention* const a     = (Attention*)trunk;
  const size_t     H     = a->shape.hidden;
  const CnLinear   table = cn_model_linear(a->model, CN_WEIGHT_IN_TABLE, CN_N_WEIGHTS);
  memcpy(a->x, cn_model_weight(a->model, CN_WEIGHT_IN_BIAS), H * sizeof(float));
  cn_linear_add_rows(&table, input->row, input->n_rows, a->x);
  place_note(a, input);
  for (uint32_t layer = 0; layer < a->shape.layers; ++layer) {
    run_layer(a, layer);
  }
  normalise(a, CN_WEIGHT_LAST_NORM, 0, a->vector);
  ++a->n_notes;
}

// How far the vector after a note can have heard, through all layers [notes]
static uint32_t
reach(const Attention* const a)
{
  return a->shape.layers * (a->shape.window - 1U);
}

static uint32_t
go_back(CnTrunk* const trunk, const uint32_t n)
{
  Attention* const a = (Attention*)trunk;
  assert(n <= a->n_notes);
  if (n == a->n_notes) {
    return n;
  }
  if (n <= 1) {
    begin_at(a, 0);
    return 0;
  }

  // The last note is heard again for its vector: is all that it hears still there, and as it was?
  const uint32_t last     = n - 1U;
  const bool     is_kept  = oldest_heard(a, last) + a->ring >= a->n_notes;
  const bool     is_whole = !a->first || last >= a->first + reach(a);
  if (is_kept && is_whole) {
    a->n_notes = last;
    return last;
  }
  begin_at(a, last > reach(a) ? last - reach(a) : 0U);
  return a->n_notes;
}

static const float*
vector(const CnTrunk* const trunk)
{
  return ((const Attention*)trunk)->vector;
}

static size_t
size(const CnTrunk* const trunk)
{
  const Attention* const a = (const Attention*)trunk;
  return sizeof(Attention) + a->ring * sizeof(int32_t) + count_floats(a) * sizeof(float) +
         cn_attention_ring_size(a->kept);
}

static const CnTrunkKind attention_kind = {.free    = free_attention,
                                           .begin   = begin,
                                           .absorb  = absorb,
                                           .go_back = go_back,
                                           .vector  = vector,
                                           .size    = size};
