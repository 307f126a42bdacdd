// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/ngram.h"

#include "dsp/music/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_ORDERS 4   // Uniform, one, two and three symbols
#define N_BUCKETS 24 // Of contexts, by the logarithm of how often they have been seen
#define N_ROUNDS 30  // Of expectation-maximisation
#define N_FOLDS 10   // One piece in so many is kept for the weights

// One factor; N classes, and the class N for "none before"
typedef struct {
  size_t    n_classes;
  uint32_t* three;       // (N + 1, N + 1, N) how often c came after a, b
  uint32_t* three_total; // (N + 1, N + 1)
  uint32_t* two;         // (N + 1, N)
  uint32_t* two_total;   // (N + 1)
  uint32_t* one;         // (N)
  uint32_t  one_total;
  double    weights[N_BUCKETS][N_ORDERS];
} Factor;

struct CnNgram {
  Factor    factors[CN_N_FACTORS];
  uint32_t* counts; // All of them, one factor after another
  size_t    n_counts;
  double    mean[CN_N_TIMINGS]; // [ticks]
};

// Which pieces a pass looks at
typedef enum { PASS_COUNTED, PASS_HELD_OUT, PASS_ALL } Pass;

// What is done with each symbol
typedef void (*Visit)(Factor* factor, const uint8_t before[2], uint8_t symbol, void* closure);

static size_t
count_cells(const size_t n)
{
  return (n + 1) * (n + 1) * n + (n + 1) * (n + 1) + (n + 1) * n + (n + 1) + n;
}

static void
place_counts(Factor* const factor, uint32_t* const counts)
{
  const size_t n      = factor->n_classes;
  factor->three       = counts;
  factor->three_total = factor->three + (n + 1) * (n + 1) * n;
  factor->two         = factor->three_total + (n + 1) * (n + 1);
  factor->two_total   = factor->two + (n + 1) * n;
  factor->one         = factor->two_total + n + 1;
}

static size_t
context_of(const Factor* const factor, const uint8_t before[2])
{
  return before[0] * (factor->n_classes + 1) + before[1];
}

static const double*
weights_of(const Factor* const factor, const size_t context)
{
  unsigned bucket = 0;
  for (uint32_t n = factor->three_total[context]; n; n /= 2) {
    ++bucket;
  }
  return factor->weights[bucket < N_BUCKETS ? bucket : N_BUCKETS - 1];
}

static void
count_symbol(Factor* const factor, const uint8_t before[2], const uint8_t symbol, void* const closure)
{
  const size_t n       = factor->n_classes;
  const size_t context = context_of(factor, before);
  (void)closure;
  ++factor->three[context * n + symbol];
  ++factor->three_total[context];
  ++factor->two[before[1] * n + symbol];
  ++factor->two_total[before[1]];
  ++factor->one[symbol];
  ++factor->one_total;
}

// What each order says of a symbol; one that has not seen its context says what the order below does
static void
estimate_orders(const Factor* const factor, const uint8_t before[2], const size_t symbol, double p[N_ORDERS])
{
  const size_t   n       = factor->n_classes;
  const size_t   context = context_of(factor, before);
  const uint32_t two     = factor->two_total[before[1]];
  const uint32_t three   = factor->three_total[context];

  p[0] = 1.0 / (double)n;
  p[1] = factor->one_total ? (double)factor->one[symbol] / factor->one_total : p[0];
  p[2] = two ? (double)factor->two[before[1] * n + symbol] / two : p[1];
  p[3] = three ? (double)factor->three[context * n + symbol] / three : p[2];
}

static double
mix_orders(const double p[N_ORDERS], const double weights[N_ORDERS])
{
  double sum = 0.0;
  for (unsigned order = 0; order < N_ORDERS; ++order) {
    sum += weights[order] * p[order];
  }
  return sum;
}

// How much each order has said of the symbols that came, by bucket of the context
typedef struct {
  double         share[CN_N_FACTORS][N_BUCKETS][N_ORDERS];
  const CnNgram* ngram;
} Shares;

static void
share_symbol(Factor* const factor, const uint8_t before[2], const uint8_t symbol, void* const closure)
{
  Shares* const       shares  = closure;
  const double* const weights = weights_of(factor, context_of(factor, before));
  const size_t        bucket  = (size_t)(weights - factor->weights[0]) / N_ORDERS;
  const size_t        f       = (size_t)(factor - shares->ngram->factors);
  double              p[N_ORDERS];
  estimate_orders(factor, before, symbol, p);
  const double sum = mix_orders(p, weights);
  for (unsigned order = 0; order < N_ORDERS; ++order) {
    shares->share[f][bucket][order] += weights[order] * p[order] / sum;
  }
}

// Tokens of a piece, one note at a time
typedef struct {
  uint8_t before[CN_N_FACTORS][2];
} History;

static void
begin_history(History* const history, const CnNote* const first)
{
  const CnToken token = cn_note_token(first, first->onset);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    const uint8_t none    = (uint8_t)cn_factor_classes((CnFactor)f);
    history->before[f][0] = none;
    history->before[f][1] = f == CN_FACTOR_DT ? none : token.factor[f]; // The first note came after nothing
  }
}

static void
extend_history(History* const history, const CnToken* const token)
{
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    history->before[f][0] = history->before[f][1];
    history->before[f][1] = token->factor[f];
  }
}

static void
visit_piece(CnNgram* const ngram, const CnPiece* const piece, const Visit visit, void* const closure)
{
  const unsigned n_factors = piece->is_notated ? CN_FACTOR_VELOCITY : CN_N_FACTORS; // It is the last
  History        history;
  begin_history(&history, &piece->notes[0]);
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    const CnToken token = cn_note_token(&piece->notes[i], piece->notes[i - 1].onset);
    for (unsigned f = 0; f < n_factors; ++f) {
      visit(&ngram->factors[f], history.before[f], token.factor[f], closure);
    }
    extend_history(&history, &token);
  }
}

// Look at the pieces of one pass; a single piece is never held out
static void
visit_corpus(CnNgram* const ngram, const CnCorpus* const corpus, const Pass pass, const Visit visit,
             void* const closure)
{
  const size_t n    = corpus->n_in_split[CN_SPLIT_TRAIN];
  const size_t fold = n < N_FOLDS ? n : N_FOLDS;
  size_t       k    = 0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->pieces[i].split == CN_SPLIT_TRAIN) {
      const bool held_out = fold > 1 && k % fold == fold - 1;
      if (pass == PASS_ALL || held_out == (pass == PASS_HELD_OUT)) {
        visit_piece(ngram, &corpus->pieces[i], visit, closure);
      }
      ++k;
    }
  }
}

static void
clear_counts(CnNgram* const ngram)
{
  memset(ngram->counts, 0, ngram->n_counts * sizeof(uint32_t));
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    ngram->factors[f].one_total = 0;
  }
}

// Each weight becomes its order's share of what was held out; to none of them is nothing given
static void
update_weights(CnNgram* const ngram, const Shares* const shares)
{
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    for (unsigned bucket = 0; bucket < N_BUCKETS; ++bucket) {
      const double* const share = shares->share[f][bucket];
      const double        sum   = share[0] + share[1] + share[2] + share[3] + N_ORDERS;
      for (unsigned order = 0; order < N_ORDERS; ++order) {
        ngram->factors[f].weights[bucket][order] = (share[order] + 1.0) / sum;
      }
    }
  }
}

static void
learn_weights(CnNgram* const ngram, const CnCorpus* const corpus, Shares* const shares)
{
  visit_corpus(ngram, corpus, PASS_COUNTED, count_symbol, NULL);
  for (unsigned round = 0; round <= N_ROUNDS; ++round) {
    memset(shares, 0, sizeof(*shares));
    shares->ngram = ngram;
    if (round) { // The first weights are all alike
      visit_corpus(ngram, corpus, PASS_HELD_OUT, share_symbol, shares);
    }
    update_weights(ngram, shares);
  }
}

static void
learn_means(CnNgram* const ngram, const CnCorpus* const corpus)
{
  double n = 0.0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    for (uint32_t k = 1; piece->split == CN_SPLIT_TRAIN && k < piece->n_notes; ++k) {
      ngram->mean[CN_TIMING_STEP] += (double)piece->notes[k].onset - piece->notes[k - 1].onset;
      ngram->mean[CN_TIMING_DURATION] += piece->notes[k].duration;
      n += 1.0;
    }
  }
  for (unsigned t = 0; n > 0.0 && t < CN_N_TIMINGS; ++t) {
    ngram->mean[t] /= n;
  }
}

static bool
make_room(CnNgram* const ngram)
{
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    ngram->factors[f].n_classes = cn_factor_classes((CnFactor)f);
    ngram->n_counts += count_cells(ngram->factors[f].n_classes);
  }
  ngram->counts = calloc(ngram->n_counts, sizeof(uint32_t));
  if (!ngram->counts) {
    return false;
  }
  uint32_t* counts = ngram->counts;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    place_counts(&ngram->factors[f], counts);
    counts += count_cells(ngram->factors[f].n_classes);
  }
  return true;
}

CnNgram*
cn_ngram_new(const CnCorpus* const corpus)
{
  CnNgram* const ngram  = calloc(1, sizeof(CnNgram));
  Shares* const  shares = calloc(1, sizeof(Shares));
  if (!ngram || !shares || !make_room(ngram)) {
    cn_ngram_free(ngram);
    free(shares);
    return NULL;
  }
  learn_weights(ngram, corpus, shares);
  free(shares);
  clear_counts(ngram);
  visit_corpus(ngram, corpus, PASS_ALL, count_symbol, NULL);
  learn_means(ngram, corpus);
  return ngram;
}

void
cn_ngram_free(CnNgram* const ngram)
{
  if (ngram) {
    free(ngram->counts);
    free(ngram);
  }
}

void
cn_ngram_predict(const CnNgram* const ngram, const CnFactor factor, const uint8_t before[2], float* const p)
{
  const Factor* const f       = &ngram->factors[factor];
  const double* const weights = weights_of(f, context_of(f, before));
  for (size_t symbol = 0; symbol < f->n_classes; ++symbol) {
    double orders[N_ORDERS];
    estimate_orders(f, before, symbol, orders);
    p[symbol] = (float)mix_orders(orders, weights);
  }
}

static CnLoss
score_note(const CnNgram* const ngram, const History* const history, const CnToken* const token,
           const bool is_notated, double ticks[CN_N_TIMINGS])
{
  CnLoss loss = {.n_notes = 1.0, .n_velocities = !is_notated};
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    float p[CN_MAX_CLASSES] = {0.0F};
    cn_ngram_predict(ngram, (CnFactor)f, history->before[f], p);
    loss.nll[f] = -log((double)p[token->factor[f]]);
    if (f == CN_FACTOR_PITCH) {
      loss.n_right = cn_likeliest_pitch(p) == token->factor[f];
    }
    cn_timing_predict((CnFactor)f, p, ticks);
  }
  loss.nll[CN_FACTOR_VELOCITY] *= loss.n_velocities;
  return loss;
}

CnScoring
cn_ngram_score(const CnNgram* const ngram, const CnPiece* const piece, CnContext* const context)
{
  CnScoring scoring = {.all = {.n_notes = 0.0}};
  History   history;
  if (context) {
    cn_context_truncate(context, 0);
  }
  begin_history(&history, &piece->notes[0]);
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    const CnNote* const note  = &piece->notes[i];
    const CnToken       token = cn_note_token(note, note[-1].onset);
    double              ticks[CN_N_TIMINGS];
    const CnLoss        loss = score_note(ngram, &history, &token, piece->is_notated, ticks);
    cn_loss_add(&scoring.all, &loss);
    cn_timing_error_add(&scoring.timing, ticks, note, note[-1].onset);
    if (context && !cn_context_push(context, &note[-1]) &&
        cn_context_match_length(context) < CN_REPEAT_LENGTH) {
      cn_loss_add(&scoring.non_repeat, &loss);
    }
    extend_history(&history, &token);
  }
  return scoring;
}

CnScoring
cn_ngram_score_mean(const CnNgram* const ngram, const CnPiece* const piece)
{
  CnScoring scoring = {.all = {.nll = {NAN, NAN, NAN, NAN}, .n_right = NAN}};
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    cn_timing_error_add(&scoring.timing, ngram->mean, &piece->notes[i], piece->notes[i - 1].onset);
    scoring.all.n_notes += 1.0;
  }
  return scoring;
}
