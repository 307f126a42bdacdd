// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_weights.h
   Writing weights files of the seed's own system; dsp/notebook/seed_model.h has the format.
*/

#ifndef CN_SEED_WEIGHTS_H
#define CN_SEED_WEIGHTS_H

#include "dsp/base/status.h"
#include "dsp/file/safetensors.h"
#include "dsp/notebook/seed_model.h"

#include <stddef.h>

/**
   Write the pair of networks to a file, all or nothing.

   @param parameters For each network (n_parameters) floats.
   @param dtype Type to store them as; the preprocessing's numbers stay whole.
   @param metadata (n_metadata) entries next to those that say what the networks are.

   Thread: WORKER
*/
CnStatus
cn_seed_weights_save(const char* path, const CnSeedNet nets[CN_N_SEED_TASKS], const CnSeedScale* scale,
                     const float* const parameters[CN_N_SEED_TASKS], CnDtype dtype,
                     const CnTensorsMetadata* metadata, size_t n_metadata);

#endif // CN_SEED_WEIGHTS_H
