// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/classifier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_WEIGHTS = CN_N_FEATURES + 1 }; // The last one is the bias, which is not held small

#define SOFTNESS 0.3 ///< C: how much a row weighs beside the size of the weights
#define MAX_STEPS 50 ///< Of Newton's method, which needs about eight
#define MAX_HALVINGS 20
#define CLOSE_ENOUGH 1e-10

/// Logistic regression on scaled features
typedef struct {
  double mean[CN_N_FEATURES];
  double scale[CN_N_FEATURES];
  double weights[N_WEIGHTS];
} Line;

/// Rows with the fold of each
typedef struct {
  const CnLabelled* rows;
  size_t            n;
  const uint32_t*   folds; ///< (n_groups)
} Data;

static bool
is_learnt(const Data* const data, const size_t i, const uint32_t fold)
{
  return data->folds[data->rows[i].group] != fold;
}

// --- Scaling

static void
fit_scale(Line* const line, const Data* const data, const uint32_t fold)
{
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    double n       = 0.0;
    double sum     = 0.0;
    double squares = 0.0;
    for (size_t i = 0; i < data->n; ++i) {
      if (is_learnt(data, i, fold)) {
        sum += data->rows[i].features->value[f];
        n += 1.0;
      }
    }
    line->mean[f] = sum / n;
    for (size_t i = 0; i < data->n; ++i) {
      if (is_learnt(data, i, fold)) {
        const double d = data->rows[i].features->value[f] - line->mean[f];
        squares += d * d;
      }
    }
    line->scale[f] = squares > 0.0 ? sqrt(squares / n) : 1.0;
  }
}

/// The features of a row as the line sees them, with a 1 for the bias
static void
scale_row(const Line* const line, const CnFeatures* const features, double* const x)
{
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    x[f] = (features->value[f] - line->mean[f]) / line->scale[f];
  }
  x[CN_N_FEATURES] = 1.0;
}

static double
project(const double* const weights, const double* const x)
{
  double sum = 0.0;
  for (unsigned w = 0; w < N_WEIGHTS; ++w) {
    sum += weights[w] * x[w];
  }
  return sum;
}

// --- Newton's method

/// The loss around some weights: its gradient, and its curvature as a lower triangle
typedef struct {
  double loss;
  double gradient[N_WEIGHTS];
  double curvature[N_WEIGHTS][N_WEIGHTS];
} Slope;

/// log(1 + exp(z)), also where exp(z) is too large
static double
softplus(const double z)
{
  return z > 0.0 ? z + log1p(exp(-z)) : log1p(exp(z));
}

static void
add_row(Slope* const slope, const double* const weights, const double* const x, const bool is_own,
        const double importance)
{
  const double z = project(weights, x);
  const double p = 1.0 / (1.0 + exp(-z));
  slope->loss += importance * softplus(is_own ? -z : z);
  for (unsigned a = 0; a < N_WEIGHTS; ++a) {
    slope->gradient[a] += importance * (p - is_own) * x[a];
    for (unsigned b = 0; b <= a; ++b) {
      slope->curvature[a][b] += importance * p * (1.0 - p) * x[a] * x[b];
    }
  }
}

static void
find_slope(Slope* const slope, const Line* const line, const double* const weights, const Data* const data,
           const uint32_t fold)
{
  double n[2] = {0.0, 0.0};
  memset(slope, 0, sizeof(*slope));
  for (size_t i = 0; i < data->n; ++i) {
    n[data->rows[i].is_own] += is_learnt(data, i, fold);
  }
  for (unsigned w = 0; w < CN_N_FEATURES; ++w) {
    slope->loss += 0.5 * weights[w] * weights[w];
    slope->gradient[w]     = weights[w];
    slope->curvature[w][w] = 1.0;
  }
  for (size_t i = 0; i < data->n; ++i) {
    if (is_learnt(data, i, fold)) {
      const bool is_own = data->rows[i].is_own;
      double     x[N_WEIGHTS];
      scale_row(line, data->rows[i].features, x);
      add_row(slope, weights, x, is_own, SOFTNESS * (n[0] + n[1]) / (2.0 * n[is_own]));
    }
  }
}

/// Solve curvature * step = gradient by Cholesky's decomposition, in place
static void
solve(double (*const a)[N_WEIGHTS], const double* const gradient, double* const step)
{
  for (unsigned i = 0; i < N_WEIGHTS; ++i) {
    for (unsigned j = 0; j <= i; ++j) {
      double sum = a[i][j];
      for (unsigned k = 0; k < j; ++k) {
        sum -= a[i][k] * a[j][k];
      }
      a[i][j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / a[j][j];
    }
  }
  for (unsigned i = 0; i < N_WEIGHTS; ++i) {
    step[i] = gradient[i];
    for (unsigned k = 0; k < i; ++k) {
      step[i] -= a[i][k] * step[k];
    }
    step[i] /= a[i][i];
  }
  for (unsigned i = N_WEIGHTS; i-- > 0;) {
    for (unsigned k = i + 1; k < N_WEIGHTS; ++k) {
      step[i] -= a[k][i] * step[k];
    }
    step[i] /= a[i][i];
  }
}

/// Go along a step, or half of it, and so on, until the loss is less; false if it never is
static bool
descend(Line* const line, Slope* const slope, const double* const step, const Data* const data,
        const uint32_t fold)
{
  const double before = slope->loss;
  double       length = 1.0;
  for (unsigned i = 0; i < MAX_HALVINGS; ++i) {
    double weights[N_WEIGHTS];
    for (unsigned w = 0; w < N_WEIGHTS; ++w) {
      weights[w] = line->weights[w] - length * step[w];
    }
    find_slope(slope, line, weights, data, fold);
    if (slope->loss < before) {
      memcpy(line->weights, weights, sizeof(weights));
      return before - slope->loss > CLOSE_ENOUGH * before;
    }
    length *= 0.5;
  }
  return false;
}

static void
fit(Line* const line, const Data* const data, const uint32_t fold)
{
  Slope  slope;
  double step[N_WEIGHTS];
  bool   goes_on = true;
  memset(line->weights, 0, sizeof(line->weights));
  fit_scale(line, data, fold);
  find_slope(&slope, line, line->weights, data, fold);
  for (unsigned i = 0; goes_on && i < MAX_STEPS; ++i) {
    solve(slope.curvature, slope.gradient, step);
    goes_on = descend(line, &slope, step, data, fold);
  }
}

// --- Folds

/// Deal pieces into folds
static CnStatus
deal(const CnLabelled* const rows, const size_t n, const uint32_t n_groups, uint32_t* const folds)
{
  size_t        sizes[CN_CLASSIFIER_FOLDS] = {0};
  size_t* const counts                     = calloc((size_t)n_groups + 1, sizeof(size_t));
  if (!counts) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < n; ++i) {
    ++counts[rows[i].group];
  }
  for (uint32_t dealt = 0; dealt < n_groups; ++dealt) {
    uint32_t largest  = 0;
    uint32_t smallest = 0;
    for (uint32_t g = 1; g < n_groups; ++g) {
      const bool is_free = counts[g] != SIZE_MAX;
      largest = is_free && (counts[largest] == SIZE_MAX || counts[g] > counts[largest]) ? g : largest;
    }
    for (uint32_t f = 1; f < CN_CLASSIFIER_FOLDS; ++f) {
      smallest = sizes[f] < sizes[smallest] ? f : smallest;
    }
    folds[largest] = smallest;
    sizes[smallest] += counts[largest];
    counts[largest] = SIZE_MAX;
  }
  free(counts);
  return CN_STATUS_SUCCESS;
}

/// Whether both kinds are in what is learnt, and something is left to be told
static bool
can_learn(const Data* const data, const uint32_t fold)
{
  bool has[2] = {false, false};
  bool left   = false;
  for (size_t i = 0; i < data->n; ++i) {
    if (is_learnt(data, i, fold)) {
      has[data->rows[i].is_own] = true;
    } else {
      left = true;
    }
  }
  return has[0] && has[1] && left;
}

static double
judge(const Data* const data)
{
  double n_right[2] = {0.0, 0.0};
  double n[2]       = {0.0, 0.0};
  Line   line;
  for (uint32_t fold = 0; fold < CN_CLASSIFIER_FOLDS; ++fold) {
    if (!can_learn(data, fold)) {
      continue;
    }
    fit(&line, data, fold);
    for (size_t i = 0; i < data->n; ++i) {
      if (!is_learnt(data, i, fold)) {
        const bool is_own = data->rows[i].is_own;
        double     x[N_WEIGHTS];
        scale_row(&line, data->rows[i].features, x);
        n_right[is_own] += (project(line.weights, x) > 0.0) == is_own;
        n[is_own] += 1.0;
      }
    }
  }
  return 0.5 * (n_right[0] / n[0] + n_right[1] / n[1]);
}

CnStatus
cn_classifier_accuracy(const CnLabelled* const rows, const size_t n, const uint32_t n_groups,
                       double* const accuracy)
{
  uint32_t* const folds  = calloc((size_t)n_groups + 1, sizeof(uint32_t));
  const Data      data   = {rows, n, folds};
  CnStatus        status = folds ? deal(rows, n, n_groups, folds) : CN_STATUS_NO_MEMORY;
  if (!status) {
    *accuracy = judge(&data);
  }
  free(folds);
  return status;
}
