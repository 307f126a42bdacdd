// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file hash.h
   The hash by which things are told apart, and its older sister by which models are known.
*/

#ifndef CN_HASH_H
#define CN_HASH_H

#include <stddef.h>
#include <stdint.h>

#define CN_WORDS_START UINT64_C(14695981039346656037) ///< For cn_hash_words()

/// Mix 64 bits into a hash: a round of splitmix64 (Steele, Lea, Flood, OOPSLA 2014).  Thread: ANY
uint64_t
cn_hash_mix(uint64_t hash, uint64_t value);

/// Mix bytes into a hash, and how many they are.  Thread: ANY
uint64_t
cn_hash_bytes(uint64_t hash, const void* data, size_t size);

/**
   Go on with a hash of 32-bit words in the manner of FNV-1a.

   Sessions know models by it, so it stays as it is; for all else there is cn_hash_mix().

   @param hash #CN_WORDS_START at first, or that with something mixed in by exclusive or.
   @param words (n) numbers of 32 bits, of any type.

   Thread: ANY
*/
uint64_t
cn_hash_words(uint64_t hash, const void* words, size_t n);

#endif // CN_HASH_H
