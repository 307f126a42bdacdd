// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/compare.h"

#include "tools/compare/classifier.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LOW 0.1  ///< Quantiles of real music's range
#define HIGH 0.9 ///<

enum { ALL = CN_MAX_SECTIONS }; ///< In place of the number of a section

/// What is compared, with room for a number a section of either
typedef struct {
  const CnExcerpts* real;
  const CnExcerpts* own;
  unsigned          n_sections;
  double*           numbers;
} Work;

// --- Numbers

static int
compare_doubles(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/// Quantile of sorted numbers, between the two nearest; NaN of none
static double
quantile(const double* const x, const size_t n, const double share)
{
  if (!n) {
    return NAN;
  }
  const double place = share * (double)(n - 1);
  const size_t below = (size_t)place;
  const size_t above = below + 1 < n ? below + 1 : below;
  return x[below] + (place - (double)below) * (x[above] - x[below]);
}

static double
median(double* const x, const size_t n)
{
  qsort(x, n, sizeof(double), compare_doubles);
  return quantile(x, n, 0.5);
}

/// NaN of none
static double
mean(const double* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += x[i];
  }
  return n ? sum / (double)n : NAN;
}

static double
deviation(const double* const x, const size_t n)
{
  const double middle  = mean(x, n);
  double       squares = 0.0;
  for (size_t i = 0; i < n; ++i) {
    squares += (x[i] - middle) * (x[i] - middle);
  }
  return sqrt(squares / (double)n);
}

static double
share_inside(const double* const x, const size_t n, const double low, const double high)
{
  size_t n_inside = 0;
  for (size_t i = 0; i < n; ++i) {
    n_inside += low <= x[i] && x[i] <= high;
  }
  return n ? (double)n_inside / (double)n : NAN;
}

/// Gather a feature of section `s`, or of all
static size_t
gather(const Work* const work, const CnExcerpts* const excerpts, const unsigned f, const unsigned s)
{
  size_t n = 0;
  for (size_t i = 0; i < excerpts->n; ++i) {
    const CnExcerpt* const excerpt = &excerpts->items[i];
    for (unsigned k = s == ALL ? 0 : s; k < (s == ALL ? work->n_sections : s + 1); ++k) {
      if (excerpt->has[k]) {
        work->numbers[n++] = excerpt->sections[k].value[f];
      }
    }
  }
  return n;
}

// --- Features

static void
compare_feature(const Work* const work, const unsigned f, CnFeatureRange* const range)
{
  const size_t n_real = gather(work, work->real, f, ALL);
  range->middle       = median(work->numbers, n_real); // Which sorts them
  range->low          = quantile(work->numbers, n_real, LOW);
  range->high         = quantile(work->numbers, n_real, HIGH);
  for (unsigned s = 0; s < work->n_sections; ++s) {
    const size_t n   = gather(work, work->own, f, s);
    range->inside[s] = share_inside(work->numbers, n, range->low, range->high);
    range->own[s]    = median(work->numbers, n);
  }
  range->inside_all = share_inside(work->numbers, gather(work, work->own, f, ALL), range->low, range->high);
}

unsigned
cn_comparison_count(const CnComparison* const comparison, const unsigned s, const double share)
{
  unsigned n = 0;
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    n += comparison->features[f].inside[s] >= share;
  }
  return n;
}

// --- Form

static size_t
gather_form(const Work* const work, const CnExcerpts* const excerpts, const unsigned f)
{
  size_t n = 0;
  for (size_t i = 0; i < excerpts->n; ++i) {
    if (excerpts->items[i].has_form) {
      work->numbers[n++] = excerpts->items[i].form.value[f];
    }
  }
  return n;
}

static void
compare_form(const Work* const work, const unsigned f, CnFormRange* const range)
{
  const size_t n_real = gather_form(work, work->real, f);
  range->middle       = median(work->numbers, n_real); // Which sorts them
  range->low          = quantile(work->numbers, n_real, LOW);
  range->high         = quantile(work->numbers, n_real, HIGH);
  range->mean         = mean(work->numbers, n_real);
  const size_t n_own  = gather_form(work, work->own, f);
  range->own          = median(work->numbers, n_own);
  range->own_mean     = mean(work->numbers, n_own);
  range->inside       = share_inside(work->numbers, n_own, range->low, range->high);
}

// --- Distance

/// The phrase of an excerpt: as the real piece has it, if there is one; or null
static const CnFeatures*
find_phrase(const Work* const work, const CnExcerpt* const excerpt)
{
  const CnExcerpt* const real   = cn_excerpts_find(work->real, excerpt->piece);
  const CnExcerpt* const source = real ? real : excerpt;
  return source->has_phrase ? &source->phrase : NULL;
}

static double
measure(const CnFeatures* const a, const CnFeatures* const b, const double* const scale)
{
  double sum = 0.0;
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    sum += fabs(a->value[f] - b->value[f]) / scale[f];
  }
  return sum / CN_N_FEATURES;
}

static double
find_distance(const Work* const work, const CnExcerpts* const excerpts, const unsigned s,
              const double* const scale)
{
  size_t n = 0;
  for (size_t i = 0; i < excerpts->n; ++i) {
    const CnFeatures* const phrase = find_phrase(work, &excerpts->items[i]);
    if (phrase && excerpts->items[i].has[s]) {
      work->numbers[n++] = measure(&excerpts->items[i].sections[s], phrase, scale);
    }
  }
  return median(work->numbers, n);
}

static void
compare_distances(const Work* const work, CnComparison* const comparison)
{
  double scale[CN_N_FEATURES];
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    const double sd = deviation(work->numbers, gather(work, work->real, f, ALL));
    scale[f]        = sd > 0.0 ? sd : 1.0;
  }
  for (unsigned s = 0; s < work->n_sections; ++s) {
    comparison->distance_real[s] = find_distance(work, work->real, s, scale);
    comparison->distance_own[s]  = find_distance(work, work->own, s, scale);
  }
}

// --- Telling them apart

/// Number of the first excerpt of a piece, in real music and then in what was made
static uint32_t
find_group(const Work* const work, const char* const piece)
{
  const CnExcerpt* const real = cn_excerpts_find(work->real, piece);
  return real ? (uint32_t)(real - work->real->items)
              : (uint32_t)(work->real->n + (size_t)(cn_excerpts_find(work->own, piece) - work->own->items));
}

/// Whether a section is to be told from another kind: where the piece is known, it has to have one there, too
static bool
counts(const Work* const work, const CnExcerpt* const excerpt, const unsigned s)
{
  const CnExcerpt* const real = cn_excerpts_find(work->real, excerpt->piece);
  return excerpt->has[s] && find_phrase(work, excerpt) && (!real || real->has[s]);
}

static size_t
label(const Work* const work, const CnExcerpts* const excerpts, CnLabelled* const rows)
{
  size_t n = 0;
  for (size_t i = 0; i < excerpts->n; ++i) {
    const CnExcerpt* const excerpt = &excerpts->items[i];
    for (unsigned s = 0; s < work->n_sections; ++s) {
      if (counts(work, excerpt, s)) {
        rows[n++] =
            (CnLabelled){&excerpt->sections[s], find_group(work, excerpt->piece), excerpts == work->own};
      }
    }
  }
  return n;
}

static CnStatus
tell_apart(const Work* const work, CnLabelled* const rows, CnComparison* const comparison)
{
  const uint32_t n_groups = (uint32_t)(work->real->n + work->own->n);
  const size_t   n_real   = label(work, work->real, rows);
  const size_t   n_own    = label(work, work->own, rows + n_real);
  CN_TRY(cn_classifier_accuracy(rows, n_real + n_own, n_groups, &comparison->told));
  for (size_t i = 0; i < n_real; ++i) {
    rows[i].is_own = rows[i].group % 2;
  }
  return cn_classifier_accuracy(rows, n_real, n_groups, &comparison->control);
}

// --- The comparison

static size_t
count_sections(const CnExcerpts* const excerpts, const unsigned n_sections)
{
  size_t n = 0;
  for (size_t i = 0; i < excerpts->n; ++i) {
    for (unsigned s = 0; s < n_sections; ++s) {
      n += excerpts->items[i].has[s];
    }
  }
  return n;
}

CnStatus
cn_compare(const CnExcerpts* const real, const CnExcerpts* const own, const unsigned n_sections,
           CnComparison* const comparison)
{
  memset(comparison, 0, sizeof(*comparison));
  comparison->n_sections = n_sections;
  comparison->n_pieces   = real->n;
  comparison->n_real     = count_sections(real, n_sections);
  comparison->n_own      = count_sections(own, n_sections);
  if (!comparison->n_real || !comparison->n_own) {
    return CN_STATUS_NOT_FOUND;
  }
  const size_t      n_rows  = comparison->n_real + comparison->n_own;
  CnLabelled* const rows    = malloc(n_rows * sizeof(CnLabelled));
  double* const     numbers = malloc((n_rows + real->n + own->n) * sizeof(double));
  const Work        work    = {real, own, n_sections, numbers};
  CnStatus          status  = rows && numbers ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (!status) {
    for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
      compare_feature(&work, f, &comparison->features[f]);
    }
    for (unsigned f = 0; f < CN_N_FORM; ++f) {
      compare_form(&work, f, &comparison->form[f]);
    }
    compare_distances(&work, comparison);
    status = tell_apart(&work, rows, comparison);
  }
  free(rows);
  free(numbers);
  return status;
}
