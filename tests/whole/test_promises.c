// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What the README promises of takes and Hold, in every role, and of what is asked for, through the built
  bundle.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/phrase.h"

#include "dsp/compose/plan.h"
#include "dsp/music/scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MAX_NOTES = 4000, GAP = 32, CHORD_BARS = 32 };

/// A note-on of the plugin's own, where it stands in the song
typedef struct {
  int64_t song; ///< [frames]
  uint8_t pitch;
  uint8_t velocity;
} Note;

typedef struct {
  Note   notes[MAX_NOTES];
  size_t n;
} Notes;

static bool
is_own_note(const CnHostEvent* const event)
{
  return event->size == 3 && event->bytes[0] == 0x90 && event->bytes[2] > 0;
}

/// The notes from quarter `first` of the song on, that came since frame `since` of the stream
static void
collect(const CnHost* const host, const uint64_t since, const double first, Notes* const notes)
{
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  notes->n                        = 0;
  for (size_t i = 0; i < n && notes->n < MAX_NOTES; ++i) {
    const CnHostEvent* const event = &events[i];
    if (is_own_note(event) && event->frame >= since &&
        (double)event->song >= first * cn_host_quarter(host) - 50.0) {
      notes->notes[notes->n++] = (Note){event->song, event->bytes[1], event->bytes[2]};
    }
  }
}

static bool
is_same(const Notes* const a, const Notes* const b)
{
  if (a->n != b->n) {
    return false;
  }
  for (size_t i = 0; i < a->n; ++i) {
    if (a->notes[i].pitch != b->notes[i].pitch || a->notes[i].velocity != b->notes[i].velocity ||
        llabs((long long)(a->notes[i].song - b->notes[i].song)) > 2) {
      return false;
    }
  }
  return true;
}

/// Locate, roll with the phrase, or without, for some quarters, and stop
static void
pass(CnHost* const host, const double beat, const bool with_phrase, const unsigned quarters,
     const double first, Notes* const notes)
{
  cn_host_locate(host, beat);
  cn_host_run(host, CN_BUNDLE_QUARTER / 2);
  const uint64_t since = cn_host_frame(host);
  if (with_phrase) {
    cn_bundle_perform(host, quarters);
  } else {
    cn_host_roll(host, true);
    cn_host_run(host, (uint64_t)(CN_BUNDLE_PHRASE + quarters) * CN_BUNDLE_QUARTER);
  }
  collect(host, since, first, notes);
  cn_bundle_stop(host);
}

/// A host in a role, whose own notes alone come out
static CnHost*
start(void** const state, const int role)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "role", (float)role);
  cn_host_set(host, "thru", 0.0F);
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_run(host, CN_BUNDLE_QUARTER);
  return host;
}

static Notes first_pass;
static Notes other_pass;
static Notes last_pass;

static void
check_back_and_forth(void** const state, const char* const knob, const float here, const float there)
{
  for (int role = 0; role < CN_N_ROLES; ++role) {
    CnHost* const host = start(state, role);
    cn_host_set(host, knob, here);
    pass(host, 0.0, true, 16, 0.0, &first_pass);
    cn_host_set(host, knob, there);
    pass(host, 0.0, true, 16, 0.0, &other_pass);
    cn_host_set(host, knob, here);
    pass(host, 0.0, true, 16, 0.0, &last_pass);
    assert_true(first_pass.n > 2);
    assert_false(is_same(&first_pass, &other_pass));
    assert_true(is_same(&first_pass, &last_pass));
  }
}

static void
test_take_comes_back_after_another(void** const state)
{
  check_back_and_forth(state, "take", 3.0F, 4.0F);
}

static void
test_knob_comes_back_after_another_place(void** const state)
{
  check_back_and_forth(state, "temperature", 0.95F, 1.4F);
}

// Rolling through bars that nobody planned composes these, and must not touch what is held after them
static void
test_hold_stands_behind_a_gap(void** const state)
{
  for (int role = 0; role < CN_N_ROLES; ++role) {
    CnHost* const host = start(state, role);
    pass(host, GAP, true, 16, GAP, &first_pass);
    cn_host_set(host, "hold", 1.0F);
    pass(host, 0.0, false, GAP + 16, GAP, &last_pass);
    assert_true(first_pass.n > 2);
    assert_true(is_same(&first_pass, &last_pass));
  }
}

static void
test_hold_stands_against_all_knobs(void** const state)
{
  static const struct {
    const char* symbol;
    float       value;
  } knobs[] = {{"take", 9.0F}, {"temperature", 1.5F}, {"focus", 50.0F}, {"motif", 0.0F}};

  for (int role = 0; role < CN_N_ROLES; ++role) {
    CnHost* const host = start(state, role);
    pass(host, 0.0, true, 16, 0.0, &first_pass);
    cn_host_set(host, "hold", 1.0F);
    for (size_t k = 0; k < sizeof(knobs) / sizeof(knobs[0]); ++k) {
      assert_true(cn_host_set(host, knobs[k].symbol, knobs[k].value));
      pass(host, 0.0, false, 16, 0.0, &last_pass);
      assert_true(is_same(&first_pass, &last_pass));
    }
  }
}

/// Roll with the phrase, turn a control in the midst of what follows, and go on to the end of quarter 36
static void
pass_turning(CnHost* const host, const char* const knob, const float value, const unsigned place)
{
  const uint32_t offset = 777U * place; // Anywhere in an eighth
  cn_bundle_perform(host, 4);
  cn_host_run(host, offset);
  assert_true(cn_host_set(host, knob, value));
  cn_host_run(host, 256);
  cn_host_sync_worker(host); // Who loads a network
  cn_host_run(host, 16 * CN_BUNDLE_QUARTER - offset - 256);
}

// All that was composed sounds when it does: what is held afterwards is what was heard, so a change costs no
// silence but what the music before it and after it rests by itself
static void
test_turning_a_control_silences_nothing(void** const state)
{
  static const struct {
    const char* symbol;
    float       value;
  } knobs[] = {{"take", 2.0F},    {"take", 7.0F},   {"temperature", 1.3F},
               {"network", 1.0F}, {"timing", 1.0F}, {"scale", 1.0F}};
  assert_true(cn_bundle_use_shipped(*state));
  for (unsigned i = 0; i < 2 * sizeof(knobs) / sizeof(knobs[0]); ++i) {
    CnHost* const  host  = start(state, i % 2 ? CN_ROLE_SOLO : CN_ROLE_CONTINUE);
    const uint64_t since = cn_host_frame(host);
    cn_host_locate(host, 0.0);
    pass_turning(host, knobs[i / 2].symbol, knobs[i / 2].value, i);
    collect(host, since, CN_BUNDLE_PHRASE + 1.0, &first_pass);
    assert_true(cn_host_get(host, "late_notes") == 0.0F);
    cn_bundle_stop(host);
    cn_host_set(host, "hold", 1.0F);
    pass(host, 0.0, false, 20, CN_BUNDLE_PHRASE + 1.0, &last_pass);
    assert_true(first_pass.n > 10);
    assert_true(is_same(&first_pass, &last_pass));
  }
}

static void
send(CnHost* const host, const uint64_t frame, const uint8_t status, const int key, const uint8_t value)
{
  const uint8_t message[] = {status, (uint8_t)key, value};
  cn_host_send(host, frame, message, sizeof(message));
}

/// Own notes under broken chords of the musician's, on a channel of his own; he changes his pedal each bar,
/// or has none
static size_t
count_under_chords(void** const state, const int role, const bool has_pedal)
{
  static const int chords[4][4] = {{48, 55, 64, 72}, {45, 57, 60, 69}, {41, 57, 65, 72}, {43, 55, 62, 71}};
  const uint64_t   eighth       = CN_BUNDLE_QUARTER / 2;
  CnHost* const    host         = start(state, role);
  const uint64_t   since        = cn_host_frame(host);
  cn_host_set(host, "channel", 1.0F);
  cn_host_locate(host, 0.0);
  cn_host_roll(host, true);
  for (unsigned i = 0; i < 8 * CHORD_BARS; ++i) {
    const uint64_t on  = since + i * eighth;
    const int      key = chords[i / 8 % 4][i % 4];
    if (has_pedal && i % 8 == 0) {
      send(host, on + 10, 0xB4, 64, 0);
      send(host, on + 2000, 0xB4, 64, 127);
    }
    send(host, on + 20, 0x94, key, 70);
    send(host, on + eighth - 300, 0x84, key, 64);
  }
  cn_host_run(host, 8ULL * CHORD_BARS * eighth);
  collect(host, since, 0.0, &first_pass);
  return first_pass.n;
}

// Notes that only the pedal holds leave their keys to it
static void
test_pedal_leaves_it_its_notes(void** const state)
{
  assert_true(cn_bundle_use_shipped(*state));
  for (int role = CN_ROLE_ANSWER; role <= CN_ROLE_ACCOMPANY; ++role) {
    const size_t without = count_under_chords(state, role, false);
    const size_t with    = count_under_chords(state, role, true);
    fprintf(stderr, "role %d: %zu %zu\n", role, without, with);
    assert_true(without > 40);
    assert_true((double)with >= 0.9 * (double)without);
  }
}

// An export may begin to roll in its very first cycle
static void
test_first_bar_of_an_export_is_there(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "role", (float)CN_ROLE_SOLO);
  cn_host_set(host, "freewheeling", 1.0F);
  cn_host_roll(host, true);
  cn_host_run(host, 4 * CN_BUNDLE_QUARTER);
  collect(host, 0, 0.0, &first_pass);
  assert_true(first_pass.n > 0);
  assert_int_equal(first_pass.notes[0].song, 0);
}

/// The keys that are allowed are those of D major within three octaves
static void
test_keys_are_those_asked_for(void** const state)
{
  for (int role = 0; role < CN_N_ROLES; ++role) {
    CnHost* const host = start(state, role);
    cn_host_set(host, "scale", (float)CN_SCALE_MAJOR);
    cn_host_set(host, "root", 2.0F);
    cn_host_set(host, "lowest", 48.0F);
    cn_host_set(host, "highest", 83.0F);
    pass(host, 0.0, true, 16, 0.0, &first_pass);
    assert_true(first_pass.n > 2);
    for (size_t i = 0; i < first_pass.n; ++i) {
      assert_in_range(first_pass.notes[i].pitch, 48, 83);
      assert_true(cn_scale_classes(CN_SCALE_MAJOR, 2, NULL, 0) >> first_pass.notes[i].pitch % 12 & 1U);
    }
  }
}

static void
test_key_of_the_phrase_is_told(void** const state)
{
  CnHost* const host = start(state, CN_ROLE_CONTINUE);
  assert_true(cn_host_get(host, "key") == 0.0F);
  pass(host, 0.0, true, 8, 0.0, &first_pass);
  assert_true(cn_host_get(host, "key") == 1.0F + 7.0F); // It is in G major
}

static double
mean_velocity(const Notes* const notes)
{
  double sum = 0.0;
  for (size_t i = 0; i < notes->n; ++i) {
    sum += notes->notes[i].velocity;
  }
  return sum / (double)notes->n;
}

static void
test_density_and_loudness_are_those_asked_for(void** const state)
{
  static const float asked[] = {1.0F, 3.0F};
  size_t             n[2];
  double             velocity[2];
  for (int i = 0; i < 2; ++i) {
    CnHost* const host = start(state, CN_ROLE_CONTINUE);
    cn_host_set(host, "density", asked[i]);
    cn_host_set(host, "loudness", 50.0F * asked[i]);
    pass(host, 0.0, true, 32, 0.0, &first_pass);
    n[i]        = first_pass.n;
    velocity[i] = mean_velocity(&first_pass);
  }
  assert_in_range(n[0], 24, 40); // In 31 beats or so
  assert_in_range(n[1], 75, 110);
  assert_true(velocity[1] > 2.0 * velocity[0]);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_take_comes_back_after_another),
      CN_BUNDLE_TEST(test_knob_comes_back_after_another_place),
      CN_BUNDLE_TEST(test_hold_stands_behind_a_gap),
      CN_BUNDLE_TEST(test_hold_stands_against_all_knobs),
      CN_BUNDLE_TEST(test_turning_a_control_silences_nothing),
      CN_BUNDLE_TEST(test_pedal_leaves_it_its_notes),
      CN_BUNDLE_TEST(test_first_bar_of_an_export_is_there),
      CN_BUNDLE_TEST(test_keys_are_those_asked_for),
      CN_BUNDLE_TEST(test_key_of_the_phrase_is_told),
      CN_BUNDLE_TEST(test_density_and_loudness_are_those_asked_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
