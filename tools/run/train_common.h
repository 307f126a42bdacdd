// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_common.h
   What training runs of all architectures do alike: end on a signal, and keep order among their files.
*/

#ifndef CN_TRAIN_COMMON_H
#define CN_TRAIN_COMMON_H

#include "tools/corpus/corpus.h"
#include "tools/run/train_run.h"

#include <stdbool.h>
#include <stdint.h>

/**
   From now on interrupts, hang-ups and requests to end are remembered, and a limit on the size of files
   or a reader who has gone are errors of writing.  A second signal ends the process at once.

   Thread: INIT
*/
void
cn_train_catch_signals(void);

/// Workers of a run that nobody has told how many: one a processor, or one a rank; at most 16.  Thread: INIT
uint32_t
cn_train_processors(void);

/// True if a signal has asked the run to end.  Thread: ANY
bool
cn_train_is_interrupted(void);

/// Exit status of a run that a signal has ended, as the shell has it: 130 after Ctrl-C.  Thread: ANY
int
cn_train_interruption(void);

/// Say on stderr that the weights which stand there are worth more than the first steps of a run that was
/// interrupted.  @return cn_train_interruption().  Thread: ANY
int
cn_train_leave_old(const char* output);

/// Remove what a run that was killed may have left beside its files.  Thread: INIT
void
cn_train_sweep(const char* output);

/**
   Draw the table of a run beside it, or say on stderr why that fails.

   @param output Path of the weights; the table has .csv and the picture .png for .safetensors.
   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_train_curves_save(const char* output);

/**
   Write down how a corpus was split, unless a table has said so, or say on stderr why that fails.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_train_split_keep(const CnTrainJob* job, const CnCorpus* corpus);

#endif // CN_TRAIN_COMMON_H
