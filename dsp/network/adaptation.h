// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file adaptation.h
   What a network learns while it listens: dynamic evaluation, as in Krause, Kahembwe, Murray and Renals,
   "Dynamic evaluation of neural sequence models" (2018), of the heads alone.

   Each factor's hidden layer gets a vector of its own besides what weights and tables give it.  It is zero
   before the first note; after each note that is learnt, it takes a step down the gradient of that note's
   surprise, and fades.  So the network gets used to the music at hand, however far that is from what it was
   trained on, and no weight changes.

   Notes count from 0, as a trunk's do.  The vectors are a function of the notes, and are kept now and then,
   so that going back is cheap.
*/

#ifndef CN_ADAPTATION_H
#define CN_ADAPTATION_H

#include "dsp/network/context.h"
#include "dsp/network/model.h"

#include <stddef.h>
#include <stdint.h>

typedef struct CnAdaptation CnAdaptation;

/**
   Begin before the first note; nothing is allocated later.

   @param model Borrowed until cn_adaptation_free().
   @param capacity Notes among which going back is cheap; 0 if that is never asked for.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnAdaptation*
cn_adaptation_new(const CnModel* model, uint32_t capacity);

/// Free; null is allowed.  Thread: INIT
void
cn_adaptation_free(CnAdaptation* adaptation);

/// Forget all.  Thread: ENGINE
void
cn_adaptation_begin(CnAdaptation* adaptation);

/// Number of the note that comes next.  Thread: ENGINE
uint32_t
cn_adaptation_place(const CnAdaptation* adaptation);

/// What a factor's hidden layer gets, (D) floats; valid until the next change.  Thread: ENGINE
const float*
cn_adaptation_vector(const CnAdaptation* adaptation, CnFactor factor);

/**
   Learn a factor of the note that comes next.

   @param site Of which it was predicted.
   @param p (cn_factor_classes(factor)) probabilities that were foretold.
   @param hidden (D) the head's hidden layer, by which they were.
   @param symbol Class that the note has.

   Thread: ENGINE
*/
void
cn_adaptation_learn(CnAdaptation* adaptation, CnFactor factor, const CnHeadInput* site, const float* p,
                    const float* hidden, unsigned symbol);

/// Go on to the next note, whether this one was learnt or not.  Thread: ENGINE
void
cn_adaptation_go_on(CnAdaptation* adaptation);

/**
   Go back to before note `n`.

   @param n At most the number of notes that were gone over.
   @return A number m, at most `n`, before which it stands now: once the notes from there on have been learnt
   again as they were, all is as it was, bit for bit.

   Thread: ENGINE
*/
uint32_t
cn_adaptation_go_back(CnAdaptation* adaptation, uint32_t n);

/// What it occupies, all that it keeps included [bytes].  Thread: ANY
size_t
cn_adaptation_size(const CnAdaptation* adaptation);

#endif // CN_ADAPTATION_H
