// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file trunk_recurrent.h
   A trunk of recurrent layers, GRU or LSTM, mostly one.

   It keeps its state every few notes: to go back is to take the last one before, and to come forward again.
*/

#ifndef CN_TRUNK_RECURRENT_H
#define CN_TRUNK_RECURRENT_H

#include "dsp/network/trunk.h"

/// Make one, as cn_trunk_new() does.  Thread: INIT
CnTrunk*
cn_trunk_recurrent_new(const CnModel* model, uint32_t capacity);

#endif // CN_TRUNK_RECURRENT_H
