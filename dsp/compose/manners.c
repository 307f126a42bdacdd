// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/manners.h"

#include "dsp/compose/phrase_bars.h"
#include "dsp/music/scale.h"
#include "dsp/music/texture.h"

#include <stdbool.h>

// A network that hears itself likes to stay where it is.  In real music hardly any key has more than
// a fifth of the notes for long; what is above is held against it
#define DRONE_NOTES 48
#define DRONE_SCAN 256 // Notes, the musician's too, among which our own are looked for
#define DRONE_SHARE 0.2F
#define DRONE_PENALTY 8.0F // [nats] for all notes on one key

void
cn_manners_drones(const CnNote* const notes, const uint32_t n_notes, float logits[CN_N_PITCHES])
{
  unsigned       n_own               = 0;
  unsigned       count[CN_N_PITCHES] = {0};
  const uint32_t oldest              = n_notes > DRONE_SCAN ? n_notes - DRONE_SCAN : 0;
  for (uint32_t i = n_notes; i > oldest && n_own < DRONE_NOTES; --i) {
    if (notes[i - 1].part == CN_PART_CONTINUO) {
      ++count[notes[i - 1].pitch - CN_PITCH_MIN];
      ++n_own;
    }
  }
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    const float excess = (float)count[p] / DRONE_NOTES - DRONE_SHARE;
    logits[p] -= excess > 0.0F ? DRONE_PENALTY * excess : 0.0F;
  }
}

// On its own path a network restrikes keys more often than pieces do, and rubs semitones against
// each other; both by what continuations of pieces that nobody learnt from showed
#define AGAIN_PENALTY 0.5F // [nats] for a key of the onset before
#define RUB_PENALTY 0.7F   // [nats] for a key a semitone beside one that sounds
#define SOUND_NOTES 64     // The last ones, among which those that sound are looked for

void
cn_manners_neighbours(const CnNote* const notes, const uint32_t n_notes, const int32_t onset,
                      float logits[CN_N_PITCHES])
{
  bool           rubs[CN_N_PITCHES + 2] = {false}; // A place more at either end
  bool           again[CN_N_PITCHES]    = {false};
  const uint32_t oldest                 = n_notes > SOUND_NOTES ? n_notes - SOUND_NOTES : 0;
  int32_t        before                 = INT32_MIN; // The onset before
  for (uint32_t i = n_notes; i > oldest; --i) {
    const CnNote* const note = &notes[i - 1];
    const unsigned      p    = note->pitch - CN_PITCH_MIN;
    before                   = note->onset < onset && before == INT32_MIN ? note->onset : before;
    again[p]                 = again[p] || note->onset == before;
    if (note->onset + note->duration > onset) {
      rubs[p]     = true;
      rubs[p + 2] = true;
    }
  }
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    logits[p] -= (again[p] ? AGAIN_PENALTY : 0.0F) + (rubs[p + 1] ? RUB_PENALTY : 0.0F);
  }
}

// The last beat of a continuation is at home if it can be: this is for the notes of the tonic's chord
#define CLOSE_BASS_TOP 55 // Below G3 a note is bass
#define CLOSE_TONIC 3.0F  // [nats] for the tonic
#define CLOSE_CHORD 1.5F  // [nats] for third and fifth above the bass

// Whether a bar's last beat before a line has begun
static bool
is_last_beat(const CnPlanRequest* const request, const int32_t onset)
{
  return onset >= request->close - cn_bar_beat(request->bar.length) && onset < request->close;
}

void
cn_manners_close(const CnPlanRequest* const request, const int32_t onset, float logits[CN_N_PITCHES])
{
  if (!request->closes || !is_last_beat(request, onset)) {
    return;
  }
  const int key = cn_key_of_notes(request->history, request->n_history);
  if (key == CN_KEY_NONE) {
    return;
  }
  const unsigned third = key < 12 ? 4 : 3;
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    const unsigned pitch    = p + CN_PITCH_MIN;
    const unsigned degree   = (pitch + 12 - (unsigned)key % 12) % 12;
    const bool     is_chord = pitch >= CLOSE_BASS_TOP && (degree == third || degree == 7);
    logits[p] += degree == 0 ? CLOSE_TONIC : is_chord ? CLOSE_CHORD : 0.0F;
  }
}

// Loops and runaways: bounds that music which is well made never meets

#define MOST_STEPS 64 // Alike, unless the musician has more
#define DENSE_BARS 4  // [bars] over which notes are counted

// Make the steps of a sequence, of which `n` notes are counted
static CnSteps
steps_of(const CnNote* const notes, const uint32_t n, uint32_t* const longest)
{
  CnSteps steps = {.onset = INT32_MIN};
  *longest      = 0;
  for (uint32_t i = 0; i < n; ++i) {
    cn_manners_step(&steps, notes[i].onset);
    *longest = steps.n > *longest ? steps.n : *longest;
  }
  return steps;
}

void
cn_manners_step(CnSteps* const steps, const int32_t onset)
{
  const int32_t step = steps->onset == INT32_MIN ? 0 : onset - steps->onset;
  if (step || steps->onset == INT32_MIN) { // Otherwise it is the same chord
    steps->n     = step && step == steps->step ? steps->n + 1 : step != 0;
    steps->step  = step;
    steps->onset = onset;
  }
}

CnSteps
cn_manners_steps(const CnPlanRequest* const request)
{
  const uint32_t n     = request->n_history + request->n_recent;
  CnSteps        steps = {.onset = INT32_MIN, .most = MOST_STEPS};
  uint32_t       first = n;
  int32_t        step  = 0;
  int32_t        later = INT32_MAX; // The onset after those that are looked at
  while (first > 0 && cn_plan_request_note(request, first - 1)->part == CN_PART_CONTINUO) {
    const int32_t onset = cn_plan_request_note(request, first - 1)->onset;
    const int32_t now   = later == INT32_MAX ? 0 : later - onset;
    if (now && step && now != step) {
      break;
    }
    step  = now ? now : step;
    later = onset;
    --first;
  }
  for (uint32_t i = first; i < n; ++i) {
    cn_manners_step(&steps, cn_plan_request_note(request, i)->onset);
  }
  if (steps.n + CN_SEGMENT_NOTES >= MOST_STEPS) { // Soon it matters how the musician has played
    CnNote         played[CN_TEXTURE_NOTES_MAX];
    uint32_t       longest  = 0;
    const uint32_t n_played = cn_texture_last_played(request->history, request->n_history, played);
    steps_of(played, n_played, &longest);
    steps.most = longest > MOST_STEPS ? longest : MOST_STEPS;
  }
  return steps;
}

int64_t
cn_manners_breathe(const CnSteps* const steps, const int64_t onset)
{
  const bool is_too_many = steps->step && steps->n >= steps->most && onset - steps->onset == steps->step;
  return is_too_many ? onset + steps->step : onset;
}

// Own notes in the bars before a tick
static uint32_t
count_own(const CnPlanRequest* const request, const int64_t from)
{
  uint32_t n = 0;
  for (uint32_t i = request->n_history + request->n_recent;
       i > 0 && cn_plan_request_note(request, i - 1)->onset >= from; --i) {
    n += cn_plan_request_note(request, i - 1)->part == CN_PART_CONTINUO;
  }
  return n;
}

uint32_t
cn_manners_notes(const CnPlanRequest* const request)
{
  CnNote         played[CN_TEXTURE_NOTES_MAX];
  const int64_t  ticks = (int64_t)DENSE_BARS * request->bar.length;
  const uint32_t n     = request->params.role == CN_ROLE_ACCOMPANY || request->params.role == CN_ROLE_SOLO
                             ? 0
                             : cn_texture_last_played(request->history, request->n_history, played);
  if (!n) {
    return CN_SEGMENT_NOTES;
  }

  const int64_t heard  = (int64_t)cn_phrase_end(played, n) - played[0].onset;
  const int64_t sparse = ticks / CN_TICKS_PER_QUARTER;
  const int64_t twice  = 2 * n * ticks / (heard > CN_TICKS_PER_QUARTER ? heard : CN_TICKS_PER_QUARTER);
  const int64_t most   = twice > sparse ? twice : sparse;
  // Those before the segment, of four bars: so no four bars have more, wherever they begin
  const int64_t own  = count_own(request, (int64_t)request->segment * CN_SEGMENT_TICKS - ticks);
  const int64_t left = most > own ? most - own : 0;
  return left < CN_SEGMENT_NOTES ? (uint32_t)left : CN_SEGMENT_NOTES;
}
