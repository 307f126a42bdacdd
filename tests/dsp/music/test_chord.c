// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// Keys as a hand holds them, and what a musician calls that; 0 ends them
typedef struct {
  const char* name;
  uint8_t     keys[6];
} Voicing;

static const Voicing voicings[] = {
    {"C", {48, 52, 55}},
    {"G", {55, 59, 62}},
    {"D", {50, 54, 57}},
    {"A", {57, 61, 64}},
    {"Abm", {56, 59, 63}},
    {"Ebm", {51, 54, 58}},
    {"Bbm", {58, 61, 65}},
    {"Fm", {53, 56, 60}},
    {"E7", {52, 56, 59, 62}},
    {"B7", {59, 63, 66, 69}},
    {"F#7", {54, 58, 61, 64}},
    {"Db7", {49, 53, 56, 59}},
    {"Cdim", {48, 51, 54}},
    {"Gdim", {55, 58, 61}},
    {"Ddim", {50, 53, 56}},
    {"Adim", {57, 60, 63}},
    {"Abmaj7", {56, 60, 63, 67}},
    {"Ebmaj7", {51, 55, 58, 62}},
    {"Bbmaj7", {58, 62, 65, 69}},
    {"Fmaj7", {53, 57, 60, 64}},
    {"Em7", {52, 55, 59, 62}},
    {"Bm7", {59, 62, 66, 69}},
    {"F#m7", {54, 57, 61, 64}},
    {"Dbm7", {49, 52, 56, 59}},
    {"Cm7b5", {48, 51, 54, 58}},
    {"Gm7b5", {55, 58, 61, 65}},
    {"Dm7b5", {50, 53, 56, 60}},
    {"Am7b5", {57, 60, 63, 67}},
    {"Abdim7", {56, 59, 62, 65}},
    {"Ebdim7", {51, 54, 57, 60}},
    {"Bbdim7", {58, 61, 64, 67}},
    {"Fdim7", {53, 56, 59, 62}},
    {"Eaug", {52, 56, 60}},
    {"Baug", {59, 63, 67}},
    {"F#aug", {54, 58, 62}},
    {"Dbaug", {49, 53, 57}},
    {"Csus2", {48, 50, 55}},
    {"Gsus2", {55, 57, 62}},
    {"Dsus2", {50, 52, 57}},
    {"Asus2", {57, 59, 64}},
    {"Absus4", {56, 61, 63}},
    {"Ebsus4", {51, 56, 58}},
    {"Bbsus4", {58, 63, 65}},
    {"Fsus4", {53, 58, 60}},
    {"E6", {52, 56, 59, 61}},
    {"B6", {59, 63, 66, 68}},
    {"F#6", {54, 58, 61, 63}},
    {"Db6", {49, 53, 56, 58}},
    {"Cm6", {48, 51, 55, 57}},
    {"Gm6", {55, 58, 62, 64}},
    {"Dm6", {50, 53, 57, 59}},
    {"Am6", {57, 60, 64, 66}},
    {"Ab9", {56, 60, 63, 66, 70}},
    {"Eb9", {51, 55, 58, 61, 65}},
    {"Bb9", {58, 62, 65, 68, 72}},
    {"F9", {53, 57, 60, 63, 67}},
    {"Em9", {52, 55, 59, 62, 66}},
    {"Bm9", {59, 62, 66, 69, 73}},
    {"F#m9", {54, 57, 61, 64, 68}},
    {"Dbm9", {49, 52, 56, 59, 63}},
    {"Cmaj9", {48, 52, 55, 59, 62}},
    {"Gmaj9", {55, 59, 62, 66, 69}},
    {"Dmaj9", {50, 54, 57, 61, 64}},
    {"Amaj9", {57, 61, 64, 68, 71}},
    {"Ab7sus4", {56, 61, 63, 66}},
    {"Eb7sus4", {51, 56, 58, 61}},
    {"Bb7sus4", {58, 63, 65, 68}},
    {"F7sus4", {53, 58, 60, 63}},
    {"Emmaj7", {52, 55, 59, 63}},
    {"Bmmaj7", {59, 62, 66, 70}},
    {"F#mmaj7", {54, 57, 61, 65}},
    {"Dbmmaj7", {49, 52, 56, 60}},
    {"Cadd9", {48, 52, 55, 62}},
    {"Gadd9", {55, 59, 62, 69}},
    {"Dadd9", {50, 54, 57, 64}},
    {"Aadd9", {57, 61, 64, 71}},
    {"E/Ab", {56, 59, 64}},
    {"Eb/G", {55, 58, 63}},
    {"D/F#", {54, 57, 62}},
    {"Db/F", {53, 56, 61}},
    {"Ab/Eb", {63, 68, 72}},
    {"G/D", {62, 67, 71}},
    {"F#/Db", {61, 66, 70}},
    {"F/C", {60, 65, 69}},
    {"Cm/Eb", {51, 55, 60}},
    {"Bm/D", {62, 66, 71}},
    {"Bbm/Db", {61, 65, 70}},
    {"Am/C", {60, 64, 69}},
    {"Em/B", {59, 64, 67}},
    {"Ebm/Bb", {58, 63, 66}},
    {"Dm/A", {57, 62, 65}},
    {"Dbm/Ab", {56, 61, 64}},
    {"Ab7/C", {60, 63, 66, 68}},
    {"G7/B", {59, 62, 65, 67}},
    {"F#7/Bb", {58, 61, 64, 66}},
    {"F7/A", {57, 60, 63, 65}},
    {"C7/G", {55, 58, 60, 64}},
    {"B7/F#", {66, 69, 71, 75}},
    {"Bb7/F", {65, 68, 70, 74}},
    {"A7/E", {64, 67, 69, 73}},
    {"E7/D", {62, 64, 68, 71}},
    {"Eb7/Db", {61, 63, 67, 70}},
    {"D7/C", {60, 62, 66, 69}},
    {"Db7/B", {59, 61, 65, 68}},
    {"Abmaj7/C", {60, 63, 67, 68}},
    {"Gmaj7/B", {59, 62, 66, 67}},
    {"F#maj7/Bb", {58, 61, 65, 66}},
    {"Fmaj7/A", {57, 60, 64, 65}},
    {"Cmaj7/G", {55, 59, 60, 64}},
    {"Bmaj7/F#", {66, 70, 71, 75}},
    {"Bbmaj7/F", {65, 69, 70, 74}},
    {"Amaj7/E", {64, 68, 69, 73}},
    {"Emaj7/Eb", {63, 64, 68, 71}},
    {"Ebmaj7/D", {62, 63, 67, 70}},
    {"Dmaj7/Db", {61, 62, 66, 69}},
    {"Dbmaj7/C", {60, 61, 65, 68}},
    {"Bb6", {58, 62, 65, 67}},
    {"A6", {57, 61, 64, 66}},
    {"Ab6", {56, 60, 63, 65}},
    {"Cm7/G", {55, 58, 60, 63}},
    {"Bm7/F#", {66, 69, 71, 74}},
    {"Bbm7/F", {65, 68, 70, 73}},
    {"Am7/E", {64, 67, 69, 72}},
    {"Em7/D", {62, 64, 67, 71}},
    {"Ebm7/Db", {61, 63, 66, 70}},
    {"Dm7/C", {60, 62, 65, 69}},
    {"Dbm7/B", {59, 61, 64, 68}},
    {"Bm6", {59, 62, 66, 68}},
    {"Bbm6", {58, 61, 65, 67}},
    {"Abm6", {56, 59, 63, 65}},
    {"Cm7b5/F#", {54, 58, 60, 63}},
    {"Bm7b5/F", {65, 69, 71, 74}},
    {"Bbm7b5/E", {64, 68, 70, 73}},
    {"Am7b5/Eb", {63, 67, 69, 72}},
    {"Em7b5/D", {62, 64, 67, 70}},
    {"Ebm7b5/Db", {61, 63, 66, 69}},
    {"Dm7b5/C", {60, 62, 65, 68}},
    {"Dbm7b5/B", {59, 61, 64, 67}},
    {"Abdim/B", {59, 62, 68}},
    {"Gdim/Bb", {58, 61, 67}},
    {"F#dim/A", {57, 60, 66}},
    {"Fdim/Ab", {56, 59, 65}},
    {"Cdim/F#", {54, 60, 63}},
    {"Bdim/F", {65, 71, 74}},
    {"Bbdim/E", {64, 70, 73}},
    {"Adim/Eb", {63, 69, 72}},
    {"Emmaj7/G", {55, 59, 63, 64}},
    {"Ebmmaj7/F#", {54, 58, 62, 63}},
    {"Dmmaj7/F", {53, 57, 61, 62}},
    {"Dbmmaj7/E", {52, 56, 60, 61}},
    {"Abmmaj7/Eb", {63, 67, 68, 71}},
    {"Gmmaj7/D", {62, 66, 67, 70}},
    {"F#mmaj7/Db", {61, 65, 66, 69}},
    {"Fmmaj7/C", {60, 64, 65, 68}},
    {"Cmmaj7/B", {59, 60, 63, 67}},
    {"Bmmaj7/Bb", {70, 71, 74, 78}},
    {"Bbmmaj7/A", {69, 70, 73, 77}},
    {"Ammaj7/Ab", {68, 69, 72, 76}},
    {"E", {40, 52, 68, 71}},
    {"E", {40, 59, 68}},
    {"C", {36, 48, 64, 67}},
    {"C", {36, 55, 64}},
    {"F#m", {42, 54, 69, 73}},
    {"F#m", {42, 61, 69}},
    {"Dm", {38, 50, 65, 69}},
    {"Dm", {38, 57, 65}},
    {"Ab7", {44, 56, 72, 75, 78}},
    {"Ab7", {44, 63, 72, 78}},
    {"E7", {40, 52, 68, 71, 74}},
    {"E7", {40, 59, 68, 74}},
    {"Bbmaj7", {46, 58, 74, 77, 81}},
    {"Bbmaj7", {46, 65, 74, 81}},
    {"F#maj7", {42, 54, 70, 73, 77}},
    {"F#maj7", {42, 61, 70, 77}},
    {"Cm7", {36, 48, 63, 67, 70}},
    {"Cm7", {36, 55, 63, 70}},
    {"Abm7", {44, 56, 71, 75, 78}},
    {"Abm7", {44, 63, 71, 78}},
    {"Dm7b5", {38, 50, 65, 68, 72}},
    {"Dm7b5", {38, 56, 65, 72}},
    {"Bbm7b5", {46, 58, 73, 76, 80}},
    {"Bbm7b5", {46, 64, 73, 80}},
    {"Edim7", {40, 52, 67, 70, 73}},
    {"Edim7", {40, 58, 67, 73}},
    {"Cdim7", {36, 48, 63, 66, 69}},
    {"Cdim7", {36, 54, 63, 69}},
    {"F#aug", {42, 54, 70, 74}},
    {"F#aug", {42, 62, 70}},
    {"Daug", {38, 50, 66, 70}},
    {"Daug", {38, 58, 66}},
    {"Absus4", {44, 56, 73, 75}},
    {"Absus4", {44, 63, 73}},
    {"Esus4", {40, 52, 69, 71}},
    {"Esus4", {40, 59, 69}},
    {"Bbsus2", {46, 58, 72, 77}},
    {"Bbsus2", {46, 65, 72}},
    {"F#sus2", {42, 54, 68, 73}},
    {"F#sus2", {42, 61, 68}},
    {"C6", {36, 48, 64, 67, 69}},
    {"C6", {36, 55, 64, 69}},
    {"Ab6", {44, 56, 72, 75, 77}},
    {"Ab6", {44, 63, 72, 77}},
    {"Dm6", {38, 50, 65, 69, 71}},
    {"Dm6", {38, 57, 65, 71}},
    {"Bbm6", {46, 58, 73, 77, 79}},
    {"Bbm6", {46, 65, 73, 79}},
    {"E9", {40, 52, 68, 71, 74, 78}},
    {"E9", {40, 59, 68, 74, 78}},
    {"C9", {36, 48, 64, 67, 70, 74}},
    {"C9", {36, 55, 64, 70, 74}},
    {"F#7", {42, 58, 64}},
    {"Dbmaj7", {37, 53, 60}},
    {"Abm7", {44, 59, 66}},
    {"Eb9", {39, 55, 61, 65}},
    {"Bbm9", {46, 61, 68, 72}},
    {"Fmaj9", {41, 57, 64, 67}},
    {"C", {48, 52}},
    {"Am", {57, 60}},
    {"E5", {52, 59}},
    {"G5", {55, 62, 67}},
    {"F/G", {43, 53, 57, 60}},
    {"C/D", {38, 48, 52, 55}},
    {"Ab/Bb", {46, 56, 60, 63}},
    {"D7/C", {48, 50, 54, 57}},
    {"G/A", {45, 55, 59, 62}},
    {"C/F#", {42, 48, 52, 55}},
    {"Bb/C", {48, 58, 62, 65}},
    {"E/F", {41, 52, 56, 59}},
    {"Caug", {48, 52, 56}},
    {"Bdim7", {47, 50, 53, 56}},
    {"Ddim7", {50, 53, 56, 59}},
    {"Am7/G", {43, 57, 60, 64}},
    {"C6", {48, 55, 57, 64}},
    {"Dsus4/A", {45, 50, 55, 62}},
    {"G7/F", {53, 55, 59, 62}},
    {"Fm6", {41, 56, 60, 62}},
};

static void
press(uint64_t keys[2], const unsigned key)
{
  keys[key / 64] |= UINT64_C(1) << (key % 64);
}

static void
test_voicings_have_their_names(void** const state)
{
  (void)state;
  assert_true(COUNT(voicings) >= 200);
  for (size_t i = 0; i < COUNT(voicings); ++i) {
    char     name[CN_CHORD_NAME_SIZE];
    uint64_t keys[2] = {0, 0};
    for (size_t k = 0; k < COUNT(voicings[i].keys) && voicings[i].keys[k]; ++k) {
      press(keys, voicings[i].keys[k]);
    }
    cn_chord_print(cn_chord_recognise(keys), name);
    if (strcmp(name, voicings[i].name) != 0) {
      fail_msg("row %zu is %s, and was called %s", i, voicings[i].name, name);
    }
  }
}

static void
test_what_is_no_chord_has_none(void** const state)
{
  (void)state;
  uint64_t keys[2] = {0, 0};
  assert_int_equal(cn_chord_recognise(keys), CN_CHORD_NONE);
  press(keys, 60);
  assert_int_equal(cn_chord_recognise(keys), CN_CHORD_NONE);
  press(keys, 61);
  press(keys, 62);
  press(keys, 63);
  assert_int_equal(cn_chord_recognise(keys), CN_CHORD_NONE);
}

static void
test_names_are_read_back(void** const state)
{
  (void)state;
  for (int32_t bass = 0; bass <= 12; ++bass) {
    for (int32_t plain = 0; plain < 12 * CN_N_CHORD_QUALITIES; ++plain) {
      char          name[CN_CHORD_NAME_SIZE];
      const int32_t chord = plain + CN_CHORD_SLASH * (bass - 1 == plain % 12 ? 0 : bass);
      assert_true(cn_chord_is_valid(chord));
      cn_chord_print(chord, name);
      assert_int_equal(cn_chord_parse(name), chord);
    }
  }
  assert_false(cn_chord_is_valid(CN_CHORD_NONE));
  assert_false(cn_chord_is_valid(12 * CN_N_CHORD_QUALITIES));
  assert_false(cn_chord_is_valid(13 * CN_CHORD_SLASH));
}

static void
test_other_spellings_are_understood(void** const state)
{
  static const char* const same[][2] = {
      {"Cmin", "Cm"}, {"C-", "Cm"},      {"CM7", "Cmaj7"},   {"Bbmin7", "Bbm7"},   {"C#o7", "Dbdim7"},
      {"C+", "Caug"}, {"Gsus", "Gsus4"}, {"A-7b5", "Am7b5"}, {"Cmaj", "C"},        {"D#", "Eb"},
      {"Fb", "E"},    {"Cb7", "B7"},     {"C/C", "C"},       {"Cm7/D#", "Cm7/Eb"}, {"E2", "Esus2"},
  };
  static const char* const wrong[] = {"", "H", "c", "Cx", "C/", "C/H", "C/Ebm", "Cm7b", "/C", "C13"};
  (void)state;
  for (size_t i = 0; i < COUNT(same); ++i) {
    assert_int_not_equal(cn_chord_parse(same[i][0]), CN_CHORD_NONE);
    assert_int_equal(cn_chord_parse(same[i][0]), cn_chord_parse(same[i][1]));
  }
  for (size_t i = 0; i < COUNT(wrong); ++i) {
    assert_int_equal(cn_chord_parse(wrong[i]), CN_CHORD_NONE);
  }
}

static void
test_tones_and_nearest(void** const state)
{
  (void)state;
  assert_int_equal(cn_chord_pitch_classes(cn_chord_parse("Cm7/Eb")), 1 | 1 << 3 | 1 << 7 | 1 << 10);
  assert_int_equal(cn_chord_pitch_classes(cn_chord_parse("C/F#")), 1 | 1 << 4 | 1 << 6 | 1 << 7);
  assert_int_equal(cn_chord_pitch_classes(cn_chord_parse("Bb9")), 1 << 10 | 1 << 2 | 1 << 5 | 1 << 8 | 1);
  assert_int_equal(cn_chord_nearest(cn_chord_parse("Cmaj7/E")), cn_chord_parse("C"));
  assert_int_equal(cn_chord_nearest(cn_chord_parse("Am7b5")), cn_chord_parse("Adim"));
  assert_int_equal(cn_chord_nearest(cn_chord_parse("F#9")), cn_chord_parse("F#7"));
  assert_int_equal(cn_chord_nearest(CN_CHORD_NONE), CN_CHORD_NONE);
  for (int32_t chord = 0; chord < CN_N_CHORDS; ++chord) {
    assert_int_equal(cn_chord_nearest(chord), chord);
  }
}

static void
test_chords_go_up_with_their_bass(void** const state)
{
  (void)state;
  assert_int_equal(cn_chord_transpose(cn_chord_parse("Bbm7/F"), 5), cn_chord_parse("Ebm7/Bb"));
  assert_int_equal(cn_chord_transpose(cn_chord_parse("C9"), -25), cn_chord_parse("B9"));
  assert_int_equal(cn_chord_transpose(CN_CHORD_NONE, 3), CN_CHORD_NONE);
  assert_int_equal(cn_chord_slash(cn_chord_parse("D7/C")), 0);
  assert_int_equal(cn_chord_slash(cn_chord_parse("D7")), -1);
  assert_int_equal(cn_chord_slash(CN_CHORD_NONE), -1);
}

/// Hear the tones of a chord, all as loud, and others so loud beside
static int32_t
hear(const int32_t chord, const int bass, const float others)
{
  float weights[12];
  for (unsigned c = 0; c < 12; ++c) {
    weights[c] = cn_chord_pitch_classes(chord) >> c & 1U ? 1.0F : others;
  }
  return cn_chord_hear(weights, bass);
}

static void
test_chords_are_heard_over_their_root(void** const state)
{
  (void)state;
  for (int32_t chord = 0; chord < 12 * CN_N_CHORD_QUALITIES; ++chord) {
    assert_int_equal(hear(chord, chord % 12, 0.0F), chord);
    assert_int_equal(hear(chord, chord % 12, 0.02F), chord); // Something else passes by
  }
  for (int32_t chord = 0; chord < 24; ++chord) { // And triads without a bass
    assert_int_equal(hear(chord, -1, 0.05F), chord);
  }
}

static void
test_chords_are_heard_over_another_bass(void** const state)
{
  static const char* const names[] = {"C/E", "Cm/G", "F7/Eb", "Bbm7/F", "Am7b5/Eb", "Gmaj7/F#", "C/D"};
  (void)state;
  for (unsigned i = 0; i < COUNT(names); ++i) {
    const int32_t chord = cn_chord_parse(names[i]);
    const int32_t heard = hear(chord, cn_chord_slash(chord), 0.01F);
    assert_int_equal(cn_chord_pitch_classes(heard), cn_chord_pitch_classes(chord));
    assert_int_equal(cn_chord_slash(heard), cn_chord_slash(chord));
  }
}

static void
test_what_sounds_a_little_is_no_tone(void** const state)
{
  static const float seventh[12] = {4.0F, 0.0F, 0.0F, 0.0F, 4.0F, 0.0F, 0.0F, 4.0F, 0.0F, 0.0F, 2.0F, 0.0F};
  static const float passing[12] = {4.0F, 0.0F, 0.0F, 0.0F, 4.0F, 0.0F, 0.0F, 4.0F, 0.0F, 0.0F, 1.0F, 0.0F};
  static const float silence[12] = {0.0F};

  (void)state;
  assert_int_equal(cn_chord_hear(seventh, 0), cn_chord_parse("C7"));
  assert_int_equal(cn_chord_hear(passing, 0), cn_chord_parse("C"));
  assert_int_equal(cn_chord_hear(silence, 0), CN_CHORD_NONE);
  assert_int_equal(hear(CN_CHORD_NONE, 0, 1.0F), CN_CHORD_NONE); // All twelve
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_voicings_have_their_names),
      cmocka_unit_test(test_what_is_no_chord_has_none),
      cmocka_unit_test(test_names_are_read_back),
      cmocka_unit_test(test_other_spellings_are_understood),
      cmocka_unit_test(test_tones_and_nearest),
      cmocka_unit_test(test_chords_go_up_with_their_bass),
      cmocka_unit_test(test_chords_are_heard_over_their_root),
      cmocka_unit_test(test_chords_are_heard_over_another_bass),
      cmocka_unit_test(test_what_sounds_a_little_is_no_tone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
