// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file letter.h
   A path from the audio thread to the worker, one at a time.
*/

#ifndef CN_LETTER_H
#define CN_LETTER_H

#include "dsp/base/attributes.h"

#include <stdatomic.h>
#include <stdbool.h>

#define CN_PATH_SIZE 4096U ///< [bytes] of the longest path, with its null

/// All zero is none
typedef struct {
  atomic_bool is_posted; ///< The text is the worker's, otherwise the audio thread's
  char        text[CN_PATH_SIZE];
} CnLetter;

/**
   Post a path.

   @param path At most CN_PATH_SIZE bytes with its null.
   @return False if the last letter has not been read: try again in the next block.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_letter_post(CnLetter* letter, const char* path);

/// Read the letter, if there is one; false if there is none.  Thread: WORKER
bool
cn_letter_read(CnLetter* letter, char path[CN_PATH_SIZE]);

#endif // CN_LETTER_H
