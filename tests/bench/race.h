// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file race.h
   What the benches of training share: a corpus, the recipe, streams and a stop watch.

   From the environment: CORPUS, a folder of MIDI files, with SPLIT, its table (without one, the music is
   made up); HIDDEN; DROPOUT [percent].
*/

#ifndef CN_RACE_H
#define CN_RACE_H

#include "tools/corpus/stream.h"
#include "tools/learn/trainer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CN_RACE_STREAMS = 32, CN_RACE_STEPS = 64 };

/// [seconds] by the wall clock, and of all threads' computing
typedef struct {
  double wall;
  double cpu;
} CnRaceTime;

/// What the clocks say.  Thread: ANY
CnRaceTime
cn_race_now(void);

/// A number from the environment.  Thread: ANY
size_t
cn_race_size(const char* name, size_t otherwise);

/// Load or make the corpus; false, with a message, if it cannot be had.  Freed by nobody.  Thread: INIT
bool
cn_race_corpus(CnCorpus* corpus);

/// The recipe of `continuo train` for a network of 256, but without an end.  Thread: ANY
CnRecipe
cn_race_recipe(size_t n_threads);

/**
   Make the streams that the recipe trains with, or those that it validates with.

   @param[out] streams (CN_RACE_STREAMS), to be freed by nobody.

   Thread: INIT
*/
bool
cn_race_streams(const CnCorpus* corpus, CnSplit split, CnStream** streams);

/// Fill a batch of CN_RACE_STREAMS by CN_RACE_STEPS.  Thread: ANY
void
cn_race_fill(CnStream** streams, CnBatch* batch);

/// Write a batch as it is in memory: inputs, sites, targets, begins, has_target.  Thread: ANY
bool
cn_race_write(FILE* file, const CnBatch* batch);

#endif // CN_RACE_H
