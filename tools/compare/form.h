// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file form.h
   What holds music together over many bars: what comes again, where it rests, how it ends.
*/

#ifndef CN_FORM_H
#define CN_FORM_H

#include "tools/compare/features.h"

#include "dsp/base/status.h"

#include <stdint.h>

/// What is found; all are shares
typedef enum {
  CN_FORM_RETURNS, ///< Bars that have stood before: the same keys at the same places
  CN_FORM_PHRASE,  ///< Bars that stand in the phrase
  CN_FORM_RHYTHMS, ///< Bars of which the onsets have stood before
  CN_FORM_RESTS,   ///< Fourth bars of four in whose last beat nothing is struck
  CN_FORM_OTHERS,  ///< The same of the other bars
  CN_FORM_TONIC,   ///< 1 if the last bass note is the tonic of the last eight bars' key, else 0
} CnFormFigure;

#define CN_N_FORM 6

/// The figures, by CnFormFigure
typedef struct {
  double value[CN_N_FORM];
} CnForm;

/// Name of a figure, such as "bars that return".  Thread: ANY
const char*
cn_form_name(CnFormFigure figure);

/**
   Look at the bars after a phrase.

   @param first Number of bars of the phrase, which begins with the grid.
   @param n_bars How many follow at most.
   @return #CN_STATUS_SUCCESS, or #CN_STATUS_NOT_FOUND if there are fewer than eight bars up to the last note.

   Thread: ANY
*/
CnStatus
cn_form_find(const CnGrid* grid, int32_t first, int32_t n_bars, CnForm* form);

#endif // CN_FORM_H
