// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/network/attention_ring.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { N_HEADS = 3, WIDTH = 40, N_SLOTS = 16, N_NOTES = 23 };

/// Rings of all numbers that have heard the same notes
typedef struct {
  CnAttentionRing* floats;
  CnAttentionRing* bytes;
  float            keys[N_NOTES][WIDTH];
  float            values[N_NOTES][WIDTH];
} Fixture;

static void
make_vector(CnRandom* const random, float* const x)
{
  for (unsigned k = 0; k < WIDTH; ++k) {
    x[k] = 2.0F * cn_random_uniform(random) - 1.0F;
  }
}

static void
open_fixture(Fixture* const fixture)
{
  CnRandom random = cn_random(8, 0, 0, 0, 0);
  fixture->floats = cn_attention_ring_new(CN_NUMBER_FLOAT, N_HEADS, WIDTH, N_SLOTS);
  fixture->bytes  = cn_attention_ring_new(CN_NUMBER_INT8, N_HEADS, WIDTH, N_SLOTS);
  assert_non_null(fixture->floats);
  assert_non_null(fixture->bytes);
  for (uint32_t i = 0; i < N_NOTES; ++i) {
    make_vector(&random, fixture->keys[i]);
    make_vector(&random, fixture->values[i]);
    cn_attention_ring_keep(fixture->floats, 1, i % N_SLOTS, fixture->keys[i], fixture->values[i]);
    cn_attention_ring_keep(fixture->bytes, 1, i % N_SLOTS, fixture->keys[i], fixture->values[i]);
  }
}

static void
close_fixture(const Fixture* const fixture)
{
  cn_attention_ring_free(fixture->floats);
  cn_attention_ring_free(fixture->bytes);
}

// From note 9 on: seven notes up to the ring's end, and seven from its start
static void
test_range_goes_on_at_the_start(void** const state)
{
  const CnRingRange range  = {.slot = 9, .n = N_NOTES - 9};
  CnRandom          random = cn_random(9, 0, 0, 0, 0);
  Fixture           fixture;
  float             query[WIDTH];
  float             scores[N_NOTES] = {0.0F};
  float             heard[WIDTH];
  (void)state;
  open_fixture(&fixture);
  make_vector(&random, query);
  cn_attention_ring_score(fixture.floats, 1, range, query, scores);
  cn_attention_ring_mix(fixture.floats, 1, range, scores, heard);
  double mixed = 0.0;
  for (uint32_t i = 0; i < range.n; ++i) {
    double dot = 0.0;
    for (unsigned k = 0; k < WIDTH; ++k) {
      dot += (double)query[k] * (double)fixture.keys[9 + i][k];
    }
    assert_true(fabs(dot / sqrt(WIDTH) - (double)scores[i]) < 1e-5);
    mixed += (double)scores[i] * (double)fixture.values[9 + i][0];
  }
  assert_true(fabs(mixed - (double)heard[0]) < 1e-5);
  close_fixture(&fixture);
}

// Each number is off by half a step of a 127th of its vector's greatest at most
static void
test_8_bits_hear_nearly_the_same(void** const state)
{
  const CnRingRange range  = {.slot = 9, .n = N_NOTES - 9};
  CnRandom          random = cn_random(10, 0, 0, 0, 0);
  Fixture           fixture;
  float             query[WIDTH];
  float             scores[2][N_NOTES] = {{0.0F}};
  float             heard[2][WIDTH];
  (void)state;
  open_fixture(&fixture);
  make_vector(&random, query);
  cn_attention_ring_score(fixture.floats, 1, range, query, scores[0]);
  cn_attention_ring_score(fixture.bytes, 1, range, query, scores[1]);
  for (uint32_t i = 0; i < range.n; ++i) {
    assert_true(fabsf(scores[0][i] - scores[1][i]) < 0.02F);
  }
  assert_memory_not_equal(scores[0], scores[1], sizeof(scores[0]));
  cn_attention_ring_mix(fixture.floats, 1, range, scores[0], heard[0]);
  cn_attention_ring_mix(fixture.bytes, 1, range, scores[0], heard[1]);
  for (unsigned k = 0; k < WIDTH; ++k) {
    assert_true(fabsf(heard[0][k] - heard[1][k]) < 0.05F);
  }
  close_fixture(&fixture);
}

static void
test_heads_are_apart(void** const state)
{
  Fixture fixture;
  float   query[WIDTH];
  float   scores[N_SLOTS] = {0.0F};
  (void)state;
  open_fixture(&fixture);
  memset(query, 0, sizeof(query));
  query[0] = 1.0F;
  for (uint32_t head = 0; head < N_HEADS; head += 2) { // Which have heard nothing
    cn_attention_ring_score(fixture.bytes, head, (CnRingRange){.n = N_SLOTS}, query, scores);
    for (unsigned i = 0; i < N_SLOTS; ++i) {
      assert_true(scores[i] == 0.0F);
    }
  }
  close_fixture(&fixture);
}

static void
test_8_bits_take_less_than_a_third(void** const state)
{
  (void)state;
  CnAttentionRing* const floats = cn_attention_ring_new(CN_NUMBER_FLOAT, 16, 64, 1024);
  CnAttentionRing* const bytes  = cn_attention_ring_new(CN_NUMBER_INT8, 16, 64, 1024);
  assert_true(cn_attention_ring_size(bytes) * 3 < cn_attention_ring_size(floats));
  cn_attention_ring_free(floats);
  cn_attention_ring_free(bytes);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_range_goes_on_at_the_start),
      cmocka_unit_test(test_8_bits_hear_nearly_the_same),
      cmocka_unit_test(test_heads_are_apart),
      cmocka_unit_test(test_8_bits_take_less_than_a_third),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
