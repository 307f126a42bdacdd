// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_random_host.c
   Hosts that do anything at all, by the same random numbers each time.

   CN_SOAK_BLOCKS in the environment sets how many blocks are run; `make soak` runs ten million.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/random.h"
#include "dsp/base/status.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MODEL "urn:continuo:model"

enum { BLOCKS_A_CHECK = 300000, BLOCKS_A_LIFE = 3000, N_CHANNELS = 3 };

typedef struct {
  CnBundle* bundle;
  CnHost*   host;
  CnRandom  random;
  uint32_t  max_block;
  char      other[128]; ///< Path of another model
  char*     saved;      ///< State of some host before; null at first
  unsigned  n_blocks;   ///< Run so far
} Life;

static uint32_t
below(Life* const self, const uint32_t n)
{
  return cn_random_below(&self->random, n);
}

/// Turn a knob: mostly within its range, at times far out of it
static void
turn_a_knob(Life* const self)
{
  static const char* const symbols[] = {"enabled", "freewheeling", "play", "temperature", "focus",
                                        "motif",   "take",         "thru", "role",        "role",
                                        "role",    "answer_bars",  "hold", "new_take",    "tempo"};
  static const float       values[]  = {0.0F,  1.0F,   1.0F,     2.0F,  3.0F,  0.5F,      1.0F,
                                        95.0F, 100.0F, INFINITY, 1e30F, -1e9F, -INFINITY, NAN};

  const uint32_t symbol = below(self, sizeof(symbols) / sizeof(symbols[0]));
  const uint32_t value  = below(self, sizeof(values) / sizeof(values[0]));
  assert_true(cn_host_set(self->host, symbols[symbol], values[value]));
}

static void
move_the_transport(Life* const self)
{
  CnHost* const host = self->host;
  switch (below(self, 8)) {
  case 0:
    cn_host_roll(host, false);
    break;
  case 1:
    cn_host_locate(host, below(self, 64));
    break;
  case 2:
    cn_host_locate(host, below(self, 4000) / 7.0 - 20.0);
    break;
  case 3:
    cn_host_set_tempo(host, 20.0 + below(self, 400));
    break;
  case 4:
    cn_host_set_metre(host, 1 + below(self, 12), 1U << below(self, 5));
    break;
  default:
    cn_host_roll(host, true);
  }
}

/// Send a note, a pedal, or garbage
static void
touch_the_keys(Life* const self)
{
  static const uint8_t kinds[] = {0x90, 0x90, 0x90, 0x80, 0x80, 0xB0};
  uint8_t              message[16];
  uint32_t             size = 3;
  for (size_t i = 0; i < sizeof(message); ++i) {
    message[i] = (uint8_t)cn_random_bits(&self->random);
  }
  if (below(self, 5)) {
    message[0] = (uint8_t)(kinds[below(self, sizeof(kinds))] + below(self, N_CHANNELS));
    message[1] = message[0] >= 0xB0 && below(self, 2) ? 64 : message[1] & 0x7FU;
    message[2] &= 0x7FU;
  } else {
    message[0] |= 0xA0U; // no notes, as nobody would end them
    size = 1 + below(self, sizeof(message));
  }
  cn_host_send(self->host, cn_host_frame(self->host) + below(self, 2048), message, size);
}

static void
save_or_restore(Life* const self)
{
  if (self->saved && below(self, 2)) {
    cn_host_restore(self->host, self->saved);
    return;
  }
  free(self->saved);
  self->saved = cn_host_save(self->host);
}

static void
choose_a_model(Life* const self)
{
  static const char* const missing = "/nowhere.safetensors";
  const char* const        paths[] = {self->bundle->weights, self->other, missing, ""};
  cn_host_choose(self->host, MODEL, paths[below(self, 4)]);
}

static void
run_some_blocks(Life* const self)
{
  const uint32_t n_blocks = 1 + below(self, 12);
  for (uint32_t i = 0; i < n_blocks; ++i) {
    const uint32_t n_frames = below(self, 8) ? 1 + below(self, self->max_block) : below(self, 2);
    if (n_frames == 0) {
      cn_host_run_empty(self->host);
    } else {
      cn_host_set_block(self->host, n_frames);
      cn_host_run(self->host, n_frames);
    }
  }
  self->n_blocks += n_blocks;
  cn_host_forget(self->host);
}

static void
do_something(Life* const self)
{
  const uint32_t what = below(self, 1000);
  if (what < 250) {
    touch_the_keys(self);
  } else if (what < 400) {
    turn_a_knob(self);
  } else if (what < 500) {
    move_the_transport(self);
  } else if (what < 505) {
    save_or_restore(self);
  } else if (what < 508) {
    choose_a_model(self);
  } else if (what < 510) {
    cn_host_restart(self->host);
  } else {
    run_some_blocks(self);
  }
}

/// Let all go: the host stops, and the musician takes his hands and feet off
static void
end(Life* const self, const bool has_transport)
{
  CnHost* const host = self->host;
  cn_host_set(host, "enabled", 1.0F);
  cn_host_set(host, "thru", 1.0F);
  cn_host_set(host, "play", has_transport ? 1.0F : 0.0F); // without a transport it would play on
  cn_host_roll(host, false);
  cn_host_set_block(host, self->max_block);
  cn_host_run(host, 4096);
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    for (unsigned pitch = 0; pitch < 128; ++pitch) {
      const uint8_t off[] = {(uint8_t)(0x80U + channel), (uint8_t)pitch, 64};
      cn_host_send(host, cn_host_frame(host) + 64ULL * pitch, off, sizeof(off));
    }
  }
  for (unsigned i = 0; i < 600; ++i) {
    cn_host_set_block(host, 64 < self->max_block ? 64 : self->max_block);
    cn_host_run(host, 64);
  }
}

static void
assert_sane(const CnHost* const host)
{
  const CnHostFaults faults = cn_host_faults(host);
  assert_int_equal(faults.outside, 0);
  assert_int_equal(faults.backwards, 0);
  assert_int_equal(faults.malformed, 0);
}

static void
live(Life* const self, const unsigned seed)
{
  static const uint32_t blocks[] = {1, 16, 64, 256, 1024, 8192};
  static const uint32_t rooms[]  = {0, 8, 32, 64, 128, 512, 4096, 16384, 32768};
  self->random                   = cn_random(seed, 0, 0, 0, 0);
  self->max_block                = blocks[below(self, 6)];
  const CnHostConfig config      = {
           .block         = self->max_block,
           .sequence_size = rooms[below(self, 9)],
           .telling       = (CnHostTelling)below(self, 3),
           .blank         = below(self, 2),
           .beat_grid     = below(self, 2) ? 1920.0 : 0.0,
           .careless      = below(self, 4) == 0,
           .live          = below(self, 4),
           .working       = (CnHostWorking)below(self, 3),
           .state         = below(self, 2) ? self->saved : NULL,
  };
  self->host = cn_bundle_start(self->bundle, &config);
  for (unsigned first = self->n_blocks; self->n_blocks < first + BLOCKS_A_LIFE;) {
    do_something(self);
  }
  end(self, config.telling != CN_HOST_TELLS_NOTHING);
  assert_sane(self->host);
  if (cn_host_sounding(self->host)) {
    fail_msg("seed %u: %u keys sound at the end", seed, cn_host_sounding(self->host));
  }
}

static void
test_anything_may_happen(void** const state)
{
  const char* const soak   = getenv("CN_SOAK_BLOCKS");
  const unsigned    wanted = soak ? (unsigned)strtoul(soak, NULL, 10) : BLOCKS_A_CHECK;
  Life              life   = {.bundle = *state};
  snprintf(life.other, sizeof(life.other), "%s/other.safetensors", life.bundle->folder);
  assert_int_equal(cn_tiny_model(life.other, 2), CN_STATUS_SUCCESS);
  for (unsigned seed = 1; life.n_blocks < wanted; ++seed) {
    live(&life, seed);
  }
  printf("%u blocks\n", life.n_blocks);
  free(life.saved);
  remove(life.other);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_anything_may_happen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
