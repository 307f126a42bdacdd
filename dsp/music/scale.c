// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/scale.h"

#include "dsp/music/classes.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define KEY_NOTES 256                          // Of the musician's that a key is found from, at most
#define KEY_FEWEST 8                           // And at least
#define KEY_HALF (32.0 * CN_TICKS_PER_QUARTER) // [ticks] after which a note counts half
#define KEY_LONGEST 48                         // [ticks] of a note that count
#define HELD_NOTES 64                          // Among which keys held together are looked for

typedef struct {
  const char* name;
  uint16_t    on_c; // Its classes on C, bit 0 for C
} Scale;

static const Scale scales[CN_N_SCALES] = {
    [CN_SCALE_OFF]              = {"off", CN_ALL_CLASSES},
    [CN_SCALE_MAJOR]            = {"major", 0xAB5},
    [CN_SCALE_MINOR]            = {"minor", 0x5AD},
    [CN_SCALE_HARMONIC_MINOR]   = {"harmonic-minor", 0x9AD},
    [CN_SCALE_MELODIC_MINOR]    = {"melodic-minor", 0xAAD},
    [CN_SCALE_DORIAN]           = {"dorian", 0x6AD},
    [CN_SCALE_PHRYGIAN]         = {"phrygian", 0x5AB},
    [CN_SCALE_LYDIAN]           = {"lydian", 0xAD5},
    [CN_SCALE_MIXOLYDIAN]       = {"mixolydian", 0x6B5},
    [CN_SCALE_LOCRIAN]          = {"locrian", 0x56B},
    [CN_SCALE_MAJOR_PENTATONIC] = {"major-pentatonic", 0x295},
    [CN_SCALE_MINOR_PENTATONIC] = {"minor-pentatonic", 0x4A9},
    [CN_SCALE_BLUES]            = {"blues", 0x4E9},
    [CN_SCALE_MAJOR_BLUES]      = {"major-blues", 0x29D},
    [CN_SCALE_WHOLE_TONE]       = {"whole-tone", 0x555},
    [CN_SCALE_OCTATONIC_HALF]   = {"octatonic-half", 0x6DB},
    [CN_SCALE_OCTATONIC_WHOLE]  = {"octatonic-whole", 0xB6D},
    [CN_SCALE_PLAYED]           = {"played", CN_ALL_CLASSES},
    [CN_SCALE_HELD]             = {"held", CN_ALL_CLASSES},
};

// Of minor, both sevenths belong to it
static const uint16_t minor_key = 0xDAD;

const char*
cn_scale_name(const CnScale scale)
{
  return scales[scale].name;
}

int
cn_scale_parse(const char* const name)
{
  int scale = CN_N_SCALES - 1;
  while (scale >= 0 && strcmp(name, scales[scale].name) != 0) {
    --scale;
  }
  return scale;
}

// The classes of the musician's keys that sound as note `i` begins, itself one of them
static uint16_t
classes_at(const CnNote* const notes, const uint32_t i)
{
  const uint32_t oldest  = i > HELD_NOTES ? i - HELD_NOTES : 0;
  unsigned       classes = 0;
  for (uint32_t k = oldest; k <= i; ++k) {
    const bool sounds = notes[k].onset + notes[k].duration > notes[i].onset;
    classes |= notes[k].part == CN_PART_MUSICIAN && sounds ? 1U << notes[k].pitch % 12U : 0U;
  }
  return (uint16_t)classes;
}

// The classes that he last held together, if they were enough to be a scale
static uint16_t
held_classes(const CnNote* const notes, const uint32_t n_notes)
{
  for (uint32_t i = n_notes; i > 0; --i) {
    if (notes[i - 1].part == CN_PART_MUSICIAN) {
      const uint16_t classes = classes_at(notes, i - 1);
      if (cn_classes_count(classes) >= CN_HELD_CLASSES) {
        return classes;
      }
    }
  }
  return CN_ALL_CLASSES;
}

uint16_t
cn_scale_classes(const unsigned scale, const unsigned root, const CnNote* const notes, const uint32_t n_notes)
{
  if (scale == CN_SCALE_HELD) {
    return held_classes(notes, n_notes);
  }
  if (scale == CN_SCALE_PLAYED) {
    const int key = cn_key_of_notes(notes, n_notes);
    return key == CN_KEY_NONE ? CN_ALL_CLASSES
           : key < 12         ? cn_classes_turn(scales[CN_SCALE_MAJOR].on_c, (unsigned)key)
                              : cn_classes_turn(minor_key, (unsigned)key);
  }
  return scale < CN_N_SCALES ? cn_classes_turn(scales[scale].on_c, root) : CN_ALL_CLASSES;
}

// Correlation of twelve numbers with a profile that begins at a root; 0 if the numbers are all the same
static double
correlate(const double chroma[12], const double profile[12], const unsigned root)
{
  double mean[2] = {0.0, 0.0};
  for (unsigned c = 0; c < 12; ++c) {
    mean[0] += chroma[c] / 12.0;
    mean[1] += profile[c] / 12.0;
  }
  double both   = 0.0;
  double own[2] = {0.0, 0.0};
  for (unsigned c = 0; c < 12; ++c) {
    const double x = chroma[(c + root) % 12] - mean[0];
    const double y = profile[c] - mean[1];
    both += x * y;
    own[0] += x * x;
    own[1] += y * y;
  }
  return own[0] > 0.0 ? both / sqrt(own[0] * own[1]) : 0.0;
}

int
cn_key_estimate(const double chroma[12], double* const fit)
{
  static const double profiles[2][12] = {
      {6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88},
      {6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17},
  };
  int    best       = CN_KEY_NONE;
  double best_score = 0.0;
  for (int key = 0; key < CN_N_KEYS; ++key) {
    const double score = correlate(chroma, profiles[key / 12], (unsigned)key % 12);
    if (score > best_score) {
      best       = key;
      best_score = score;
    }
  }
  if (fit) {
    *fit = best_score;
  }
  return best;
}

// 2^-n for n >= 0, the same on every machine, which exp2() need not be
static double
halve(const double n)
{
  if (!(n < 60.0)) {
    return 0.0;
  }
  const int    whole = (int)n;
  const double x     = 0.6931471805599453 * (whole - n);
  double       sum   = 1.0;
  for (int k = 9; k > 0; --k) {
    sum = 1.0 + sum * x / k;
  }
  return sum / (double)(UINT64_C(1) << whole);
}

int
cn_key_of_notes(const CnNote* const notes, const uint32_t n_notes)
{
  double   chroma[12] = {0.0};
  unsigned n          = 0;
  int32_t  latest     = 0;
  for (uint32_t i = n_notes; i > 0 && n < KEY_NOTES; --i) {
    const CnNote* const note = &notes[i - 1];
    if (note->part == CN_PART_MUSICIAN) {
      latest             = n++ ? latest : note->onset;
      const double ticks = note->duration < KEY_LONGEST ? note->duration : KEY_LONGEST;
      chroma[note->pitch % 12] += ticks * halve((latest - note->onset) / KEY_HALF);
    }
  }
  return n < KEY_FEWEST ? CN_KEY_NONE : cn_key_estimate(chroma, NULL);
}
