// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trunk_kinds.h
   The kinds of trunk that trunk.c has in its table, each in a file of its own.
*/

#ifndef CN_TRUNK_KINDS_H
#define CN_TRUNK_KINDS_H

#include "dsp/network/trunk.h"

/**
   Make a trunk of recurrent layers, GRU or LSTM, mostly one, as cn_trunk_new() does.

   It keeps its state every few notes: to go back is to take the last one before, and to come forward again.

   Thread: INIT
*/
CnTrunk*
cn_trunk_recurrent_new(const CnModel* model, uint32_t capacity);

/**
   Make a trunk of self-attention, as cn_trunk_new() does: the decoder of Vaswani et al. (2017), normalised
   before each half of a layer (Xiong et al. 2020) by root mean squares (Zhang and Sennrich 2019), one
   position a note.

   It keeps keys and values of the last notes in a ring: a note costs the same however many came before, and
   going back is forgetting entries.  The ring is twice as long as the window, so that going back by up to a
   window is free; further back, as many notes are heard again as the last one can have heard of.

   Thread: INIT
*/
CnTrunk*
cn_trunk_attention_new(const CnModel* model, uint32_t capacity);

#endif // CN_TRUNK_KINDS_H
