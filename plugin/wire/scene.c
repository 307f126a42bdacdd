// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/wire/scene.h"

#include "dsp/play/notices.h"

#include <math.h>
#include <string.h>

static size_t
slot_of(const int32_t segment)
{
  return (uint32_t)segment % CN_SCENE_SEGMENTS;
}

static bool
is_note(const CnTimedNote* const note)
{
  return note->duration >= 1 && note->offset < CN_SEGMENT_TICKS && note->pitch < 128 && note->velocity >= 1 &&
         note->velocity < 128;
}

void
cn_scene_put(CnScene* const scene, const CnLayer layer, const int32_t segment, const CnTimedNote* const notes,
             const uint32_t n_notes)
{
  CnSceneSegment* const place = &scene->layers[layer][slot_of(segment)];
  place->segment              = segment;
  place->n_notes              = 0;
  for (uint32_t i = 0; i < n_notes && i < CN_SEGMENT_NOTES; ++i) {
    if (is_note(&notes[i])) {
      place->notes[place->n_notes++] = notes[i];
    }
  }
}

const CnSceneSegment*
cn_scene_find(const CnScene* const scene, const CnLayer layer, const int32_t segment)
{
  const CnSceneSegment* const place = &scene->layers[layer][slot_of(segment)];
  return place->segment == segment && place->n_notes > 0 ? place : NULL;
}

static bool
is_sane(const CnWireState* const state)
{
  return isfinite(state->tick) && fabs(state->tick) < CN_TICK_LIMIT && state->bar.length > 0 &&
         state->beat >= 1.0F && state->beat <= (float)UINT16_MAX && isfinite(state->tempo) &&
         isfinite(state->audio_load) && isfinite(state->engine_load) && state->bar.start > -CN_TICK_LIMIT &&
         state->bar.start < CN_TICK_LIMIT && state->notice < CN_N_NOTICES;
}

static void
read_state(CnScene* const scene, const uint8_t* const body, const size_t size)
{
  CnWireState state;
  if (size != sizeof(state)) {
    return;
  }
  memcpy(&state, body, sizeof(state));
  if (is_sane(&state)) {
    scene->state     = state;
    scene->has_state = true;
  }
}

static void
read_notes(CnScene* const scene, const uint8_t* const body, const size_t size)
{
  CnWireSegment record;
  CnTimedNote   notes[CN_SEGMENT_NOTES];
  size_t        at = sizeof(CnWireHead);
  while (size - at >= sizeof(record)) {
    memcpy(&record, body + at, sizeof(record));
    at += sizeof(record);
    const size_t n_bytes = record.n_notes * sizeof(CnTimedNote);
    if (record.n_notes > CN_SEGMENT_NOTES || record.layer >= CN_N_LAYERS || n_bytes > size - at) {
      return;
    }
    memcpy(notes, body + at, n_bytes);
    at += n_bytes;
    cn_scene_put(scene, (CnLayer)record.layer, record.segment, notes, record.n_notes);
  }
}

/// Copy a text of `size` bytes, or as much of its end as there is room for
static void
keep_end(char* const text, const uint8_t* const bytes, const size_t size)
{
  const size_t room = CN_SCENE_TEXT - 1U;
  const size_t n    = size < room ? size : room;
  memcpy(text, bytes + size - n, n);
  text[n] = '\0';
}

static void
read_model(CnScene* const scene, const uint8_t* const body, const size_t size)
{
  CnWireModel model;
  if (size < sizeof(model)) {
    return;
  }
  memcpy(&model, body, sizeof(model));
  if (size - sizeof(model) != (size_t)model.path + model.kind) {
    return;
  }
  keep_end(scene->path, body + sizeof(model), model.path);
  keep_end(scene->kind, body + sizeof(model) + model.path, model.kind);
}

static void
read_saved(CnScene* const scene, const uint8_t* const body, const size_t size)
{
  CnWireSaved saved;
  if (size < sizeof(saved)) {
    return;
  }
  memcpy(&saved, body, sizeof(saved));
  if (size - sizeof(saved) != saved.why) {
    return;
  }
  scene->saved.is_new     = true;
  scene->saved.id         = saved.id;
  scene->saved.is_written = saved.is_written;
  keep_end(scene->saved.why, body + sizeof(saved), saved.why);
}

void
cn_scene_forget(CnScene* const scene)
{
  memset(scene->layers, 0, sizeof(scene->layers));
  scene->missed     = false;
  scene->has_number = false;
}

bool
cn_scene_read(CnScene* const scene, const void* const body, const size_t size)
{
  CnWireHead head;
  if (size < sizeof(head)) {
    return false;
  }
  memcpy(&head, body, sizeof(head));
  if (head.version != CN_WIRE_VERSION || head.kind > CN_WIRE_SAVED) {
    return false;
  }
  scene->missed |= scene->has_number && head.number != scene->number + 1U;
  scene->number     = head.number;
  scene->has_number = true;
  if (head.kind == CN_WIRE_STATE) {
    read_state(scene, body, size);
  } else if (head.kind == CN_WIRE_NOTES) {
    read_notes(scene, body, size);
  } else if (head.kind == CN_WIRE_MODEL) {
    read_model(scene, body, size);
  } else {
    read_saved(scene, body, size);
  }
  return true;
}

bool
cn_scene_read_sheet(CnScene* const scene, const char* const text)
{
  CnSheet    sheet;
  const bool is_read = !cn_sheet_parse(text, &sheet);
  if (is_read) {
    scene->sheet = sheet;
  }
  return is_read;
}

/// First onset of a layer's segment at or after `tick`; INT32_MAX: there is none
static int32_t
first_onset(const CnScene* const scene, const CnLayer layer, const int32_t segment, const double tick)
{
  const CnSceneSegment* const place = cn_scene_find(scene, layer, segment);
  for (uint32_t i = 0; place && i < place->n_notes; ++i) {
    const int32_t onset = segment * CN_SEGMENT_TICKS + place->notes[i].offset;
    if (onset >= tick) {
      return onset;
    }
  }
  return INT32_MAX;
}

int32_t
cn_scene_last_onset(const CnScene* const scene, const CnLayer layer, const double tick, const double most)
{
  const int32_t first = cn_segment_at((int32_t)floor(tick - most));
  int32_t       last  = INT32_MIN;
  for (int32_t k = cn_segment_at((int32_t)floor(tick)); k >= first && last == INT32_MIN; --k) {
    const CnSceneSegment* const place = cn_scene_find(scene, layer, k);
    for (uint32_t i = 0; place && i < place->n_notes; ++i) {
      const int32_t onset = k * CN_SEGMENT_TICKS + place->notes[i].offset;
      last                = onset < tick && onset >= tick - most && onset > last ? onset : last;
    }
  }
  return last;
}

int32_t
cn_scene_next_entry(const CnScene* const scene, const double tick)
{
  const int32_t first = cn_segment_at((int32_t)floor(tick));
  for (int32_t k = first; k < first + CN_WIRE_LONGEST; ++k) {
    const CnLayer layer = k <= scene->state.due ? CN_LAYER_OWN : CN_LAYER_PLANNED;
    const int32_t onset = first_onset(scene, layer, k, tick);
    if (onset != INT32_MAX) {
      return onset;
    }
  }
  return INT32_MAX;
}
