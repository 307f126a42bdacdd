// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/aim.h"

#include "dsp/kernel/kernel_math.h"
#include "dsp/music/texture.h"

#include <stdbool.h>

// What was composed lately
#define LATELY_BARS 32   // [bars]
#define LATELY_NOTES 512 // At most
#define LAST_NOTES 32    // Whose lengths are looked at
#define LEAST_NOTES 8    // If there are fewer, the others are as they should be

// How strongly an error pulls.  That of the density fades: were it counted over some bars, each as much as
// the others, then what leaves them would be made up for at once, in clusters and rests
#define PACE_FADE 384.0F  // [ticks] until a note counts 1 / e; 16 quarters
#define PACE_GAIN 24.0F   // [nats an octave] if there was nothing, or twice as much
#define PACE_UP 6.0F      // [nats an octave] at most
#define PACE_DOWN 6.0F    // [nats an octave] at most
#define CHORD_PACE 1.0F   // So much of it goes to how full chords are
#define LENGTH_GAIN 8.0F  // So many times the error is the centre off, the other way
#define LENGTH_MOST 16.0F // [1/16 octaves]
#define LENGTH_WIDTH 16.0F
#define LENGTH_OFF 3.0F   // [1/16 octaves] of error that doubles the pull: motifs are sure of their lengths
#define HELD_PENALTY 3.0F // [nats] for a key that still sounds, where a length is asked for
#define MOTION_FADE 96.0F // Notes until one counts 1 / e
#define MOTION_GAIN 10.0F // [nats a semitone] for a semitone of error
#define MOTION_MOST 5.0F  // [nats a semitone]

// Own notes that were composed lately, and since when
typedef struct {
  CnNote   notes[LATELY_NOTES];
  uint32_t n;
  int32_t  since; // [ticks]
} Lately;

static float
clamp(const float value, const float most)
{
  return value > most ? most : value < -most ? -most : value;
}

// Look back on own notes, as far as they go on without the musician; an accompaniment's, wherever he plays
static void
look_back(const CnPlanRequest* const request, Lately* const lately)
{
  const int32_t start    = request->segment * CN_SEGMENT_TICKS;
  int32_t       from     = start - LATELY_BARS * request->bar.length;
  bool          is_whole = false; // They go back to `from`
  uint32_t      n        = 0;
  lately->since          = start;
  for (uint32_t i = request->n_history + request->n_recent; i > 0 && n < LATELY_NOTES && !is_whole; --i) {
    const CnNote* const note = cn_plan_request_note(request, i - 1);
    if (note->part == CN_PART_CONTINUO) {
      is_whole      = note->onset < from;
      lately->since = is_whole ? from : note->onset;
      if (!is_whole) {
        lately->notes[LATELY_NOTES - ++n] = *note;
      }
    } else if (request->params.role != CN_ROLE_ACCOMPANY) {
      break;
    }
  }
  for (uint32_t i = 0; i < n; ++i) {
    lately->notes[i] = lately->notes[LATELY_NOTES - n + i];
  }
  lately->n = n;
}

// Go on to a tick.  What is so far off that it pulls with all strength is no farther off: the musician may
// have asked for something else in the meantime
static void
go_on(CnAim* const aim, const int32_t tick)
{
  const float least = aim->notes * (1.0F - PACE_UP / PACE_GAIN);
  const float had   = aim->had * cn_expf((float)(aim->tick - tick) / PACE_FADE);
  aim->had          = had > least ? had : least;
  aim->tick         = tick;
}

void
cn_aim_count(CnAim* const aim, const int32_t onset)
{
  const float most = aim->notes * (1.0F + PACE_DOWN / PACE_GAIN);
  if (aim->notes > 0.0F) {
    go_on(aim, onset);
    aim->had = aim->had + 1.0F < most ? aim->had + 1.0F : most;
  }
}

// Count the notes up to the segment, as if all had been well before
static void
count_lately(const CnPlanRequest* const request, const Lately* const lately, CnAim* const aim)
{
  const float wanted = (float)request->params.rules.density / CN_DENSITY_UNIT;
  aim->notes         = wanted * PACE_FADE / CN_TICKS_PER_QUARTER;
  aim->had           = aim->notes;
  aim->tick          = lately->since;
  for (uint32_t i = 0; i < lately->n; ++i) {
    cn_aim_count(aim, lately->notes[i].onset);
  }
  go_on(aim, request->segment * CN_SEGMENT_TICKS);
}

static void
find_length(const Lately* const lately, const int32_t wanted, CnAim* const aim)
{
  const float    asked = cn_texture_log(wanted);
  const uint32_t first = lately->n > LAST_NOTES ? lately->n - LAST_NOTES : 0;
  const uint32_t n     = lately->n - first;
  float          sum   = 0.0F;
  for (uint32_t i = first; i < lately->n; ++i) {
    sum += asked - (float)cn_texture_log(lately->notes[i].duration);
  }
  const float off  = sum / (float)(n > LEAST_NOTES ? n : LEAST_NOTES);
  aim->length      = asked + clamp(LENGTH_GAIN * off, LENGTH_MOST);
  aim->length_pull = 1.0F + off * off / (LENGTH_OFF * LENGTH_OFF);
}

static float
find_motion(const Lately* const lately, const float wanted)
{
  float off = 0.0F;
  for (uint32_t i = 0; i < lately->n; ++i) {
    const CnNote* const note = &lately->notes[i];
    const int distance       = cn_aim_distance(lately->notes, i, note->onset, CN_PART_CONTINUO, note->pitch);
    if (distance >= 0) {
      off = clamp(off + (wanted - (float)distance - off) / MOTION_FADE, MOTION_MOST / MOTION_GAIN);
    }
  }
  return MOTION_GAIN * off;
}

CnAim
cn_aim_of(const CnPlanRequest* const request)
{
  const CnRules* const rules = &request->params.rules;
  CnAim                aim   = {0};
  Lately               lately;
  if (!rules->density && !rules->length && !rules->motion) {
    return aim;
  }
  look_back(request, &lately);
  if (rules->density) {
    count_lately(request, &lately, &aim);
  }
  if (rules->length) {
    find_length(&lately, rules->length, &aim);
  }
  aim.motion = rules->motion ? find_motion(&lately, (float)rules->motion / CN_MOTION_UNIT) : 0.0F;
  return aim;
}

void
cn_aim_steps(const CnAim* const aim, float logits[CN_N_DTS])
{
  float top = logits[1];
  float all = 0.0F;
  float sum = 0.0F;
  if (aim->notes == 0.0F) {
    return;
  }
  const float pace = PACE_GAIN * (1.0F - aim->had / aim->notes);
  for (int dt = 1; dt < CN_N_DTS; ++dt) {
    top = logits[dt] > top ? logits[dt] : top;
  }
  for (int dt = 1; dt < CN_N_DTS; ++dt) {
    const float p = cn_expf(logits[dt] - top);
    all += p;
    sum += p * (float)cn_texture_log(dt);
  }
  logits[0] += pace * CHORD_PACE;
  for (int dt = 1; dt < CN_N_DTS; ++dt) { // Around their mean, so that what is not in the chord is as likely
    logits[dt] -= pace * ((float)cn_texture_log(dt) - sum / all) / CN_TEXTURE_LOG_UNIT;
  }
}

void
cn_aim_durations(const CnAim* const aim, float logits[CN_N_DURATIONS])
{
  if (aim->length_pull == 0.0F) {
    return;
  }
  for (unsigned d = 0; d < CN_N_DURATIONS; ++d) {
    const float off = ((float)cn_texture_log(cn_duration_ticks((uint8_t)d)) - aim->length) / LENGTH_WIDTH;
    logits[d] -= 0.5F * aim->length_pull * off * off;
  }
}

// Distances

// First of the notes from which keys are told, in front of the one at `end`
static uint32_t
first_around(const CnNote* const notes, const uint32_t end, const int32_t onset, const unsigned part)
{
  uint32_t first = end;
  int32_t  from  = onset - CN_TICKS_PER_QUARTER;
  bool     has   = false;
  for (uint32_t i = end; i > 0 && (notes[i - 1].onset >= from || !has); --i) {
    if (notes[i - 1].part == part) {
      from  = !has && notes[i - 1].onset < from ? notes[i - 1].onset : from;
      has   = true;
      first = i - 1;
    }
  }
  return first;
}

static uint32_t
end_before(const CnNote* const notes, uint32_t n_notes, const int32_t onset)
{
  while (n_notes > 0 && notes[n_notes - 1].onset >= onset) {
    --n_notes;
  }
  return n_notes;
}

static int
nearest(const CnNote* const notes, const uint32_t first, const uint32_t end, const unsigned part,
        const unsigned pitch)
{
  int least = -1;
  for (uint32_t i = first; i < end; ++i) {
    const int apart = (int)notes[i].pitch - (int)pitch;
    const int size  = apart < 0 ? -apart : apart;
    const int now   = size < CN_AIM_FAR ? size : CN_AIM_FAR;
    least           = notes[i].part == part && (least < 0 || now < least) ? now : least;
  }
  return least;
}

int
cn_aim_distance(const CnNote* const notes, const uint32_t n_notes, const int32_t onset, const unsigned part,
                const unsigned pitch)
{
  const uint32_t end = end_before(notes, n_notes, onset);
  return nearest(notes, first_around(notes, end, onset, part), end, part, pitch);
}

// A key that is struck again while it sounds cuts a note that was to be longer
static void
hold_keys(const CnNote* const notes, const uint32_t n_notes, const int32_t onset, float logits[CN_N_PITCHES])
{
  const uint32_t oldest               = n_notes > LATELY_NOTES ? n_notes - LATELY_NOTES : 0;
  bool           sounds[CN_N_PITCHES] = {false};
  for (uint32_t i = n_notes; i > oldest; --i) {
    const CnNote* const note = &notes[i - 1];
    if (note->part == CN_PART_CONTINUO && note->onset + note->duration > onset) {
      sounds[note->pitch - CN_PITCH_MIN] = true;
    }
  }
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    logits[p] -= sounds[p] ? HELD_PENALTY : 0.0F;
  }
}

void
cn_aim_keys(const CnAim* const aim, const CnNote* const notes, const uint32_t n_notes, const int32_t onset,
            float logits[CN_N_PITCHES])
{
  if (aim->length_pull > 0.0F) {
    hold_keys(notes, n_notes, onset, logits);
  }
  if (aim->motion == 0.0F) {
    return;
  }
  const uint32_t end   = end_before(notes, n_notes, onset);
  const uint32_t first = first_around(notes, end, onset, CN_PART_CONTINUO);
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    const int distance = nearest(notes, first, end, CN_PART_CONTINUO, p + CN_PITCH_MIN);
    logits[p] += distance < 0 ? 0.0F : aim->motion * (float)distance;
  }
}
