// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"

#include <stdio.h>
#include <string.h>

#define N_QUALITIES (CN_N_CHORDS / 12)
#define LEAST_SHARE 0.6F // Of what sounds, for a chord to explain it

static const char* const suffixes[N_QUALITIES] = {"", "m", "7", "dim"};

uint16_t
cn_chord_pitch_classes(const int32_t chord)
{
  // Bits of the qualities on C: C E G, C Eb G, C E G Bb, C Eb Gb
  static const uint16_t on_c[N_QUALITIES] = {0x091, 0x089, 0x491, 0x049};

  if (chord < 0 || chord >= CN_N_CHORDS) {
    return 0xFFF;
  }
  const unsigned bits = (unsigned)on_c[chord / 12] << (chord % 12);
  return (uint16_t)((bits | bits >> 12) & 0xFFF);
}

int32_t
cn_chord_estimate(const float weights[12])
{
  float sum = 0.0F;
  for (unsigned c = 0; c < 12; ++c) {
    sum += weights[c];
  }

  int32_t best       = CN_CHORD_NONE;
  float   best_score = LEAST_SHARE * sum;
  for (int32_t chord = 0; sum > 0.0F && chord < CN_N_CHORDS; ++chord) {
    const uint16_t classes = cn_chord_pitch_classes(chord);
    float          score   = 0.0F;
    for (unsigned c = 0; c < 12; ++c) {
      score += (classes >> c & 1U) ? weights[c] : 0.0F;
    }
    score += 0.1F * weights[chord % 12];           // A root that sounds speaks for it
    score -= chord / 12 == 2 ? 0.08F * sum : 0.0F; // Four notes explain more by chance
    if (score > best_score) {
      best       = chord;
      best_score = score;
    }
  }
  return best;
}

int32_t
cn_chord_parse(const char* const name)
{
  static const char letters[]    = "CDEFGAB";
  static const int  semitones[7] = {0, 2, 4, 5, 7, 9, 11};
  const char* const letter       = *name ? strchr(letters, *name) : NULL;
  const char*       rest         = name + 1;
  if (!letter) {
    return CN_CHORD_NONE;
  }

  int root = semitones[letter - letters];
  for (; *rest == '#' || *rest == 'b'; ++rest) {
    root += *rest == '#' ? 1 : 11;
  }
  for (int32_t quality = 0; quality < N_QUALITIES; ++quality) {
    if (!strcmp(rest, suffixes[quality])) {
      return root % 12 + 12 * quality;
    }
  }
  return CN_CHORD_NONE;
}

void
cn_chord_print(const int32_t chord, char* const name)
{
  static const char* const roots[12] = {"C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};

  if (chord < 0 || chord >= CN_N_CHORDS) {
    strcpy(name, "none");
  } else {
    snprintf(name, 8, "%s%s", roots[chord % 12], suffixes[chord / 12]);
  }
}
