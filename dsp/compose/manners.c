// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/manners.h"

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
