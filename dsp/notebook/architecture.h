// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file architecture.h
   The networks of the notebook as one architecture of several: "notebook"; old files say "seed".
*/

#ifndef CN_NOTEBOOK_ARCHITECTURE_H
#define CN_NOTEBOOK_ARCHITECTURE_H

#include "dsp/compose/architecture.h"

extern const CnArchitecture cn_notebook_architecture; ///< Its models are CnNotebookModel

#endif // CN_NOTEBOOK_ARCHITECTURE_H
