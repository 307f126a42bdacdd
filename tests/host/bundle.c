// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/bundle.h"

#include "tests/support/phrase.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

const CnHostConfig cn_bundle_plain = {.block = 256};

static void
link_file(const CnBundle* const self, const char* const name)
{
  char folder[1024];
  char from[2048];
  char to[128];
  assert_non_null(getcwd(folder, sizeof(folder)));
  const bool is_absolute = CN_BUILD_DIR[0] == '/';
  snprintf(from, sizeof(from), "%s%s%s/continuo.lv2/%s", is_absolute ? "" : folder, is_absolute ? "" : "/",
           CN_BUILD_DIR, name);
  snprintf(to, sizeof(to), "%s/%s", self->folder, name);
  assert_return_code(symlink(from, to), 0);
}

int
cn_bundle_set_up(void** const state)
{
  CnBundle* const self = (CnBundle*)calloc(1, sizeof(CnBundle));
  char            models[128];
  assert_non_null(self);
  strcpy(self->folder, "/tmp/continuo-XXXXXX");
  assert_non_null(mkdtemp(self->folder));
  snprintf(models, sizeof(models), "%s/models", self->folder);
  snprintf(self->weights, sizeof(self->weights), "%s/default.safetensors.zst", models);
  snprintf(self->notebook, sizeof(self->notebook), "%s/notebook.safetensors.zst", models);
  assert_return_code(mkdir(models, 0700), 0);
  link_file(self, "manifest.ttl");
  link_file(self, "continuo.ttl");
  link_file(self, "presets.ttl");
  link_file(self, "continuo.so");
  assert_int_equal(cn_tiny_model(self->weights, 1), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tiny_notebook(self->notebook, 1, CN_NOTEBOOK_BEATS), CN_STATUS_SUCCESS);
  *state = self;
  return 0;
}

bool
cn_bundle_use_shipped(CnBundle* const self)
{
  if (access(CN_BUILD_DIR "/continuo.lv2/models/default.safetensors.zst", R_OK)) {
    return false;
  }
  assert_return_code(remove(self->weights), 0);
  link_file(self, "models/default.safetensors.zst");
  return true;
}

int
cn_bundle_tear_down(void** const state)
{
  static const char* const names[] = {"manifest.ttl",
                                      "continuo.ttl",
                                      "presets.ttl",
                                      "continuo.so",
                                      "models/default.safetensors.zst",
                                      "models/notebook.safetensors.zst",
                                      "models",
                                      ""};
  CnBundle* const          self    = *state;
  char                     path[128];
  cn_host_free(self->host);
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    snprintf(path, sizeof(path), "%s/%s", self->folder, names[i]);
    remove(path);
  }
  free(self);
  return 0;
}

CnHost*
cn_bundle_start(CnBundle* const self, const CnHostConfig* const wanted)
{
  CnHostConfig config = *wanted;
  config.bundle       = self->folder;
  config.rate         = CN_BUNDLE_RATE;
  cn_host_free(self->host);
  self->host = cn_host_new(&config);
  assert_non_null(self->host);
  return self->host;
}

/// Send the phrase, from the present frame on
static void
send_phrase(CnHost* const host)
{
  CnNote         notes[CN_PHRASE_MAX_NOTES];
  const size_t   n     = cn_phrase_notes(notes);
  const uint64_t start = cn_host_frame(host);
  for (size_t i = 0; i < n; ++i) {
    const CnNote* const note  = &notes[i];
    const double        tick  = cn_host_quarter(host) / CN_TICKS_PER_QUARTER;
    const uint8_t       on[]  = {0x90, note->pitch, note->velocity};
    const uint8_t       off[] = {0x80, note->pitch, 64};
    cn_host_send(host, start + (uint64_t)lrint(note->onset * tick), on, sizeof(on));
    // A little short, as fingers are: the same key may be struck again at once
    cn_host_send(host, start + (uint64_t)lrint((note->onset + note->duration) * tick) - 10, off, sizeof(off));
  }
}

void
cn_bundle_perform(CnHost* const host, const unsigned quarters)
{
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_run(host, 1000);
  cn_host_roll(host, true);
  send_phrase(host);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * (CN_BUNDLE_PHRASE + quarters));
}

void
cn_bundle_stop(CnHost* const host)
{
  cn_host_roll(host, false);
  cn_host_run(host, CN_BUNDLE_QUARTER);
}

void
cn_bundle_settle(CnHost* const host)
{
  cn_host_run(host, 512);
  cn_host_sync_worker(host);
  cn_host_run(host, 512);
}

void
cn_bundle_assert_chosen(const CnHost* const host, const char* const path)
{
  unsigned n_told = 0;
  assert_string_equal(cn_host_chosen(host, &n_told), path);
}

CnBundleMusic
cn_bundle_keep(const CnHost* const host)
{
  CnBundleMusic            music  = {NULL, 0};
  const CnHostEvent* const events = cn_host_output(host, &music.n);
  music.events                    = (CnHostEvent*)malloc((music.n + 1) * sizeof(CnHostEvent));
  assert_non_null(music.events);
  memcpy(music.events, events, music.n * sizeof(CnHostEvent));
  return music;
}

void
cn_bundle_assert_same(const CnHost* const host, const CnBundleMusic* const music)
{
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_int_equal(n, music->n);
  for (size_t i = 0; i < n; ++i) {
    assert_int_equal(events[i].song, music->events[i].song);
    assert_int_equal(events[i].size, music->events[i].size);
    assert_memory_equal(events[i].bytes, music->events[i].bytes, events[i].size);
  }
}

uint32_t
cn_bundle_hash(const CnHost* const host)
{
  size_t                   n      = 0;
  uint32_t                 hash   = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  for (size_t i = 0; i < n; ++i) {
    const uint8_t* const bytes = events[i].bytes;
    hash                       = 31U * hash + (uint32_t)events[i].song;
    hash                       = 31U * hash + (bytes[0] << 16U | bytes[1] << 8U | bytes[2]);
  }
  return hash;
}

static bool
is_note_on(const CnHostEvent* const event)
{
  return event->size == 3 && (event->bytes[0] & 0xF0U) == 0x90 && event->bytes[2] > 0;
}

unsigned
cn_bundle_count(const CnHost* const host, const int64_t first)
{
  size_t                   n      = 0;
  unsigned                 count  = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  for (size_t i = 0; i < n; ++i) {
    count += is_note_on(&events[i]) && events[i].song >= first;
  }
  return count;
}

void
cn_bundle_assert_sound(const CnHost* const host)
{
  const CnHostFaults faults = cn_host_faults(host);
  assert_int_equal(faults.outside, 0);
  assert_int_equal(faults.backwards, 0);
  assert_int_equal(faults.malformed, 0);
  assert_int_equal(faults.doubled, 0);
  assert_int_equal(faults.orphaned, 0);
}

void
cn_bundle_assert_silent(const CnHost* const host)
{
  cn_bundle_assert_sound(host);
  assert_int_equal(cn_host_sounding(host), 0);
}
