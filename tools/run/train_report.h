// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_report.h
   What a training run tells: lines on stderr, a table beside the weights, metadata inside them.
*/

#ifndef CN_TRAIN_REPORT_H
#define CN_TRAIN_REPORT_H

#include "tools/corpus/corpus.h"
#include "tools/learn/checkpoint.h"
#include "tools/learn/trainer.h"

#include "dsp/file/safetensors.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct CnTrainReport CnTrainReport;

/// Say which files were left out, and why.  Thread: INIT
void
cn_train_report_bad_files(const CnCorpus* corpus);

/// Say what the corpus is, and which files were left out.  Thread: INIT
void
cn_train_report_corpus(const CnCorpus* corpus, const char* folder, const char* split_path);

/// Say which pieces the weights to begin with have learnt already.  Thread: INIT
void
cn_train_report_known(const CnCorpus* corpus, const CnLearnt* known);

/// Say what will be trained, which was chosen for a corpus of this `size`.  Thread: INIT
void
cn_train_report_recipe(const CnRecipe* recipe, const char* size);

/**
   Begin a report.

   @param output Path of the weights; the table goes to the same path with .csv for .safetensors.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnTrainReport*
cn_train_report_new(const char* output, const CnRecipe* recipe, const CnCorpus* corpus,
                    const CnLayout* layout);

/// Close the table and free; null is allowed.  Thread: INIT
void
cn_train_report_free(CnTrainReport* report);

/// Say how the run goes, now and then.  Thread: INIT
void
cn_train_report_progress(CnTrainReport* report, const CnProgress* progress);

/**
   Write down beside the weights how the pieces were split, so that the test side can be told apart later.

   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set, or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_train_split_save(const CnCorpus* corpus, const char* output);

/// Write the table, as far as it has come; all or nothing.  @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY,
/// or #CN_STATUS_IO with errno set.  Thread: INIT
CnStatus
cn_train_report_save(const CnTrainReport* report);

/// True if some validation was the best so far, so that there are best weights.  Thread: INIT
bool
cn_train_report_has_best(const CnTrainReport* report);

/// Where the run stood at its best validation; all zero if there was none.  Thread: INIT
const CnProgress*
cn_train_report_best(const CnTrainReport* report);

/// The validation of the weights that the run began with; all zero if there was none.  Thread: INIT
const CnProgress*
cn_train_report_before(const CnTrainReport* report);

/// Say how the run ended; `is_over`: by itself, and not by an interruption.  Thread: INIT
void
cn_train_report_end(const CnTrainReport* report, const char* output, bool is_over);

/// Write what a report remembers to a checkpoint, or read it and say so.  Thread: WORKER
void
cn_train_report_exchange(CnTrainReport* report, CnCheckpoint* checkpoint);

#define CN_N_REPORT_ENTRIES 5 ///< Most of what the weights should say

/**
   What the weights should say of their making, and how fast they are to learn while they listen.

   @param[out] metadata At least #CN_N_REPORT_ENTRIES.
   @param[out] texts Where their values are.
   @return Number of entries.

   Thread: INIT
*/
size_t
cn_train_report_metadata(const CnTrainReport* report, CnTensorsMetadata* metadata, char texts[][256]);

#endif // CN_TRAIN_REPORT_H
