// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train under bad conditions: killed, interrupted, without room on the disk, and with losses that explode.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define TINY "--hidden 8 --head 8 --streams 2 --steps 16 --threads 1"
#define LONG TINY " --epochs 300 --patience 0"
#define IN_THE_SHELL CN_BUILD_DIR "/continuo train %s/corpus "

enum { N_PIECES = 6, N_KILLS = 6 };

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

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-faults-XXXXXX");
  assert_non_null(mkdtemp(folder));
  assert_int_equal(chmod(folder, 0777), 0);
  cn_scratch_make_corpus(folder, "corpus", N_PIECES, 40, 0);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  char line[256];
  snprintf(line, sizeof(line), "chmod -R u+rwx %s; rm -rf %s", folder, folder);
  return system(line);
}

/// Run a line in the shell, and keep what it prints
static int CN_PRINTF(1, 2) run_shell(const char* const format, ...)
{
  char    line[1024];
  char    command[1100];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof(line), format, args);
  va_end(args);
  snprintf(command, sizeof(command), "{ %s; } 2>&1", line);
  FILE* const pipe = popen(command, "r");
  assert_non_null(pipe);
  cn_run_output[fread(cn_run_output, 1, CN_RUN_MAX_OUTPUT - 1, pipe)] = '\0';
  return WEXITSTATUS(pclose(pipe));
}

static pid_t
start(const char* const name, const char* const options)
{
  char line[1024];
  snprintf(line, sizeof(line), "exec " IN_THE_SHELL "-o %s/%s.safetensors " LONG " %s 2>%s/log", folder,
           folder, name, options, folder);
  const pid_t child = fork();
  if (!child) {
    execl("/bin/sh", "sh", "-c", line, (char*)NULL);
    _exit(127);
  }
  assert_true(child > 0);
  return child;
}

/// Wait until a file has been written anew `n` times; each writing makes a new inode
static void
wait_for_writes(const char* const name, const unsigned n, const pid_t child)
{
  ino_t    last  = 0;
  unsigned count = 0;
  while (count < n) {
    struct stat info;
    if (!stat(in_folder(name), &info) && info.st_ino != last) {
      last = info.st_ino;
      ++count;
    }
    if (waitpid(child, NULL, WNOHANG)) {
      fail_msg("the run was over before %s had been written %u times", name, n);
    }
    nanosleep(&(struct timespec){0, 200000}, NULL);
  }
}

static int
end(const pid_t child, const int signal_number)
{
  int status = 0;
  kill(child, signal_number);
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static bool
are_same(const char* const a, const char* const b)
{
  char line[600];
  snprintf(line, sizeof(line), "cmp -s %s %s", in_folder(a), in_folder(b));
  return !system(line);
}

static unsigned
count_leftovers(void)
{
  assert_int_equal(run_shell("ls %s | grep -c '\\.tmp' || true", folder), 0);
  return (unsigned)strtoul(cn_run_output, NULL, 10);
}

static void
test_killed_run_goes_on_to_the_same_weights(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train %s/corpus -o %s/whole.safetensors " LONG, folder, folder), 0);
  assert_false(exists("whole.checkpoint"));
  for (unsigned k = 0; k < N_KILLS; ++k) {
    const pid_t child = start("parts", k ? "--checkpoint 0 --resume" : "--checkpoint 0");
    wait_for_writes("parts.checkpoint", 2 + 3 * k, child);
    assert_int_equal(WTERMSIG(end(child, SIGKILL)), SIGKILL);
  }
  assert_true(exists("parts.checkpoint"));
  assert_int_equal(cn_run("train %s/corpus -o %s/parts.safetensors --resume " LONG, folder, folder), 0);
  cn_run_told("going on from epoch ");
  assert_true(are_same("whole.safetensors", "parts.safetensors"));
  assert_false(exists("parts.checkpoint"));
  assert_int_equal(count_leftovers(), 0);
}

static void
test_interrupted_run_says_how_to_go_on(void** const state)
{
  (void)state;
  const pid_t child = start("stop", "--checkpoint 0");
  wait_for_writes("stop.safetensors", 1, child);
  const int status = end(child, SIGINT);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 130);
  assert_int_equal(run_shell("cat %s/log", folder), 0);
  cn_run_told("the same command with --resume goes on");
  assert_true(exists("stop.checkpoint") && exists("stop.safetensors") && exists("stop.csv"));

  // All else must be as it was
  assert_int_equal(cn_run("train %s/corpus -o %s/stop.safetensors --resume --seed 2 " LONG, folder, folder),
                   1);
  cn_run_told("stop.checkpoint: is of another recipe");
  midi_file_write_quarters(in_folder("corpus/zz.mid"), 40, 70, NULL, 0);
  assert_int_equal(cn_run("train %s/corpus -o %s/stop.safetensors --resume " LONG, folder, folder), 1);
  cn_run_told("stop.checkpoint: is of another corpus");
  assert_int_equal(remove(in_folder("corpus/zz.mid")), 0);

  assert_int_equal(truncate(in_folder("stop.checkpoint"), 1000), 0);
  assert_int_equal(cn_run("train %s/corpus -o %s/stop.safetensors --resume " LONG, folder, folder), 1);
  cn_run_told("stop.checkpoint: its end is missing");
  assert_int_equal(cn_run("train %s/corpus -o %s/stop.safetensors --force --epochs 1 " TINY, folder, folder),
                   0);
  cn_run_told("stop.checkpoint: is of a run that was interrupted");
  assert_int_equal(cn_run("train %s/corpus -o %s/stop.safetensors --resume " LONG, folder, folder), 1);
  cn_run_told("stop.checkpoint: No such file");
}

static void
test_weights_that_stand_there_are_not_lost(void** const state)
{
  (void)state;
  assert_int_equal(run_shell("echo precious >%s/there.safetensors", folder), 0);
  assert_int_equal(cn_run("train %s/corpus -o %s/there.safetensors --epochs 1 " TINY, folder, folder), 2);
  cn_run_told("there.safetensors: stands there already; --force writes over it");
  assert_int_equal(cn_run("train %s/corpus -o %s/there.safetensors --resume " LONG, folder, folder), 2);
  cn_run_told("there.safetensors: stands there and is no file of weights");
  assert_int_equal(cn_run("train %s/corpus -o %s/there.MID --epochs 1 " TINY, folder, folder), 2);
  cn_run_told("there.MID: is a name for MIDI files");
  assert_int_equal(cn_run("train %s/corpus -o %s/there.safetensors.zst --epochs 1 " TINY, folder, folder), 2);
  cn_run_told("there.safetensors.zst: is a name for compressed files");
  assert_false(exists("there.MID"));
  assert_int_equal(run_shell("cat %s/there.safetensors", folder), 0);
  cn_run_told("precious");
}

// What no validation has bettered is worth more than the first steps of a run.  The run waits for its split
// table while it is interrupted, so it is always the first step after which it stops.
static void
test_early_interruption_leaves_old_weights_alone(void** const state)
{
  static const char table[] = "file\twork\tsplit\np0.mid\ta\ttrain\np1.mid\tb\tvalid\n";

  (void)state;
  char options[256];
  assert_int_equal(run_shell("echo precious >%s/old.safetensors", folder), 0);
  assert_int_equal(mkfifo(in_folder("table"), 0666), 0);
  snprintf(options, sizeof(options), "--force --streams 1 --split %s", in_folder("table"));
  const pid_t child = start("old", options);
  FILE* const pipe  = fopen(in_folder("table"), "w"); // Returns when the run has opened it, too
  assert_non_null(pipe);
  assert_int_equal(kill(child, SIGTERM), 0);
  fputs(table, pipe);
  assert_int_equal(fclose(pipe), 0);

  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGTERM);
  assert_int_equal(run_shell("cat %s/log %s/old.safetensors", folder, folder), 0);
  cn_run_told("old.safetensors stays as it was");
  cn_run_told("precious");
  assert_true(exists("old.checkpoint"));
}

// A limit on the size of files fails as a full disk does: in the middle of writing
static void
test_full_disk_is_told_and_leaves_no_halves(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train %s/corpus -o %s/full.safetensors --epochs 1 " TINY, folder, folder), 0);
  assert_int_equal(run_shell("cp %s/full.safetensors %s/before", folder, folder), 0);
  assert_int_equal(run_shell("ulimit -f 16; " IN_THE_SHELL
                             "-o %s/full.safetensors --force --seed 3 --epochs 2 " TINY,
                             folder, folder),
                   1);
  cn_run_told("full.safetensors: File too large; the run goes on, and will try again");
  assert_true(are_same("full.safetensors", "before"));
  assert_int_equal(count_leftovers(), 0);
}

static void
test_weights_that_had_no_room_can_be_written_later(void** const state)
{
  (void)state;
  // Nothing but the weights has no room: their place is taken by a device that is always full
  assert_int_equal(run_shell(IN_THE_SHELL "-o %s/late.safetensors --epochs 2 " TINY, folder, folder), 0);
  assert_int_equal(run_shell("mv %s/late.safetensors %s/wanted; ln -s /dev/full %s/late.safetensors", folder,
                             folder, folder),
                   0);
  assert_int_equal(run_shell(IN_THE_SHELL "-o %s/late.safetensors --epochs 2 " TINY, folder, folder), 1);
  cn_run_told("late.safetensors: No space left on device");
  cn_run_told("nothing is lost: with --resume");
  assert_int_equal(remove(in_folder("late.safetensors")), 0);
  assert_int_equal(run_shell(IN_THE_SHELL "-o %s/late.safetensors --resume --epochs 2 " TINY, folder, folder),
                   0);
  assert_true(are_same("late.safetensors", "wanted"));
  assert_false(exists("late.checkpoint"));
}

static void
test_folder_without_leave_to_write_is_refused_at_once(void** const state)
{
  (void)state;
  const char* const user = getuid() ? "" : "setpriv --reuid=65534 --clear-groups ";
  assert_int_equal(mkdir(in_folder("locked"), 0555), 0);
  assert_int_equal(run_shell("%s%s/continuo train %s/corpus -o %s/locked/x.safetensors " TINY, user,
                             CN_BUILD_DIR, folder, folder),
                   1);
  cn_run_told("locked/x.safetensors: Permission denied");
  assert_null(strstr(cn_run_output, "epoch"));
}

static void
test_losses_that_explode_end_the_run(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("train %s/corpus -o %s/nan.safetensors --checkpoint 0 --rate 1 --weight-decay 10 " LONG, folder,
             folder),
      1);
  cn_run_told(
      "the gradient is no longer a number; a lower --rate may help; the best weights before that are kept");
  assert_true(exists("nan.safetensors"));
  assert_false(exists("nan.checkpoint"));
  assert_int_equal(cn_run("info %s/nan.safetensors", folder), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_killed_run_goes_on_to_the_same_weights),
      cmocka_unit_test(test_interrupted_run_says_how_to_go_on),
      cmocka_unit_test(test_weights_that_stand_there_are_not_lost),
      cmocka_unit_test(test_early_interruption_leaves_old_weights_alone),
      cmocka_unit_test(test_full_disk_is_told_and_leaves_no_halves),
      cmocka_unit_test(test_weights_that_had_no_room_can_be_written_later),
      cmocka_unit_test(test_folder_without_leave_to_write_is_refused_at_once),
      cmocka_unit_test(test_losses_that_explode_end_the_run),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
