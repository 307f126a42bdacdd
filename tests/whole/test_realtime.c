// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_realtime.c
   run() never allocates, locks, waits, prints or opens, whatever the host and the musician do.

   Freewheeling is left out: then the engine runs inline, and may wait for its own thread to let go.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/midi_file.h"
#include "tests/support/scratch.h"
#include "tests/whole/guard.h"

#include "dsp/base/random.h"
#include "plugin/wire/wire.h"

#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PHRASE "phrase.mid"

enum { N_STEPS = 4000, MAX_BLOCK = 1024 };

// --- The guard itself

static void
allocate(void)
{
  void* volatile memory = malloc(100);
  free(memory);
}

static void
lock(void)
{
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}

static void
wait_for_engine(void)
{
  sem_t semaphore;
  sem_init(&semaphore, 0, 1);
  sem_wait(&semaphore);
  sem_destroy(&semaphore);
}

static void
print(void)
{
  fprintf(stderr, "printed under guard %d times\n", 1);
}

static void
open_file(void)
{
  FILE* const file = fopen("/dev/null", "rb");
  if (file) {
    fclose(file);
  }
}

static void
format_in_memory(void)
{
  char text[32];
  snprintf(text, sizeof(text), "%d", 12);
}

static void
wake_engine(void)
{
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  sem_post(&semaphore);
  sem_destroy(&semaphore);
}

static unsigned
count_caught(void (*const act)(void))
{
  cn_guard_reset();
  cn_guard(true);
  act();
  cn_guard(false);
  return cn_guard_count();
}

static void
test_the_guard_catches_what_it_should(void** state)
{
  (void)state;
  if (!cn_guard_works()) {
    skip();
  }
  assert_int_equal(count_caught(allocate), 2);
  assert_string_equal(cn_guard_name(), "free");
  assert_int_not_equal(count_caught(lock), 0);
  assert_int_not_equal(count_caught(wait_for_engine), 0);
  assert_int_not_equal(count_caught(print), 0);
  assert_int_not_equal(count_caught(open_file), 0);
}

static void
test_the_guard_lets_pass_what_it_should(void** state)
{
  (void)state;
  assert_int_equal(count_caught(format_in_memory), 0);
  assert_int_equal(count_caught(wake_engine), 0);
  cn_guard_reset();
  allocate();
  assert_int_equal(cn_guard_count(), 0);
}

static void
test_the_guard_sees_into_the_plugin(void** state)
{
  if (!cn_guard_works()) {
    skip();
  }
  cn_guard_reset();
  cn_guard(true);
  cn_bundle_start(*state, &cn_bundle_plain); // instantiate() may allocate, and does
  cn_guard(false);
  assert_int_not_equal(cn_guard_count_in("continuo.so"), 0);
}

static void
test_the_guard_catches_a_fault_in_run(void** state)
{
  if (!cn_guard_works()) {
    skip();
  }
  // Work in schedule_work(), as Ardour does it while exporting, reads files in the middle of run()
  const CnHostConfig config = {.block = 256, .watch = cn_guard, .working = CN_HOST_WORKS_INLINE};
  CnBundle* const    bundle = *state;
  CnHost* const      host   = cn_bundle_start(bundle, &config);
  cn_guard_reset();
  cn_host_run(host, 1000);
  assert_int_equal(cn_guard_count(), 0);
  cn_host_choose(host, "urn:continuo:model", bundle->weights);
  cn_host_run(host, 1000);
  assert_int_not_equal(cn_guard_count_in("continuo.so"), 0);
}

// --- The plugin under guard

/// Turn a knob: mostly within its range, at times far out of it
static void
turn_a_knob(CnHost* const host, CnRandom* const random)
{
  static const char* const symbols[] = {"enabled", "play",    "temperature", "focus", "motif",    "take",
                                        "thru",    "role",    "answer_bars", "hold",  "new_take", "tempo",
                                        "timing",  "network", "channel",     "entry"};
  static const float       values[]  = {0.0F, 1.0F,  2.0F,   3.0F,   0.5F,   0.95F,
                                        1.5F, 50.0F, 100.0F, 999.0F, -1e30F, 1e30F};

  const uint32_t which = cn_random_below(random, 13);
  const float    value = which < 12 ? values[which] : NAN;
  assert_true(cn_host_set(host, symbols[cn_random_below(random, 14)], value));
}

static void
move_the_transport(CnHost* const host, CnRandom* const random)
{
  switch (cn_random_below(random, 5)) {
  case 0:
    cn_host_roll(host, false);
    break;
  case 1:
    cn_host_locate(host, cn_random_below(random, 64));
    break;
  case 2:
    cn_host_set_tempo(host, 40.0 + cn_random_below(random, 200));
    break;
  case 3:
    cn_host_set_metre(host, 2 + cn_random_below(random, 6), 4U << cn_random_below(random, 2));
    break;
  default:
    cn_host_roll(host, true);
  }
}

/// Send a note, a pedal, or garbage
static void
touch_the_keys(CnHost* const host, CnRandom* const random)
{
  uint8_t message[16];
  for (size_t i = 0; i < sizeof(message); ++i) {
    message[i] = (uint8_t)cn_random_bits(random);
  }

  uint32_t size = 1 + cn_random_below(random, sizeof(message));
  if (cn_random_below(random, 4)) {
    static const uint8_t kinds[] = {0x90, 0x90, 0x90, 0x80, 0xB0};
    message[0]                   = kinds[cn_random_below(random, sizeof(kinds))];
    message[1] %= message[0] == 0xB0 ? 128 : 100;
    message[2] %= 128;
    size = 3;
  }
  cn_host_send(host, cn_host_frame(host) + cn_random_below(random, 64), message, size);
}

/// Change the model or the phrase, ask for it, save or restore, all while run() may run
static void
disturb(CnBundle* const bundle, CnHost* const host, CnRandom* const random)
{
  static char*      saved; // of any host before
  const char* const phrase = cn_scratch_path(bundle->folder, PHRASE);
  switch (cn_random_below(random, 8)) {
  case 0:
    cn_host_choose(host, "urn:continuo:model", bundle->weights);
    break;
  case 1:
    cn_host_choose(host, "urn:continuo:model", "/nowhere.safetensors");
    break;
  case 2:
    cn_host_ask(host, "urn:continuo:model");
    break;
  case 3:
    midi_file_write_quarters(phrase, 40, 60, NULL, 0);
    cn_host_choose(host, "urn:continuo:phrase", phrase);
    break;
  case 4:
    cn_host_choose(host, "urn:continuo:phrase", "");
    break;
  case 5:
    if (saved) {
      assert_true(cn_host_restore(host, saved));
    }
    break;
  default:
    free(saved);
    saved = cn_host_save(host);
    assert_non_null(saved);
  }
}

/// Be a window that asks, now and then for everything, at times for silence, at times in another tongue
static void
look_at_it(CnHost* const host, CnRandom* const random)
{
  const CnWireAsk ask = {(uint16_t)(CN_WIRE_VERSION + (cn_random_below(random, 8) == 0)),
                         (uint16_t)(cn_random_below(random, 4) == 0 ? cn_random_below(random, 65536) : 0)};
  cn_host_send_atom(host, CN_WIRE_ASK_URI, &ask, sizeof(ask));
}

/// Be a window that asks for a file of some part, which cannot be written
static void
save_it(CnHost* const host, CnRandom* const random)
{
  struct {
    CnWireSave wish;
    char       path[16];
  } message = {{.version = CN_WIRE_VERSION,
                .path    = sizeof("/nowhere/a.mid"),
                .id      = cn_random_below(random, 100),
                .to      = (int32_t)cn_random_below(random, 5000)},
               "/nowhere/a.mid"};
  cn_host_send_atom(host, CN_WIRE_SAVE_URI, &message, (uint32_t)sizeof(CnWireSave) + message.wish.path);
}

static void
pass_over(void* const handle, const void* const body, const uint32_t size)
{
  (void)handle;
  (void)body;
  (void)size;
}

static void
run_a_workload(CnBundle* const bundle, const CnHostConfig* const config, const uint32_t seed)
{
  CnRandom      random = cn_random(seed, 0, 0, 0, 0);
  CnHost* const host   = cn_bundle_start(bundle, config);
  cn_host_listen(host, CN_WIRE_NEWS_URI, pass_over, NULL);
  cn_guard_reset();
  cn_bundle_perform(host, 16);
  // A late engine may have left out all that it was to play
  assert_true(config->live || cn_bundle_count(host, CN_BUNDLE_PHRASE * CN_BUNDLE_QUARTER) > 0);

  for (int i = 0; i < N_STEPS; ++i) {
    switch (cn_random_below(&random, 8)) {
    case 0:
      turn_a_knob(host, &random);
      if (i % 16 == 0) {
        disturb(bundle, host, &random);
      }
      break;
    case 1:
      move_the_transport(host, &random);
      break;
    case 2:
      touch_the_keys(host, &random);
      break;
    case 3:
      if (cn_random_below(&random, 4)) {
        look_at_it(host, &random);
      } else {
        save_it(host, &random);
      }
      break;
    default:
      cn_host_set_block(host, 1 + cn_random_below(&random, MAX_BLOCK));
      cn_host_run(host, cn_random_below(&random, 2 * MAX_BLOCK));
    }
  }
  cn_host_run_empty(host);
  remove(cn_scratch_path(bundle->folder, PHRASE));
}

static void
assert_nothing_caught(void)
{
  if (cn_guard_count()) {
    fail_msg("%u forbidden calls in run(), the last one of %s()", cn_guard_count(), cn_guard_name());
  }
}

static void
test_run_is_wait_free_when_the_engine_keeps_up(void** state)
{
  const CnHostConfig config = {.block = MAX_BLOCK, .watch = cn_guard};
  run_a_workload(*state, &config, 1);
  assert_nothing_caught();
}

static void
test_run_is_wait_free_when_the_engine_is_late(void** state)
{
  const CnHostConfig config = {
      .block = MAX_BLOCK, .watch = cn_guard, .live = true, .telling = CN_HOST_TELLS_CHANGES, .blank = true};
  run_a_workload(*state, &config, 2);
  assert_nothing_caught();
}

static void
test_run_is_wait_free_when_output_is_full(void** state)
{
  const CnHostConfig config = {.block = MAX_BLOCK, .watch = cn_guard, .sequence_size = 64};
  run_a_workload(*state, &config, 3);
  assert_nothing_caught();
}

static void
test_run_is_wait_free_without_weights(void** state)
{
  CnBundle* const bundle = *state;
  assert_int_equal(remove(bundle->weights), 0);
  const CnHostConfig config = {.block = MAX_BLOCK, .watch = cn_guard, .telling = CN_HOST_TELLS_NOTHING};
  CnHost* const      host   = cn_bundle_start(bundle, &config);
  cn_guard_reset();
  cn_bundle_perform(host, 4);
  assert_nothing_caught();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_guard_catches_what_it_should),
      cmocka_unit_test(test_the_guard_lets_pass_what_it_should),
      CN_BUNDLE_TEST(test_the_guard_sees_into_the_plugin),
      CN_BUNDLE_TEST(test_the_guard_catches_a_fault_in_run),
      CN_BUNDLE_TEST(test_run_is_wait_free_when_the_engine_keeps_up),
      CN_BUNDLE_TEST(test_run_is_wait_free_when_the_engine_is_late),
      CN_BUNDLE_TEST(test_run_is_wait_free_when_output_is_full),
      CN_BUNDLE_TEST(test_run_is_wait_free_without_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
