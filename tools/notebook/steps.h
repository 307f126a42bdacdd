// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file steps.h
   The residuals of the timing network's regression, to draw steps from; dsp/notebook/model.h has what they
   are.
*/

#ifndef CN_NOTEBOOK_STEPS_H
#define CN_NOTEBOOK_STEPS_H

#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

#include <stddef.h>

/**
   Learn what steps come where how much is foretold.

   @param foretold (n) steps by the network, normalised.
   @param came (n) steps as they were, normalised.
   @param n At least 1.
   @param scale Largest and mean step of the preprocessing [unit].
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_notebook_steps_learn(const float* foretold, const float* came, size_t n, const float scale[2],
                        CnNotebookSteps* steps);

#endif // CN_NOTEBOOK_STEPS_H
