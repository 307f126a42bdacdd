// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file network.h
   Forward pass of a model, a note at a time: a trunk that absorbs notes (trunk.h), and heads that read it.
*/

#ifndef CN_NETWORK_H
#define CN_NETWORK_H

#include "dsp/network/context.h"
#include "dsp/network/model.h"

#include <stddef.h>
#include <stdint.h>

typedef struct CnNetwork CnNetwork;

/**
   Make a network, before the first note; nothing is allocated later.

   @param model Borrowed until cn_network_free().
   @param capacity Notes among which going back is cheap; 0 if that is never asked for.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnNetwork*
cn_network_new(const CnModel* model, uint32_t capacity);

/// Free a network; null is allowed.  Thread: INIT
void
cn_network_free(CnNetwork* network);

/// Forget all notes.  Thread: ENGINE
void
cn_network_begin(CnNetwork* network);

/// Absorb the next note, which is not learnt hereby.  Thread: ENGINE
void
cn_network_absorb(CnNetwork* network, const CnNoteInput* input);

/// Go back to before note `n`, at most the number of those absorbed.  @return From which note on they have
/// to be absorbed again, as cn_trunk_go_back().  Thread: ENGINE
uint32_t
cn_network_go_back(CnNetwork* network, uint32_t n);

/**
   Predict a factor of the next note.

   @param[out] logits (cn_factor_classes(factor)) floats.

   Thread: ENGINE
*/
void
cn_network_logits(CnNetwork* network, CnFactor factor, const CnHeadInput* site, float* logits);

/**
   Predict a factor of the next note, and be surprised by what it is.

   @param context Of the notes that were absorbed.
   @param next What is decided of the note.
   @param symbol Class that it has.
   @param[out] p (cn_factor_classes(factor)) probabilities.
   @return [nats] -log of the symbol's; infinite if it cannot come next, as a key twice at once.

   Thread: ENGINE
*/
double
cn_network_surprise(CnNetwork* network, const CnContext* context, CnFactor factor, const CnConditioning* next,
                    unsigned symbol, float* p);

/// The same as cn_network_surprise(), and learn from it as far as the model has it: see adaptation.h.  To be
/// called for all factors before the note is absorbed, or for none; after going back, for the same notes.
/// Thread: ENGINE
double
cn_network_learn(CnNetwork* network, const CnContext* context, CnFactor factor, const CnConditioning* next,
                 unsigned symbol, float* p);

/// What the heads read, (hidden) floats; valid until the next change.  Thread: ENGINE
const float*
cn_network_vector(const CnNetwork* network);

/// What the network occupies besides its model, all that it keeps in order to go back included [bytes].
/// Thread: ANY
size_t
cn_network_size(const CnNetwork* network);

#endif // CN_NETWORK_H
