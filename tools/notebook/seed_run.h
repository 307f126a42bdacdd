// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_run.h
   A training run of the seed's own system, from a folder of MIDI files to a weights file.
*/

#ifndef CN_SEED_RUN_H
#define CN_SEED_RUN_H

#include "tools/notebook/seed_trainer.h"
#include "tools/run/train_run.h"

/// What the command line asks for
typedef struct {
  CnTrainJob   files; ///< Where from and where to; its recipe has only the seed of the split
  CnSeedRecipe recipe;
} CnSeedJob;

/**
   Train, tell on stderr how it goes, and write the best weights each time that there are better ones.

   Beside the weights go a table of the run (.csv), a picture of it (.png), and the split if it was drawn
   (.split.tsv).
   Interrupts and hang-ups end the run early.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_seed_run(const CnSeedJob* job);

/**
   `continuo train --arch seed`: read its options and train.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_seed_command(int argc, char** argv);

/// True if the arguments of `train` name an architecture: only cn_seed_command() knows one.  Thread: INIT
bool
cn_seed_is_asked(int argc, char** argv);

#endif // CN_SEED_RUN_H
