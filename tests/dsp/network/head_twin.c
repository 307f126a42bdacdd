// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/dsp/network/head_twin.h"

#include "dsp/music/chord.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_LAG = 384, LONGEST_DURATION = 288 }; // [ticks], see context_head.c

// What a twin is made from: the notes before `n`, and the one that is asked for
typedef struct {
  const CnNote*  notes;
  int            n;
  CnConditioning next;
  CnSiteTwin*    twin;
} Question;

static void
say(const Question* const q, const unsigned row)
{
  ++q->twin->rows[row];
}

static void
say_symbol(const Question* const q, const unsigned first, const unsigned gate, const unsigned symbol)
{
  say(q, first + symbol);
  ++q->twin->copies[symbol][gate];
}

static CnToken
token_of(const Question* const q, const int i)
{
  return cn_note_token(&q->notes[i], q->notes[i ? i - 1 : 0].onset);
}

static void
say_metre(const Question* const q, const unsigned first, const CnBarPlace bar)
{
  const int eighth = bar.offset / 12;
  const int length = bar.length / 12 - 1;
  say(q, first + bar.offset % 24U);
  say(q, first + 24 + (unsigned)(eighth > 15 ? 15 : eighth));
  say(q, first + 40 + (unsigned)(length > 15 ? 15 : length));
}

static int32_t
lag_ticks(const CnBarPlace bar, const unsigned lag)
{
  const int32_t length  = bar.length > LONGEST_LAG ? LONGEST_LAG : bar.length;
  const int32_t lags[4] = {24, 48, length, 2 * length};
  return lags[lag];
}

// How many (interval, dt) steps are the same up to notes `a` and `b`, a < b
static int
count_same(const Question* const q, const int a, const int b)
{
  int n = 0;
  while (a - n > 0 &&
         q->notes[a - n].pitch - q->notes[a - n - 1].pitch ==
             q->notes[b - n].pitch - q->notes[b - n - 1].pitch &&
         token_of(q, a - n).factor[CN_FACTOR_DT] == token_of(q, b - n).factor[CN_FACTOR_DT]) {
    ++n;
  }
  return n;
}

static int
find_match(const Question* const q, const unsigned match)
{
  static const int lengths[CN_N_MATCHES] = {2, 5, 10};
  for (int i = q->n - 2; i >= 0; --i) {
    if (count_same(q, i, q->n - 1) >= lengths[match]) {
      return i;
    }
  }
  return -1;
}

static int
find_longest_match(const Question* const q)
{
  int found = -1;
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    const int longer = find_match(q, m);
    found            = longer >= 0 ? longer : found;
  }
  return found;
}

static void
say_matches(const Question* const q, const CnFactor factor, const unsigned first)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    const int found = find_match(q, m);
    if (found >= 0) {
      const int interval = q->notes[q->n - 1].pitch - q->notes[found].pitch;
      const int symbol   = token_of(q, found + 1).factor[factor] + (factor == CN_FACTOR_PITCH ? interval : 0);
      if (symbol >= 0 && symbol < (int)cn_factor_classes(factor)) {
        say_symbol(q, first + m * (unsigned)cn_factor_classes(factor), m, (unsigned)symbol);
      }
    }
  }
}

static void
say_run(const Question* const q, const unsigned first)
{
  const int found = find_longest_match(q);
  const int run   = found < 0 ? 0 : count_same(q, found, q->n - 1);
  say(q, first + (run >= 2) + (run >= 5) + (run >= 10) + (run >= 20) + (run >= 40));
}

static unsigned
count_struck(const Question* const q, const int32_t time)
{
  unsigned n = 0;
  for (int i = 0; i < q->n; ++i) {
    n += q->notes[i].onset == time;
  }
  return n < 6 ? n : 6;
}

static void
ask_dt(const Question* const q)
{
  const CnNote* const last = &q->notes[q->n - 1];
  say_metre(q, CN_DT_METRE, last->bar);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_DT, CN_DT_MATCH);
    say_run(q, CN_DT_RUN);
  }
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int32_t then  = last->onset - lag_ticks(last->bar, l);
    int           after = 0; // First note after that time
    while (q->notes[after].onset <= then) {
      ++after;
    }
    if (after > 0) {
      const int32_t dt = q->notes[after].onset - then;
      say_symbol(q, CN_DT_LAG + l * CN_N_DTS, CN_DT_GATE_LAG + l, dt < 96 ? (unsigned)dt : 96);
    }
    say(q, CN_DT_SIZE + l * CN_N_SIZES + 7 * count_struck(q, last->onset) + count_struck(q, then));
  }
}

static void
say_pitch_sets(const Question* const q)
{
  for (unsigned s = 0; s <= CN_N_LAGS; ++s) {
    const int32_t time = q->next.onset - (s ? lag_ticks(q->next.bar, s - 1) : 0);
    for (int i = 0; i < q->n; ++i) {
      const CnNote* const note     = &q->notes[i];
      const int32_t       duration = note->duration < LONGEST_DURATION ? note->duration : LONGEST_DURATION;
      const bool          sounds   = note->onset < time && time < note->onset + duration;
      if (note->onset == time || sounds) {
        const unsigned set = 2 * s + sounds;
        say_symbol(q, CN_PITCH_SET + set * CN_N_PITCHES, CN_PITCH_GATE_SET + set, note->pitch - 21U);
      }
    }
  }
}

static void
say_chroma(const Question* const q)
{
  static const double beats[2] = {4.0, 64.0};
  for (unsigned d = 0; d < 2; ++d) {
    double sum = 0.0;
    for (int i = 0; i < q->n; ++i) {
      const double share = exp((q->notes[i].onset - q->notes[q->n - 1].onset) / (24.0 * beats[d]));
      q->twin->chroma[12 * d + q->notes[i].pitch % 12] += share;
      sum += share;
    }
    for (unsigned c = 0; c < 12; ++c) {
      q->twin->chroma[12 * d + c] /= sum;
    }
  }
}

static unsigned
get_dt(const Question* const q)
{
  const int32_t dt = q->next.onset - q->notes[q->n - 1].onset;
  return dt < 96 ? (unsigned)dt : 96;
}

// The tones of a chord less those of the nearest one, tone by tone
static void
say_chord(const Question* const q)
{
  const int32_t nearest = cn_chord_nearest(q->next.chord);
  if (q->next.chord == CN_CHORD_NONE) {
    return;
  }
  say(q, CN_PITCH_CHORD + (unsigned)nearest);
  for (unsigned c = 0; c < 12; ++c) {
    const bool has = cn_chord_pitch_classes(q->next.chord) & 1U << c;
    const bool had = cn_chord_pitch_classes(nearest) & 1U << c;
    q->twin->chord[CN_CHORD_MORE + c] += has && !had;
    q->twin->chord[CN_CHORD_LESS + c] += had && !has;
    q->twin->chord[CN_CHORD_BASS + c] += cn_chord_slash(q->next.chord) == (int)c;
  }
}

static void
ask_pitch(const Question* const q)
{
  say(q, CN_PITCH_DT + get_dt(q));
  say_metre(q, CN_PITCH_METRE, q->next.bar);
  say_chord(q);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_PITCH, CN_PITCH_MATCH);
    say_run(q, CN_PITCH_RUN);
  }
  say_pitch_sets(q);
  say_chroma(q);
  q->twin->lowest = get_dt(q) ? 0 : q->notes[q->n - 1].pitch + 1U - 21U;
}

// The nearest in pitch of some notes, the last one of equals; all notes if `time` is negative
static int
find_nearest(const Question* const q, const int first, const int32_t time)
{
  int nearest = -1;
  int least   = 1000;
  for (int i = first; i < q->n; ++i) {
    const int distance = abs(q->notes[i].pitch - 21 - q->next.pitch);
    if ((time < 0 || q->notes[i].onset == time) && distance <= least) {
      nearest = i;
      least   = distance;
    }
  }
  return nearest;
}

static void
say_voices(const Question* const q, const CnFactor factor, const unsigned distances, const unsigned first,
           const unsigned gate)
{
  const int near                = find_nearest(q, q->n > 16 ? q->n - 16 : 0, -1);
  const int distance            = abs(q->notes[near].pitch - 21 - q->next.pitch);
  int       voices[CN_N_VOICES] = {q->n - 1, near};
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int32_t time = q->next.onset - lag_ticks(q->next.bar, l);
    voices[2 + l]      = time < 0 ? -1 : find_nearest(q, 0, time);
  }

  say(q, distances + (distance > 0) + (distance > 2) + (distance > 5));
  for (unsigned v = 0; v < CN_N_VOICES; ++v) {
    if (voices[v] >= 0) {
      say_symbol(q, first + v * (unsigned)cn_factor_classes(factor), gate + v,
                 token_of(q, voices[v]).factor[factor]);
    }
  }
}

static void
ask_duration(const Question* const q)
{
  say(q, CN_DURATION_DT + get_dt(q));
  say_metre(q, CN_DURATION_METRE, q->next.bar);
  say(q, CN_DURATION_PITCH + (unsigned)q->next.pitch);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_DURATION, CN_DURATION_MATCH);
    say_run(q, CN_DURATION_RUN);
  }
  say_voices(q, CN_FACTOR_DURATION, CN_DURATION_DISTANCE, CN_DURATION_VOICE, CN_DURATION_GATE_VOICE);
}

static void
say_louder(const Question* const q)
{
  const int found = find_longest_match(q);
  if (found >= 0) {
    const int then   = token_of(q, found).factor[CN_FACTOR_VELOCITY];
    const int now    = token_of(q, q->n - 1).factor[CN_FACTOR_VELOCITY];
    const int symbol = token_of(q, found + 1).factor[CN_FACTOR_VELOCITY] + now - then;
    say_symbol(q, CN_VELOCITY_LOUDER, CN_VELOCITY_GATE_LOUDER,
               (unsigned)(symbol < 0    ? 0
                          : symbol > 31 ? 31
                                        : symbol));
  }
}

static void
ask_velocity(const Question* const q)
{
  say(q, CN_VELOCITY_DT + get_dt(q));
  say_metre(q, CN_VELOCITY_METRE, q->next.bar);
  say(q, CN_VELOCITY_PITCH + (unsigned)q->next.pitch);
  say(q, (unsigned)CN_VELOCITY_DURATION + q->next.duration);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_VELOCITY, CN_VELOCITY_MATCH);
    say_louder(q);
    say_run(q, CN_VELOCITY_RUN);
  }
  say_voices(q, CN_FACTOR_VELOCITY, CN_VELOCITY_DISTANCE, CN_VELOCITY_VOICE, CN_VELOCITY_GATE_VOICE);
}

static void
say_ahead(const Question* const q, const unsigned row)
{
  ++q->twin->following[row];
}

// Which keys are struck where the bar is in the same sixteenth
static void
say_strokes(const Question* const q, const unsigned near)
{
  const CnFollowing* const following = q->next.following;
  for (unsigned key = 0; key < CN_N_PITCHES; ++key) {
    bool is_struck = false;
    for (unsigned s = 0; s < following->n_strokes; ++s) {
      is_struck |=
          following->stroke[s].key == key + 21 && following->stroke[s].place == q->next.bar.offset / 6;
    }
    q->twin->following[CN_FOLLOWING_STROKE + 88 * near + key] += is_struck;
  }
}

// All that is told of what follows, up to its line
static void
say_following(const Question* const q, const CnFactor factor)
{
  const CnFollowing* const following = q->next.following;
  const CnNote* const      last      = &q->notes[q->n - 1];
  const bool               is_dt     = factor == CN_FACTOR_DT;
  const int32_t            here      = is_dt ? last->onset : q->next.onset;
  const CnBarPlace         bar       = is_dt ? last->bar : q->next.bar;
  if (!following || here >= following->line) {
    return;
  }
  const int32_t  left = following->line - here;
  const unsigned near = (unsigned)((left > 12) + (left > 24) + (left > bar.length) + (left > 2 * bar.length));
  const unsigned head = factor * CN_FOLLOWING_HEAD;
  const unsigned ticks = left < 96 ? (unsigned)left : 96;
  say_ahead(q, head + CN_FOLLOWING_REACH + (factor == CN_FACTOR_DURATION ? cn_duration_class(left) : ticks));
  say_ahead(q, head + CN_FOLLOWING_NEARNESS + near);
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    if (following->texture.level[f] != CN_TEXTURE_HIDDEN) {
      say_ahead(q, head + CN_FOLLOWING_LEVEL + 16 * f + following->texture.level[f] - 1);
    }
  }
  for (unsigned v = 0; v < CN_N_FIGURE_VOICES && bar.length == following->figure.length; ++v) {
    say_ahead(q,
              head + CN_FOLLOWING_SHARE + 4 * v + cn_figure_share(&following->figure, (CnFigureVoice)v, bar));
    if (is_dt) {
      say_ahead(q, head + CN_FOLLOWING_NEXT + 17 * v +
                       cn_figure_next(&following->figure, (CnFigureVoice)v, bar));
    }
  }
  if (factor == CN_FACTOR_PITCH) {
    for (unsigned c = 0; c < 12; ++c) {
      q->twin->following[CN_FOLLOWING_HARMONY + 12 * near + c] += following->harmony >> c & 1;
      q->twin->following[CN_FOLLOWING_SCALE + 12 * near + c] += following->scale >> c & 1;
    }
    say_ahead(q, CN_FOLLOWING_BASS + 88 * near + following->bass - 21U);
    say_ahead(q, CN_FOLLOWING_TOP + 88 * near + following->top - 21U);
    say_strokes(q, near);
  }
}

void
cn_head_twin_init(CnSiteTwin* const twin, const CnNote* const notes, const int n, const CnFactor factor,
                  const CnConditioning* const next)
{
  static void (*const ask[CN_N_FACTORS])(const Question*) = {ask_dt, ask_pitch, ask_duration, ask_velocity};

  const Question question = {notes, n, *next, twin};
  memset(twin, 0, sizeof(*twin));
  ask[factor](&question);
  say_following(&question, factor);
}
