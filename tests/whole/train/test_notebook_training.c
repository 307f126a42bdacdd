// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train --arch notebook, evaluate, info and generate, as a user would run them.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"

#include "tools/base/file.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_PIECES = 8, N_NOTES = 60 };

#define QUICK "--pitch-layers 8,8 --timing-layers 6,6 --min-count 20 --window 8 --round 128 --epochs 1"

static char folder[64];

static int
setup(void** const state)
{
  (void)state;
  char path[128];
  snprintf(folder, sizeof(folder), "/tmp/continuo-seed-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof(path), "mkdir %s/corpus", folder);
  assert_int_equal(system(path), 0);
  for (unsigned i = 0; i < N_PIECES; ++i) {
    snprintf(path, sizeof(path), "%s/corpus/piece%u.mid", folder, i);
    midi_file_write_quarters(path, N_NOTES + i, (uint8_t)(60 + i % 4), NULL, 0);
  }
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  char command[128];
  snprintf(command, sizeof(command), "rm -r %s", folder);
  return system(command);
}

static bool
exists(const char* const name)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return !access(path, F_OK);
}

static void
test_trains_evaluates_tells_and_plays(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("train --arch notebook %s/corpus -o %s/a.safetensors " QUICK " --licence Free", folder, folder),
      CN_EXIT_OK);
  cn_run_told("best by validation");
  assert_true(exists("a.csv") && exists("a.split.tsv") && exists("a.png"));
  assert_int_equal(cn_run("info %s/a.safetensors", folder), CN_EXIT_OK);
  cn_run_told("BiLSTM 8, LSTM 8");
  cn_run_told("BiLSTM 6, LSTM 6");
  cn_run_told("8 notes, in beats");
  cn_run_told("parameters   3310 in 22 tensors"); // Two and two layers, as Keras counts them
  assert_int_equal(cn_run("info --json %s/a.safetensors", folder), CN_EXIT_OK);
  cn_run_told("\"architecture\": \"notebook\"");
  assert_int_equal(cn_run("evaluate -m %s/a.safetensors %s/corpus/piece1.mid", folder, folder), CN_EXIT_OK);
  cn_run_told("notebook");
  cn_run_told("train's mean");
  assert_int_equal(cn_run("generate -m %s/a.safetensors --seed %s/corpus/piece1.mid --bars 2 -o %s/long.mid",
                          folder, folder, folder),
                   CN_EXIT_OK);
  assert_true(exists("long.mid"));
}

// All quarter notes at 120 BPM: what a model in seconds tells is what one in beats does
static void
test_seconds_are_scored_in_beats(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("train --arch notebook %s/corpus -o %s/s.safetensors " QUICK " --unit seconds", folder, folder),
      CN_EXIT_OK);
  assert_int_equal(cn_run("info %s/s.safetensors", folder), CN_EXIT_OK);
  cn_run_told("8 notes, in seconds");
  assert_int_equal(cn_run("evaluate --json -m %s/s.safetensors %s/corpus/piece1.mid", folder, folder),
                   CN_EXIT_OK);

  json_t* const       json = json_loads(cn_run_output, 0, NULL);
  const json_t* const step =
      json_object_get(json_object_get(json_object_get(json, "mean"), "error_in_beats"), "step");
  const json_t* const pitch  = json_object_get(json_object_get(json, "nll"), "pitch");
  const double        absent = json_real_value(json_object_get(step, "mean_absolute"));
  assert_int_equal(json_integer_value(json_object_get(json, "notes")), N_NOTES);
  assert_true(json_is_real(pitch) && json_is_null(json_object_get(json_object_get(json, "nll"), "dt")));
  assert_true(json_is_real(json_object_get(step, "mean_absolute")) && fabs(absent) < 0.01);
  json_decref(json);
}

// By its old name, too
static void
test_the_same_again_is_the_same_file(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("train --arch notebook %s/corpus -o %s/1.safetensors " QUICK " --half", folder, folder), 0);
  assert_int_equal(cn_run("train --arch seed %s/corpus -o %s/2.safetensors " QUICK " --half", folder, folder),
                   0);

  uint8_t* data[2] = {NULL, NULL};
  size_t   size[2] = {0, 0};
  for (unsigned i = 0; i < 2; ++i) {
    char path[128];
    snprintf(path, sizeof(path), "%s/%u.safetensors", folder, i + 1);
    assert_int_equal(cn_file_read(path, 1 << 24, &data[i], &size[i]), CN_STATUS_SUCCESS);
  }
  assert_int_equal(size[0], size[1]);
  assert_memory_equal(data[0], data[1], size[0]);
  free(data[0]);
  free(data[1]);
}

static void
test_wrong_options_are_told(void** const state)
{
  (void)state;
  static const char* const wrong[][2] = {{"--pitch-layers 8,,8", "--pitch-layers: '8,,8'"},
                                         {"--timing-layers 0", "--timing-layers: '0'"},
                                         {"--unit bars", "--unit: 'bars'"},
                                         {"--arch lstm", "--arch: 'lstm' does not go with this"},
                                         {"--arch continuo", "--arch: 'continuo' does not go with this"},
                                         {"--window 513", "--window"},
                                         {"--dropout 1", "--dropout"},
                                         {"--patience x", "--patience"},
                                         {"--hidden 8", "--hidden"},
                                         {"more", "one folder at a time"}};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); ++i) {
    assert_int_equal(
        cn_run("train --arch notebook %s/corpus -o %s/w.safetensors %s", folder, folder, wrong[i][0]),
        CN_EXIT_USAGE);
    cn_run_told(wrong[i][1]);
  }
  assert_int_equal(cn_run("train --arch=gru %s/corpus -o %s/w.safetensors", folder, folder), CN_EXIT_USAGE);
  cn_run_told("--arch: 'gru' is none of continuo, notebook, nor attention; lstm and gru go by --cell");
  assert_int_equal(cn_run("train --arch %s/corpus -o %s/w.safetensors", folder, folder), CN_EXIT_USAGE);
  cn_run_told("is none of continuo, notebook");
  assert_int_equal(cn_run("train --arc notebook %s/corpus -o %s/w.safetensors", folder, folder),
                   CN_EXIT_USAGE);
  cn_run_told("'notebook' does not go with this; name one kind, and --arch in full");
  assert_int_equal(cn_run("train --arch continuo %s/corpus", folder), CN_EXIT_USAGE);
  cn_run_told("no file for the weights");
  assert_int_equal(cn_run("train --arch notebook %s/corpus", folder), CN_EXIT_USAGE);
  cn_run_told("no file for the weights");
  assert_int_equal(
      cn_run("train --arch notebook %s/corpus -o %s/w.safetensors --min-count 1000", folder, folder),
      CN_EXIT_FAILURE);
  cn_run_told("no pitch occurs 1000 times");
  assert_int_equal(cn_run("train --arch notebook %s/corpus -o %s/none/w.safetensors", folder, folder),
                   CN_EXIT_FAILURE);
  cn_run_told("No such file or directory");
  assert_false(exists("w.safetensors"));
  assert_int_equal(cn_run("train --arch notebook --help"), CN_EXIT_OK);
  cn_run_told("--pitch-layers");
}

/// Run lines in the shell with `continuo` on the path, in the folder; what they print goes to the log there
static int CN_PRINTF(1, 2) run_shell(const char* const format, ...)
{
  char    lines[1024];
  char    command[1300];
  va_list args;
  va_start(args, format);
  vsnprintf(lines, sizeof(lines), format, args);
  va_end(args);
  snprintf(command, sizeof(command), "PATH=$(realpath " CN_BUILD_DIR "):$PATH; cd %s; { %s; } >log 2>&1",
           folder, lines);
  return WEXITSTATUS(system(command));
}

static bool
is_logged(const char* const text)
{
  char command[512];
  snprintf(command, sizeof(command), "grep -qF '%s' %s/log", text, folder);
  return !system(command);
}

// Of two networks, one may come to its end before the other
static void
test_an_ended_network_leaves_its_cells_empty(void** const state)
{
  (void)state;
  assert_int_equal(run_shell("continuo train --arch notebook corpus -o ended.safetensors " QUICK
                             " --epochs 8 --rate 1e-5 --patience 1"),
                   CN_EXIT_OK);
  assert_true(is_logged("has ended"));
  assert_false(is_logged("nan"));
  assert_int_equal(run_shell("grep nan ended.csv"), 1);
  assert_int_equal(run_shell("tail -n 1 ended.csv | grep -E ',,,$|,,,,'"), 0);
  assert_int_equal(run_shell("continuo curves ended.csv -o ended.svg"), CN_EXIT_OK);
}

// What no validation has bettered is worth more than the first steps of a run.  The run waits for its split
// table while it is told to end, so it is always the first step after which it stops.
static void
test_early_interruption_leaves_old_weights_alone(void** const state)
{
  (void)state;
  assert_int_equal(
      run_shell("echo precious >old.safetensors; mkfifo table;"
                "continuo train --arch notebook corpus -o old.safetensors --force --split table " QUICK " &"
                "exec 3>table; kill -TERM $!;"
                "printf 'file\\twork\\tsplit\\npiece0.mid\\ta\\ttrain\\n"
                "piece1.mid\\tb\\tvalid\\n' >&3; exec 3>&-; wait $!"),
      128 + SIGTERM);
  assert_true(is_logged("old.safetensors stays as it was"));
  assert_int_equal(run_shell("grep precious old.safetensors"), 0);
}

static void
test_killed_run_goes_on_to_the_same_weights(void** const state)
{
  static const char options[] = QUICK " --epochs 30 --patience 0 --threads 3 --checkpoint 0";

  (void)state;
  assert_int_equal(run_shell("continuo train --arch notebook corpus -o whole.safetensors %s", options),
                   CN_EXIT_OK);
  assert_int_equal(run_shell("for part in 1 2 3; do"
                             "  continuo train --arch notebook corpus -o parts.safetensors %s $resume &"
                             "  while [ ! -e parts.checkpoint ] && kill -0 $!; do sleep 0.01; done;"
                             "  sleep 0.1; kill -KILL $! || exit 9; wait $!; resume=--resume;"
                             "done; [ -e parts.checkpoint ]",
                             options),
                   CN_EXIT_OK);
  assert_int_equal(
      run_shell("continuo train --arch notebook corpus -o parts.safetensors --resume %s", options),
      CN_EXIT_OK);
  assert_true(is_logged("going on from epoch "));
  assert_int_equal(run_shell("cmp whole.safetensors parts.safetensors"), 0);
  assert_false(exists("parts.checkpoint"));
}

static void
test_checkpoint_of_another_run_is_refused(void** const state)
{
  (void)state;
  assert_int_equal(
      run_shell("continuo train --arch notebook corpus -o stop.safetensors " QUICK
                " --epochs 1000 --patience 0 --checkpoint 0 & "
                "while [ ! -e stop.safetensors ] && kill -0 $!; do sleep 0.01; done; kill -INT $!; wait $!"),
      128 + SIGINT);
  assert_true(is_logged("the same command with --resume goes on from there"));
  assert_true(exists("stop.checkpoint"));
  assert_int_equal(
      run_shell("continuo train --arch notebook corpus -o stop.safetensors --resume " QUICK " --seed 2"),
      CN_EXIT_FAILURE);
  assert_true(is_logged("stop.checkpoint: is of another recipe"));
}

// Quarters, one after another, are never foretold as 0, but drawn as they are
static void
test_steps_are_drawn_or_the_mean(void** const state)
{
  (void)state;
  assert_int_equal(run_shell("continuo train --arch notebook corpus -o mean.safetensors --step mean " QUICK),
                   CN_EXIT_OK);
  assert_int_equal(run_shell("continuo info mean.safetensors | grep 'steps  .* the mean of the regression'"),
                   0);
  assert_int_equal(run_shell("continuo info a.safetensors | grep 'steps  .* drawn from the residuals'"), 0);
  assert_int_equal(run_shell("continuo train --arch notebook corpus -o x.safetensors --step chords"),
                   CN_EXIT_USAGE);
  assert_true(is_logged("is neither drawn nor mean"));
}

// Weights that are begun with say what the networks are; what comes of it is no worse, and can be told apart
static void
test_trained_weights_may_be_where_it_begins(void** const state)
{
  (void)state;
  assert_int_equal(
      run_shell(
          "continuo train --arch notebook corpus -o base.safetensors --licence Free --step mean " QUICK),
      CN_EXIT_OK);
  assert_int_equal(
      run_shell("continuo train --arch notebook corpus -o heir.safetensors --from base.safetensors"
                " --epochs 0.0001 --rate 0.000001"),
      CN_EXIT_OK);
  assert_true(is_logged("the weights that it began with: pitch "));
  assert_true(is_logged("nothing was better for pitch: try a lower --rate"));
  assert_true(is_logged("the weights that it begins with have learnt 6 to learn from, 0 to choose by"));
  assert_int_equal(run_shell("hash=$(continuo info base.safetensors | sed -n 's/^  hash *//p');"
                             "continuo info heir.safetensors | grep \"trained from $hash: 6 pieces\""),
                   0);
  assert_int_equal(
      run_shell(
          "continuo info heir.safetensors >out; grep 'licence  *Free' out && grep 'reads  *8 notes' out &&"
          "grep 'drawn from the residuals' out"),
      0);
  assert_int_equal(
      run_shell("continuo train --arch notebook corpus -o x.safetensors --from base.safetensors --window 9"),
      CN_EXIT_USAGE);
  assert_true(is_logged("the weights say what the networks are"));
}

// A limit on the size of files fails as a full disk does: in the middle of writing
static void
test_full_disk_is_told_and_leaves_no_halves(void** const state)
{
  (void)state;
  assert_int_equal(run_shell("echo precious >full.safetensors; ulimit -f 24;"
                             "continuo train --arch notebook corpus -o full.safetensors --force " QUICK),
                   CN_EXIT_FAILURE);
  assert_true(is_logged("full.safetensors: File too large; the run goes on, and will try again"));
  assert_int_equal(run_shell("grep precious full.safetensors && ! ls full.safetensors.tmp*"), 0);
}

// Two pieces are too few to keep one for judging
static void
test_without_validation_nothing_is_told_of_it(void** const state)
{
  (void)state;
  assert_int_equal(run_shell("mkdir two; cp corpus/piece[01].mid two;"
                             "continuo train --arch notebook two -o two.safetensors " QUICK),
                   CN_EXIT_OK);
  assert_true(is_logged("these are the weights of the end"));
  assert_int_equal(run_shell("continuo info two.safetensors | grep validation"), 1);
  assert_int_equal(run_shell("grep nan two.csv"), 1);
  assert_false(exists("two.png"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_trains_evaluates_tells_and_plays),
      cmocka_unit_test(test_seconds_are_scored_in_beats),
      cmocka_unit_test(test_the_same_again_is_the_same_file),
      cmocka_unit_test(test_wrong_options_are_told),
      cmocka_unit_test(test_an_ended_network_leaves_its_cells_empty),
      cmocka_unit_test(test_early_interruption_leaves_old_weights_alone),
      cmocka_unit_test(test_killed_run_goes_on_to_the_same_weights),
      cmocka_unit_test(test_checkpoint_of_another_run_is_refused),
      cmocka_unit_test(test_steps_are_drawn_or_the_mean),
      cmocka_unit_test(test_trained_weights_may_be_where_it_begins),
      cmocka_unit_test(test_full_disk_is_told_and_leaves_no_halves),
      cmocka_unit_test(test_without_validation_nothing_is_told_of_it),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
