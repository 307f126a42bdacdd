// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_places.c
   Where files go that leave the window, and that they do not stay for ever.
*/

#include "tests/support/scratch.h"

#include "plugin/drag/places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int
set_up(void** const state)
{
  *state = cn_scratch_home();
  setenv("TMPDIR", *state, 1);
  setenv("TZ", "UTC", 1);
  return 0;
}

static int
tear_down(void** const state)
{
  static const char* const names[] = {"cache", ".cache", "Music", ".config/user-dirs.dirs", ".config"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    remove(cn_scratch_path(*state, names[i]));
  }
  return rmdir(*state); // Nothing may be left
}

static void
put(const char* const path, const char* const text)
{
  FILE* const file = fopen(path, "wb");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void
test_the_folder_for_music_is_found_in_the_desktops_list(void** state)
{
  static const struct {
    const char* text;
    const char* folder; ///< Empty: it names none
  } cases[] = {
      {"# all\nXDG_DESKTOP_DIR=\"$HOME/D\"\nXDG_MUSIC_DIR=\"$HOME/M y\"\n", "/home/a/M y"},
      {"  XDG_MUSIC_DIR=\"/mnt/music\"", "/mnt/music"},
      {"XDG_MUSIC_DIR=\"$HOME/", "/home/a/"},
      {"XDG_MUSIC_DIR=\"music\"\n", ""},
      {"XDG_MUSIC_DIR=\"\"\n", ""},
      {"XDG_MUSIC_DIR=\"", ""},
      {"#XDG_MUSIC_DIR=\"/a\"\n", ""},
      {"\n\n", ""},
      {"", ""},
  };
  char folder[CN_PATH_SIZE];
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const bool is_found = cn_places_read_music(cases[i].text, "/home/a", folder);
    assert_int_equal(is_found, cases[i].folder[0] != 0);
    assert_true(!is_found || !strcmp(folder, cases[i].folder));
  }
  assert_false(cn_places_read_music("XDG_MUSIC_DIR=\"$HOME/m\"", NULL, folder));
}

static void
test_what_is_saved_in_one_second_has_names_of_its_own(void** state)
{
  static const char* const names[] = {"Continuo 2001-09-09 01.46.40.mid",
                                      "Continuo 2001-09-09 01.46.40 (2).mid",
                                      "Continuo 2001-09-09 01.46.40 (3).mid"};
  char                     path[CN_PATH_SIZE];
  for (size_t i = 0; i < 3; ++i) {
    assert_true(cn_places_save(1000000000, path));
    assert_string_equal(path, cn_scratch_path(*state, names[i]));
    put(path, "MThd");
  }
  for (size_t i = 0; i < 3; ++i) {
    remove(cn_scratch_path(*state, names[i]));
  }
}

static void
test_what_is_saved_goes_to_the_folder_for_music_or_home(void** state)
{
  const char* const home = *state;
  char              path[CN_PATH_SIZE];
  assert_true(cn_places_save(1000000000, path));
  assert_string_equal(path, cn_scratch_path(home, "Continuo 2001-09-09 01.46.40.mid"));
  assert_int_equal(mkdir(cn_scratch_path(home, ".config"), 0700), 0);
  put(cn_scratch_path(home, ".config/user-dirs.dirs"), "XDG_MUSIC_DIR=\"$HOME/Music\"\n");
  assert_true(cn_places_save(1000000000, path)); // As there is none
  assert_string_equal(path, cn_scratch_path(home, "Continuo 2001-09-09 01.46.40.mid"));
  assert_int_equal(mkdir(cn_scratch_path(home, "Music"), 0700), 0);
  assert_true(cn_places_save(1000000000, path));
  assert_string_equal(path, cn_scratch_path(home, "Music/Continuo 2001-09-09 01.46.40.mid"));
  assert_int_equal(mkdir(cn_scratch_path(home, "cache"), 0700), 0);
  setenv("XDG_MUSIC_DIR", cn_scratch_path(home, "cache"), 1);
  assert_true(cn_places_save(1000000000, path));
  assert_string_equal(path, cn_scratch_path(home, "cache/Continuo 2001-09-09 01.46.40.mid"));
  setenv("XDG_MUSIC_DIR", "music", 1);
  setenv("HOME", "/nowhere", 1);
  assert_false(cn_places_save(1000000000, path));
}

static void
test_what_is_dragged_has_a_folder_of_its_own(void** state)
{
  const char* const home = *state;
  char              one[CN_PATH_SIZE];
  char              two[CN_PATH_SIZE];
  struct stat       info;
  assert_true(cn_places_drag(5, 8, one)); // In a cache that is made for it
  assert_true(cn_places_drag(3, 3, two));
  assert_non_null(strstr(one, ".cache/continuo-drag-"));
  assert_string_equal(strrchr(one, '/'), "/Continuo bars 5-8.mid");
  assert_string_equal(strrchr(two, '/'), "/Continuo bar 3.mid");
  put(one, "x");
  assert_int_equal(stat(cn_scratch_path(home, ".cache"), &info), 0);
  assert_int_equal(info.st_mode & 0777U, 0700);
  assert_int_equal(cn_scratch_count(cn_scratch_path(home, ".cache"), ""), 2);
  cn_places_give_up(one);
  cn_places_give_up(two);
  assert_int_equal(cn_scratch_count(cn_scratch_path(home, ".cache"), ""), 0);
  cn_places_give_up("/nowhere/Continuo bar 3.mid");
  cn_places_give_up("x");
  setenv("XDG_CACHE_HOME", "/proc/nothing", 1);
  assert_true(cn_places_drag(3, 3, two)); // In TMPDIR
  assert_non_null(strstr(two, cn_scratch_path(home, "continuo-drag-")));
  cn_places_give_up(two);
}

static void
test_nothing_but_ours_is_given_up(void** state)
{
  const char* const home = *state;
  char              path[CN_PATH_SIZE];
  assert_int_equal(mkdir(cn_scratch_path(home, "Music"), 0700), 0);
  put(cn_scratch_path(home, "Music/Continuo x.mid"), "x");
  cn_places_give_up(cn_scratch_path(home, "Music/Continuo x.mid"));
  assert_int_equal(remove(cn_scratch_path(home, "Music/Continuo x.mid")), 0);
  assert_true(cn_places_drag(1, 2, path));
  char other[CN_PATH_SIZE];
  snprintf(other, sizeof(other), "%.*s/notes.txt", (int)(strrchr(path, '/') - path), path);
  put(other, "x");
  cn_places_give_up(path);
  assert_int_equal(remove(other), 0);
  cn_places_give_up(path);
  assert_int_equal(cn_scratch_count(cn_scratch_path(home, ".cache"), ""), 0);
}

static void
test_a_day_later_they_are_swept_up(void** state)
{
  const char* const home = *state;
  char              path[CN_PATH_SIZE];
  setenv("XDG_CACHE_HOME", cn_scratch_path(home, "cache"), 1);
  assert_true(cn_places_drag(1, 2, path));
  put(path, "x");
  const time_t now = time(NULL);
  cn_places_sweep(now + CN_PLACES_DAY - 100);
  assert_int_equal(cn_scratch_count(cn_scratch_path(home, "cache"), ""), 1);
  assert_int_equal(symlink("/tmp", cn_scratch_path(home, "cache/continuo-drag-abcdef")), 0);
  put(cn_scratch_path(home, "cache/continuo-drag-x"), "x");
  cn_places_sweep(now + 2 * CN_PLACES_DAY);
  assert_int_equal(cn_scratch_count(cn_scratch_path(home, "cache"), ""), 2);
  assert_int_equal(remove(cn_scratch_path(home, "cache/continuo-drag-abcdef")), 0);
  assert_int_equal(remove(cn_scratch_path(home, "cache/continuo-drag-x")), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_the_folder_for_music_is_found_in_the_desktops_list, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_saved_in_one_second_has_names_of_its_own, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_saved_goes_to_the_folder_for_music_or_home, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_dragged_has_a_folder_of_its_own, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_nothing_but_ours_is_given_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_day_later_they_are_swept_up, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
