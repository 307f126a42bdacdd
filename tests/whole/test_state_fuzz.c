// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_state_fuzz.c
   Spoilt sessions, by the same random numbers each time, from a host that frees each value at the next
   (Carla) and lends no byte too many: no state does harm, and what is not spoilt comes back.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/host/host_kinds.h"
#include "tests/host/host_store.h"
#include "tests/support/midi_file.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/random.h"
#include "dsp/base/status.h"

#include <lv2/atom/atom.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL "urn:continuo:model"
#define PHRASE "urn:continuo:phrase"
#define TAKE "urn:continuo:take"

enum { N_SESSIONS = 600, N_WAYS = 9 };

typedef struct {
  CnBundle*   bundle;
  CnHost*     host;
  CnRandom    random;
  char        other[96];  ///< Path of another model
  char        pipe[96];   ///< Path of a pipe that nobody writes into
  char        phrase[96]; ///< Path of a MIDI file to go on from
  CnHostStore good;       ///< A session with that model and a take
} Fuzz;

static uint32_t
below(Fuzz* const self, const size_t n)
{
  return cn_random_below(&self->random, (uint32_t)n);
}

static CnHost*
start(Fuzz* const self)
{
  CnHostConfig config = cn_host_carla.config;
  config.block        = 256;
  self->host          = cn_bundle_start(self->bundle, &config);
  return self->host;
}

static void
make_good(Fuzz* const self)
{
  CnHost* const host = start(self);
  self->good.keeping = (CnHostKeeping){.bare_texts = true, .frees_each = true};
  cn_host_choose(host, MODEL, self->other);
  cn_bundle_settle(host);
  cn_host_choose(host, PHRASE, self->phrase);
  cn_bundle_settle(host);
  cn_bundle_perform(host, 8);
  cn_bundle_stop(host);
  assert_true(cn_host_save_in(host, &self->good));
  assert_int_equal(self->good.n_values, 8);
}

/// Make a value one byte longer or shorter, or empty
static void
resize(Fuzz* const self, CnHostValue* const value)
{
  uint8_t      bytes[65536];
  const size_t sizes[] = {
      value->size + 1, value->size ? value->size - 1 : 0, 0, value->size + 8, value->size / 2, 1};
  const size_t size = sizes[below(self, sizeof(sizes) / sizeof(sizes[0]))];
  assert_true(size < sizeof(bytes) && value->size < sizeof(bytes));
  memset(bytes, (int)below(self, 256), sizeof(bytes));
  memcpy(bytes, value->bytes, value->size);
  cn_host_value_set(value, bytes, size);
}

static void
retype(Fuzz* const self, CnHostValue* const value)
{
  static const char* const types[] = {LV2_ATOM__Path,   LV2_ATOM__String, LV2_ATOM__Chunk, LV2_ATOM__Int,
                                      LV2_ATOM__Long,   LV2_ATOM__Float,  LV2_ATOM__URI,   LV2_ATOM__Vector,
                                      LV2_ATOM__Double, LV2_ATOM__Bool};
  strcpy(value->type, types[below(self, sizeof(types) / sizeof(types[0]))]);
}

/// Put another text in a value's place
static void
retext(Fuzz* const self, CnHostValue* const value)
{
  char              text[9000];
  const char* const texts[] = {
      text, self->pipe, "/dev/zero", "", "/", "urn:continuo:model:", "urn:continuo:model:nobody", "relative",
  };
  memset(text, 'x', sizeof(text) - 1);
  text[0]                = '/';
  text[sizeof(text) - 1] = '\0';
  const char* const what = texts[below(self, sizeof(texts) / sizeof(texts[0]))];
  cn_host_value_set(value, what, strlen(what) + below(self, 2)); // with its null, or without
}

/// Spoil a value in one of several ways
static void
spoil(Fuzz* const self, CnHostValue* const value)
{
  switch (below(self, N_WAYS)) {
  case 0:
  case 1:
  case 2:
    resize(self, value);
    break;
  case 3:
  case 4:
    retype(self, value);
    break;
  case 5:
    retext(self, value);
    break;
  case 6:
    strcpy(value->key, "urn:continuo:nothing");
    break;
  default:
    for (uint32_t i = 1 + below(self, 4); i > 0; --i) {
      if (value->size) {
        value->bytes[below(self, value->size)] = (uint8_t)cn_random_bits(&self->random);
      }
    }
  }
}

static void
assert_same(CnHostStore* const saved, CnHostStore* const good, const char* const key)
{
  const CnHostValue* const value    = cn_host_store_find(saved, key);
  const CnHostValue* const expected = cn_host_store_find(good, key);
  assert_non_null(value);
  assert_string_equal(value->type, expected->type);
  assert_int_equal(value->size, expected->size);
  assert_memory_equal(value->bytes, expected->bytes, value->size);
}

/// Restore a session with some values spoilt: all the others must be saved again as they were
static void
check(Fuzz* const self)
{
  bool        is_spoilt[CN_HOST_STORE_SIZE] = {false};
  CnHostStore bad;
  CnHostStore again = {.keeping = self->good.keeping};
  cn_host_store_copy(&self->good, &bad);
  for (uint32_t i = 1 + below(self, 3); i > 0; --i) {
    const uint32_t number = below(self, bad.n_values);
    is_spoilt[number]     = true;
    spoil(self, &bad.values[number]);
  }
  cn_host_restore_in(self->host, &bad);
  assert_true(cn_host_save_in(self->host, &again));
  for (size_t i = 0; i < self->good.n_values; ++i) {
    const char* const key    = self->good.values[i].key;
    const bool        is_own = // The others follow the model, or the phrase
        !strcmp(key, MODEL) || !strcmp(key, PHRASE) || !strcmp(key, TAKE);
    if (is_own && !is_spoilt[i]) {
      assert_same(&again, &self->good, key);
    }
  }
  cn_host_store_clear(&bad);
  cn_host_store_clear(&again);
}

static void
test_spoilt_sessions_do_no_harm(void** const state)
{
  CnBundle* const bundle = *state;
  Fuzz            fuzz   = {.bundle = bundle, .random = cn_random(1, 0, 0, 0, 0)};
  snprintf(fuzz.other, sizeof(fuzz.other), "%s/other.safetensors", bundle->folder);
  snprintf(fuzz.pipe, sizeof(fuzz.pipe), "%s/pipe", bundle->folder);
  assert_int_equal(cn_tiny_model(fuzz.other, 2), CN_STATUS_SUCCESS);
  assert_return_code(mkfifo(fuzz.pipe, 0600), 0);
  snprintf(fuzz.phrase, sizeof(fuzz.phrase), "%s/phrase.mid", bundle->folder);
  midi_file_write_quarters(fuzz.phrase, 16, 60, NULL, 0);
  make_good(&fuzz);
  for (unsigned i = 0; i < N_SESSIONS; ++i) {
    if (i % 50 == 0) {
      cn_bundle_perform(start(&fuzz), 2); // a new life, restored while it plays
    }
    check(&fuzz);
    cn_host_run(fuzz.host, 256);
  }
  cn_bundle_assert_sound(fuzz.host);
  cn_host_store_clear(&fuzz.good);
  remove(fuzz.pipe);
  remove(fuzz.other);
  remove(fuzz.phrase);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_spoilt_sessions_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
