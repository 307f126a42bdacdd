// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file network.h
   Forward pass of a model, a note at a time.
*/

#ifndef CN_NETWORK_H
#define CN_NETWORK_H

#include "dsp/network/context.h"
#include "dsp/network/model.h"

#include <stddef.h>

typedef struct CnNetwork CnNetwork;

/**
   Make a network with its state and scratch; nothing is allocated later.

   @param model Borrowed until cn_network_free().

   Thread: INIT
*/
CnNetwork*
cn_network_new(const CnModel* model);

/// Free a network; null is allowed.  Thread: INIT
void
cn_network_free(CnNetwork* network);

/// Forget all notes.  Thread: ENGINE
void
cn_network_reset(CnNetwork* network);

/// Take in a note.  Thread: ENGINE
void
cn_network_step(CnNetwork* network, const CnNoteInput* input);

/**
   Predict a factor of the next note.

   @param[out] logits (cn_factor_classes(factor)) floats.

   Thread: ENGINE
*/
void
cn_network_logits(CnNetwork* network, CnFactor factor, const CnHeadInput* site, float* logits);

/// Size of the recurrent state [floats].  Thread: ENGINE
size_t
cn_network_state_size(const CnNetwork* network);

/// Copy the recurrent state out, cn_network_state_size() floats.  Thread: ENGINE
void
cn_network_get_state(const CnNetwork* network, float* state);

/// Go back to a state.  Thread: ENGINE
void
cn_network_set_state(CnNetwork* network, const float* state);

/// Add what the copies of a site give to its symbols; y has the head's outputs.  Thread: ANY
void
cn_site_add_copies(const CnHeadInput* site, CnFactor factor, float* y);

#endif // CN_NETWORK_H
