// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train --arch attention, by each distance: what becomes of the weights in all commands, as a user would run
  them.
*/

#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/network/attention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SMALL "--hidden 8 --head 8 --layers 2 --heads 2 --window 16 "
#define QUICK "--streams 2 --steps 16 --threads 1 --no-play --epochs 1 "
#define ATTENTION "--arch attention " SMALL QUICK

static char folder[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-attention-XXXXXX");
  assert_non_null(mkdtemp(folder));
  cn_scratch_make_corpus(folder, "corpus", 4, 40, 0);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

static int
train(const char* const name, const char* const options)
{
  return cn_run("train %s/corpus -o %s/%s.safetensors --force %s", folder, folder, name, options);
}

static void
info_tells(const char* const name, const char* const distance)
{
  char words[64];
  assert_int_equal(cn_run("info %s/%s.safetensors", folder, name), 0);
  snprintf(words, sizeof(words), "distance     %s\n", distance);
  cn_run_told(words);
  assert_int_equal(cn_run("info --json %s/%s.safetensors", folder, name), 0);
  snprintf(words, sizeof(words), "\"distance\": \"%s\"", distance);
  cn_run_told(words);
}

static void
test_each_distance_goes_through_all_commands(void** const state)
{
  (void)state;
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    const char* const distance = cn_distance_name((CnDistance)d);
    char              options[256];
    snprintf(options, sizeof(options), ATTENTION "--float --distance %s", distance);
    assert_int_equal(train(distance, options), 0);
    info_tells(distance, distance);

    assert_int_equal(
        cn_run("convert %s/%s.safetensors -o %s/eight.safetensors --eight --force", folder, distance, folder),
        0);
    info_tells("eight", distance);
    for (unsigned is_eight = 0; is_eight < 2; ++is_eight) {
      const char* const name = is_eight ? "eight" : distance;
      assert_int_equal(cn_run("evaluate -m %s/%s.safetensors %s/corpus/p0.mid", folder, name, folder), 0);
      assert_int_equal(cn_run("generate -m %s/%s.safetensors --bars 4 --phrase %s/corpus/p1.mid "
                              "-o %s/long.mid --force",
                              folder, name, folder, folder),
                       0);
    }

    snprintf(options, sizeof(options), QUICK "--from %s/%s.safetensors", folder, distance);
    assert_int_equal(train("tuned", options), 0); // Which inherits it
    info_tells("tuned", distance);
  }
}

static void
test_rotary_is_the_default(void** const state)
{
  (void)state;
  assert_int_equal(train("open", ATTENTION), 0);
  assert_int_equal(train("said", ATTENTION "--distance rotary"), 0);
  assert_int_equal(train("other", ATTENTION "--distance notes"), 0);
  assert_int_equal(train("before", "--distance rotary " ATTENTION), 0);
  assert_true(cn_scratch_is_same(folder, "open", "said"));
  assert_true(cn_scratch_is_same(folder, "open", "before"));
  assert_false(cn_scratch_is_same(folder, "open", "other"));
}

static void
test_wrong_usage_is_told(void** const state)
{
  (void)state;
  assert_int_equal(train("x", ATTENTION "--distance beats"), CN_EXIT_USAGE);
  cn_run_told("--distance: 'beats' is none of time, rotary and notes");
  assert_int_equal(train("x", QUICK "--distance time"), CN_EXIT_USAGE);
  cn_run_told("--distance: --heads, --window and --distance go with --arch attention");
  assert_int_equal(train("x", QUICK "--window 16"), CN_EXIT_USAGE);
  cn_run_told("--heads: --heads, --window and --distance go with --arch attention");
  assert_int_equal(train("x", QUICK "--from default --distance time"), CN_EXIT_USAGE);
  cn_run_told("--from: the weights say what the network is");
  assert_int_equal(train("x", ATTENTION "--heads 3"), CN_EXIT_USAGE);
  cn_run_told("--heads: 3 is no divisor of the width, which is 8");
  assert_int_equal(train("x", "--only-chords --from default --only-following"), CN_EXIT_USAGE);
  cn_run_told("--only-chords: does not go with --only-following");
  assert_false(cn_scratch_has(folder, "x.safetensors"));
}

// A run that would take hours, ended as soon as its checkpoint is there
static void
test_checkpoint_of_another_distance_is_refused(void** const state)
{
  (void)state;
  char line[768];
  char options[256];
  snprintf(line, sizeof(line),
           CN_BUILD_DIR
           "/continuo train %s/corpus -o %s/long.safetensors " ATTENTION
           "--epochs 1000000 --patience 0 --checkpoint 0 --distance rotary >/dev/null 2>&1 & run=$!; "
           "until test -e %s/long.checkpoint; do kill -0 $run || exit 1; sleep 0.05; done; "
           "kill $run; wait $run; true",
           folder, folder, folder);
  assert_int_equal(system(line), 0);
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; d += 2) {
    snprintf(options, sizeof(options), ATTENTION "--epochs 1000000 --patience 0 --resume --distance %s",
             cn_distance_name((CnDistance)d));
    assert_int_equal(train("long", options), CN_EXIT_FAILURE);
    cn_run_told("long.checkpoint: is of another recipe");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_distance_goes_through_all_commands),
      cmocka_unit_test(test_rotary_is_the_default),
      cmocka_unit_test(test_wrong_usage_is_told),
      cmocka_unit_test(test_checkpoint_of_another_distance_is_refused),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
