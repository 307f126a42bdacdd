// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file chart.h
   Comparisons as a picture: a panel a feature, with the range of real music as a band and what was made as
   lines, and the distances from the phrase beneath.
*/

#ifndef CN_COMPARE_CHART_H
#define CN_COMPARE_CHART_H

#include "tools/compare/compare.h"
#include "tools/picture/picture.h"

#include <stddef.h>

#define CN_CHART_COLUMNS 6        ///< Of panels
#define CN_CHART_TOP 74.0         ///< [units] Upper end of the first row's plots
#define CN_CHART_ROW 92.0         ///< [units] From one row to the next
#define CN_CHART_PANEL_LEFT 44.0  ///< [units] Left end of the first panel's plot
#define CN_CHART_PANEL_STEP 160.0 ///< [units] From one panel to the next
#define CN_CHART_PANEL_WIDTH 124.0
#define CN_CHART_PANEL_HEIGHT 60.0

/// What to draw
typedef struct {
  const CnComparison* const* comparisons; ///< (n) with the same real music
  const char* const*         names;       ///< (n) of what was made
  size_t                     n;           ///< 1 at least
  const char*                title;       ///< Of any bytes
} CnChart;

/// The page of a chart, which it borrows.  Thread: WORKER
CnPage
cn_chart_page(const CnChart* chart, CnPictureFormat format, int width);

#endif // CN_COMPARE_CHART_H
