// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The inputs of the heads against a naive twin, which looks through the whole history each time, and
  against what they must not know.
*/

#include "dsp/context.h"
#include "dsp/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PHRASE = 20, N_PHRASES = 20, N_NOTES = PHRASE * N_PHRASES, MAX_ROWS = 2048, MAX_GATES = 32 };

enum { LONGEST_LAG = 384, LONGEST_DURATION = 288 }; // [ticks], see context_site.c

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

// What is asked of note `i`, with and without motifs and chords
static CnNext
make_next(const CnNote notes[N_NOTES], const uint32_t i)
{
  const CnToken token = cn_note_token(&notes[i], notes[i - 1].onset);
  return (CnNext){.onset    = notes[i].onset,
                  .bar      = notes[i].bar,
                  .pitch    = token.factor[CN_FACTOR_PITCH],
                  .duration = token.factor[CN_FACTOR_DURATION],
                  .motif    = i % 5 != 0,
                  .chord    = (int8_t)(i % 3 ? CN_CHORD_NONE : (int)(i % CN_N_CHORDS))};
}

static void
push(CnContext* const context, const CnNote* const note)
{
  assert_int_equal(cn_context_push(context, note), CN_STATUS_SUCCESS);
}

static void
get_site(const CnContext* const context, const CnFactor factor, const CnNext* const next, CnSite* const site)
{
  memset(site, 0, sizeof(*site));
  cn_context_site(context, factor, next, site);
}

// --- The twin

// A site as sets, with how often each element is in it
typedef struct {
  uint8_t  rows[MAX_ROWS];
  uint8_t  copies[CN_MAX_CLASSES][MAX_GATES];
  unsigned lowest;
  double   chroma[CN_N_CHROMA];
} Twin;

// What a twin is made from: the notes before `n`, and the one that is asked for
typedef struct {
  const CnNote* notes;
  int           n;
  CnNext        next;
  Twin*         twin;
} Question;

static void
say(const Question* const q, const unsigned row)
{
  ++q->twin->rows[row];
}

static void
say_symbol(const Question* const q, const unsigned first, const unsigned gate, const unsigned symbol)
{
  say(q, first + symbol);
  ++q->twin->copies[symbol][gate];
}

static CnToken
token_of(const Question* const q, const int i)
{
  return cn_note_token(&q->notes[i], q->notes[i ? i - 1 : 0].onset);
}

static void
say_metre(const Question* const q, const unsigned first, const CnBarPlace bar)
{
  const int eighth = bar.offset / 12;
  const int length = bar.length / 12 - 1;
  say(q, first + bar.offset % 24U);
  say(q, first + 24 + (unsigned)(eighth > 15 ? 15 : eighth));
  say(q, first + 40 + (unsigned)(length > 15 ? 15 : length));
}

static int32_t
lag_ticks(const CnBarPlace bar, const unsigned lag)
{
  const int32_t length  = bar.length > LONGEST_LAG ? LONGEST_LAG : bar.length;
  const int32_t lags[4] = {24, 48, length, 2 * length};
  return lags[lag];
}

// How many (interval, dt) steps are the same up to notes `a` and `b`, a < b
static int
count_same(const Question* const q, const int a, const int b)
{
  int n = 0;
  while (a - n > 0 &&
         q->notes[a - n].pitch - q->notes[a - n - 1].pitch ==
             q->notes[b - n].pitch - q->notes[b - n - 1].pitch &&
         token_of(q, a - n).factor[CN_FACTOR_DT] == token_of(q, b - n).factor[CN_FACTOR_DT]) {
    ++n;
  }
  return n;
}

static int
find_match(const Question* const q, const unsigned match)
{
  static const int lengths[CN_N_MATCHES] = {2, 5, 10};
  for (int i = q->n - 2; i >= 0; --i) {
    if (count_same(q, i, q->n - 1) >= lengths[match]) {
      return i;
    }
  }
  return -1;
}

static int
find_longest_match(const Question* const q)
{
  int found = -1;
  for (unsigned m = CN_N_MATCHES; found < 0 && m-- > 0;) {
    found = find_match(q, m);
  }
  return found;
}

static void
say_matches(const Question* const q, const CnFactor factor, const unsigned first)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    const int found = find_match(q, m);
    if (found >= 0) {
      const int interval = q->notes[q->n - 1].pitch - q->notes[found].pitch;
      const int symbol   = token_of(q, found + 1).factor[factor] + (factor == CN_FACTOR_PITCH ? interval : 0);
      if (symbol >= 0 && symbol < (int)cn_factor_classes(factor)) {
        say_symbol(q, first + m * (unsigned)cn_factor_classes(factor), m, (unsigned)symbol);
      }
    }
  }
}

static void
say_run(const Question* const q, const unsigned first)
{
  const int found = find_longest_match(q);
  const int run   = found < 0 ? 0 : count_same(q, found, q->n - 1);
  say(q, first + (run >= 2) + (run >= 5) + (run >= 10) + (run >= 20) + (run >= 40));
}

static unsigned
count_struck(const Question* const q, const int32_t time)
{
  unsigned n = 0;
  for (int i = 0; i < q->n; ++i) {
    n += q->notes[i].onset == time;
  }
  return n < 6 ? n : 6;
}

static void
ask_dt(const Question* const q)
{
  const CnNote* const last = &q->notes[q->n - 1];
  say_metre(q, CN_DT_METRE, last->bar);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_DT, CN_DT_MATCH);
    say_run(q, CN_DT_RUN);
  }
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int32_t then  = last->onset - lag_ticks(last->bar, l);
    int           after = 0; // First note after that time
    while (q->notes[after].onset <= then) {
      ++after;
    }
    if (after > 0) {
      const int32_t dt = q->notes[after].onset - then;
      say_symbol(q, CN_DT_LAG + l * CN_N_DTS, CN_DT_GATE_LAG + l, dt < 96 ? (unsigned)dt : 96);
    }
    say(q, CN_DT_SIZE + l * CN_N_SIZES + 7 * count_struck(q, last->onset) + count_struck(q, then));
  }
}

static void
say_pitch_sets(const Question* const q)
{
  for (unsigned s = 0; s <= CN_N_LAGS; ++s) {
    const int32_t time = q->next.onset - (s ? lag_ticks(q->next.bar, s - 1) : 0);
    for (int i = 0; i < q->n; ++i) {
      const CnNote* const note     = &q->notes[i];
      const int32_t       duration = note->duration < LONGEST_DURATION ? note->duration : LONGEST_DURATION;
      const bool          sounds   = note->onset < time && time < note->onset + duration;
      if (note->onset == time || sounds) {
        const unsigned set = 2 * s + sounds;
        say_symbol(q, CN_PITCH_SET + set * CN_N_PITCHES, CN_PITCH_GATE_SET + set, note->pitch - 21U);
      }
    }
  }
}

static void
say_chroma(const Question* const q)
{
  static const double beats[2] = {4.0, 64.0};
  for (unsigned d = 0; d < 2; ++d) {
    double sum = 0.0;
    for (int i = 0; i < q->n; ++i) {
      const double share = exp((q->notes[i].onset - q->notes[q->n - 1].onset) / (24.0 * beats[d]));
      q->twin->chroma[12 * d + q->notes[i].pitch % 12] += share;
      sum += share;
    }
    for (unsigned c = 0; c < 12; ++c) {
      q->twin->chroma[12 * d + c] /= sum;
    }
  }
}

static unsigned
get_dt(const Question* const q)
{
  const int32_t dt = q->next.onset - q->notes[q->n - 1].onset;
  return dt < 96 ? (unsigned)dt : 96;
}

static void
ask_pitch(const Question* const q)
{
  say(q, CN_PITCH_DT + get_dt(q));
  say_metre(q, CN_PITCH_METRE, q->next.bar);
  if (q->next.chord != CN_CHORD_NONE) {
    say(q, CN_PITCH_CHORD + (unsigned)q->next.chord);
  }
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_PITCH, CN_PITCH_MATCH);
    say_run(q, CN_PITCH_RUN);
  }
  say_pitch_sets(q);
  say_chroma(q);
  q->twin->lowest = get_dt(q) ? 0 : q->notes[q->n - 1].pitch + 1U - 21U;
}

// The nearest in pitch of some notes, the last one of equals; all notes if `time` is negative
static int
find_nearest(const Question* const q, const int first, const int32_t time)
{
  int nearest = -1;
  int least   = 1000;
  for (int i = first; i < q->n; ++i) {
    const int distance = abs(q->notes[i].pitch - 21 - q->next.pitch);
    if ((time < 0 || q->notes[i].onset == time) && distance <= least) {
      nearest = i;
      least   = distance;
    }
  }
  return nearest;
}

static void
say_voices(const Question* const q, const CnFactor factor, const unsigned distances, const unsigned first,
           const unsigned gate)
{
  const int near                = find_nearest(q, q->n > 16 ? q->n - 16 : 0, -1);
  const int distance            = abs(q->notes[near].pitch - 21 - q->next.pitch);
  int       voices[CN_N_VOICES] = {q->n - 1, near};
  for (unsigned l = 0; l < CN_N_LAGS; ++l) {
    const int32_t time = q->next.onset - lag_ticks(q->next.bar, l);
    voices[2 + l]      = time < 0 ? -1 : find_nearest(q, 0, time);
  }

  say(q, distances + (distance > 0) + (distance > 2) + (distance > 5));
  for (unsigned v = 0; v < CN_N_VOICES; ++v) {
    if (voices[v] >= 0) {
      say_symbol(q, first + v * (unsigned)cn_factor_classes(factor), gate + v,
                 token_of(q, voices[v]).factor[factor]);
    }
  }
}

static void
ask_duration(const Question* const q)
{
  say(q, CN_DURATION_DT + get_dt(q));
  say_metre(q, CN_DURATION_METRE, q->next.bar);
  say(q, CN_DURATION_PITCH + (unsigned)q->next.pitch);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_DURATION, CN_DURATION_MATCH);
    say_run(q, CN_DURATION_RUN);
  }
  say_voices(q, CN_FACTOR_DURATION, CN_DURATION_DISTANCE, CN_DURATION_VOICE, CN_DURATION_GATE_VOICE);
}

static void
say_louder(const Question* const q)
{
  const int found = find_longest_match(q);
  if (found >= 0) {
    const int then   = token_of(q, found).factor[CN_FACTOR_VELOCITY];
    const int now    = token_of(q, q->n - 1).factor[CN_FACTOR_VELOCITY];
    const int symbol = token_of(q, found + 1).factor[CN_FACTOR_VELOCITY] + now - then;
    say_symbol(q, CN_VELOCITY_LOUDER, CN_VELOCITY_GATE_LOUDER,
               (unsigned)(symbol < 0    ? 0
                          : symbol > 31 ? 31
                                        : symbol));
  }
}

static void
ask_velocity(const Question* const q)
{
  say(q, CN_VELOCITY_DT + get_dt(q));
  say_metre(q, CN_VELOCITY_METRE, q->next.bar);
  say(q, CN_VELOCITY_PITCH + (unsigned)q->next.pitch);
  say(q, (unsigned)CN_VELOCITY_DURATION + q->next.duration);
  if (q->next.motif) {
    say_matches(q, CN_FACTOR_VELOCITY, CN_VELOCITY_MATCH);
    say_louder(q);
    say_run(q, CN_VELOCITY_RUN);
  }
  say_voices(q, CN_FACTOR_VELOCITY, CN_VELOCITY_DISTANCE, CN_VELOCITY_VOICE, CN_VELOCITY_GATE_VOICE);
}

static void
check_against_twin(const CnSite* const site, const Twin* const twin, const char* const what, const int i)
{
  Twin got;
  assert_true(site->n_rows < CN_SITE_MAX_ROWS && site->n_copies < CN_SITE_MAX_COPIES); // Nothing was left out
  memset(&got, 0, sizeof(got));
  for (unsigned r = 0; r < site->n_rows; ++r) {
    ++got.rows[site->row[r]];
  }
  for (unsigned c = 0; c < site->n_copies; ++c) {
    ++got.copies[site->copy[c].symbol][site->copy[c].gate];
  }
  for (unsigned r = 0; r < MAX_ROWS; ++r) {
    if (got.rows[r] != twin->rows[r]) {
      fail_msg("%s of note %d: row %u is there %d times, not %d", what, i, r, got.rows[r], twin->rows[r]);
    }
  }
  assert_memory_equal(got.copies, twin->copies, sizeof(got.copies));
  assert_int_equal(site->lowest, twin->lowest);
  for (unsigned c = 0; site->has_chroma && c < CN_N_CHROMA; ++c) {
    assert_true(fabs((double)site->chroma[c] - twin->chroma[c]) < 1e-4);
  }
}

static void
check_factor(const CnFactor factor)
{
  static void (*const ask[CN_N_FACTORS])(const Question*) = {ask_dt, ask_pitch, ask_duration, ask_velocity};

  CnNote           notes[N_NOTES];
  CnContext* const context = cn_context_new(N_NOTES);
  make_piece(notes);
  for (uint32_t i = 1; i < N_NOTES; ++i) {
    Twin           twin;
    CnSite         site;
    const Question q = {notes, (int)i, make_next(notes, i), &twin};
    memset(&twin, 0, sizeof(twin));
    push(context, &notes[i - 1]);
    get_site(context, factor, &q.next, &site);
    ask[factor](&q);
    check_against_twin(&site, &twin, cn_factor_name(factor), q.n);
    assert_int_equal(site.has_chroma, factor == CN_FACTOR_PITCH);
  }
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
static CnNext
change_answer(const CnNext* const next, const CnFactor factor, const unsigned field)
{
  CnNext other = *next;
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
    const CnNext next = make_next(notes, i);
    push(context, &notes[i - 1]);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      CnSite site;
      get_site(context, (CnFactor)f, &next, &site);
      for (unsigned field = 0; field < 4; ++field) {
        const CnNext other = change_answer(&next, (CnFactor)f, field);
        CnSite       changed;
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
    const CnNext     next = make_next(notes, n);
    CnContext* const one  = cn_context_new(N_NOTES);
    CnContext* const two  = cn_context_new(N_NOTES);
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
      CnSite sites[2];
      get_site(one, (CnFactor)f, &next, &sites[0]);
      get_site(two, (CnFactor)f, &next, &sites[1]);
      assert_memory_equal(&sites[0], &sites[1], sizeof(CnSite));
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
