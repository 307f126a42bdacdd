// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_dropped.c
   Lists of files as programs hand them over, and what becomes of the files.
*/

#include "plugin/drag/dropped.h"
#include "plugin/drag/uri_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOST "desk.example.org"

/// The files of a list, with | between them
static const char*
files_of(const char* const list)
{
  static char all[3 * CN_PATH_SIZE];
  char        path[CN_PATH_SIZE];
  size_t      at = 0;
  all[0]         = '\0';
  while (cn_uri_list_next(list, strlen(list), &at, HOST, path)) {
    strcat(strcat(all, *all ? "|" : ""), path);
  }
  return all;
}

static void
test_all_ways_to_name_a_file(void** state)
{
  static const struct {
    const char* list;
    const char* files;
  } cases[] = {
      {"file:///home/a/b.mid\r\n", "/home/a/b.mid"},
      {"file:///home/a/b.mid", "/home/a/b.mid"},
      {"file://localhost/b.mid\n", "/b.mid"},
      {"file://LocalHost/b.mid\r", "/b.mid"},
      {"file://" HOST "/b.mid\r\n", "/b.mid"},
      {"file:/b.mid\r\n", "/b.mid"},
      {"FILE:///B.MID\r\n", "/B.MID"},
      {"file:///a%20b%c3%A4%25.mid\r\n", "/a b\xC3\xA4%.mid"},
      {"file:///a b#c?.mid\r\n", "/a b#c?.mid"},
      {"# a comment\r\nfile:///a\r\n\r\nfile:///b\r\n", "/a|/b"},
      {"  file:///a \r\n", "/a"},
      {"x-special/nautilus\r\ncopy\r\nfile:///a", "/a"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    assert_string_equal(files_of(cases[i].list), cases[i].files);
  }
}

static void
test_what_is_no_file_here_is_passed_over(void** state)
{
  static const char* const lists[] = {
      "",
      "\r\n",
      "#file:///a\r\n",
      "http://example.org/a.mid\r\n",
      "file://elsewhere/a.mid\r\n",
      "file://localhos/a.mid\r\n",
      "file://localhost\r\n",
      "file:a.mid\r\n",
      "file://\r\n",
      "file:\r\n",
      "/home/a.mid\r\n",
      "file:///a%2\r\n",
      "file:///a%zz\r\n",
      "file:///a%00.mid\r\n",
      "file:///a%\r\n",
  };
  (void)state;
  for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); ++i) {
    assert_string_equal(files_of(lists[i]), "");
  }
  char   path[CN_PATH_SIZE];
  size_t at = 0;
  assert_false(cn_uri_list_next("file://desk/a", 13, &at, NULL, path));
  at = 0;
  assert_true(cn_uri_list_next("file:///a\0", 11, &at, NULL, path)); // As some programs end it
  assert_string_equal(path, "/a");
}

static void
test_a_path_is_as_long_as_paths_are_or_passed_over(void** state)
{
  static char list[2 * CN_PATH_SIZE];
  char        path[CN_PATH_SIZE];
  (void)state;
  for (size_t length = CN_PATH_SIZE - 3; length < CN_PATH_SIZE + 3; ++length) {
    size_t at = 0;
    memset(list, 'x', sizeof(list));
    memcpy(list, "file:///", 8);
    assert_int_equal(cn_uri_list_next(list, 7 + length, &at, NULL, path), length < CN_PATH_SIZE);
    assert_true(length >= CN_PATH_SIZE || strlen(path) == length);
  }
}

static void
test_a_list_that_is_made_is_read(void** state)
{
  char   list[CN_URI_LIST_SIZE];
  char   path[CN_PATH_SIZE];
  char   every[CN_PATH_SIZE] = "/";
  size_t at                  = 0;
  (void)state;
  cn_uri_list_write("/home/a b/\xC3\xA4 100%.mid", list);
  assert_string_equal(list, "file:///home/a%20b/%C3%A4%20100%25.mid\r\n");
  for (size_t i = 1; i + 1 < CN_PATH_SIZE; ++i) {
    every[i] = (char)(1 + i % 255); // All letters but the null, and as many as can be
  }
  cn_uri_list_write(every, list);
  assert_true(cn_uri_list_next(list, strlen(list), &at, NULL, path));
  assert_string_equal(path, every);
  assert_false(cn_uri_list_next(list, strlen(list), &at, NULL, path));
}

static void
read_drop(const char* const list, CnDropped* const dropped)
{
  cn_dropped_read(list, strlen(list), NULL, dropped);
}

static void
test_the_first_file_that_fits_is_taken(void** state)
{
  CnDropped* const dropped = malloc(sizeof(CnDropped));
  (void)state;
  read_drop("file:///a.txt\r\nfile:///b.safetensors\r\nfile:///c.mid\r\n", dropped);
  assert_int_equal(dropped->kind, CN_DROPPED_MODEL);
  assert_string_equal(dropped->path, "/b.safetensors");
  assert_string_equal(dropped->why, "");
  static const char* const models[] = {"file:///a.safetensors.zst", "file:///a.SafeTensors"};
  for (size_t i = 0; i < 2; ++i) {
    read_drop(models[i], dropped);
    assert_int_equal(dropped->kind, CN_DROPPED_MODEL);
  }
  static const char* const phrases[] = {"file:///a.mid", "file:///a.MIDI", "file:///a.kar",
                                        "file:///a.b.Rmi"};
  for (size_t i = 0; i < 4; ++i) {
    read_drop(phrases[i], dropped);
    assert_int_equal(dropped->kind, CN_DROPPED_PHRASE);
  }
  free(dropped);
}

static void
test_what_does_not_fit_is_told(void** state)
{
  static const char* const others[] = {"file:///home/a.txt", "file:///home.mid/a", "file:///mid",
                                       "file:///a.midx",     "file:///a.mid/",     "file:///a.mid.zst",
                                       "file:///a.zst",      "file:///safetensors"};
  CnDropped* const         dropped  = malloc(sizeof(CnDropped));
  (void)state;
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); ++i) {
    read_drop(others[i], dropped);
    assert_int_equal(dropped->kind, CN_DROPPED_NOTHING);
    assert_non_null(strstr(dropped->why, "neither a model"));
    assert_string_equal(dropped->path, "");
  }
  read_drop("file:///home/a%1B%0Ab.txt", dropped);
  assert_non_null(strstr(dropped->why, "b.txt is neither"));
  assert_null(strchr(dropped->why, '\n'));
  assert_null(strchr(dropped->why, '\x1B'));
  read_drop("https://example.org/a.mid", dropped);
  assert_string_equal(dropped->why, "What was dropped is no file on this computer");
  free(dropped);
}

static void
test_a_file_is_called_by_the_last_part_of_its_path(void** state)
{
  (void)state;
  assert_string_equal(cn_dropped_name("/home/a/b.mid"), "b.mid");
  assert_string_equal(cn_dropped_name("b.mid"), "b.mid");
  assert_string_equal(cn_dropped_name("/home/a/"), "/home/a/"); // Better than nothing
  assert_string_equal(cn_dropped_name(""), "");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_ways_to_name_a_file),
      cmocka_unit_test(test_what_is_no_file_here_is_passed_over),
      cmocka_unit_test(test_a_path_is_as_long_as_paths_are_or_passed_over),
      cmocka_unit_test(test_a_list_that_is_made_is_read),
      cmocka_unit_test(test_the_first_file_that_fits_is_taken),
      cmocka_unit_test(test_what_does_not_fit_is_told),
      cmocka_unit_test(test_a_file_is_called_by_the_last_part_of_its_path),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
