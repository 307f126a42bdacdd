// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The inputs of the heads against a naive twin, which looks through the whole history each time, and
  against what they must not know.
*/

#include "tests/dsp/network/head_twin.h"

#include "dsp/base/random.h"
#include "dsp/network/context.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PHRASE = 20, N_PHRASES = 20, N_NOTES = PHRASE * N_PHRASES };

// --- A piece with all that there is to be seen

// A phrase of chords and lines; chords go upwards
static void
make_phrase(CnRandom* const random, const CnBar bar, CnNote phrase[PHRASE])
{
  static const int32_t durations[] = {6, 12, 18, 30};
  static const int32_t dts[]       = {6, 12, 12, 24, 31};

  CnNote note = {.onset = bar.start, .pitch = 50};
  for (unsigned i = 0; i < PHRASE; ++i) {
    const bool is_chord = i && cn_random_below(random, 2) && note.pitch < 90;
    note.onset += is_chord || !i ? 0 : dts[cn_random_below(random, 5)];
    note.pitch =
        (uint8_t)(is_chord ? note.pitch + 2 + cn_random_below(random, 6) : 40 + cn_random_below(random, 30));
    note.bar      = cn_bar_place(bar, note.onset);
    note.duration = i % 10 == 4 ? 350 : durations[cn_random_below(random, 4)];
    note.velocity = (uint8_t)(30 + cn_random_below(random, 60));
    phrase[i]     = note;
  }
}

// Phrases in bars of several lengths; most come again at once, elsewhere and louder or softer
static void
make_piece(CnNote notes[N_NOTES])
{
  static const uint16_t lengths[] = {96, 72, 480, 48};

  CnRandom random = cn_random(12, 0, 0, 0, 0);
  int32_t  onset  = 0;
  for (unsigned p = 0; p < N_PHRASES; ++p) {
    CnNote* const phrase = notes + (size_t)PHRASE * p;
    const CnBar   bar    = {onset, lengths[p / 3 % 4]};
    if (p % 3 == 0) {
      make_phrase(&random, bar, phrase);
    } else {
      const int louder = p % 2 ? 16 : -12;
      memcpy(phrase, phrase - PHRASE, PHRASE * sizeof(CnNote));
      for (unsigned i = 0; i < PHRASE; ++i) {
        phrase[i].onset += onset - (phrase - PHRASE)->onset;
        phrase[i].bar      = cn_bar_place(bar, phrase[i].onset);
        phrase[i].pitch    = (uint8_t)(phrase[i].pitch + p % 3);
        phrase[i].velocity = (uint8_t)(phrase[i].velocity + louder);
      }
    }
    onset = phrase[PHRASE - 1].onset + 24;
  }
}

// One chord after another, over all basses and none
static int32_t
some_chord(const uint32_t i)
{
  return (int32_t)(7 * i % (12 * CN_N_CHORD_QUALITIES) + CN_CHORD_SLASH * (i % 13));
}

// What is asked of note `i`, with and without motifs, chords and what follows
static CnConditioning
make_next(const CnNote notes[N_NOTES], const uint32_t i, CnFollowing* const following)
{
  const CnToken       token = cn_note_token(&notes[i], notes[i - 1].onset);
  const CnNote* const ahead = &notes[i + i % 23 < N_NOTES ? i + i % 23 : i]; // Before its line, or behind it
  const int32_t       line  = ahead->onset - ahead->bar.offset;
  const bool is_ahead = i % 7 && cn_following_measure(notes, N_NOTES, line, ahead->bar.length, following);
  return (CnConditioning){.onset     = notes[i].onset,
                          .bar       = notes[i].bar,
                          .pitch     = token.factor[CN_FACTOR_PITCH],
                          .duration  = token.factor[CN_FACTOR_DURATION],
                          .motif     = i % 5 != 0,
                          .chord     = i % 3 ? CN_CHORD_NONE : some_chord(i / 3),
                          .following = is_ahead ? following : NULL};
}

static void
push(CnContext* const context, const CnNote* const note)
{
  assert_int_equal(cn_context_push(context, note), CN_STATUS_SUCCESS);
}

static void
get_site(const CnContext* const context, const CnFactor factor, const CnConditioning* const next,
         CnHeadInput* const site)
{
  memset(site, 0, sizeof(*site));
  cn_context_head(context, factor, next, site);
}

// --- As the twin

static void
check_against_twin(const CnHeadInput* const site, const CnSiteTwin* const twin, const char* const what,
                   const int i)
{
  CnSiteTwin got;
  assert_true(site->n_rows < CN_HEAD_MAX_ROWS && site->n_copies < CN_HEAD_MAX_COPIES); // Nothing was left out
  memset(&got, 0, sizeof(got));
  for (unsigned r = 0; r < site->n_rows; ++r) {
    ++got.rows[site->row[r]];
  }
  for (unsigned c = 0; c < site->n_copies; ++c) {
    ++got.copies[site->copy[c].symbol][site->copy[c].gate];
  }
  for (unsigned r = 0; r < CN_TWIN_ROWS; ++r) {
    if (got.rows[r] != twin->rows[r]) {
      fail_msg("%s of note %d: row %u is there %d times, not %d", what, i, r, got.rows[r], twin->rows[r]);
    }
  }
  for (unsigned r = 0; r < site->n_chords; ++r) {
    ++got.chord[site->chord[r]];
  }
  for (unsigned r = 0; r < site->n_followings; ++r) {
    ++got.following[site->following[r]];
  }
  assert_memory_equal(got.copies, twin->copies, sizeof(got.copies));
  assert_memory_equal(got.chord, twin->chord, sizeof(got.chord));
  assert_memory_equal(got.following, twin->following, sizeof(got.following));
  assert_int_equal(site->lowest, twin->lowest);
  for (unsigned c = 0; site->has_chroma && c < CN_N_CHROMA; ++c) {
    assert_true(fabs((double)site->chroma[c] - twin->chroma[c]) < 1e-4);
  }
}

static void
check_factor(const CnFactor factor)
{
  CnNote           notes[N_NOTES];
  CnContext* const context = cn_context_new(N_NOTES);
  unsigned         n_ahead = 0;
  make_piece(notes);
  for (uint32_t i = 1; i < N_NOTES; ++i) {
    CnFollowing          following;
    const CnConditioning next = make_next(notes, i, &following);
    CnSiteTwin           twin;
    CnHeadInput          site;
    push(context, &notes[i - 1]);
    get_site(context, factor, &next, &site);
    cn_head_twin_init(&twin, notes, (int)i, factor, &next);
    check_against_twin(&site, &twin, cn_factor_name(factor), (int)i);
    assert_int_equal(site.has_chroma, factor == CN_FACTOR_PITCH);
    n_ahead += site.n_followings > 0;
  }
  assert_true(n_ahead > N_NOTES / 10 && n_ahead < N_NOTES);
  cn_context_free(context);
}

static void
test_dt_site_is_as_its_twin(void** const state)
{
  (void)state;
  check_factor(CN_FACTOR_DT);
}

static void
test_pitch_site_is_as_its_twin(void** const state)
{
  (void)state;
  check_factor(CN_FACTOR_PITCH);
}

static void
test_duration_site_is_as_its_twin(void** const state)
{
  (void)state;
  check_factor(CN_FACTOR_DURATION);
}

static void
test_velocity_site_is_as_its_twin(void** const state)
{
  (void)state;
  check_factor(CN_FACTOR_VELOCITY);
}

// --- What a site must not know

// The same question with another answer in one of the fields that are decided at `factor` or later
static CnConditioning
change_answer(const CnConditioning* const next, const CnFactor factor, const unsigned field)
{
  CnConditioning other = *next;
  if (factor == CN_FACTOR_DT && field == 0) {
    other.onset += 5;
  } else if (factor == CN_FACTOR_DT && field == 1) {
    other.bar = (CnBarPlace){(uint16_t)(next->bar.offset / 2 + 7), 60};
  } else if (factor <= CN_FACTOR_PITCH && field == 2) {
    other.pitch = (uint8_t)((next->pitch + 11) % CN_N_PITCHES);
  } else if (factor <= CN_FACTOR_DURATION && field == 3) {
    other.duration = (uint8_t)((next->duration + 5) % CN_N_DURATIONS);
  }
  return other;
}

static void
test_nothing_looks_at_what_is_to_be_predicted(void** const state)
{
  (void)state;
  CnNote           notes[N_NOTES];
  CnContext* const context = cn_context_new(N_NOTES);
  make_piece(notes);
  for (uint32_t i = 1; i < N_NOTES; ++i) {
    CnFollowing          following;
    const CnConditioning next = make_next(notes, i, &following);
    push(context, &notes[i - 1]);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      CnHeadInput site;
      get_site(context, (CnFactor)f, &next, &site);
      for (unsigned field = 0; field < 4; ++field) {
        const CnConditioning other = change_answer(&next, (CnFactor)f, field);
        CnHeadInput          changed;
        get_site(context, (CnFactor)f, &other, &changed);
        assert_memory_equal(&site, &changed, sizeof(site));
      }
    }
  }
  cn_context_free(context);
}

// Two contexts that have known different notes after the first `n`, and forgotten them
static void
test_nothing_looks_at_notes_to_come(void** const state)
{
  (void)state;
  CnNote notes[N_NOTES];
  make_piece(notes);
  for (uint32_t n = 1; n + PHRASE < N_NOTES; n += 7) {
    CnFollowing          following;
    const CnConditioning next = make_next(notes, n, &following);
    CnContext* const     one  = cn_context_new(N_NOTES);
    CnContext* const     two  = cn_context_new(N_NOTES);
    for (uint32_t i = 0; i < n + PHRASE; ++i) {
      CnNote other = notes[i];
      if (i >= n) {
        other.pitch    = (uint8_t)(other.pitch - 7);
        other.duration = 9;
        other.velocity = 99;
      }
      push(one, &notes[i]);
      push(two, &other);
    }
    cn_context_truncate(one, n);
    cn_context_truncate(two, n);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      CnHeadInput sites[2];
      get_site(one, (CnFactor)f, &next, &sites[0]);
      get_site(two, (CnFactor)f, &next, &sites[1]);
      assert_memory_equal(&sites[0], &sites[1], sizeof(CnHeadInput));
    }
    cn_context_free(one);
    cn_context_free(two);
  }
}

// Thousands of motifs share hashes, but five random steps are never the same
static void
test_motifs_with_the_same_hash_do_not_match(void** const state)
{
  enum { MANY = 4000 };

  (void)state;
  CnContext* const context = cn_context_new(MANY);
  CnRandom         random  = cn_random(2, 0, 0, 0, 0);
  int32_t          onset   = 0;
  for (unsigned i = 0; i < MANY; ++i) {
    onset += 1 + (int32_t)cn_random_below(&random, 30);
    const CnNote note = {.onset    = onset,
                         .duration = 12,
                         .bar      = {0, 96},
                         .pitch    = (uint8_t)(CN_PITCH_MIN + cn_random_below(&random, CN_N_PITCHES)),
                         .velocity = 64};
    push(context, &note);
    assert_true(cn_context_match_length(context) < 5);
    assert_int_equal(cn_context_match_symbol(context, 2, CN_FACTOR_DT), -1);
  }
  cn_context_free(context);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_dt_site_is_as_its_twin),
      cmocka_unit_test(test_pitch_site_is_as_its_twin),
      cmocka_unit_test(test_duration_site_is_as_its_twin),
      cmocka_unit_test(test_velocity_site_is_as_its_twin),
      cmocka_unit_test(test_nothing_looks_at_what_is_to_be_predicted),
      cmocka_unit_test(test_nothing_looks_at_notes_to_come),
      cmocka_unit_test(test_motifs_with_the_same_hash_do_not_match),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
