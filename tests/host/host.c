// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host.h"

#include "tests/host/host_features.h"
#include "tests/host/host_messages.h"
#include "tests/host/host_patch.h"
#include "tests/host/host_state.h"
#include "tests/host/host_transport.h"
#include "tests/host/host_worker.h"

#include "plugin/lv2/sync.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/midi/midi.h>
#include <lv2/worker/worker.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_SIZE 65536U
#define MAX_PORTS 64U

struct CnHost {
  CnHostConfig      config;
  CnHostFeatures    features;
  LilvWorld*        world;
  const LilvPlugin* plugin;
  LilvInstance*     instance;
  const CnSync*     sync;

  uint32_t           n_ports;
  float              controls[MAX_PORTS];
  LV2_Atom_Sequence* in;
  LV2_Atom_Sequence* out;

  CnHostWorker    worker;
  CnHostPatch     patch;
  CnHostAtoms     atoms;
  CnHostTransport transport;
  double          told_beat;   ///< Of the metre, in which the position was last looked at
  bool            is_starting; ///< It rolls, but the plugin is not told so yet
  uint64_t        frame;
  uint32_t        block;
  CnHostMessages  input;
  size_t          n_sent; ///< Of the input
  CnHostMessages  output;
  CnHostFaults    faults;
  CnHostLedger    ledger;
};

// --- Loading

static const LilvPlugin*
load_plugin(LilvWorld* const world, const char* const bundle)
{
  char      folder[4096];
  const int length = snprintf(folder, sizeof(folder), "%s/", bundle); // a bundle's URI ends with a slash
  if (length < 0 || (size_t)length >= sizeof(folder)) {
    return NULL;
  }
  LilvNode* const uri = lilv_new_file_uri(world, NULL, folder);
  lilv_world_load_bundle(world, uri);
  lilv_node_free(uri);

  const LilvPlugins* const plugins = lilv_world_get_all_plugins(world);
  return lilv_plugins_size(plugins) ? lilv_plugins_get(plugins, lilv_plugins_begin(plugins)) : NULL;
}

/// Connect each control to its default, the first atom input and output to the sequences
static void
connect_ports(CnHost* const self)
{
  LilvNode* const control = lilv_new_uri(self->world, LILV_URI_CONTROL_PORT);
  LilvNode* const input   = lilv_new_uri(self->world, LILV_URI_INPUT_PORT);
  self->n_ports           = lilv_plugin_get_num_ports(self->plugin);
  assert(self->n_ports <= MAX_PORTS);
  lilv_plugin_get_port_ranges_float(self->plugin, NULL, NULL, self->controls);
  for (uint32_t i = 0; i < self->n_ports; ++i) {
    const LilvPort* const port = lilv_plugin_get_port_by_index(self->plugin, i);
    if (lilv_port_is_a(self->plugin, port, control)) {
      lilv_instance_connect_port(self->instance, i, &self->controls[i]);
    } else {
      const bool is_input = lilv_port_is_a(self->plugin, port, input);
      lilv_instance_connect_port(self->instance, i, is_input ? self->in : self->out);
    }
  }
  lilv_node_free(input);
  lilv_node_free(control);
}

static void
set_defaults(CnHostConfig* const config)
{
  config->rate          = config->rate > 0.0 ? config->rate : 48000.0;
  config->block         = config->block ? config->block : 1024;
  config->sequence_size = config->sequence_size ? config->sequence_size : 16384;
}

static bool
instantiate(CnHost* const self)
{
  self->world  = lilv_world_new();
  self->plugin = self->world ? load_plugin(self->world, self->config.bundle) : NULL;
  self->instance =
      self->plugin ? lilv_plugin_instantiate(self->plugin, self->config.rate, self->features.list) : NULL;
  // Of exactly the sizes that we tell, so that a sanitizer sees who writes beyond
  self->in  = (LV2_Atom_Sequence*)malloc(sizeof(LV2_Atom) + INPUT_SIZE);
  self->out = (LV2_Atom_Sequence*)malloc(sizeof(LV2_Atom) + self->config.sequence_size);
  return self->instance && self->in && self->out;
}

/// Make an instance ready to run
static void
start(CnHost* const self)
{
  LilvInstance* const instance = self->instance;
  self->sync                   = (const CnSync*)lilv_instance_get_extension_data(instance, CN_SYNC_URI);
  cn_host_worker_start(
      &self->worker,
      (const LV2_Worker_Interface*)lilv_instance_get_extension_data(instance, LV2_WORKER__interface),
      lilv_instance_get_handle(instance));
  connect_ports(self);
  if (self->config.state) {
    cn_host_restore(self, self->config.state);
  }
  if (self->config.store && !self->config.restores_after) {
    cn_host_restore_in(self, self->config.store);
  }
  lilv_instance_activate(instance);
  if (self->config.store && self->config.restores_after) {
    cn_host_restore_in(self, self->config.store);
  }
}

CnHost*
cn_host_new(const CnHostConfig* const config)
{
  CnHost* const self = (CnHost*)calloc(1, sizeof(CnHost));
  if (!self) {
    return NULL;
  }
  self->config = *config;
  set_defaults(&self->config);
  self->block     = self->config.block;
  self->transport = (CnHostTransport){
      .rate = self->config.rate, .bpm = 120.0, .numerator = 4, .denominator = 4, .changed = true};
  cn_host_features_init(&self->features, self->config.block, self->config.sequence_size);
  cn_host_worker_init(&self->worker, self->config.working);
  if (self->config.working != CN_HOST_WORKS_NOT) {
    cn_host_features_add(&self->features, &self->worker.feature);
  }
  if (self->config.feature) {
    cn_host_features_add(&self->features, self->config.feature);
  }
  if (!instantiate(self)) {
    cn_host_free(self);
    return NULL;
  }
  start(self);
  return self;
}

void
cn_host_free(CnHost* const self)
{
  if (!self) {
    return;
  }
  if (self->instance) {
    lilv_instance_deactivate(self->instance);
    cn_host_worker_clear(&self->worker);
    lilv_instance_free(self->instance);
  }
  lilv_world_free(self->world);
  cn_host_features_clear(&self->features);
  cn_host_messages_clear(&self->input);
  cn_host_messages_clear(&self->output);
  free(self->in);
  free(self->out);
  free(self);
}

const LilvPlugin*
cn_host_plugin(const CnHost* const self, LilvWorld** const world)
{
  *world = self->world;
  return self->plugin;
}

void
cn_host_restart(CnHost* const self)
{
  lilv_instance_deactivate(self->instance);
  lilv_instance_activate(self->instance);
}

// --- State

static CnHostState
as_state(CnHost* const self)
{
  return (CnHostState){self->world, self->plugin, self->instance, &self->features};
}

char*
cn_host_save(CnHost* const self)
{
  const CnHostState state = as_state(self);
  return cn_host_state_print(&state);
}

bool
cn_host_restore(CnHost* const self, const char* const text)
{
  const CnHostState state = as_state(self);
  return cn_host_state_scan(&state, text);
}

bool
cn_host_save_to(CnHost* const self, const char* const folder)
{
  const CnHostState state = as_state(self);
  return cn_host_state_write(&state, folder);
}

bool
cn_host_restore_from(CnHost* const self, const char* const folder)
{
  const CnHostState state = as_state(self);
  return cn_host_state_read(&state, folder);
}

bool
cn_host_save_in(CnHost* const self, CnHostStore* const store)
{
  return cn_host_store_save(store, &self->features, self->instance);
}

bool
cn_host_restore_in(CnHost* const self, CnHostStore* const store)
{
  return cn_host_store_restore(store, &self->features, self->instance);
}

/// Called for each value of a preset
static void
set_value(const char* const symbol, void* const handle, const void* const value, const uint32_t size,
          const uint32_t type)
{
  float number = 0.0F;
  (void)type;
  assert(size == sizeof(number));
  memcpy(&number, value, sizeof(number));
  cn_host_set((CnHost*)handle, symbol, number);
}

bool
cn_host_load_preset(CnHost* const self, const LilvNode* const preset)
{
  lilv_world_load_resource(self->world, preset);
  LilvState* const values = lilv_state_new_from_world(self->world, &self->features.map, preset);
  if (values) {
    lilv_state_restore(values, self->instance, set_value, self, 0, NULL);
  }
  lilv_state_free(values);
  return values;
}

// --- Parameters and the worker

void
cn_host_choose(CnHost* const self, const char* const property, const char* const path)
{
  CnHostPatch* const patch = &self->patch;
  assert(strlen(property) < sizeof(patch->property) && strlen(path) < sizeof(patch->path));
  strcpy(patch->property, property);
  strcpy(patch->path, path);
  patch->is_due = true;
}

void
cn_host_ask(CnHost* const self, const char* const property)
{
  assert(strlen(property) < sizeof(self->patch.property));
  strcpy(self->patch.property, property);
  self->patch.is_asked = true;
}

const char*
cn_host_chosen(const CnHost* const self, unsigned* const n_told)
{
  *n_told = self->patch.n_told;
  return self->patch.told;
}

void
cn_host_send_atom(CnHost* const self, const char* const type, const void* const body, const uint32_t size)
{
  assert(size <= CN_HOST_ATOM_SIZE);
  snprintf(self->atoms.sent_type, sizeof(self->atoms.sent_type), "%s", type);
  memcpy(self->atoms.sent, body, size);
  self->atoms.n_sent = size;
  self->atoms.is_due = true;
}

void
cn_host_listen(CnHost* const self, const char* const type, const CnHostListener listener, void* const handle)
{
  snprintf(self->atoms.heard_type, sizeof(self->atoms.heard_type), "%s", type);
  self->atoms.listener = listener;
  self->atoms.handle   = handle;
}

void
cn_host_refuse_work(CnHost* const self, const unsigned n_messages)
{
  self->worker.n_refusals = n_messages;
}

void
cn_host_sync_worker(CnHost* const self)
{
  cn_host_worker_sync(&self->worker);
}

// --- Controls

/// Index of a port, or the number of ports if there is no such symbol
static uint32_t
find_port(const CnHost* const self, const char* const symbol)
{
  LilvNode* const       node = lilv_new_string(self->world, symbol);
  const LilvPort* const port = lilv_plugin_get_port_by_symbol(self->plugin, node);
  lilv_node_free(node);
  return port ? lilv_port_get_index(self->plugin, port) : self->n_ports;
}

LV2_Handle
cn_host_extension(const CnHost* const self, const char* const uri, const void** const data)
{
  *data = lilv_instance_get_extension_data(self->instance, uri);
  return lilv_instance_get_handle(self->instance);
}

bool
cn_host_set(CnHost* const self, const char* const symbol, const float value)
{
  const uint32_t index = find_port(self, symbol);
  if (index == self->n_ports) {
    return false;
  }
  self->controls[index] = value;
  return true;
}

float
cn_host_get(const CnHost* const self, const char* const symbol)
{
  const uint32_t index = find_port(self, symbol);
  return index < self->n_ports ? self->controls[index] : NAN;
}

bool
cn_host_disconnect(CnHost* const self, const char* const symbol)
{
  const uint32_t index = find_port(self, symbol);
  if (index == self->n_ports) {
    return false;
  }
  lilv_instance_connect_port(self->instance, index, NULL);
  return true;
}

void
cn_host_set_block(CnHost* const self, const uint32_t block)
{
  assert(block > 0 && block <= self->config.block);
  self->block = block;
}

// --- Transport

void
cn_host_roll(CnHost* const self, const bool rolling)
{
  self->is_starting       = self->config.told_late && rolling && !self->transport.rolling;
  self->transport.rolling = rolling;
  self->transport.changed = true;
}

void
cn_host_locate(CnHost* const self, const double beat)
{
  cn_host_transport_locate(&self->transport, beat);
}

void
cn_host_set_tempo(CnHost* const self, const double bpm)
{
  cn_host_transport_set_tempo(&self->transport, bpm);
}

void
cn_host_set_metre(CnHost* const self, const unsigned numerator, const unsigned denominator)
{
  self->transport.numerator   = numerator;
  self->transport.denominator = denominator;
  self->transport.changed     = true;
}

double
cn_host_quarter(const CnHost* const self)
{
  return 60.0 * self->config.rate / self->transport.bpm;
}

uint64_t
cn_host_frame(const CnHost* const self)
{
  return self->frame;
}

// --- MIDI

void
cn_host_send(CnHost* const self, const uint64_t frame, const void* const message, const uint32_t size)
{
  CnHostEvent event = {.frame = frame, .size = size};
  assert(frame >= self->frame && size <= CN_HOST_MAX_MESSAGE);
  memcpy(event.bytes, message, size);
  cn_host_messages_add(&self->input, &event);
}

/// Keep one output event, and judge it
static void
collect(CnHost* const self, const LV2_Atom_Event* const event, const int64_t last, const uint32_t n_frames)
{
  const int64_t frame = event->time.frames;
  const bool    whole = event->body.type == cn_host_map(&self->features, LV2_MIDI__MidiEvent);
  self->faults.outside += frame < 0 || (frame >= n_frames && frame > 0);
  self->faults.backwards += frame < last;
  if (!whole || event->body.size == 0) {
    self->faults.malformed += !cn_host_atoms_read(&self->atoms, &self->features, &event->body) &&
                              !cn_host_patch_read(&self->patch, &self->features, &event->body);
    return;
  }

  CnHostEvent    kept = {.frame   = self->frame + (uint64_t)frame,
                         .song    = self->transport.frame + (self->transport.rolling ? frame : 0),
                         .rolling = self->transport.rolling,
                         .size    = event->body.size};
  const uint32_t size = kept.size < CN_HOST_MAX_MESSAGE ? kept.size : CN_HOST_MAX_MESSAGE;
  memcpy(kept.bytes, LV2_ATOM_BODY_CONST(&event->body), size);
  cn_host_messages_add(&self->output, &kept);
  cn_host_ledger_enter(&self->ledger, &kept, &self->faults);
}

static void
collect_all(CnHost* const self, const uint32_t n_frames)
{
  const LV2_Atom_Sequence* const out  = self->out;
  int64_t                        last = 0;
  if (out->atom.type != cn_host_map(&self->features, LV2_ATOM__Sequence)) {
    return; // the plugin wrote nothing, as if it were not connected
  }
  if (out->atom.size > self->config.sequence_size) {
    ++self->faults.malformed;
    return;
  }
  LV2_ATOM_SEQUENCE_FOREACH(out, event)
  {
    collect(self, event, last, n_frames);
    last = event->time.frames;
  }
}

const CnHostEvent*
cn_host_output(const CnHost* const self, size_t* const n_events)
{
  *n_events = self->output.n;
  return self->output.events;
}

void
cn_host_forget(CnHost* const self)
{
  self->output.n = 0;
  if (self->n_sent == self->input.n) {
    self->input.n = self->n_sent = 0;
  }
}

CnHostFaults
cn_host_faults(const CnHost* const self)
{
  return self->faults;
}

unsigned
cn_host_sounding(const CnHost* const self)
{
  return cn_host_ledger_count(&self->ledger);
}

const char*
cn_host_log(const CnHost* const self)
{
  return self->features.log_text;
}

unsigned
cn_host_complaints(const CnHost* const self)
{
  return self->features.n_complaints;
}

// --- Running

static void
write_message(CnHost* const self, LV2_Atom_Forge* const forge, const CnHostEvent* const event,
              const int64_t frame)
{
  lv2_atom_forge_frame_time(forge, frame);
  lv2_atom_forge_atom(forge, event->size, cn_host_map(&self->features, LV2_MIDI__MidiEvent));
  const LV2_Atom_Forge_Ref written = lv2_atom_forge_write(forge, event->bytes, event->size);
  assert(written);
  (void)written;
}

/// Write the messages of this block, in order or, as no host should, backwards and half a block late
static void
write_messages(CnHost* const self, LV2_Atom_Forge* const forge, const uint32_t n_frames)
{
  const size_t first = self->n_sent;
  while (self->n_sent < self->input.n && self->input.events[self->n_sent].frame < self->frame + n_frames) {
    ++self->n_sent;
  }
  for (size_t i = first; i < self->n_sent; ++i) {
    const bool               careless = self->config.careless;
    const CnHostEvent* const event    = &self->input.events[careless ? first + self->n_sent - 1 - i : i];
    write_message(self, forge, event, (int64_t)(event->frame - self->frame) + (careless ? n_frames / 2 : 0));
  }
}

/// Whether the host has a new position to tell
static bool
is_due(CnHost* const self)
{
  const double beat   = floor(cn_host_transport_beat(&self->transport) * self->transport.denominator / 4.0);
  const bool   is_new = self->transport.changed || (self->transport.rolling && beat != self->told_beat);
  self->told_beat     = beat;
  switch (self->config.telling) {
  case CN_HOST_TELLS_EACH_CYCLE:
    return true;
  case CN_HOST_TELLS_CHANGES:
    return self->transport.changed;
  case CN_HOST_TELLS_BEATS:
    return is_new;
  case CN_HOST_TELLS_NOTHING:
    break;
  }
  return false;
}

static void
tell_position(CnHost* const self, LV2_Atom_Forge* const forge)
{
  if (!is_due(self)) {
    return;
  }
  CnHostTransport told = self->transport;
  told.rolling         = told.rolling && !self->is_starting;
  cn_host_transport_write(&told, &self->features, forge, self->config.blank, self->config.beat_grid);
  self->transport.changed = self->is_starting; // the roll itself is still to be told
  self->is_starting       = false;
}

static void
write_input(CnHost* const self, const uint32_t n_frames)
{
  LV2_Atom_Forge       forge;
  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_init(&forge, &self->features.map);
  lv2_atom_forge_set_buffer(&forge, (uint8_t*)self->in, sizeof(LV2_Atom) + INPUT_SIZE);
  lv2_atom_forge_sequence_head(&forge, &frame, 0);
  if (!self->config.told_last) {
    tell_position(self, &forge);
  }
  cn_host_patch_write(&self->patch, &self->features, &forge);
  cn_host_atoms_write(&self->atoms, &self->features, &forge);
  write_messages(self, &forge, n_frames);
  if (self->config.told_last) {
    tell_position(self, &forge);
  }
  lv2_atom_forge_pop(&forge, &frame);
}

static void
run_block(CnHost* const self, const uint32_t n_frames)
{
  write_input(self, n_frames);
  self->out->atom.size = self->config.sequence_size;
  self->out->atom.type = cn_host_map(&self->features, LV2_ATOM__Chunk);
  if (self->config.watch) {
    self->config.watch(true);
  }
  lilv_instance_run(self->instance, n_frames);
  if (self->config.watch) {
    self->config.watch(false);
  }
  if (self->sync && !self->config.live) {
    self->sync->sync(lilv_instance_get_handle(self->instance));
  }
  collect_all(self, n_frames);
  cn_host_transport_advance(&self->transport, n_frames);
  self->frame += n_frames;
}

void
cn_host_run(CnHost* const self, const uint64_t n_frames)
{
  const uint64_t end = self->frame + n_frames;
  while (self->frame < end) {
    const uint64_t left = end - self->frame;
    run_block(self, left < self->block ? (uint32_t)left : self->block);
  }
}

void
cn_host_run_empty(CnHost* const self)
{
  run_block(self, 0);
}
