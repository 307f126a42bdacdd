// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/curves_internal.h"

#include "tools/base/file.h"

#include "dsp/music/vocabulary.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the name of a column says
typedef struct {
  bool        is_loss;
  CnCurveKind kind;
  char        panel[CN_CURVES_MAX_NAME];
} Name;

static bool
is_one_of(const char* const word, const size_t length, const char* const* const words)
{
  for (size_t i = 0; words[i]; ++i) {
    if (strlen(words[i]) == length && !strncmp(words[i], word, length)) {
      return true;
    }
  }
  return false;
}

// Take the words of a name; those that do not tell the kind of loss name its panel
static Name
parse_name(const char* const text)
{
  static const char* const losses[] = {"train", "loss", NULL};
  static const char* const valids[] = {"valid", "val", "validation", NULL};
  static const char* const bares[]  = {"bare", NULL};
  static const char* const others[] = {"accuracy", "acc", "rate", "best", "notes", "seconds", NULL};

  Name   name    = {.is_loss = false};
  size_t n       = 0;
  bool   is_none = false;
  for (const char* word = text; *word;) {
    const size_t length = strcspn(word, "_-. ");
    if (is_one_of(word, length, losses)) {
      name.is_loss = true;
    } else if (is_one_of(word, length, valids)) {
      name.is_loss = true;
      name.kind    = name.kind == CN_CURVE_BARE ? CN_CURVE_BARE : CN_CURVE_VALID;
    } else if (is_one_of(word, length, bares)) {
      name.kind = CN_CURVE_BARE;
    } else if (n + length + 2 < sizeof(name.panel)) {
      n +=
          (size_t)snprintf(name.panel + n, sizeof(name.panel) - n, "%s%.*s", n ? " " : "", (int)length, word);
    }
    is_none = is_none || is_one_of(word, length, others);
    word += length;
    word += *word != '\0';
  }
  name.is_loss = name.is_loss && !is_none;
  return name;
}

static bool
is_factor(const char* const name)
{
  unsigned f = 0;
  while (f < CN_N_FACTORS && strcmp(name, cn_factor_name((CnFactor)f))) {
    ++f;
  }
  return f < CN_N_FACTORS;
}

// A factor's loss is a part of the loss of all, if the table has that
static bool
is_part(const CnRunTable* const table, const Name* const name)
{
  for (size_t c = 0; is_factor(name->panel) && c < table->n_columns; ++c) {
    const Name other = parse_name(table->names[c]);
    if (other.is_loss && other.kind == name->kind && !other.panel[0]) {
      return true;
    }
  }
  return false;
}

static bool
has_numbers(const CnRunTable* const table, const size_t column)
{
  for (size_t row = 0; row < table->n_rows; ++row) {
    if (!isnan(table->values[row * table->n_columns + column])) {
      return true;
    }
  }
  return false;
}

// The number of a panel, which may be a new one; CN_CURVES_MAX_PANELS if there is no more room
static size_t
find_panel(CnCurves* const curves, const char* const name)
{
  size_t panel = 0;
  while (panel < curves->n_panels && strcmp(curves->panels[panel], name)) {
    ++panel;
  }
  if (panel == curves->n_panels && panel < CN_CURVES_MAX_PANELS) {
    snprintf(curves->panels[curves->n_panels++], CN_CURVES_MAX_NAME, "%s", name);
  }
  return panel;
}

static void
choose_curves(CnCurves* const curves, CnRun* const run)
{
  for (size_t c = 0; c < run->table.n_columns && run->n_curves < CN_CURVES_MAX; ++c) {
    const Name name = parse_name(run->table.names[c]);
    if (name.is_loss && !is_part(&run->table, &name) && has_numbers(&run->table, c)) {
      const size_t panel = find_panel(curves, name.panel);
      if (panel < CN_CURVES_MAX_PANELS) {
        run->curves[run->n_curves++] = (CnCurve){c, panel, name.kind};
        curves->has_kind[name.kind]  = true;
      }
    }
  }
}

static int
find_column(const CnRunTable* const table, const char* const name)
{
  for (size_t c = 0; c < table->n_columns; ++c) {
    if (!strcmp(table->names[c], name)) {
      return (int)c;
    }
  }
  return -1;
}

static CnStatus
load_run(CnCurves* const curves, const char* const path, const char* const over, const CnFault fault)
{
  CnRun* const   run       = &curves->runs[curves->n_runs++];
  char           text[256] = "";
  const CnStatus status    = cn_run_table_load(path, &run->table, CN_FAULT(text));
  if (status) {
    return CN_FAIL(fault, status, "%s: %s", path, text);
  }
  run->name = cn_path_stem(path);
  run->over = find_column(&run->table, over ? over : "epoch");
  if (!over && run->over < 0) {
    run->over = find_column(&run->table, "step");
  }
  choose_curves(curves, run);
  curves->is_ours =
      curves->is_ours && find_column(&run->table, "step") == 0 && find_column(&run->table, "seconds") == 2;
  if (!run->name) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s: %s", path, cn_strerror(CN_STATUS_NO_MEMORY));
  }
  if (over && run->over < 0) {
    return CN_FAIL(fault, CN_STATUS_NOT_FOUND, "%s: no column '%s'", path, over);
  }
  if (!run->n_curves) {
    return CN_FAIL(fault, CN_STATUS_NOT_FOUND, "%s: no column of losses: none is called train, valid or loss",
                   path);
  }
  return CN_STATUS_SUCCESS;
}

double
cn_run_place(const CnRun* const run, const size_t row)
{
  return run->over < 0 ? (double)row + 1.0
                       : run->table.values[row * run->table.n_columns + (size_t)run->over];
}

double
cn_run_value(const CnRun* const run, const CnCurve* const curve, const size_t row)
{
  return run->table.values[row * run->table.n_columns + curve->column];
}

double
cn_run_judgement(const CnRun* const run, const size_t panel, const size_t row)
{
  double sum = 0.0;
  size_t n   = 0;
  for (size_t i = 0; i < run->n_curves; ++i) {
    const CnCurve* const curve = &run->curves[i];
    if (curve->panel == panel && curve->kind != CN_CURVE_TRAIN) {
      sum += cn_run_value(run, curve, row);
      ++n;
    }
  }
  return n ? sum / (double)n : NAN;
}

size_t
cn_run_best(const CnRun* const run, const size_t panel)
{
  size_t best   = SIZE_MAX;
  double lowest = INFINITY;
  for (size_t row = 0; row < run->table.n_rows; ++row) {
    const double judgement = cn_run_judgement(run, panel, row);
    if (judgement < lowest) { // False if there is a NaN
      best   = row;
      lowest = judgement;
    }
  }
  return best;
}

CnStatus
cn_curves_load(CnCurves* const curves, const CnCurvesOptions* const options, const CnFault fault)
{
  if (options->n_paths < 1 || options->n_paths > CN_CURVES_MAX_RUNS) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "%s: 1 to %d runs can be drawn", options->output,
                   CN_CURVES_MAX_RUNS);
  }
  curves->title   = options->title;
  curves->is_ours = true;
  for (size_t i = 0; i < options->n_paths; ++i) {
    CN_TRY(load_run(curves, options->paths[i], options->over, fault));
  }
  return CN_STATUS_SUCCESS;
}

void
cn_curves_free(CnCurves* const curves)
{
  for (size_t i = 0; curves && i < curves->n_runs; ++i) {
    cn_run_table_clear(&curves->runs[i].table);
    free(curves->runs[i].name);
  }
  free(curves);
}
