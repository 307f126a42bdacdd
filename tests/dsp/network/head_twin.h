// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file head_twin.h
   The naive twin of cn_context_head(): it looks through the whole history each time.
*/

#ifndef CN_HEAD_TWIN_H
#define CN_HEAD_TWIN_H

#include "dsp/network/context.h"

enum { CN_TWIN_ROWS = 2048, CN_TWIN_GATES = 32 };

/// A site as sets, with how often each element is in it
typedef struct {
  uint8_t  rows[CN_TWIN_ROWS];
  uint8_t  copies[CN_MAX_CLASSES][CN_TWIN_GATES]; ///< By symbol, then gate
  uint8_t  chord[CN_N_CHORD_ROWS];
  uint8_t  following[CN_N_FOLLOWING_ROWS];
  unsigned lowest;
  double   chroma[CN_N_CHROMA];
} CnSiteTwin;

/**
   Ask the twin for a site.

   @param notes (n) The history.
   @param n At least 1.
   @param next The note that is asked for.

   Thread: ANY
*/
void
cn_head_twin_init(CnSiteTwin* twin, const CnNote* notes, int n, CnFactor factor, const CnConditioning* next);

#endif // CN_HEAD_TWIN_H
