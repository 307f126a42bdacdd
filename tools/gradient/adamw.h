// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file adamw.h
   One step of AdamW: Loshchilov and Hutter, "Decoupled weight decay regularization" (ICLR 2019).
*/

#ifndef CN_ADAMW_H
#define CN_ADAMW_H

#include <stddef.h>
#include <stdint.h>

/// Constants of one step
typedef struct {
  float    rate;         ///< Learning rate
  float    beta1;        ///< Decay of the mean
  float    beta2;        ///< Decay of the mean square
  float    epsilon;      ///<
  float    weight_decay; ///< 0 for biases
  uint64_t step;         ///< Number of the step, from 1
} CnAdamw;

/**
   Update parameters in place.

   @param n Number of parameters.
   @param scale Factor of the gradient, as for clipping.
   @param gradient (n) floats.
   @param[in,out] mean (n) floats, 0 before the first step.
   @param[in,out] square (n) floats, 0 before the first step.
   @param[in,out] parameters (n) floats.

   Thread: ANY
*/
void
cn_adamw_step(const CnAdamw* settings, size_t n, float scale, const float* gradient, float* mean,
              float* square, float* parameters);

#endif // CN_ADAMW_H
