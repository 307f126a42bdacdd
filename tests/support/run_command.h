// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file run_command.h
   The built command, run by tests as a user would.
*/

#ifndef CN_RUN_COMMAND_H
#define CN_RUN_COMMAND_H

#include "tools/base/options.h"

#define CN_RUN_MAX_OUTPUT 65536

/// What the last command printed, on both outputs
extern char cn_run_output[CN_RUN_MAX_OUTPUT];

/**
   Run `continuo` with arguments, through the shell.

   @return Its exit status; a crash fails the test.
*/
int
cn_run(const char* format, ...) CN_PRINTF(1, 2);

/// Fail the test unless the last command printed `text`
void
cn_run_told(const char* text);

/// The number that the last command printed behind `words`, in or after the line that begins with `line`;
/// fails the test if there is none
double
cn_run_number(const char* line, const char* words);

#endif // CN_RUN_COMMAND_H
