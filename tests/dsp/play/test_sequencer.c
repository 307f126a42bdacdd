// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/sequencer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MESSAGES 64

/// A sequencer with all that it needs, and a sink that can be full
typedef struct {
  CnTimeline* timeline;
  CnLedger    ledger;
  CnSequencer sequencer;
  CnMidiSink  sink;
  uint32_t    n_messages;
  uint32_t    capacity;
  uint8_t     messages[N_MESSAGES][3];
  uint32_t    frames[N_MESSAGES];
} Hand;

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Hand* const hand = (Hand*)handle;
  if (hand->n_messages == hand->capacity || size > 3) {
    return false;
  }
  memcpy(hand->messages[hand->n_messages], message, size);
  hand->frames[hand->n_messages++] = frame;
  return true;
}

/// Begin a block of an empty sink
static void
begin(Hand* const hand, const uint32_t capacity)
{
  hand->n_messages = 0;
  hand->capacity   = capacity;
  cn_ledger_begin(&hand->ledger, &hand->sink);
  cn_sequencer_begin(&hand->sequencer, 1, false);
}

static int
set_up(void** const state)
{
  Hand* const hand = (Hand*)calloc(1, sizeof(Hand));
  *state           = hand;
  if (!hand || !(hand->timeline = cn_timeline_new())) {
    return -1;
  }
  hand->sink = (CnMidiSink){hand, write_message};
  cn_sequencer_init(&hand->sequencer, hand->timeline, &hand->ledger);
  begin(hand, N_MESSAGES);
  return 0;
}

static int
tear_down(void** const state)
{
  Hand* const hand = (Hand*)*state;
  cn_timeline_free(hand->timeline);
  free(hand);
  return 0;
}

/// Store segment 0: key 60 at tick 0 for 4 ticks, 64 at tick 4 for 20
static void
store_segment(const Hand* const hand, const uint32_t take)
{
  const CnSegment segment = {.take    = take,
                             .n_notes = 2,
                             .notes = {{.duration = 4, .pitch = 60, .velocity = 80}, {20, 4, 64, 90, 0, 0}}};
  cn_timeline_write(hand->timeline, &segment);
}

static void
visit(Hand* const hand, const int32_t from, const int32_t to)
{
  for (int32_t tick = from; tick < to; ++tick) {
    cn_sequencer_visit(&hand->sequencer, (uint32_t)tick * 10, tick, true);
  }
}

static void
pass(Hand* const hand, const uint32_t frame, const unsigned status, const unsigned data1,
     const unsigned data2, const bool open)
{
  const uint8_t message[3] = {(uint8_t)status, (uint8_t)data1, (uint8_t)data2};
  cn_ledger_pass(&hand->ledger, frame, message, 3, open);
}

static void
assert_message(const Hand* const hand, const uint32_t index, const uint32_t frame, const unsigned status,
               const unsigned data1)
{
  assert_true(index < hand->n_messages);
  assert_int_equal(hand->frames[index], frame);
  assert_int_equal(hand->messages[index][0], status);
  assert_int_equal(hand->messages[index][1], data1);
}

static void
test_notes_sound_at_their_ticks(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 30);
  assert_int_equal(hand->n_messages, 4);
  assert_message(hand, 0, 0, 0x90, 60);
  assert_message(hand, 1, 40, 0x80, 60); // A note-off goes before a note-on
  assert_message(hand, 2, 40, 0x90, 64);
  assert_message(hand, 3, 240, 0x80, 64);
  assert_int_equal(hand->messages[2][2], 90);
}

static void
test_other_take_is_silent(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 2);
  visit(hand, 0, 30);
  assert_int_equal(hand->n_messages, 0);
  assert_false(cn_sequencer_has(&hand->sequencer, 0));
  cn_sequencer_begin(&hand->sequencer, 1, true); // Unless the take is held
  assert_true(cn_sequencer_has(&hand->sequencer, 0));
  visit(hand, 0, 30);
  assert_int_equal(hand->n_messages, 4);
}

static void
test_segment_sounds_in_the_take_it_was_asked_for(void** const state)
{
  Hand* const hand = (Hand*)*state;
  cn_sequencer_expect(&hand->sequencer, 0, 2);
  store_segment(hand, 1);
  assert_false(cn_sequencer_has(&hand->sequencer, 0));
  store_segment(hand, 2);
  begin(hand, N_MESSAGES);
  visit(hand, 0, 1);
  assert_message(hand, 0, 0, 0x90, 60);
  cn_sequencer_expect(&hand->sequencer, 0, 1); // Asked for anew, and not there yet
  visit(hand, 1, 12);
  assert_int_equal(hand->n_messages, 2); // The note-off
  cn_sequencer_halt(&hand->sequencer, 120);
  assert_false(cn_sequencer_has(&hand->sequencer, 0));
}

static void
test_late_notes_are_counted_once(void** const state)
{
  Hand* const hand = (Hand*)*state;
  cn_sequencer_expect(&hand->sequencer, 0, 1);
  cn_sequencer_expect(&hand->sequencer, 0, 1);
  visit(hand, 0, 3);
  store_segment(hand, 1);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->sequencer.n_late, 1);
  visit(hand, 3, 12);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->sequencer.n_late, 1);
  assert_true(hand->ledger.is_own[64]);
  assert_false(hand->ledger.is_own[60]);
  const CnStruck struck = cn_sequencer_fetch_struck(&hand->sequencer);
  assert_true(struck.tick == 4 && struck.ticks == 1);
}

static void
test_tells_where_it_has_struck(void** const state)
{
  Hand* const hand   = (Hand*)*state;
  CnSegment   far    = {.segment = 4, .take = 1, .n_notes = 1, .notes = {{4, 1, 60, 80, 0, 0}}};
  CnStruck    struck = cn_sequencer_fetch_struck(&hand->sequencer);
  assert_int_equal(struck.ticks, 0);
  store_segment(hand, 1);
  visit(hand, 0, 12);
  struck = cn_sequencer_fetch_struck(&hand->sequencer);
  assert_true(struck.tick == 0 && struck.ticks == (1U | 1U << 4U));
  assert_int_equal(cn_sequencer_fetch_struck(&hand->sequencer).ticks, 0);
  begin(hand, 0);
  visit(hand, 0, 12); // Refused
  assert_int_equal(cn_sequencer_fetch_struck(&hand->sequencer).ticks, 0);
  begin(hand, N_MESSAGES);
  cn_timeline_write(hand->timeline, &far);
  visit(hand, 0, 60); // Too long to remember the first
  struck = cn_sequencer_fetch_struck(&hand->sequencer);
  assert_true(struck.tick == 49 && struck.ticks == 1);
}

static void
test_unasked_segment_is_not_late(void** const state)
{
  Hand* const hand = (Hand*)*state;
  cn_sequencer_expect(&hand->sequencer, 0, 1);
  cn_sequencer_halt(&hand->sequencer, 0);
  visit(hand, 0, 3);
  store_segment(hand, 1);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->sequencer.n_late, 0);
}

static void
test_yield_ends_and_hushes(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 2);
  cn_sequencer_yield(&hand->sequencer, 25, 5);
  assert_message(hand, 1, 25, 0x80, 60);
  visit(hand, 2, 12);
  assert_int_equal(hand->n_messages, 2);
  cn_sequencer_halt(&hand->sequencer, 120); // Elsewhere nothing is hushed
  visit(hand, 0, 1);
  assert_int_equal(hand->n_messages, 3);
}

static void
test_ceded_key_ends_and_is_mute(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 2);
  cn_sequencer_cede(&hand->sequencer, 25, 60, 12);
  cn_sequencer_cede(&hand->sequencer, 25, 64, 4); // To be free again where its note begins
  assert_message(hand, 1, 25, 0x80, 60);
  assert_int_equal(hand->n_messages, 2);
  visit(hand, 2, 6);
  assert_message(hand, 2, 40, 0x90, 64);
  visit(hand, 0, 1);
  assert_int_equal(hand->n_messages, 3);
  cn_sequencer_halt(&hand->sequencer, 60);
  visit(hand, 0, 1);
  assert_message(hand, 4, 0, 0x90, 60);
}

static void
test_skipped_ticks_are_silent_but_not_late(void** const state)
{
  Hand* const hand = (Hand*)*state;
  cn_sequencer_expect(&hand->sequencer, 0, 1);
  cn_sequencer_skip(&hand->sequencer, 4);
  visit(hand, 0, 2);
  store_segment(hand, 1);
  visit(hand, 0, 6);
  assert_message(hand, 0, 40, 0x90, 64);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->sequencer.n_late, 0);
}

static void
test_refused_release_is_sent_first_thing(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 2);
  begin(hand, 0);
  cn_sequencer_halt(&hand->sequencer, 5);
  pass(hand, 6, 0x95, 70, 1, true); // Refused: does not sound, and so needs no end
  assert_int_equal(hand->ledger.n_own, 1);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 1);
  assert_message(hand, 0, 0, 0x80, 60);
  assert_int_equal(hand->ledger.n_own, 0);
}

static void
test_refused_note_does_not_sound(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  begin(hand, 0);
  visit(hand, 0, 2);
  begin(hand, N_MESSAGES);
  visit(hand, 2, 30);
  assert_int_equal(hand->n_messages, 2);
  assert_int_equal(hand->ledger.n_refused, 1);
}

static void
test_player_and_continuation_share_a_key(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 1);
  pass(hand, 5, 0x80, 60, 0, true); // Would cut the continuation's note
  assert_int_equal(hand->n_messages, 1);
  pass(hand, 6, 0x90, 60, 50, true);
  assert_message(hand, 1, 6, 0x80, 60);
  assert_message(hand, 2, 6, 0x90, 60);
  pass(hand, 7, 0x90, 64, 50, true);
  visit(hand, 1, 30); // The continuation leaves the musician's key 64 out
  assert_int_equal(hand->n_messages, 4);
  pass(hand, 400, 0x80, 64, 0, true);
  pass(hand, 400, 0x80, 60, 0, true);
  assert_int_equal(hand->n_messages, 6);
}

static void
test_closed_thru_lets_releases_through(void** const state)
{
  Hand* const hand = (Hand*)*state;
  pass(hand, 1, 0x93, 60, 50, true);
  pass(hand, 1, 0xB3, 64, 127, true);
  pass(hand, 2, 0x93, 61, 50, false);
  pass(hand, 2, 0xE3, 1, 50, false);
  pass(hand, 2, 0x83, 61, 50, false);
  assert_int_equal(hand->n_messages, 2);
  pass(hand, 3, 0x83, 60, 50, false);
  pass(hand, 3, 0xB3, 64, 0, false);
  pass(hand, 3, 0xB3, 64, 0, false);
  assert_int_equal(hand->n_messages, 4);
  assert_message(hand, 2, 3, 0x83, 60);
  assert_message(hand, 3, 3, 0xB3, 64);
}

static void
test_refused_thru_release_is_sent_later(void** const state)
{
  Hand* const hand = (Hand*)*state;
  pass(hand, 1, 0x93, 60, 50, true);
  pass(hand, 1, 0xB3, 64, 127, true);
  begin(hand, 0);
  pass(hand, 1, 0x83, 60, 50, true);
  pass(hand, 1, 0xB3, 64, 0, true);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 0, 0, 0x83, 60);
  assert_message(hand, 1, 0, 0xB3, 64);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 0);
}

static void
test_panic_ends_the_continuation(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  visit(hand, 0, 1);
  pass(hand, 9, 0xB0, 123, 0, false);
  assert_message(hand, 1, 9, 0x80, 60);
  assert_message(hand, 2, 9, 0xB0, 123);
}

static void
test_panic_ends_the_musicians_notes(void** const state)
{
  static const unsigned panics[] = {120, 123, 127};
  Hand* const           hand     = (Hand*)*state;
  store_segment(hand, 1);
  for (size_t i = 0; i < sizeof(panics) / sizeof(panics[0]); ++i) {
    begin(hand, N_MESSAGES);
    pass(hand, 1, 0x90, 64, 50, true);
    pass(hand, 1, 0x93, 61, 50, true);
    pass(hand, 9, 0xB0, panics[i], 0, false);
    assert_int_equal(hand->n_messages, 4);
    assert_message(hand, 2, 9, 0x80, 64);
    assert_message(hand, 3, 9, 0xB0, panics[i]);
    visit(hand, 4, 5); // The key is free again
    assert_message(hand, 4, 40, 0x90, 64);
    visit(hand, 30, 31);
    pass(hand, 400, 0x83, 61, 0, true); // The other channel's is not ended before
    assert_message(hand, 6, 400, 0x83, 61);
  }
}

static void
test_refused_end_of_a_panic_is_sent_later(void** const state)
{
  Hand* const hand = (Hand*)*state;
  begin(hand, 2);
  pass(hand, 1, 0x90, 64, 50, true);
  pass(hand, 1, 0x90, 65, 50, true);
  pass(hand, 9, 0xB0, 123, 0, true);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 0, 0, 0x80, 64);
  assert_message(hand, 1, 0, 0x80, 65);
}

static void
test_reset_lifts_the_pedal(void** const state)
{
  Hand* const hand = (Hand*)*state;
  pass(hand, 1, 0xB3, 64, 127, true);
  pass(hand, 2, 0xB3, 121, 0, false); // It ends what was passed on
  pass(hand, 3, 0xB3, 64, 0, false);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 1, 2, 0xB3, 121);
}

/// A pedal that holds notes in the instrument rises there, though Thru was closed meanwhile, or all was reset
static void
test_sostenuto_does_not_hang(void** const state)
{
  Hand* const hand = (Hand*)*state;
  pass(hand, 1, 0xB3, 66, 127, true);
  pass(hand, 2, 0xB3, 66, 0, false);
  pass(hand, 2, 0xB3, 66, 0, false);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 1, 2, 0xB3, 66);
  pass(hand, 3, 0xB3, 66, 127, true);
  begin(hand, 0);
  pass(hand, 4, 0xB3, 66, 0, true); // The sink is full
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 1);
  assert_message(hand, 0, 0, 0xB3, 66);
  pass(hand, 5, 0xB3, 66, 127, true);
  pass(hand, 6, 0xB3, 121, 0, false);
  pass(hand, 7, 0xB3, 66, 0, false);
  assert_int_equal(hand->n_messages, 3);
  assert_message(hand, 2, 6, 0xB3, 121);
  pass(hand, 8, 0xB3, 66, 127, true);
  pass(hand, 8, 0xB3, 64, 127, true);
  cn_ledger_owe_all(&hand->ledger);
  begin(hand, N_MESSAGES);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 0, 0, 0xB3, 64);
  assert_message(hand, 1, 0, 0xB3, 66);
}

static void
test_channel_may_change_in_mid_note(void** const state)
{
  Hand* const hand = (Hand*)*state;
  store_segment(hand, 1);
  cn_ledger_set_channel(&hand->ledger, 4);
  visit(hand, 0, 1);
  cn_ledger_set_channel(&hand->ledger, 9);
  visit(hand, 1, 5);
  assert_int_equal(hand->n_messages, 3);
  assert_message(hand, 0, 0, 0x94, 60);
  assert_message(hand, 1, 40, 0x84, 60);
  assert_message(hand, 2, 40, 0x99, 64);
  pass(hand, 50, 0xB4, 123, 0, true); // No longer its channel
  assert_int_equal(hand->n_messages, 4);
  cn_ledger_set_channel(&hand->ledger, 4);
  visit(hand, 4, 5); // The same key again
  assert_message(hand, 4, 40, 0x89, 64);
  assert_message(hand, 5, 40, 0x94, 64);
}

static void
test_other_data_passes_untouched(void** const state)
{
  static const uint8_t program[] = {0xC2, 17};
  static const uint8_t clock[]   = {0xF8};
  static const uint8_t broken[]  = {0x12, 3};
  Hand* const          hand      = (Hand*)*state;
  cn_ledger_pass(&hand->ledger, 3, program, 2, true);
  cn_ledger_pass(&hand->ledger, 4, clock, 1, true);
  cn_ledger_pass(&hand->ledger, 5, broken, 2, true);
  cn_ledger_pass(&hand->ledger, 5, program, 1, true);
  assert_int_equal(hand->n_messages, 2);
  assert_message(hand, 0, 3, 0xC2, 17);
  assert_message(hand, 1, 4, 0xF8, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_notes_sound_at_their_ticks),
      CASE(test_other_take_is_silent),
      CASE(test_segment_sounds_in_the_take_it_was_asked_for),
      CASE(test_late_notes_are_counted_once),
      CASE(test_tells_where_it_has_struck),
      CASE(test_unasked_segment_is_not_late),
      CASE(test_yield_ends_and_hushes),
      CASE(test_ceded_key_ends_and_is_mute),
      CASE(test_skipped_ticks_are_silent_but_not_late),
      CASE(test_refused_release_is_sent_first_thing),
      CASE(test_refused_note_does_not_sound),
      CASE(test_player_and_continuation_share_a_key),
      CASE(test_closed_thru_lets_releases_through),
      CASE(test_refused_thru_release_is_sent_later),
      CASE(test_panic_ends_the_continuation),
      CASE(test_panic_ends_the_musicians_notes),
      CASE(test_refused_end_of_a_panic_is_sent_later),
      CASE(test_reset_lifts_the_pedal),
      CASE(test_sostenuto_does_not_hang),
      CASE(test_channel_may_change_in_mid_note),
      CASE(test_other_data_passes_untouched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
