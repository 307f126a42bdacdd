// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"

#include "tools/corpus/stream.h"

#include "dsp/base/random.h"
#include "dsp/music/chord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_STREAMS = 2, MAX_PIECES = 200 };

// A piece as a stream has played it
typedef struct {
  unsigned piece;
  int      shift;      // [semitones]
  int      least;      // By how many velocity classes it is louder, at the least
  int      most;       // At the most
  unsigned n_targets;  //
  unsigned n_no_motif; // Targets with hidden motifs
  unsigned n_no_chord; // Targets with hidden chords
} Performance;

typedef struct {
  CnSmallCorpus    small;
  CnStreamSettings settings;
  Performance      performances[MAX_PIECES];
  unsigned         n;
} Fixture;

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  cn_small_corpus_init(&fixture->small);
  fixture->settings = (CnStreamSettings){.corpus        = &fixture->small.corpus,
                                         .split         = CN_SPLIT_TRAIN,
                                         .n_streams     = N_STREAMS,
                                         .seed          = 5,
                                         .lowest_shift  = -5,
                                         .highest_shift = 6,
                                         .loudness      = 12};
  *state            = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  free(*state);
  return 0;
}

// The row of a site that is in a block, less the block's first; -1 if there is none
static int
find_row(const CnHeadInput* const site, const unsigned first, const unsigned n)
{
  for (unsigned r = 0; r < site->n_rows; ++r) {
    if (site->row[r] >= first && site->row[r] < first + n) {
      return (int)(site->row[r] - first);
    }
  }
  return -1;
}

static void
check_target(const CnBatch* const batch, const CnPiece* const piece, const unsigned i, Performance* const p)
{
  const CnHeadInput* const site  = &batch->sites[CN_FACTOR_PITCH]; // One step of one stream
  const CnToken            token = cn_note_token(&piece->notes[i], piece->notes[i - 1].onset);
  const int                chord = cn_chord_nearest(piece->chords[i]);
  const int                bass  = cn_chord_slash(piece->chords[i]);
  const int                told  = find_row(site, CN_PITCH_CHORD, CN_N_CHORDS);
  assert_int_equal(batch->targets[0].factor[CN_FACTOR_DT], token.factor[CN_FACTOR_DT]);
  assert_int_equal(batch->targets[0].factor[CN_FACTOR_PITCH], token.factor[CN_FACTOR_PITCH] + p->shift);
  assert_int_equal(batch->targets[0].factor[CN_FACTOR_DURATION], token.factor[CN_FACTOR_DURATION]);
  if (told >= 0) { // Of the same kind, and moved as the notes are
    assert_int_equal(told / 12, chord / 12);
    assert_int_equal(told % 12, (chord + p->shift + 12) % 12);
    if (bass >= 0) {
      assert_int_equal(site->chord[0], CN_CHORD_BASS + (bass + p->shift + 12) % 12);
    }
  }
  ++p->n_targets;
  p->n_no_chord += told < 0;
  p->n_no_motif += find_row(site, CN_PITCH_RUN, CN_N_RUNS) < 0;
}

// Play a stream's next piece, and say how; false if there is none
static bool
perform(const Fixture* const fixture, CnStream* const stream, Performance* const p)
{
  CnBatch batch;
  *p = (Performance){.least = 99, .most = -99};
  assert_int_equal(cn_batch_init(&batch, 1, 1), CN_STATUS_SUCCESS);
  const CnPiece* piece = NULL;
  for (unsigned i = 0; i < CN_SMALL_NOTES; ++i) {
    cn_stream_fill(stream, &batch, 0);
    const uint16_t* const row = batch.inputs[0].row;
    if (!batch.inputs[0].n_rows) {
      assert_int_equal(i, 0);
      break;
    }
    assert_int_equal(batch.begins[0], i == 0);
    assert_int_equal(batch.has_target[0], i + 1 < CN_SMALL_NOTES);
    if (i == 0) {
      p->piece = row[3] - (unsigned)CN_IN_DURATION;
      piece    = &fixture->small.pieces[p->piece];
      p->shift = row[0] - CN_IN_PITCH + CN_PITCH_MIN - piece->notes[0].pitch;
    }
    const int louder = row[4] - CN_IN_VELOCITY - piece->notes[i].velocity / 4;
    assert_int_equal(row[0], CN_IN_PITCH + piece->notes[i].pitch + p->shift - CN_PITCH_MIN);
    p->least = louder < p->least ? louder : p->least;
    p->most  = louder > p->most ? louder : p->most;
    if (batch.has_target[0]) {
      check_target(&batch, piece, i + 1, p);
    }
  }
  cn_batch_clear(&batch);
  return piece;
}

// Play `n` pieces of each stream, or until there are no more
static void
play(Fixture* const fixture, const unsigned n)
{
  fixture->n = 0;
  for (uint32_t s = 0; s < N_STREAMS; ++s) {
    CnStream* const stream = cn_stream_new(&fixture->settings, s);
    for (unsigned i = 0; i < n && perform(fixture, stream, &fixture->performances[fixture->n]); ++i) {
      ++fixture->n;
    }
    cn_stream_free(stream);
  }
}

// Whether performances are of all pieces of a split, each once
static void
check_deal(const Performance* const performances, const unsigned n, const unsigned first,
           const unsigned n_pieces)
{
  uint32_t seen = 0;
  assert_int_equal(n, n_pieces);
  for (unsigned i = 0; i < n; ++i) {
    seen |= UINT32_C(1) << performances[i].piece;
  }
  assert_int_equal(seen, ((UINT32_C(1) << n_pieces) - 1) << first);
}

static void
test_validation_plays_each_piece_once_as_it_is(void** const state)
{
  static const unsigned firsts[CN_N_SPLITS] = {0, CN_SMALL_TRAIN, CN_SMALL_TRAIN + CN_SMALL_VALID};

  Fixture* const fixture = *state;
  fixture->settings.once = true;
  for (unsigned s = 0; s < CN_N_SPLITS; ++s) {
    fixture->settings.split = (CnSplit)s;
    play(fixture, CN_SMALL_PIECES);
    check_deal(fixture->performances, fixture->n, firsts[s], (unsigned)fixture->small.corpus.n_in_split[s]);
    for (unsigned i = 0; i < fixture->n; ++i) {
      const Performance* const p = &fixture->performances[i];
      assert_int_equal(p->shift, 0);
      assert_int_equal(p->least, 0);
      assert_int_equal(p->most, 0);
    }
  }
}

// All pieces have one length, so that each stream gets as many of each deal
static void
test_each_deal_has_each_piece_once(void** const state)
{
  enum { HAND = CN_SMALL_TRAIN / N_STREAMS, DEALS = 6 };

  Fixture* const fixture = *state;
  unsigned       n_same  = 0;
  play(fixture, HAND * DEALS);
  for (unsigned d = 0; d < DEALS; ++d) {
    Performance deal[CN_SMALL_TRAIN];
    for (unsigned i = 0; i < CN_SMALL_TRAIN; ++i) {
      deal[i] = fixture->performances[i / HAND * (HAND * DEALS) + d * HAND + i % HAND];
      n_same += deal[i].piece == fixture->performances[i / HAND * (HAND * DEALS) + i % HAND].piece;
    }
    check_deal(deal, CN_SMALL_TRAIN, 0, CN_SMALL_TRAIN);
  }
  assert_true(n_same < CN_SMALL_TRAIN * DEALS / 2); // In another order each time
}

static void
test_training_transposes_within_its_range(void** const state)
{
  Fixture* const fixture     = *state;
  bool           is_seen[12] = {false};
  play(fixture, MAX_PIECES / N_STREAMS - 1);
  for (unsigned i = 0; i < fixture->n; ++i) {
    const int shift = fixture->performances[i].shift;
    assert_in_range(shift + 5, 0, 11);
    is_seen[shift + 5] = true;
  }
  for (unsigned s = 0; s < 12; ++s) {
    assert_true(is_seen[s]);
  }
}

static void
test_transposition_stays_on_the_keyboard(void** const state)
{
  Fixture* const fixture          = *state;
  fixture->settings.lowest_shift  = 60;
  fixture->settings.highest_shift = 60;
  play(fixture, 4);
  for (unsigned i = 0; i < fixture->n; ++i) {
    const Performance* const p = &fixture->performances[i];
    assert_int_equal(p->shift, CN_PITCH_MAX - fixture->small.pieces[p->piece].high);
  }
}

static void
test_training_plays_louder_and_softer(void** const state)
{
  Fixture* const fixture = *state;
  int            softest = 0;
  int            loudest = 0;
  play(fixture, MAX_PIECES / N_STREAMS - 1);
  for (unsigned i = 0; i < fixture->n; ++i) {
    const Performance* const p = &fixture->performances[i];
    assert_true(p->least >= -3 && p->most <= 3 && p->most - p->least <= 1); // Classes of 4
    softest = p->least < softest ? p->least : softest;
    loudest = p->most > loudest ? p->most : loudest;
  }
  assert_int_equal(softest, -3);
  assert_int_equal(loudest, 3);
}

static void
check_share(const unsigned n, const unsigned of, const float share)
{
  assert_true((float)n >= (share - 0.1F) * (float)of && (float)n <= (share + 0.1F) * (float)of);
}

static void
test_motifs_and_chords_are_hidden_as_often_as_asked(void** const state)
{
  static const float shares[][2] = {{0.0F, 0.0F}, {1.0F, 1.0F}, {0.3F, 0.6F}, {0.6F, 0.0F}};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 4; ++k) {
    unsigned n                   = 0;
    unsigned n_no_motif          = 0;
    unsigned n_no_chord          = 0;
    unsigned n_mixed             = 0; // Pieces with hidden motifs and shown ones
    fixture->settings.hide_motif = shares[k][0];
    fixture->settings.hide_chord = shares[k][1];
    play(fixture, MAX_PIECES / N_STREAMS - 1);
    for (unsigned i = 0; i < fixture->n; ++i) {
      n += fixture->performances[i].n_targets;
      n_no_motif += fixture->performances[i].n_no_motif;
      n_no_chord += fixture->performances[i].n_no_chord;
      n_mixed += fixture->performances[i].n_no_motif > 0 &&
                 fixture->performances[i].n_no_motif < fixture->performances[i].n_targets;
    }
    if (k < 2) {
      assert_int_equal(n_no_motif, k ? n : 0);
      assert_int_equal(n_no_chord, k ? n : 0);
    }
    assert_int_equal(n_mixed > fixture->n / 4, k >= 2);
    check_share(n_no_motif, n, shares[k][0]);
    check_share(n_no_chord, n, shares[k][1]);
  }
}

static void
test_restart_begins_again(void** const state)
{
  Fixture* const  fixture = *state;
  CnStream* const stream  = cn_stream_new(&fixture->settings, 1);
  Performance     first;
  Performance     again;
  assert_true(perform(fixture, stream, &first));
  assert_true(perform(fixture, stream, &again));
  assert_int_equal(first.n_no_motif, 0);
  cn_stream_restart(stream, 1.0F);
  assert_true(perform(fixture, stream, &again));
  assert_int_equal(again.n_no_motif, again.n_targets);
  again.n_no_motif = 0;
  assert_memory_equal(&first, &again, sizeof(first));
  cn_stream_free(stream);
}

// What a stream says before a note must not depend on that note, nor on those after it
static void
test_inputs_do_not_know_what_comes(void** const state)
{
  enum { N = 100 };

  Fixture* const fixture = *state;
  CnBatch        batches[2];
  fixture->settings.once      = true;
  fixture->settings.n_streams = 1;
  for (unsigned side = 0; side < 2; ++side) {
    for (unsigned p = 0; side && p < CN_SMALL_PIECES; ++p) {
      for (unsigned i = N; i < CN_SMALL_NOTES; ++i) {
        fixture->small.notes[p][i].pitch ^= 3U;
        fixture->small.notes[p][i].duration += 30;
        fixture->small.notes[p][i].velocity ^= 16U;
      }
    }
    CnStream* const stream = cn_stream_new(&fixture->settings, 0);
    assert_int_equal(cn_batch_init(&batches[side], 1, N), CN_STATUS_SUCCESS);
    cn_stream_fill(stream, &batches[side], 0);
    cn_stream_free(stream);
  }
  assert_memory_equal(batches[0].inputs, batches[1].inputs, N * sizeof(CnNoteInput));
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) { // The last target is the first note that differs
    const size_t n = f <= CN_FACTOR_PITCH ? N : N - 1;
    assert_memory_equal(batches[0].sites + f * N, batches[1].sites + f * N, n * sizeof(CnHeadInput));
  }
  assert_memory_not_equal(batches[0].targets, batches[1].targets, N * sizeof(CnToken));
  cn_batch_clear(&batches[0]);
  cn_batch_clear(&batches[1]);
}

// Whether a field of the texture is told to a site
static bool
is_told(const CnHeadInput* const site, const unsigned field)
{
  const unsigned first = CN_FACTOR_PITCH * CN_N_TEXTURE_ROWS + CN_TEXTURE_LEVEL + field * CN_N_TEXTURE_LEVELS;
  for (unsigned r = 0; r < site->n_textures; ++r) {
    if (site->texture[r] >= first && site->texture[r] < first + CN_N_TEXTURE_LEVELS) {
      return true;
    }
  }
  return false;
}

static void
test_textures_are_hidden_as_often_as_asked(void** const state)
{
  static const float shares[] = {0.0F, 0.4F, 1.0F};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 3; ++k) {
    unsigned n                     = 0;
    unsigned n_some                = 0; // Notes of which something is told
    unsigned n_fields              = 0; // That are told of those
    fixture->settings.show_texture = shares[k];
    CnStream* const stream         = cn_stream_new(&fixture->settings, 0);
    CnBatch         batch;
    assert_int_equal(cn_batch_init(&batch, 1, 1), CN_STATUS_SUCCESS);
    for (unsigned i = 0; i < 100 * CN_SMALL_NOTES; ++i) {
      unsigned n_told = 0;
      cn_stream_fill(stream, &batch, 0);
      for (unsigned f = 0; batch.has_target[0] && f < CN_N_TEXTURE_FIELDS; ++f) {
        n_told += f != CN_TEXTURE_LOUDNESS && is_told(&batch.sites[CN_FACTOR_PITCH], f);
      }
      n += batch.has_target[0];
      n_some += n_told > 0;
      n_fields += n_told;
    }
    check_share(n_some, n, shares[k]);
    check_share(n_fields, (CN_N_TEXTURE_FIELDS - 1) * n_some, 0.8F);
    cn_stream_free(stream);
    cn_batch_clear(&batch);
  }
}

// Whether a site is told what follows; `nearness` is set if so
static bool
is_ahead(const CnHeadInput* const site, const CnFactor factor, unsigned* const nearness)
{
  const unsigned first = factor * CN_FOLLOWING_HEAD + CN_FOLLOWING_NEARNESS;
  *nearness            = site->n_followings ? site->following[1] - first : 0;
  assert_true(*nearness < CN_N_NEARNESSES);
  return site->n_followings > 0;
}

static void
test_what_follows_is_hidden_as_often_as_asked(void** const state)
{
  static const float shares[] = {0.0F, 0.4F, 1.0F};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 3; ++k) {
    unsigned n                       = 0;
    unsigned n_told                  = 0;
    unsigned n_near[CN_N_NEARNESSES] = {0};
    fixture->settings.show_following = shares[k];
    CnStream* const stream           = cn_stream_new(&fixture->settings, 0);
    CnBatch         batch;
    assert_int_equal(cn_batch_init(&batch, 1, 1), CN_STATUS_SUCCESS);
    for (unsigned i = 0; i < 100 * CN_SMALL_NOTES; ++i) {
      unsigned near = 0;
      cn_stream_fill(stream, &batch, 0);
      if (batch.has_target[0] && i % CN_SMALL_NOTES < CN_SMALL_NOTES - 128) { // The end is not near
        const bool is_told = is_ahead(&batch.sites[CN_FACTOR_DT], CN_FACTOR_DT, &near);
        ++n;
        n_told += is_told;
        n_near[near] += is_told;
      }
    }
    check_share(n_told, n, shares[k]);
    for (unsigned near = 0; k && near < CN_N_NEARNESSES; ++near) {
      assert_true(n_near[near] > 0);
    }
    cn_stream_free(stream);
    cn_batch_clear(&batch);
  }
}

static void
test_some_notes_are_told_wrongly_and_all_that_follow_truly(void** const state)
{
  static const float shares[] = {0.0F, 1.0F};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 2; ++k) {
    unsigned n              = 0;
    unsigned n_wrong        = 0;
    fixture->settings.noise = shares[k];
    CnStream* const stream  = cn_stream_new(&fixture->settings, 0);
    CnBatch         batch;
    CnToken         before = {{0}}; // The target that should have been told by now
    bool            is_due = false;
    assert_int_equal(cn_batch_init(&batch, 1, 1), CN_STATUS_SUCCESS);
    for (unsigned i = 0; i < 40 * CN_SMALL_NOTES; ++i) {
      cn_stream_fill(stream, &batch, 0);
      const uint16_t* const row = batch.inputs[0].row;
      n += is_due;
      n_wrong += is_due && (row[0] != CN_IN_PITCH + before.factor[CN_FACTOR_PITCH] ||
                            row[2] != CN_IN_DT + before.factor[CN_FACTOR_DT] ||
                            row[3] != CN_IN_DURATION + before.factor[CN_FACTOR_DURATION]);
      is_due = batch.has_target[0];
      before = batch.targets[0];
      if (is_due) { // A target can be had: in a chord it lies above what is told
        assert_true(before.factor[CN_FACTOR_PITCH] >= batch.sites[CN_FACTOR_PITCH].lowest);
      }
    }
    assert_true(k ? n_wrong > n / 20 && n_wrong < n / 5 : n_wrong == 0);
    cn_stream_free(stream);
    cn_batch_clear(&batch);
  }
}

static void
test_a_stream_goes_on_from_any_place(void** const state)
{
  enum { N = 50 };

  Fixture* const fixture           = *state;
  fixture->settings.noise          = 0.5F;
  fixture->settings.show_texture   = 0.8F;
  fixture->settings.show_following = 0.8F;
  CnStream* const stream           = cn_stream_new(&fixture->settings, 1);
  CnStream* const other            = cn_stream_new(&fixture->settings, 1);
  CnBatch         batches[2];
  assert_int_equal(cn_batch_init(&batches[0], 1, N), CN_STATUS_SUCCESS);
  assert_int_equal(cn_batch_init(&batches[1], 1, N), CN_STATUS_SUCCESS);
  for (unsigned i = 0; i < 20; ++i) {
    const CnStreamPlace place = cn_stream_place(stream);
    assert_int_equal(cn_stream_seek(other, &place), CN_STATUS_SUCCESS);
    cn_stream_fill(stream, &batches[0], 0);
    cn_stream_fill(other, &batches[1], 0);
    assert_memory_equal(batches[0].inputs, batches[1].inputs, N * sizeof(CnNoteInput));
    for (unsigned at = 0; at < N; ++at) {
      assert_int_equal(batches[0].has_target[at], batches[1].has_target[at]);
      for (unsigned f = 0; batches[0].has_target[at] && f < CN_N_FACTORS; ++f) {
        const CnHeadInput* const a = &batches[0].sites[f * N + at];
        const CnHeadInput* const b = &batches[1].sites[f * N + at];
        assert_int_equal(a->n_textures, b->n_textures);
        assert_memory_equal(a->texture, b->texture, a->n_textures * sizeof(*a->texture));
        assert_int_equal(a->n_followings, b->n_followings);
        assert_memory_equal(a->following, b->following, a->n_followings * sizeof(*a->following));
        assert_int_equal(a->n_rows, b->n_rows);
        assert_memory_equal(a->row, b->row, a->n_rows * sizeof(*a->row));
      }
    }
  }
  cn_stream_free(stream);
  cn_stream_free(other);
  cn_batch_clear(&batches[0]);
  cn_batch_clear(&batches[1]);
}

// In half of its notes a stream tells what was drawn, if that fits; and it goes on as if it had not
static void
test_what_the_network_draws_is_told_and_forgotten(void** const state)
{
  enum { N = 48 };

  Fixture* const fixture           = *state;
  fixture->settings.show_following = 1.0F;
  CnStream* const stream           = cn_stream_new(&fixture->settings, 1);
  CnStream* const other            = cn_stream_new(&fixture->settings, 1);
  CnToken         drawn[N];
  CnBatch         batches[2];
  unsigned        n     = 0;
  unsigned        n_own = 0;
  assert_int_equal(cn_batch_init(&batches[0], 1, N), CN_STATUS_SUCCESS);
  assert_int_equal(cn_batch_init(&batches[1], 1, N), CN_STATUS_SUCCESS);
  for (unsigned i = 0; i < 20; ++i) { // Pieces end within
    const CnStreamPlace place = cn_stream_place(stream);
    cn_stream_fill(stream, &batches[0], 0);
    cn_stream_fill(other, &batches[1], 0);
    assert_memory_equal(batches[0].inputs, batches[1].inputs, N * sizeof(CnNoteInput)); // Forgotten
    for (unsigned at = 0; at < N; ++at) {
      drawn[at] = batches[0].targets[at];
      drawn[at].factor[CN_FACTOR_DURATION] ^= 1U;
    }
    cn_stream_fill_own(stream, &batches[0], 0, &place, drawn);
    for (unsigned at = 0; at < N; ++at) {
      const bool is_due = at && batches[1].has_target[at - 1];
      n += is_due;
      n_own +=
          is_due && batches[0].inputs[at].row[3] == CN_IN_DURATION + drawn[at - 1].factor[CN_FACTOR_DURATION];
      assert_int_equal(batches[0].inputs[at].row[0], batches[1].inputs[at].row[0]); // The key was right
      assert_int_equal(batches[0].has_target[at], batches[1].has_target[at]);
      for (unsigned f = 0; batches[0].has_target[at] && f < CN_N_FACTORS; ++f) {
        const CnHeadInput* const own = &batches[0].sites[f * N + at];
        const CnHeadInput* const as  = &batches[1].sites[f * N + at];
        assert_int_equal(batches[0].targets[at].factor[f], batches[1].targets[at].factor[f]);
        assert_int_equal(own->n_followings, as->n_followings); // From the same line on
        assert_memory_equal(own->following, as->following, own->n_followings * sizeof(*own->following));
      }
    }
  }
  assert_true(n_own > n * 4 / 10 && n_own < n * 6 / 10);
  cn_stream_free(stream);
  cn_stream_free(other);
  cn_batch_clear(&batches[0]);
  cn_batch_clear(&batches[1]);
}

// Whatever is drawn, what comes after it can be had
static void
test_any_draws_leave_targets_that_can_be_had(void** const state)
{
  enum { N = 48 };

  Fixture* const  fixture = *state;
  CnStream* const stream  = cn_stream_new(&fixture->settings, 1);
  CnRandom        random  = cn_random(9, 0, 0, 0, 0);
  CnToken         drawn[N];
  CnBatch         batch;
  unsigned        n_wrong = 0;
  assert_int_equal(cn_batch_init(&batch, 1, N), CN_STATUS_SUCCESS);
  for (unsigned i = 0; i < 40; ++i) {
    const CnStreamPlace place = cn_stream_place(stream);
    for (unsigned at = 0; at < N; ++at) {
      for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
        drawn[at].factor[f] = (uint8_t)cn_random_below(&random, (uint32_t)cn_factor_classes((CnFactor)f));
      }
    }
    cn_stream_fill(stream, &batch, 0);
    cn_stream_fill_own(stream, &batch, 0, &place, drawn);
    for (unsigned at = 0; at < N; ++at) {
      if (batch.has_target[at]) {
        assert_true(batch.targets[at].factor[CN_FACTOR_PITCH] >=
                    batch.sites[CN_FACTOR_PITCH * N + at].lowest);
        n_wrong += at && batch.inputs[at].row[0] == CN_IN_PITCH + drawn[at - 1].factor[CN_FACTOR_PITCH];
      }
    }
  }
  assert_true(n_wrong > 100);
  cn_stream_free(stream);
  cn_batch_clear(&batch);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_validation_plays_each_piece_once_as_it_is),
      CASE(test_each_deal_has_each_piece_once),
      CASE(test_training_transposes_within_its_range),
      CASE(test_transposition_stays_on_the_keyboard),
      CASE(test_training_plays_louder_and_softer),
      CASE(test_motifs_and_chords_are_hidden_as_often_as_asked),
      CASE(test_restart_begins_again),
      CASE(test_inputs_do_not_know_what_comes),
      CASE(test_textures_are_hidden_as_often_as_asked),
      CASE(test_what_follows_is_hidden_as_often_as_asked),
      CASE(test_some_notes_are_told_wrongly_and_all_that_follow_truly),
      CASE(test_a_stream_goes_on_from_any_place),
      CASE(test_what_the_network_draws_is_told_and_forgotten),
      CASE(test_any_draws_leave_targets_that_can_be_had),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
