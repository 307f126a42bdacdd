// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train --from: weights say what they have learnt and where they come from, and the run says what it was good
  for.
*/

#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "tools/judge/weights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUICK "--streams 2 --steps 16 --threads 1"
#define NETWORK "--hidden 8 --head 8 "
#define BASE "--licence CC-BY-SA-4.0 --credit 'Some pianist' "

static char folder[64];

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-tuning-XXXXXX");
  assert_non_null(mkdtemp(folder));
  cn_scratch_make_corpus(folder, "old", 3, 40, 0); // p0, p1, p2: of pitches from 50, 51, 52
  cn_scratch_make_corpus(folder, "both", 12, 40, 0);
  assert_int_equal(
      cn_run("train %s/old -o %s/base.safetensors --epochs 3 " BASE NETWORK QUICK, folder, folder), 0);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

static int
tune(const char* const corpus, const char* const options)
{
  return cn_run("train %s/%s --from %s/base.safetensors -o %s/tuned.safetensors --force " QUICK " %s", folder,
                corpus, folder, folder, options);
}

static void
test_known_pieces_are_never_called_unknown(void** const state)
{
  (void)state;
  assert_int_equal(tune("both", "--epochs 1"), 0);
  cn_run_told("of these, the weights that it begins with have learnt 1 to learn from, 0 to choose by");
  cn_run_told("On pieces that it has not learnt from,");

  char line[256];
  snprintf(line, sizeof(line),
           "printf 'file\twork\tsplit\\np0.mid\ta\tvalid\\np1.mid\ta\tvalid\\np2.mid\ta\tvalid\\n"
           "p5.mid\tb\ttrain\\n' >%s/table",
           folder);
  assert_int_equal(system(line), 0);
  snprintf(line, sizeof(line), "--epochs 1 --split %s/table", folder);
  assert_int_equal(tune("both", line), 0);
  cn_run_told("On 3 pieces, of which the weights that it began with had learnt 1,");
  assert_null(strstr(cn_run_output, "it has not learnt from"));
}

static void
test_weights_that_do_not_say_are_not_believed(void** const state)
{
  (void)state;
  char path[128];
  snprintf(path, sizeof(path), "%s/mute.safetensors", folder);
  const CnShape shape = {.cell = CN_CELL_GRU, .hidden = 8, .head = 8};
  CnLayout      layout;
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  assert_int_equal(cn_weights_save(path, &layout, parameters, CN_DTYPE_F32, NULL, 0), CN_STATUS_SUCCESS);
  free(parameters);

  assert_int_equal(
      cn_run("train %s/both --from %s -o %s/heir.safetensors --epochs 1 " QUICK, folder, path, folder), 0);
  cn_run_told("do not say which pieces they have learnt");
  cn_run_told("pieces, which the weights that it began with may have learnt (they do not say),");
  assert_null(strstr(cn_run_output, "it has not learnt from"));
  assert_int_equal(cn_run("info %s/heir.safetensors", folder), 0);
  cn_run_told("learnt                   10 pieces, and others");
}

static void
test_run_says_whether_it_was_worth_it(void** const state)
{
  (void)state;
  assert_int_equal(tune("both", "--epochs 4 --rate 0.01 --dropout 0"), 0);
  cn_run_told("Nats a note on the same pieces, each with motifs and without:");
  cn_run_told("  before ");
  cn_run_told("It is better than the weights that it began with, by ");
  assert_int_equal(tune("both", "--epochs 1 --rate 0.000001"), 0);
  cn_run_told("hardly better than the weights that it began with");
  assert_int_equal(tune("both", "--epochs 1 --rate 1"), 0); // To what cannot be bettered
  assert_int_equal(
      cn_run("train %s/both --from %s/tuned.safetensors -o %s/worse.safetensors --epochs 1 --rate 0.3 "
             "--weight-decay 10 " QUICK,
             folder, folder, folder),
      0);
  cn_run_told("Nothing was better than the weights that it began with");
  cn_run_told("--rate 0.1, a greater --patience, or more pieces to learn from");
}

static void
test_heirs_name_their_parents(void** const state)
{
  (void)state;
  char hash[17];
  char line[256];
  assert_int_equal(cn_run("info %s/base.safetensors", folder), 0);
  const char* const found = strstr(cn_run_output, "hash         ");
  assert_non_null(found);
  snprintf(hash, sizeof(hash), "%s", found + 13);
  assert_null(strstr(cn_run_output, "trained from"));

  assert_int_equal(tune("both", "--epochs 1 --half --credit Myself"), 0);
  assert_int_equal(cn_run("train %s/both --from %s/tuned.safetensors -o %s/third.safetensors --epochs 1 "
                          "--credit Myself " QUICK,
                          folder, folder, folder),
                   0);
  assert_int_equal(cn_run("info %s/third.safetensors", folder), 0);
  snprintf(line, sizeof(line), "trained from %s: 1 pieces, 40 notes, CC-BY-SA-4.0", hash);
  cn_run_told(line);
  cn_run_told("licence                  CC-BY-SA-4.0");
  cn_run_told("credit                   Myself; Some pianist\n"); // Once
  assert_int_equal(cn_run("info --json %s/tuned.safetensors", folder), 0);
  snprintf(line, sizeof(line), "\"parent\": \"%s\"", hash);
  cn_run_told(line);
  assert_int_equal(tune("both", "--epochs 1 --licence CC0-1.0"), 0);
  cn_run_told("begins with are under CC-BY-SA-4.0, which may ask for the same");
}

static void
test_evaluate_counts_what_was_learnt(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("evaluate -m %s/base.safetensors %s/both", folder, folder), 0);
  cn_run_told("12 pieces, 1 of which the model has learnt,");
  assert_int_equal(cn_run("evaluate --json -m %s/base.safetensors %s/both", folder, folder), 0);
  cn_run_told("\"learnt\": 1");
}

static void
test_shipped_weights_say_all_that_they_have_learnt(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("info plugin/models/default.safetensors.zst"), 0);
  const char* const learnt = strstr(cn_run_output, "\n  learnt ");
  assert_non_null(learnt);
  char         words[64];
  const double n = cn_run_number("\n  learnt ", "\n  learnt ");
  snprintf(words, sizeof(words), " %.0f pieces\n", n);
  cn_run_told(words);
  assert_true(n > 3000.0);
  assert_null(strstr(learnt, "and others"));
}

static void
test_shipped_weights_say_that_they_know_all_chords(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("info plugin/models/default.safetensors.zst"), 0);
  cn_run_told("chords                   tones");
  cn_run_told("pitch.chord.table        I8    36 x 192");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_known_pieces_are_never_called_unknown),
      cmocka_unit_test(test_weights_that_do_not_say_are_not_believed),
      cmocka_unit_test(test_run_says_whether_it_was_worth_it),
      cmocka_unit_test(test_heirs_name_their_parents),
      cmocka_unit_test(test_evaluate_counts_what_was_learnt),
      cmocka_unit_test(test_shipped_weights_say_all_that_they_have_learnt),
      cmocka_unit_test(test_shipped_weights_say_that_they_know_all_chords),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
