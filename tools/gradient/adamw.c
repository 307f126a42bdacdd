// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/adamw.h"

#include "dsp/kernel/kernels.h"

#include <math.h>

typedef struct {
  float beta1, beta2, rate, epsilon, keep, unbias_square;
} Constants;

CN_KERNEL static void
update(const Constants c, const size_t n, const float scale, const float* const restrict gradient,
       float* const restrict mean, float* const restrict square, float* const restrict parameters)
{
  for (size_t i = 0; i < n; ++i) {
    const float g = gradient[i] * scale;
    mean[i]       = c.beta1 * mean[i] + (1.0F - c.beta1) * g;
    square[i]     = c.beta2 * square[i] + (1.0F - c.beta2) * g * g;
    parameters[i] =
        c.keep * parameters[i] - c.rate * mean[i] / (sqrtf(square[i] * c.unbias_square) + c.epsilon);
  }
}

void
cn_adamw_step(const CnAdamw* const settings, const size_t n, const float scale, const float* const gradient,
              float* const mean, float* const square, float* const parameters)
{
  const double    step      = (double)settings->step;
  const double    unbias    = 1.0 - pow((double)settings->beta1, step);
  const double    unbias_sq = 1.0 - pow((double)settings->beta2, step);
  const Constants constants = {.beta1         = settings->beta1,
                               .beta2         = settings->beta2,
                               .rate          = (float)((double)settings->rate / unbias),
                               .epsilon       = settings->epsilon,
                               .keep          = 1.0F - settings->rate * settings->weight_decay,
                               .unbias_square = (float)(1.0 / unbias_sq)};
  update(constants, n, scale, gradient, mean, square, parameters);
}
