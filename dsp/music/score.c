// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/score.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define N_PITCHES 128
#define TICKS_PER_WHOLE (4 * CN_TICKS_PER_QUARTER)
#define SECONDS_PER_TICK(tempo) ((tempo)*1e-6 / CN_TICKS_PER_QUARTER)

static const CnTempoChange default_tempo = {0, CN_TEMPO_DEFAULT};
static const CnMeterChange default_meter = {0, 4, 4};

// Checks

static bool
is_tick(const int32_t tick)
{
  return tick >= 0 && tick <= CN_SCORE_TICKS_MAX;
}

static bool
is_note(const CnNote* note)
{
  return is_tick(note->onset) && note->duration >= 1 && note->duration <= CN_SCORE_TICKS_MAX - note->onset &&
         note->pitch < N_PITCHES && note->velocity >= 1 && note->velocity <= 127 && note->channel <= 15 &&
         note->channel != CN_CHANNEL_DRUMS && note->part <= CN_PART_CONTINUO;
}

static bool
is_tempo(const CnTempoChange* change)
{
  return is_tick(change->tick) && change->tempo >= 1 && change->tempo <= CN_TEMPO_MAX;
}

static bool
is_meter(const CnMeterChange* change)
{
  const unsigned denominator = change->denominator;
  return is_tick(change->tick) && change->numerator >= 1 && denominator >= 1 && denominator <= 64 &&
         (denominator & (denominator - 1)) == 0;
}

static bool
is_sound(const CnSound* sound)
{
  bool good = true;
  for (size_t i = 0; i < sound->n_drums; ++i) {
    CnNote note = sound->drums[i];
    good &= note.channel == CN_CHANNEL_DRUMS;
    note.channel = 0;
    good &= is_note(&note);
  }
  for (size_t i = 0; i < sound->n_programs; ++i) {
    const CnProgramChange* change = &sound->programs[i];
    good &= is_tick(change->tick) && change->channel <= 15 && change->program <= 127;
  }
  for (size_t i = 0; i < sound->n_pedals; ++i) {
    const CnPedal* pedal = &sound->pedals[i];
    good &=
        is_tick(pedal->from) && is_tick(pedal->until) && pedal->from < pedal->until && pedal->channel <= 15;
  }
  return good;
}

static bool
are_tempi(const CnTempoChange* tempi, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    if (!is_tempo(&tempi[i]) || (i && tempi[i].tick < tempi[i - 1].tick)) {
      return false;
    }
  }
  return true;
}

static bool
are_meters(const CnMeterChange* meters, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    if (!is_meter(&meters[i]) || (i && meters[i].tick < meters[i - 1].tick)) {
      return false;
    }
  }
  return true;
}

static bool
are_notes(const CnNote* notes, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    if (!is_note(&notes[i])) {
      return false;
    }
  }
  return true;
}

CnStatus
cn_score_check(const CnScore* score)
{
  const bool good = are_notes(score->notes, score->n_notes) && are_tempi(score->tempi, score->n_tempi) &&
                    are_meters(score->meters, score->n_meters) && is_tick(score->end) &&
                    is_sound(&score->sound);
  return good ? CN_STATUS_SUCCESS : CN_STATUS_BAD_ARG;
}

// Metre and time

/// Length of a bar [ticks], 24480 at most
static uint16_t
measure_bar(const CnMeterChange* meter)
{
  const unsigned length = (TICKS_PER_WHOLE * meter->numerator + meter->denominator / 2u) / meter->denominator;
  return (uint16_t)(length ? length : 1);
}

CnBar
cn_score_bar(const CnScore* score, const int32_t tick)
{
  size_t low  = 0;
  size_t high = score->n_meters;
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    if (score->meters[middle].tick <= tick) {
      low = middle;
    } else {
      high = middle;
    }
  }

  const CnMeterChange* meter = &score->meters[low];
  const CnBar          bar   = {meter->tick, measure_bar(meter)};
  return (CnBar){tick - cn_bar_place(bar, tick).offset, bar.length};
}

double
cn_score_seconds(const CnScore* score, const int32_t tick)
{
  const CnTempoChange* tempi   = score->tempi;
  double               seconds = 0.0;
  size_t               i       = 0;
  for (; i + 1 < score->n_tempi && tempi[i + 1].tick <= tick; ++i) {
    seconds += (tempi[i + 1].tick - tempi[i].tick) * SECONDS_PER_TICK(tempi[i].tempo);
  }
  return seconds + ((double)tick - tempi[i].tick) * SECONDS_PER_TICK(tempi[i].tempo);
}

// Canonical form

/// Order by onset and pitch; then the one whose part and channel a merged note keeps comes first
static int
compare_notes(const void* a, const void* b)
{
  const CnNote* x = a;
  const CnNote* y = b;
  if (x->onset != y->onset) {
    return x->onset < y->onset ? -1 : 1;
  }
  if (x->pitch != y->pitch) {
    return (int)x->pitch - y->pitch;
  }
  return x->part != y->part ? (int)x->part - y->part : (int)x->channel - y->channel;
}

/// Leave one note of those with the same onset and pitch
static void
merge_duplicates(CnScore* score)
{
  CnNote* notes = score->notes;
  size_t  n     = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote* last = n ? &notes[n - 1] : NULL;
    if (!last || last->onset != notes[i].onset || last->pitch != notes[i].pitch) {
      notes[n++] = notes[i];
      continue;
    }
    last->duration = last->duration > notes[i].duration ? last->duration : notes[i].duration;
    last->velocity = last->velocity > notes[i].velocity ? last->velocity : notes[i].velocity;
  }
  score->info.n_merged = score->n_notes - n;
  score->n_notes       = n;
}

/// End each note where its key is struck again; returns how many were longer
static size_t
cut_overlaps(CnScore* score)
{
  CnNote* held[N_PITCHES] = {NULL};
  size_t  n               = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote* note = &score->notes[i];
    CnNote* old  = held[note->pitch];
    if (old && old->duration > note->onset - old->onset) {
      old->duration = note->onset - old->onset;
      ++n;
    }
    held[note->pitch] = note;
  }
  return n;
}

static void
fill_in_notes(CnScore* score)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote*       note = &score->notes[i];
    const int32_t end  = note->onset + note->duration;

    note->bar  = cn_bar_place(cn_score_bar(score, note->onset), note->onset);
    score->end = end > score->end ? end : score->end;
    score->info.n_outside += note->pitch < CN_PITCH_MIN || note->pitch > CN_PITCH_MAX;
    score->info.channels |= (uint16_t)(1u << note->channel);
  }
}

static void
copy_tempi(CnScore* score, const CnTempoChange* tempi, const size_t n)
{
  size_t m = 0;

  score->tempi[m++] = default_tempo;
  for (size_t i = 0; i < n; ++i) {
    m -= tempi[i].tick == score->tempi[m - 1].tick; // The last at a tick counts
    score->tempi[m++] = tempi[i];
  }
  score->n_tempi = m;
  score->end     = score->tempi[m - 1].tick;
}

static void
copy_meters(CnScore* score, const CnMeterChange* meters, const size_t n)
{
  size_t m = 0;

  score->meters[m++] = default_meter;
  for (size_t i = 0; i < n; ++i) {
    m -= meters[i].tick == score->meters[m - 1].tick;
    score->meters[m++] = meters[i];
  }
  score->n_meters = m;

  const int32_t last = score->meters[m - 1].tick;
  score->end         = last > score->end ? last : score->end;
}

/// Order a copy of `notes` and bring it to canonical form
static void
copy_notes(CnScore* score, const CnNote* notes, const size_t n)
{
  if (n) {
    memcpy(score->notes, notes, n * sizeof(*notes));
    qsort(score->notes, n, sizeof(*notes), compare_notes);
  }
  score->n_notes      = n;
  score->info.on_grid = 1.0;
  merge_duplicates(score);
  score->info.n_overlaps = cut_overlaps(score);
  fill_in_notes(score);
}

static CnScore*
allocate_score(const size_t n_notes, const size_t n_tempi, const size_t n_meters)
{
  CnScore* score = calloc(1, sizeof(*score));
  if (!score) {
    return NULL;
  }

  score->notes  = calloc(n_notes + 1, sizeof(*score->notes));
  score->tempi  = calloc(n_tempi + 1, sizeof(*score->tempi));
  score->meters = calloc(n_meters + 1, sizeof(*score->meters));
  if (!score->notes || !score->tempi || !score->meters) {
    cn_score_free(score);
    return NULL;
  }
  return score;
}

CnStatus
cn_score_new(const CnNote* notes, const size_t n_notes, const CnTempoChange* tempi, const size_t n_tempi,
             const CnMeterChange* meters, const size_t n_meters, CnScore** score)
{
  *score = NULL;
  if (!are_notes(notes, n_notes) || !are_tempi(tempi, n_tempi) || !are_meters(meters, n_meters)) {
    return CN_STATUS_BAD_ARG;
  }

  CnScore* made = allocate_score(n_notes, n_tempi, n_meters);
  if (!made) {
    return CN_STATUS_NO_MEMORY;
  }

  copy_tempi(made, tempi, n_tempi);
  copy_meters(made, meters, n_meters);
  copy_notes(made, notes, n_notes);
  *score = made;
  return CN_STATUS_SUCCESS;
}

void
cn_score_sustain(CnScore* score)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote*       note = &score->notes[i];
    const int32_t end  = cn_sound_end(&score->sound, note);
    note->duration     = end - note->onset;
    score->end         = end > score->end ? end : score->end;
  }
  cut_overlaps(score);
  score->sound.n_pedals = 0;
}

void
cn_score_free(CnScore* score)
{
  if (score) {
    free(score->notes);
    free(score->tempi);
    free(score->meters);
    cn_sound_clear(&score->sound);
    free(score);
  }
}
