// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_dragging.c
   Files come and go by the built window under an X server: what was played is saved.
*/

#include "tests/support/scratch.h"
#include "tests/window/window_host.h"

#include "plugin/draw/face.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char home[32];

/// A home of its own, so that nothing of the user's is touched
static int
set_up(void** state)
{
  strcpy(home, "/tmp/continuo-XXXXXX");
  assert_non_null(mkdtemp(home));
  setenv("HOME", home, 1);
  unsetenv("XDG_MUSIC_DIR");
  unsetenv("XDG_CONFIG_HOME");
  unsetenv("XDG_CACHE_HOME");
  return cn_window_host_set_up(state);
}

static int
tear_down(void** state)
{
  remove(cn_scratch_path(home, ".cache"));
  return rmdir(home) | cn_window_host_tear_down(state); // Nothing may be left
}

// --- Saving

static void
test_a_click_has_the_plugin_save(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  const CnFaceLayout  layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  cn_window_host_tell(host, handle);
  host->path[0] = '\0';
  cn_window_host_press(host, window, &layout.save);
  cn_window_host_idle(host, handle);
  assert_int_equal(strncmp(host->path, home, strlen(home)), 0);
  assert_non_null(strstr(host->path, "/Continuo 20"));
  assert_string_equal(strrchr(host->path, '.'), ".mid");
  assert_true(host->wish.from == host->wish.to);
  const uint32_t id = host->wish.id;
  cn_window_host_press(host, window, &layout.save); // One at a time
  cn_window_host_idle(host, handle);
  assert_int_equal(host->wish.id, id);
  cn_window_host_tell_saved(host, handle, "");
  cn_window_host_idle(host, handle);
  cn_window_host_press(host, window, &layout.save);
  cn_window_host_idle(host, handle);
  assert_true(host->wish.id != id);
  cn_window_host_tell_saved(host, handle, "there is something of that name");
  cn_window_host_idle(host, handle);
  host->descriptor->cleanup(handle);
  XDestroyWindow(host->display, parent);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_click_has_the_plugin_save),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
