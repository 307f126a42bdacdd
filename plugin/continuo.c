// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file continuo.c
   The plugin's descriptor: what the host calls, in named steps.
*/

#include "plugin/controls.h"
#include "plugin/file/path_parameter.h"
#include "plugin/inline/strip.h"
#include "plugin/lv2/announcer.h"
#include "plugin/lv2/events.h"
#include "plugin/lv2/ports.h"
#include "plugin/lv2/sync.h"
#include "plugin/lv2/transport.h"
#include "plugin/lv2/uris.h"
#include "plugin/lv2/worker.h"
#include "plugin/model/model_slot.h"
#include "plugin/patch_sheet.h"
#include "plugin/phrase/phrase_slot.h"
#include "plugin/state.h"
#include "plugin/wire/reporter.h"
#include "plugin/wire/saver.h"

#include "dsp/base/attributes.h"
#include "dsp/play/performer.h"
#include "dsp/play/view.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/core/lv2_util.h>
#include <lv2/log/logger.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Buffers of the host's, any of which may be null
typedef struct {
  const LV2_Atom_Sequence* in;
  LV2_Atom_Sequence*       out;
  CnControlPorts           controls;
} Ports;

typedef struct {
  // Written before the audio starts, read by any thread
  CnUris         uris;
  LV2_Log_Logger logger;
  CnWorker*      worker;

  // Shared with the worker, and with save() and restore()
  CnModelSlot  slot;
  CnPhraseSlot phrase;
  CnSaver      saver;
  CnAnnouncer  announcer;

  // The audio thread's
  Ports           ports;
  CnPerformer*    performer;
  CnPathParameter model_choice;
  CnPathParameter phrase_choice;
  CnPatchSheet    sheet;
  CnEventWriter   writer;
  CnReporter      reporter;
  CnStrip         strip;       ///< Its picture is drawn by the host's thread
  int             network;     ///< Of the bundle, as its control was in the last block
  bool            is_choosing; ///< The worker must be told of it
} CnPlugin;

static void
cleanup(const LV2_Handle instance)
{
  CnPlugin* const self = instance;
  cn_worker_free(self->worker);
  cn_performer_free(self->performer); // joins the engine's thread, so that the weights are not in use
  cn_model_slot_clear(&self->slot);
  cn_phrase_slot_clear(&self->phrase);
  cn_strip_clear(&self->strip);
  free(self);
}

/// Do all that run() left to a thread that may take its time
static void
work_off(void* const handle)
{
  CnPlugin* const self = (CnPlugin*)handle;
  cn_model_slot_work(&self->slot);
  cn_phrase_slot_work(&self->phrase);
  cn_saver_work(&self->saver);
  cn_announcer_work(&self->announcer);
}

/// Make all that needs memory or a thread; false if it could not be had
static bool
set_up(CnPlugin* const self, const double rate, const char* const bundle, const LV2_URID_Map* const map,
       const LV2_Worker_Schedule* const schedule)
{
  self->performer = cn_performer_new(rate, true);
  if (!self->performer) {
    return false;
  }
  cn_model_slot_init(&self->slot, cn_performer_engine(self->performer), &self->logger, bundle);
  cn_phrase_slot_init(&self->phrase, cn_performer_engine(self->performer), &self->logger);
  cn_announcer_init(&self->announcer, &self->logger);
  self->worker = cn_worker_new(schedule, work_off, self);
  if (!self->worker) {
    cn_performer_free(self->performer);
    cn_model_slot_clear(&self->slot);
    cn_phrase_slot_clear(&self->phrase);
    return false;
  }
  cn_path_parameter_init(&self->model_choice, &self->uris, map, self->uris.continuo_model, &self->slot.letter,
                         self->worker, cn_model_slot_path(&self->slot));
  cn_path_parameter_init(&self->phrase_choice, &self->uris, map, self->uris.continuo_phrase,
                         &self->phrase.letter, self->worker, cn_phrase_slot_path(&self->phrase));
  cn_saver_init(&self->saver, &self->uris, cn_performer_engine(self->performer), self->worker, &self->logger);
  cn_reporter_init(&self->reporter, &self->uris, self->performer, &self->slot, &self->saver, rate);
  cn_patch_sheet_init(&self->sheet, &self->uris, map, self->performer);
  return true;
}

static LV2_Handle
instantiate(const LV2_Descriptor* const descriptor, const double rate, const char* const bundle,
            const LV2_Feature* const* const features)
{
  (void)descriptor;
  LV2_URID_Map*        map      = NULL;
  LV2_Log_Log*         log      = NULL;
  LV2_Worker_Schedule* schedule = NULL;
  LV2_Inline_Display*  display  = NULL;

  const char* const missing =
      lv2_features_query(features, LV2_LOG__log, &log, false, LV2_WORKER__schedule, &schedule, false,
                         LV2_INLINEDISPLAY__queue_draw, &display, false, LV2_URID__map, &map, true, NULL);
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
  if (!set_up(self, rate, bundle, map, schedule)) {
    lv2_log_error(&self->logger, "continuo: %s\n", cn_strerror(CN_STATUS_NO_MEMORY));
    free(self);
    return NULL;
  }
  cn_strip_init(&self->strip, display, self->performer, rate);
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
    ports->controls.places[index] = (float*)buffer;
  }
}

static void
activate(const LV2_Handle instance)
{
  cn_performer_reset(((CnPlugin*)instance)->performer);
}

/**
   Ask for another network of the bundle when its control is turned.

   Only then: until a host has set the controls of a session, they must not undo what the session's state
   has loaded.
*/
static CN_AUDIO void
choose_network(CnPlugin* const self)
{
  const int network =
      cn_control_ports_integer(&self->ports.controls, CN_PORT_NETWORK, 0.0F, CN_N_NETWORKS - 1);
  if (network != self->network) {
    self->network     = network;
    self->is_choosing = true;
    cn_model_slot_choose(&self->slot, network);
  }
  if (self->is_choosing && cn_worker_schedule(self->worker)) {
    self->is_choosing = false;
  }
}

/// Frame of an event as a place in the block; the performer sees to their order
static CN_AUDIO uint32_t
clamp_frame(const int64_t frame, const uint32_t n_frames)
{
  return frame < 0 ? 0 : frame < (int64_t)n_frames ? (uint32_t)frame : n_frames;
}

/// Tell the positions from `event` on that hold at `frame` or before; returns the first that does not
static CN_AUDIO const LV2_Atom_Event*
hear_positions(CnPlugin* const self, const LV2_Atom_Event* event, const uint32_t n_frames,
               const uint32_t frame)
{
  CnPosition position;
  while (event && clamp_frame(event->time.frames, n_frames) <= frame) {
    if (cn_transport_read(&self->uris, &event->body, &position)) {
      cn_performer_position(self->performer, clamp_frame(event->time.frames, n_frames), &position);
    }
    event = cn_transport_next(&self->uris, self->ports.in, event);
  }
  return event;
}

/// Tell the performer all that comes in: positions before what they hold for, else in the buffer's order
static CN_AUDIO void
hear(CnPlugin* const self, const uint32_t n_frames)
{
  const LV2_Atom_Sequence* const in       = self->ports.in;
  const LV2_Atom_Event*          position = cn_transport_next(&self->uris, in, NULL);
  const LV2_Atom_Event*          event    = NULL;
  while ((event = cn_events_next(&self->uris, in, event))) {
    const uint32_t frame = clamp_frame(event->time.frames, n_frames);
    if (event->body.type == self->uris.midi_MidiEvent) {
      position = hear_positions(self, position, n_frames, frame);
      cn_performer_midi(self->performer, frame, LV2_ATOM_BODY_CONST(&event->body), event->body.size);
    } else {
      cn_path_parameter_hear(&self->model_choice, &event->body);
      cn_path_parameter_hear(&self->phrase_choice, &event->body);
      cn_reporter_hear(&self->reporter, &event->body);
      cn_saver_hear(&self->saver, &event->body);
      cn_patch_sheet_hear(&self->sheet, &event->body);
    }
  }
  hear_positions(self, position, n_frames, UINT32_MAX);
}

/// Show the block to whoever looks: a window, or the host's mixer
static CN_AUDIO void
show(CnPlugin* const self, const uint32_t n_frames)
{
  cn_reporter_end(&self->reporter, &self->writer, n_frames);
  const int32_t n_segments =
      cn_strip_end(&self->strip, &self->ports.controls.asked, cn_model_slot_status(&self->slot), n_frames);
  if (self->strip.host && !cn_reporter_is_asked(&self->reporter)) {
    cn_performer_watch(self->performer, n_segments);
  }
}

static CN_AUDIO void
report(CnPlugin* const self)
{
  const CnControlPorts* const ports   = &self->ports.controls;
  const unsigned              notices = cn_performer_notices(self->performer);
  cn_control_ports_write(ports, CN_PORT_PLAYING, cn_performer_playing(self->performer) ? 1.0F : 0.0F);
  cn_control_ports_write(ports, CN_PORT_LATE_NOTES, (float)cn_performer_late_notes(self->performer));
  cn_control_ports_write(ports, CN_PORT_KEY, (float)(1 + cn_performer_key(self->performer)));
  cn_control_ports_write(ports, CN_PORT_MODEL_STATUS, (float)cn_model_slot_status(&self->slot));
  cn_control_ports_write(ports, CN_PORT_NOTICE, (float)cn_notices_first(notices));
  cn_announcer_hear(&self->announcer, notices, self->worker);
}

static CN_AUDIO void
run(const LV2_Handle instance, const uint32_t n_frames)
{
  CnPlugin* const         self   = instance;
  const CnControls* const asked  = &self->ports.controls.asked;
  const bool              is_new = cn_control_ports_read(&self->ports.controls);

  cn_reporter_begin(&self->reporter);
  cn_events_begin(&self->writer, &self->uris, self->ports.out);
  const CnMidiSink sink = cn_events_sink(&self->writer);
  cn_performer_begin(self->performer, is_new ? asked : NULL, &sink, n_frames);
  hear(self, n_frames);
  cn_performer_end(self->performer);
  choose_network(self);
  cn_path_parameter_end(&self->model_choice, cn_model_slot_path(&self->slot), &self->writer, n_frames);
  cn_path_parameter_end(&self->phrase_choice, cn_phrase_slot_path(&self->phrase), &self->writer, n_frames);
  cn_patch_sheet_end(&self->sheet, &self->writer, n_frames);
  cn_saver_end(&self->saver);
  report(self);
  show(self, n_frames);
  cn_performer_wake(self->performer);
}

/// What sounds ends as the next block begins, if there is one; there are hosts that expect the function
static void
deactivate(const LV2_Handle instance)
{
  (void)instance;
}

static CnSession
as_session(CnPlugin* const self)
{
  return (CnSession){&self->uris, &self->logger, &self->slot, &self->phrase,
                     cn_performer_engine(self->performer)};
}

static LV2_State_Status
save(const LV2_Handle instance, const LV2_State_Store_Function store, const LV2_State_Handle handle,
     const uint32_t flags, const LV2_Feature* const* const features)
{
  (void)flags;
  const CnSession session = as_session(instance);
  return cn_state_save(&session, store, handle, features);
}

static LV2_State_Status
restore(const LV2_Handle instance, const LV2_State_Retrieve_Function retrieve, const LV2_State_Handle handle,
        const uint32_t flags, const LV2_Feature* const* const features)
{
  (void)flags;
  const CnSession session = as_session(instance);
  return cn_state_restore(&session, retrieve, handle, features);
}

static LV2_Worker_Status
work(const LV2_Handle instance, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const message)
{
  (void)respond; // what comes of it is read from the slot
  (void)handle;
  (void)size;
  (void)message;
  work_off(instance);
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
hear_response(const LV2_Handle instance, const uint32_t size, const void* const body)
{
  (void)instance;
  (void)size;
  (void)body;
  return LV2_WORKER_SUCCESS;
}

static void
sync_engine(const LV2_Handle instance)
{
  cn_performer_sync(((CnPlugin*)instance)->performer);
}

static LV2_Inline_Display_Image_Surface*
render(const LV2_Handle instance, const uint32_t width, const uint32_t max_height)
{
  return cn_strip_render(&((CnPlugin*)instance)->strip, width, max_height);
}

static const void*
extension_data(const char* const uri)
{
  static const LV2_State_Interface  state  = {save, restore};
  static const LV2_Worker_Interface worker = {work, hear_response, NULL};
  static const CnSync               sync   = {sync_engine};

  static const LV2_Inline_Display_Interface display = {render};
  if (!strcmp(uri, LV2_STATE__interface)) {
    return &state;
  }
  if (!strcmp(uri, LV2_WORKER__interface)) {
    return &worker;
  }
  if (!strcmp(uri, LV2_INLINEDISPLAY__interface)) {
    return &display;
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
