// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ui.c
   The window's descriptor: what the host calls.
*/

#include "plugin/lv2/ports.h"
#include "plugin/ui/files.h"
#include "plugin/ui/messages.h"
#include "plugin/ui/window.h"
#include "plugin/wire/scene.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/core/lv2_util.h>
#include <lv2/options/options.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ASK_SECONDS 1.0    ///< [s] between two asks
#define FRAME_SECONDS 0.04 ///< [s] between two pictures while the music rolls
#define MAX_LAG 0.5        ///< [s] that the playhead goes on without news
#define MIN_SCALE 0.5      ///< Of what hosts say
#define MAX_SCALE 4.0
#define SCALE_VARIABLE "CONTINUO_UI_SCALE" ///< Goes before what the host says

/// What the host has
typedef struct {
  const LV2UI_Resize*        resize;
  const LV2UI_Touch*         touch;
  const LV2UI_Request_Value* request;
  const LV2_URID_Map*        map;
  const LV2_Options_Option*  options;
  void*                      parent;
} Host;

typedef struct {
  Host       host;
  CnMessages messages;
  CnWindow*  window;
  CnFace     face;
  CnFiles    files;
  double     told;  ///< [s] when the last state came
  double     asked; ///< [s] when the plugin was asked last
  double     drawn; ///< [s] when the music was drawn last
  int        width; ///< [pixels] that the host knows of
  int        height;
} Ui;

static double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// To the plugin

static void
change(void* const handle, const uint32_t port, const float value)
{
  cn_messages_control(&((Ui*)handle)->messages, port, value);
}

static void
grab(void* const handle, const uint32_t port, const bool grabbed)
{
  const Host* const host = &((Ui*)handle)->host;
  if (host->touch && host->touch->touch) {
    host->touch->touch(host->touch->handle, port, grabbed);
  }
}

static void
panic(void* const handle)
{
  cn_messages_ask(&((Ui*)handle)->messages, CN_WIRE_PANIC);
}

/// Have the host ask the user for a file, which it then tells the plugin of
static void
choose_file(Ui* const self, const LV2_URID property)
{
  const LV2UI_Request_Value* const request = self->host.request;
  const LV2UI_Request_Value_Status status =
      request ? request->request(request->handle, property, self->messages.uris.atom_Path, NULL)
              : LV2UI_REQUEST_VALUE_ERR_UNSUPPORTED;
  if (status == LV2UI_REQUEST_VALUE_ERR_UNSUPPORTED || status == LV2UI_REQUEST_VALUE_ERR_UNKNOWN) {
    cn_files_fail(&self->files, "this host asks for no file: drop one on the window");
  }
}

static void
choose_model(void* const handle)
{
  Ui* const self = handle;
  choose_file(self, self->messages.uris.continuo_model);
}

static void
choose_phrase(void* const handle)
{
  Ui* const self = handle;
  choose_file(self, self->messages.uris.continuo_phrase);
}

static void
write_sheet(void* const handle, const CnSheet* const sheet)
{
  char      text[CN_SHEET_TEXT_SIZE];
  Ui* const self = handle;
  cn_sheet_print(sheet, text);
  cn_messages_set(&self->messages, self->messages.uris.continuo_sheet, self->messages.uris.atom_String, text);
}

static void
undo(void* const handle)
{
  cn_messages_ask(&((Ui*)handle)->messages, CN_WIRE_UNDO);
}

// Files

static void
save(void* const handle)
{
  cn_files_save(&((Ui*)handle)->files);
}

static void
drag(void* const handle)
{
  Ui* const         self = handle;
  const char* const path = cn_files_drag(&self->files);
  if (path && !cn_window_drag(self->window, path)) {
    cn_files_dragged(&self->files, false);
  }
}

static void
dragged(void* const handle, const bool is_taken)
{
  cn_files_dragged(&((Ui*)handle)->files, is_taken);
}

static void
hover(void* const handle, const bool is_over)
{
  cn_files_hover(&((Ui*)handle)->files, is_over);
}

static bool
take(void* const handle, const char* const list, const size_t size)
{
  return cn_files_drop(&((Ui*)handle)->files, list, size);
}

static void
fail(void* const handle, const char* const why)
{
  cn_files_fail(&((Ui*)handle)->files, why);
}

/// Let what is dragged go on, or end
static void
go_on(Ui* const self, const CnFilesNews news)
{
  if (news != CN_FILES_NOTHING) {
    cn_window_drag_ready(self->window, news == CN_FILES_READY);
  }
}

// Opening

/// Find what the host says about itself; null if it says nothing
static const LV2_Options_Option*
find_option(const Host* const host, const char* const uri)
{
  const LV2_URID            key    = host->map->map(host->map->handle, uri);
  const LV2_Options_Option* option = host->options;
  while (option && option->key && option->key != key) {
    ++option;
  }
  return option && option->key && option->value ? option : NULL;
}

/// [pixels a unit], by the user's word or the host's
static double
choose_scale(const Ui* const self)
{
  const LV2_Options_Option* const option = find_option(&self->host, LV2_UI__scaleFactor);
  const char* const               own    = getenv(SCALE_VARIABLE);
  double                          scale  = own ? strtod(own, NULL) : 0.0;
  if (!(scale > 0.0) && option && option->type == self->messages.uris.atom_Float) {
    scale = (double)*(const float*)option->value;
  }
  return scale > 0.0 ? fmin(fmax(scale, MIN_SCALE), MAX_SCALE) : 1.0;
}

/// Dark as the host is, or if that is not known
static bool
choose_dark(const Ui* const self)
{
  const LV2_Options_Option* const option = find_option(&self->host, LV2_UI__backgroundColor);
  if (!option || option->type != self->messages.uris.atom_Int) {
    return true;
  }
  const uint32_t color = *(const uint32_t*)option->value; // RGBA
  return (color >> 24U) + (color >> 16U & 0xFFU) + (color >> 8U & 0xFFU) < 3U * 128U;
}

static void
tell_size(Ui* const self)
{
  int width  = 0;
  int height = 0;
  cn_window_size(self->window, &width, &height);
  if (self->host.resize && (width != self->width || height != self->height)) {
    self->host.resize->ui_resize(self->host.resize->handle, width, height);
  }
  self->width  = width;
  self->height = height;
}

static LV2UI_Handle
instantiate(const LV2UI_Descriptor* const descriptor, const char* const plugin, const char* const bundle,
            const LV2UI_Write_Function write, const LV2UI_Controller controller, LV2UI_Widget* const widget,
            const LV2_Feature* const* const features)
{
  (void)descriptor;
  (void)bundle;
  Ui* const self = strcmp(plugin, CN_PLUGIN_URI) ? NULL : (Ui*)calloc(1, sizeof(Ui));
  if (!self) {
    return NULL;
  }
  Host* const host = &self->host;
  if (lv2_features_query(features, LV2_URID__map, &host->map, true, LV2_UI__parent, &host->parent, false,
                         LV2_UI__resize, &host->resize, false, LV2_UI__touch, &host->touch, false,
                         LV2_UI__requestValue, &host->request, false, LV2_OPTIONS__options, &host->options,
                         false, NULL)) {
    free(self);
    return NULL;
  }
  cn_messages_init(&self->messages, write, controller, host->map);
  cn_face_init(&self->face, choose_dark(self));
  cn_files_init(&self->files, &self->messages, &self->face);
  const CnTouchHost   touch = {self,        change, grab, panic, choose_model,
                               write_sheet, undo,   save, drag,  choose_phrase};
  const CnWindowFiles files = {{self, hover, take, fail}, {self, dragged}};
  self->window = cn_window_new((unsigned long)host->parent, &self->face, &touch, &files, choose_scale(self));
  if (!self->window) {
    fprintf(stderr, "continuo: no window: the X server cannot be reached\n");
    free(self);
    return NULL;
  }
  *widget = (LV2UI_Widget)cn_window_id(self->window); // NOLINT(performance-no-int-to-ptr)
  tell_size(self);
  cn_messages_ask(&self->messages, CN_WIRE_EVERYTHING);
  cn_messages_get(&self->messages, self->messages.uris.continuo_sheet);
  self->asked = now();
  return self;
}

static void
cleanup(const LV2UI_Handle handle)
{
  Ui* const self = handle;
  cn_window_free(self->window);
  free(self);
}

// From the plugin

static void
hear_control(Ui* const self, const uint32_t port, const float value)
{
  const size_t control = cn_control_of_port(port);
  if (control < cn_panel_n_controls()) {
    self->face.panel.values[control] = value;
    cn_window_refresh(self->window);
  }
}

static void
hear_news(Ui* const self, const LV2_Atom* const atom, const uint32_t size)
{
  const void* const news = cn_messages_news(&self->messages, atom, size);
  if (news && cn_scene_read(&self->face.scene, news, atom->size)) {
    self->told = now();
    go_on(self, cn_files_hear(&self->files));
    cn_window_refresh(self->window);
  }
}

static void
hear_sheet(Ui* const self, const LV2_Atom* const atom, const uint32_t size)
{
  char text[CN_MESSAGES_TEXT];
  if (cn_messages_text(&self->messages, atom, size, self->messages.uris.continuo_sheet, text) &&
      cn_scene_read_sheet(&self->face.scene, text)) {
    cn_window_refresh(self->window);
  }
}

static void
hear_phrase(Ui* const self, const LV2_Atom* const atom, const uint32_t size)
{
  char text[CN_MESSAGES_TEXT];
  if (cn_messages_text(&self->messages, atom, size, self->messages.uris.continuo_phrase, text)) {
    cn_files_hear_phrase(&self->files, text);
  }
}

static void
port_event(const LV2UI_Handle handle, const uint32_t port, const uint32_t size, const uint32_t format,
           const void* const buffer)
{
  Ui* const self = handle;
  if (format == 0 && size == sizeof(float)) {
    hear_control(self, port, *(const float*)buffer);
  } else if (format == self->messages.event_transfer && port == CN_PORT_OUT) {
    hear_news(self, (const LV2_Atom*)buffer, size);
    hear_sheet(self, (const LV2_Atom*)buffer, size);
    hear_phrase(self, (const LV2_Atom*)buffer, size);
  }
}

// Idle

/// Let the playhead go on from where it was told to be
static void
advance(Ui* const self, const double time)
{
  const CnWireState* const state = &self->face.scene.state;
  const double             lag   = fmin(fmax(time - self->told, 0.0), MAX_LAG);
  self->face.tick                = state->tick;
  if (state->flags & CN_WIRE_ROLLS) {
    self->face.tick += lag * (double)state->tempo * CN_TICKS_PER_QUARTER / 60.0;
  }
}

static int
idle(const LV2UI_Handle handle)
{
  Ui* const    self  = handle;
  const double time  = now();
  const bool   rolls = self->face.scene.state.flags & CN_WIRE_ROLLS;
  if (self->face.scene.missed) {
    cn_scene_forget(&self->face.scene);
    cn_messages_ask(&self->messages, CN_WIRE_EVERYTHING);
    self->asked = time;
  } else if (time - self->asked >= ASK_SECONDS) {
    cn_messages_ask(&self->messages, 0);
    self->asked = time;
  }
  const bool is_due = rolls && time - self->drawn >= FRAME_SECONDS;
  self->drawn       = is_due ? time : self->drawn;
  advance(self, time);
  go_on(self, cn_files_idle(&self->files, time));
  if (self->files.is_new_said) {
    self->files.is_new_said = false;
    cn_window_refresh(self->window);
  }
  const bool is_open = cn_window_idle(self->window, is_due, time);
  tell_size(self);
  return is_open ? 0 : 1;
}

/// The host resizes
static int
resize(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  Ui* const self = handle;
  cn_window_resize(self->window, width, height);
  return 0;
}

static const void*
extension_data(const char* const uri)
{
  static const LV2UI_Idle_Interface idling   = {idle};
  static const LV2UI_Resize         resizing = {NULL, resize};
  if (!strcmp(uri, LV2_UI__idleInterface)) {
    return &idling;
  }
  return strcmp(uri, LV2_UI__resize) ? NULL : &resizing;
}

static const LV2UI_Descriptor descriptor = {
    CN_PLUGIN_URI "#ui", instantiate, cleanup, port_event, extension_data,
};

LV2_SYMBOL_EXPORT const LV2UI_Descriptor*
lv2ui_descriptor(const uint32_t index)
{
  return index == 0 ? &descriptor : NULL;
}
