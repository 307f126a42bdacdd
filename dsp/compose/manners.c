// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/manners.h"

#include "dsp/music/scale.h"

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

// The last beat of a continuation is at home if it can be: this is for the notes of the tonic's chord
#define CLOSE_BASS_TOP 55 // Below G3 a note is bass
#define CLOSE_TONIC 3.0F  // [nats] for the tonic
#define CLOSE_CHORD 1.5F  // [nats] for third and fifth above the bass

// Whether a bar's last beat before a line has begun
static bool
is_last_beat(const CnPlanRequest* const request, const int32_t onset)
{
  const int32_t whole = CN_TICKS_PER_QUARTER;
  const int32_t beat  = request->bar.length % whole ? whole / 2 : whole;
  return onset >= request->close - beat && onset < request->close;
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
