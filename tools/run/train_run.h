// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_run.h
   A training run from a folder of MIDI files to a weights file.
*/

#ifndef CN_TRAIN_RUN_H
#define CN_TRAIN_RUN_H

#include "tools/corpus/corpus.h"
#include "tools/learn/trainer.h"

#include <stdbool.h>

/// What the command line asks for
typedef struct {
  CnRecipe    recipe;            ///< May leave open what cn_recipe_complete() fills in
  const char* folder;            ///< Of the corpus
  const char* output;            ///< Where the weights go
  const char* from;              ///< Weights to begin with, "default", or null
  const char* split;             ///< Table, or null: by file
  const char* licence;           ///< Of the weights, or null
  const char* credit;            ///< For the corpus, or null
  bool        is_half;           ///< Write 16-bit floats
  bool        is_float;          ///< Write 32-bit floats; neither: 8 bits, if they cost next to nothing
  bool        is_cell_given;     ///< And not left open
  bool        is_distance_given; ///< Likewise

  double    checkpoint_minutes; ///< Between two checkpoints
  bool      is_forced;          ///< Write over what stands at the output's place
  bool      has_no_velocity;    ///< Learn velocities from none of the pieces
  CnLengths lengths;            ///< Of notes that a pedal holds
  bool      is_unplayed;        ///< Do not play at the end
  bool      is_resumed;         ///< Go on from the checkpoint of a run that was interrupted
} CnTrainJob;

/**
   Train, tell on stderr how it goes, and write the best weights each time that there are better ones.

   Beside the weights go a table of the run (.csv), a picture of it (.png), the split if it was drawn
   (.split.tsv), and while it lasts, a checkpoint (.checkpoint).  Interrupts and hang-ups end the run early.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_train_run(const CnTrainJob* job);

#endif // CN_TRAIN_RUN_H
