// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/scoring.h"

#include <math.h>

static const char* const timing_names[CN_N_TIMINGS] = {"step", "duration"};

void
cn_scoring_add(CnScoring* const sum, const CnScoring* const scoring)
{
  cn_loss_add(&sum->all, &scoring->all);
  cn_loss_add(&sum->non_repeat, &scoring->non_repeat);
  for (unsigned t = 0; t < CN_N_TIMINGS; ++t) {
    sum->timing.absolute[t] += scoring->timing.absolute[t];
    sum->timing.squared[t] += scoring->timing.squared[t];
  }
  sum->timing.n_notes += scoring->timing.n_notes;
}

unsigned
cn_likeliest_pitch(const float* const p)
{
  unsigned best = 0;
  for (unsigned i = 1; i < CN_N_PITCHES; ++i) {
    best = p[i] > p[best] ? i : best;
  }
  return best;
}

void
cn_timing_predict(const CnFactor factor, const float* const p, double ticks[CN_N_TIMINGS])
{
  double mean = 0.0;
  if (factor == CN_FACTOR_DT) {
    for (unsigned i = 0; i < CN_N_DTS; ++i) {
      mean += (double)p[i] * i;
    }
    ticks[CN_TIMING_STEP] = mean;
  } else if (factor == CN_FACTOR_DURATION) {
    for (unsigned i = 0; i < CN_N_DURATIONS; ++i) {
      mean += (double)p[i] * cn_duration_ticks((uint8_t)i);
    }
    ticks[CN_TIMING_DURATION] = mean;
  }
}

void
cn_timing_error_add(CnTimingError* const sum, const double ticks[CN_N_TIMINGS], const CnNote* const note,
                    const int32_t previous)
{
  const double truth[CN_N_TIMINGS] = {(double)note->onset - previous, note->duration};
  for (unsigned t = 0; t < CN_N_TIMINGS; ++t) {
    const double error = (truth[t] - ticks[t]) / CN_TICKS_PER_QUARTER;
    sum->absolute[t] += fabs(error);
    sum->squared[t] += error * error;
  }
  sum->n_notes += 1.0;
}

// A mean of no notes, or of what was not predicted, is null
static json_t*
mean_json(const double sum, const double n)
{
  return n > 0.0 && isfinite(sum) ? json_real(sum / n) : json_null();
}

static void
add_loss(json_t* const object, const CnLoss* const loss)
{
  json_t* const nll = json_object();
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    json_object_set_new(nll, cn_factor_name((CnFactor)f), mean_json(cn_loss_factor(loss, (CnFactor)f), 1.0));
  }
  json_object_set_new(nll, "total", mean_json(cn_loss_mean(loss), 1.0));
  json_object_set_new(object, "notes", json_integer((json_int_t)loss->n_notes));
  json_object_set_new(object, "nll", nll);
  json_object_set_new(object, "pitch_accuracy", mean_json(loss->n_right, loss->n_notes));
}

json_t*
cn_scoring_json(const CnScoring* const scoring)
{
  json_t* const object     = json_object();
  json_t* const non_repeat = json_object();
  json_t* const timing     = json_object();
  add_loss(object, &scoring->all);
  add_loss(non_repeat, &scoring->non_repeat);
  for (unsigned t = 0; t < CN_N_TIMINGS; ++t) {
    const CnTimingError* const sums   = &scoring->timing;
    json_t* const              errors = json_object();
    json_object_set_new(errors, "mean_absolute", mean_json(sums->absolute[t], sums->n_notes));
    json_object_set_new(errors, "root_mean_square",
                        sums->n_notes > 0.0 ? mean_json(sqrt(sums->squared[t] / sums->n_notes), 1.0)
                                            : json_null());
    json_object_set_new(timing, timing_names[t], errors);
  }
  json_object_set_new(object, "non_repeat", non_repeat);
  json_object_set_new(object, "error_in_beats", timing);
  return object;
}

void
cn_scoring_print_heading(FILE* const file)
{
  fprintf(file, "%-21s %8s  %7s  %7s  %8s  %8s  %7s  %6s  %13s  %13s\n", "", "", "", "", "", "", "", "pitch",
          "error of step", "of duration");
  fprintf(file, "%-21s %8s  %7s  %7s  %8s  %8s  %7s  %6s  %6s %6s  %6s %6s\n", "", "notes", "dt", "pitch",
          "duration", "velocity", "total", "right", "mean", "r.m.s.", "mean", "r.m.s.");
}

// Print a number, or a dash where there is none
static void
print_number(FILE* const file, const int width, const int decimals, const double value)
{
  if (isnan(value)) {
    fprintf(file, "%*s", width, "-");
  } else {
    fprintf(file, "%*.*f", width, decimals, value);
  }
}

static void
print_loss(FILE* const file, const CnLoss* const loss)
{
  static const int widths[CN_N_FACTORS] = {9, 9, 10, 10};
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    print_number(file, widths[f], 4, cn_loss_factor(loss, (CnFactor)f));
  }
  print_number(file, 9, 4, cn_loss_mean(loss));
  print_number(file, 6, 1, 100.0 * loss->n_right / loss->n_notes);
  fputs(isnan(loss->n_right) ? "  " : " %", file);
}

static void
print_timing(FILE* const file, const CnTimingError* const timing)
{
  for (unsigned t = 0; t < CN_N_TIMINGS; ++t) {
    print_number(file, 8, 3, timing->absolute[t] / timing->n_notes);
    print_number(file, 7, 3, sqrt(timing->squared[t] / timing->n_notes));
  }
}

void
cn_scoring_print(FILE* const file, const char* const name, const CnScoring* const scoring)
{
  if (scoring->all.n_notes > 0.0) {
    fprintf(file, "%-16s %-4s %8.0f", name, "all", scoring->all.n_notes);
    print_loss(file, &scoring->all);
    print_timing(file, &scoring->timing);
    fputc('\n', file);
  }
  if (scoring->non_repeat.n_notes > 0.0) {
    fprintf(file, "%-16s %-4s %8.0f", "", "new", scoring->non_repeat.n_notes);
    print_loss(file, &scoring->non_repeat);
    fputc('\n', file);
  }
}
