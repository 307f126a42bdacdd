// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/report.h"

#include <math.h>

#define MAX_COLUMNS 8 ///< Sections that a line of the table has; of more, each second one, and so on

/// Sections from one column to the next
static unsigned
find_stride(const CnComparison* const comparison)
{
  return (comparison->n_sections + MAX_COLUMNS - 1) / MAX_COLUMNS;
}

/// A number, or a dash
static void
print_number(FILE* const file, const double value)
{
  if (isnan(value)) {
    fprintf(file, "%8s", "-");
  } else {
    fprintf(file, "%8.2f", value);
  }
}

static void
print_bars(FILE* const file, const CnComparison* const comparison)
{
  for (unsigned s = 0; s < comparison->n_sections; s += find_stride(comparison)) {
    fprintf(file, "%8u", CN_SECTION_BARS * (s + 1));
  }
}

static void
print_feature(FILE* const file, const CnComparison* const comparison, const unsigned f)
{
  const CnFeatureRange* const range = &comparison->features[f];
  const unsigned              last  = comparison->n_sections - 1;
  fprintf(file, "%-20s", cn_feature_name(f));
  print_number(file, range->low);
  print_number(file, range->middle);
  print_number(file, range->high);
  fputs(" |", file);
  for (unsigned s = 0; s < comparison->n_sections; s += find_stride(comparison)) {
    print_number(file, range->own[s]);
  }
  fputs(" |", file);
  print_number(file, range->inside[0]);
  print_number(file, range->inside[last]);
  print_number(file, range->inside_all);
  fputs(range->inside[0] < CN_INSIDE_ENOUGH || range->inside[last] < CN_INSIDE_ENOUGH ? " !\n" : "\n", file);
}

static void
print_distance(FILE* const file, const char* const name, const CnComparison* const comparison,
               const double* const distance)
{
  fprintf(file, "%-20s", name);
  for (unsigned s = 0; s < comparison->n_sections; s += find_stride(comparison)) {
    print_number(file, distance[s]);
  }
  putc('\n', file);
}

static void
print_form(FILE* const file, const CnComparison* const comparison)
{
  fprintf(file, "\nForm, by piece\n%-20s%8s%8s%8s%8s |%8s%8s%8s\n", "", "10 %", "median", "90 %", "mean",
          "median", "mean", "inside");
  for (unsigned f = 0; f < CN_N_FORM; ++f) {
    const CnFormRange* const range    = &comparison->form[f];
    const double             values[] = {range->low, range->middle,   range->high,  range->mean,
                                         range->own, range->own_mean, range->inside};
    fprintf(file, "%-20s", cn_form_name((CnFormFigure)f));
    for (unsigned i = 0; i < 7; ++i) {
      fputs(i == 4 ? " |" : "", file);
      print_number(file, values[i]);
    }
    putc('\n', file);
  }
}

void
cn_comparison_print_gist(FILE* const file, const CnComparison* const comparison)
{
  const unsigned last = comparison->n_sections - 1;
  fprintf(file,
          "Inside real music's range in %.0f %% of cases: %u of %u features in the first eight bars, %u in "
          "the last.\n",
          100.0 * CN_INSIDE_ENOUGH, cn_comparison_count(comparison, 0, CN_INSIDE_ENOUGH),
          (unsigned)CN_N_FEATURES, cn_comparison_count(comparison, last, CN_INSIDE_ENOUGH));
  fprintf(file, "Distance from the phrase: %.2f in the first (real %.2f), %.2f in the last (real %.2f).\n",
          comparison->distance_own[0], comparison->distance_real[0], comparison->distance_own[last],
          comparison->distance_real[last]);
  if (isnan(comparison->told)) {
    fputs("Too few pieces to try whether it can be told from real music.\n", file);
    return;
  }
  fprintf(file, "A line tells eight bars of it from real music in %.2f of cases", comparison->told);
  if (!isnan(comparison->control)) {
    fprintf(file, ", real music from real music in %.2f", comparison->control);
  }
  fputs("; 0.50 is a guess.\n", file);
}

void
cn_comparison_print(FILE* const file, const char* const name, const CnComparison* const comparison)
{
  fprintf(file,
          "%s: %zu sections of %u bars, beside %zu of %zu real pieces.  Median by bars after the phrase; "
          "share inside\n"
          "real music's 10 to 90 %%, where 0.80 is as real, and ! marks less than %.2f at either end\n",
          name, comparison->n_own, (unsigned)CN_SECTION_BARS, comparison->n_real, comparison->n_pieces,
          CN_INSIDE_ENOUGH);
  fprintf(file, "%-20s%8s%8s%8s |", "", "10 %", "median", "90 %");
  print_bars(file, comparison);
  fprintf(file, " |%8s%8s%8s\n", "first", "last", "all");
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    print_feature(file, comparison, f);
  }
  fprintf(file,
          "\nDistance from the phrase, mean over the features, in standard deviations of real music\n%-20s",
          "");
  print_bars(file, comparison);
  putc('\n', file);
  print_distance(file, "real", comparison, comparison->distance_real);
  print_distance(file, "own", comparison, comparison->distance_own);
  print_form(file, comparison);
  putc('\n', file);
  cn_comparison_print_gist(file, comparison);
}

// --- JSON

/// JSON knows no NaN: null stands for it
static json_t*
number(const double value)
{
  return isnan(value) ? json_null() : json_real(value);
}

static json_t*
numbers(const double* const values, const unsigned n)
{
  json_t* const array = json_array();
  for (unsigned i = 0; i < n; ++i) {
    json_array_append_new(array, number(values[i]));
  }
  return array;
}

static json_t*
feature_json(const CnFeatureRange* const range, const unsigned n_sections)
{
  json_t* const object = json_object();
  json_object_set_new(object, "real", numbers((const double[]){range->low, range->middle, range->high}, 3));
  json_object_set_new(object, "own", numbers(range->own, n_sections));
  json_object_set_new(object, "inside", numbers(range->inside, n_sections));
  json_object_set_new(object, "inside_all", number(range->inside_all));
  return object;
}

static json_t*
form_json(const CnComparison* const comparison)
{
  json_t* const form = json_object();
  for (unsigned f = 0; f < CN_N_FORM; ++f) {
    const CnFormRange* const range  = &comparison->form[f];
    json_t* const            object = json_object();
    json_object_set_new(object, "real", numbers((const double[]){range->low, range->middle, range->high}, 3));
    json_object_set_new(object, "real_mean", number(range->mean));
    json_object_set_new(object, "own", number(range->own));
    json_object_set_new(object, "own_mean", number(range->own_mean));
    json_object_set_new(object, "inside", number(range->inside));
    json_object_set_new(form, cn_form_name((CnFormFigure)f), object);
  }
  return form;
}

json_t*
cn_comparison_json(const CnComparison* const comparison)
{
  const unsigned n        = comparison->n_sections;
  json_t* const  object   = json_object();
  json_t* const  features = json_object();
  for (unsigned f = 0; f < CN_N_FEATURES; ++f) {
    json_object_set_new(features, cn_feature_name(f), feature_json(&comparison->features[f], n));
  }
  json_object_set_new(object, "pieces", json_integer((json_int_t)comparison->n_pieces));
  json_object_set_new(object, "sections_real", json_integer((json_int_t)comparison->n_real));
  json_object_set_new(object, "sections_own", json_integer((json_int_t)comparison->n_own));
  json_object_set_new(object, "features", features);
  json_object_set_new(object, "form", form_json(comparison));
  json_object_set_new(object, "distance_real", numbers(comparison->distance_real, n));
  json_object_set_new(object, "distance_own", numbers(comparison->distance_own, n));
  json_object_set_new(object, "told", number(comparison->told));
  json_object_set_new(object, "control", number(comparison->control));
  return object;
}
