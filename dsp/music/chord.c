// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"

#include "dsp/music/classes.h"

#include <string.h>

#define LEAST_SHARE 0.6F // Of what sounds, for a chord to explain it
#define ROOT_PULL 0.1F   // A root that sounds speaks for it
#define BASS_PULL 0.1F   // And so does one in the bass

// Many tones explain more by chance, melodies above all: what they have to explain more [share]
#define SEVENTH_TOLL 0.08F // Where there are but the CN_N_CHORDS
#define FOREIGN_TOLL 0.08F // A bass that is none of the chord's own tones
#define ABSENT_TOLL 0.06F  // A tone that is not there
#define ABSENT 0.02F       // That is, of which there is less
#define FIFTH (1U << 7U)

// How far a name is from what is held: the nearest one is taken
#define COST_NO_FIFTH 4
#define COST_FOREIGN_BASS 6
#define COST_NONE 100

typedef struct {
  const char* suffix;
  uint16_t    on_c;      // Its classes on C, bit 0 for C
  uint8_t     nearest;   // Of the qualities that all networks know
  uint8_t     inversion; // Cost of another bass than the root: some are then rather called something else
  bool        may_lack;  // The fifth may be missing
} Quality;

static const Quality qualities[CN_N_CHORD_QUALITIES] = {
    {"", 0x091, 0, 2, false},      // C E G
    {"m", 0x089, 1, 2, false},     // C Eb G
    {"7", 0x491, 2, 2, true},      // C E G Bb
    {"dim", 0x049, 3, 2, false},   // C Eb Gb
    {"maj7", 0x891, 0, 2, true},   // C E G B
    {"m7", 0x489, 1, 2, true},     // C Eb G Bb
    {"m7b5", 0x449, 3, 2, false},  // C Eb Gb Bb
    {"dim7", 0x249, 3, 8, false},  // C Eb Gb A
    {"aug", 0x111, 0, 8, false},   // C E G#
    {"sus2", 0x085, 0, 5, false},  // C D G
    {"sus4", 0x0A1, 0, 3, false},  // C F G
    {"6", 0x291, 0, 5, false},     // C E G A
    {"m6", 0x289, 1, 5, false},    // C Eb G A
    {"9", 0x495, 2, 3, true},      // C E G Bb D
    {"m9", 0x48D, 1, 3, true},     // C Eb G Bb D
    {"maj9", 0x895, 0, 3, true},   // C E G B D
    {"7sus4", 0x4A1, 2, 5, false}, // C F G Bb
    {"mmaj7", 0x889, 1, 2, true},  // C Eb G B
    {"add9", 0x095, 0, 7, false},  // C E G D
    {"5", 0x081, 0, 2, false},     // C G
};

// Other ways to write the suffixes
static const struct {
  const char* suffix;
  uint8_t     quality;
} aliases[] = {
    {"maj", 0},    {"M", 0},      {"min", 1},   {"-", 1},    {"dom7", 2},     {"o", 3},
    {"M7", 4},     {"j7", 4},     {"min7", 5},  {"-7", 5},   {"mi7", 5},      {"0", 6},
    {"min7b5", 6}, {"-7b5", 6},   {"o7", 7},    {"+", 8},    {"2", 9},        {"sus", 10},
    {"4", 10},     {"maj6", 11},  {"min6", 12}, {"-6", 12},  {"min9", 14},    {"-9", 14},
    {"M9", 15},    {"9sus4", 16}, {"7sus", 16}, {"mM7", 17}, {"minmaj7", 17},
};

static const char* const roots[12] = {"C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};

// Numbers

static CN_AUDIO unsigned
root_of(const int32_t chord)
{
  return (unsigned)(chord % CN_CHORD_SLASH) % 12;
}

static CN_AUDIO unsigned
quality_of(const int32_t chord)
{
  return (unsigned)(chord % CN_CHORD_SLASH) / 12;
}

CN_AUDIO bool
cn_chord_is_valid(const int32_t chord)
{
  return chord >= 0 && chord / CN_CHORD_SLASH <= 12 && quality_of(chord) < CN_N_CHORD_QUALITIES;
}

CN_AUDIO uint16_t
cn_chord_pitch_classes(const int32_t chord)
{
  if (!cn_chord_is_valid(chord)) {
    return CN_ALL_CLASSES;
  }
  const int      slash = chord / CN_CHORD_SLASH - 1;
  const unsigned bass  = slash < 0 ? 0U : 1U << (unsigned)slash;
  return (uint16_t)(cn_classes_turn(qualities[quality_of(chord)].on_c, root_of(chord)) | bass);
}

CN_AUDIO int32_t
cn_chord_nearest(const int32_t chord)
{
  return cn_chord_is_valid(chord) ? (int32_t)(root_of(chord) + 12U * qualities[quality_of(chord)].nearest)
                                  : CN_CHORD_NONE;
}

CN_AUDIO int
cn_chord_slash(const int32_t chord)
{
  return cn_chord_is_valid(chord) ? chord / CN_CHORD_SLASH - 1 : -1;
}

// A chord's number over a bass
static CN_AUDIO int32_t
number_of(const unsigned root, const unsigned quality, const unsigned bass)
{
  return (int32_t)(root + 12 * quality + (bass == root ? 0 : CN_CHORD_SLASH * (1 + bass)));
}

int32_t
cn_chord_transpose(const int32_t chord, const int semitones)
{
  const int slash = cn_chord_slash(chord);
  const int turns = (semitones % 12 + 12) % 12;
  if (!cn_chord_is_valid(chord)) {
    return CN_CHORD_NONE;
  }
  const unsigned root = (root_of(chord) + (unsigned)turns) % 12;
  return number_of(root, quality_of(chord), slash < 0 ? root : (unsigned)(slash + turns) % 12);
}

// Hearing

static float
sum_of(const float weights[12], const unsigned classes)
{
  float sum = 0.0F;
  for (unsigned c = 0; c < 12; ++c) {
    sum += (classes >> c & 1U) ? weights[c] : 0.0F;
  }
  return sum;
}

int32_t
cn_chord_estimate(const float weights[12])
{
  const float sum        = sum_of(weights, CN_ALL_CLASSES);
  int32_t     best       = CN_CHORD_NONE;
  float       best_score = LEAST_SHARE * sum;
  for (int32_t chord = 0; sum > 0.0F && chord < CN_N_CHORDS; ++chord) {
    float score = sum_of(weights, cn_chord_pitch_classes(chord));
    score += ROOT_PULL * weights[chord % 12];
    score -= chord / 12 == 2 ? SEVENTH_TOLL * sum : 0.0F;
    if (score > best_score) {
      best       = chord;
      best_score = score;
    }
  }
  return best;
}

// What each class is worth to a chord that has it: its share of what sounds, less a toll if it is not there
static void
find_worth(const float weights[12], const float sum, float worth[12])
{
  for (unsigned c = 0; c < 12; ++c) {
    worth[c] = weights[c] > ABSENT * sum ? weights[c] / sum : -ABSENT_TOLL;
  }
}

// Share of what sounds that the tones of a chord and its bass explain, less their tolls
static float
explain(const float worth[12], const unsigned tones, const unsigned bass)
{
  static const float tolls[] = {0.0F, 0.0F, -0.04F, 0.0F, 0.1F, 0.22F, 0.36F}; // By number of tones

  const unsigned classes = tones | 1U << bass;
  float          share   = -tolls[cn_classes_count(classes)] - (classes != tones ? FOREIGN_TOLL : 0.0F);
  for (unsigned c = 0; c < 12; ++c) {
    share += classes >> c & 1U ? worth[c] : 0.0F;
  }
  return share;
}

int32_t
cn_chord_hear(const float weights[12], const int bass)
{
  const float sum        = sum_of(weights, CN_ALL_CLASSES);
  int32_t     best       = CN_CHORD_NONE;
  float       best_score = 0.0F;
  float       worth[12];
  find_worth(weights, sum, worth);
  for (unsigned i = 0; sum > 0.0F && i < 12 * CN_N_CHORD_QUALITIES; ++i) {
    const unsigned root   = i % 12;
    const unsigned lowest = bass < 0 ? root : (unsigned)bass;
    const float    share  = explain(worth, cn_classes_turn(qualities[i / 12].on_c, root), lowest);
    const float    score  = share + ROOT_PULL * weights[root] / sum + ((int)root == bass ? BASS_PULL : 0.0F);
    if (share > LEAST_SHARE && score > best_score) {
      best       = number_of(root, i / 12, lowest);
      best_score = score;
    }
  }
  return best;
}

// Recognition

// Cost of calling classes on a bass a quality on a root, which they have
static unsigned
cost_of(const unsigned classes, const unsigned bass, const unsigned root, const Quality* const quality)
{
  const unsigned whole   = cn_classes_turn(quality->on_c, root);
  const unsigned without = cn_classes_turn(quality->on_c & ~FIFTH, root);
  const unsigned above   = classes & ~(1U << bass);
  const unsigned inverse = bass == root ? 0U : quality->inversion;
  if (classes == whole) {
    return inverse;
  }
  if (classes == without &&
      (quality->may_lack || (cn_classes_count(classes) == 2 && quality->on_c & ~1U & ~FIFTH))) {
    return inverse + COST_NO_FIFTH;
  }
  return above == whole && bass != root ? COST_FOREIGN_BASS : COST_NONE;
}

static int32_t
find_name(const unsigned classes, const unsigned bass)
{
  int32_t  best      = CN_CHORD_NONE;
  unsigned best_cost = COST_NONE;
  for (unsigned quality = 0; quality < CN_N_CHORD_QUALITIES; ++quality) {
    for (unsigned root = 0; root < 12; ++root) {
      const unsigned cost = cost_of(classes, bass, root, &qualities[quality]);
      if (cost < best_cost) {
        best_cost = cost;
        best      = number_of(root, quality, bass);
      }
    }
  }
  return best;
}

int32_t
cn_chord_recognise(const uint64_t keys[2])
{
  unsigned classes = 0;
  unsigned bass    = 0;
  for (unsigned key = 128; key-- > 0;) {
    if (keys[key / 64] >> (key % 64) & 1U) {
      classes |= 1U << key % 12;
      bass = key % 12;
    }
  }
  return classes ? find_name(classes, bass) : CN_CHORD_NONE;
}

// Names

// Read a root, and go on behind it; -1 if there is none
static CN_AUDIO int
parse_root(const char** const text)
{
  static const char letters[]    = "CDEFGAB";
  static const int  semitones[7] = {0, 2, 4, 5, 7, 9, 11};
  const char* const letter       = **text ? strchr(letters, **text) : NULL;
  if (!letter) {
    return -1;
  }
  int root = semitones[letter - letters];
  for (++*text; **text == '#' || **text == 'b'; ++*text) {
    root += **text == '#' ? 1 : 11;
  }
  return root % 12;
}

// The quality of a suffix of some length; -1 if it is none
static CN_AUDIO int
parse_suffix(const char* const text, const size_t length)
{
  for (int quality = 0; quality < CN_N_CHORD_QUALITIES; ++quality) {
    if (strlen(qualities[quality].suffix) == length && !strncmp(text, qualities[quality].suffix, length)) {
      return quality;
    }
  }
  for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); ++i) {
    if (strlen(aliases[i].suffix) == length && !strncmp(text, aliases[i].suffix, length)) {
      return aliases[i].quality;
    }
  }
  return -1;
}

CN_AUDIO int32_t
cn_chord_parse(const char* const name)
{
  const char*  rest    = name;
  const int    root    = parse_root(&rest);
  const size_t length  = strcspn(rest, "/");
  const int    quality = root < 0 ? -1 : parse_suffix(rest, length);
  int          bass    = root;
  if (quality >= 0 && rest[length] == '/') {
    const char* end = rest + length + 1;
    bass            = parse_root(&end);
    bass            = *end ? -1 : bass;
  }
  if (quality < 0 || bass < 0) {
    return CN_CHORD_NONE;
  }
  return number_of((unsigned)root, (unsigned)quality, (unsigned)bass);
}

// Append a text, and give where it ends
static CN_AUDIO char*
append(char* to, const char* from)
{
  while (*from) {
    *to++ = *from++;
  }
  *to = '\0';
  return to;
}

CN_AUDIO void
cn_chord_print(const int32_t chord, char* name)
{
  if (!cn_chord_is_valid(chord)) {
    append(name, "none");
    return;
  }
  const int slash = cn_chord_slash(chord);
  name            = append(name, roots[root_of(chord)]);
  name            = append(name, qualities[quality_of(chord)].suffix);
  if (slash >= 0) {
    append(append(name, "/"), roots[slash]);
  }
}
