// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/fake_planner.h"

#include "dsp/take/ahead.h"
#include "dsp/take/engine.h"
#include "dsp/take/revise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BAR 96      ///< [ticks]
#define IN_BAR 8    ///< Segments of a bar
#define N_BARS 8    ///< That are composed
#define MIDDLE 3    ///< The bar that is changed
#define TWO_WAYS 50 ///< [percent] Swing

/// What sounds in the bars
typedef struct {
  CnSegment segments[N_BARS * IN_BAR];
} Heard;

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
ask_for(CnEngine* const engine, const int32_t segment, const uint32_t take, const float temperature,
        const uint8_t swing)
{
  tell(engine, (CnCommand){.kind       = CN_COMMAND_PLAN,
                           .segment    = segment,
                           .bar        = {segment / IN_BAR * BAR, BAR},
                           .bar_number = segment / IN_BAR,
                           .params     = {.chord       = CN_CHORD_NONE,
                                          .take        = take,
                                          .temperature = temperature,
                                          .role        = CN_ROLE_SOLO,
                                          .rules       = {.swing = swing}}});
}

/// Let the transport roll over all bars
static void
roll(CnEngine* const engine, const uint32_t take, const float temperature, const uint8_t swing)
{
  for (int32_t i = 0; i < N_BARS * IN_BAR; ++i) {
    ask_for(engine, i, take, temperature, swing);
  }
}

static Heard
listen(const CnEngine* const engine)
{
  Heard heard = {0};
  for (int32_t i = 0; i < N_BARS * IN_BAR; ++i) {
    assert_true(cn_timeline_read(cn_engine_timeline(engine), i, &heard.segments[i]));
  }
  return heard;
}

static bool
is_same(const Heard* const a, const Heard* const b, const int32_t bar)
{
  bool same = true;
  for (int32_t i = bar * IN_BAR; i < (bar + 1) * IN_BAR; ++i) {
    same &= cn_segment_has_same_notes(&a->segments[i], &b->segments[i]);
  }
  return same;
}

/// The bars that differ, as bits
static unsigned
compare(const Heard* const a, const Heard* const b)
{
  unsigned bits = 0;
  for (int32_t bar = 0; bar < N_BARS; ++bar) {
    bits |= is_same(a, b, bar) ? 0U : 1U << (unsigned)bar;
  }
  return bits;
}

static unsigned
count(const Heard* const heard, const int32_t bar)
{
  unsigned n = 0;
  for (int32_t i = bar * IN_BAR; i < (bar + 1) * IN_BAR; ++i) {
    n += heard->segments[i].n_notes;
  }
  return n;
}

static void
write_down(CnEngine* const engine, const int32_t bar, const uint32_t another, const uint8_t stands)
{
  tell(engine, (CnCommand){.kind = CN_COMMAND_EDIT});
  tell(engine, (CnCommand){.kind       = CN_COMMAND_SHEET,
                           .bar_number = bar,
                           .another    = another,
                           .stands     = stands,
                           .params     = {.chord = CN_CHORD_NONE}});
}

static int
set_up_with(void** const state, const CnPlanner* const planner)
{
  CnEngine* const engine = cn_engine_new();
  *state                 = engine;
  if (!engine || cn_engine_set_planner(engine, planner)) {
    return 1;
  }
  roll(engine, 1, 1.0F, TWO_WAYS);
  return 0;
}

static int
set_up(void** const state)
{
  const CnPlanner planner = fake_planner(1);
  return set_up_with(state, &planner);
}

static int
set_up_leading(void** const state)
{
  const CnPlanner planner = leading_planner(1);
  return set_up_with(state, &planner);
}

static int
tear_down(void** const state)
{
  cn_engine_free((CnEngine*)*state);
  return 0;
}

#define ALL ((1U << N_BARS) - 1U)
#define BIT(bar) (1U << (unsigned)(bar))

static void
test_what_is_kept_stands_against_take_controls_and_model(void** const state)
{
  CnEngine* const engine  = *state;
  const CnPlanner other   = fake_planner(2);
  const Heard     before  = listen(engine);
  const uint32_t  takes[] = {2, 2, 2, 3};
  write_down(engine, MIDDLE, 0, CN_BAR_KEPT);
  for (unsigned i = 0; i < 4; ++i) {
    if (i == 3) {
      assert_int_equal(cn_engine_set_planner(engine, &other), CN_STATUS_SUCCESS);
    }
    roll(engine, takes[i], i > 0 ? 0.7F : 1.0F, i > 1 ? 66 : TWO_WAYS);
    const Heard after = listen(engine);
    assert_int_equal(compare(&before, &after), ALL & ~BIT(MIDDLE));
  }
}

static void
test_a_bar_that_is_free_again_follows(void** const state)
{
  CnEngine* const engine = *state;
  const Heard     before = listen(engine);
  write_down(engine, MIDDLE, 0, CN_BAR_KEPT);
  roll(engine, 2, 1.0F, TWO_WAYS);
  write_down(engine, MIDDLE, 0, CN_BAR_FREE);
  roll(engine, 2, 1.0F, TWO_WAYS);
  const Heard after = listen(engine);
  assert_true(compare(&before, &after) & BIT(MIDDLE));
}

static void
test_another_changes_its_bar_alone(void** const state)
{
  CnEngine* const engine = *state;
  const Heard     before = listen(engine);
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  const Heard at_once = listen(engine); // Before the transport comes that way again
  assert_int_equal(compare(&before, &at_once), BIT(MIDDLE));
  roll(engine, 1, 1.0F, TWO_WAYS);
  const Heard after = listen(engine);
  assert_int_equal(compare(&at_once, &after), 0);
  write_down(engine, MIDDLE, 2, CN_BAR_FREE); // And another
  const Heard third = listen(engine);
  assert_int_equal(compare(&before, &third), BIT(MIDDLE));
  assert_int_equal(compare(&after, &third), BIT(MIDDLE));
}

static void
test_rest_is_silent_and_the_others_stand(void** const state)
{
  CnEngine* const engine = *state;
  const Heard     before = listen(engine);
  assert_true(count(&before, MIDDLE) > 0);
  write_down(engine, MIDDLE, 0, CN_BAR_RESTS);
  const Heard at_once = listen(engine);
  assert_int_equal(count(&at_once, MIDDLE), 0);
  assert_int_equal(compare(&before, &at_once), BIT(MIDDLE));
  roll(engine, 5, 0.5F, TWO_WAYS);
  const Heard after = listen(engine);
  assert_int_equal(count(&after, MIDDLE), 0);
}

static void
test_undo_takes_each_edit_back(void** const state)
{
  CnEngine* const engine = *state;
  static CnSheet  sheet;
  const Heard     before = listen(engine);
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  const Heard another = listen(engine);
  write_down(engine, MIDDLE + 1, 0, CN_BAR_RESTS);
  write_down(engine, 0, 0, CN_BAR_KEPT);
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  const Heard second = listen(engine);
  assert_int_equal(compare(&another, &second), 0);
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  roll(engine, 1, 0.6F, TWO_WAYS); // Whatever has been turned since
  const Heard first = listen(engine);
  assert_true(is_same(&before, &first, MIDDLE));
  assert_true(is_same(&before, &first, N_BARS - 1));
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO}); // There is nothing left
  const Heard same = listen(engine);
  assert_int_equal(compare(&first, &same), 0);
  assert_true(cn_engine_hear_sheet(engine, &sheet));
  cn_engine_run(engine);
  cn_engine_hear_sheet(engine, &sheet);
  assert_int_equal(cn_sheet_read(&sheet, MIDDLE).another, 0);
  assert_int_equal(cn_sheet_read(&sheet, 0).stands, CN_BAR_FREE);
}

static void
test_the_oldest_edits_are_forgotten(void** const state)
{
  CnEngine* const engine = *state;
  static CnSheet  sheet;
  for (uint32_t i = 1; i <= CN_UNDO_MOST + 2; ++i) {
    write_down(engine, MIDDLE, i, CN_BAR_FREE);
  }
  for (unsigned i = 0; i < CN_UNDO_MOST + 5; ++i) {
    tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  }
  cn_engine_hear_sheet(engine, &sheet);
  cn_engine_run(engine);
  assert_true(cn_engine_hear_sheet(engine, &sheet));
  assert_int_equal(cn_sheet_read(&sheet, MIDDLE).another, 2);
}

static void
test_all_of_it_is_saved_with_the_take(void** const state)
{
  CnEngine* const engine  = *state;
  CnEngine* const other   = cn_engine_new();
  const CnPlanner planner = fake_planner(3); // Of another model
  uint8_t*        data    = NULL;
  uint8_t*        again   = NULL;
  size_t          size    = 0;
  size_t          n       = 0;
  static CnSheet  sheet;
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  write_down(engine, MIDDLE, 1, CN_BAR_KEPT);
  write_down(engine, 1, 0, CN_BAR_RESTS);
  const Heard before = listen(engine);
  assert_int_equal(cn_engine_save(engine, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_set_planner(other, &planner), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_restore(other, data, size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_save(other, &again, &n), CN_STATUS_SUCCESS);
  assert_int_equal(n, size);
  assert_memory_equal(again, data, size);
  assert_true(cn_engine_hear_sheet(other, &sheet));
  assert_int_equal(cn_sheet_read(&sheet, MIDDLE).stands, CN_BAR_KEPT);
  assert_int_equal(cn_sheet_read(&sheet, 1).stands, CN_BAR_RESTS);
  roll(other, 9, 0.6F, 66);
  const Heard after = listen(other);
  assert_int_equal(compare(&before, &after) & ~1U, 0); // All after the first changed bar were kept
  for (size_t cut = 0; cut < size; ++cut) {            // Cut off anywhere, it is refused
    assert_int_not_equal(cn_engine_restore(other, data, cut, CN_NO_FAULT), CN_STATUS_SUCCESS);
  }
  free(data);
  free(again);
  cn_engine_free(other);
}

/// The transport tells another metre in the last segment
static void
change_metre(CnEngine* const engine, const CnBar bar, const int32_t number)
{
  tell(engine, (CnCommand){.kind       = CN_COMMAND_PLAN,
                           .segment    = N_BARS * IN_BAR - 1,
                           .bar        = bar,
                           .bar_number = number,
                           .params     = {.chord       = CN_CHORD_NONE,
                                          .take        = 1,
                                          .temperature = 1.0F,
                                          .role        = CN_ROLE_SOLO,
                                          .rules       = {.swing = TWO_WAYS}}});
}

/// Assert that what is saved can be restored, and that a bar is kept in it
static void
assert_restores(CnEngine* const engine, const int32_t bar)
{
  static CnSheet  sheet;
  CnEngine* const other     = cn_engine_new();
  uint8_t*        data      = NULL;
  size_t          size      = 0;
  char            fault[96] = "?";
  assert_int_equal(cn_engine_save(engine, &data, &size), CN_STATUS_SUCCESS);
  cn_engine_restore(other, data, size, CN_FAULT(fault));
  assert_string_equal(fault, "");
  assert_true(cn_engine_hear_sheet(other, &sheet));
  assert_int_equal(cn_sheet_read(&sheet, bar).stands, CN_BAR_KEPT);
  free(data);
  cn_engine_free(other);
}

/// A bar stays where it was when it was kept, wherever another metre has it; nor does another bar take its
/// place
static void
test_a_kept_bar_survives_another_metre(void** const state)
{
  CnEngine* const engine = *state;
  write_down(engine, MIDDLE, 0, CN_BAR_KEPT);
  change_metre(engine, (CnBar){720, 72}, 10);
  write_down(engine, MIDDLE, 0, CN_BAR_KEPT);
  assert_restores(engine, MIDDLE);
  change_metre(engine, (CnBar){480, 480}, 1);
  write_down(engine, 0, 0, CN_BAR_KEPT); // That would be on either side of it
  assert_restores(engine, MIDDLE);
  assert_restores(engine, 0);
  write_down(engine, 0, 0, CN_BAR_FREE);
  assert_restores(engine, MIDDLE);
}

/// Plan ahead as far as somebody watches
static void
look_ahead(CnEngine* const engine)
{
  while (cn_engine_look_ahead(engine)) {
  }
}

static void
test_a_coming_bar_is_revised_as_it_is_shown(void** const state)
{
  CnEngine* const engine = *state;
  CnSegment       planned[3 * IN_BAR];
  cn_engine_watch(engine, 3 * IN_BAR);
  roll(engine, 1, 1.0F, TWO_WAYS);
  look_ahead(engine);
  for (int32_t i = 0; i < 3 * IN_BAR; ++i) {
    assert_true(cn_timeline_read(cn_engine_planned(engine).timeline, N_BARS * IN_BAR + i, &planned[i]));
  }
  write_down(engine, N_BARS + 1, 1, CN_BAR_FREE);
  look_ahead(engine);
  unsigned n_changed = 0;
  for (int32_t i = 0; i < 3 * IN_BAR; ++i) {
    CnSegment now;
    assert_true(cn_timeline_read(cn_engine_planned(engine).timeline, N_BARS * IN_BAR + i, &now));
    const bool same = cn_segment_has_same_notes(&now, &planned[i]);
    assert_true(same || i / IN_BAR == 1);
    n_changed += !same;
  }
  assert_true(n_changed > 0);
}

static void
test_silence_that_nobody_asked_for_does_not_stand(void** const state)
{
  CnEngine* const engine  = cn_engine_new(); // It has no model yet: nothing sounds
  const CnPlanner planner = fake_planner(1);
  static CnSheet  sheet;
  (void)state;
  assert_non_null(engine);
  roll(engine, 1, 1.0F, TWO_WAYS);
  const Heard nothing = listen(engine);
  assert_int_equal(count(&nothing, MIDDLE + 1), 0);
  write_down(engine, MIDDLE, 0, CN_BAR_RESTS);
  assert_true(cn_engine_hear_sheet(engine, &sheet));
  assert_int_equal(sheet.n_bars, 1);
  assert_int_equal(cn_sheet_read(&sheet, MIDDLE).stands, CN_BAR_RESTS);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  roll(engine, 1, 1.0F, TWO_WAYS);
  const Heard after = listen(engine);
  assert_int_equal(count(&after, MIDDLE), 0);
  assert_true(count(&after, MIDDLE + 1) > 0);
  cn_engine_free(engine);
}

// Leading

/// What a planner was told of what follows, bar by bar: the bar that it leads to; 0: none
typedef struct {
  CnPlanner planner; ///< That composes
  int32_t   bars[2 * N_BARS];
} Diary;

static CnStatus
plan_and_note(void* const handle, const CnPlanRequest* const request, CnNote* const notes,
              uint32_t* const n_notes)
{
  Diary* const  diary = handle;
  const int32_t bar   = request->segment / IN_BAR;
  if (bar >= 0 && bar < 2 * N_BARS) {
    diary->bars[bar] = request->following ? request->following->line / BAR : 0;
  }
  return diary->planner.plan(diary->planner.handle, request, notes, n_notes);
}

static CnPlanner
write_diary(Diary* const diary, const bool leads)
{
  *diary            = (Diary){.planner = leading_planner(1)};
  CnPlanner planner = diary->planner;
  planner.handle    = diary;
  planner.plan      = plan_and_note;
  planner.leads     = leads;
  return planner;
}

static void
check_leads(const Diary* const diary, const int32_t bar, const int32_t to)
{
  for (int32_t b = 0; b < 2 * N_BARS; ++b) {
    assert_int_equal(diary->bars[b], b == bar ? to : 0);
  }
}

/// Only what is played another way leads into what is kept, to the next bar that has notes, eight bars on at
/// most
static void
test_another_way_leads_into_what_is_kept(void** const state)
{
  CnEngine* const engine = *state;
  Diary           diary;
  const CnPlanner planner = write_diary(&diary, true);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  check_leads(&diary, MIDDLE, MIDDLE + 1);
  diary.bars[MIDDLE] = 0;
  write_down(engine, MIDDLE + 1, 0, CN_BAR_RESTS); // It stands as it led
  roll(engine, 2, 1.0F, TWO_WAYS);                 // Another take
  check_leads(&diary, -1, 0);
  write_down(engine, MIDDLE, 2, CN_BAR_FREE);
  check_leads(&diary, MIDDLE, MIDDLE + 2);
  diary.bars[MIDDLE] = 0;
  write_down(engine, MIDDLE, 2, CN_BAR_KEPT);
  write_down(engine, 0, 1, CN_BAR_FREE);
  check_leads(&diary, 0, 1); // Bars 1 and 2 are kept by now
}

/// What cannot lead is never told, and has the keys that it had
static void
test_who_cannot_lead_is_told_nothing(void** const state)
{
  CnEngine* const engine = *state;
  CnEngine* const other  = cn_engine_new();
  Diary           diary;
  const CnPlanner planner  = write_diary(&diary, false);
  const CnPlanner ordinary = fake_planner(1);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_set_planner(other, &ordinary), CN_STATUS_SUCCESS);
  roll(other, 1, 1.0F, TWO_WAYS);
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  write_down(other, MIDDLE, 1, CN_BAR_FREE);
  check_leads(&diary, -1, 0);
  const Heard a = listen(engine);
  const Heard b = listen(other);
  assert_memory_equal(&a, &b, sizeof(a)); // Keys and all
  cn_engine_free(other);
}

/// Nor is what does not lead anywhere known by other keys
static void
test_keys_are_those_of_old_where_nothing_is_led_into(void** const state)
{
  CnEngine* const engine  = *state;
  CnEngine* const other   = cn_engine_new();
  const CnPlanner planner = fake_planner(1);
  assert_int_equal(cn_engine_set_planner(other, &planner), CN_STATUS_SUCCESS);
  roll(other, 1, 1.0F, TWO_WAYS);
  write_down(engine, N_BARS - 1, 1, CN_BAR_FREE); // Of which nothing follows
  write_down(other, N_BARS - 1, 1, CN_BAR_FREE);
  write_down(engine, 1, 0, CN_BAR_KEPT);
  write_down(other, 1, 0, CN_BAR_KEPT);
  roll(engine, 2, 1.0F, TWO_WAYS);
  roll(other, 2, 1.0F, TWO_WAYS);
  const Heard a = listen(engine);
  const Heard b = listen(other);
  assert_memory_equal(&a, &b, sizeof(a));
  cn_engine_free(other);
}

/// Bars of one edit lead to what follows them all, and what is played another way later, leaves them as they
/// are
static void
test_bars_of_one_edit_lead_there_together(void** const state)
{
  CnEngine* const engine = *state;
  Diary           diary;
  const CnPlanner planner = write_diary(&diary, true);
  const Heard     before  = listen(engine);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  tell(engine, (CnCommand){.kind = CN_COMMAND_EDIT});
  for (int32_t bar = 1; bar <= 3; ++bar) {
    tell(engine,
         (CnCommand){
             .kind = CN_COMMAND_SHEET, .bar_number = bar, .another = 1, .params = {.chord = CN_CHORD_NONE}});
  }
  for (int32_t bar = 0; bar < N_BARS; ++bar) {
    assert_int_equal(diary.bars[bar], bar >= 1 && bar <= 3 ? 4 : 0);
  }
  const Heard three = listen(engine);
  assert_int_equal(compare(&before, &three), BIT(1) | BIT(2) | BIT(3));
  roll(engine, 1, 1.0F, TWO_WAYS); // They are what they would be, had they been composed now
  const Heard again = listen(engine);
  assert_int_equal(compare(&three, &again), 0);
  write_down(engine, 4, 1, CN_BAR_FREE);
  roll(engine, 1, 1.0F, TWO_WAYS);
  const Heard fourth = listen(engine);
  assert_int_equal(compare(&three, &fourth), BIT(4));
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  tell(engine, (CnCommand){.kind = CN_COMMAND_UNDO});
  const Heard undone = listen(engine);
  assert_int_equal(compare(&before, &undone), 0);
}

/// A session goes on leading where it led
static void
test_a_session_leads_where_it_led(void** const state)
{
  CnEngine* const engine  = *state;
  CnEngine* const other   = cn_engine_new();
  const CnPlanner planner = leading_planner(1);
  uint8_t*        data    = NULL;
  size_t          size    = 0;
  write_down(engine, MIDDLE, 1, CN_BAR_FREE);
  const Heard before = listen(engine);
  assert_int_equal(cn_engine_save(engine, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_set_planner(other, &planner), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_restore(other, data, size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  roll(other, 1, 1.0F, TWO_WAYS);
  const Heard after = listen(other);
  assert_int_equal(compare(&before, &after), 0);
  tell(other, (CnCommand){.kind = CN_COMMAND_ANEW, .segment = 0}); // What is kept stands
  roll(other, 1, 1.0F, TWO_WAYS);
  const Heard anew = listen(other); // And so do all bars, as they are composed from the same
  assert_int_equal(compare(&before, &anew), 0);
  free(data);
  cn_engine_free(other);
}

/// A coming bar that leads sounds as it was shown
static void
test_a_coming_bar_leads_as_it_is_shown(void** const state)
{
  CnEngine* const engine = *state;
  CnSegment       planned[3 * IN_BAR];
  cn_engine_watch(engine, 3 * IN_BAR);
  roll(engine, 1, 1.0F, TWO_WAYS);
  look_ahead(engine);
  write_down(engine, N_BARS + 1, 1, CN_BAR_FREE);
  look_ahead(engine);
  for (int32_t i = 0; i < 3 * IN_BAR; ++i) {
    assert_true(cn_timeline_read(cn_engine_planned(engine).timeline, N_BARS * IN_BAR + i, &planned[i]));
  }
  for (int32_t i = 0; i < 3 * IN_BAR; ++i) {
    const int32_t segment = N_BARS * IN_BAR + i;
    CnSegment     now;
    ask_for(engine, segment, 1, 1.0F, TWO_WAYS);
    assert_true(cn_timeline_read(cn_engine_timeline(engine), segment, &now));
    assert_true(cn_segment_has_same_notes(&now, &planned[i]));
  }
}

#define TEST(name)                                          \
  cmocka_unit_test_setup_teardown(name, set_up, tear_down), \
      cmocka_unit_test_setup_teardown(name, set_up_leading, tear_down)
#define LEADING(name) cmocka_unit_test_setup_teardown(name, set_up_leading, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_what_is_kept_stands_against_take_controls_and_model),
      TEST(test_a_bar_that_is_free_again_follows),
      TEST(test_another_changes_its_bar_alone),
      TEST(test_rest_is_silent_and_the_others_stand),
      TEST(test_undo_takes_each_edit_back),
      TEST(test_the_oldest_edits_are_forgotten),
      TEST(test_a_kept_bar_survives_another_metre),
      TEST(test_all_of_it_is_saved_with_the_take),
      TEST(test_a_coming_bar_is_revised_as_it_is_shown),
      LEADING(test_another_way_leads_into_what_is_kept),
      LEADING(test_bars_of_one_edit_lead_there_together),
      LEADING(test_a_session_leads_where_it_led),
      LEADING(test_a_coming_bar_leads_as_it_is_shown),
      LEADING(test_keys_are_those_of_old_where_nothing_is_led_into),
      cmocka_unit_test_setup_teardown(test_who_cannot_lead_is_told_nothing, set_up, tear_down),
      cmocka_unit_test(test_silence_that_nobody_asked_for_does_not_stand),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
