// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/info.h"

#include "tools/base/json.h"

#include "dsp/base/hash.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { PITCH_NAME_SIZE = 16 };

/// Extremes and means of a piece's notes
typedef struct {
  size_t n_continuo;
  int    lowest;
  int    highest;
  int    softest;
  int    loudest;
  double mean_velocity;
} Summary;

static Summary
summarise(const CnScore* const score)
{
  Summary summary = {.lowest = 127, .softest = 127};
  double  total   = 0.0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];

    summary.n_continuo += note->part == CN_PART_CONTINUO;
    summary.lowest  = note->pitch < summary.lowest ? note->pitch : summary.lowest;
    summary.highest = note->pitch > summary.highest ? note->pitch : summary.highest;
    summary.softest = note->velocity < summary.softest ? note->velocity : summary.softest;
    summary.loudest = note->velocity > summary.loudest ? note->velocity : summary.loudest;
    total += note->velocity;
  }
  summary.mean_velocity = score->n_notes ? total / (double)score->n_notes : 0.0;
  return summary;
}

/// Number of bars that begin before `tick`
static long
count_bars(const CnScore* const score, const int32_t tick)
{
  long n = 0;
  for (size_t i = 0; i < score->n_meters && score->meters[i].tick < tick; ++i) {
    const bool    is_last = i + 1 == score->n_meters || score->meters[i + 1].tick > tick;
    const int32_t end     = is_last ? tick : score->meters[i + 1].tick;
    const int32_t length  = cn_score_bar(score, score->meters[i].tick).length;
    n += (end - score->meters[i].tick + length - 1) / length;
  }
  return n;
}

static double
bpm(const CnTempoChange* const change)
{
  return 6e7 / change->tempo;
}

static const char*
pitch_name(const int pitch, char text[PITCH_NAME_SIZE])
{
  static const char* const names[] = {"C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};
  snprintf(text, PITCH_NAME_SIZE, "%s%d", names[pitch % 12], pitch / 12 - 1);
  return text;
}

static void
describe_notes(const CnScore* const score, FILE* const out)
{
  if (!score->n_notes) {
    fprintf(out, "  notes    none\n");
    return;
  }

  const Summary summary = summarise(score);
  char          low[PITCH_NAME_SIZE];
  char          high[PITCH_NAME_SIZE];
  fprintf(out, "  notes    %zu, from %s to %s, velocity %d to %d, on average %.0f\n", score->n_notes,
          pitch_name(summary.lowest, low), pitch_name(summary.highest, high), summary.softest,
          summary.loudest, summary.mean_velocity);
  if (summary.n_continuo) {
    fprintf(out, "           %zu of them by Continuo\n", summary.n_continuo);
  }
  fprintf(out, "  grid     %.1f %% of the onsets lie within 1/96 quarter of it\n",
          100.0 * score->info.on_grid);
}

static void
describe_metre(const CnScore* const score, FILE* const out)
{
  fprintf(out, "  metre    %d/%d", score->meters[0].numerator, score->meters[0].denominator);
  if (score->n_meters > 1) {
    const CnMeterChange* const next = &score->meters[1];
    fprintf(out, ", from bar %ld on %d/%d", 1 + count_bars(score, next->tick), next->numerator,
            next->denominator);
  }
  if (score->n_meters > 2) {
    fprintf(out, ", then %zu more", score->n_meters - 2);
  }
  fprintf(out, "\n");
}

static void
describe_tempo(const CnScore* const score, FILE* const out)
{
  double slowest = bpm(&score->tempi[0]);
  double fastest = slowest;
  for (size_t i = 1; i < score->n_tempi; ++i) {
    slowest = fmin(slowest, bpm(&score->tempi[i]));
    fastest = fmax(fastest, bpm(&score->tempi[i]));
  }

  if (score->n_tempi == 1) {
    fprintf(out, "  tempo    %.4g quarters a minute\n", slowest);
  } else {
    fprintf(out, "  tempo    %.4g to %.4g quarters a minute, told %zu times\n", slowest, fastest,
            score->n_tempi);
  }
}

static void
describe_count(FILE* const out, const char* const what, const size_t n)
{
  if (n) {
    fprintf(out, "  oddity   %s: %zu\n", what, n);
  }
}

/// What tells the notes of one file from those of another: onset, length, key and loudness of each
static uint64_t
hash_notes(const CnScore* const score)
{
  uint64_t hash = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    hash                     = cn_hash_mix(hash, (uint32_t)note->onset);
    hash                     = cn_hash_mix(hash, (uint32_t)note->duration);
    hash                     = cn_hash_mix(hash, note->pitch | (uint64_t)note->velocity << 8U);
  }
  return hash;
}

void
cn_score_describe(const char* const path, const CnScore* const score, FILE* const out)
{
  const CnScoreInfo* const info    = &score->info;
  const long               seconds = lround(cn_score_seconds(score, score->end));

  fprintf(out, "%s: MIDI file, format %d, %d tracks, ", path, info->format, info->n_tracks);
  if (info->division & 0x8000U) {
    fprintf(out, "SMPTE time\n");
  } else {
    fprintf(out, "%d ticks a quarter\n", info->division);
  }

  fprintf(out, "  length   %ld bars, %ld:%02ld\n", count_bars(score, score->end), seconds / 60, seconds % 60);
  describe_metre(score, out);
  describe_tempo(score, out);
  describe_notes(score, out);
  if (score->n_notes) {
    fprintf(out, "  hash     %016" PRIx64 " of the notes\n", hash_notes(score));
  }
  describe_count(out, "notes merged with another of the same onset and key", info->n_merged);
  describe_count(out, "notes cut short because their key was struck again", info->n_overlaps);
  describe_count(out, "notes never let go", info->n_dangling);
  describe_count(out, "notes beyond a piano's keys, not learnt from", info->n_outside);
  describe_count(out, "drum notes, not learnt from", score->sound.n_drums);
}

static json_t*
make_tempi_json(const CnScore* const score)
{
  json_t* const list = json_array();
  for (size_t i = 0; i < score->n_tempi; ++i) {
    json_array_append_new(
        list, json_pack("{s:i, s:f}", "tick", score->tempi[i].tick, "bpm", bpm(&score->tempi[i])));
  }
  return list;
}

static json_t*
make_meters_json(const CnScore* const score)
{
  json_t* const list = json_array();
  for (size_t i = 0; i < score->n_meters; ++i) {
    const CnMeterChange* const change = &score->meters[i];
    json_array_append_new(list, json_pack("{s:i, s:i, s:i}", "tick", change->tick, "numerator",
                                          change->numerator, "denominator", change->denominator));
  }
  return list;
}

static void
set_count(json_t* const object, const char* const key, const size_t n)
{
  json_object_set_new(object, key, json_integer((json_int_t)n));
}

/// Add what was met on the way from the file to the score
static void
set_info_json(json_t* const object, const CnScoreInfo* const info)
{
  set_count(object, "format", info->format);
  set_count(object, "tracks", info->n_tracks);
  set_count(object, "division", info->division);
  set_count(object, "merged", info->n_merged);
  set_count(object, "overlaps", info->n_overlaps);
  set_count(object, "dangling", info->n_dangling);
  set_count(object, "outside", info->n_outside);
  json_object_set_new(object, "on_grid", json_real(info->on_grid));
}

json_t*
cn_score_json(const char* const path, const CnScore* const score)
{
  const Summary summary = summarise(score);
  json_t* const object  = json_pack("{s:o, s:s}", "file", cn_json_text(path), "kind", "midi");
  char          hash[17];

  set_count(object, "notes", score->n_notes);
  set_count(object, "continuo_notes", summary.n_continuo);
  snprintf(hash, sizeof(hash), "%016" PRIx64, hash_notes(score));
  json_object_set_new(object, "hash", json_string(hash));
  if (score->n_notes) {
    set_count(object, "pitch_min", (size_t)summary.lowest);
    set_count(object, "pitch_max", (size_t)summary.highest);
    json_object_set_new(object, "velocity_mean", json_real(summary.mean_velocity));
  }
  set_count(object, "bars", (size_t)count_bars(score, score->end));
  set_count(object, "ticks", (size_t)score->end);
  set_count(object, "ticks_per_quarter", CN_TICKS_PER_QUARTER);
  json_object_set_new(object, "seconds", json_real(cn_score_seconds(score, score->end)));
  json_object_set_new(object, "tempi", make_tempi_json(score));
  json_object_set_new(object, "meters", make_meters_json(score));
  set_info_json(object, &score->info);
  set_count(object, "drums", score->sound.n_drums);
  return object;
}
