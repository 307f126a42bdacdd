// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_dragging.c
   Files come and go by the built window under an X server: saved, dropped on it, and dragged out of it to
   other programs, which may do as they please.
*/

#include "tests/support/scratch.h"
#include "tests/window/peer.h"
#include "tests/window/window_host.h"

#include "plugin/draw/face.h"
#include "plugin/lv2/uris.h"

#include <X11/Xatom.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char* home;

static int
set_up(void** state)
{
  home = cn_scratch_home();
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
  host->wish.id     = id + 1000; // What comes of another window's file
  cn_window_host_tell_saved(host, handle, "");
  cn_window_host_press(host, window, &layout.save); // One at a time
  cn_window_host_idle(host, handle);
  assert_int_equal(host->wish.id, id + 1000); // It has asked for no other one
  host->wish.id = id;
  cn_window_host_tell_saved(host, handle, "");
  cn_window_host_idle(host, handle);
  cn_window_host_press(host, window, &layout.save);
  cn_window_host_idle(host, handle);
  assert_true(host->wish.id != id);
  cn_window_host_tell_saved(host, handle, "there is something of that name");
  cn_window_host_idle(host, handle);
  cn_window_host_close(host, handle, parent);
}

// --- Dropping

/// What belongs to a case
typedef struct {
  CnWindowHost* host;
  Window        parent;
  Window        window;
  LV2UI_Handle  handle;
  CnPeer        peer;
} Desk;

static Desk
begin(void** state, const CnPeer* const peer, const long version)
{
  Desk desk   = {.host = cn_window_host_of(state), .peer = *peer};
  desk.parent = cn_window_host_parent(desk.host);
  desk.handle = cn_window_host_open(desk.host, desk.parent, 1.0F, &desk.window);
  assert_non_null(desk.handle);
  cn_window_host_tell(desk.host, desk.handle);
  cn_window_host_idle(desk.host, desk.handle);
  desk.host->path[0]     = '\0';
  desk.host->told[0]     = '\0';
  desk.host->property[0] = '\0';
  cn_peer_open(&desk.peer, 1300, 100, version);
  return desk;
}

static void
finish(Desk* const desk)
{
  desk->host->descriptor->cleanup(desk->handle);
  cn_peer_close(&desk->peer);
  XDestroyWindow(desk->host->display, desk->parent);
  XSync(desk->host->display, False);
}

/// Let both sides talk until they have nothing more to say
static void
talk(Desk* const desk)
{
  for (int i = 0; i < 8; ++i) {
    if (desk->peer.display) {
      cn_peer_step(&desk->peer);
    }
    XSync(desk->host->display, False);
    assert_int_equal(cn_window_host_idle(desk->host, desk->handle), 0);
  }
}

static void
drop(Desk* const desk, const bool more)
{
  cn_peer_enter(&desk->peer, desk->window, 5, more);
  cn_peer_move(&desk->peer, desk->window, 100, 100);
  talk(desk);
  cn_peer_drop(&desk->peer, desk->window);
  talk(desk);
}

/// Read the one number of 32 bits that a property has; 0: it has none of that type
static unsigned long
read_number(const CnWindowHost* const host, const Window window, const char* const property, const Atom kind)
{
  Atom           type   = None;
  int            format = 0;
  unsigned long  n      = 0;
  unsigned long  after  = 0;
  unsigned char* bytes  = NULL;
  unsigned long  number = 0;
  XGetWindowProperty(host->display, window, XInternAtom(host->display, property, False), 0, 1, False, kind,
                     &type, &format, &n, &after, &bytes);
  if (bytes && n == 1) {
    assert_int_equal(type, kind);
    assert_int_equal(format, 32);
    memcpy(&number, bytes, sizeof(number));
  }
  if (bytes) {
    XFree(bytes);
  }
  return number;
}

static void
test_it_says_that_it_takes_drops(void** state)
{
  Desk desk = begin(state, &(CnPeer){.list = "file:///a.mid"}, 0);
  assert_int_equal(read_number(desk.host, desk.window, "XdndAware", XA_ATOM), 5);
  finish(&desk);
}

static void
test_a_phrase_and_a_model_are_dropped(void** state)
{
  static const struct {
    const char* list;
    const char* path;
    const char* property;
    bool        more;
  } cases[] = {
      {"file:///home/a%20b/c.mid\r\n", "/home/a b/c.mid", CN_PHRASE_URI, false},
      {"file:///x.txt\r\nfile://localhost/m.safetensors\r\nfile:///c.mid\r\n", "/m.safetensors", CN_MODEL_URI,
       true},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Desk desk = begin(state, &(CnPeer){.list = cases[i].list}, 0);
    drop(&desk, cases[i].more);
    assert_int_equal(desk.peer.n_statuses, 1);
    assert_true(desk.peer.accepts);
    assert_int_equal(desk.peer.n_requests, 1);
    assert_int_equal(desk.peer.n_finished, 1);
    assert_true(desk.peer.is_finished_well);
    assert_string_equal(desk.host->told, cases[i].path);
    assert_string_equal(desk.host->property, cases[i].property);
    finish(&desk);
  }
}

static void
test_what_is_no_use_is_refused(void** state)
{
  static const CnPeer cases[] = {{.list = "file:///home/a.txt\r\n"},
                                 {.list = "http://example.org/a.mid\r\n"},
                                 {.list = ""},
                                 {.list = "file:///a.mid", .refuses = true}};
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Desk desk = begin(state, &cases[i], 0);
    drop(&desk, false);
    assert_true(desk.peer.accepts); // It has a list, after all
    assert_int_equal(desk.peer.n_finished, 1);
    assert_false(desk.peer.is_finished_well);
    assert_string_equal(desk.host->told, "");
    finish(&desk);
  }
}

static void
test_a_list_without_end_is_refused(void** state)
{
  const size_t size = 1U << 20U;
  char* const  list = malloc(size);
  memset(list, 'x', size);
  memcpy(list, "file:///a.mid\r\n", 15);
  Desk desk = begin(state, &(CnPeer){.list = list, .size = size}, 0);
  XSync(desk.peer.display, False);
  drop(&desk, false);
  assert_int_equal(desk.peer.n_finished, 1);
  assert_false(desk.peer.is_finished_well);
  assert_string_equal(desk.host->told, "");
  finish(&desk);
  free(list);
}

static void
test_a_source_that_leaves_or_dies_is_forgotten(void** state)
{
  Desk desk = begin(state, &(CnPeer){.list = "file:///a.mid"}, 0);
  cn_peer_enter(&desk.peer, desk.window, 5, false);
  cn_peer_leave(&desk.peer, desk.window);
  talk(&desk);
  cn_peer_drop(&desk.peer, desk.window); // Which it may not, having left
  talk(&desk);
  assert_int_equal(desk.peer.n_requests, 0);
  assert_int_equal(desk.peer.n_finished, 0);
  cn_peer_enter(&desk.peer, desk.window, 2, false); // A version before ours
  cn_peer_move(&desk.peer, desk.window, 10, 10);
  talk(&desk);
  assert_false(desk.peer.accepts);
  desk.peer.is_deaf = true;
  drop(&desk, false);
  assert_int_equal(desk.peer.n_requests, 1);
  cn_peer_close(&desk.peer); // Before it has handed over anything
  talk(&desk);
  cn_peer_open(&desk.peer, 1300, 100, 0);
  desk.peer.is_deaf = false;
  drop(&desk, false); // And another may
  assert_string_equal(desk.host->told, "/a.mid");
  finish(&desk);
}

/// The window that hears for another one; None: none does
static Window
ear_of(const CnWindowHost* const host, const Window window)
{
  return read_number(host, window, "XdndProxy", XA_WINDOW);
}

static void
test_what_is_dropped_on_the_hosts_window_reaches_ours(void** state)
{
  Desk desk       = begin(state, &(CnPeer){.list = "file:///a.mid"}, 0);
  desk.peer.about = desk.parent;
  assert_int_equal(ear_of(desk.host, desk.parent), desk.window);
  assert_int_equal(ear_of(desk.host, desk.window), desk.window);
  cn_peer_enter(&desk.peer, desk.window, 5, false);
  cn_peer_move(&desk.peer, desk.window, CN_FACE_WIDTH + 10, 100); // Beside it
  talk(&desk);
  assert_int_equal(desk.peer.n_statuses, 1);
  assert_int_equal(desk.peer.other, desk.parent);
  assert_false(desk.peer.accepts);
  cn_peer_drop(&desk.peer, desk.window);
  talk(&desk);
  assert_int_equal(desk.peer.n_finished, 1);
  assert_false(desk.peer.is_finished_well);
  assert_string_equal(desk.host->told, "");
  drop(&desk, false);
  assert_true(desk.peer.accepts);
  assert_true(desk.peer.is_finished_well);
  assert_int_equal(desk.peer.other, desk.parent);
  assert_string_equal(desk.host->told, "/a.mid");
  desk.host->descriptor->cleanup(desk.handle);
  assert_int_equal(ear_of(desk.host, desk.parent), None); // As it was
  cn_peer_close(&desk.peer);
  XDestroyWindow(desk.host->display, desk.parent);
}

static void
test_a_hosts_main_window_is_left_alone(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  Window              window = 0;
  const Window        parent = cn_window_host_parent(host);
  XResizeWindow(host->display, parent, 1600, 1200); // Our window is less than half of it
  XSync(host->display, False);
  const LV2UI_Handle handle = cn_window_host_open(host, parent, 1.0F, &window);
  cn_window_host_idle(host, handle);
  assert_int_equal(ear_of(host, parent), None);
  cn_window_host_close(host, handle, parent);
}

static void
test_who_hears_for_the_hosts_window_already_goes_on(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              windows[2];
  const LV2UI_Handle  first  = cn_window_host_open(host, parent, 1.0F, &windows[0]);
  const LV2UI_Handle  second = cn_window_host_open(host, parent, 1.0F, &windows[1]);
  cn_window_host_idle(host, first);
  cn_window_host_idle(host, second);
  assert_int_equal(ear_of(host, parent), windows[0]);
  host->descriptor->cleanup(second);
  assert_int_equal(ear_of(host, parent), windows[0]);
  host->descriptor->cleanup(first);
  assert_int_equal(ear_of(host, parent), None);
  XDestroyWindow(host->display, parent);
}

static void
test_any_messages_are_no_harm(void** state)
{
  static const char* const names[] = {"XdndEnter",  "XdndPosition", "XdndLeave",    "XdndDrop",
                                      "XdndStatus", "XdndFinished", "XdndSelection"};
  Desk                     desk    = begin(state, &(CnPeer){.list = "file:///a.mid"}, 0);
  uint32_t                 seed    = 1;
  for (int i = 0; i < 2000; ++i) {
    long words[5];
    for (size_t w = 0; w < 5; ++w) {
      seed     = seed * 1664525U + 1013904223U;
      words[w] = (long)(seed >> (seed % 29U));
    }
    words[0] = i % 3 ? (long)desk.peer.window : words[0];
    words[0] = i % 7 ? words[0] : (long)desk.window;
    cn_peer_send(&desk.peer, desk.window, names[seed / 8 % 7], words);
    if (i % 100 == 0) {
      talk(&desk);
    }
  }
  talk(&desk);
  finish(&desk);
}

// --- Dragging

static void
point(const Desk* const desk, const int type, const double x, const double y, const unsigned state)
{
  cn_window_host_point(desk->host, desk->window, type, x, y, state);
}

/// Mark bars 11 and 12, and pull them out of the roll
static void
pull(Desk* const desk)
{
  cn_window_host_pull(desk->host, desk->handle, desk->window);
  talk(desk);
}

/// Move the pointer over the peer
static void
move_over(Desk* const desk)
{
  point(desk, MotionNotify, 1350, 150, Button1Mask);
  talk(desk);
}

/// Let go of the button there
static void
let_go(Desk* const desk)
{
  point(desk, ButtonRelease, 1350, 150, Button1Mask);
  talk(desk);
}

/// Write what the plugin would have written, and tell the window
static void
write_wish(const Desk* const desk)
{
  FILE* const file = fopen(desk->host->path, "wb");
  assert_non_null(file);
  fputs("MThd", file);
  fclose(file);
  cn_window_host_tell_saved(desk->host, desk->handle, "");
}

static bool
is_there(const char* const path)
{
  return !access(path, F_OK);
}

/// Number of folders for what is dragged that were not given up
static unsigned
count_folders(void)
{
  return cn_scratch_count(cn_scratch_path(home, ".cache"), "continuo-drag-");
}

/// Remove what a target has taken
static void
remove_taken(const Desk* const desk)
{
  char folder[CN_PATH_SIZE];
  strcpy(folder, desk->host->path);
  assert_int_equal(remove(folder), 0);
  *strrchr(folder, '/') = '\0';
  assert_int_equal(remove(folder), 0);
}

static void
test_marked_bars_are_dragged_to_another_program(void** state)
{
  static const char* const types[] = {NULL, "text/plain"};
  for (int i = 0; i < 2; ++i) {
    Desk desk = begin(state, &(CnPeer){.wants = types[i]}, 5);
    pull(&desk);
    assert_int_equal(desk.host->wish.from, 960); // Bar 11
    assert_int_equal(desk.host->wish.to, 960 + 2 * 96);
    assert_non_null(strstr(desk.host->path, "/Continuo bars 11-12.mid"));
    write_wish(&desk);
    move_over(&desk);
    assert_int_equal(desk.peer.n_enters, 1);
    assert_int_equal(desk.peer.version, 5);
    assert_true(desk.peer.has_list_type);
    assert_int_equal(desk.peer.n_positions, 1);
    assert_int_equal(desk.peer.x, 1350);
    assert_int_equal(desk.peer.y, 150);
    point(&desk, MotionNotify, 1360, 160, Button1Mask);
    point(&desk, ButtonRelease, 1360, 160, Button1Mask);
    talk(&desk);
    assert_int_equal(desk.peer.n_positions, 2);
    assert_int_equal(desk.peer.n_drops, 1);
    assert_int_equal(desk.peer.n_leaves, 0);
    assert_non_null(strstr(desk.peer.got, "/Continuo%20bars%2011-12.mid\r\n"));
    assert_int_equal(strncmp(desk.peer.got, "file:///", 8), 0);
    assert_true(is_there(desk.host->path)); // It is the target's now
    finish(&desk);
    remove_taken(&desk);
    assert_int_equal(count_folders(), 0);
  }
}

static void
test_who_asks_before_the_file_is_there_is_answered_then(void** state)
{
  Desk desk = begin(state, &(CnPeer){.asks_early = true}, 5);
  pull(&desk);
  move_over(&desk);
  assert_int_equal(desk.peer.n_enters, 1);
  assert_string_equal(desk.peer.got, "");
  write_wish(&desk);
  talk(&desk);
  assert_non_null(strstr(desk.peer.got, ".mid"));
  let_go(&desk);
  assert_int_equal(desk.peer.n_drops, 1);
  finish(&desk);
  remove_taken(&desk);
}

/// Assert that nothing is left of the last drag, and that the next one begins
static void
assert_given_up(Desk* const desk)
{
  char path[CN_PATH_SIZE];
  talk(desk);
  strcpy(path, desk->host->path);
  assert_false(is_there(path));
  assert_int_equal(count_folders(), 0);
  pull(desk);
  assert_true(strcmp(path, desk->host->path) != 0);
  assert_int_equal(count_folders(), 1);
  point(desk, ButtonRelease, 5, 5, Button1Mask);
  talk(desk);
  assert_int_equal(count_folders(), 0);
}

static void
test_what_is_dropped_nowhere_is_given_up(void** state)
{
  Desk desk = begin(state, &(CnPeer){0}, 5);
  pull(&desk);
  write_wish(&desk);
  assert_true(is_there(desk.host->path));
  move_over(&desk);
  point(&desk, MotionNotify, 1550, 700, Button1Mask); // And away again
  talk(&desk);
  assert_int_equal(desk.peer.n_leaves, 1);
  point(&desk, ButtonRelease, 1550, 700, Button1Mask);
  assert_given_up(&desk);
  assert_int_equal(desk.peer.n_drops, 0);
  finish(&desk);
}

static void
test_a_target_that_refuses_gets_nothing(void** state)
{
  Desk desk = begin(state, &(CnPeer){.refuses = true}, 5);
  pull(&desk);
  write_wish(&desk);
  move_over(&desk);
  let_go(&desk);
  assert_given_up(&desk);
  assert_int_equal(desk.peer.n_leaves, 1);
  assert_int_equal(desk.peer.n_drops, 0);
  finish(&desk);
}

static void
test_a_window_of_an_older_version_or_none_is_no_target(void** state)
{
  for (long version = 0; version < 3; version += 2) {
    Desk desk = begin(state, &(CnPeer){0}, version);
    pull(&desk);
    write_wish(&desk);
    move_over(&desk);
    let_go(&desk);
    assert_given_up(&desk);
    assert_int_equal(desk.peer.n_enters, 0);
    finish(&desk);
  }
}

static void
test_a_target_that_dies_ends_the_drag(void** state)
{
  for (int stage = 0; stage < 3; ++stage) { // Before it answers, after that, and after the drop
    Desk desk = begin(state, &(CnPeer){.is_deaf = stage == 0}, 5);
    pull(&desk);
    write_wish(&desk);
    move_over(&desk);
    desk.peer.is_deaf = true;
    if (stage == 2) {
      let_go(&desk);
      assert_int_equal(desk.peer.n_drops, 1);
    }
    cn_peer_close(&desk.peer);
    talk(&desk);
    if (stage < 2) {
      let_go(&desk);
    }
    assert_given_up(&desk);
    finish(&desk);
  }
}

static void
test_bars_of_which_nothing_was_played_are_not_dragged(void** state)
{
  Desk desk = begin(state, &(CnPeer){.asks_early = true}, 5);
  pull(&desk);
  move_over(&desk);
  cn_window_host_tell_saved(desk.host, desk.handle, "nothing was played there");
  talk(&desk);
  assert_string_equal(desk.peer.got, "-");
  assert_int_equal(desk.peer.n_leaves, 1);
  let_go(&desk);
  assert_given_up(&desk);
  finish(&desk);
}

static void
test_another_button_gives_up(void** state)
{
  Desk   desk  = begin(state, &(CnPeer){0}, 5);
  XEvent event = {.xbutton = {.type = ButtonPress, .display = desk.host->display, .window = desk.window}};
  pull(&desk);
  event.xbutton.button = Button3;
  XSendEvent(desk.host->display, desk.window, False, NoEventMask, &event);
  assert_given_up(&desk);
  finish(&desk);
}

static void
test_a_window_that_closes_in_the_midst_leaves_nothing(void** state)
{
  for (int is_written = 0; is_written < 2; ++is_written) {
    Desk desk = begin(state, &(CnPeer){0}, 5);
    pull(&desk);
    if (is_written) {
      write_wish(&desk);
    }
    move_over(&desk);
    desk.host->descriptor->cleanup(desk.handle);
    cn_peer_step(&desk.peer);
    assert_int_equal(desk.peer.n_leaves, 1);
    assert_false(is_there(desk.host->path));
    assert_int_equal(count_folders(), 0); // So that the plugin cannot write it any more
    cn_peer_close(&desk.peer);
    XDestroyWindow(desk.host->display, desk.parent);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_click_has_the_plugin_save),
      cmocka_unit_test(test_it_says_that_it_takes_drops),
      cmocka_unit_test(test_a_phrase_and_a_model_are_dropped),
      cmocka_unit_test(test_what_is_no_use_is_refused),
      cmocka_unit_test(test_a_list_without_end_is_refused),
      cmocka_unit_test(test_a_source_that_leaves_or_dies_is_forgotten),
      cmocka_unit_test(test_what_is_dropped_on_the_hosts_window_reaches_ours),
      cmocka_unit_test(test_a_hosts_main_window_is_left_alone),
      cmocka_unit_test(test_who_hears_for_the_hosts_window_already_goes_on),
      cmocka_unit_test(test_any_messages_are_no_harm),
      cmocka_unit_test(test_marked_bars_are_dragged_to_another_program),
      cmocka_unit_test(test_who_asks_before_the_file_is_there_is_answered_then),
      cmocka_unit_test(test_what_is_dropped_nowhere_is_given_up),
      cmocka_unit_test(test_a_target_that_refuses_gets_nothing),
      cmocka_unit_test(test_a_window_of_an_older_version_or_none_is_no_target),
      cmocka_unit_test(test_a_target_that_dies_ends_the_drag),
      cmocka_unit_test(test_bars_of_which_nothing_was_played_are_not_dragged),
      cmocka_unit_test(test_another_button_gives_up),
      cmocka_unit_test(test_a_window_that_closes_in_the_midst_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
