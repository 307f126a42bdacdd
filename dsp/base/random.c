// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"

CN_AUDIO void
cn_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
  uint32_t k[2] = {key[0], key[1]};

  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = UINT64_C(0xD2511F53) * c[0];
    const uint64_t p1 = UINT64_C(0xCD9E8D57) * c[2];

    const uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k[0], (uint32_t)p1,
                              (uint32_t)(p0 >> 32) ^ c[3] ^ k[1], (uint32_t)p0};
    for (int i = 0; i < 4; ++i) {
      c[i] = next[i];
    }
    k[0] += UINT32_C(0x9E3779B9);
    k[1] += UINT32_C(0xBB67AE85);
  }
  for (int i = 0; i < 4; ++i) {
    out[i] = c[i];
  }
}

CN_AUDIO CnRandom
cn_random(const uint32_t key0, const uint32_t key1, const uint32_t place0, const uint32_t place1,
          const uint32_t place2)
{
  return (CnRandom){{key0, key1}, {place0, place1, place2}, 0};
}

CN_AUDIO uint32_t
cn_random_bits(CnRandom* const random)
{
  const uint32_t counter[4] = {random->count++, random->place[0], random->place[1], random->place[2]};
  uint32_t       out[4];
  cn_philox(counter, random->key, out);
  return out[0];
}

CN_AUDIO float
cn_random_uniform(CnRandom* const random)
{
  return (float)(cn_random_bits(random) >> 8) * 0x1p-24f;
}

CN_AUDIO uint32_t
cn_random_below(CnRandom* const random, const uint32_t n)
{
  return (uint32_t)(((uint64_t)cn_random_bits(random) * n) >> 32);
}
