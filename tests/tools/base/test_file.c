// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"

#include "tools/base/file.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH_SIZE 256

static const char* const any_file[] = {"", NULL};

/// A folder for one test, which is the working directory until leave_folder()
static int
enter_folder(void** state)
{
  static char path[PATH_SIZE];
  const char* temporary = getenv("TMPDIR");
  snprintf(path, sizeof(path), "%s/continuo-test-XXXXXX", temporary ? temporary : "/tmp");
  *state = path;
  return mkdtemp(path) ? chdir(path) : -1;
}

static int
leave_folder(void** state)
{
  char        command[PATH_SIZE + 16];
  const char* path = *state;
  snprintf(command, sizeof(command), "rm -rf '%s'", path);
  return chdir("/") ? -1 : system(command);
}

static void
assert_content(const char* path, const char* expected)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(path, 1000000, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(size, strlen(expected));
  assert_string_equal((const char*)data, expected);
  free(data);
}

static void
write_text(const char* path, const char* text)
{
  assert_int_equal(cn_file_write(path, text, strlen(text)), CN_STATUS_SUCCESS);
}

/// Assert that the working directory has so many files
static void
assert_n_files(const size_t n)
{
  CnPaths paths;
  assert_int_equal(cn_folder_list(".", any_file, &paths), CN_STATUS_SUCCESS);
  assert_int_equal(paths.n, n);
  cn_paths_clear(&paths);
}

// Reading and writing

static void
test_reads_what_was_written(void** state)
{
  uint8_t* written = malloc(200000); // More than one attempt reads
  uint8_t* data    = NULL;
  size_t   size    = 0;
  (void)state;
  assert_non_null(written);
  for (size_t i = 0; i < 200000; ++i) {
    written[i] = (uint8_t)(i * 7 + i / 251);
  }
  assert_int_equal(cn_file_write("large", written, 200000), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_read("large", 200000, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(size, 200000);
  assert_memory_equal(data, written, size);
  free(data);
  assert_int_equal(cn_file_read("large", 199999, &data, &size), CN_STATUS_TOO_LARGE);
  assert_null(data);
  free(written);
}

static void
test_reads_and_writes_an_empty_file(void** state)
{
  (void)state;
  assert_int_equal(cn_file_write("empty", NULL, 0), CN_STATUS_SUCCESS);
  assert_content("empty", "");
  assert_n_files(1);
}

static void
test_replaces_a_file_and_keeps_its_permissions(void** state)
{
  struct stat info;
  (void)state;
  write_text("file", "old and long");
  assert_int_equal(chmod("file", 0640), 0);
  write_text("file", "new");
  assert_content("file", "new");
  assert_int_equal(stat("file", &info), 0);
  assert_int_equal(info.st_mode & 07777, 0640);
  assert_n_files(1);
}

static void
test_gives_a_new_file_the_usual_permissions(void** state)
{
  struct stat  info;
  const mode_t mask = umask(027);
  (void)state;
  write_text("file", "new");
  umask(mask);
  assert_int_equal(stat("file", &info), 0);
  assert_int_equal(info.st_mode & 07777, 0640);
}

static void
test_writes_through_a_link(void** state)
{
  struct stat info;
  (void)state;
  write_text("file", "old");
  assert_int_equal(symlink("file", "link"), 0);
  write_text("link", "new");
  assert_content("file", "new");
  assert_int_equal(lstat("link", &info), 0);
  assert_true(S_ISLNK(info.st_mode));
}

static void
test_keeps_the_old_file_if_the_new_does_not_fit(void** state)
{
  static const char text[10000];
  struct rlimit     limit;
  (void)state;
  write_text("file", "old");
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const struct rlimit small = {4096, limit.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  const CnStatus status = cn_file_write("file", text, sizeof(text));
  const int      error  = errno;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
  assert_int_equal(status, CN_STATUS_IO);
  assert_int_equal(error, EFBIG);
  assert_content("file", "old");
  assert_n_files(1);
}

static void
test_passes_by_what_a_killed_process_left(void** state)
{
  char left[64];
  (void)state;
  snprintf(left, sizeof(left), "file.tmp%ld-0", (long)getpid());
  write_text(left, "half");
  write_text("file", "whole");
  assert_content("file", "whole");
  assert_content(left, "half");
  assert_n_files(2);
}

static void
test_writes_to_what_is_no_file(void** state)
{
  struct stat info;
  (void)state;
  write_text("/dev/null", "nothing");
  assert_int_equal(stat("/dev/null", &info), 0);
  assert_true(S_ISCHR(info.st_mode));
}

static void
assert_error(const CnStatus status, const int error)
{
  assert_int_equal(errno, error);
  assert_int_equal(status, CN_STATUS_IO);
}

static void
test_says_why_a_file_cannot_be_had(void** state)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  CnPaths  paths;
  (void)state;
  assert_error(cn_file_read("absent", 10, &data, &size), ENOENT);
  assert_error(cn_file_read(".", 10, &data, &size), EISDIR);
  assert_null(data);
  assert_error(cn_file_write("absent/file", "", 0), ENOENT);
  assert_error(cn_file_write(".", "", 0), EISDIR);
  assert_error(cn_folder_list("absent", any_file, &paths), ENOENT);
  assert_error(cn_folder_list("", any_file, &paths), ENOENT);
  write_text("file", "");
  assert_error(cn_file_write("file/file", "", 0), ENOTDIR);
  assert_error(cn_folder_list("file", any_file, &paths), ENOTDIR);
  assert_null(paths.items);
}

// Folders

static void
make_tree(void)
{
  static const char* const files[] = {"b.mid",   "a/z.MID",  "a/b/c.midi", "B.mid",
                                      "a-b.mid", "a/no.txt", "mid",        "a/.hidden.mid"};
  assert_int_equal(mkdir("a", 0777), 0);
  assert_int_equal(mkdir("a/b", 0777), 0);
  assert_int_equal(mkdir("folder.mid", 0777), 0);
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); ++i) {
    write_text(files[i], "");
  }
  assert_int_equal(symlink("..", "a/circle"), 0);
  assert_int_equal(symlink("nowhere", "dangling.mid"), 0);
  assert_int_equal(symlink("b.mid", "link.mid"), 0);
}

static void
assert_tree(const char* folder)
{
  static const char* const suffixes[] = {".mid", ".midi", NULL};
  static const char* const expected[] = {"B.mid", "a-b.mid",      "a/b/c.midi", "a/z.MID",
                                         "b.mid", "dangling.mid", "link.mid"};
  CnPaths                  paths;
  assert_int_equal(cn_folder_list(folder, suffixes, &paths), CN_STATUS_SUCCESS);
  assert_int_equal(paths.n, 7);
  for (size_t i = 0; i < paths.n; ++i) {
    assert_string_equal(paths.items[i] + paths.root, expected[i]);
    assert_memory_equal(paths.items[i], folder, strlen(folder));
    assert_int_equal(access(paths.items[i], R_OK), strstr(expected[i], "dangling") ? -1 : 0);
  }
  cn_paths_clear(&paths);
  assert_int_equal(paths.n, 0);
}

static void
test_names_the_last_part_of_a_path(void** state)
{
  static const char* const cases[][2] = {{"a/b", "b"}, {"a/b//", "b"}, {"b", "b"}, {"/", ""}, {"", ""}};
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char* const name = cn_path_name(cases[i][0]);
    assert_string_equal(name, cases[i][1]);
    free(name);
  }
}

static void
test_lists_a_tree_in_order(void** state)
{
  const char* folder = *state;
  char        slash[PATH_SIZE];
  make_tree();
  snprintf(slash, sizeof(slash), "%.*s/", PATH_SIZE - 2, folder);
  assert_tree(".");
  assert_tree(folder);
  assert_tree(slash);
}

static void
test_lists_many_files(void** state)
{
  (void)state;
  for (int i = 0; i < 200; ++i) {
    char name[64];
    snprintf(name, sizeof(name), "%d", i);
    assert_int_equal(mkdir(name, 0777), 0);
    snprintf(name, sizeof(name), "%d/%d.mid", i, i);
    write_text(name, "");
  }
  assert_n_files(200);
}

static void
test_survives_failing_allocations(void** state)
{
  const long live   = test_alloc_live();
  CnPaths    paths  = {0};
  CnStatus   status = CN_STATUS_NO_MEMORY;
  long       n      = 0;
  (void)state;
  make_tree();
  for (; status == CN_STATUS_NO_MEMORY; ++n) {
    assert_null(paths.items);
    assert_int_equal(test_alloc_live(), live);
    test_alloc_fail_at(n);
    status = cn_folder_list(".", any_file, &paths);
    test_alloc_fail_at(-1);
  }
  assert_int_equal(status, CN_STATUS_SUCCESS);
  assert_true(n > 10);
  cn_paths_clear(&paths);
  assert_int_equal(test_alloc_live(), live);
}

static void
test_leaves_nothing_without_memory(void** state)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  (void)state;
  test_alloc_fail_at(0);
  assert_int_equal(cn_file_write("file", "text", 4), CN_STATUS_NO_MEMORY);
  assert_n_files(0);
  write_text("file", "text");
  test_alloc_fail_at(0);
  assert_int_equal(cn_file_read("file", 10, &data, &size), CN_STATUS_NO_MEMORY);
  assert_null(data);
}

#define TEST_IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST_IN_FOLDER(test_reads_what_was_written),
      TEST_IN_FOLDER(test_reads_and_writes_an_empty_file),
      TEST_IN_FOLDER(test_replaces_a_file_and_keeps_its_permissions),
      TEST_IN_FOLDER(test_gives_a_new_file_the_usual_permissions),
      TEST_IN_FOLDER(test_writes_through_a_link),
      TEST_IN_FOLDER(test_keeps_the_old_file_if_the_new_does_not_fit),
      TEST_IN_FOLDER(test_passes_by_what_a_killed_process_left),
      TEST_IN_FOLDER(test_writes_to_what_is_no_file),
      TEST_IN_FOLDER(test_says_why_a_file_cannot_be_had),
      cmocka_unit_test(test_names_the_last_part_of_a_path),
      TEST_IN_FOLDER(test_lists_a_tree_in_order),
      TEST_IN_FOLDER(test_lists_many_files),
      TEST_IN_FOLDER(test_survives_failing_allocations),
      TEST_IN_FOLDER(test_leaves_nothing_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
