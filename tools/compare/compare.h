// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file compare.h
   How far music that was made is from real music: feature by feature, section by section.
*/

#ifndef CN_COMPARE_H
#define CN_COMPARE_H

#include "tools/compare/excerpt.h"
#include "tools/compare/features.h"

#include "dsp/base/status.h"

#include <stddef.h>

/// One feature
typedef struct {
  double low;                     ///< A tenth of real sections is below
  double middle;                  ///< Half of them
  double high;                    ///< A tenth is above
  double own[CN_MAX_SECTIONS];    ///< Median of what was made, by section
  double inside[CN_MAX_SECTIONS]; ///< Share of what was made from `low` to `high`, by section
  double inside_all;              ///< Of all sections; 0.8 would be as real
} CnFeatureRange;

/// A figure of form, by piece
typedef struct {
  double low;      ///< A tenth of real pieces is below
  double middle;   ///< Half of them
  double high;     ///< A tenth is above
  double mean;     ///< Of real pieces
  double own;      ///< Median of what was made
  double own_mean; ///< Mean of that
  double inside;   ///< Share of it from `low` to `high`
} CnFormRange;

/// The comparison; NaN where there is nothing to tell of
typedef struct {
  unsigned       n_sections; ///< That were looked at
  size_t         n_pieces;   ///< Real ones
  size_t         n_real;     ///< Sections of real music
  size_t         n_own;      ///< And of what was made
  CnFeatureRange features[CN_N_FEATURES];
  double distance_real[CN_MAX_SECTIONS];     ///< From the phrase, by section: median over pieces of the mean
                                             ///< over features [standard deviations of real music]
  double      distance_own[CN_MAX_SECTIONS]; ///<
  CnFormRange form[CN_N_FORM];
  double      told;    ///< How often a line tells them apart where both have a section, see classifier.h
  double      control; ///< The same for two halves of the real pieces: what chance makes of it
} CnComparison;

/**
   Compare.

   @param n_sections As both were looked at with, 1..CN_MAX_SECTIONS.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_NOT_FOUND if one of both has no section with anything in it;
   #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_compare(const CnExcerpts* real, const CnExcerpts* own, unsigned n_sections, CnComparison* comparison);

/// Features of which at least `share` of section `s` is inside real music's range.  Thread: ANY
unsigned
cn_comparison_count(const CnComparison* comparison, unsigned s, double share);

#endif // CN_COMPARE_H
