// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_files.c
   What the window says of files that come and go, and for how long.
*/

#include "tests/host/host_features.h"
#include "tests/support/scratch.h"

#include "plugin/ui/files.h"

#include <fcntl.h>
#include <lv2/ui/ui.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/// A window without X, and a plugin
typedef struct {
  CnMessages     messages;
  CnFace         face;
  CnFiles        files;
  CnHostFeatures features;
  unsigned       n_written; ///< Messages to the plugin
} Desk;

static const char* home;

static void
write_port(const LV2UI_Controller controller, const uint32_t port, const uint32_t size, const uint32_t format,
           const void* const buffer)
{
  (void)port;
  (void)size;
  (void)format;
  (void)buffer;
  ++((Desk*)controller)->n_written;
}

static int
set_up(void** state)
{
  Desk* const desk = calloc(1, sizeof(Desk));
  home             = cn_scratch_home();
  setenv("XDG_CACHE_HOME", home, 1);
  cn_face_init(&desk->face, true);
  desk->face.scene.has_state = true;
  desk->face.scene.state.bar = (CnBar){960, 96};
  cn_host_features_init(&desk->features, 0, 0);
  cn_messages_init(&desk->messages, write_port, desk, &desk->features.map);
  cn_files_init(&desk->files, &desk->messages, &desk->face);
  cn_files_idle(&desk->files, 100.0);
  *state = desk;
  return 0;
}

static int
tear_down(void** state)
{
  Desk* const desk = *state;
  cn_host_features_clear(&desk->features);
  free(desk);
  return rmdir(home); // Nothing may be left
}

/// Have the plugin say what came of the file that was asked for last
static CnFilesNews
answer(Desk* const desk, const char* const why)
{
  CnSceneSaved* const saved = &desk->face.scene.saved;
  *saved                    = (CnSceneSaved){.is_new = true, .id = desk->files.wish.id, .is_written = !*why};
  strcpy(saved->why, why);
  return cn_files_hear(&desk->files);
}

static void
assert_said(const Desk* const desk, const char* const text, const bool warns)
{
  assert_non_null(strstr(desk->face.said.text, text));
  assert_int_equal(desk->face.said.warns, warns);
}

static void
test_it_says_where_a_file_is_for_a_while(void** state)
{
  Desk* const desk = *state;
  cn_files_save(&desk->files);
  assert_int_equal(desk->n_written, 1);
  assert_string_equal(desk->face.said.text, "");
  assert_int_equal(answer(desk, ""), CN_FILES_NOTHING);
  assert_said(desk, cn_scratch_path(home, "Continuo 20"), false);
  cn_files_idle(&desk->files, 105.0);
  assert_said(desk, "Saved as ", false);
  cn_files_idle(&desk->files, 111.0);
  assert_string_equal(desk->face.said.text, "");
}

static void
test_what_is_said_is_new_and_so_is_that_nothing_is(void** state)
{
  CnFiles* const files = &((Desk*)*state)->files;
  assert_false(files->is_new_said);
  cn_files_fail(files, "for some reason");
  assert_true(files->is_new_said);
  files->is_new_said = false; // It was drawn
  cn_files_idle(files, 105.0);
  assert_false(files->is_new_said);
  cn_files_idle(files, 111.0);
  assert_true(files->is_new_said);
  files->is_new_said = false;
  cn_files_idle(files, 200.0);
  assert_false(files->is_new_said);
}

static void
test_it_says_why_there_is_none(void** state)
{
  Desk* const desk = *state;
  cn_files_save(&desk->files);
  answer(desk, "Permission denied");
  assert_said(desk, "Not saved: Permission denied", true);
  cn_files_save(&desk->files);
  assert_int_equal(desk->n_written, 2);
  cn_files_idle(&desk->files, 104.0);
  assert_said(desk, "denied", true);
  cn_files_idle(&desk->files, 106.0);
  assert_said(desk, "no answer yet", true);
  assert_int_equal(answer(desk, ""), CN_FILES_NOTHING); // It has come
  assert_said(desk, "Saved as ", false);
  answer(desk, "a second answer");
  assert_said(desk, "Saved as ", false);
  setenv("HOME", "/nowhere", 1);
  cn_files_save(&desk->files);
  assert_int_equal(desk->n_written, 2);
  assert_said(desk, "no folder for music", true);
}

static void
test_a_drag_goes_on_or_ends_with_its_file(void** state)
{
  Desk* const desk = *state;
  assert_null(cn_files_drag(&desk->files)); // Nothing is marked
  desk->face.mark = (CnMark){true, 4, 2};
  assert_string_equal(strrchr(cn_files_drag(&desk->files), '/'), "/Continuo bars 3-5.mid");
  assert_null(cn_files_drag(&desk->files)); // One at a time
  cn_files_save(&desk->files);
  assert_int_equal(desk->n_written, 1);
  assert_int_equal(answer(desk, ""), CN_FILES_READY);
  assert_string_equal(desk->face.said.text, "");
  cn_files_dragged(&desk->files, false);
  assert_said(desk, "Nothing there takes the bars", true);
  assert_non_null(cn_files_drag(&desk->files));
  assert_int_equal(answer(desk, "nothing was played there"), CN_FILES_GONE);
  cn_files_dragged(&desk->files, false);
  assert_said(desk, "Not dragged: nothing was played there", true);
  assert_non_null(cn_files_drag(&desk->files));
  assert_int_equal(cn_files_idle(&desk->files, 200.0), CN_FILES_GONE);
  cn_files_dragged(&desk->files, false);
}

static void
test_folders_of_days_ago_go_when_bars_are_dragged(void** state)
{
  static const struct timespec long_ago[2] = {{1000000000, 0}, {1000000000, 0}};
  Desk* const                  desk        = *state;
  const char* const            folder      = cn_scratch_path(home, "continuo-drag-abcdef");
  assert_int_equal(mkdir(folder, 0700), 0);
  assert_int_equal(utimensat(AT_FDCWD, folder, long_ago, 0), 0);
  cn_files_init(&desk->files, &desk->messages, &desk->face); // Which has to wait for no disk
  assert_int_equal(access(folder, F_OK), 0);
  desk->face.mark = (CnMark){true, 2, 4};
  assert_non_null(cn_files_drag(&desk->files));
  assert_int_not_equal(access(folder, F_OK), 0);
  cn_files_dragged(&desk->files, false);
}

static void
test_what_is_dropped_is_named(void** state)
{
  static const char phrase[] = "file:///home/a/my%20phrase%0A.mid\r\n";
  Desk* const       desk     = *state;
  cn_files_hover(&desk->files, true);
  assert_said(desk, "Drop a model", false);
  cn_files_hover(&desk->files, false);
  assert_string_equal(desk->face.said.text, "");
  assert_true(cn_files_drop(&desk->files, phrase, strlen(phrase)));
  assert_said(desk, "my phrase", false);
  assert_null(strchr(desk->face.said.text, '\n'));
  cn_files_hover(&desk->files, false); // Which does not unsay it
  assert_said(desk, "my phrase", false);
  cn_files_hear_phrase(&desk->files, "/home/a/my phrase\n.mid");
  assert_said(desk, "Goes on from my phrase", false);
  cn_files_hear_phrase(&desk->files, "/of/another/window.mid");
  assert_said(desk, "Goes on from my phrase", false);
  assert_true(cn_files_drop(&desk->files, phrase, strlen(phrase)));
  cn_files_hear_phrase(&desk->files, "/the/one/before.mid");
  assert_said(desk, "cannot be gone on from", true);
  assert_true(cn_files_drop(&desk->files, "file:///m.safetensors", 21));
  assert_said(desk, "m.safetensors is to be the model", false);
  assert_int_equal(desk->n_written, 3);
  assert_false(cn_files_drop(&desk->files, "file:///m.txt", 13));
  assert_said(desk, "m.txt is neither a model", true);
  assert_int_equal(desk->n_written, 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_it_says_where_a_file_is_for_a_while, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_said_is_new_and_so_is_that_nothing_is, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_it_says_why_there_is_none, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_drag_goes_on_or_ends_with_its_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_folders_of_days_ago_go_when_bars_are_dragged, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_dropped_is_named, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
