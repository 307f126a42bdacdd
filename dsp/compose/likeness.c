// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/likeness.h"

#include "dsp/compose/phrase_bars.h"

#include <stdbool.h>
#include <stdint.h>

// Of the phrase around a place, as a network has learnt it
#define BARS_BEFORE 1
#define BARS_AROUND 4

// What is told leans the other way than what comes of it, on average over pieces that were not learnt from:
// by a part of it [percent], and by a number in the field's own unit; other fields do not
static const struct {
  int16_t percent;
  int16_t more;
} leans[][CN_N_TEXTURE_FIELDS] = {
    [CN_LEANING_NONE] = {{0, 0}},
    [CN_LEANING_HELD] = {[CN_TEXTURE_NOTES]  = {-12, 0},
                         [CN_TEXTURE_ONSETS] = {20, 0},
                         [CN_TEXTURE_HIGH]   = {0, 3},
                         [CN_TEXTURE_CHORDS] = {-40, 0}},
    [CN_LEANING_APT]  = {[CN_TEXTURE_NOTES]  = {-12, 0},
                         [CN_TEXTURE_ONSETS] = {10, 0},
                         [CN_TEXTURE_LOW]    = {0, -1},
                         [CN_TEXTURE_HIGH]   = {0, 3},
                         [CN_TEXTURE_CHORDS] = {-55, 0}},
};

/// A span of ticks
typedef struct {
  int32_t from;
  int32_t to;
} Span;

static int32_t
clamp(const int32_t value, const int32_t lowest, const int32_t highest)
{
  return value < lowest ? lowest : value > highest ? highest : value;
}

// The bars around the place where a tick after the phrase stands in it; all of it if there are no more
static Span
around(const Span all, const CnPhraseBars* const bars, const int32_t tick)
{
  if (!bars->length || tick < bars->end || cn_phrase_bars_count(bars) <= BARS_AROUND) {
    return all;
  }
  const int32_t place = bars->first + (tick - bars->end) % (bars->end - bars->first);
  const int32_t width = BARS_AROUND * bars->length;
  const int32_t from  = clamp(place - BARS_BEFORE * bars->length, bars->first, bars->end - width);
  return (Span){clamp(from, all.from, all.to), clamp(from + width, all.from, all.to)};
}

// The texture of the notes that are struck in a span
static CnTexture
measure(const CnNote* const played, const uint32_t n_played, const Span span, const CnLeaning leaning)
{
  uint32_t first = 0;
  while (first < n_played && played[first].onset < span.from) {
    ++first;
  }
  uint32_t end = first;
  while (end < n_played && played[end].onset < span.to) {
    ++end;
  }

  CnTextureValues values;
  if (!cn_texture_weigh(&played[first], end - first, span.from, span.to, &values)) {
    return (CnTexture){{0}};
  }
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    const int64_t percent = 100 + leans[leaning][f].percent;
    const int64_t value   = values.value[f] * percent / 100 + leans[leaning][f].more;
    values.value[f]       = value > 0 ? (uint32_t)value : 0;
  }
  return cn_texture_grade(&values);
}

// Bring how low or high the musician plays within the keys that may be played
static void
ask_register(const CnRules* const rules, const CnTextureField field, uint8_t* const level)
{
  const uint8_t lowest  = cn_texture_level(field, rules->lowest);
  const uint8_t highest = cn_texture_level(field, rules->highest ? rules->highest : CN_PITCH_MAX);
  if (level[field] != CN_TEXTURE_HIDDEN && lowest <= highest) {
    level[field] = level[field] < lowest ? lowest : level[field] > highest ? highest : level[field];
  }
}

// Put what is asked for in place of how the musician has played; what would contradict it, is not known
static void
ask_texture(const CnRules* const rules, CnTexture* const texture)
{
  uint8_t* const level = texture->level;
  if (rules->density) {
    level[CN_TEXTURE_NOTES]  = cn_texture_level(CN_TEXTURE_NOTES, 100U * rules->density / CN_DENSITY_UNIT);
    level[CN_TEXTURE_ONSETS] = CN_TEXTURE_HIDDEN;
    level[CN_TEXTURE_CHORDS] = CN_TEXTURE_HIDDEN;
  }
  if (rules->length) {
    level[CN_TEXTURE_LENGTH] = cn_texture_level(CN_TEXTURE_LENGTH, cn_texture_log(rules->length));
  }
  if (rules->density || rules->length) {
    level[CN_TEXTURE_SILENCE] = CN_TEXTURE_HIDDEN;
  }
  if (rules->polyphony && rules->polyphony < 3) { // No chord of three
    level[CN_TEXTURE_CHORDS] = cn_texture_level(CN_TEXTURE_CHORDS, 0);
  }
  ask_register(rules, CN_TEXTURE_LOW, level);
  ask_register(rules, CN_TEXTURE_HIGH, level);
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    level[f] = rules->texture.level[f] ? rules->texture.level[f] : level[f];
  }
}

// Whether density or length are asked for: then these are pulled to where they are to be, and nothing leans
static bool
is_pulled(const CnRules* const rules)
{
  return rules->density || rules->length;
}

CnLikeness
cn_likeness_find(const CnPlanRequest* const request, const CnLeaning leaning, const CnNote* const played,
                 const uint32_t n_played)
{
  const int32_t      start    = request->segment * CN_SEGMENT_TICKS;
  const CnPhraseBars bars     = cn_phrase_bars_find(request->bar, played, n_played);
  CnLikeness         likeness = {.figure = cn_figure_find(played, n_played)};
  if (n_played) {
    const Span     all   = {played[0].onset, cn_phrase_end(played, n_played)};
    const int32_t  since = start - played[n_played - 1].onset;
    const uint32_t gone  = since > 0 ? (uint32_t)since / request->bar.length : 0;
    const uint32_t drift = request->params.rules.drift;
    likeness.texture     = measure(played, n_played, leaning ? around(all, &bars, start) : all,
                               is_pulled(&request->params.rules) ? CN_LEANING_NONE : leaning);
    cn_texture_fade(&likeness.texture, gone, drift);
    likeness.figure.length = drift && gone >= drift ? 0 : likeness.figure.length;
  }
  ask_texture(&request->params.rules, &likeness.texture);
  return likeness;
}
