// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file colormap.h
   Colours that stand for numbers.
*/

#ifndef CN_COLORMAP_H
#define CN_COLORMAP_H

/// A colour, components 0..1, sRGB
typedef struct {
  double r;
  double g;
  double b;
} CnColor;

/**
   The colour of `t` on viridis, from dark violet at 0 to yellow at 1.

   Its lightness rises evenly, so that it keeps its order in grey and for colour-blind eyes.
   Source: S. van der Walt and N. Smith, Matplotlib 2.0; nine of its points, joined linearly.

   @param t Clamped to 0..1.

   Thread: ANY
*/
CnColor
cn_color_viridis(double t);

/// The colour a part `t` of the way from `a` to `b`.  Thread: ANY
CnColor
cn_color_mix(CnColor a, CnColor b, double t);

#endif // CN_COLORMAP_H
