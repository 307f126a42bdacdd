// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train in two ranks: the same weights as in one process, also after an interruption; and what goes wrong on
  one rank.
*/

#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "tools/judge/weights.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

// What Open MPI leaks is not our fault; and on a busy machine a rank that waits must let the others work
#define NO_LEAKS "env ASAN_OPTIONS=detect_leaks=0 "
#define MPIRUN "mpirun --allow-run-as-root --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 "
#define TRAIN CN_BUILD_DIR "/continuo train %s/%s "
#define LONG "--epochs 60 --streams 4 "
#define TINY "--hidden 8 --head 8 --steps 16 --threads 1 --patience 0 --float "

enum { N_PIECES = 12 };

static char folder[64];

static const char*
in_folder(const char* const name)
{
  return cn_scratch_path(folder, name);
}

static bool
exists(const char* const name)
{
  return cn_scratch_has(folder, name);
}

static void
make_corpus(const char* const name, const unsigned n_pieces)
{
  cn_scratch_make_corpus(folder, name, n_pieces, 60, 7);
}

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-mpi-XXXXXX");
  assert_non_null(mkdtemp(folder));
  make_corpus("corpus", N_PIECES);
  make_corpus("other", N_PIECES - 1);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

/// Run a line in the shell, and keep what it prints; one that hangs is ended with status 124
static int CN_PRINTF(1, 2) run_shell(const char* const format, ...)
{
  char    line[1024];
  char    command[1100];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof(line), format, args);
  va_end(args);
  snprintf(command, sizeof(command), NO_LEAKS "timeout 300 %s 2>&1", line);
  FILE* const pipe = popen(command, "r");
  assert_non_null(pipe);
  cn_run_output[fread(cn_run_output, 1, CN_RUN_MAX_OUTPUT - 1, pipe)] = '\0';
  return WEXITSTATUS(pclose(pipe));
}

static void
train_alone(const char* const name, const char* const options)
{
  if (run_shell(TRAIN "-o %s/%s.safetensors " TINY "%s", folder, "corpus", folder, name, options)) {
    fail_msg("%s", cn_run_output);
  }
}

static void
train_in_two_ranks(const char* const name, const char* const options)
{
  if (run_shell(MPIRUN "-n 2 " TRAIN "-o %s/%s.safetensors " TINY "%s", folder, "corpus", folder, name,
                options)) {
    fail_msg("%s", cn_run_output);
  }
}

static CnModel*
load_model(const char* const name)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s.safetensors", folder, name);
  CnModel* const model = cn_weights_load("test", path, NULL);
  assert_non_null(model);
  return model;
}

/// Greatest difference of a weight in one file from the one in another
static double
compare_weights(const char* const a, const char* const b)
{
  CnModel* const  one    = load_model(a);
  CnModel* const  other  = load_model(b);
  const CnLayout* layout = cn_model_layout(one);
  double          most   = 0.0;
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const float* const x = cn_model_weight(one, w);
    const float* const y = cn_model_weight(other, w);
    for (size_t i = 0; i < (size_t)layout->place[w].rows * layout->place[w].columns; ++i) {
      most = fmax(most, fabs((double)x[i] - (double)y[i]));
    }
  }
  cn_model_free(one);
  cn_model_free(other);
  return most;
}

static bool
are_same(const char* const a, const char* const b)
{
  char line[600];
  snprintf(line, sizeof(line), "cmp -s %s %s", in_folder(a), in_folder(b));
  return !system(line);
}

/// A number from the last row of the table of a run
static double
read_table(const char* const name, const unsigned column)
{
  assert_int_equal(run_shell("tail -n 1 %s/%s.csv", folder, name), 0);
  const char* cell = cn_run_output;
  for (unsigned c = 0; cell && c < column; ++c) {
    cell = strchr(cell + 1, ',');
  }
  return cell ? strtod(cell + (column > 0), NULL) : NAN;
}

// Without dropout, which is drawn by worker
static void
test_two_ranks_learn_what_one_process_does_with_twice_the_batch(void** const state)
{
  (void)state;
  const char* const options = "--dropout 0 --epochs 6 --streams ";
  char              line[128];
  snprintf(line, sizeof(line), "%s 8", options);
  train_alone("one", line);
  snprintf(line, sizeof(line), "%s 4", options);
  train_alone("half", line);
  train_in_two_ranks("two", line);
  cn_run_told("; 2 workers");
  cn_run_told("8 x 16 notes a step");
  const double rounding = compare_weights("one", "two");
  const double batch    = compare_weights("one", "half");
  if (!(rounding < 1e-4 && batch > 1e-2)) {
    fail_msg("one process and two ranks differ by %g, one process and half the batch by %g", rounding, batch);
  }
}

// Worker for worker, with all that is drawn
static void
test_two_ranks_learn_what_two_workers_do(void** const state)
{
  (void)state;
  train_alone("workers", "--epochs 6 --streams 8 --threads 2");
  train_in_two_ranks("ranks", "--epochs 6 --streams 4");
  assert_true(compare_weights("workers", "ranks") < 1e-4);
  for (unsigned column = 4; column < 7; ++column) { // Losses in training and validation
    const double loss = read_table("workers", column);
    assert_true(loss > 1.0 && fabs(read_table("ranks", column) - loss) < 1e-3);
  }
}

static pid_t
start_two_ranks(const char* const name, const char* const options)
{
  char line[1024];
  snprintf(line, sizeof(line),
           "exec " NO_LEAKS MPIRUN "-n 2 " TRAIN "-o %s/%s.safetensors " TINY "%s >%s/log 2>&1", folder,
           "corpus", folder, name, options, folder);
  const pid_t child = fork();
  if (!child) {
    execl("/bin/sh", "sh", "-c", line, (char*)NULL);
    _exit(127);
  }
  assert_true(child > 0);
  return child;
}

static void
wait_for_file(const char* const name, const pid_t child)
{
  while (!exists(name)) {
    if (waitpid(child, NULL, WNOHANG)) {
      fail_msg("the run was over before there was %s", name);
    }
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
}

static void
wait_for_word(const char* const word, const pid_t child)
{
  while (run_shell("grep -q '%s' %s/log", word, folder)) {
    if (waitpid(child, NULL, WNOHANG)) {
      fail_msg("the run was over before it said %s", word);
    }
    nanosleep(&(struct timespec){0, 10000000}, NULL);
  }
}

// As by Ctrl-C, which mpirun hands on
static void
interrupt_ranks(const pid_t child)
{
  kill(child, SIGINT);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

// All at once; mpirun then ends, too
static void
kill_ranks(const pid_t child)
{
  char line[128];
  snprintf(line, sizeof(line), "kill -KILL $(cat /proc/%d/task/%d/children)", (int)child, (int)child);
  assert_int_equal(system(line), 0);
  assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
test_interrupted_ranks_go_on_to_the_same_weights(void** const state)
{
  (void)state;
  train_in_two_ranks("whole", LONG);
  pid_t child = start_two_ranks("parts", LONG "--checkpoint 0");
  wait_for_file("parts.checkpoint", child);
  kill_ranks(child);
  assert_true(exists("parts.checkpoint"));

  child = start_two_ranks("parts", LONG "--checkpoint 0 --resume");
  wait_for_word("going on from epoch", child);
  interrupt_ranks(child);
  assert_true(exists("parts.checkpoint"));

  train_in_two_ranks("parts", LONG "--resume");
  cn_run_told("going on from epoch");
  assert_true(are_same("whole.safetensors", "parts.safetensors"));
  assert_false(exists("parts.checkpoint"));
}

static void
test_checkpoint_is_for_as_many_ranks(void** const state)
{
  (void)state;
  const pid_t child = start_two_ranks("fewer", "--epochs 1000 --streams 4 --checkpoint 0");
  wait_for_file("fewer.checkpoint", child);
  interrupt_ranks(child);
  assert_int_equal(run_shell(TRAIN "-o %s/fewer.safetensors " TINY "--epochs 1000 --streams 4 --resume",
                             folder, "corpus", folder),
                   1);
  cn_run_told("fewer.checkpoint: is of another recipe");
}

// What one rank finds wrong ends all, with its words, and nothing is written
static void
test_a_rank_that_cannot_read_ends_all(void** const state)
{
  (void)state;
  assert_int_equal(run_shell(MPIRUN "-n 1 " TRAIN "-o %s/bad.safetensors " TINY ": -n 1 " TRAIN
                                    "-o %s/bad.safetensors " TINY,
                             folder, "corpus", folder, folder, "missing", folder),
                   1);
  cn_run_told("rank 1 on ");
  cn_run_told("missing: No such file or directory");
  assert_int_equal(run_shell(MPIRUN "-n 1 " TRAIN "-o %s/bad.safetensors " TINY ": -n 1 " TRAIN
                                    "-o %s/bad.safetensors " TINY,
                             folder, "corpus", folder, folder, "other", folder),
                   1);
  cn_run_told("rank 1 on ");
  cn_run_told("other: here 11 pieces, ");
  assert_false(exists("bad.safetensors"));
}

// And what all find wrong is said once
static void
test_a_fault_of_all_is_said_once(void** const state)
{
  (void)state;
  assert_int_equal(run_shell(MPIRUN "-n 2 " TRAIN "-o %s/bad.safetensors " TINY, folder, "missing", folder),
                   1);
  const char* const first = strstr(cn_run_output, "missing: No such file");
  assert_non_null(first);
  assert_null(strstr(first + 1, "missing: No such file"));
}

static void
test_networks_of_the_notebook_are_refused(void** const state)
{
  (void)state;
  assert_int_equal(
      run_shell(MPIRUN "-n 2 " TRAIN "-o %s/notebook.safetensors --arch notebook", folder, "corpus", folder),
      2);
  cn_run_told("--arch: networks of this kind learn in one process only");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_ranks_learn_what_one_process_does_with_twice_the_batch),
      cmocka_unit_test(test_two_ranks_learn_what_two_workers_do),
      cmocka_unit_test(test_interrupted_ranks_go_on_to_the_same_weights),
      cmocka_unit_test(test_checkpoint_is_for_as_many_ranks),
      cmocka_unit_test(test_a_rank_that_cannot_read_ends_all),
      cmocka_unit_test(test_a_fault_of_all_is_said_once),
      cmocka_unit_test(test_networks_of_the_notebook_are_refused),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
