// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/smf_events.h"

#include <stdbool.h>
#include <stdlib.h>

#define DOWN 64 // A controller's value from which on a switch is on (MIDI 1.0)

static unsigned
channel_of(const CnSmfChange* change)
{
  return change->value >> 8;
}

/// By channel, then time, then as they stand in the file
static int
compare_pedals(const void* a, const void* b)
{
  const CnSmfChange* x = a;
  const CnSmfChange* y = b;
  if (channel_of(x) != channel_of(y)) {
    return channel_of(x) < channel_of(y) ? -1 : 1;
  }
  if (x->time != y->time) {
    return x->time < y->time ? -1 : 1;
  }
  return x->order < y->order ? -1 : x->order > y->order;
}

static void
add_pedal(CnSound* sound, const unsigned channel, const int32_t from, const int32_t until)
{
  if (from < until) {
    sound->pedals[sound->n_pedals++] = (CnPedal){from, until, (uint8_t)channel};
  }
}

/// From where pedals move to how long they are down
static void
convert_pedals(CnSmfEvents* events, const int32_t end, CnSound* sound)
{
  const CnSmfChange* changes = events->pedals.items;
  const size_t       n       = events->pedals.n;
  bool               is_down = false;
  int32_t            from    = 0;
  if (n) {
    qsort(events->pedals.items, n, sizeof(*changes), compare_pedals);
  }
  for (size_t i = 0; i < n; ++i) {
    const unsigned channel = channel_of(&changes[i]);
    const bool     goes    = (changes[i].value & 0xFF) >= DOWN;
    const bool     is_last = i + 1 == n || channel_of(&changes[i + 1]) != channel;
    const int32_t  tick    = cn_smf_events_tick(events, changes[i].time);
    if (is_down && !goes) {
      add_pedal(sound, channel, from, tick);
    }
    from    = goes && !is_down ? tick : from;
    is_down = goes;
    if (is_last && is_down) {
      add_pedal(sound, channel, from, end);
    }
    is_down = is_down && !is_last;
  }
}

static void
convert_programs(const CnSmfEvents* events, CnSound* sound)
{
  for (size_t i = 0; i < events->programs.n; ++i) {
    const CnSmfChange* change = &events->programs.items[i];

    sound->programs[sound->n_programs++] = (CnProgramChange){
        cn_smf_events_tick(events, change->time), (uint8_t)channel_of(change), (uint8_t)change->value};
  }
}

static void
convert_drums(const CnSmfEvents* events, int32_t* end, CnSound* sound)
{
  for (size_t i = 0; i < events->n_notes; ++i) {
    const CnSmfNote* note  = &events->notes[i];
    const int32_t    onset = cn_smf_events_tick(events, note->on);
    if (note->channel == CN_CHANNEL_DRUMS && onset < CN_SCORE_TICKS_MAX) {
      const int32_t off      = cn_smf_events_tick(events, note->off);
      const int32_t duration = off > onset ? off - onset : 1;

      *end                           = onset + duration > *end ? onset + duration : *end;
      sound->drums[sound->n_drums++] = (CnNote){.onset    = onset,
                                                .duration = duration,
                                                .pitch    = note->pitch,
                                                .velocity = note->velocity,
                                                .channel  = note->channel,
                                                .part     = CN_PART_MUSICIAN};
    }
  }
}

CnStatus
cn_smf_events_sound(CnSmfEvents* events, int32_t* end, CnSound* sound)
{
  size_t n_drums = 0;
  for (size_t i = 0; i < events->n_notes; ++i) {
    n_drums += events->notes[i].channel == CN_CHANNEL_DRUMS;
  }
  *sound = (CnSound){.drums    = calloc(n_drums + 1, sizeof(CnNote)),
                     .programs = calloc(events->programs.n + 1, sizeof(CnProgramChange)),
                     .pedals   = calloc(events->pedals.n + 1, sizeof(CnPedal))};
  if (!sound->drums || !sound->programs || !sound->pedals) {
    cn_sound_clear(sound);
    return CN_STATUS_NO_MEMORY;
  }
  convert_drums(events, end, sound);
  convert_programs(events, sound);
  convert_pedals(events, *end, sound);
  cn_sound_sort(sound);
  return CN_STATUS_SUCCESS;
}
