// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/files.h"

#include "plugin/drag/places.h"

#include "dsp/base/fault.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAID_SECONDS 10.0 ///< [s] that something is said
#define WISH_SECONDS 5.0  ///< [s] after which nothing comes any more: the plugin does not run

/// Say something in printf's manner
static void __attribute__((format(printf, 4, 5)))
say(CnFiles* const self, const double time, const bool warns, const char* const format, ...)
{
  char    text[CN_FACE_SAID];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  cn_fault_say(CN_FAULT(self->face->said.text), "%s", text); // Without what a terminal might obey
  self->face->said.warns = warns;
  self->said             = time;
}

void
cn_files_init(CnFiles* const self, CnMessages* const messages, CnFace* const face)
{
  self->messages = messages;
  self->face     = face;
  self->next_id  = (uint32_t)time(NULL) * 2654435761U ^ (uint32_t)getpid()
                                                           << 8U; // Others count from elsewhere
}

/// [ticks] where a bar begins, as the roll has them
static int32_t
tick_of(const CnFace* const face, const int32_t bar)
{
  const CnWireState* const state = &face->scene.state;
  const double             tick  = state->bar.start + ((double)bar - state->bar_number) * state->bar.length;
  return (int32_t)fmin(fmax(tick, -CN_TICK_LIMIT), CN_TICK_LIMIT);
}

/// Ask the plugin for the wish's path
static void
ask(CnFiles* const self, const double time)
{
  const CnMark* const mark = &self->face->mark;
  CnWireSave          wish = {.id = ++self->next_id};
  if (mark->is_set) {
    wish.from = tick_of(self->face, mark->first < mark->last ? mark->first : mark->last);
    wish.to   = tick_of(self->face, (mark->first < mark->last ? mark->last : mark->first) + 1);
  }
  self->wish.is_open = true;
  self->wish.id      = wish.id;
  self->wish.since   = time;
  cn_messages_save(self->messages, wish, self->wish.path);
}

void
cn_files_save(CnFiles* const self, const double now)
{
  if (self->wish.is_open) {
    return;
  }
  if (cn_places_save(time(NULL), self->wish.path)) {
    ask(self, now);
  } else {
    say(self, now, true, "Not saved: there is no folder for music, and none at home");
  }
}

bool
cn_files_hear(CnFiles* const self, const double time)
{
  CnSceneSaved* const saved = &self->face->scene.saved;
  const bool          is_it = saved->is_new && self->wish.is_open && saved->id == self->wish.id;
  saved->is_new             = false;
  if (!is_it) {
    return false;
  }
  self->wish.is_open = false;
  if (saved->is_written) {
    say(self, time, false, "Saved as %s", self->wish.path);
  } else {
    say(self, time, true, "Not saved: %.100s", saved->why);
  }
  return true;
}

bool
cn_files_idle(CnFiles* const self, const double time)
{
  if (self->wish.is_open && time - self->wish.since > WISH_SECONDS) {
    self->wish.is_open = false;
    say(self, time, true, "Not saved: the plugin does not run");
    return true;
  }
  if (self->face->said.text[0] && time - self->said > SAID_SECONDS) {
    self->face->said.text[0] = '\0';
    return true;
  }
  return false;
}
