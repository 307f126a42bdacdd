// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file colormap.h
   Colours that stand for numbers, and for the length of notes.
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

#define CN_SHORTEST 3.0 ///< [ticks] A 1/32 note, at the lower end of the colours
#define CN_LONGEST 96.0 ///< [ticks] A whole note, at their upper end

/// The colour of a note's length [ticks], by its logarithm.  Thread: ANY
CnColor
cn_color_duration(double duration);

/// The colour a part `t` of the way from `a` to `b`.  Thread: ANY
CnColor
cn_color_mix(CnColor a, CnColor b, double t);

#endif // CN_COLORMAP_H
