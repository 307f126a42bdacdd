// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sampler.h
   Drawing a class from a network's logits.
*/

#ifndef CN_SAMPLER_H
#define CN_SAMPLER_H

#include "dsp/music/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Draw a class.

   Impossible classes are removed first, then the temperature is applied, then all but the likeliest
   classes that together reach `top_p` are removed: Holtzman et al., "The curious case of neural text
   degeneration" (ICLR 2020).

   @param n Number of classes, at most CN_MAX_CLASSES.
   @param[in,out] logits (n) floats; scratch afterwards.
   @param is_possible (n) flags, or null if all are; at least one is.
   @param temperature Above 0.
   @param top_p Share that is kept, 0..1; the likeliest class always is.
   @param uniform Random number in [0, 1).

   Thread: ENGINE
*/
unsigned
cn_sample(size_t n, float* logits, const bool* is_possible, float temperature, float top_p, float uniform);

#endif // CN_SAMPLER_H
