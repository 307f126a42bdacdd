// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/sound.h"

#include <stdlib.h>

// Order

static int
compare_drums(const void* a, const void* b)
{
  const CnNote* const x = (const CnNote*)a;
  const CnNote* const y = (const CnNote*)b;
  if (x->onset != y->onset) {
    return x->onset < y->onset ? -1 : 1;
  }
  return x->pitch != y->pitch ? (int)x->pitch - y->pitch
                              : (x->duration > y->duration) - (x->duration < y->duration);
}

static int
compare_pedals(const void* a, const void* b)
{
  const CnPedal* const x = (const CnPedal*)a;
  const CnPedal* const y = (const CnPedal*)b;
  if (x->channel != y->channel) {
    return (int)x->channel - y->channel;
  }
  return (x->from > y->from) - (x->from < y->from);
}

/// Leave the changes that change something, and of several at one tick the last
static size_t
thin_programs(CnProgramChange* const programs, const size_t n)
{
  size_t last[16] = {0}; // 1 + place of the last change of a channel
  size_t kept     = 0;
  for (size_t i = 0; i < n; ++i) {
    const CnProgramChange  change = programs[i];
    CnProgramChange* const before = last[change.channel] ? &programs[last[change.channel] - 1] : NULL;
    if (before && before->tick == change.tick) {
      before->program = change.program;
    } else if (!before || before->program != change.program) {
      programs[kept++]     = change;
      last[change.channel] = kept;
    }
  }
  return kept;
}

void
cn_sound_sort(CnSound* const sound)
{
  if (sound->n_drums) {
    qsort(sound->drums, sound->n_drums, sizeof(*sound->drums), compare_drums);
  }
  if (sound->n_pedals) {
    qsort(sound->pedals, sound->n_pedals, sizeof(*sound->pedals), compare_pedals);
  }
  sound->n_programs = thin_programs(sound->programs, sound->n_programs);
}

// Changes

CnStatus
cn_sound_copy(const CnSound* const from, CnSound* const to)
{
  *to = (CnSound){.drums    = (CnNote*)calloc(from->n_drums + 1, sizeof(CnNote)),
                  .programs = (CnProgramChange*)calloc(from->n_programs + 1, sizeof(CnProgramChange)),
                  .pedals   = (CnPedal*)calloc(from->n_pedals + 1, sizeof(CnPedal))};
  if (!to->drums || !to->programs || !to->pedals) {
    cn_sound_clear(to);
    return CN_STATUS_NO_MEMORY;
  }
  for (; to->n_drums < from->n_drums; ++to->n_drums) {
    to->drums[to->n_drums] = from->drums[to->n_drums];
  }
  for (; to->n_programs < from->n_programs; ++to->n_programs) {
    to->programs[to->n_programs] = from->programs[to->n_programs];
  }
  for (; to->n_pedals < from->n_pedals; ++to->n_pedals) {
    to->pedals[to->n_pedals] = from->pedals[to->n_pedals];
  }
  return CN_STATUS_SUCCESS;
}

void
cn_sound_cut(CnSound* const sound, const int32_t end)
{
  const size_t n_pedals = sound->n_pedals;
  while (sound->n_drums && sound->drums[sound->n_drums - 1].onset >= end) {
    --sound->n_drums;
  }
  for (size_t i = 0; i < sound->n_drums; ++i) {
    CnNote* const drum = &sound->drums[i];
    drum->duration     = drum->onset + drum->duration > end ? end - drum->onset : drum->duration;
  }
  while (sound->n_programs && sound->programs[sound->n_programs - 1].tick >= end) {
    --sound->n_programs;
  }
  sound->n_pedals = 0;
  for (size_t i = 0; i < n_pedals; ++i) {
    CnPedal pedal = sound->pedals[i];
    pedal.until   = pedal.until < end ? pedal.until : end;
    if (pedal.from < pedal.until) {
      sound->pedals[sound->n_pedals++] = pedal;
    }
  }
}

CnStatus
cn_sound_add_program(CnSound* const sound, const CnProgramChange change)
{
  CnProgramChange* const programs =
      (CnProgramChange*)realloc(sound->programs, (sound->n_programs + 1) * sizeof(CnProgramChange));
  if (!programs) {
    return CN_STATUS_NO_MEMORY;
  }
  size_t place = sound->n_programs++;
  for (; place > 0 && programs[place - 1].tick > change.tick; --place) {
    programs[place] = programs[place - 1];
  }
  programs[place] = change;
  sound->programs = programs;
  cn_sound_sort(sound);
  return CN_STATUS_SUCCESS;
}

void
cn_sound_clear(CnSound* const sound)
{
  free(sound->drums);
  free(sound->programs);
  free(sound->pedals);
  *sound = (CnSound){0};
}

// Questions

int32_t
cn_sound_end(const CnSound* const sound, const CnNote* const note)
{
  const int32_t end  = note->onset + note->duration;
  size_t        low  = 0;
  size_t        high = sound->n_pedals;
  while (low < high) { // The first pedal of a later channel, or that goes down at the note's end or later
    const size_t         middle = low + (high - low) / 2;
    const CnPedal* const pedal  = &sound->pedals[middle];
    if (pedal->channel < note->channel || (pedal->channel == note->channel && pedal->from < end)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const CnPedal* const last = low ? &sound->pedals[low - 1] : NULL;
  return last && last->channel == note->channel && last->until > end ? last->until : end;
}

int
cn_sound_program(const CnSound* const sound, const unsigned channel, const int32_t tick)
{
  int program = -1;
  for (size_t i = 0; i < sound->n_programs && sound->programs[i].tick <= tick; ++i) {
    program = sound->programs[i].channel == channel ? sound->programs[i].program : program;
  }
  return program;
}
