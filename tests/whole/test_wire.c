// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_wire.c
   What the plugin tells a window: only while it is asked, as seldom and as little as is promised, and all of
   what is heard, played and planned.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/midi_file.h"
#include "tests/support/scratch.h"

#include "dsp/base/random.h"
#include "dsp/music/score.h"
#include "dsp/play/notices.h"
#include "plugin/draw/turn.h"
#include "plugin/wire/scene.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define RATE 48000

/// A window without X
typedef struct {
  CnHost*  host;
  CnScene* scene;
  unsigned n_news;
  uint32_t longest; ///< [bytes] with the atom
} Window;

static void
hear(void* const handle, const void* const body, const uint32_t size)
{
  Window* const window = handle;
  ++window->n_news;
  window->longest = size + 8U > window->longest ? size + 8U : window->longest;
  assert_true(cn_scene_read(window->scene, body, size));
  assert_false(window->scene->missed);
}

static Window
open_window(CnHost* const host)
{
  return (Window){.host = host, .scene = calloc(1, sizeof(CnScene))};
}

static void
listen(Window* const window)
{
  cn_host_listen(window->host, CN_WIRE_NEWS_URI, hear, window);
}

static void
ask(CnHost* const host, const unsigned what)
{
  const CnWireAsk message = {CN_WIRE_VERSION, (uint16_t)what};
  cn_host_send_atom(host, CN_WIRE_ASK_URI, &message, sizeof(message));
}

/// Run for some seconds, with a window that asks once in each
static void
watch(const Window* const window, const unsigned seconds, const unsigned what)
{
  for (unsigned i = 0; i < seconds; ++i) {
    ask(window->host, i ? 0 : what);
    cn_host_run(window->host, RATE);
  }
}

static unsigned
count_notes(const CnScene* const scene, const CnLayer layer)
{
  unsigned n = 0;
  for (size_t i = 0; i < CN_SCENE_SEGMENTS; ++i) {
    n += scene->layers[layer][i].n_notes;
  }
  return n;
}

static void
test_nobody_asks_and_nothing_is_told(void** state)
{
  CnHost* const host   = cn_bundle_start(*state, &cn_bundle_plain);
  Window        window = open_window(host);
  listen(&window);
  cn_bundle_perform(host, 16);
  assert_int_equal(window.n_news, 0);
  free(window.scene);
}

static void
test_it_is_told_seldom_and_little_and_for_a_while(void** state)
{
  CnHost* const host   = cn_bundle_start(*state, &cn_bundle_plain);
  Window        window = open_window(host);
  listen(&window);
  cn_bundle_perform(host, 16);
  watch(&window, 4, CN_WIRE_EVERYTHING);
  assert_true(window.n_news > 4 * CN_WIRE_RATE / 2);
  assert_true(window.n_news <= 4 * CN_WIRE_RATE + 1);
  assert_true(window.longest <= CN_WIRE_SIZE);
  cn_host_run(host, CN_WIRE_PATIENCE * RATE);
  const unsigned n = window.n_news;
  cn_host_run(host, 2 * RATE);
  assert_int_equal(window.n_news, n);
  free(window.scene);
}

static void
test_small_blocks_are_told_as_seldom(void** state)
{
  const CnHostConfig config = {.block = 16};
  CnHost* const      host   = cn_bundle_start(*state, &config);
  Window             window = open_window(host);
  listen(&window);
  cn_host_roll(host, true);
  watch(&window, 2, CN_WIRE_EVERYTHING);
  assert_true(window.n_news <= 2 * CN_WIRE_RATE + 1);
  free(window.scene);
}

static void
test_the_window_knows_what_was_heard_and_played(void** state)
{
  CnHost* const host   = cn_bundle_start(*state, &cn_bundle_plain);
  Window        window = open_window(host);
  listen(&window);
  ask(host, CN_WIRE_EVERYTHING);
  cn_bundle_perform(host, 16);
  watch(&window, 1, 0);
  const CnWireState* const now = &window.scene->state;
  assert_true(window.scene->has_state);
  assert_int_equal(now->flags & (CN_WIRE_TOLD | CN_WIRE_ROLLS), CN_WIRE_TOLD | CN_WIRE_ROLLS);
  assert_int_equal(now->bar.length, 2 * CN_TICKS_PER_QUARTER);
  assert_true(now->tempo == (float)CN_BUNDLE_BPM);
  assert_non_null(strstr(window.scene->path, ".safetensors"));
  assert_non_null(strstr(window.scene->kind, " of "));
  assert_true(count_notes(window.scene, CN_LAYER_HEARD) > 0);
  assert_true(count_notes(window.scene, CN_LAYER_OWN) > 0);
  free(window.scene);
}

static bool
is_same_note(const CnTimedNote* const a, const CnTimedNote* const b)
{
  return a->duration == b->duration && a->offset == b->offset && a->pitch == b->pitch &&
         a->velocity == b->velocity;
}

static bool
is_same(const CnSceneSegment* const a, const CnSceneSegment* const b)
{
  bool same = !a == !b && (!a || a->n_notes == b->n_notes);
  for (uint32_t i = 0; same && a && i < a->n_notes; ++i) {
    same = is_same_note(&a->notes[i], &b->notes[i]);
  }
  return same;
}

/// True if two windows show the same from here on
static bool
is_alike(const CnScene* const a, const CnScene* const b)
{
  bool same = !strcmp(a->path, b->path);
  for (int layer = 0; layer < CN_N_LAYERS; ++layer) {
    for (int32_t k = cn_segment_at((int32_t)b->state.tick) - 8; k < 200; ++k) {
      same = same && is_same(cn_scene_find(a, (CnLayer)layer, k), cn_scene_find(b, (CnLayer)layer, k));
    }
  }
  return same;
}

/// What is planned may still grow while one after the other is told; in the end they show the same
static void
test_a_window_that_opens_later_is_told_all_anew(void** state)
{
  CnHost* const host  = cn_bundle_start(*state, &cn_bundle_plain);
  Window        first = open_window(host);
  listen(&first);
  ask(host, CN_WIRE_EVERYTHING);
  cn_bundle_perform(host, 16);
  cn_host_roll(host, false);
  watch(&first, 3, 0);
  Window second = open_window(host);
  listen(&second);
  watch(&second, 3, CN_WIRE_EVERYTHING);
  assert_true(count_notes(second.scene, CN_LAYER_HEARD) > 0);
  assert_true(count_notes(second.scene, CN_LAYER_OWN) > 0);
  for (unsigned i = 0; i < 100 && !is_alike(first.scene, second.scene); ++i) {
    Window* const other = i % 2 ? &second : &first;
    free(other->scene);
    *other = open_window(host);
    listen(other);
    watch(other, 1, CN_WIRE_EVERYTHING);
  }
  assert_true(is_alike(first.scene, second.scene));
  free(first.scene);
  free(second.scene);
}

static void
test_panic_ends_all_notes(void** state)
{
  CnHost* const host   = cn_bundle_start(*state, &cn_bundle_plain);
  const uint8_t on[3]  = {0x90, 60, 80};
  Window        window = open_window(host);
  listen(&window);
  cn_host_send(host, cn_host_frame(host), on, sizeof(on));
  cn_host_run(host, 4800);
  assert_int_equal(cn_host_sounding(host), 1);
  ask(host, CN_WIRE_PANIC);
  cn_host_run(host, 4800);
  assert_int_equal(cn_host_sounding(host), 0);
  free(window.scene);
}

/// What the plugin notices comes to the window's words, and goes when it is mended
static void
test_the_window_knows_what_hinders(void** state)
{
  CnHost* const host   = cn_bundle_start(*state, &cn_bundle_plain);
  const uint8_t on[3]  = {0x90, 60, 80};
  const uint8_t off[3] = {0x80, 60, 64};
  Window        window = open_window(host);
  listen(&window);
  watch(&window, 1, CN_WIRE_EVERYTHING);
  assert_int_equal(window.scene->state.notice, CN_NOTICE_NONE);
  cn_host_send(host, cn_host_frame(host), on, sizeof(on));
  cn_host_run(host, 4800);
  cn_host_send(host, cn_host_frame(host), off, sizeof(off));
  watch(&window, 3, 0);
  assert_int_equal(window.scene->state.notice, CN_NOTICE_STANDS);
  assert_non_null(strstr(cn_turn(window.scene, 0.0, true, false).detail, "start it"));
  cn_host_roll(host, true);
  watch(&window, 1, 0);
  assert_int_equal(window.scene->state.notice, CN_NOTICE_NONE);
  free(window.scene);
}

// --- Files

/// Ask for a file
static void
wish_for(const Window* const window, const uint32_t id, const int32_t from, const int32_t to,
         const char* const path)
{
  const size_t     length = strlen(path) + 1U;
  const CnWireSave wish   = {CN_WIRE_VERSION, (uint16_t)length, id, from, to};
  uint8_t          bytes[CN_HOST_ATOM_SIZE];
  memcpy(bytes, &wish, sizeof(wish));
  memcpy(bytes + sizeof(wish), path, length);
  cn_host_send_atom(window->host, CN_WIRE_SAVE_URI, bytes, (uint32_t)(sizeof(wish) + length));
}

/// Wait for what comes of a file
static const CnSceneSaved*
await_answer(const Window* const window)
{
  const CnSceneSaved* const saved = &window->scene->saved;
  for (int i = 0; i < 100 && !saved->is_new; ++i) {
    watch(window, 1, 0);
  }
  assert_true(saved->is_new);
  return saved;
}

/// Ask for a file, and wait for what comes of it
static const CnSceneSaved*
save(const Window* const window, const int32_t from, const int32_t to, const char* const path)
{
  static uint32_t id   = 7;
  window->scene->saved = (CnSceneSaved){0};
  wish_for(window, ++id, from, to, path);
  cn_host_run(window->host, 64);
  const CnSceneSaved* const saved = await_answer(window);
  assert_int_equal(saved->id, id);
  return saved;
}

static void
test_what_was_played_is_written_where_the_window_wants(void** state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  Window          window = open_window(host);
  listen(&window);
  cn_bundle_perform(host, 16);
  cn_host_roll(host, false);
  watch(&window, 1, CN_WIRE_EVERYTHING);
  const char* const whole = cn_scratch_path(bundle->folder, "whole.mid");
  const char* const part  = cn_scratch_path(bundle->folder, "part.mid");
  assert_true(save(&window, 0, 0, whole)->is_written);
  assert_string_equal(window.scene->saved.why, "");
  const int32_t  bar   = window.scene->state.bar.length;
  CnScore* const score = midi_file_read_score(whole);
  assert_true(save(&window, 2 * bar, 5 * bar, part)->is_written);
  CnScore* const bars = midi_file_read_score(part);
  assert_int_equal(bars->meters[0].numerator, score->meters[0].numerator);
  assert_int_equal(bars->tempi[0].tempo, score->tempi[0].tempo);
  assert_int_equal(bars->end, 3 * bar);
  size_t n = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    n += score->notes[i].onset >= 2 * bar && score->notes[i].onset < 5 * bar;
  }
  assert_true(n > 0 && n < score->n_notes);
  assert_int_equal(bars->n_notes, n);
  cn_score_free(bars);
  cn_score_free(score);
  remove(whole);
  remove(part);
  free(window.scene);
}

static void
test_who_asks_for_a_file_beside_another_is_told(void** state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  Window          window = open_window(host);
  CnSceneSaved*   saved  = &window.scene->saved;
  listen(&window);
  cn_bundle_perform(host, 8);
  cn_host_roll(host, false);
  watch(&window, 1, CN_WIRE_EVERYTHING);
  const char* const path = cn_scratch_path(bundle->folder, "first.mid");
  cn_host_refuse_work(host, UINT_MAX); // So that the first one has to wait
  wish_for(&window, 1, 0, 0, path);
  cn_host_run(host, 64);
  wish_for(&window, 2, 0, 0, cn_scratch_path(bundle->folder, "second.mid"));
  cn_host_run(host, 64);
  watch(&window, 1, 0);
  assert_true(saved->is_new);
  assert_int_equal(saved->id, 2);
  assert_false(saved->is_written);
  assert_string_equal(saved->why, "another file is being written");
  cn_host_refuse_work(host, 0);
  *saved = (CnSceneSaved){0};
  await_answer(&window);
  assert_int_equal(saved->id, 1);
  assert_true(saved->is_written);
  assert_int_equal(remove(path), 0);
  assert_false(cn_scratch_has(bundle->folder, "second.mid"));
  free(window.scene);
}

/// Names that are taken, folders that are not there, and whatever else a path can be
static void
test_a_path_that_will_not_do_is_refused_in_words(void** state)
{
  CnBundle* const bundle = *state;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  Window          window = open_window(host);
  listen(&window);
  watch(&window, 1, CN_WIRE_EVERYTHING);
  const char* const taken = cn_scratch_path(bundle->folder, "taken.mid");
  assert_false(save(&window, 0, 0, taken)->is_written);
  assert_string_equal(window.scene->saved.why, "nothing was played there");
  cn_bundle_perform(host, 8);
  assert_int_equal(mkfifo(taken, 0666), 0);
  assert_false(save(&window, 0, 0, taken)->is_written);
  assert_string_equal(window.scene->saved.why, "there is something of that name");
  assert_int_equal(remove(taken), 0);
  assert_false(save(&window, 0, 0, cn_scratch_path(bundle->folder, "no/a.mid"))->is_written);
  assert_string_equal(window.scene->saved.why, "there is no such folder");
  assert_false(save(&window, 0, 0, cn_scratch_path(bundle->folder, "a.txt"))->is_written);
  assert_string_equal(window.scene->saved.why, "its name does not end with .mid");
  assert_false(save(&window, 0, 0, "a.mid")->is_written);
  assert_false(save(&window, 1 << 28, (1 << 28) + 96, taken)->is_written);
  assert_false(save(&window, INT32_MIN, INT32_MAX, taken)->is_written);
  assert_false(cn_scratch_has(bundle->folder, "taken.mid"));
  free(window.scene);
}

static void
test_any_bytes_are_no_harm_to_either_end(void** state)
{
  CnHost* const  host   = cn_bundle_start(*state, &cn_bundle_plain);
  Window         window = open_window(host);
  CnRandom       random = cn_random(1, 2, 3, 4, 5);
  uint8_t        bytes[2048];
  CnScene* const scene = calloc(1, sizeof(CnScene)); // That reads garbage; the other one reads news
  listen(&window);
  for (int i = 0; i < 20000; ++i) {
    const CnWireHead head = {CN_WIRE_VERSION, (uint16_t)cn_random_below(&random, 5), (uint32_t)i};
    for (size_t b = 0; b < sizeof(bytes); ++b) {
      bytes[b] =
          (uint8_t)(cn_random_below(&random, 3) ? cn_random_below(&random, 4) : cn_random_bits(&random));
    }
    memcpy(bytes, &head, sizeof(head));
    cn_scene_read(scene, bytes, cn_random_below(&random, sizeof(bytes)));
    if (i % 50 == 0) {
      cn_host_send_atom(host, i % 100 ? CN_WIRE_ASK_URI : CN_WIRE_SAVE_URI, bytes + 8,
                        cn_random_below(&random, CN_HOST_ATOM_SIZE));
      cn_host_run(host, 64);
    }
  }
  for (int layer = 0; layer < CN_N_LAYERS; ++layer) {
    for (size_t i = 0; i < CN_SCENE_SEGMENTS; ++i) {
      assert_true(scene->layers[layer][i].n_notes <= CN_SEGMENT_NOTES);
    }
  }
  assert_true(strlen(scene->path) < CN_SCENE_TEXT && strlen(scene->kind) < CN_SCENE_TEXT);
  free(scene);
  free(window.scene);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_nobody_asks_and_nothing_is_told),
      CN_BUNDLE_TEST(test_it_is_told_seldom_and_little_and_for_a_while),
      CN_BUNDLE_TEST(test_small_blocks_are_told_as_seldom),
      CN_BUNDLE_TEST(test_the_window_knows_what_was_heard_and_played),
      CN_BUNDLE_TEST(test_a_window_that_opens_later_is_told_all_anew),
      CN_BUNDLE_TEST(test_panic_ends_all_notes),
      CN_BUNDLE_TEST(test_the_window_knows_what_hinders),
      CN_BUNDLE_TEST(test_what_was_played_is_written_where_the_window_wants),
      CN_BUNDLE_TEST(test_who_asks_for_a_file_beside_another_is_told),
      CN_BUNDLE_TEST(test_a_path_that_will_not_do_is_refused_in_words),
      CN_BUNDLE_TEST(test_any_bytes_are_no_harm_to_either_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
