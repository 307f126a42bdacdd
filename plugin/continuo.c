// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file continuo.c
   The plugin's descriptor: what the host calls, in named steps.
*/

#include "events.h"
#include "model_file.h"
#include "ports.h"
#include "state.h"
#include "sync.h"
#include "transport.h"
#include "uris.h"

#include "dsp/attributes.h"
#include "dsp/engine.h"
#include "dsp/performer.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/core/lv2_util.h>
#include <lv2/log/logger.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Buffers of the host's, any of which may be null
typedef struct {
  const LV2_Atom_Sequence* in;
  LV2_Atom_Sequence*       out;
  float*                   controls[CN_N_PORTS]; ///< By CnPort; the sequences' places stay null
} Ports;

typedef struct {
  // Written before the audio starts, read by any thread
  CnUris         uris;
  LV2_Log_Logger logger;
  CnModelFile    file;

  // The audio thread's
  Ports         ports;
  CnPerformer*  performer;
  CnEventWriter writer;
  bool          has_run;
  bool          has_position; ///< The host has told its transport since activation
} CnPlugin;

/// Values of controls that are not connected; the defaults of ttl/continuo.ttl
static const float defaults[CN_N_PORTS] = {
    [CN_PORT_ENABLED] = 1.0F, [CN_PORT_PLAY] = 1.0F, [CN_PORT_TEMPERATURE] = 0.95F, [CN_PORT_FOCUS] = 95.0F,
    [CN_PORT_MOTIF] = 50.0F,  [CN_PORT_TAKE] = 1.0F, [CN_PORT_THRU] = 1.0F,
};

/// Load the bundle's weights; without them the plugin passes the player's notes, and the log says why
static void
load_weights(CnPlugin* const self, const char* const bundle)
{
  char         path[4096];
  char         fault[256] = "";
  const size_t length     = strlen(bundle);
  const char*  slash      = length > 0 && bundle[length - 1] == '/' ? "" : "/";
  const int    needed     = snprintf(path, sizeof(path), "%s%s%s", bundle, slash, CN_MODEL_FILE_DEFAULT);
  if (needed < 0 || (size_t)needed >= sizeof(path)) {
    lv2_log_error(&self->logger, "continuo: the bundle's path is too long\n");
    return;
  }

  if (cn_model_file_load(path, &self->file, fault, sizeof(fault))) {
    lv2_log_error(&self->logger, "continuo: %s: %s\n", path, fault);
    lv2_log_error(&self->logger, "continuo: no weights, so the player's notes only pass through\n");
    return;
  }
  const CnShape* const shape = &cn_model_layout(self->file.model)->shape;
  lv2_log_note(&self->logger, "continuo: plays with %s (%s of %u)\n", path, cn_cell_name(shape->cell),
               (unsigned)shape->hidden);
  cn_engine_set_planner(cn_performer_engine(self->performer), &self->file.planner);
}

static void
cleanup(const LV2_Handle instance)
{
  CnPlugin* const self = instance;
  cn_performer_free(self->performer); // joins the engine's thread, so that the weights are not in use
  cn_model_file_clear(&self->file);
  free(self);
}

static LV2_Handle
instantiate(const LV2_Descriptor* const descriptor, const double rate, const char* const bundle,
            const LV2_Feature* const* const features)
{
  (void)descriptor;
  LV2_URID_Map* map = NULL;
  LV2_Log_Log*  log = NULL;

  const char* const missing =
      lv2_features_query(features, LV2_LOG__log, &log, false, LV2_URID__map, &map, true, NULL);
  CnPlugin* const self = (CnPlugin*)calloc(1, sizeof(CnPlugin));
  if (!self) {
    return NULL;
  }
  lv2_log_logger_init(&self->logger, map, log);
  if (missing) {
    lv2_log_error(&self->logger, "continuo: the host lacks <%s>\n", missing);
    free(self);
    return NULL;
  }

  cn_uris_map(&self->uris, map);
  self->performer = cn_performer_new(rate, true);
  if (!self->performer) {
    lv2_log_error(&self->logger, "continuo: %s\n", cn_strerror(CN_STATUS_NO_MEMORY));
    free(self);
    return NULL;
  }
  load_weights(self, bundle);
  return self;
}

static void
connect_port(const LV2_Handle instance, const uint32_t index, void* const buffer)
{
  Ports* const ports = &((CnPlugin*)instance)->ports;
  if (index == CN_PORT_IN) {
    ports->in = (const LV2_Atom_Sequence*)buffer;
  } else if (index == CN_PORT_OUT) {
    ports->out = (LV2_Atom_Sequence*)buffer;
  } else if (index < CN_N_PORTS) {
    ports->controls[index] = (float*)buffer;
  }
}

static void
activate(const LV2_Handle instance)
{
  CnPlugin* const self = instance;
  self->has_run        = false;
  self->has_position   = false;
  cn_performer_reset(self->performer);
}

static CN_AUDIO float
read_control(const CnPlugin* const self, const CnPort port)
{
  const float* const value = self->ports.controls[port];
  return value ? *value : defaults[port];
}

static CN_AUDIO void
write_control(const CnPlugin* const self, const CnPort port, const float value)
{
  float* const place = self->ports.controls[port];
  if (place) {
    *place = value;
  }
}

static CN_AUDIO CnControls
read_controls(const CnPlugin* const self)
{
  const float take = fminf(fmaxf(read_control(self, CN_PORT_TAKE), 1.0F), 999.0F); // a NaN becomes 1
  return (CnControls){
      .enabled      = read_control(self, CN_PORT_ENABLED) > 0.0F,
      .freewheeling = read_control(self, CN_PORT_FREEWHEELING) > 0.0F,
      .play         = read_control(self, CN_PORT_PLAY) > 0.0F,
      .thru         = read_control(self, CN_PORT_THRU) > 0.0F,
      .temperature  = read_control(self, CN_PORT_TEMPERATURE),
      .top_p        = read_control(self, CN_PORT_FOCUS) / 100.0F,
      .motif        = read_control(self, CN_PORT_MOTIF) / 100.0F,
      .take         = (int)lrintf(take),
  };
}

/// Frame of an event as a place in the block; the performer sees to their order
static CN_AUDIO uint32_t
clamp_frame(const int64_t frame, const uint32_t n_frames)
{
  return frame < 0 ? 0 : frame < (int64_t)n_frames ? (uint32_t)frame : n_frames;
}

/// Tell the performer all that comes in, in the order of the buffer
static CN_AUDIO void
hear(CnPlugin* const self, const uint32_t n_frames)
{
  const LV2_Atom_Sequence* const in    = self->ports.in;
  const LV2_Atom_Event*          event = NULL;
  while ((event = cn_events_next(&self->uris, in, event))) {
    const uint32_t frame = clamp_frame(event->time.frames, n_frames);
    CnPosition     position;
    if (event->body.type == self->uris.midi_MidiEvent) {
      cn_performer_midi(self->performer, frame, LV2_ATOM_BODY_CONST(&event->body), event->body.size);
    } else if (cn_transport_read(&self->uris, &event->body, &position)) {
      self->has_position = true;
      cn_performer_position(self->performer, frame, &position);
    }
  }
}

static CN_AUDIO void
report(const CnPlugin* const self)
{
  write_control(self, CN_PORT_PLAYING, cn_performer_playing(self->performer) ? 1.0F : 0.0F);
  write_control(self, CN_PORT_LATE_NOTES, (float)cn_performer_late_notes(self->performer));
}

static CN_AUDIO void
run(const LV2_Handle instance, const uint32_t n_frames)
{
  CnPlugin* const  self     = instance;
  const CnControls controls = read_controls(self);

  self->has_run = true;
  cn_events_begin(&self->writer, &self->uris, self->ports.out);
  const CnMidiSink sink = cn_events_sink(&self->writer);
  cn_performer_begin(self->performer, &controls, &sink, n_frames);
  hear(self, n_frames);
  cn_performer_end(self->performer);
  report(self);
}

static void
deactivate(const LV2_Handle instance)
{
  CnPlugin* const self = instance;
  if (self->has_run && !self->has_position) {
    lv2_log_warning(&self->logger,
                    "continuo: the host told no transport; Continuo wants to sit on a MIDI track or bus\n");
  }
}

static LV2_State_Status
save(const LV2_Handle instance, const LV2_State_Store_Function store, const LV2_State_Handle handle,
     const uint32_t flags, const LV2_Feature* const* const features)
{
  (void)flags;
  (void)features;
  const CnPlugin* const self = instance;
  return cn_state_save(&self->uris, self->file.planner.id, store, handle);
}

static LV2_State_Status
restore(const LV2_Handle instance, const LV2_State_Retrieve_Function retrieve, const LV2_State_Handle handle,
        const uint32_t flags, const LV2_Feature* const* const features)
{
  (void)flags;
  (void)features;
  CnPlugin* const self = instance;
  return cn_state_restore(&self->uris, self->file.planner.id, &self->logger, retrieve, handle);
}

static void
sync_engine(const LV2_Handle instance)
{
  cn_performer_sync(((CnPlugin*)instance)->performer);
}

static const void*
extension_data(const char* const uri)
{
  static const LV2_State_Interface state = {save, restore};
  static const CnSync              sync  = {sync_engine};
  if (!strcmp(uri, LV2_STATE__interface)) {
    return &state;
  }
  return strcmp(uri, CN_SYNC_URI) ? NULL : &sync;
}

static const LV2_Descriptor descriptor = {
    CN_PLUGIN_URI, instantiate, connect_port, activate, run, deactivate, cleanup, extension_data,
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  return index == 0 ? &descriptor : NULL;
}
