// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/files.h"

#include "plugin/drag/places.h"
#include "plugin/draw/track.h"

#include "dsp/base/fault.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAID_SECONDS 10.0 ///< [s] that something is said
#define WISH_SECONDS 5.0  ///< [s] after which it is said that nothing has come of a wish
#define HOVER "Drop a model (.safetensors) to play by, or a MIDI file to go on from"

/// Say something in printf's manner
static void __attribute__((format(printf, 3, 4)))
say(CnFiles* const self, const bool warns, const char* const format, ...)
{
  char    text[CN_FACE_SAID];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  cn_fault_say(CN_FAULT(self->face->said.text), "%s", text); // Without what a terminal might obey
  self->face->said.warns = warns;
  self->said             = self->now;
  self->is_new_said      = true;
}

/// Say nothing any more
static void
hush(CnFiles* const self)
{
  self->face->said.text[0] = '\0';
  self->is_new_said        = true;
}

void
cn_files_fail(CnFiles* const self, const char* const why)
{
  say(self, true, "%s", why);
}

void
cn_files_init(CnFiles* const self, CnMessages* const messages, CnFace* const face)
{
  self->messages = messages;
  self->face     = face;
  self->next_id  = (uint32_t)time(NULL) * 2654435761U ^ (uint32_t)getpid()
                                                           << 8U; // Others count from elsewhere
}

// To the plugin

/// [ticks] where a bar begins, as the roll has them
static int32_t
tick_of(const CnFace* const face, const int32_t bar)
{
  const double tick = cn_track_tick(&face->scene, bar);
  return (int32_t)fmin(fmax(tick, -CN_TICK_LIMIT), CN_TICK_LIMIT);
}

/// Ask the plugin for the wish's path
static void
ask(CnFiles* const self, const bool is_dragged)
{
  const CnMark mark = cn_face_marked(self->face);
  CnWireSave   wish = {.id = ++self->next_id};
  if (mark.is_set) {
    wish.from = tick_of(self->face, mark.first);
    wish.to   = tick_of(self->face, mark.last + 1);
  }
  self->wish.is_open    = true;
  self->wish.is_late    = false;
  self->wish.is_dragged = is_dragged;
  self->wish.id         = wish.id;
  self->wish.since      = self->now;
  cn_messages_save(self->messages, wish, self->wish.path);
}

void
cn_files_save(CnFiles* const self)
{
  if (self->wish.is_open) {
    return;
  }
  if (cn_places_save(time(NULL), self->wish.path)) {
    ask(self, false);
  } else {
    say(self, true, "Not saved: there is no folder for music, and none at home");
  }
}

const char*
cn_files_drag(CnFiles* const self)
{
  const CnMark mark = cn_face_marked(self->face);
  if (self->wish.is_open || self->dragged[0] || !mark.is_set) {
    return NULL;
  }
  cn_places_sweep(time(NULL));
  if (!cn_places_drag(mark.first + 1, mark.last + 1, self->wish.path)) {
    say(self, true, "Not dragged: there is no folder for what is passed on");
    return NULL;
  }
  strcpy(self->dragged, self->wish.path);
  self->is_gone = false;
  ask(self, true);
  return self->dragged;
}

void
cn_files_dragged(CnFiles* const self, const bool is_taken)
{
  if (self->dragged[0] && !is_taken) {
    cn_places_give_up(self->dragged);
    if (!self->is_gone) { // Else that was said
      say(self, true, "Nothing there takes the bars");
    }
  }
  self->wish.is_open = self->wish.is_open && !self->wish.is_dragged;
  self->dragged[0]   = '\0';
}

/// What came of the wish: nothing if `why` is not empty
static CnFilesNews
close_wish(CnFiles* const self, const char* const why)
{
  const bool is_dragged = self->wish.is_dragged;
  self->wish.is_open    = false;
  self->wish.is_late    = false;
  if (*why) {
    self->is_gone = is_dragged;
    say(self, true, "%s: %.100s", is_dragged ? "Not dragged" : "Not saved", why);
    return is_dragged ? CN_FILES_GONE : CN_FILES_NOTHING;
  }
  if (!is_dragged) {
    say(self, false, "Saved as %s", self->wish.path);
  }
  return is_dragged ? CN_FILES_READY : CN_FILES_NOTHING;
}

CnFilesNews
cn_files_hear(CnFiles* const self)
{
  CnSceneSaved* const saved = &self->face->scene.saved;
  const bool          waits = self->wish.is_open || self->wish.is_late;
  const bool          is_it = saved->is_new && waits && saved->id == self->wish.id;
  saved->is_new             = false;
  return is_it ? close_wish(self, saved->is_written ? "" : saved->why) : CN_FILES_NOTHING;
}

/// Say that nothing has come of the wish so far.  A dragged file ends then, and its folder with it
static CnFilesNews
wait_no_longer(CnFiles* const self)
{
  if (self->wish.is_dragged) {
    return close_wish(self, "the plugin does not answer");
  }
  self->wish.is_open = false;
  self->wish.is_late = true;
  say(self, true, "Not saved so far: no answer yet; it may still come");
  return CN_FILES_NOTHING;
}

CnFilesNews
cn_files_idle(CnFiles* const self, const double time)
{
  self->now = time;
  if (self->face->said.text[0] && time - self->said > SAID_SECONDS) {
    hush(self);
  }
  return self->wish.is_open && time - self->wish.since > WISH_SECONDS ? wait_no_longer(self)
                                                                      : CN_FILES_NOTHING;
}

// Dropped

void
cn_files_hover(CnFiles* const self, const bool is_over)
{
  if (is_over) {
    say(self, false, HOVER);
  } else if (!strcmp(self->face->said.text, HOVER)) {
    hush(self);
  }
}

bool
cn_files_drop(CnFiles* const self, const char* const list, const size_t size)
{
  const CnUris* const uris    = &self->messages->uris;
  CnDropped* const    dropped = &self->dropped;
  char                host[256];
  const bool          is_known = !gethostname(host, sizeof(host));
  host[sizeof(host) - 1]       = '\0';
  cn_dropped_read(list, size, is_known ? host : NULL, dropped);
  self->awaits_phrase = dropped->kind == CN_DROPPED_PHRASE;
  switch (dropped->kind) {
  case CN_DROPPED_MODEL:
    say(self, false, "%.200s is to be the model", cn_dropped_name(dropped->path));
    cn_messages_set(self->messages, uris->continuo_model, uris->atom_Path, dropped->path);
    return true;
  case CN_DROPPED_PHRASE:
    say(self, false, "%.200s is to be gone on from", cn_dropped_name(dropped->path));
    cn_messages_set(self->messages, uris->continuo_phrase, uris->atom_Path, dropped->path);
    return true;
  case CN_DROPPED_NOTHING:
    break;
  }
  say(self, true, "%s", dropped->why);
  return false;
}

void
cn_files_hear_phrase(CnFiles* const self, const char* const path)
{
  if (!self->awaits_phrase) {
    return;
  }
  self->awaits_phrase = false;
  if (!strcmp(path, self->dropped.path)) {
    say(self, false, "Goes on from %.200s", cn_dropped_name(path));
  } else {
    say(self, true, "%.200s cannot be gone on from: the host's log says why",
        cn_dropped_name(self->dropped.path));
  }
}
