// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/compose/mask.h"
#include "dsp/music/scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static unsigned
count(const CnKeys keys)
{
  unsigned n = 0;
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    n += cn_keys_have(keys, pitch);
  }
  return n;
}

static CnPlanRequest
free_request(void)
{
  return (CnPlanRequest){.params.chord = CN_CHORD_NONE};
}

static void
test_all_is_free(void** const state)
{
  (void)state;
  const CnPlanRequest request = free_request();
  const CnMask        mask    = cn_mask_of(&request, cn_keys_all());
  bool                is_possible[CN_N_PITCHES];
  assert_int_equal(count(mask.keys), CN_N_PITCHES);
  assert_false(cn_keys_have(mask.keys, CN_PITCH_MIN - 1));
  assert_false(cn_keys_have(mask.keys, CN_PITCH_MAX + 1));
  assert_int_equal(mask.n_notes, CN_SEGMENT_NOTES);
  assert_true(cn_mask_offer(&mask, (CnBarPlace){5, 96}, NULL, is_possible));
  assert_true(is_possible[0] && is_possible[CN_N_PITCHES - 1]);
}

static void
test_chord_narrows(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  request.params.chord  = 0; // C major
  const CnMask mask     = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 8 + 7 + 7);
  for (unsigned pitch = CN_PITCH_MIN; pitch <= CN_PITCH_MAX; ++pitch) {
    const unsigned in = pitch % 12;
    assert_int_equal(cn_keys_have(mask.keys, pitch), in == 0 || in == 4 || in == 7);
  }
}

static void
test_wishes_give_way(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  request.params.chord  = 0;
  const CnKeys known    = cn_keys_of_classes(1U << 1U | 1U << 3U); // All of them strange to C major
  const CnMask mask     = cn_mask_of(&request, known);
  assert_memory_equal(&mask.keys, &known, sizeof(known));
}

static void
test_rules_narrow_in_order(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  request.params.rules  = (CnRules){.scale = CN_SCALE_MAJOR, .lowest = 60, .highest = 71};
  CnMask mask           = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 7); // C major between C4 and B4
  request.params.chord = 0 + 24;         // C7, of which Bb is not in the scale
  mask                 = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 3);
  request.params.chord = 1; // Db major has F and C (no), Ab (no): the scale leaves F
  mask                 = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 1);
  assert_true(cn_keys_have(mask.keys, 65));
  request.params.rules.lowest = request.params.rules.highest = 66; // One key, in neither
  mask                                                       = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 1);
  assert_true(cn_keys_have(mask.keys, 66));
  request.params.rules.lowest = 90; // The wrong way round: passed over
  mask                        = cn_mask_of(&request, cn_keys_all());
  assert_true(count(mask.keys) > 1);
}

/// No key beyond the register, though the musician holds all that is within
static void
test_register_stands_where_it_is_held(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  request.params.rules  = (CnRules){.scale = CN_SCALE_MAJOR, .lowest = 60, .highest = 61};
  request.params.chord  = 0;
  request.held[0]       = UINT64_C(3) << 60U;
  const CnMask mask     = cn_mask_of(&request, cn_keys_all());
  bool         is_possible[CN_N_PITCHES];
  assert_int_equal(count(mask.keys), 0);
  assert_false(cn_mask_offer(&mask, (CnBarPlace){5, 96}, NULL, is_possible));
  assert_false(cn_mask_offer(&mask, (CnBarPlace){0, 96}, NULL, is_possible));
}

static void
test_chord_may_bind_strong_beats_only(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  bool          is_possible[CN_N_PITCHES];
  request.params.chord = 0;
  request.params.rules = (CnRules){.chord_rule = CN_CHORD_RULE_STRONG};
  const CnMask strong  = cn_mask_of(&request, cn_keys_all());
  for (uint16_t offset = 0; offset < 96; ++offset) {
    assert_true(cn_mask_offer(&strong, (CnBarPlace){offset, 96}, NULL, is_possible));
    assert_int_equal(is_possible[61 - CN_PITCH_MIN], offset != 0 && offset != 48);
    assert_true(is_possible[60 - CN_PITCH_MIN]);
  }
  assert_true(cn_mask_offer(&strong, (CnBarPlace){36, 72}, NULL, is_possible)); // Three beats have no half
  assert_true(is_possible[61 - CN_PITCH_MIN]);
  request.params.rules.chord_rule = CN_CHORD_RULE_NONE;
  const CnMask none               = cn_mask_of(&request, cn_keys_all());
  assert_true(cn_mask_offer(&none, (CnBarPlace){0, 96}, NULL, is_possible));
  assert_true(is_possible[61 - CN_PITCH_MIN]);
}

/// The musician plays a melody in the middle: his notes, and what is left beside them
static void
test_support_leaves_the_musician_room(void** const state)
{
  (void)state;
  CnNote        melody[20];
  CnPlanRequest request = free_request();
  for (int32_t i = 0; i < 20; ++i) {
    melody[i] = (CnNote){.onset = 6 * i, .duration = 6, .pitch = (uint8_t)(70 + i % 5), .velocity = 80};
  }
  request.segment     = 10;
  request.bar         = (CnBar){0, 96};
  request.history     = melody;
  request.n_history   = 20;
  request.params.role = CN_ROLE_ACCOMPANY;
  CnMask mask         = cn_mask_of(&request, cn_keys_all());
  assert_true(cn_keys_have(mask.keys, 69));
  assert_false(cn_keys_have(mask.keys, 70));
  assert_false(cn_keys_have(mask.keys, 75));
  assert_int_equal(mask.n_notes, 14);
  for (int32_t i = 5; i < 19; ++i) { // Some of these were its own: the rest is its share
    melody[i].part = CN_PART_CONTINUO;
  }
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).n_notes, 0);
  request.params.rules.support = CN_SUPPORT_LEAD;
  mask                         = cn_mask_of(&request, cn_keys_all());
  assert_true(cn_keys_have(mask.keys, 75));
  assert_false(cn_keys_have(mask.keys, 69));
  assert_int_equal(mask.n_notes, CN_SEGMENT_NOTES);
  request.params.rules.support = CN_SUPPORT_EQUAL;
  assert_int_equal(count(cn_mask_of(&request, cn_keys_all()).keys), CN_N_PITCHES);
  request.params.rules.support = CN_SUPPORT_SUPPORT;
  request.params.role          = CN_ROLE_SOLO; // It is for accompanying
  assert_int_equal(count(cn_mask_of(&request, cn_keys_all()).keys), CN_N_PITCHES);
}

/// Each scale on each root, whatever else leaves: a key at a time, held ones, a chord that has nothing of it
static void
test_no_scale_leaves_nothing(void** const state)
{
  (void)state;
  for (unsigned scale = 0; scale < CN_N_SCALES; ++scale) {
    for (unsigned n = 0; n < 12 * 12; ++n) {
      CnPlanRequest request = free_request();
      request.params.chord  = (int32_t)(n % 12);
      request.held[0]       = n % 5 == 0 ? UINT64_C(0x0FFFFFFFFFFFFFFF) : 0;
      request.params.rules  = (CnRules){.scale   = (uint8_t)scale,
                                        .root    = (uint8_t)(n / 12),
                                        .lowest  = (uint8_t)(60 + n % 7),
                                        .highest = (uint8_t)(60 + n % 7)};
      const CnMask mask     = cn_mask_of(&request, cn_keys_all());
      assert_true(count(mask.keys) > 0 && count(mask.strong) > 0);
    }
  }
}

static void
test_strength_goes_from_a_hint_to_a_law(void** const state)
{
  static const struct {
    unsigned strength;
    uint8_t  rule;
    uint8_t  guidance;
  } steps[] = {{0, CN_CHORD_RULE_NONE, 0},      {35, CN_CHORD_RULE_NONE, 50},
               {70, CN_CHORD_RULE_NONE, 100},   {71, CN_CHORD_RULE_STRONG, 100},
               {99, CN_CHORD_RULE_STRONG, 100}, {100, CN_CHORD_RULE_ALL, 0}};
  (void)state;
  for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); ++i) {
    CnRules rules = {0};
    cn_rules_set_chord_strength(&rules, steps[i].strength);
    assert_int_equal(rules.chord_rule, steps[i].rule);
    assert_int_equal(rules.chord_guidance, steps[i].guidance);
  }
}

static void
test_polyphony_is_handed_on(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).at_once, CN_N_PITCHES);
  request.params.rules.polyphony = 3;
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).at_once, 3);
}

static void
test_held_keys_do_not(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  bool          is_possible[CN_N_PITCHES];
  request.held[0] = request.held[1] = UINT64_MAX;
  const CnMask mask                 = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(count(mask.keys), 0);
  assert_false(cn_mask_offer(&mask, (CnBarPlace){5, 96}, NULL, is_possible));
}

static void
test_chords_go_upwards(void** const state)
{
  (void)state;
  const CnPlanRequest request = free_request();
  const CnMask        mask    = cn_mask_of(&request, cn_keys_between(60, 64));
  CnNote              below   = {.pitch = 62};
  bool                is_possible[CN_N_PITCHES];
  assert_true(cn_mask_offer(&mask, (CnBarPlace){5, 96}, &below, is_possible));
  for (unsigned p = 0; p < CN_N_PITCHES; ++p) {
    assert_int_equal(is_possible[p], p + CN_PITCH_MIN == 63 || p + CN_PITCH_MIN == 64);
  }
  below.pitch = 64;
  assert_false(cn_mask_offer(&mask, (CnBarPlace){5, 96}, &below, is_possible));
}

/// Own notes, one a quarter
static void
test_density_bounds_notes(void** const state)
{
  (void)state;
  CnNote        own[16];
  CnPlanRequest request = free_request();
  for (int32_t i = 0; i < 16; ++i) {
    own[i] = (CnNote){.onset = 24 * i, .duration = 6, .pitch = 60, .velocity = 80, .part = CN_PART_CONTINUO};
  }
  request.segment   = 32;
  request.bar       = (CnBar){0, 96};
  request.history   = own;
  request.n_history = 16;
  request.params.rules.density =
      CN_DENSITY_UNIT; // A note a quarter: 8 of two bars are there, and 4 more may be
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).n_notes, 1 + 12 - 8);
  request.params.rules.density = CN_DENSITY_UNIT / 2;
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).n_notes, 0);
  request.params.rules.density = 8 * CN_DENSITY_UNIT;
  assert_int_equal(cn_mask_of(&request, cn_keys_all()).n_notes, CN_SEGMENT_NOTES);
}

static void
test_length_bounds_durations(void** const state)
{
  (void)state;
  CnPlanRequest request = free_request();
  CnMask        mask    = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(mask.shortest, 1);
  assert_int_equal(mask.longest, CN_OWN_DURATION_MAX);
  request.params.rules.length = 24;
  mask                        = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(mask.shortest, 6);
  assert_int_equal(mask.longest, 96);
  request.params.rules.length = 1;
  mask                        = cn_mask_of(&request, cn_keys_all());
  assert_int_equal(mask.shortest, 1);
  assert_int_equal(mask.longest, 4);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_is_free),
      cmocka_unit_test(test_chord_narrows),
      cmocka_unit_test(test_wishes_give_way),
      cmocka_unit_test(test_held_keys_do_not),
      cmocka_unit_test(test_chords_go_upwards),
      cmocka_unit_test(test_rules_narrow_in_order),
      cmocka_unit_test(test_no_scale_leaves_nothing),
      cmocka_unit_test(test_strength_goes_from_a_hint_to_a_law),
      cmocka_unit_test(test_polyphony_is_handed_on),
      cmocka_unit_test(test_density_bounds_notes),
      cmocka_unit_test(test_length_bounds_durations),
      cmocka_unit_test(test_support_leaves_the_musician_room),
      cmocka_unit_test(test_register_stands_where_it_is_held),
      cmocka_unit_test(test_chord_may_bind_strong_beats_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
