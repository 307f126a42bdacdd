// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_report.h
   What a training run of the seed's own system tells: lines for the eye, and a table.

   The table's columns are those of other runs where they mean the same: train and valid are the pitch
   network's nats a note, with _timing the other one's squared error.
*/

#ifndef CN_SEED_REPORT_H
#define CN_SEED_REPORT_H

#include "tools/notebook/seed_trainer.h"

#include "dsp/file/safetensors.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct CnSeedReport CnSeedReport;

/**
   Begin a report.

   @param output Path of the weights; the table goes to the same path with .csv for .safetensors.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnSeedReport*
cn_seed_report_new(const char* output);

/// Free; null is allowed.  Thread: INIT
void
cn_seed_report_free(CnSeedReport* report);

/// Say what was learnt from the training side, and what the networks are.  Thread: INIT
void
cn_seed_report_begin(const CnSeedLessons* lessons, const CnSeedNet nets[CN_N_SEED_TASKS]);

/// Say how the run goes, now and then.  Thread: INIT
void
cn_seed_report_progress(CnSeedReport* report, const CnSeedProgress* progress);

/// Write the table, as far as it has come; all or nothing.  Thread: INIT
CnStatus
cn_seed_report_save(const CnSeedReport* report);

/// True if there was a validation, so that there are best weights.  Thread: INIT
bool
cn_seed_report_has_best(const CnSeedReport* report);

/// Say how the run ended.  Thread: INIT
void
cn_seed_report_end(const CnSeedReport* report, const char* output);

/**
   What the weights should say of their making.

   @param n_train Pieces of the training side.
   @param[out] metadata At least 4 entries.
   @param[out] texts Where their values are.
   @return Number of entries.

   Thread: INIT
*/
size_t
cn_seed_report_metadata(const CnSeedReport* report, const CnSeedRecipe* recipe,
                        const CnSeedNet nets[CN_N_SEED_TASKS], size_t n_train, size_t n_targets,
                        CnTensorsMetadata* metadata, char texts[][256]);

#endif // CN_SEED_REPORT_H
