// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/fake_planner.h"

#include "dsp/base/random.h"
#include "dsp/file/smf.h"
#include "dsp/take/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_SEGMENTS 40
#define END ((N_SEGMENTS - 1) * CN_SEGMENT_TICKS - CN_LEAD_TICKS) // Where the last one was asked for

/// A session as it was saved
typedef struct {
  uint8_t* data;
  size_t   size;
} Saved;

static void
tell(CnEngine* const engine, const CnCommand command)
{
  assert_true(cn_ring_push(cn_engine_inbox(engine), &command));
  cn_engine_run(engine);
}

static void
play(CnEngine* const engine, const int32_t onset, const int32_t end, const unsigned pitch)
{
  tell(engine, (CnCommand){.kind     = CN_COMMAND_ON,
                           .tick     = onset,
                           .played   = onset,
                           .pitch    = (uint8_t)pitch,
                           .velocity = 80,
                           .channel  = 3,
                           .bar      = {-96, 96}});
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = end, .pitch = (uint8_t)pitch, .channel = 3});
}

static void
ask(CnEngine* const engine, const int32_t origin, const int32_t first, const int32_t end)
{
  for (int32_t i = first; i < end; ++i) {
    tell(engine, (CnCommand){.kind    = CN_COMMAND_PLAN,
                             .segment = origin / CN_SEGMENT_TICKS + i,
                             .bar     = {origin, i < 24 ? 96 : 72},
                             .tempo   = 90.0F,
                             .params  = {.take = 1, .temperature = 1.0F}});
  }
}

static CnEngine*
make_engine(void)
{
  CnEngine* const engine  = cn_engine_new();
  const CnPlanner planner = fake_planner(1);
  assert_non_null(engine);
  assert_int_equal(cn_engine_set_planner(engine, &planner), CN_STATUS_SUCCESS);
  return engine;
}

/// All notes up to a tick have sounded
static void
sound(CnEngine* const engine, const int32_t origin, const int32_t end)
{
  for (int32_t tick = 0; tick < end; tick += 32) {
    const uint32_t ticks = tick + 32 <= end ? UINT32_MAX : (1U << (unsigned)(end - tick)) - 1U;
    tell(engine, (CnCommand){.kind = CN_COMMAND_STRUCK, .tick = origin + tick, .ticks = ticks});
  }
}

static void
roll(CnEngine* const engine, const int32_t origin, const int32_t tick, const uint32_t microseconds,
     const uint8_t numerator, const uint8_t denominator)
{
  tell(engine, (CnCommand){.kind         = CN_COMMAND_SONG,
                           .tick         = origin + tick,
                           .bar          = {origin + tick / 96 * 96, 96},
                           .microseconds = microseconds,
                           .numerator    = numerator,
                           .denominator  = denominator});
}

/// An engine that has played for a while, at 90 quarters a minute in 4/4, then at 80 in 6/8
static CnEngine*
make_session(const int32_t origin)
{
  CnEngine* const engine = make_engine();
  if (origin == 0) {
    play(engine, -30, -10, 50); // In the count-in
  }
  roll(engine, origin, 0, 666667, 4, 4);
  play(engine, origin, origin + 10, 60);
  play(engine, origin + 10, origin + 20, 64);
  ask(engine, origin, 2, 24);
  roll(engine, origin, 24 * CN_SEGMENT_TICKS, 750000, 6, 8);
  ask(engine, origin, 24, N_SEGMENTS);
  sound(engine, origin, END);
  cn_engine_add_edition(engine);
  return engine;
}

static Saved
save(CnEngine* const engine)
{
  Saved saved;
  assert_int_equal(cn_engine_save(engine, &saved.data, &saved.size), CN_STATUS_SUCCESS);
  assert_true(saved.size > 0);
  return saved;
}

/// Assert that an engine saves as these bytes
static void
assert_saves(CnEngine* const engine, const Saved expected)
{
  const Saved saved = save(engine);
  assert_int_equal(saved.size, expected.size);
  assert_memory_equal(saved.data, expected.data, saved.size);
  free(saved.data);
}

/// True if two segments are the same in everything
static bool
is_same_segment(const CnSegment* const a, const CnSegment* const b)
{
  bool same = a->segment == b->segment && a->take == b->take && a->edition == b->edition &&
              a->past == b->past && a->place == b->place && a->n_notes == b->n_notes;
  for (uint32_t i = 0; same && i < a->n_notes; ++i) {
    same = a->notes[i].duration == b->notes[i].duration && a->notes[i].offset == b->notes[i].offset &&
           a->notes[i].pitch == b->notes[i].pitch && a->notes[i].velocity == b->notes[i].velocity &&
           a->notes[i].late == b->notes[i].late && a->notes[i].moved == b->notes[i].moved;
  }
  return same;
}

static size_t
assert_same_segments(const CnEngine* const a, const CnEngine* const b)
{
  size_t n_notes = 0;
  for (int32_t i = 2; i < N_SEGMENTS; ++i) {
    CnSegment x = {0};
    CnSegment y = {0};
    assert_true(cn_timeline_read(cn_engine_timeline(a), i, &x));
    assert_true(cn_timeline_read(cn_engine_timeline(b), i, &y));
    assert_true(is_same_segment(&x, &y));
    n_notes += x.n_notes;
  }
  assert_true(n_notes > 100);
  return n_notes;
}

static void
test_comes_back_as_it_was(void** const state)
{
  (void)state;
  char            fault[96] = "?";
  CnEngine* const engine    = make_session(0);
  CnEngine* const other     = make_engine();
  const Saved     saved     = save(engine);
  play(other, 0, 10, 61); // What was there before is lost
  ask(other, 0, 2, 50);
  assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_string_equal(fault, "");
  const size_t n_notes = assert_same_segments(engine, other);
  assert_true(saved.size < 14 * n_notes + 24 * (size_t)N_SEGMENTS);
  assert_saves(other, saved);
  assert_int_equal(cn_engine_edition(other), 1);
  CnSegment segment;
  assert_false(cn_timeline_read(cn_engine_timeline(other), 45, &segment));
  roll(other, 0, (N_SEGMENTS - 1) * CN_SEGMENT_TICKS - CN_LEAD_TICKS, 750000, 6, 8);
  ask(other, 0, 2, N_SEGMENTS + 10); // Nothing is made anew, and the rest follows as it would have
  assert_same_segments(engine, other);
  ask(engine, 0, N_SEGMENTS, N_SEGMENTS + 10);
  const Saved later = save(engine);
  assert_saves(other, later);
  free(later.data);
  free(saved.data);
  cn_engine_free(engine);
  cn_engine_free(other);
}

static void
test_held_key_is_saved_as_released(void** const state)
{
  (void)state;
  CnEngine* const engine = make_engine();
  CnEngine* const other  = make_engine();
  tell(
      engine,
      (CnCommand){.kind = CN_COMMAND_ON, .tick = 5, .played = 5, .pitch = 60, .velocity = 9, .bar = {0, 96}});
  ask(engine, 0, 2, 4);
  const Saved saved = save(engine);
  assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  ask(other, 0, 4, 12);
  CnSegment segment;
  assert_true(cn_timeline_read(cn_engine_timeline(other), 11, &segment));
  assert_true(segment.n_notes > 0); // It does not sound for ever
  free(saved.data);
  cn_engine_free(engine);
  cn_engine_free(other);
}

static void
test_deliveries_come_back(void** const state)
{
  (void)state;
  CnEngine* const engine = make_session(0);
  CnEngine* const other  = make_engine();
  for (int32_t i = 2; i < N_SEGMENTS; ++i) { // As before, but by other hands
    tell(engine,
         (CnCommand){.kind    = CN_COMMAND_PLAN,
                     .segment = i,
                     .bar     = {0, 96},
                     .tempo   = 90.0F,
                     .params  = {.take = 1, .temperature = 1.0F, .rules = {.swing = 66, .humanise_ms = 30}}});
  }
  const Saved saved = save(engine);
  assert_int_equal(saved.data[4], 64 + 3);
  assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_same_segments(engine, other);
  assert_saves(other, saved);
  free(saved.data);
  cn_engine_free(engine);
  cn_engine_free(other);
}

static void
test_pedals_come_back(void** const state)
{
  (void)state;
  CnEngine* const engine = make_session(0);
  CnEngine* const other  = make_engine();
  Saved           saved  = save(engine);
  assert_int_equal(saved.data[4], 64 + 1); // With a song, for those who know of no pedals
  free(saved.data);
  tell(engine,
       (CnCommand){
           .kind = CN_COMMAND_ON, .tick = 40, .played = 40, .pitch = 60, .velocity = 80, .bar = {0, 96}});
  tell(engine, (CnCommand){.kind = CN_COMMAND_LIFT, .tick = 50, .pitch = 60});
  tell(engine, (CnCommand){.kind = CN_COMMAND_OFF, .tick = 90, .pitch = 60});
  ask(engine, 0, 5, N_SEGMENTS); // The cut of segment 6 is at 60
  saved = save(engine);
  assert_int_equal(saved.data[4], 64 + 2);
  assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_saves(other, saved);
  ask(other, 0, 5, N_SEGMENTS);
  assert_saves(other, saved); // The past is the same, so all stands
  free(saved.data);
  cn_engine_free(engine);
  cn_engine_free(other);
}

/// A host that has told nonsense costs the session nothing: the ends of any song can be saved, too
static void
test_the_ends_of_time_come_back(void** const state)
{
  static const int32_t ticks[] = {-CN_TICK_LIMIT, CN_TICK_LIMIT};
  (void)state;
  for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); ++i) {
    char            fault[96] = "?";
    CnEngine* const engine    = make_engine();
    CnEngine* const other     = make_engine();
    const CnBar     bar       = {ticks[i] - 1, UINT16_MAX};
    tell(engine, (CnCommand){.kind         = CN_COMMAND_SONG,
                             .tick         = ticks[i],
                             .bar          = {ticks[i] - UINT16_MAX + 1, UINT16_MAX},
                             .microseconds = 500000,
                             .numerator    = 255,
                             .denominator  = 1});
    for (int32_t k = cn_segment_at(ticks[i]); k <= cn_segment_at(ticks[i] + CN_LEAD_TICKS); ++k) {
      tell(engine, (CnCommand){.kind    = CN_COMMAND_PLAN,
                               .segment = k,
                               .bar     = bar,
                               .params  = {.take = 1, .temperature = 1.0F, .role = CN_ROLE_SOLO}});
    }
    tell(engine, (CnCommand){.kind = CN_COMMAND_HALT, .tick = CN_TICK_LIMIT});
    const Saved saved = save(engine);
    assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_FAULT(fault)), CN_STATUS_SUCCESS);
    assert_string_equal(fault, "");
    assert_saves(other, saved);
    free(saved.data);
    cn_engine_free(engine);
    cn_engine_free(other);
  }
}

static void
test_empty_take_is_not_of_size_0(void** const state)
{
  (void)state;
  CnEngine* const engine = make_engine();
  const Saved     saved  = save(engine);
  assert_true(saved.size > 4);
  assert_int_equal(cn_engine_restore(engine, saved.data, saved.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  free(saved.data);
  cn_engine_free(engine);
}

/// Restore bytes, which may be refused, but then nothing has changed, or else are a sound take
static bool
try_to_restore(CnEngine* const engine, const uint8_t* const bytes, const size_t size, const Saved before)
{
  char            fault[96] = "?";
  uint8_t* const  exact     = (uint8_t*)malloc(size ? size : 1); // So that reading beyond is seen
  const CnPlanner planner   = fake_planner(1);
  if (size > 0) {
    memcpy(exact, bytes, size);
  }
  const CnStatus status = cn_engine_restore(engine, exact, size, CN_FAULT(fault));
  free(exact);
  if (status) {
    assert_true(strlen(fault) > 8 && strlen(fault) < sizeof(fault) - 1);
    assert_saves(engine, before);
    return false;
  }
  cn_engine_set_planner(engine, &planner);
  ask(engine, 0, 2, 6);
  assert_int_equal(cn_engine_restore(engine, before.data, before.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  return true;
}

static void
test_hostile_bytes_are_refused(void** const state)
{
  (void)state;
  CnEngine* const session  = make_session(0);
  CnEngine* const engine   = make_engine();
  const Saved     saved    = save(session);
  const Saved     before   = save(engine);
  CnRandom        random   = cn_random(1, 2, 3, 4, 5);
  unsigned        accepted = 0;
  uint8_t* const  bytes    = (uint8_t*)malloc(saved.size + 1);
  memcpy(bytes, saved.data, saved.size);
  bytes[saved.size] = 0;
  assert_false(try_to_restore(engine, NULL, 0, before));
  assert_false(try_to_restore(engine, bytes, saved.size + 1, before));
  for (size_t size = 0; size < saved.size; ++size) {
    assert_false(try_to_restore(engine, bytes, size, before));
  }
  for (size_t i = 0; i < 2000; ++i) {
    const size_t  place = cn_random_below(&random, (uint32_t)saved.size);
    const uint8_t old   = bytes[place];
    bytes[place]        = (uint8_t)cn_random_bits(&random);
    accepted += try_to_restore(engine, bytes, saved.size, before);
    bytes[place] = old;
  }
  assert_in_range(accepted, 1, 1900); // Many a byte may be another; many must not
  free(bytes);
  free(saved.data);
  free(before.data);
  cn_engine_free(engine);
  cn_engine_free(session);
}

static void
test_later_version_is_refused(void** const state)
{
  (void)state;
  static const uint8_t bytes[] = {'C', 'n', 'T', 'k', 255, 0, 0, 0};
  CnEngine* const      engine  = make_engine();
  char                 fault[96];
  assert_int_equal(cn_engine_restore(engine, bytes, sizeof(bytes), CN_FAULT(fault)), CN_STATUS_UNSUPPORTED);
  assert_string_equal(fault, "a later version of Continuo wrote it");
  cn_engine_free(engine);
}

/// A take of version 1, byte by byte: sessions from this version open in all later ones
static void
test_version_1_is_understood(void** const state)
{
  (void)state;
  uint8_t bytes[] = {
      'C', 'n',  'T', 'k', 1, // magic, version
      2,                      // edition
      1,                      // notes: onset 24, duration 300, place 24 of 96, key 60, velocity 80, channel 1
      48,  0xAC, 2,   24,  96, 60, 80, 1, //
      1,                                  // segments: number 5, take 1, edition 2
      10,  1,    2,   1,   2,  3,  4,  5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, // past, place
      1,   13,   3,   64,  70, // notes: duration 13, offset 3, key 64, velocity 70
  };
  CnEngine* const engine = make_engine();
  char            fault[96];
  CnSegment       segment;
  assert_int_equal(cn_engine_restore(engine, bytes, sizeof(bytes), CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_edition(engine), 2);
  assert_true(cn_timeline_read(cn_engine_timeline(engine), 5, &segment));
  assert_true(segment.take == 1 && segment.edition == 2 && segment.past == 0x0807060504030201U);
  assert_int_equal(segment.n_notes, 1);
  assert_int_equal(segment.notes[0].duration, 13);
  assert_int_equal(segment.notes[0].offset, 3);
  assert_int_equal(segment.notes[0].pitch, 64);
  assert_int_equal(segment.notes[0].velocity, 70);
  assert_saves(engine, (Saved){bytes, sizeof(bytes)});
  cn_engine_free(engine);
}

/// Where a segment has sounded: in its first ticks, as sessions had it before, or at ticks of its own
static void
test_ticks_that_sounded_are_understood(void** const state)
{
  static const struct {
    uint8_t byte;
    bool    has_sounded;
  } cases[]       = {{0, false}, {3, false}, {4, true}, {12, true}, {12 + 1, false}, {12 + 8, true}};
  uint8_t bytes[] = {
      'C', 'n', 'T',  'k',  1 + 64, // magic, version
      0,                            // edition
      1, // notes: onset 63, duration 13, place 63 of 96, key 64, velocity 70, its own
      126, 13,  63,   96,   64,     70,   16, //
      1,                                      // segments: number 5, take 1, edition 0
      10,  1,   0,    1,    2,      3,    4,  5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, // past, place
      1,   13,  3,    64,   70,              // notes: duration 13, offset 3, key 64, velocity 70
      0,                                     // where it has sounded
      1,   0,   0xA0, 0xC2, 0x1E,   0xC0, 1, // a tempo at 0: 500000; up to 96
      1,   0,   0x84, 8,    0xC0,   1,       // a metre at 0: 4/4; up to 96
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    CnEngine* const engine    = make_engine();
    CnScore*        score     = NULL;
    bytes[sizeof(bytes) - 14] = cases[i].byte;
    assert_int_equal(cn_engine_restore(engine, bytes, sizeof(bytes), CN_NO_FAULT), CN_STATUS_SUCCESS);
    assert_int_equal(cn_engine_score(engine, &score),
                     cases[i].has_sounded ? CN_STATUS_SUCCESS : CN_STATUS_NOT_FOUND);
    cn_score_free(score);
    cn_engine_free(engine);
  }
}

/// Check the score of a session that began at `origin`
static void
check_score(const int32_t origin)
{
  CnEngine* const engine = make_session(origin);
  CnScore*        score  = NULL;
  uint8_t*        data   = NULL;
  size_t          size   = 0;
  unsigned        n_own  = 0;
  assert_int_equal(cn_engine_score(engine, &score), CN_STATUS_SUCCESS);
  assert_int_equal(score->notes[0].onset, 0); // What was before bar 1 is left out
  assert_int_equal(score->notes[0].pitch, 60);
  assert_int_equal(score->notes[0].duration, 10);
  for (size_t i = 0; i < score->n_notes; ++i) {
    n_own += score->notes[i].part == CN_PART_CONTINUO;
  }
  assert_int_equal(n_own, score->n_notes - 2);
  assert_true(n_own > 100);
  assert_int_equal(score->n_tempi, 2);
  assert_int_equal(score->tempi[0].tempo, 666667);
  assert_int_equal(score->tempi[1].tempo, 750000);
  assert_int_equal(score->tempi[1].tick, 24 * CN_SEGMENT_TICKS);
  assert_int_equal(score->n_meters, 2);
  assert_int_equal(score->meters[0].numerator, 4);
  assert_int_equal(score->meters[1].numerator, 6); // And not 3/4, which is as long
  assert_int_equal(score->meters[1].denominator, 8);
  assert_int_equal(score->meters[1].tick, 24 * CN_SEGMENT_TICKS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  free(data);
  cn_score_free(score);
  cn_engine_free(engine);
}

static void
test_score_of_a_song(void** const state)
{
  (void)state;
  check_score(0);
}

static void
test_score_of_free_playing(void** const state)
{
  (void)state;
  check_score(CN_FREE_TICK);
}

/// Check a part of a session that began at `origin`: its two segments before and after the new metre
static void
check_part(const int32_t origin)
{
  CnEngine* const engine = make_session(origin);
  const int32_t   change = 24 * CN_SEGMENT_TICKS;
  const int32_t   from   = change - 2 * CN_SEGMENT_TICKS;
  const int32_t   to     = change + 2 * CN_SEGMENT_TICKS;
  CnScore*        score  = NULL;
  CnScore*        part   = NULL;
  size_t          n      = 0;
  assert_int_equal(cn_engine_score(engine, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_engine_score_part(engine, origin + from, origin + to, &part), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < score->n_notes; ++i) {
    if (score->notes[i].onset >= from && score->notes[i].onset < to) {
      assert_true(n < part->n_notes);
      assert_int_equal(part->notes[n].onset, score->notes[i].onset - from);
      assert_int_equal(part->notes[n++].pitch, score->notes[i].pitch);
    }
  }
  assert_true(n > 4);
  assert_int_equal(part->n_notes, n);
  assert_int_equal(part->tempi[0].tempo, 666667);
  assert_int_equal(part->tempi[1].tick, change - from);
  assert_int_equal(part->meters[1].numerator, 6);
  assert_int_equal(part->end, to - from);
  cn_score_free(part);
  assert_int_equal(cn_engine_score_part(engine, origin + to, origin + from, &part), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_engine_score_part(engine, origin + 2 * END, origin + 3 * END, &part),
                   CN_STATUS_NOT_FOUND);
  assert_int_equal(cn_engine_score_part(engine, -100, -10, &part), CN_STATUS_NOT_FOUND);
  cn_score_free(score);
  cn_engine_free(engine);
}

static void
test_a_part_of_a_song(void** const state)
{
  (void)state;
  check_part(0);
}

static void
test_a_part_of_free_playing(void** const state)
{
  (void)state;
  check_part(CN_FREE_TICK);
}

/// Latest onset of a note of the model's in the score of an engine
static int32_t
find_last(CnEngine* const engine)
{
  CnScore* score = NULL;
  int32_t  last  = 0;
  assert_int_equal(cn_engine_score(engine, &score), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < score->n_notes; ++i) {
    last = score->notes[i].part == CN_PART_CONTINUO ? score->notes[i].onset : last;
  }
  cn_score_free(score);
  return last;
}

/// What was composed and has not sounded is in the score only if it is held, also once the session came back
static void
test_score_has_what_sounded_or_is_held(void** const state)
{
  CnEngine* const engine = make_session(0);
  CnEngine* const other  = make_engine();
  (void)state;
  assert_in_range(find_last(engine), END - 12, END - 1);
  const Saved saved = save(engine);
  assert_int_equal(cn_engine_restore(other, saved.data, saved.size, CN_NO_FAULT), CN_STATUS_SUCCESS);
  assert_int_equal(find_last(other), find_last(engine));
  tell(other, (CnCommand){.kind = CN_COMMAND_MODE, .hold = true});
  assert_in_range(find_last(other), END, N_SEGMENTS * CN_SEGMENT_TICKS);
  free(saved.data);
  cn_engine_free(other);
  cn_engine_free(engine);
}

static void
test_no_notes_no_score(void** const state)
{
  (void)state;
  CnEngine* const engine = make_engine();
  CnScore*        score  = NULL;
  assert_int_equal(cn_engine_score(engine, &score), CN_STATUS_NOT_FOUND);
  assert_null(score);
  cn_engine_free(engine);
}

static void
test_no_memory_is_survived(void** const state)
{
  (void)state;
  CnEngine* const engine  = make_session(0);
  const Saved     before  = save(engine);
  const long      live    = test_alloc_live();
  Saved           saved   = {0};
  CnScore*        score   = NULL;
  long            n_fails = 0;
  for (long n = 0; !saved.data || !score; ++n) {
    free(saved.data);
    cn_score_free(score);
    assert_int_equal(test_alloc_live(), live);
    test_alloc_fail_at(n);
    n_fails += cn_engine_restore(engine, before.data, before.size, CN_NO_FAULT) == CN_STATUS_NO_MEMORY;
    test_alloc_fail_at(n);
    n_fails += cn_engine_save(engine, &saved.data, &saved.size) == CN_STATUS_NO_MEMORY;
    test_alloc_fail_at(n);
    n_fails += cn_engine_score(engine, &score) == CN_STATUS_NO_MEMORY;
    test_alloc_fail_at(-1);
  }
  assert_true(n_fails > 6);
  assert_saves(engine, before);
  free(saved.data);
  cn_score_free(score);
  free(before.data);
  cn_engine_free(engine);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_comes_back_as_it_was),
      cmocka_unit_test(test_held_key_is_saved_as_released),
      cmocka_unit_test(test_pedals_come_back),
      cmocka_unit_test(test_deliveries_come_back),
      cmocka_unit_test(test_the_ends_of_time_come_back),
      cmocka_unit_test(test_empty_take_is_not_of_size_0),
      cmocka_unit_test(test_hostile_bytes_are_refused),
      cmocka_unit_test(test_later_version_is_refused),
      cmocka_unit_test(test_version_1_is_understood),
      cmocka_unit_test(test_ticks_that_sounded_are_understood),
      cmocka_unit_test(test_score_of_a_song),
      cmocka_unit_test(test_score_of_free_playing),
      cmocka_unit_test(test_a_part_of_a_song),
      cmocka_unit_test(test_a_part_of_free_playing),
      cmocka_unit_test(test_score_has_what_sounded_or_is_held),
      cmocka_unit_test(test_no_notes_no_score),
      cmocka_unit_test(test_no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
