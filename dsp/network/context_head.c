// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/context_internal.h"

#include <assert.h>
#include <stdlib.h>

#define MAX_BAR_LAG 384  // [ticks]; longer bars are looked back on as if they were this long
#define MAX_DURATION 288 // [ticks] that a note is taken to sound at most
#define MAX_SCAN 512     // Notes that are looked back on at most
#define N_NEAR 16        // Last notes among which the nearest voice is looked for

static void
add_row(CnHeadInput* const site, const unsigned row)
{
  if (site->n_rows < CN_HEAD_MAX_ROWS) {
    site->row[site->n_rows++] = (uint16_t)row;
  }
}

static void
add_copy(CnHeadInput* const site, const unsigned symbol, const unsigned gate)
{
  if (site->n_copies < CN_HEAD_MAX_COPIES) {
    site->copy[site->n_copies++] = (CnCopy){(uint8_t)symbol, (uint8_t)gate};
  }
}

static void
add_metre(CnHeadInput* const site, const CnBarPlace bar, const unsigned first)
{
  site->n_rows =
      (uint16_t)(site->n_rows + cn_context_metre_rows(bar, (uint16_t)first, &site->row[site->n_rows]));
}

static void
add_matches(const CnContext* const context, const CnFactor factor, const CnConditioning* const next,
            const unsigned first, CnHeadInput* const site)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    const int symbol =
        next->expected ? next->expected->factor[factor] : cn_context_match_symbol(context, m, factor);
    if (symbol >= 0) {
      add_row(site, first + m * (unsigned)cn_factor_classes(factor) + (unsigned)symbol);
      add_copy(site, (unsigned)symbol, m);
    }
  }
}

// For how long the matches have lasted; what is expected is as sure as what has lasted longest
static unsigned
match_run(const CnContext* const context, const CnConditioning* const next)
{
  return next->expected ? CN_N_RUNS - 1U : cn_context_match_run(context);
}

// One beat, two beats, one bar, two bars [ticks]
static void
get_lags(const CnBarPlace bar, int32_t lags[CN_N_LAGS])
{
  const int32_t length = bar.length < MAX_BAR_LAG ? bar.length : MAX_BAR_LAG;

  lags[0] = CN_TICKS_PER_QUARTER;
  lags[1] = 2 * CN_TICKS_PER_QUARTER;
  lags[2] = length;
  lags[3] = 2 * length;
}

// Number of notes struck at a time, 6 at most
static unsigned
count_struck(const CnContext* const context, const int64_t time)
{
  unsigned n_struck = 0;
  for (uint32_t n = 0; n < MAX_SCAN && n < context->size && n_struck < 6; ++n) {
    const int32_t onset = context->notes[context->size - 1 - n].onset;
    if (onset < time) {
      break;
    }
    n_struck += onset == time;
  }
  return n_struck;
}

// How full the chord is by now, and was at each lag
static void
add_sizes(const CnContext* const context, CnHeadInput* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  const unsigned      size = count_struck(context, last->onset);
  int32_t             lags[CN_N_LAGS];
  get_lags(last->bar, lags);
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    add_row(site,
            CN_DT_SIZE + l * CN_N_SIZES + 7 * size + count_struck(context, (int64_t)last->onset - lags[l]));
  }
}

// When the next onset came, seen from one beat, two beats, one bar, two bars before the last one
static void
add_dt_lags(const CnContext* const context, CnHeadInput* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  int32_t             lags[CN_N_LAGS];
  get_lags(last->bar, lags);

  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int64_t origin = (int64_t)last->onset - lags[l];
    int64_t       dt     = lags[l];
    for (uint32_t n = 1; n < MAX_SCAN && n < context->size; ++n) {
      const int64_t since = context->notes[context->size - 1 - n].onset - origin;
      if (since <= 0) {
        const unsigned symbol = dt < CN_DT_LONG ? (unsigned)dt : CN_DT_LONG;
        add_row(site, CN_DT_LAG + l * CN_N_DTS + symbol);
        add_copy(site, symbol, CN_DT_GATE_LAG + l);
        break;
      }
      dt = since;
    }
  }
}

static void
add_sounding(const CnNote* const note, const int64_t time, const unsigned set, CnHeadInput* const site)
{
  const int32_t duration = note->duration < MAX_DURATION ? note->duration : MAX_DURATION;
  if (note->onset <= time && time < (int64_t)note->onset + duration) {
    const unsigned which = 2U * set + (note->onset < time);
    const unsigned pitch = note->pitch - (unsigned)CN_PITCH_MIN;
    add_row(site, CN_PITCH_SET + which * CN_N_PITCHES + pitch);
    add_copy(site, pitch, CN_PITCH_GATE_SET + which);
  }
}

// Which pitches are struck, or sound on, at the next onset, and were at each lag before it
static void
add_pitch_sets(const CnContext* const context, const CnConditioning* const next, CnHeadInput* const site)
{
  int32_t lags[CN_N_LAGS];
  get_lags(next->bar, lags);

  const int64_t oldest = (int64_t)next->onset - lags[CN_N_LAGS - 1] - MAX_DURATION;
  for (uint32_t n = 0; n < MAX_SCAN && n < context->size; ++n) {
    const CnNote* const note = &context->notes[context->size - 1 - n];
    if (note->onset < oldest) {
      break;
    }
    add_sounding(note, next->onset, 0, site);
    for (unsigned l = 0; l < CN_N_LAGS; ++l) {
      add_sounding(note, (int64_t)next->onset - lags[l], l + 1, site);
    }
  }
}

// The nearest note in pitch to the next one: among the last few, or among those struck at a time
typedef struct {
  int32_t  note; // -1: none
  unsigned distance;
} Nearest;

static void
take_nearer(const CnContext* const context, const uint32_t note, const CnConditioning* const next,
            Nearest* const nearest)
{
  const int      interval = context->notes[note].pitch - CN_PITCH_MIN - next->pitch;
  const unsigned distance = (unsigned)abs(interval);
  if (nearest->note < 0 || distance < nearest->distance) {
    *nearest = (Nearest){(int32_t)note, distance};
  }
}

// The voices that the next note may take after; see CN_N_VOICES
static unsigned
find_voices(const CnContext* const context, const CnConditioning* const next, int32_t voices[CN_N_VOICES])
{
  const uint32_t size = context->size;
  Nearest        near = {-1, 0};
  Nearest        lagged[CN_N_LAGS];
  int32_t        lags[CN_N_LAGS];
  get_lags(next->bar, lags);
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    lagged[l] = (Nearest){-1, 0};
  }

  for (uint32_t n = 0; n < MAX_SCAN && n < size; ++n) {
    const uint32_t note  = size - 1 - n;
    const int64_t  since = (int64_t)next->onset - context->notes[note].onset;
    if (n < N_NEAR) {
      take_nearer(context, note, next, &near);
    } else if (since > lags[CN_N_LAGS - 1]) {
      break;
    }
    for (unsigned l = 0; l < CN_N_LAGS; ++l) {
      if (since == lags[l]) {
        take_nearer(context, note, next, &lagged[l]);
      }
    }
  }

  voices[0] = (int32_t)size - 1;
  voices[1] = near.note;
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    voices[2 + l] = lagged[l].note;
  }
  return near.distance == 0 ? 0 : near.distance <= 2 ? 1 : near.distance <= 5 ? 2 : 3;
}

static void
add_voices(const CnContext* const context, const CnFactor factor, const CnConditioning* const next,
           const unsigned first, const unsigned gate, CnHeadInput* const site)
{
  int32_t        voices[CN_N_VOICES];
  const unsigned distance = find_voices(context, next, voices);
  add_row(site, first - CN_N_DISTANCES + distance);
  for (unsigned v = 0; v < CN_N_VOICES; ++v) {
    if (voices[v] >= 0) {
      const unsigned symbol = context->tokens[voices[v]].factor[factor];
      add_row(site, first + v * (unsigned)cn_factor_classes(factor) + symbol);
      add_copy(site, symbol, gate + v);
    }
  }
}

// The velocity that would continue the longest match, if it goes on as much louder as it is by now
static void
add_louder(const CnContext* const context, CnHeadInput* const site)
{
  unsigned      match = 0;
  const int32_t found = cn_context_longest_match(context, &match);
  if (found >= 0) {
    const CnToken* const tokens = context->tokens;
    const int            louder =
        tokens[context->size - 1].factor[CN_FACTOR_VELOCITY] - tokens[found].factor[CN_FACTOR_VELOCITY];
    const int      symbol = tokens[found + 1].factor[CN_FACTOR_VELOCITY] + louder;
    const unsigned inside = symbol < 0                  ? 0U
                            : symbol >= CN_N_VELOCITIES ? CN_N_VELOCITIES - 1U
                                                        : (unsigned)symbol;
    add_row(site, CN_VELOCITY_LOUDER + inside);
    add_copy(site, inside, CN_VELOCITY_GATE_LOUDER);
  }
}

static void
set_chroma(const CnContext* const context, CnHeadInput* const site)
{
  site->has_chroma = true;
  for (unsigned d = 0; d < 2; ++d) {
    const float* const chroma = &context->chroma[12 * d];
    float              sum    = 0.0F;
    for (unsigned c = 0; c < 12; ++c) {
      sum += chroma[c];
    }
    for (unsigned c = 0; c < 12; ++c) {
      site->chroma[12 * d + c] = sum > 0.0F ? chroma[c] / sum : 0.0F;
    }
  }
}

static void
set_dt_site(const CnContext* const context, const CnConditioning* const next, CnHeadInput* const site)
{
  const CnNote* const last = &context->notes[context->size - 1];
  add_metre(site, last->bar, CN_DT_METRE);
  site->lowest = last->pitch == CN_PITCH_MAX; // Nothing can follow the highest key upwards
  if (next->motif) {
    add_matches(context, CN_FACTOR_DT, next, CN_DT_MATCH, site);
    add_row(site, CN_DT_RUN + match_run(context, next));
  }
  add_dt_lags(context, site);
  add_sizes(context, site);
}

// A chord as the nearest one that every network knows, and how it differs
static void
add_chord(const int32_t chord, CnHeadInput* const site)
{
  const int32_t nearest = cn_chord_nearest(chord);
  if (nearest != CN_CHORD_NONE) {
    add_row(site, CN_PITCH_CHORD + (unsigned)nearest);
    site->n_chords = (uint16_t)cn_context_chord_rows(chord, nearest, site->chord);
  }
}

static void
set_pitch_site(const CnContext* const context, const CnConditioning* const next, const unsigned dt,
               CnHeadInput* const site)
{
  add_row(site, CN_PITCH_DT + dt);
  add_metre(site, next->bar, CN_PITCH_METRE);
  add_chord(next->chord, site);
  if (next->motif) {
    add_matches(context, CN_FACTOR_PITCH, next, CN_PITCH_MATCH, site);
    add_row(site, CN_PITCH_RUN + match_run(context, next));
  }
  add_pitch_sets(context, next, site);
  set_chroma(context, site);
  if (dt == 0) {
    site->lowest = (uint16_t)(context->notes[context->size - 1].pitch + 1 - CN_PITCH_MIN);
  }
}

static void
set_duration_site(const CnContext* const context, const CnConditioning* const next, const unsigned dt,
                  CnHeadInput* const site)
{
  add_row(site, CN_DURATION_DT + dt);
  add_metre(site, next->bar, CN_DURATION_METRE);
  add_row(site, CN_DURATION_PITCH + next->pitch);
  if (next->motif) {
    add_matches(context, CN_FACTOR_DURATION, next, CN_DURATION_MATCH, site);
    add_row(site, CN_DURATION_RUN + match_run(context, next));
  }
  add_voices(context, CN_FACTOR_DURATION, next, CN_DURATION_VOICE, CN_DURATION_GATE_VOICE, site);
}

static void
set_velocity_site(const CnContext* const context, const CnConditioning* const next, const unsigned dt,
                  CnHeadInput* const site)
{
  add_row(site, CN_VELOCITY_DT + dt);
  add_metre(site, next->bar, CN_VELOCITY_METRE);
  add_row(site, CN_VELOCITY_PITCH + next->pitch);
  add_row(site, (unsigned)CN_VELOCITY_DURATION + next->duration);
  if (next->motif) {
    add_matches(context, CN_FACTOR_VELOCITY, next, CN_VELOCITY_MATCH, site);
    if (!next->expected) {
      add_louder(context, site);
    }
    add_row(site, CN_VELOCITY_RUN + match_run(context, next));
  }
  add_voices(context, CN_FACTOR_VELOCITY, next, CN_VELOCITY_VOICE, CN_VELOCITY_GATE_VOICE, site);
}

static void
add_texture_row(CnHeadInput* const site, const CnFactor factor, const unsigned row)
{
  site->texture[site->n_textures++] = (uint16_t)((unsigned)factor * CN_N_TEXTURE_ROWS + row);
}

// How the music is to be made, and how its hands usually go on from a place in the bar
static void
add_texture(const CnConditioning* const next, const CnFactor factor, const CnBarPlace place,
            CnHeadInput* const site)
{
  const CnTexture* const texture = next->texture;
  for (unsigned f = 0; texture && f < CN_N_TEXTURE_FIELDS; ++f) {
    if (texture->level[f]) {
      add_texture_row(site, factor, CN_TEXTURE_LEVEL + f * CN_N_TEXTURE_LEVELS + texture->level[f] - 1U);
    }
  }
  if (!next->figure || next->figure->length != place.length) {
    return;
  }
  for (unsigned v = 0; v < CN_N_FIGURE_VOICES; ++v) {
    const unsigned share = cn_figure_share(next->figure, (CnFigureVoice)v, place);
    const unsigned later = cn_figure_next(next->figure, (CnFigureVoice)v, place);
    add_texture_row(site, factor, CN_TEXTURE_SHARE + v * CN_N_FIGURE_SHARES + share);
    if (factor == CN_FACTOR_DT) {
      add_texture_row(site, factor, CN_TEXTURE_NEXT + v * (CN_FIGURE_FAR + 1) + later);
    }
  }
}

static void
add_following_row(CnHeadInput* const site, const unsigned row)
{
  if (site->n_followings < CN_FOLLOWING_MAX_ROWS) {
    site->following[site->n_followings++] = (uint16_t)row;
  }
}

// How near a line is that lies some ticks ahead
static unsigned
nearness(const int64_t ticks, const uint16_t bar)
{
  return ticks <= CN_TICKS_PER_QUARTER / 2 ? 0U
         : ticks <= CN_TICKS_PER_QUARTER   ? 1U
         : ticks <= bar                    ? 2U
         : ticks <= 2 * (int64_t)bar       ? 3U
                                           : 4U;
}

// How what follows is made, and how its hands go on from a place in the bar
static void
add_following_texture(const CnFollowing* const following, const CnFactor factor, const CnBarPlace place,
                      CnHeadInput* const site)
{
  const unsigned head = (unsigned)factor * CN_FOLLOWING_HEAD;
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    const unsigned level = following->texture.level[f];
    if (level) {
      add_following_row(site, head + CN_FOLLOWING_LEVEL + f * CN_N_TEXTURE_LEVELS + level - 1U);
    }
  }
  for (unsigned v = 0; following->figure.length == place.length && v < CN_N_FIGURE_VOICES; ++v) {
    const unsigned share = cn_figure_share(&following->figure, (CnFigureVoice)v, place);
    const unsigned later = cn_figure_next(&following->figure, (CnFigureVoice)v, place);
    add_following_row(site, head + CN_FOLLOWING_SHARE + v * CN_N_FIGURE_SHARES + share);
    if (factor == CN_FACTOR_DT) {
      add_following_row(site, head + CN_FOLLOWING_NEXT + v * (CN_FIGURE_FAR + 1) + later);
    }
  }
}

// Where the keys lead to, and what is struck there at the same place of the bar
static void
add_following_keys(const CnFollowing* const following, const unsigned near, const CnBarPlace place,
                   CnHeadInput* const site)
{
  const unsigned keys = CN_N_PITCHES * near;
  for (unsigned c = 0; c < 12; ++c) {
    if (following->harmony >> c & 1U) {
      add_following_row(site, CN_FOLLOWING_HARMONY + 12 * near + c);
    }
    if (following->scale >> c & 1U) {
      add_following_row(site, CN_FOLLOWING_SCALE + 12 * near + c);
    }
  }
  add_following_row(site, CN_FOLLOWING_BASS + keys + following->bass - CN_PITCH_MIN);
  add_following_row(site, CN_FOLLOWING_TOP + keys + following->top - CN_PITCH_MIN);
  for (unsigned s = 0; s < following->n_strokes; ++s) {
    if (following->stroke[s].place == place.offset / CN_FIGURE_TICKS) {
      add_following_row(site, CN_FOLLOWING_STROKE + keys + following->stroke[s].key - CN_PITCH_MIN);
    }
  }
}

// What follows, seen from a tick and its place in the bar
static void
add_following(const CnFollowing* const following, const CnFactor factor, const int32_t tick,
              const CnBarPlace place, CnHeadInput* const site)
{
  const int64_t ticks = following ? (int64_t)following->line - tick : 0;
  if (ticks <= 0) {
    return;
  }
  const unsigned head  = (unsigned)factor * CN_FOLLOWING_HEAD;
  const unsigned near  = nearness(ticks, place.length);
  const int32_t  most  = factor == CN_FACTOR_DURATION ? CN_OWN_DURATION_MAX : CN_DT_LONG;
  const int32_t  far   = ticks < most ? (int32_t)ticks : most;
  const unsigned reach = factor == CN_FACTOR_DURATION ? cn_duration_class(far) : (unsigned)far;
  add_following_row(site, head + CN_FOLLOWING_REACH + reach);
  add_following_row(site, head + CN_FOLLOWING_NEARNESS + near);
  add_following_texture(following, factor, place, site);
  if (factor == CN_FACTOR_PITCH) {
    add_following_keys(following, near, place, site);
  }
}

void
cn_context_head(const CnContext* const context, const CnFactor factor, const CnConditioning* const next,
                CnHeadInput* const site)
{
  assert(context->size > 0);

  site->n_rows     = 0;
  site->n_copies   = 0;
  site->lowest     = 0;
  site->has_chroma = false;
  site->n_textures = 0;
  site->n_chords   = 0;

  site->n_followings = 0;

  const int64_t  since = (int64_t)next->onset - context->notes[context->size - 1].onset;
  const unsigned dt    = since < CN_DT_LONG ? (unsigned)since : CN_DT_LONG;
  switch (factor) {
  case CN_FACTOR_DT:
    set_dt_site(context, next, site);
    break;
  case CN_FACTOR_PITCH:
    set_pitch_site(context, next, dt, site);
    break;
  case CN_FACTOR_DURATION:
    set_duration_site(context, next, dt, site);
    break;
  case CN_FACTOR_VELOCITY:
    set_velocity_site(context, next, dt, site);
    break;
  }
  const CnNote* const last  = &context->notes[context->size - 1];
  const bool          is_dt = factor == CN_FACTOR_DT; // Of which only where it counts from is known
  const CnBarPlace    place = is_dt ? last->bar : next->bar;
  add_texture(next, factor, place, site);
  add_following(next->following, factor, is_dt ? last->onset : next->onset, place, site);
}

void
cn_site_add_copies(const CnHeadInput* const site, const CnFactor factor, float* const y)
{
  const float* const gates = y + cn_factor_classes(factor);
  for (unsigned i = 0; i < site->n_copies; ++i) {
    y[site->copy[i].symbol] += gates[site->copy[i].gate];
  }
  if (site->has_chroma) {
    for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
      const unsigned c = (p + CN_PITCH_MIN) % 12U;
      y[p] += gates[CN_PITCH_GATE_CHROMA] * site->chroma[c] +
              gates[CN_PITCH_GATE_CHROMA + 1] * site->chroma[12 + c];
    }
  }
}

void
cn_site_gather_copies(const CnHeadInput* const site, const CnFactor factor, float* const dy)
{
  float* const gates = dy + cn_factor_classes(factor);
  for (unsigned i = 0; i < site->n_copies; ++i) {
    gates[site->copy[i].gate] += dy[site->copy[i].symbol];
  }
  if (site->has_chroma) {
    for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
      const unsigned c = (p + CN_PITCH_MIN) % 12U;
      gates[CN_PITCH_GATE_CHROMA] += site->chroma[c] * dy[p];
      gates[CN_PITCH_GATE_CHROMA + 1] += site->chroma[12 + c] * dy[p];
    }
  }
}
