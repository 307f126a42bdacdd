// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ui.c
   The window's descriptor: what the host calls.
*/

#include "plugin/lv2/object.h"
#include "plugin/lv2/ports.h"
#include "plugin/lv2/uris.h"
#include "plugin/ui/window.h"
#include "plugin/wire/scene.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/core/lv2_util.h>
#include <lv2/options/options.h>
#include <lv2/patch/patch.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SET_OVERHEAD 128   ///< [bytes] of a patch:Set around its text
#define ASK_SECONDS 1.0    ///< [s] between two asks
#define FRAME_SECONDS 0.04 ///< [s] between two pictures while the music rolls
#define MAX_LAG 0.5        ///< [s] that the playhead goes on without news
#define MIN_SCALE 0.5      ///< Of what hosts say
#define MAX_SCALE 4.0
#define SCALE_VARIABLE "CONTINUO_UI_SCALE" ///< Goes before what the host says

/// URIs, mapped
typedef struct {
  LV2_URID ask;
  LV2_URID news;
  LV2_URID event_transfer;
  LV2_URID scale_factor;
  LV2_URID background;
  LV2_URID atom_Float;
  LV2_URID atom_Int;
  LV2_URID atom_Path;
  LV2_URID atom_Object;
  LV2_URID atom_Blank;
  LV2_URID atom_String;
  LV2_URID atom_URID;
  LV2_URID patch_Get;
  LV2_URID patch_Set;
  LV2_URID patch_property;
  LV2_URID patch_value;
  LV2_URID model;
  LV2_URID sheet;
} Uris;

/// What the host has
typedef struct {
  LV2UI_Write_Function       write;
  LV2UI_Controller           controller;
  const LV2UI_Resize*        resize;
  const LV2UI_Touch*         touch;
  const LV2UI_Request_Value* request;
  const LV2_URID_Map*        map;
  const LV2_Options_Option*  options;
  void*                      parent;
} Host;

typedef struct {
  Host           host;
  Uris           uris;
  CnWindow*      window;
  CnFace         face;
  LV2_Atom_Forge forge;
  double         told;  ///< [s] when the last state came
  double         asked; ///< [s] when the plugin was asked last
  double         drawn; ///< [s] when the music was drawn last
  int            width; ///< [pixels] that the host knows of
  int            height;
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
ask(Ui* const self, const uint16_t what)
{
  struct {
    LV2_Atom  atom;
    CnWireAsk ask;
  } message = {{sizeof(CnWireAsk), self->uris.ask}, {CN_WIRE_VERSION, what}};
  self->host.write(self->host.controller, CN_PORT_IN, sizeof(message), self->uris.event_transfer, &message);
}

static void
change(void* const handle, const uint32_t port, const float value)
{
  Ui* const self = handle;
  self->host.write(self->host.controller, port, sizeof(value), 0, &value);
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
  ask((Ui*)handle, CN_WIRE_PANIC);
}

/// Have the host ask the user for a file, which it then tells the plugin of
static void
choose_model(void* const handle)
{
  Ui* const                        self    = handle;
  const LV2UI_Request_Value* const request = self->host.request;
  if (request) {
    request->request(request->handle, self->uris.model, self->uris.atom_Path, NULL);
  }
}

/// Send a patch:Set of the sheet, or a patch:Get where `text` is null
static void
send_sheet(Ui* const self, const char* const text)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_SHEET_TEXT_SIZE + SET_OVERHEAD];
  } message;
  LV2_Atom_Forge_Frame  object;
  LV2_Atom_Forge* const forge = &self->forge;
  lv2_atom_forge_set_buffer(forge, message.bytes, sizeof(message.bytes));
  lv2_atom_forge_object(forge, &object, 0, text ? self->uris.patch_Set : self->uris.patch_Get);
  lv2_atom_forge_key(forge, self->uris.patch_property);
  lv2_atom_forge_urid(forge, self->uris.sheet);
  if (text) {
    lv2_atom_forge_key(forge, self->uris.patch_value);
    lv2_atom_forge_string(forge, text, (uint32_t)strlen(text));
  }
  lv2_atom_forge_pop(forge, &object);
  self->host.write(self->host.controller, CN_PORT_IN, lv2_atom_total_size(&message.atom),
                   self->uris.event_transfer, &message);
}

static void
write_sheet(void* const handle, const CnSheet* const sheet)
{
  char text[CN_SHEET_TEXT_SIZE];
  cn_sheet_print(sheet, text);
  send_sheet((Ui*)handle, text);
}

static void
undo(void* const handle)
{
  ask((Ui*)handle, CN_WIRE_UNDO);
}

// Opening

static void
map_uris(Uris* const uris, const LV2_URID_Map* const map)
{
  uris->ask            = map->map(map->handle, CN_WIRE_ASK_URI);
  uris->news           = map->map(map->handle, CN_WIRE_NEWS_URI);
  uris->event_transfer = map->map(map->handle, LV2_ATOM__eventTransfer);
  uris->scale_factor   = map->map(map->handle, LV2_UI__scaleFactor);
  uris->background     = map->map(map->handle, LV2_UI__backgroundColor);
  uris->atom_Float     = map->map(map->handle, LV2_ATOM__Float);
  uris->atom_Int       = map->map(map->handle, LV2_ATOM__Int);
  uris->atom_Path      = map->map(map->handle, LV2_ATOM__Path);
  uris->atom_Object    = map->map(map->handle, LV2_ATOM__Object);
  uris->atom_Blank     = map->map(map->handle, LV2_ATOM__Blank);
  uris->atom_String    = map->map(map->handle, LV2_ATOM__String);
  uris->atom_URID      = map->map(map->handle, LV2_ATOM__URID);
  uris->patch_Get      = map->map(map->handle, LV2_PATCH__Get);
  uris->patch_Set      = map->map(map->handle, LV2_PATCH__Set);
  uris->patch_property = map->map(map->handle, LV2_PATCH__property);
  uris->patch_value    = map->map(map->handle, LV2_PATCH__value);
  uris->model          = map->map(map->handle, CN_MODEL_URI);
  uris->sheet          = map->map(map->handle, CN_SHEET_URI);
}

static const LV2_Options_Option*
find_option(const Host* const host, const LV2_URID key)
{
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
  const LV2_Options_Option* const option = find_option(&self->host, self->uris.scale_factor);
  const char* const               own    = getenv(SCALE_VARIABLE);
  double                          scale  = own ? strtod(own, NULL) : 0.0;
  if (!(scale > 0.0) && option && option->type == self->uris.atom_Float) {
    scale = (double)*(const float*)option->value;
  }
  return scale > 0.0 ? fmin(fmax(scale, MIN_SCALE), MAX_SCALE) : 1.0;
}

/// Dark as the host is, or if that is not known
static bool
choose_dark(const Ui* const self)
{
  const LV2_Options_Option* const option = find_option(&self->host, self->uris.background);
  if (!option || option->type != self->uris.atom_Int) {
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
  host->write      = write;
  host->controller = controller;
  if (lv2_features_query(features, LV2_URID__map, &host->map, true, LV2_UI__parent, &host->parent, false,
                         LV2_UI__resize, &host->resize, false, LV2_UI__touch, &host->touch, false,
                         LV2_UI__requestValue, &host->request, false, LV2_OPTIONS__options, &host->options,
                         false, NULL)) {
    free(self);
    return NULL;
  }
  map_uris(&self->uris, host->map);
  LV2_URID_Map map = *host->map; // the forge's header wants it writable
  lv2_atom_forge_init(&self->forge, &map);
  cn_face_init(&self->face, choose_dark(self));
  const CnTouchHost touch = {self, change, grab, panic, choose_model, write_sheet, undo};
  self->window = cn_window_new((unsigned long)host->parent, &self->face, &touch, choose_scale(self));
  if (!self->window) {
    fprintf(stderr, "continuo: no window: the X server cannot be reached\n");
    free(self);
    return NULL;
  }
  *widget = (LV2UI_Widget)cn_window_id(self->window); // NOLINT(performance-no-int-to-ptr)
  tell_size(self);
  ask(self, CN_WIRE_EVERYTHING);
  send_sheet(self, NULL);
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
  if (control < cn_n_controls && control < CN_PANEL_CONTROLS) {
    self->face.panel.values[control] = value;
    cn_window_refresh(self->window);
  }
}

static void
hear_news(Ui* const self, const LV2_Atom* const atom, const uint32_t size)
{
  if (size < sizeof(LV2_Atom) || atom->type != self->uris.news || atom->size > size - sizeof(LV2_Atom)) {
    return;
  }
  if (cn_scene_read(&self->face.scene, atom + 1, atom->size)) {
    self->told = now();
    cn_window_refresh(self->window);
  }
}

/// Read a patch:Set of the sheet, if it is one
static void
hear_sheet(Ui* const self, const LV2_Atom* const atom, const uint32_t size)
{
  const Uris* const uris = &self->uris;
  if (size < sizeof(LV2_Atom_Object) || (atom->type != uris->atom_Object && atom->type != uris->atom_Blank) ||
      atom->size > size - sizeof(LV2_Atom) || ((const LV2_Atom_Object*)atom)->body.otype != uris->patch_Set) {
    return;
  }
  const LV2_Atom* const property = cn_object_get(atom, uris->patch_property);
  const LV2_Atom* const value    = cn_object_get(atom, uris->patch_value);
  if (property && property->type == uris->atom_URID && property->size == sizeof(LV2_URID) &&
      ((const LV2_Atom_URID*)property)->body == uris->sheet && value && value->type == uris->atom_String &&
      value->size > 0 && value->size <= CN_SHEET_TEXT_SIZE &&
      ((const char*)(value + 1))[value->size - 1] == '\0' &&
      cn_scene_read_sheet(&self->face.scene, (const char*)(value + 1))) {
    cn_window_refresh(self->window);
  }
}

static void
port_event(const LV2UI_Handle handle, const uint32_t port, const uint32_t size, const uint32_t format,
           const void* const buffer)
{
  Ui* const self = handle;
  if (format == 0 && size == sizeof(float)) {
    hear_control(self, port, *(const float*)buffer);
  } else if (format == self->uris.event_transfer && port == CN_PORT_OUT) {
    hear_news(self, (const LV2_Atom*)buffer, size);
    hear_sheet(self, (const LV2_Atom*)buffer, size);
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
    ask(self, CN_WIRE_EVERYTHING);
    self->asked = time;
  } else if (time - self->asked >= ASK_SECONDS) {
    ask(self, 0);
    self->asked = time;
  }
  const bool is_due = rolls && time - self->drawn >= FRAME_SECONDS;
  self->drawn       = is_due ? time : self->drawn;
  advance(self, time);
  const bool is_open = cn_window_idle(self->window, is_due);
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
