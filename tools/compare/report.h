// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file report.h
   A comparison in words, as a table and as JSON.
*/

#ifndef CN_COMPARE_REPORT_H
#define CN_COMPARE_REPORT_H

#include "tools/compare/compare.h"

#include <jansson.h>

#include <stdio.h>

#define CN_INSIDE_ENOUGH 0.72 ///< Share of sections inside real music's range that is nearly as real

/// Print all: a line a feature, the distances, and what tells them apart.  Thread: WORKER
void
cn_comparison_print(FILE* file, const char* name, const CnComparison* comparison);

/// Print the gist in four lines.  Thread: WORKER
void
cn_comparison_print_gist(FILE* file, const CnComparison* comparison);

/// All as a JSON object.  Thread: WORKER
json_t*
cn_comparison_json(const CnComparison* comparison);

#endif // CN_COMPARE_REPORT_H
