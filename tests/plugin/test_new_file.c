// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_new_file.c
   A new file is whole or not there, and nothing that is there comes to harm.
*/

#include "tests/support/scratch.h"

#include "plugin/file/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static bool        has_links = true;  ///< The disk knows of second names
static bool        is_named  = false; ///< Something has had the name when a part was renamed
static const char* rival     = NULL;  ///< Somebody else's file, put there as soon as the part has none

int
__wrap_link(const char* part, const char* path);

int
__wrap_rename(const char* part, const char* path);

/// A disk's answer
int
__wrap_link(const char* const part, const char* const path)
{
  if (has_links) {
    return linkat(AT_FDCWD, part, AT_FDCWD, path, 0);
  }
  if (rival) {
    close(open(rival, O_CREAT | O_WRONLY, 0600));
  }
  errno = EPERM;
  return -1;
}

int
__wrap_rename(const char* const part, const char* const path)
{
  is_named = !access(path, F_OK);
  return renameat(AT_FDCWD, part, AT_FDCWD, path);
}

static const uint8_t bytes[] = {1, 2, 3, 0, 5};

static int
set_up(void** const state)
{
  static char folder[32];
  strcpy(folder, "/tmp/continuo-XXXXXX");
  *state = mkdtemp(folder);
  return *state ? 0 : -1;
}

static int
tear_down(void** const state)
{
  return rmdir(*state); // Nothing may be left
}

static CnStatus
write_it(const char* const folder, const char* const name, char* const fault, const size_t size)
{
  return cn_new_file_write(cn_scratch_path(folder, name), bytes, sizeof(bytes), (CnFault){fault, size});
}

static void
test_a_new_file_has_all_its_bytes(void** state)
{
  const char* const folder     = *state;
  char              fault[128] = "old words";
  uint8_t           read[8];
  struct stat       info;
  const mode_t      mask = umask(0022);
  assert_int_equal(write_it(folder, "a b.mid", fault, sizeof(fault)), CN_STATUS_SUCCESS);
  assert_string_equal(fault, "");
  umask(mask);
  const char* const path = cn_scratch_path(folder, "a b.mid");
  FILE* const       file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fread(read, 1, sizeof(read), file), sizeof(bytes));
  assert_memory_equal(read, bytes, sizeof(bytes));
  fclose(file);
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777U, 0644);
  assert_int_equal(info.st_nlink, 1);
  assert_int_equal(cn_scratch_count(folder, ""), 1);
  remove(path);
}

static void
test_what_is_there_stays(void** state)
{
  const char* const folder     = *state;
  char              fault[128] = "";
  const char* const path       = cn_scratch_path(folder, "x.mid");
  struct stat       info;
  for (int kind = 0; kind < 4; ++kind) {
    FILE* const file = kind == 0 ? fopen(path, "wb") : NULL;
    assert_true(kind != 0 || (file && !fclose(file)));
    assert_true(kind != 1 || !mkfifo(path, 0666));
    assert_true(kind != 2 || !mkdir(path, 0777));
    assert_true(kind != 3 || !symlink("/nowhere/at/all", path));
    assert_int_equal(write_it(folder, "x.mid", fault, sizeof(fault)), CN_STATUS_IO);
    assert_string_equal(fault, "there is something of that name");
    assert_int_equal(lstat(path, &info), 0);
    assert_true(kind == 2 || kind == 3 || info.st_size == 0);
    assert_int_equal(cn_scratch_count(folder, ""), 1);
    assert_int_equal(remove(path), 0);
  }
}

static void
test_a_folder_that_will_not_do_is_told(void** state)
{
  const char* const folder     = *state;
  char              fault[128] = "";
  assert_int_equal(write_it(folder, "no/x.mid", fault, sizeof(fault)), CN_STATUS_IO);
  assert_string_equal(fault, "there is no such folder");
  assert_int_equal(cn_new_file_write("/dev/null/x.mid", bytes, 1, CN_FAULT(fault)), CN_STATUS_IO);
  assert_string_equal(fault, "Not a directory");
  assert_int_equal(cn_new_file_write("/proc/x.mid", bytes, 1, CN_FAULT(fault)), CN_STATUS_IO);
  assert_true(fault[0]);
  assert_int_equal(cn_new_file_write("x.mid", bytes, 1, CN_FAULT(fault)), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_new_file_write("", bytes, 1, CN_FAULT(fault)), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_new_file_write("/tmp/", bytes, 1, CN_FAULT(fault)), CN_STATUS_BAD_ARG);
  char long_path[5000];
  memset(long_path, 'x', sizeof(long_path));
  long_path[0]                     = '/';
  long_path[sizeof(long_path) - 1] = '\0';
  assert_int_equal(cn_new_file_write(long_path, bytes, 1, CN_FAULT(fault)), CN_STATUS_IO);
  assert_true(fault[0]);
}

static void
test_a_disk_without_links_gives_a_name_once(void** state)
{
  const char* const folder     = *state;
  const char* const path       = cn_scratch_path(folder, "x.mid");
  char              fault[128] = "";
  struct stat       info;
  has_links = false;
  assert_int_equal(write_it(folder, "x.mid", fault, sizeof(fault)), CN_STATUS_SUCCESS);
  assert_true(is_named); // So that nobody else could take it
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_size, sizeof(bytes));
  assert_int_equal(cn_scratch_count(folder, ""), 1);
  remove(path);
  rival = path;
  assert_int_equal(write_it(folder, "x.mid", fault, sizeof(fault)), CN_STATUS_IO);
  assert_string_equal(fault, "there is something of that name");
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_size, 0);
  assert_int_equal(cn_scratch_count(folder, ""), 1);
  remove(path);
  rival     = NULL;
  has_links = true;
}

static void
test_a_full_disk_leaves_no_part(void** state)
{
  const char* const folder     = *state;
  char              fault[128] = "";
  struct rlimit     before;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur      = 2;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  const CnStatus status = write_it(folder, "x.mid", fault, sizeof(fault));
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(status, CN_STATUS_IO);
  assert_true(fault[0]);
  assert_int_equal(cn_scratch_count(folder, ""), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_new_file_has_all_its_bytes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_there_stays, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_folder_that_will_not_do_is_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_disk_without_links_gives_a_name_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_full_disk_leaves_no_part, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
