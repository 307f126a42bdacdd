// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_play.h
   Does a model play like what it is to learn?  It goes on with pieces that it has not learnt from, and
   that is compared with how they go on.
*/

#ifndef CN_TRAIN_PLAY_H
#define CN_TRAIN_PLAY_H

#include "tools/corpus/corpus.h"

#include "dsp/base/status.h"
#include "dsp/network/model.h"

#include <stdio.h>

/**
   Go on with some pieces of #CN_SPLIT_VALID, and say in short how far that is from real music.

   Says nothing if fewer than five pieces are long enough.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or what continuing failed with.

   Thread: WORKER
*/
CnStatus
cn_train_play_print(FILE* file, const CnModel* model, const CnCorpus* corpus);

#endif // CN_TRAIN_PLAY_H
