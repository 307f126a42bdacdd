// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"
#include "dsp/part/lead.h"
#include "dsp/part/sheet.h"
#include "dsp/take/engine.h"
#include "tests/support/fake_planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_SEGMENTS = 64, BAR = 96 };

// A sheet

static void
test_bars_are_written_and_read(void** const state)
{
  (void)state;
  CnSheet sheet = {0};
  for (int32_t i = 0; i < CN_SHEET_BARS; ++i) {
    assert_true(cn_sheet_write(&sheet, (CnSheetBar){(i * 7) % CN_SHEET_BARS, i % 48, 1, CN_BAR_FREE}));
  }
  assert_int_equal(sheet.n_bars, CN_SHEET_BARS);
  for (uint32_t i = 1; i < sheet.n_bars; ++i) {
    assert_true(sheet.bars[i].bar > sheet.bars[i - 1].bar);
  }
  assert_int_equal(cn_sheet_read(&sheet, 7).chord, 1);
  assert_false(cn_sheet_write(&sheet, (CnSheetBar){CN_SHEET_BARS, 1, 0, CN_BAR_FREE})); // It is full
  assert_true(
      cn_sheet_write(&sheet, (CnSheetBar){7, CN_CHORD_NONE, 0, CN_BAR_FREE})); // Nothing takes no room
  assert_int_equal(sheet.n_bars, CN_SHEET_BARS - 1);
  assert_int_equal(cn_sheet_read(&sheet, 7).chord, CN_CHORD_NONE);
  assert_int_equal(cn_sheet_read(&sheet, 8).bar, 8);
}

static void
test_texts_are_read_back(void** const state)
{
  (void)state;
  static CnSheet sheet;
  char           text[CN_SHEET_TEXT_SIZE];
  assert_int_equal(cn_sheet_parse(" 4:G7/B 1:C, 2:Am7 4:+12", &sheet), CN_STATUS_SUCCESS);
  cn_sheet_print(&sheet, text);
  assert_string_equal(text, "1:C 2:Am7 4:G7/B 4:+12");
  assert_int_equal(cn_sheet_parse("5:rest 3:keep 3:C", &sheet), CN_STATUS_SUCCESS);
  assert_int_equal(cn_sheet_read(&sheet, 4).stands, CN_BAR_RESTS);
  cn_sheet_print(&sheet, text);
  assert_string_equal(text, "3:C 3:keep 5:rest");
  assert_int_equal(cn_sheet_parse("1:C 1:-", &sheet), CN_STATUS_SUCCESS);
  assert_int_equal(sheet.n_bars, 0);
  cn_sheet_print(&sheet, text);
  assert_string_equal(text, "");
  for (int32_t i = 0; i < CN_SHEET_BARS; ++i) { // The longest there is
    assert_true(cn_sheet_write(&sheet, (CnSheetBar){CN_SHEET_BAR_MAX - i, cn_chord_parse("Abmmaj7/Bb"),
                                                    CN_SHEET_ANOTHER_MAX, CN_BAR_KEPT}));
  }
  cn_sheet_print(&sheet, text);
  static CnSheet again;
  assert_int_equal(cn_sheet_parse(text, &again), CN_STATUS_SUCCESS);
  assert_memory_equal(&again, &sheet, sizeof(sheet));
}

static void
test_bad_texts_are_refused(void** const state)
{
  static const char* const bad[] = {"C",
                                    "0:C",
                                    "1:H",
                                    "1",
                                    "1:",
                                    ":C",
                                    "1:+",
                                    "1:+1000",
                                    "100002:C",
                                    "1:C x",
                                    "99999999999999999999:C",
                                    "1:Cmaj7aaaaaaaaaaaaaaaaaaaaaa"};
  (void)state;
  static CnSheet sheet;
  for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); ++i) {
    assert_int_not_equal(cn_sheet_parse(bad[i], &sheet), CN_STATUS_SUCCESS);
    assert_int_equal(sheet.n_bars, 0);
  }
}

// In the engine

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
ask_by(CnEngine* const engine, const CnRules rules)
{
  for (int32_t i = 2; i < N_SEGMENTS; ++i) {
    tell(engine,
         (CnCommand){.kind       = CN_COMMAND_PLAN,
                     .segment    = i,
                     .bar        = {i * 12 / BAR * BAR, BAR},
                     .bar_number = i * 12 / BAR,
                     .params = {.chord = CN_CHORD_NONE, .take = 1, .role = CN_ROLE_SOLO, .rules = rules}});
  }
}

static void
ask(CnEngine* const engine)
{
  ask_by(engine, (CnRules){0});
}

static CnEngine*
make_engine(void)
{
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = fake_planner(1);
  assert_non_null(engine);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  tell(engine, (CnCommand){.kind = CN_COMMAND_ON, .pitch = 60, .velocity = 80, .bar = {0, BAR}});
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = 10, .pitch = 60});
  return engine;
}

static void
write_down(CnEngine* const engine, const int32_t bar, const int32_t chord, const uint32_t another)
{
  tell(engine,
       (CnCommand){
           .kind = CN_COMMAND_SHEET, .bar_number = bar, .another = another, .params = {.chord = chord}});
}

/// First segment in which two engines differ; N_SEGMENTS: none
static int32_t
compare(const CnEngine* const a, const CnEngine* const b)
{
  for (int32_t i = 2; i < N_SEGMENTS; ++i) {
    CnSegment x = {0};
    CnSegment y = {0};
    assert_true(cn_timeline_read(cn_engine_timeline(a), i, &x));
    assert_true(cn_timeline_read(cn_engine_timeline(b), i, &y));
    if (x.n_notes != y.n_notes || memcmp(x.notes, y.notes, x.n_notes * sizeof(*x.notes)) != 0) {
      return i;
    }
  }
  return N_SEGMENTS;
}

static void
test_bars_are_played_as_written(void** const state)
{
  (void)state;
  CnEngine* const plain = make_engine();
  CnEngine* const other = make_engine();
  ask(plain);
  ask(other);
  assert_int_equal(compare(plain, other), N_SEGMENTS);
  ask_by(other, (CnRules){.chord_rule = CN_CHORD_RULE_NONE, .chord_guidance = 50});
  assert_int_equal(compare(plain, other), N_SEGMENTS); // Where there is no chord, nothing binds
  write_down(other, 3, 5, 0);
  ask(other);
  assert_int_equal(compare(plain, other), 3 * BAR / 12); // From that bar on, and not before
  write_down(other, 3, CN_CHORD_NONE, 0);
  ask(other);
  assert_int_equal(compare(plain, other), N_SEGMENTS); // And as it was
  write_down(other, 2, CN_CHORD_NONE, 1);
  ask(other);
  assert_int_equal(compare(plain, other), 2 * BAR / 12);
  write_down(other, CN_SHEET_ALL, CN_CHORD_NONE, 0);
  ask(other);
  assert_int_equal(compare(plain, other), N_SEGMENTS);
  cn_engine_free(plain);
  cn_engine_free(other);
}

static void
test_sheet_comes_back_with_the_take(void** const state)
{
  (void)state;
  CnEngine* const engine = make_engine();
  CnEngine* const other  = make_engine();
  uint8_t*        data   = NULL;
  size_t          size   = 0;
  static CnSheet  told;
  assert_false(cn_engine_hear_sheet(engine, &told));
  write_down(engine, 3, 5, 7);
  assert_true(cn_engine_hear_sheet(engine, &told));
  assert_int_equal(cn_sheet_read(&told, 3).another, 7);
  assert_false(cn_engine_hear_sheet(engine, &told)); // Once
  ask(engine);
  assert_int_equal(cn_engine_save(engine, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_restore(other, data, size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_true(cn_engine_hear_sheet(other, &told));
  assert_int_equal(cn_sheet_read(&told, 3).chord, 5);
  ask(other);
  assert_int_equal(compare(engine, other), N_SEGMENTS);
  for (size_t n = 0; n < size; ++n) { // Cut off anywhere, it is refused
    assert_int_not_equal(cn_engine_restore(other, data, n, CN_NO_FAULT), CN_STATUS_SUCCESS);
  }
  free(data);
  cn_engine_free(engine);
  cn_engine_free(other);
}

// A leading hand

static CnNote
note(const int32_t onset, const int32_t duration, const unsigned pitch, const unsigned channel)
{
  return (CnNote){.onset    = onset,
                  .duration = duration,
                  .bar      = {0, BAR},
                  .pitch    = (uint8_t)pitch,
                  .velocity = 80,
                  .channel  = (uint8_t)channel};
}

static void
test_leading_hand_says_the_chord(void** const state)
{
  (void)state;
  const CnRules below   = {.chord_keys = CN_CHORD_KEYS_BELOW, .chord_at = 60};
  const CnRules channel = {.chord_keys = CN_CHORD_KEYS_CHANNEL, .chord_at = 4};
  const CnNote  notes[] = {
       note(0, 48, 48, 0),  note(0, 48, 52, 0),  note(0, 48, 55, 0),                       // C, released
       note(12, 84, 76, 3), note(12, 84, 79, 3),                                           // E G
       note(48, 48, 45, 0), note(48, 48, 52, 0), note(48, 48, 55, 0), note(48, 47, 48, 0), // Am7, held
  };
  const uint32_t n = sizeof(notes) / sizeof(*notes);
  assert_int_equal(cn_lead_chord(&below, notes, 3, 24), cn_chord_parse("C"));
  assert_int_equal(cn_lead_chord(&below, notes, n, 96), cn_chord_parse("Am7"));
  assert_int_equal(cn_lead_chord(&below, notes, n, 200), cn_chord_parse("Am7")); // It stands for a while
  assert_int_equal(cn_lead_chord(&below, notes, n, 96 + CN_LEAD_TICKS_MAX + 4), CN_CHORD_NONE);
  assert_int_equal(cn_lead_chord(&channel, notes, n, 96), cn_chord_parse("Em"));
  assert_true(cn_lead_has(&below, 59, 0));
  assert_false(cn_lead_has(&below, 60, 0));
  assert_true(cn_lead_has(&channel, 100, 3));
  assert_false(cn_lead_has(&(CnRules){0}, 0, 0));
}

/// The left hand holds on while the right one rests: the continuation plays
static void
test_leading_hand_is_no_playing(void** const state)
{
  (void)state;
  unsigned n_notes[2] = {0, 0};
  for (unsigned leads = 0; leads < 2; ++leads) {
    const CnRules rules = leads ? (CnRules){.chord_keys = CN_CHORD_KEYS_BELOW, .chord_at = 55} : (CnRules){0};
    CnEngine* const engine = make_engine();
    tell(engine, (CnCommand){.kind = CN_COMMAND_MODE, .params = {.rules = rules}});
    tell(engine,
         (CnCommand){.kind = CN_COMMAND_ON, .tick = 12, .pitch = 48, .velocity = 80, .bar = {0, BAR}});
    for (int32_t i = 2; i < N_SEGMENTS; ++i) {
      CnSegment segment = {0};
      tell(engine, (CnCommand){.kind    = CN_COMMAND_PLAN,
                               .segment = i,
                               .bar     = {0, BAR},
                               .params  = {.chord = CN_CHORD_NONE, .take = 1, .rules = rules}});
      assert_true(cn_timeline_read(cn_engine_timeline(engine), i, &segment));
      n_notes[leads] += segment.n_notes;
    }
    cn_engine_free(engine);
  }
  assert_int_equal(n_notes[0], 0);
  assert_true(n_notes[1] > 50);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bars_are_written_and_read),
      cmocka_unit_test(test_texts_are_read_back),
      cmocka_unit_test(test_bad_texts_are_refused),
      cmocka_unit_test(test_bars_are_played_as_written),
      cmocka_unit_test(test_sheet_comes_back_with_the_take),
      cmocka_unit_test(test_leading_hand_says_the_chord),
      cmocka_unit_test(test_leading_hand_is_no_playing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
