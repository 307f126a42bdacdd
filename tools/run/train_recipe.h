// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_recipe.h
   What to train, and for how long, when nobody has said so.
*/

#ifndef CN_TRAIN_RECIPE_H
#define CN_TRAIN_RECIPE_H

#include "tools/learn/trainer.h"

#include <stddef.h>

#define CN_PATIENCE_OPEN UINT32_MAX ///< Patience that is left open

/// A recipe that leaves open all that depends on the corpus.  Thread: ANY
CnRecipe
cn_recipe_open(void);

/**
   Fill in what a recipe leaves open: widths, streams, epochs or patience of 0 (CN_PATIENCE_OPEN), a rate or a
   dropout below 0.

   Few notes want a small network, more dropout and smaller batches, so that there are enough steps before
   the notes are known by heart; the sizes at which that changes were measured.

   @param n_notes To learn from.
   @param is_tuned True if the run starts from trained weights, which fixes the shape and wants a gentle rate.
   @return What was chosen for which size, in a word or two; a constant.

   Thread: ANY
*/
const char*
cn_recipe_complete(CnRecipe* recipe, size_t n_notes, bool is_tuned);

#endif // CN_TRAIN_RECIPE_H
