// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_xdnd.c
   Both sides of drag and drop by a clock of the test's own: a peer that says nothing holds nobody up for
   ever.
*/

#include "tests/window/display.h"
#include "tests/window/peer.h"

#include "plugin/ui/drag.h"
#include "plugin/ui/drop.h"
#include "plugin/ui/reach.h"

#include <X11/Xatom.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
  Display* display;
  CnXdnd   atoms;
  Window   window;
  CnDrop   drop;
  CnDrag   drag;
  CnPeer   peer;
  double   time;
  unsigned n_hovers;
  bool     is_hovered;
  unsigned n_lists;
  unsigned n_fails;
  unsigned n_ended;
  bool     is_taken;
} Desk;

static Desk desk;

static void
hover(void* const handle, const bool is_over)
{
  (void)handle;
  desk.n_hovers += is_over;
  desk.is_hovered = is_over;
}

static bool
take(void* const handle, const char* const list, const size_t size)
{
  (void)handle;
  (void)list;
  (void)size;
  ++desk.n_lists;
  return true;
}

static void
fail_drop(void* const handle, const char* const why)
{
  (void)handle;
  assert_true(*why);
  ++desk.n_fails;
}

static void
end_drag(void* const handle, const bool is_taken)
{
  (void)handle;
  ++desk.n_ended;
  desk.is_taken = is_taken;
}

static int
ignore(Display* const display, XErrorEvent* const event)
{
  (void)display;
  (void)event;
  return 0;
}

static int
set_up(void** state)
{
  const CnDropHost drop = {NULL, hover, take, fail_drop};
  const CnDragHost drag = {NULL, end_drag};
  desk                  = (Desk){.time = 1000.0};
  desk.display          = *state ? XOpenDisplay(NULL) : NULL;
  if (!desk.display) {
    return 0;
  }
  desk.window = XCreateSimpleWindow(desk.display, DefaultRootWindow(desk.display), 0, 0, 300, 300, 0, 0, 0);
  XMapWindow(desk.display, desk.window);
  cn_xdnd_intern(&desk.atoms, desk.display);
  cn_drop_init(&desk.drop, desk.display, &desk.atoms, desk.window, &drop);
  cn_drag_init(&desk.drag, desk.display, &desk.atoms, desk.window, &drag);
  XSync(desk.display, False);
  return 0;
}

static int
tear_down(void** state)
{
  (void)state;
  cn_peer_close(&desk.peer);
  if (desk.display) {
    XCloseDisplay(desk.display);
  }
  return 0;
}

static void
meet(const CnPeer* const peer, const long version)
{
  if (!desk.display) {
    skip();
  }
  desk.peer = *peer;
  cn_peer_open(&desk.peer, 400, 100, version);
}

static void
step(const double seconds)
{
  desk.time += seconds;
  for (int i = 0; i < 4; ++i) {
    cn_peer_step(&desk.peer);
    XSync(desk.display, False);
    while (XPending(desk.display) > 0) {
      XEvent event;
      XNextEvent(desk.display, &event);
      if (!cn_drag_hear(&desk.drag, &event)) {
        cn_drop_hear(&desk.drop, &event, desk.time);
      }
    }
    cn_drag_idle(&desk.drag, desk.time);
    cn_drop_idle(&desk.drop, desk.time);
    XSync(desk.display, False);
  }
}

static const XMotionEvent over_peer = {.x_root = 450, .y_root = 150};

/// Begin to drag a file over the peer
static void
begin_drag(const char* const path)
{
  assert_true(cn_drag_begin(&desk.drag, path, &over_peer));
}

static void
move(const int x, const int y)
{
  XEvent event = {
      .xmotion = {
          .type = MotionNotify, .window = desk.window, .x_root = x, .y_root = y, .state = Button1Mask}};
  cn_drag_hear(&desk.drag, &event);
  step(0.01);
}

static void
release(void)
{
  XEvent event = {.xbutton = {.type = ButtonRelease, .window = desk.window, .button = Button1}};
  cn_drag_hear(&desk.drag, &event);
  step(0.01);
}

/// Drag what the peer has over the window, and drop it there at a time [ms]
static void
drop_at(const long time)
{
  const long words[5] = {(long)desk.peer.window, 0, time, 0, 0};
  cn_peer_enter(&desk.peer, desk.window, 5, false);
  cn_peer_move(&desk.peer, desk.window, 10, 10);
  cn_peer_send(&desk.peer, desk.window, "XdndDrop", words);
  step(0.01);
}

static void
test_a_source_that_never_hands_over_is_given_up(void** state)
{
  (void)state;
  meet(&(CnPeer){.list = "file:///a.mid", .is_deaf = true}, 0);
  drop_at(0);
  assert_int_equal(desk.n_hovers, 1);
  assert_int_equal(desk.peer.n_requests, 1);
  step(CN_DROP_SECONDS - 0.5);
  assert_int_equal(desk.peer.n_finished, 0);
  step(1.0);
  assert_int_equal(desk.peer.n_finished, 1);
  assert_false(desk.peer.is_finished_well);
  assert_int_equal(desk.n_fails, 1);
  assert_int_equal(desk.n_lists, 0);
}

static void
test_a_list_that_comes_too_late_is_not_the_next_one(void** state)
{
  (void)state;
  meet(&(CnPeer){.list = "file:///a.mid", .is_deaf = true}, 0);
  drop_at(100);
  step(CN_DROP_SECONDS + 1.0);
  assert_int_equal(desk.peer.n_finished, 1);
  drop_at(200);
  XEvent late = {.xselection = {.type      = SelectionNotify,
                                .requestor = desk.window,
                                .selection = desk.atoms.selection,
                                .target    = desk.atoms.uri_list,
                                .property  = desk.atoms.data,
                                .time      = 100}};
  XChangeProperty(desk.display, desk.window, desk.atoms.data, desk.atoms.uri_list, 8, PropModeReplace,
                  (const unsigned char*)"file:///a.mid", 13);
  assert_true(cn_drop_hear(&desk.drop, &late, desk.time));
  step(0.01);
  assert_int_equal(desk.n_lists, 0);
  assert_int_equal(desk.peer.n_finished, 1);
  late.xselection.time = 200;
  assert_true(cn_drop_hear(&desk.drop, &late, desk.time));
  step(0.01);
  assert_int_equal(desk.n_lists, 1);
  assert_int_equal(desk.peer.n_finished, 2);
}

static void
test_a_source_that_dies_is_forgotten(void** state)
{
  (void)state;
  meet(&(CnPeer){.list = "file:///a.mid", .is_deaf = true}, 0);
  drop_at(0);
  assert_true(desk.drop.awaits);
  cn_peer_close(&desk.peer);
  cn_peer_open(&desk.peer, 400, 100, 0);
  step(0.01);
  assert_false(desk.drop.awaits);
  assert_int_equal(desk.drop.source, None);
  assert_int_equal(desk.n_hovers, 1);
  assert_false(desk.is_hovered);
}

static void
test_a_target_that_never_answers_gets_no_drop(void** state)
{
  (void)state;
  meet(&(CnPeer){.is_deaf = true}, 5);
  begin_drag("/a.mid");
  assert_false(cn_drag_begin(&desk.drag, "/b.mid", &over_peer));
  cn_drag_ready(&desk.drag, true);
  step(0.01);
  move(460, 160); // It has to wait with that for the first answer
  assert_int_equal(desk.peer.n_positions, 1);
  release();
  step(CN_DRAG_STATUS_SECONDS - 0.5);
  assert_int_equal(desk.n_ended, 0);
  step(1.0); // It is told where the button went up
  assert_int_equal(desk.peer.n_positions, 2);
  step(CN_DRAG_STATUS_SECONDS + 0.5);
  assert_int_equal(desk.n_ended, 1);
  assert_false(desk.is_taken);
  assert_int_equal(desk.peer.n_drops, 0);
  assert_int_equal(desk.peer.n_leaves, 1);
}

/// Drop a file on a target that takes it, and does not say so
static void
drop_rudely(void)
{
  begin_drag("/a.mid");
  cn_drag_ready(&desk.drag, true);
  step(0.01);
  release();
  assert_int_equal(desk.peer.n_drops, 1);
  assert_string_equal(desk.peer.got, "file:///a.mid\r\n");
  assert_int_equal(desk.n_ended, 0);
}

static void
test_a_target_that_never_finishes_may_have_it(void** state)
{
  (void)state;
  meet(&(CnPeer){.is_rude = true}, 5);
  drop_rudely();
  step(CN_DRAG_FINISHED_SECONDS - 1.0);
  assert_int_equal(desk.n_ended, 0);
  step(2.0);
  assert_int_equal(desk.n_ended, 1);
  assert_true(desk.is_taken);
}

static void
test_an_older_target_is_spoken_to_in_its_version(void** state)
{
  (void)state;
  for (long version = 3; version < 8; ++version) {
    meet(&(CnPeer){0}, version);
    desk.is_taken = false;
    begin_drag("/a.mid");
    cn_drag_ready(&desk.drag, true);
    step(0.01);
    release();
    assert_int_equal(desk.peer.version, version < 5 ? version : 5);
    assert_string_equal(desk.peer.got, "file:///a.mid\r\n");
    assert_int_equal(desk.n_ended, version - 2);
    assert_true(desk.is_taken); // Those before 5 do not say so
    cn_peer_close(&desk.peer);
  }
}

static void
test_an_older_target_that_never_asks_has_nothing(void** state)
{
  (void)state;
  meet(&(CnPeer){0}, 4);
  begin_drag("/a.mid");
  cn_drag_ready(&desk.drag, true);
  step(0.01);
  desk.peer.is_deaf = true;
  release();
  const long words[5] = {(long)desk.peer.window, 0, 0, 0, 0};
  cn_peer_send(&desk.peer, desk.window, "XdndFinished", words);
  step(0.01);
  assert_int_equal(desk.n_ended, 1);
  assert_false(desk.is_taken);
}

static void
test_a_target_that_never_asks_has_nothing(void** state)
{
  (void)state;
  meet(&(CnPeer){0}, 5);
  begin_drag("/a.mid");
  step(0.01);
  desk.peer.is_deaf = true;
  cn_drag_ready(&desk.drag, true);
  release();
  assert_int_equal(desk.peer.n_drops, 1);
  step(CN_DRAG_FINISHED_SECONDS + 1.0);
  assert_int_equal(desk.n_ended, 1);
  assert_false(desk.is_taken);
}

static void
test_the_file_may_come_after_the_drop(void** state)
{
  (void)state;
  meet(&(CnPeer){0}, 5);
  begin_drag("/a.mid");
  step(0.01);
  release();
  assert_int_equal(desk.peer.n_drops, 1);
  assert_string_equal(desk.peer.got, "");
  cn_drag_ready(&desk.drag, true);
  step(0.01);
  assert_string_equal(desk.peer.got, "file:///a.mid\r\n");
  assert_int_equal(desk.n_ended, 1);
  assert_true(desk.is_taken);
}

/// Say of a window that another one hears for it
static void
put_proxy(const CnPeer* const peer, const Window on, const Window ear)
{
  const unsigned long id = ear;
  XChangeProperty(peer->display, on, cn_peer_atom(peer, "XdndProxy"), XA_WINDOW, 32, PropModeReplace,
                  (const unsigned char*)&id, 1);
  XSync(peer->display, False);
}

static void
test_a_window_is_reached_by_who_hears_for_it(void** state)
{
  (void)state;
  CnPeer ear = {0};
  meet(&(CnPeer){0}, 0);
  cn_peer_open(&ear, 900, 900, 5);
  put_proxy(&desk.peer, desk.peer.window, ear.window);
  begin_drag("/a.mid");
  step(0.01);
  cn_peer_step(&ear);
  assert_int_equal(ear.n_enters, 0); // It does not agree
  put_proxy(&ear, ear.window, DefaultRootWindow(ear.display));
  move(450, 151);
  cn_peer_step(&ear);
  assert_int_equal(ear.n_enters, 0);
  put_proxy(&ear, ear.window, ear.window);
  move(451, 151);
  cn_peer_step(&ear);
  assert_int_equal(ear.n_enters, 1);
  assert_int_equal(desk.peer.n_enters, 0);
  cn_drag_give_up(&desk.drag);
  XSync(desk.display, False);
  cn_peer_step(&ear);
  assert_int_equal(ear.n_leaves, 1);
  cn_peer_close(&ear);
}

static void
test_who_hears_for_the_screen_is_reached_where_no_window_is(void** state)
{
  (void)state;
  CnPeer       desktop = {0};
  const Window root    = desk.display ? DefaultRootWindow(desk.display) : None;
  meet(&(CnPeer){0}, 5);
  cn_peer_open(&desktop, 900, 900, 5);
  put_proxy(&desktop, root, desktop.window);
  put_proxy(&desktop, desktop.window, desktop.window);
  begin_drag("/a.mid");
  step(0.01);
  cn_peer_step(&desktop);
  assert_int_equal(desk.peer.n_enters, 1);
  assert_int_equal(desktop.n_enters, 0);
  move(450, 700);
  cn_peer_step(&desktop);
  assert_int_equal(desk.peer.n_leaves, 1);
  assert_int_equal(desktop.n_enters, 1);
  cn_drag_give_up(&desk.drag);
  XDeleteProperty(desktop.display, root, cn_peer_atom(&desktop, "XdndProxy"));
  cn_peer_close(&desktop);
}

/// True if our window hears for another one
static bool
is_reached(const Window window)
{
  unsigned long ear = None;
  return cn_xdnd_read(desk.display, window, desk.atoms.proxy, XA_WINDOW, &ear, 1) == 1 && ear == desk.window;
}

static void
look(CnReach* const reach)
{
  desk.time += CN_REACH_SECONDS;
  cn_reach_idle(reach, desk.time);
  XSync(desk.display, False);
}

static void
test_the_hosts_window_is_let_go_where_ours_no_longer_fills_it(void** state)
{
  (void)state;
  CnReach reach = {0};
  meet(&(CnPeer){0}, 0);
  const Window host =
      XCreateSimpleWindow(desk.display, DefaultRootWindow(desk.display), 0, 0, 300, 300, 0, 0, 0);
  XMapWindow(desk.display, host);
  XReparentWindow(desk.display, desk.window, host, 0, 0);
  cn_reach_init(&reach, desk.display, &desk.atoms, desk.window);
  look(&reach);
  assert_true(is_reached(host));
  XResizeWindow(desk.display, host, 600, 600);
  look(&reach);
  assert_false(is_reached(host));
  XResizeWindow(desk.display, host, 320, 320);
  look(&reach);
  assert_true(is_reached(host));
  XUnmapWindow(desk.display, desk.window); // Another one's turn to be seen there
  look(&reach);
  assert_false(is_reached(host));
}

static void
test_what_is_dropped_where_ours_is_hidden_is_not_for_us(void** state)
{
  (void)state;
  meet(&(CnPeer){.list = "file:///a.mid"}, 0);
  XUnmapWindow(desk.display, desk.window);
  cn_peer_enter(&desk.peer, desk.window, 5, false);
  cn_peer_move(&desk.peer, desk.window, 10, 10);
  step(0.01);
  assert_int_equal(desk.peer.n_statuses, 1);
  assert_false(desk.peer.accepts);
  assert_false(desk.is_hovered);
}

static void
test_another_drag_ends_ours(void** state)
{
  (void)state;
  meet(&(CnPeer){0}, 5);
  begin_drag("/a.mid");
  step(0.01);
  XSetSelectionOwner(desk.peer.display, cn_peer_atom(&desk.peer, "XdndSelection"), desk.peer.window,
                     CurrentTime);
  step(0.01);
  assert_int_equal(desk.n_ended, 1);
  assert_false(desk.is_taken);
}

static void
test_the_end_of_a_drag_does_not_end_the_next_one(void** state)
{
  (void)state;
  meet(&(CnPeer){0}, 5);
  begin_drag("/a.mid");
  step(0.01);
  cn_drag_give_up(&desk.drag); // X tells that the selection is ours no longer
  assert_int_equal(desk.n_ended, 1);
  begin_drag("/b.mid");
  step(0.01);
  assert_int_equal(desk.n_ended, 1);
  assert_int_equal(desk.peer.n_enters, 2);
  cn_drag_give_up(&desk.drag);
}

static void
test_a_release_that_nobody_heard_ends_the_drag(void** state)
{
  (void)state;
  XEvent events[] = {{.xmotion = {.type = MotionNotify, .window = desk.window}},
                     {.xunmap = {.type = UnmapNotify, .window = desk.window}}};
  meet(&(CnPeer){0}, 5);
  for (unsigned i = 0; i < 2; ++i) {
    begin_drag("/a.mid");
    step(0.01);
    assert_int_equal(desk.drag.stage, CN_DRAG_PULLED);
    assert_int_equal(desk.peer.n_enters, i + 1);
    assert_int_equal(desk.n_ended, i);
    assert_false(cn_drag_hear(&desk.drag, &events[i])); // The window hears it, too
    step(0.01);
    assert_int_equal(desk.n_ended, i + 1);
    assert_false(desk.is_taken);
    assert_int_equal(desk.peer.n_leaves, i + 1);
  }
}

static void
test_another_drag_takes_nothing_away_that_was_dropped(void** state)
{
  (void)state;
  meet(&(CnPeer){.is_rude = true}, 5);
  drop_rudely();
  XSetSelectionOwner(desk.peer.display, cn_peer_atom(&desk.peer, "XdndSelection"), desk.peer.window,
                     CurrentTime);
  step(0.01);
  assert_int_equal(desk.n_ended, 1);
  assert_true(desk.is_taken);
}

static void
test_a_target_that_dies_may_have_passed_it_on(void** state)
{
  (void)state;
  meet(&(CnPeer){.is_rude = true}, 5);
  drop_rudely();
  XDestroyWindow(desk.peer.display, desk.peer.window);
  step(0.01);
  assert_int_equal(desk.n_ended, 1);
  assert_true(desk.is_taken);
}

static int
grab(Display* const display, const Window window)
{
  return XGrabPointer(display, window, False, ButtonReleaseMask, GrabModeAsync, GrabModeAsync, None, None,
                      CurrentTime);
}

static void
test_the_end_of_a_drop_takes_the_pointer_from_nobody(void** state)
{
  (void)state;
  meet(&(CnPeer){.is_rude = true}, 5);
  drop_rudely();
  assert_int_equal(grab(desk.display, desk.window), GrabSuccess); // As a press on a knob does
  step(CN_DRAG_FINISHED_SECONDS + 1.0);
  assert_int_equal(desk.n_ended, 1);
  assert_int_equal(grab(desk.peer.display, desk.peer.window), AlreadyGrabbed);
}

static int
start(void** state)
{
  static bool has_display;
  has_display = cn_display_start();
  XSetErrorHandler(ignore); // As the window does
  *state = has_display ? &has_display : NULL;
  return 0;
}

static int
stop(void** state)
{
  (void)state;
  cn_display_stop();
  return 0;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_source_that_never_hands_over_is_given_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_list_that_comes_too_late_is_not_the_next_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_source_that_dies_is_forgotten, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_target_that_never_answers_gets_no_drop, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_target_that_never_finishes_may_have_it, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_an_older_target_is_spoken_to_in_its_version, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_an_older_target_that_never_asks_has_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_target_that_never_asks_has_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_file_may_come_after_the_drop, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_window_is_reached_by_who_hears_for_it, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_who_hears_for_the_screen_is_reached_where_no_window_is, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_the_hosts_window_is_let_go_where_ours_no_longer_fills_it, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_dropped_where_ours_is_hidden_is_not_for_us, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_another_drag_ends_ours, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_release_that_nobody_heard_ends_the_drag, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_another_drag_takes_nothing_away_that_was_dropped, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_a_target_that_dies_may_have_passed_it_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_end_of_a_drop_takes_the_pointer_from_nobody, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(test_the_end_of_a_drag_does_not_end_the_next_one, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
