// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/wire/reporter.h"

#include "plugin/wire/sources.h"

#include "dsp/base/hash.h"
#include "dsp/part/timeline.h"
#include "dsp/play/view.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define STATE_TURN 2 ///< Each second of the news is a state at least

/// One of the news as it is written
typedef struct {
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_WIRE_SIZE];
  } place;
  uint32_t size; ///< [bytes] of it, with its atom
} News;

static CN_AUDIO double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static CN_AUDIO void
forget(CnReporter* const self)
{
  for (uint32_t layer = 0; layer < CN_N_LAYERS; ++layer) {
    for (uint32_t i = 0; i < CN_REPORTER_SLOTS; ++i) {
      self->told[layer][i].segment = INT32_MIN;
    }
  }
  self->told_name = NULL;
}

void
cn_reporter_init(CnReporter* const self, const CnUris* const uris, CnPerformer* const performer,
                 const CnModelSlot* const slot, CnSaver* const saver, const double rate)
{
  *self = (CnReporter){.uris = uris, .performer = performer, .slot = slot, .saver = saver, .rate = rate};
  forget(self);
}

CN_AUDIO bool
cn_reporter_is_asked(const CnReporter* const self)
{
  return self->patience > 0;
}

CN_AUDIO void
cn_reporter_hear(CnReporter* const self, const LV2_Atom* const atom)
{
  CnWireAsk ask;
  if (atom->type != self->uris->continuo_ask || atom->size != sizeof(ask)) {
    return;
  }
  memcpy(&ask, LV2_ATOM_BODY_CONST(atom), sizeof(ask));
  if (ask.version != CN_WIRE_VERSION) {
    return;
  }
  self->patience = (int64_t)(CN_WIRE_PATIENCE * self->rate);
  if (ask.what & CN_WIRE_EVERYTHING) {
    forget(self);
  }
  if (ask.what & CN_WIRE_PANIC) {
    cn_performer_panic(self->performer);
  }
  if (ask.what & CN_WIRE_UNDO) {
    cn_performer_undo(self->performer);
  }
}

// Writing

static CN_AUDIO void
append(News* const news, const void* const data, const size_t size)
{
  memcpy(news->place.bytes + news->size, data, size);
  news->size += (uint32_t)size;
}

static CN_AUDIO CnWireHead
head_of(const CnReporter* const self, const CnWireKind kind)
{
  return (CnWireHead){CN_WIRE_VERSION, (uint16_t)kind, self->number};
}

/// Send news; false if the host's buffer has no room, and they are to be told later
static CN_AUDIO bool
send(CnReporter* const self, News* const news, CnEventWriter* const writer, const uint32_t n_frames)
{
  news->place.atom = (LV2_Atom){news->size - (uint32_t)sizeof(LV2_Atom), self->uris->continuo_news};
  if (!cn_events_write_atom(writer, n_frames, &news->place.atom)) {
    return false;
  }
  ++self->number;
  return true;
}

// State

static CN_AUDIO float
share(const double part, const double whole)
{
  return whole > 0.0 ? (float)fmin(fmax(part / whole, 0.0), 1.0) : 0.0F;
}

static CN_AUDIO void
tell_state(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames,
           const CnView* const view, const CnSources* const sources)
{
  const CnWireState state = {
      .head        = head_of(self, CN_WIRE_STATE),
      .flags       = cn_sources_flags(self->performer, view),
      .due         = sources->due,
      .tick        = view->tick,
      .tempo       = (float)view->tempo,
      .beat        = (float)view->beat,
      .bar         = view->bar,
      .bar_number  = view->bar_number,
      .late        = cn_performer_late_notes(self->performer),
      .status      = (uint16_t)cn_model_slot_status(self->slot),
      .notice      = (uint16_t)cn_notices_first(cn_performer_notices(self->performer)),
      .key         = 1 + cn_performer_key(self->performer),
      .audio_load  = share(self->busy, self->passed),
      .engine_load = share(view->worked - self->worked, self->passed),
  };
  News news = {.size = sizeof(LV2_Atom)};
  append(&news, &state, sizeof(state));
  if (send(self, &news, writer, n_frames)) {
    self->busy   = 0.0;
    self->passed = 0.0;
    self->worked = view->worked;
  }
}

// Model

/// Tell the model's path, or the end of a long one, and its card
static CN_AUDIO void
tell_model(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames,
           const CnModelName* const name)
{
  const size_t      room  = CN_WIRE_SIZE / 2;
  const size_t      size  = name->size < room ? name->size : room;
  const char* const path  = name->path + (name->size - size);
  const size_t      card  = strlen(name->card) + 1U;
  const CnWireModel model = {.head   = head_of(self, CN_WIRE_MODEL),
                             .status = (int32_t)name->status,
                             .path   = (uint16_t)size,
                             .kind   = (uint16_t)card};
  News              news  = {.size = sizeof(LV2_Atom)};
  append(&news, &model, sizeof(model));
  append(&news, path, size);
  append(&news, name->card, card);
  if (send(self, &news, writer, n_frames)) {
    self->told_name = name;
  }
}

// Files

/// Tell what came of a file
static CN_AUDIO void
tell_saved(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames,
           const CnSaverAnswer* const answer)
{
  const size_t      size  = strlen(answer->why) + 1U;
  const CnWireSaved saved = {.head       = head_of(self, CN_WIRE_SAVED),
                             .id         = answer->id,
                             .is_written = answer->is_written,
                             .why        = (uint16_t)size};
  News              news  = {.size = sizeof(LV2_Atom)};
  append(&news, &saved, sizeof(saved));
  append(&news, answer->why, size);
  if (send(self, &news, writer, n_frames)) {
    cn_saver_forget(self->saver);
  }
}

// Notes

static CN_AUDIO uint32_t
hash_notes(const CnSegment* const segment)
{
  uint64_t hash = segment->n_notes;
  for (uint32_t i = 0; i < segment->n_notes; ++i) {
    const CnTimedNote* const note = &segment->notes[i];
    hash = cn_hash_mix(hash, (uint64_t)note->duration | (uint64_t)note->offset << 16U |
                                 (uint64_t)note->pitch << 24U | (uint64_t)note->velocity << 32U);
  }
  return (uint32_t)(hash ^ hash >> 32U);
}

/// Add a layer of a segment if it is not what was told; false if there is no room
static CN_AUDIO bool
add_segment(CnReporter* const self, News* const news, const CnSources* const sources, const CnLayer layer,
            const int32_t number)
{
  CnReporterTold* const told = &self->told[layer][(uint32_t)number % CN_REPORTER_SLOTS];
  CnSegment             segment;
  cn_sources_read(sources, layer, number, &segment);
  const uint32_t hash = hash_notes(&segment);
  if (told->segment == number && told->hash == hash) {
    return true;
  }
  const CnWireSegment record = {number, (uint16_t)layer, (uint16_t)segment.n_notes};
  const size_t        size   = segment.n_notes * sizeof(CnTimedNote);
  if (news->size + sizeof(record) + size > CN_WIRE_SIZE) {
    return false;
  }
  append(news, &record, sizeof(record));
  append(news, segment.notes, size);
  *told = (CnReporterTold){number, hash};
  return true;
}

/// How many segments `bars` bars are, as far as so many are told
static CN_AUDIO int32_t
segments_of(const CnView* const view, const int32_t bars)
{
  const int32_t n = bars * view->bar.length / CN_SEGMENT_TICKS + 1;
  return n < CN_WIRE_LONGEST ? n : CN_WIRE_LONGEST;
}

/// Tell the notes that are new, those to come first; false if there are none
static CN_AUDIO bool
tell_notes(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames,
           const CnView* const view, const CnSources* const sources)
{
  const CnWireHead head  = head_of(self, CN_WIRE_NOTES);
  const int32_t    here  = cn_segment_at((int32_t)floor(view->tick));
  const int32_t    ahead = segments_of(view, CN_WIRE_AHEAD);
  const int32_t    back  = segments_of(view, CN_WIRE_BACK);
  News             news  = {.size = sizeof(LV2_Atom)};
  bool             fits  = true;
  append(&news, &head, sizeof(head));
  const uint32_t empty = news.size;
  for (int32_t i = 0; i < ahead + back && fits; ++i) {
    const int32_t number = here + (i < ahead ? i : ahead - 1 - i);
    for (int layer = 0; layer < CN_N_LAYERS && fits; ++layer) {
      fits = add_segment(self, &news, sources, (CnLayer)layer, number);
    }
  }
  if (news.size == empty) {
    return false;
  }
  if (!send(self, &news, writer, n_frames)) {
    forget(self); // What is marked as told was not
  }
  return true;
}

// Blocks

/// Tell what is next: what came of a file, the model if it is another, else notes and states in turn
static CN_AUDIO void
tell(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames)
{
  const CnSaverAnswer* const answer = cn_saver_answer(self->saver);
  if (answer) {
    tell_saved(self, writer, n_frames, answer);
    return;
  }
  const CnModelName* const name    = cn_model_slot_name(self->slot);
  const CnView             view    = cn_performer_view(self->performer);
  const CnSources          sources = cn_sources_of(cn_performer_engine(self->performer));
  const bool               is_note = ++self->turn % STATE_TURN != 0;
  if (!is_note || !tell_notes(self, writer, n_frames, &view, &sources)) {
    if (name && name != self->told_name && is_note) {
      tell_model(self, writer, n_frames, name);
    } else {
      tell_state(self, writer, n_frames, &view, &sources);
    }
  }
  cn_performer_watch(self->performer, segments_of(&view, CN_WIRE_AHEAD));
}

CN_AUDIO void
cn_reporter_begin(CnReporter* const self)
{
  if (cn_reporter_is_asked(self)) {
    self->begun = now();
  }
}

CN_AUDIO void
cn_reporter_end(CnReporter* const self, CnEventWriter* const writer, const uint32_t n_frames)
{
  if (!cn_reporter_is_asked(self)) {
    return;
  }
  self->patience -= n_frames;
  self->wait -= n_frames;
  self->busy += self->begun > 0.0 ? now() - self->begun : 0.0;
  self->passed += n_frames / self->rate;
  if (!cn_reporter_is_asked(self)) {
    self->begun = 0.0;
    cn_performer_watch(self->performer, 0);
  } else if (self->wait <= 0) {
    self->wait += (int64_t)(self->rate / CN_WIRE_RATE);
    self->wait = self->wait > 0 ? self->wait : 0;
    tell(self, writer, n_frames);
  }
}
