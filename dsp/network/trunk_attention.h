// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trunk_attention.h
   A trunk of self-attention: the decoder of Vaswani et al. (2017), normalised before each half of a layer
   (Xiong et al. 2020) by root mean squares (Zhang and Sennrich 2019), one position a note.

   It keeps keys and values of the last notes in a ring: a note costs the same however many came before, and
   going back is forgetting entries.  The ring is twice as long as the window, so that going back by up to a
   window is free; further back, as many notes are heard again as the last one can have heard of.
*/

#ifndef CN_TRUNK_ATTENTION_H
#define CN_TRUNK_ATTENTION_H

#include "dsp/network/trunk.h"

/// Make one, as cn_trunk_new() does.  Thread: INIT
CnTrunk*
cn_trunk_attention_new(const CnModel* model, uint32_t capacity);

#endif // CN_TRUNK_ATTENTION_H
