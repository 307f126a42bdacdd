// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/hash.h"

#include <string.h>

#define WORDS_PRIME UINT64_C(1099511628211)

uint64_t
cn_hash_mix(const uint64_t hash, const uint64_t value)
{
  uint64_t z = hash + value + 0x9E3779B97F4A7C15U;
  z          = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z          = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

uint64_t
cn_hash_bytes(uint64_t hash, const void* const data, const size_t size)
{
  const uint8_t* const bytes = (const uint8_t*)data;
  for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
    const size_t left = size - i;
    uint64_t     word = 0;
    memcpy(&word, bytes + i, left < sizeof(word) ? left : sizeof(word));
    hash = cn_hash_mix(hash, word);
  }
  return cn_hash_mix(hash, size);
}

uint64_t
cn_hash_words(uint64_t hash, const void* const words, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    uint32_t word = 0;
    memcpy(&word, (const uint8_t*)words + i * sizeof(word), sizeof(word));
    hash = (hash ^ word) * WORDS_PRIME;
  }
  return hash;
}
