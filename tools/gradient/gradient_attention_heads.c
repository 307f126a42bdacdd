// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/gradient_attention.h"

#include "dsp/kernel/kernels.h"
#include "dsp/network/attention.h"
#include "tools/gradient/blas.h"

#include <math.h>
#include <string.h>

#define NOT_HEARD 255U // No span

// --- What each step hears

// The last step up to `t` at which a piece begins, or -1
ptrdiff_t
cn_attention_begin(const CnGradient* const g, const size_t b, const size_t t)
{
  ptrdiff_t begin = (ptrdiff_t)t;
  while (begin >= 0 && !g->batch->begins[(size_t)begin * g->B + b]) {
    --begin;
  }
  return begin;
}

// The span from a note back to one of an earlier onset
static uint8_t
find_span(const CnGradient* const g, const CnNoteInput* const note, const size_t notes, const int32_t onset)
{
  return (uint8_t)cn_attention_span(g->layout.shape.distance, (uint32_t)notes, note->onset - onset,
                                    note->bar);
}

// Spans from step `t` of a stream back to what the ring holds
static void
find_ring_spans(const CnGradient* const g, const CnAttentionTape* const tape, const size_t b, const size_t t,
                uint8_t* const spans)
{
  const CnNoteInput* const note   = &g->batch->inputs[t * g->B + b];
  const float* const       onsets = tape->onsets + b * tape->w;
  const size_t             slot   = (size_t)*tape->slot;
  for (size_t s = 0; s < tape->w; ++s) {
    const size_t notes = t + 1 + (slot + tape->w - 1 - s) % tape->w; // From there to here
    spans[s] =
        notes < tape->w && onsets[s] >= 0.0F ? find_span(g, note, notes, (int32_t)onsets[s]) : NOT_HEARD;
  }
}

void
cn_attention_find_spans(const CnGradient* const g, CnAttentionTape* const tape)
{
  for (size_t b = 0; b < g->B; ++b) {
    for (size_t t = 0; t < g->T; ++t) {
      uint8_t* const           spans = tape->spans + (b * g->T + t) * tape->S;
      const CnNoteInput* const note  = &g->batch->inputs[t * g->B + b];
      const ptrdiff_t          begin = cn_attention_begin(g, b, t);
      memset(spans, NOT_HEARD, tape->S);
      if (begin < 0) {
        find_ring_spans(g, tape, b, t, spans);
      }
      for (size_t j = begin < 0 ? 0 : (size_t)begin; j < t; ++j) {
        if (t - j < tape->w) {
          spans[tape->w + j] = find_span(g, note, t - j, g->batch->inputs[j * g->B + b].onset);
        }
      }
      spans[tape->w + t] = CN_SPAN_SELF;
    }
  }
}

// --- Attention of one head of one stream

// A head's matrices
typedef struct {
  CnConstMatrix query;       // (T, K)
  CnConstMatrix key;         // (T, K) of this batch
  CnConstMatrix value;       // (T, K)
  CnConstMatrix ring_keys;   // (w, K)
  CnConstMatrix ring_values; // (w, K)
  CnMatrix      shares;      // (T, S)
  CnMatrix      heard;       // (T, K)
} Head;

static Head
open_head(const CnGradient* const g, const CnAttentionTape* const tape, const size_t layer, const size_t b,
          const size_t head)
{
  const ptrdiff_t    row    = (ptrdiff_t)(3 * g->H * g->B);
  const float* const qkv    = tape->qkv + (layer * g->N + b) * 3 * g->H + head * tape->K;
  const size_t       ring   = (layer * g->B + b) * tape->w * g->H + head * tape->K;
  float* const       shares = tape->shares + ((layer * g->B + b) * tape->n_heads + head) * g->T * tape->S;
  return (Head){
      .query       = {qkv, row, 1},
      .key         = {qkv + g->H, row, 1},
      .value       = {qkv + 2 * g->H, row, 1},
      .ring_keys   = {tape->keys + ring, (ptrdiff_t)g->H, 1},
      .ring_values = {tape->values + ring, (ptrdiff_t)g->H, 1},
      .shares      = {shares, (ptrdiff_t)tape->S, 1},
      .heard       = {tape->heard + (layer * g->N + b) * g->H + head * tape->K, (ptrdiff_t)(g->H * g->B), 1}};
}

static CnConstMatrix
turn(const CnConstMatrix m)
{
  return (CnConstMatrix){m.data, m.column, m.row};
}

static CnConstMatrix
read_only(const CnMatrix m)
{
  return (CnConstMatrix){m.data, m.row, m.column};
}

static CnConstMatrix
from_column(const CnConstMatrix m, const size_t column)
{
  return (CnConstMatrix){m.data + (ptrdiff_t)column * m.column, m.row, m.column};
}

// scores (T, S) = a (T, K) times ring and batch, turned
static void
score_all(const CnGradient* const g, const CnAttentionTape* const tape, const CnConstMatrix a,
          const CnConstMatrix ring, const CnConstMatrix batch, float* const scores)
{
  const ptrdiff_t row = (ptrdiff_t)tape->S;
  cn_gemm(g->T, tape->w, tape->K, a, turn(ring), 0.0F, (CnMatrix){scores, row, 1});
  cn_gemm(g->T, g->T, tape->K, a, turn(batch), 0.0F, (CnMatrix){scores + tape->w, row, 1});
}

// c (T, K) = a (T, S) times ring and batch
static void
mix_all(const CnGradient* const g, const CnAttentionTape* const tape, const CnConstMatrix a,
        const CnConstMatrix ring, const CnConstMatrix batch, const CnMatrix c)
{
  cn_gemm(g->T, tape->K, tape->w, a, ring, 0.0F, c);
  cn_gemm(g->T, tape->K, g->T, from_column(a, tape->w), batch, 1.0F, c);
}

// Scale a row, add its spans' biases, and leave out what is not heard
CN_KERNEL static void
add_biases(const size_t n, const float scale, const uint8_t* const restrict spans,
           const float* const restrict biases, float* const restrict scores)
{
  for (size_t i = 0; i < n; ++i) {
    scores[i] = spans[i] == NOT_HEARD ? -1e9F : scores[i] * scale + biases[spans[i] % 64U];
  }
}

_Static_assert(CN_N_SPANS <= 64 && CN_N_NOTE_SPANS <= 64, "a span's number wraps nowhere");

void
cn_attention_head_forward(const CnGradient* const g, const CnAttentionTape* const tape, const size_t layer,
                          const size_t b, const size_t head)
{
  const Head     it         = open_head(g, tape, layer, b, head);
  const float    scale      = 1.0F / sqrtf((float)tape->K);
  const uint8_t* spans      = tape->spans + b * g->T * tape->S;
  const size_t   n_spans    = cn_distance_spans(g->layout.shape.distance);
  float          biases[64] = {0.0F};
  memcpy(biases, cn_gradient_parameter(g, CN_WEIGHT_SPANS) + head * n_spans, n_spans * sizeof(float));

  score_all(g, tape, it.query, it.ring_keys, it.key, it.shares.data);
  for (size_t t = 0; t < g->T; ++t) {
    float* const scores = it.shares.data + t * tape->S;
    add_biases(tape->S, scale, spans + t * tape->S, biases, scores);
    cn_softmax(tape->S, 0, scores);
  }
  mix_all(g, tape, read_only(it.shares), it.ring_values, it.value, it.heard);
}

// Through the softmax of a row: from the gradient of its shares to that of its scores
CN_KERNEL static void
softmax_backward(const size_t n, const float* const restrict shares, float* const restrict d)
{
  float sum = 0.0F;
  for (size_t i = 0; i < n; ++i) {
    sum += shares[i] * d[i];
  }
  for (size_t i = 0; i < n; ++i) {
    d[i] = shares[i] * (d[i] - sum);
  }
}

static void
biases_backward(const size_t n, const uint8_t* const spans, const float* const d_scores,
                float* const d_biases)
{
  for (size_t i = 0; i < n; ++i) {
    if (spans[i] != NOT_HEARD) {
      d_biases[spans[i]] += d_scores[i];
    }
  }
}

// From the gradient of what the head hears, in d_normed, to those of its query, keys, values and biases
void
cn_attention_head_backward(const CnGradient* const g, CnAttentionTape* const tape, const size_t layer,
                           const size_t b, const size_t head)
{
  const Head          it       = open_head(g, tape, layer, b, head);
  const float         scale    = 1.0F / sqrtf((float)tape->K);
  const ptrdiff_t     row      = (ptrdiff_t)(3 * g->H * g->B);
  float* const        d_qkv    = tape->d_qkv + b * 3 * g->H + head * tape->K;
  const CnConstMatrix d_heard  = {tape->d_normed + b * g->H + head * tape->K, (ptrdiff_t)(g->H * g->B), 1};
  const CnConstMatrix shares   = from_column(read_only(it.shares), tape->w);
  const CnConstMatrix d_scores = {tape->d_scores, (ptrdiff_t)tape->S, 1};
  const size_t        n_spans  = cn_distance_spans(g->layout.shape.distance);
  float* const        d_biases = cn_gradient_weight(g, g->out, CN_WEIGHT_SPANS) + head * n_spans;

  cn_gemm(g->T, tape->K, g->T, turn(shares), d_heard, 0.0F, (CnMatrix){d_qkv + 2 * g->H, row, 1});
  score_all(g, tape, d_heard, it.ring_values, it.value, tape->d_scores);
  for (size_t t = 0; t < g->T; ++t) {
    float* const d = tape->d_scores + t * tape->S;
    softmax_backward(tape->S, it.shares.data + t * tape->S, d);
    if (n_spans) {
      biases_backward(tape->S, tape->spans + (b * g->T + t) * tape->S, d, d_biases);
    }
    for (size_t i = 0; i < tape->S; ++i) {
      d[i] *= scale;
    }
  }
  mix_all(g, tape, d_scores, it.ring_keys, it.key, (CnMatrix){d_qkv, row, 1});
  cn_gemm(g->T, tape->K, g->T, turn(from_column(d_scores, tape->w)), it.query, 0.0F,
          (CnMatrix){d_qkv + g->H, row, 1});
}
