// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file attention.h
   What the notes of an attention trunk are to one another: how far apart in musical time.

   Each head has a learnt bias for each span, shared by all layers (after Shaw et al. 2018 and Raffel et
   al. 2020, who count tokens).  Spans count what musicians count: the chord, sixteenths within a bar, the
   same place some bars ago, and roughly what lies further back.
*/

#ifndef CN_ATTENTION_H
#define CN_ATTENTION_H

#include <stdint.h>

#define CN_SPAN_SIXTEENTHS 24 ///< A note counts to the next one, up to a bar of 12/8
#define CN_SPAN_BARS 16       ///< Bars ago, at the same place
#define CN_SPAN_FARS 9        ///< Bounds of what lies between and beyond

/// Spans, by block
enum {
  CN_SPAN_SELF      = 0, ///< The note itself
  CN_SPAN_CHORD     = 1, ///< Another note of the same onset
  CN_SPAN_SIXTEENTH = 2,
  CN_SPAN_BAR       = CN_SPAN_SIXTEENTH + CN_SPAN_SIXTEENTHS,
  CN_SPAN_FAR       = CN_SPAN_BAR + CN_SPAN_BARS,
  CN_N_SPANS        = CN_SPAN_FAR + CN_SPAN_FARS,
};

/// Times as wide as the trunk is the hidden layer of each block
#define CN_FORWARD_WIDTH 2U

/**
   The span from a note back to an earlier one.

   @param ticks Between the two onsets [ticks], not negative.
   @param bar Length of the later note's bar [ticks], not 0.

   Thread: ANY
*/
unsigned
cn_attention_span(int32_t ticks, uint32_t bar);

#endif // CN_ATTENTION_H
