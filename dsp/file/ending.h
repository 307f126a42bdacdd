// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ending.h
   What the end of a file's name says of it.

   Only who has nothing but a name goes by it; what is in a file is told by its bytes.
*/

#ifndef CN_ENDING_H
#define CN_ENDING_H

#include <stdbool.h>

#define CN_ENDING_WEIGHTS ".safetensors" ///< Weights, and before CN_ENDING_COMPRESSED what is compressed
#define CN_ENDING_COMPRESSED ".zst"      ///< Zstandard

/// Endings of weights, compressed or not; a null pointer follows
extern const char* const cn_endings_of_weights[];

/// Endings of MIDI files; a null pointer follows
extern const char* const cn_endings_of_midi[];

/// True if a path ends so, in small letters or capitals; that may be all of it.  Thread: ANY
bool
cn_ending_is(const char* path, const char* ending);

/// True if a path ends as one of some endings, after which a null pointer follows.  Thread: ANY
bool
cn_ending_is_among(const char* path, const char* const* endings);

#endif // CN_ENDING_H
