// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file output.h
   What a command may write over.
*/

#ifndef CN_OUTPUT_H
#define CN_OUTPUT_H

#include <stdbool.h>

/// What a command writes
typedef enum {
  CN_OUTPUT_MIDI,
  CN_OUTPUT_WEIGHTS,
  CN_OUTPUT_WAV,
  CN_OUTPUT_PICTURE,    ///< PNG, SVG or PDF
  CN_OUTPUT_TABLE,      ///< Of a run of training
  CN_OUTPUT_SPLIT,      ///< The table of a split
  CN_OUTPUT_CHECKPOINT, ///< Of a run of training
} CnOutputKind;

/**
   Say if a file must not be written: it is the command's own input, or a file of another kind stands there.

   Empty files, devices, and names that are still free may be written.

   @param command Name of the command, for its message.
   @param input Path of what the command reads, or null.
   @param path Where the output is to go.
   @param force Whether the user has asked for it all the same.
   @return #CN_EXIT_OK, or #CN_EXIT_USAGE once the reason is printed.

   Thread: WORKER
*/
int
cn_output_check(const char* command, const char* input, const char* path, CnOutputKind kind, bool force);

/**
   Say if a file that will not be compressed has the name of one that is.

   @return #CN_EXIT_OK, or #CN_EXIT_USAGE once that is printed.

   Thread: ANY
*/
int
cn_output_check_plain(const char* command, const char* path);

#endif // CN_OUTPUT_H
