// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/transport.h"

#include "plugin/lv2/events.h"
#include "plugin/lv2/object.h"

#include <lv2/atom/atom.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Beyond this a double does not hold every frame
static const double max_integer = 9007199254740992.0; // 2^53

static CN_AUDIO bool
read_body(void* const value, const size_t size, const LV2_Atom* const atom)
{
  if (atom->size < size) {
    return false;
  }
  memcpy(value, LV2_ATOM_BODY_CONST(atom), size);
  return true;
}

/// Read a number of any type, as hosts differ; false if it is none, or not finite
static CN_AUDIO bool
read_number(const CnUris* const uris, const LV2_Atom* const atom, double* const number)
{
  int32_t i = 0;
  int64_t l = 0;
  float   f = 0.0F;
  if (atom->type == uris->atom_Double) {
    return read_body(number, sizeof(*number), atom) && isfinite(*number);
  }
  if (atom->type == uris->atom_Float && read_body(&f, sizeof(f), atom)) {
    *number = (double)f;
    return isfinite(f);
  }
  if (atom->type == uris->atom_Long && read_body(&l, sizeof(l), atom)) {
    *number = (double)l;
    return true;
  }
  if ((atom->type == uris->atom_Int || atom->type == uris->atom_Bool) && read_body(&i, sizeof(i), atom)) {
    *number = (double)i;
    return true;
  }
  return false;
}

static CN_AUDIO bool
is_integer(const double number)
{
  return fabs(number) <= max_integer;
}

/// Store one property in its place, if it is a part of a position and possible
static CN_AUDIO void
tell(const CnUris* const uris, const LV2_URID key, const double number, CnPosition* const position)
{
  if (key == uris->time_frame && is_integer(number)) {
    position->frame = (int64_t)number;
    position->parts |= CN_POSITION_FRAME;
  } else if (key == uris->time_speed) {
    position->speed = number;
    position->parts |= CN_POSITION_SPEED;
  } else if (key == uris->time_bar && is_integer(number)) {
    position->bar = (int64_t)number;
    position->parts |= CN_POSITION_BAR;
  } else if (key == uris->time_barBeat) {
    position->bar_beat = number;
    position->parts |= CN_POSITION_BAR_BEAT;
  } else if (key == uris->time_beat) {
    position->beat = number;
    position->parts |= CN_POSITION_BEAT;
  } else if (key == uris->time_beatUnit && number > 0.0) {
    position->beat_unit = number;
    position->parts |= CN_POSITION_BEAT_UNIT;
  } else if (key == uris->time_beatsPerBar && number > 0.0) {
    position->beats_per_bar = number;
    position->parts |= CN_POSITION_BEATS_PER_BAR;
  } else if (key == uris->time_beatsPerMinute && number > 0.0) {
    position->bpm = number;
    position->parts |= CN_POSITION_BPM;
  }
}

CN_AUDIO bool
cn_transport_read(const CnUris* const uris, const LV2_Atom* const atom, CnPosition* const position)
{
  if (!cn_object_is(uris, atom, uris->time_Position)) {
    return false;
  }
  *position                              = (CnPosition){0};
  const LV2_Atom_Property_Body* property = NULL;
  while ((property = cn_object_next(atom, property))) {
    double number = 0.0;
    if (read_number(uris, &property->value, &number)) {
      tell(uris, property->key, number, position);
    }
  }
  return true;
}

/// The next position of a sequence in its own order
static CN_AUDIO const LV2_Atom_Event*
find_next(const CnUris* const uris, const LV2_Atom_Sequence* const sequence, const LV2_Atom_Event* event)
{
  do {
    event = cn_events_next(uris, sequence, event);
  } while (event && !cn_object_is(uris, &event->body, uris->time_Position));
  return event;
}

CN_AUDIO const LV2_Atom_Event*
cn_transport_next(const CnUris* const uris, const LV2_Atom_Sequence* const sequence,
                  const LV2_Atom_Event* const previous)
{
  const LV2_Atom_Event* next     = NULL;
  const LV2_Atom_Event* event    = NULL;
  bool                  is_after = !previous; // `event` stands behind it
  while ((event = find_next(uris, sequence, event))) {
    const bool is_due = !previous || event->time.frames > previous->time.frames ||
                        (is_after && event->time.frames == previous->time.frames);
    if (is_due && (!next || event->time.frames < next->time.frames)) {
      next = event;
    }
    is_after |= event == previous;
  }
  return next;
}
