// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/midi_file.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/command/commands.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_BARS 4 ///< Of the example

/// A folder with a MIDI file, for the command
typedef struct {
  char folder[64];
  char input[96];
  char output[96];
  char errors[96]; ///< What the command says on stderr
} Folder;

/// What the command has written
typedef struct {
  uint8_t* data;
  size_t   size;
} Picture;

/// Write a file of a few bars, a note in each
static void
write_example(const char* const path)
{
  CnNote notes[N_BARS] = {{0}};
  for (int32_t i = 0; i < N_BARS; ++i) {
    notes[i] = (CnNote){i * 96, 24, {0, 0}, 60, 64, 0, CN_PART_MUSICIAN};
  }
  midi_file_write_notes(path, notes, N_BARS, NULL, 0);
}

static int
set_up_folder(void** state)
{
  Folder* const folder = (Folder*)calloc(1, sizeof(Folder));
  snprintf(folder->folder, sizeof(folder->folder), "/tmp/continuo-roll-XXXXXX");
  assert_non_null(mkdtemp(folder->folder));
  snprintf(folder->input, sizeof(folder->input), "%s/in.mid", folder->folder);
  snprintf(folder->output, sizeof(folder->output), "%s/out.PNG", folder->folder);
  snprintf(folder->errors, sizeof(folder->errors), "%s/errors", folder->folder);
  write_example(folder->input);
  *state = folder;
  return 0;
}

static int
tear_down_folder(void** state)
{
  Folder* const folder = (Folder*)*state;
  unlink(folder->input);
  unlink(folder->output);
  unlink(folder->errors);
  assert_int_equal(rmdir(folder->folder), 0); // Nothing else was left there
  free(folder);
  return 0;
}

/// Run the command with stderr in a file; @return its exit status
static int
run_roll(const Folder* const folder, const int argc, const char* const* const argv)
{
  char* copies[16] = {NULL};
  for (int i = 0; i < argc; ++i) {
    copies[i] = strdup(argv[i]);
  }
  char* permuted[16];
  memcpy(permuted, copies, sizeof(permuted)); // getopt_long() changes the order
  fflush(stderr);
  const int saved = dup(STDERR_FILENO);
  const int file  = open(folder->errors, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  assert_true(saved >= 0 && file >= 0);
  dup2(file, STDERR_FILENO);
  const int status = cn_cmd_roll(argc, permuted);
  fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);
  for (int i = 0; i < argc; ++i) {
    free(copies[i]);
  }
  return status;
}

static Picture
read_picture(const Folder* const folder)
{
  Picture picture = {NULL, 0};
  assert_int_equal(cn_file_read(folder->output, (size_t)1 << 24, &picture.data, &picture.size), 0);
  return picture;
}

/// Assert that the first line on stderr was `line`, and that there were `n_lines`
static void
assert_errors(const Folder* const folder, const char* const line, const int n_lines)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(folder->errors, 4096, &data, &size), CN_STATUS_SUCCESS);
  int n = 0;
  for (size_t i = 0; i < size; ++i) {
    n += data[i] == '\n';
  }
  assert_int_equal(n, n_lines);
  assert_memory_equal(data, line, strlen(line));
  free(data);
}

static void
test_draws_several_files(void** state)
{
  const Folder* const folder = (const Folder*)*state;
  const char* const   argv[] = {"continuo roll", folder->input, folder->input, folder->input,
                                "--columns=2",   "-o",          folder->output};
  assert_int_equal(run_roll(folder, 7, argv), CN_EXIT_OK);
  const Picture picture = read_picture(folder);
  assert_true(picture.size > 24);
  free(picture.data);
  const char* const wrong[] = {"continuo roll", folder->input, folder->input,
                               "--columns=5",   "-o",          folder->output};
  assert_int_equal(run_roll(folder, 6, wrong), CN_EXIT_USAGE);
  assert_errors(folder, "continuo roll: --columns: ", 2);
}

static void
test_writes_the_picture(void** state)
{
  const Folder* const folder = (const Folder*)*state;
  const char* const   argv[] = {"continuo roll", folder->input, "--to=2", "-o",
                                folder->output,  "--width",     "500"};
  assert_int_equal(run_roll(folder, 7, argv), CN_EXIT_OK);
  const Picture picture = read_picture(folder);
  assert_true(picture.size > 24);
  assert_memory_equal(picture.data, "\x89PNG\r\n\x1A\n", 8);
  assert_memory_equal(picture.data + 16, "\0\0\x01\xF4", 4); // The width
  free(picture.data);
}

static void
test_takes_the_title_from_the_file(void** state)
{
  const Folder* const folder  = (const Folder*)*state;
  const char* const   title[] = {"continuo roll", folder->input, "-o", folder->output, "--title=in"};
  const char* const   empty[] = {"continuo roll", folder->input, "-o", folder->output, "--title="};
  assert_int_equal(run_roll(folder, 4, title), CN_EXIT_OK);
  const Picture named = read_picture(folder);
  assert_int_equal(run_roll(folder, 5, title), CN_EXIT_OK);
  const Picture asked = read_picture(folder);
  assert_int_equal(run_roll(folder, 5, empty), CN_EXIT_OK);
  const Picture none = read_picture(folder);
  assert_int_equal(named.size, asked.size);
  assert_memory_equal(named.data, asked.data, named.size);
  assert_int_not_equal(named.size, none.size);
  free(named.data);
  free(asked.data);
  free(none.data);
}

static void
test_fails_with_one_line_and_no_file(void** state)
{
  const Folder* const folder = (const Folder*)*state;
  char                line[256];
  const char* const   late[] = {"continuo roll", folder->input, "--from=5", "-o", folder->output};
  assert_int_equal(run_roll(folder, 5, late), CN_EXIT_FAILURE);
  snprintf(line, sizeof(line), "continuo roll: %s: no bar 5: the last is 4\n", folder->input);
  assert_errors(folder, line, 1);
  assert_int_not_equal(access(folder->output, F_OK), 0);

  const char* const missing[] = {"continuo roll", "-o", folder->output, "/nowhere/in.mid"};
  assert_int_equal(run_roll(folder, 4, missing), CN_EXIT_FAILURE);
  assert_errors(folder, "continuo roll: /nowhere/in.mid: No such file", 1);
  assert_int_not_equal(access(folder->output, F_OK), 0);

  const char* const unwritable[] = {"continuo roll", folder->input, "-o", "/nowhere/out.pdf"};
  assert_int_equal(run_roll(folder, 4, unwritable), CN_EXIT_FAILURE);
  assert_errors(folder, "continuo roll: /nowhere/out.pdf: No such file", 1);

  assert_int_equal(cn_file_write(folder->input, "MThd", 4), CN_STATUS_SUCCESS);
  const char* const damaged[] = {"continuo roll", folder->input, "-o", folder->output};
  assert_int_equal(run_roll(folder, 4, damaged), CN_EXIT_FAILURE);
  snprintf(line, sizeof(line), "continuo roll: %s: ", folder->input);
  assert_errors(folder, line, 1);
  assert_int_not_equal(access(folder->output, F_OK), 0);
}

static void
test_explains_wrong_usage(void** state)
{
  const Folder* const folder  = (const Folder*)*state;
  const char* const   none[]  = {"continuo roll", "-o", folder->output};
  const char* const   where[] = {"continuo roll", folder->input};
  const char* const   kind[]  = {"continuo roll", folder->input, "-o", "picture.gif"};
  const char* const   order[] = {"continuo roll", folder->input, "-o", "a.png", "--from=3", "--to=2"};
  const char* const   width[] = {"continuo roll", folder->input, "-o", "a.png", "--width=wide"};
  assert_int_equal(run_roll(folder, 3, none), CN_EXIT_USAGE);
  assert_errors(folder, "continuo roll: which MIDI file?\n", 2);
  assert_int_equal(run_roll(folder, 2, where), CN_EXIT_USAGE);
  assert_int_equal(run_roll(folder, 4, kind), CN_EXIT_USAGE);
  assert_errors(folder, "continuo roll: picture.gif: unknown kind of picture", 2);
  assert_int_equal(run_roll(folder, 6, order), CN_EXIT_USAGE);
  assert_errors(folder, "continuo roll: --to: bar 2 is before bar 3\n", 2);
  assert_int_equal(run_roll(folder, 5, width), CN_EXIT_USAGE);
  assert_errors(folder, "continuo roll: --width: 'wide' is not a whole number from 300 to 8000\n", 2);
}

#define ON_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up_folder, tear_down_folder)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      ON_FOLDER(test_draws_several_files),           ON_FOLDER(test_writes_the_picture),
      ON_FOLDER(test_takes_the_title_from_the_file), ON_FOLDER(test_fails_with_one_line_and_no_file),
      ON_FOLDER(test_explains_wrong_usage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
