// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_window.c
   The built window under an X server: opens, closes, resizes, survives what hosts do, and turns the controls
   that the built description has.
*/

#include "tests/host/bundle.h"
#include "tests/support/scratch.h"
#include "tests/window/turning.h"
#include "tests/window/window_host.h"

#include "plugin/draw/controls.h"
#include "plugin/draw/face.h"
#include "plugin/lv2/ports.h"
#include "plugin/wire/wire.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/ui/ui.h>
#include <malloc.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_REOPENS 1000
#define MAX_GROWTH 65536 ///< [bytes] that X and cairo may keep after a thousand windows

// --- The window

static void
test_it_opens_draws_and_closes(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  assert_non_null(handle);
  assert_int_equal(host->n_asks, 1);
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(cn_window_host_idle(host, handle), 0);
  }
  XImage* const image =
      XGetImage(host->display, window, 0, 0, CN_FACE_WIDTH, CN_FACE_HEIGHT, AllPlanes, ZPixmap);
  assert_non_null(image);
  unsigned long seen  = XGetPixel(image, 0, 0);
  unsigned      other = 0;
  for (int x = 0; x < (int)CN_FACE_WIDTH; ++x) {
    other += XGetPixel(image, x, 40) != seen;
  }
  assert_true(other > 50U); // The headline
  XDestroyImage(image);
  cn_window_host_close(host, handle, parent);
}

static void
test_it_takes_its_size_from_both_sides(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.5F, &window);
  assert_int_equal(host->width, CN_FACE_WIDTH * 3 / 2);
  assert_int_equal(host->height, CN_FACE_HEIGHT * 3 / 2);
  XResizeWindow(host->display, window, 700, 500);
  XSync(host->display, False);
  cn_window_host_idle(host, handle);
  assert_int_equal(host->width, 700);
  const LV2UI_Resize* const resizing = host->descriptor->extension_data(LV2_UI__resize);
  resizing->ui_resize(handle, 900, 640);
  cn_window_host_idle(host, handle);
  assert_int_equal(host->width, 900);
  assert_int_equal(host->height, 640);
  for (int size = 1; size < 40; ++size) { // However small
    resizing->ui_resize(handle, size, 40 - size);
    assert_int_equal(cn_window_host_idle(host, handle), 0);
  }
  cn_window_host_close(host, handle, parent);
}

static void
test_it_says_how_small_it_may_be(void** state)
{
  CnWindowHost* const host     = cn_window_host_of(state);
  const Window        parent   = cn_window_host_parent(host);
  Window              window   = 0;
  XSizeHints          hints    = {0};
  long                supplied = 0;
  const LV2UI_Handle  handle   = cn_window_host_open(host, parent, 1.5F, &window);
  assert_true(XGetWMNormalHints(host->display, window, &hints, &supplied));
  assert_true(hints.flags & PMinSize && hints.flags & PBaseSize);
  assert_int_equal(hints.min_width, CN_FACE_MIN_WIDTH * 3 / 2);
  assert_int_equal(hints.min_height, CN_FACE_MIN_HEIGHT * 3 / 2);
  assert_int_equal(hints.base_height, CN_FACE_HEIGHT * 3 / 2);
  cn_window_host_close(host, handle, parent);
}

static void
test_the_users_scale_goes_before_the_hosts(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  setenv("CONTINUO_UI_SCALE", "0.75", 1);
  const LV2UI_Handle handle = cn_window_host_open(host, parent, 2.0F, &window);
  unsetenv("CONTINUO_UI_SCALE");
  assert_int_equal(host->width, CN_FACE_WIDTH * 3 / 4);
  assert_int_equal(host->height, CN_FACE_HEIGHT * 3 / 4);
  cn_window_host_close(host, handle, parent);
}

static void
test_what_is_drawn_smaller_is_pressed_where_it_is(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  XResizeWindow(host->display, window, CN_FACE_MIN_WIDTH, CN_FACE_MIN_HEIGHT);
  XSync(host->display, False);
  cn_window_host_idle(host, handle);
  const double       fit    = cn_face_fit(CN_FACE_MIN_WIDTH, CN_FACE_MIN_HEIGHT);
  const CnFaceLayout layout = cn_face_layout(CN_FACE_MIN_WIDTH / fit, CN_FACE_MIN_HEIGHT / fit);
  const CnBox        cell   = cn_panel_place(&layout.panel, (int)cn_control_of_port(CN_PORT_HOLD));
  const CnBox        seen   = {fit * cell.x, fit * cell.y, fit * cell.width, fit * cell.height};
  assert_true(fit < 0.9);
  host->values[CN_PORT_HOLD] = 0.0F;
  cn_window_host_press(host, window, &seen);
  cn_window_host_idle(host, handle);
  assert_true(host->values[CN_PORT_HOLD] == 1.0F);
  cn_window_host_close(host, handle, parent);
}

static void
test_a_thousand_windows_leave_nothing(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              windows[2];
  size_t              used    = 0;
  unsigned            n_files = 0;
  char                cache[] = "/tmp/continuo-XXXXXX";
  assert_non_null(mkdtemp(cache));
  setenv("XDG_CACHE_HOME", cache, 1);
  for (int i = 0; i < N_REOPENS; ++i) {
    if (i == N_REOPENS / 10) {
      used    = mallinfo2().uordblks;
      n_files = cn_scratch_count("/proc/self/fd", "");
    }
    const LV2UI_Handle first  = cn_window_host_open(host, parent, 1.0F, &windows[0]);
    const LV2UI_Handle second = i % 50 ? NULL : cn_window_host_open(host, parent, 1.0F, &windows[1]);
    assert_non_null(first);
    if (i % 50 == 0) {
      cn_window_host_idle(host, first);
      cn_window_host_idle(host, second);
      host->descriptor->cleanup(second);
      host->path[0] = '\0';
      cn_window_host_tell(host, first);
      cn_window_host_pull(host, first, windows[0]); // And is closed in the midst
      assert_int_equal(strncmp(host->path, cache, strlen(cache)), 0);
    }
    host->descriptor->cleanup(first);
  }
  assert_int_equal(cn_scratch_count("/proc/self/fd", ""), n_files);
  assert_true(mallinfo2().uordblks < used + MAX_GROWTH);
  assert_int_equal(rmdir(cache), 0);
  unsetenv("XDG_CACHE_HOME");
  XDestroyWindow(host->display, parent);
}

static void
test_errors_of_x_do_not_end_the_host(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  Window              window = 0;
  assert_null(cn_window_host_open(host, 0x1badbad, 1.0F, &window)); // No such parent

  const Window       parent = cn_window_host_parent(host);
  const LV2UI_Handle handle = cn_window_host_open(host, parent, 1.0F, &window);
  assert_non_null(handle);
  XDestroyWindow(host->display, parent); // And the child with it
  XSync(host->display, False);
  cn_window_host_idle(host, handle);
  cn_window_host_idle(host, handle);
  host->descriptor->cleanup(handle);
}

static int
count_error(Display* const display, XErrorEvent* const event)
{
  (void)display;
  (void)event;
  return 0;
}

static void
test_the_hosts_handler_of_errors_stays(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  XErrorHandler       before = XSetErrorHandler(count_error);
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  cn_window_host_idle(host, handle);
  host->descriptor->cleanup(handle);
  assert_true(XSetErrorHandler(before) == count_error);
  XDestroyWindow(host->display, parent);
}

static void
test_the_hosts_handler_stays_where_it_calls_in_the_midst(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  const CnFaceLayout  layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const CnBox         hold   = cn_panel_place(&layout.panel, (int)cn_control_of_port(CN_PORT_HOLD));
  Window              window = 0;
  const XErrorHandler before = XSetErrorHandler(count_error);
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  host->values[CN_PORT_HOLD] = 0.0F;
  host->resizes              = handle;
  cn_window_host_press(host, window, &hold);
  cn_window_host_idle(host, handle);
  host->resizes = NULL;
  assert_true(host->values[CN_PORT_HOLD] == 1.0F);
  host->descriptor->cleanup(handle);
  assert_true(XSetErrorHandler(before) == count_error);
  XDestroyWindow(host->display, parent);
}

static void
test_a_click_reaches_the_host_and_takes_no_focus(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  const CnFaceLayout  layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  Window              window = 0;
  Window              focus  = 0;
  int                 revert = 0;
  XSetInputFocus(host->display, parent, RevertToParent, CurrentTime);
  const LV2UI_Handle handle  = cn_window_host_open(host, parent, 1.0F, &window);
  host->values[CN_PORT_HOLD] = 0.0F;
  const CnBox hold           = cn_panel_place(&layout.panel, (int)cn_control_of_port(CN_PORT_HOLD));
  cn_window_host_press(host, window, &hold);
  cn_window_host_idle(host, handle);
  assert_true(host->values[CN_PORT_HOLD] == 1.0F);
  const uint32_t n_asks = host->n_asks;
  cn_window_host_press(host, window, &layout.panic);
  cn_window_host_idle(host, handle);
  assert_int_equal(host->n_asks, n_asks + 1);
  XGetInputFocus(host->display, &focus, &revert);
  assert_int_equal(focus, parent);
  cn_window_host_close(host, handle, parent);
}

static void
test_a_release_that_nobody_heard_lets_go(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  const CnFaceLayout  layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const CnBox         knob   = cn_panel_place(&layout.panel, (int)cn_control_of_port(CN_PORT_TEMPERATURE));
  const double        x      = knob.x + 0.5 * knob.width;
  const double        y      = knob.y + 0.3 * knob.height;
  for (int is_hidden = 0; is_hidden < 2; ++is_hidden) {
    Window             window = 0;
    const LV2UI_Handle handle = cn_window_host_open(host, parent, 1.0F, &window);
    cn_window_host_point(host, window, ButtonPress, x, y, 0);
    cn_window_host_point(host, window, MotionNotify, x, y - 20.0, Button1Mask);
    cn_window_host_idle(host, handle);
    const float value = host->values[CN_PORT_TEMPERATURE];
    if (is_hidden) {
      XUnmapWindow(host->display, window);
      XSync(host->display, False);
    }
    cn_window_host_point(host, window, MotionNotify, x, y - 40.0, is_hidden ? Button1Mask : 0);
    cn_window_host_idle(host, handle);
    assert_true(host->values[CN_PORT_TEMPERATURE] == value);
    host->descriptor->cleanup(handle);
  }
  XDestroyWindow(host->display, parent);
}

/// Turn a control by the mouse; returns what the host is to hear
static float
turn(CnWindowHost* const host, const LV2UI_Handle handle, const Window window, const int control)
{
  const CnTurning turning = cn_turning(control);
  for (unsigned i = 0; i < turning.n_presses; ++i) {
    host->time += 1000; // No two of them are a double click
    cn_window_host_press_with(host, window, &turning.presses[i], turning.button);
    cn_window_host_idle(host, handle);
  }
  return cn_controls[control].is_trigger ? 0.0F : turning.wanted;
}

static void
test_every_control_is_turned_by_the_mouse(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  for (size_t i = 0; i < cn_n_controls; ++i) {
    float* const value = &host->values[cn_controls[i].port];
    *value             = -1000.0F;
    const float wanted = turn(host, handle, window, (int)i);
    cn_window_host_idle(host, handle);
    for (int k = 0; cn_controls[i].is_trigger && *value != wanted && k < 100; ++k) {
      assert_true(*value == 1.0F); // Until a block has seen it
      poll(NULL, 0, 10);
      cn_window_host_idle(host, handle);
    }
    if (!(fabsf(*value - wanted) < 1e-4F)) {
      print_error("%s is %g, not %g\n", cn_controls[i].symbol, (double)*value, (double)wanted);
      fail();
    }
  }
  cn_window_host_close(host, handle, parent);
}

static void
test_a_bar_is_kept_by_two_clicks(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  const CnFaceLayout  layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const CnBox         bar    = {layout.roll.x + 0.36 * layout.roll.width, layout.roll.y + 100.0, 0.0, 0.0};
  const CnBox         keep   = {bar.x + 20.0, bar.y + 15.0, 0.0, 0.0};
  Window              window = 0;
  host->written[0]           = '\0';
  const LV2UI_Handle handle  = cn_window_host_open(host, parent, 1.0F, &window);
  cn_window_host_tell(host, handle);
  cn_window_host_idle(host, handle);
  cn_window_host_press(host, window, &bar);
  cn_window_host_idle(host, handle);
  cn_window_host_press(host, window, &keep);
  cn_window_host_idle(host, handle);
  assert_string_equal(host->written, "11:keep");
  cn_window_host_close(host, handle, parent);
}

static void
test_garbage_from_the_plugin_is_passed_over(void** state)
{
  CnWindowHost* const host   = cn_window_host_of(state);
  const Window        parent = cn_window_host_parent(host);
  Window              window = 0;
  const LV2UI_Handle  handle = cn_window_host_open(host, parent, 1.0F, &window);
  uint32_t            words[64];
  for (uint32_t seed = 1; seed < 3000; ++seed) {
    for (size_t i = 0; i < 64; ++i) {
      words[i] = seed * 2654435761U * (uint32_t)(i + 1) >> (seed % 7U);
    }
    words[0] = seed % 3 ? sizeof(words) - sizeof(LV2_Atom) : words[0];
    words[1] = cn_host_map(&host->features, CN_WIRE_NEWS_URI);
    words[2] = CN_WIRE_VERSION | (seed % 4U) << 16U;
    host->descriptor->port_event(handle, seed % 4 ? CN_PORT_OUT : seed, seed % 257U,
                                 seed % 5 ? cn_host_map(&host->features, LV2_ATOM__eventTransfer) : 0, words);
  }
  assert_int_equal(cn_window_host_idle(host, handle), 0);
  cn_window_host_close(host, handle, parent);
}

// --- The table of controls

static float
number_of(const LilvNode* const node)
{
  return node ? lilv_node_as_float(node) : NAN;
}

static void
check_port(LilvWorld* const world, const LilvPlugin* const plugin, const LilvPort* const port)
{
  const CnControl* const control     = &cn_controls[cn_control_of_port(lilv_port_get_index(plugin, port))];
  LilvNode* const        comment_uri = lilv_new_uri(world, LILV_NS_RDFS "comment");
  LilvNode* const        comment     = lilv_port_get(plugin, port, comment_uri);
  LilvNode* const        name        = lilv_port_get_name(plugin, port);
  LilvScalePoints* const points      = lilv_port_get_scale_points(plugin, port);
  LilvNode*              usual       = NULL;
  LilvNode*              lowest      = NULL;
  LilvNode*              highest     = NULL;
  lilv_port_get_range(plugin, port, &usual, &lowest, &highest);
  assert_string_equal(control->symbol, lilv_node_as_string(lilv_port_get_symbol(plugin, port)));
  assert_string_equal(control->name, lilv_node_as_string(name));
  assert_string_equal(control->comment, lilv_node_as_string(comment));
  assert_true(control->usual == number_of(usual));
  assert_true(control->lowest == number_of(lowest));
  assert_true(control->highest == number_of(highest));
  assert_int_equal(control->n_points, points ? lilv_scale_points_size(points) : 0);
  lilv_node_free(comment_uri);
  lilv_node_free(comment);
  lilv_node_free(name);
  lilv_node_free(usual);
  lilv_node_free(lowest);
  lilv_node_free(highest);
  lilv_scale_points_free(points);
}

static void
test_the_table_has_all_grouped_controls_as_described(void** state)
{
  (void)state;
  CnBundle* bundle = NULL;
  assert_int_equal(cn_bundle_set_up((void**)&bundle), 0);
  LilvWorld*              world  = NULL;
  CnHost* const           host   = cn_bundle_start(bundle, &cn_bundle_plain);
  const LilvPlugin* const plugin = cn_host_plugin(host, &world);
  LilvNode* const         group  = lilv_new_uri(world, "http://lv2plug.in/ns/ext/port-groups#group");
  size_t                  n      = 0;
  for (uint32_t i = 0; i < lilv_plugin_get_num_ports(plugin); ++i) {
    const LilvPort* const port  = lilv_plugin_get_port_by_index(plugin, i);
    LilvNode* const       owner = lilv_port_get(plugin, port, group);
    if (owner) {
      assert_true(cn_control_of_port(i) < cn_n_controls);
      check_port(world, plugin, port);
      ++n;
    }
    lilv_node_free(owner);
  }
  assert_int_equal(n, cn_n_controls);
  assert_true(n <= CN_PANEL_CONTROLS);
  lilv_node_free(group);
  cn_bundle_tear_down((void**)&bundle);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_table_has_all_grouped_controls_as_described),
      cmocka_unit_test(test_it_opens_draws_and_closes),
      cmocka_unit_test(test_it_takes_its_size_from_both_sides),
      cmocka_unit_test(test_it_says_how_small_it_may_be),
      cmocka_unit_test(test_the_users_scale_goes_before_the_hosts),
      cmocka_unit_test(test_what_is_drawn_smaller_is_pressed_where_it_is),
      cmocka_unit_test(test_a_thousand_windows_leave_nothing),
      cmocka_unit_test(test_errors_of_x_do_not_end_the_host),
      cmocka_unit_test(test_the_hosts_handler_of_errors_stays),
      cmocka_unit_test(test_the_hosts_handler_stays_where_it_calls_in_the_midst),
      cmocka_unit_test(test_a_click_reaches_the_host_and_takes_no_focus),
      cmocka_unit_test(test_a_release_that_nobody_heard_lets_go),
      cmocka_unit_test(test_every_control_is_turned_by_the_mouse),
      cmocka_unit_test(test_a_bar_is_kept_by_two_clicks),
      cmocka_unit_test(test_garbage_from_the_plugin_is_passed_over),
  };
  return cmocka_run_group_tests(tests, cn_window_host_set_up, cn_window_host_tear_down);
}
