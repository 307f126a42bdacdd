// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/window_host.h"

#include "tests/window/display.h"

#include "plugin/draw/face.h"
#include "plugin/wire/wire.h"

#include <dlfcn.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/options/options.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/// Keep the text of a patch:Set, or the path and what it is for
static void
hear_object(CnWindowHost* const host, const LV2_Atom_Object* const object)
{
  uint32_t key = 0;
  LV2_ATOM_OBJECT_FOREACH(object, property)
  {
    const char* const text = (const char*)(&property->value + 1);
    if (property->value.type == cn_host_map(&host->features, LV2_ATOM__URID)) {
      memcpy(&key, text, sizeof(key));
    } else if (property->value.type == cn_host_map(&host->features, LV2_ATOM__String)) {
      snprintf(host->written, sizeof(host->written), "%s", text);
    } else if (property->value.type == cn_host_map(&host->features, LV2_ATOM__Path)) {
      const char* const what = host->features.unmap.unmap(host->features.unmap.handle, key);
      assert_non_null(what);
      snprintf(host->told, sizeof(host->told), "%s", text);
      snprintf(host->property, sizeof(host->property), "%s", what);
    }
  }
}

static void
write_port(const LV2UI_Controller controller, const uint32_t port, const uint32_t size, const uint32_t format,
           const void* const buffer)
{
  CnWindowHost* const host = controller;
  if (format == 0) {
    assert_int_equal(size, sizeof(float));
    memcpy(&host->values[port], buffer, size);
    if (host->resizes) {
      const LV2UI_Resize* const resizing = host->descriptor->extension_data(LV2_UI__resize);
      resizing->ui_resize(host->resizes, CN_FACE_WIDTH, CN_FACE_HEIGHT);
    }
    return;
  }
  const LV2_Atom* const atom = buffer;
  assert_int_equal(port, CN_PORT_IN);
  assert_int_equal(format, cn_host_map(&host->features, LV2_ATOM__eventTransfer));
  assert_int_equal(size, sizeof(LV2_Atom) + atom->size);
  if (atom->type == cn_host_map(&host->features, LV2_ATOM__Object)) {
    hear_object(host, (const LV2_Atom_Object*)atom);
    return;
  }
  if (atom->type == cn_host_map(&host->features, CN_WIRE_SAVE_URI)) {
    memcpy(&host->wish, atom + 1, sizeof(host->wish));
    assert_int_equal(atom->size, sizeof(host->wish) + host->wish.path);
    memcpy(host->path, (const uint8_t*)(atom + 1) + sizeof(host->wish), host->wish.path);
    return;
  }
  assert_int_equal(atom->type, cn_host_map(&host->features, CN_WIRE_ASK_URI));
  ++host->n_asks;
}

static int
resize(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  ((CnWindowHost*)handle)->width  = width;
  ((CnWindowHost*)handle)->height = height;
  return 0;
}

Window
cn_window_host_parent(const CnWindowHost* const host)
{
  const Window window =
      XCreateSimpleWindow(host->display, DefaultRootWindow(host->display), 0, 0, 1200, 800, 0, 0, 0);
  XMapWindow(host->display, window);
  XSync(host->display, False);
  return window;
}

LV2UI_Handle
cn_window_host_open(CnWindowHost* const host, const Window parent, const float scale, Window* const window)
{
  host->resizing               = (LV2UI_Resize){host, resize};
  LV2_Options_Option options[] = {
      {LV2_OPTIONS_INSTANCE, 0, cn_host_map(&host->features, LV2_UI__scaleFactor), sizeof(float),
       cn_host_map(&host->features, LV2_ATOM__Float), &scale},
      {LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, NULL},
  };
  const LV2_Feature        features[] = {{LV2_URID__map, &host->features.map},
                                         {LV2_UI__parent, (void*)parent}, // NOLINT(performance-no-int-to-ptr)
                                         {LV2_UI__resize, &host->resizing},
                                         {LV2_OPTIONS__options, options}};
  const LV2_Feature* const list[]     = {&features[0], &features[1], &features[2], &features[3], NULL};
  LV2UI_Widget             widget     = NULL;
  const LV2UI_Handle handle = host->descriptor->instantiate(host->descriptor, CN_PLUGIN_URI, CN_BUILD_DIR,
                                                            write_port, host, &widget, list);
  *window                   = (Window)widget;
  return handle;
}

void
cn_window_host_close(const CnWindowHost* const host, const LV2UI_Handle handle, const Window parent)
{
  host->descriptor->cleanup(handle);
  XDestroyWindow(host->display, parent);
}

int
cn_window_host_idle(const CnWindowHost* const host, const LV2UI_Handle handle)
{
  const LV2UI_Idle_Interface* const idling = host->descriptor->extension_data(LV2_UI__idleInterface);
  return idling->idle(handle);
}

int
cn_window_host_set_up(void** state)
{
  static CnWindowHost host;
  *state = &host;
  cn_host_features_init(&host.features, 0, 0); // Of blocks a window knows nothing
  if (!cn_display_start()) {
    return 0;
  }
  host.display        = XOpenDisplay(NULL);
  void* const library = dlopen(CN_BUILD_DIR "/continuo.lv2/continuo_ui.so", RTLD_NOW | RTLD_LOCAL);
  assert_non_null(host.display);
  assert_non_null(library);
  LV2UI_DescriptorFunction function = NULL;
  *(void**)&function                = dlsym(library, "lv2ui_descriptor");
  assert_non_null(function);
  host.descriptor = function(0);
  assert_null(function(1));
  return 0;
}

int
cn_window_host_tear_down(void** state)
{
  CnWindowHost* const host = *state;
  if (host->display) {
    XCloseDisplay(host->display);
  }
  cn_host_features_clear(&host->features);
  cn_display_stop();
  return 0;
}

CnWindowHost*
cn_window_host_of(void** state)
{
  CnWindowHost* const host = *state;
  if (!host->display) {
    skip();
  }
  return host;
}

void
cn_window_host_press_with(const CnWindowHost* const host, const Window window, const CnBox* const box,
                          const unsigned button)
{
  XEvent event = {.xbutton = {.type    = ButtonPress,
                              .display = host->display,
                              .window  = window,
                              .root    = DefaultRootWindow(host->display),
                              .x       = (int)(box->x + 0.5 * box->width),
                              .y       = (int)(box->y + 0.3 * box->height),
                              .time    = host->time,
                              .button  = button}};
  XSendEvent(host->display, window, False, ButtonPressMask, &event);
  event.type = ButtonRelease;
  XSendEvent(host->display, window, False, ButtonReleaseMask, &event);
  XSync(host->display, False);
}

void
cn_window_host_press(const CnWindowHost* const host, const Window window, const CnBox* const box)
{
  cn_window_host_press_with(host, window, box, Button1);
}

void
cn_window_host_point(const CnWindowHost* const host, const Window window, const int type, const double x,
                     const double y, const unsigned state)
{
  XEvent event = {0};
  if (type == MotionNotify) {
    event.xmotion = (XMotionEvent){.type    = type,
                                   .display = host->display,
                                   .window  = window,
                                   .root    = DefaultRootWindow(host->display),
                                   .x       = (int)x,
                                   .y       = (int)y,
                                   .x_root  = (int)x,
                                   .y_root  = (int)y,
                                   .state   = state};
  } else {
    event.xbutton = (XButtonEvent){.type    = type,
                                   .display = host->display,
                                   .window  = window,
                                   .root    = DefaultRootWindow(host->display),
                                   .x       = (int)x,
                                   .y       = (int)y,
                                   .x_root  = (int)x,
                                   .y_root  = (int)y,
                                   .state   = state,
                                   .button  = Button1};
  }
  XSendEvent(host->display, window, False, NoEventMask, &event);
  XSync(host->display, False);
}

void
cn_window_host_pull(const CnWindowHost* const host, const LV2UI_Handle handle, const Window window)
{
  const CnFaceLayout layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const double       bar    = (layout.roll.width - CN_ROLL_KEYS) / CN_FACE_BARS;
  const double       x      = layout.roll.x + CN_ROLL_KEYS + 3.5 * bar; // Of bar 11, which is at the playhead
  const double       y      = layout.roll.y + 100.0;
  cn_window_host_point(host, window, ButtonPress, x, y, 0);
  cn_window_host_point(host, window, MotionNotify, x + 5.0, y, Button1Mask | ShiftMask);
  cn_window_host_point(host, window, MotionNotify, x + bar, y, Button1Mask | ShiftMask);
  cn_window_host_point(host, window, ButtonRelease, x + bar, y, 0);
  cn_window_host_idle(host, handle);
  cn_window_host_point(host, window, ButtonPress, x, y, 0);
  cn_window_host_point(host, window, MotionNotify, x + 20.0, y, Button1Mask);
  cn_window_host_idle(host, handle);
}

void
cn_window_host_tell(CnWindowHost* const host, const LV2UI_Handle handle)
{
  struct {
    LV2_Atom    atom;
    CnWireState state;
  } news = {{sizeof(CnWireState), cn_host_map(&host->features, CN_WIRE_NEWS_URI)},
            {.head       = {CN_WIRE_VERSION, CN_WIRE_STATE, 1},
             .tick       = 960.0,
             .beat       = 24.0F,
             .tempo      = 120.0F,
             .bar        = {960, 96},
             .bar_number = 10}};
  host->descriptor->port_event(handle, CN_PORT_OUT, sizeof(news),
                               cn_host_map(&host->features, LV2_ATOM__eventTransfer), &news);
}

void
cn_window_host_tell_saved(CnWindowHost* const host, const LV2UI_Handle handle, const char* const why)
{
  struct {
    LV2_Atom    atom;
    CnWireSaved saved;
    char        why[128];
  } news = {
      {(uint32_t)(sizeof(CnWireSaved) + strlen(why) + 1), cn_host_map(&host->features, CN_WIRE_NEWS_URI)},
      {{CN_WIRE_VERSION, CN_WIRE_SAVED, 2}, host->wish.id, !*why, (uint16_t)(strlen(why) + 1)},
      {0}};
  strcpy(news.why, why);
  host->descriptor->port_event(handle, CN_PORT_OUT, lv2_atom_total_size(&news.atom),
                               cn_host_map(&host->features, LV2_ATOM__eventTransfer), &news);
}
