// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file train_check.h
   What would only fail after hours of training is looked at before.
*/

#ifndef CN_TRAIN_CHECK_H
#define CN_TRAIN_CHECK_H

#include "tools/run/train_run.h"

#include "dsp/compose/architecture.h"

#include <stdbool.h>

/**
   Take the folder out of what getopt_long() has left, and say on stderr if that, or the output, is not
   what a run needs.

   @return #CN_EXIT_OK or #CN_EXIT_USAGE.

   Thread: INIT
*/
int
cn_train_take_folder(CnTrainJob* job, int argc, char** argv);

/// Read --arch where the kind of network was chosen before: it must say the same.  @return False, having said
/// on stderr why, if it does not.  Thread: INIT
bool
cn_train_check_arch(const CnArchitecture* architecture, const char* name);

/**
   Check a job's texts and the places of its files, and say on stderr what is wrong.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_train_check(const CnTrainJob* job);

#endif // CN_TRAIN_CHECK_H
