// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file parameters.h
   What a network's weights are before it has learnt anything.
*/

#ifndef CN_PARAMETERS_H
#define CN_PARAMETERS_H

#include "dsp/network/model.h"

#include <stdint.h>

/// Fill in first weights.  Thread: ANY
void
cn_parameters_init(const CnLayout* layout, uint32_t seed, float* parameters);

#endif // CN_PARAMETERS_H
