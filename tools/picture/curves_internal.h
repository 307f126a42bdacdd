// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file curves_internal.h
   Which curves of which runs stand where; shared by the files that choose and draw them.
*/

#ifndef CN_CURVES_INTERNAL_H
#define CN_CURVES_INTERNAL_H

#include "tools/base/run_table.h"
#include "tools/picture/curves.h"
#include "tools/picture/plot.h"

#include "dsp/base/fault.h"

#include <stdbool.h>

#define CN_CURVES_MAX 64       ///< Curves of a run
#define CN_CURVES_MAX_PANELS 8 ///<
#define CN_CURVES_MAX_NAME 64  ///< [bytes] of a panel's name

/// What a curve tells
typedef enum {
  CN_CURVE_TRAIN, ///< Loss on what is learnt
  CN_CURVE_VALID, ///< On the pieces to choose by
  CN_CURVE_BARE,  ///< On the same, motif matches hidden
} CnCurveKind;

#define CN_N_CURVE_KINDS 3

/// A column that is drawn
typedef struct {
  size_t      column;
  size_t      panel;
  CnCurveKind kind;
} CnCurve;

/// One training
typedef struct {
  CnRunTable table;
  char*      name; ///< The table's file, without folder and suffix
  int        over; ///< Column that goes to the right, or -1: the number of the row
  CnCurve    curves[CN_CURVES_MAX];
  size_t     n_curves;
} CnRun;

/// All trainings, and the panels that they share
typedef struct {
  CnRun  runs[CN_CURVES_MAX_RUNS];
  size_t n_runs;
  char   panels[CN_CURVES_MAX_PANELS][CN_CURVES_MAX_NAME];
  size_t n_panels;
  bool   has_kind[CN_N_CURVE_KINDS];
  bool   is_ours; ///< The tables are of this program: losses are in nats a note, but for parts that are named
  const char* title;
  double      height; ///< [units] of the page
} CnCurves;

/**
   Read the tables, and choose the curves.

   @param[out] curves All zero before; to be freed with cn_curves_free(), also after a failure.
   @param[out] fault As cn_curves_draw().
   @return As cn_curves_draw().

   Thread: WORKER
*/
CnStatus
cn_curves_load(CnCurves* curves, const CnCurvesOptions* options, CnFault fault);

/// Free, with what they own; null is allowed.  Thread: WORKER
void
cn_curves_free(CnCurves* curves);

/// Where a row stands on the axis to the right.  Thread: ANY
double
cn_run_place(const CnRun* run, size_t row);

/// A curve's value in a row, or NaN.  Thread: ANY
double
cn_run_value(const CnRun* run, const CnCurve* curve, size_t row);

/// The mean of a run's validations in a panel in a row, by which the best row is chosen; NaN: none.
/// Thread: ANY
double
cn_run_judgement(const CnRun* run, size_t panel, size_t row);

/**
   The row that the run's validations in a panel have their lowest mean in.

   @return The row, or SIZE_MAX if there are none.

   Thread: ANY
*/
size_t
cn_run_best(const CnRun* run, size_t panel);

/// Height that some curves need [units].  Thread: ANY
double
cn_curves_height(const CnCurves* curves);

/// Paint curves: CnPage.paint with a CnCurves.  Thread: WORKER
void
cn_curves_paint(cairo_t* cr, const void* object);

#endif // CN_CURVES_INTERNAL_H
