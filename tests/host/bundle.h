// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bundle.h
   What tests of the built bundle share: a copy of it with weights of its own, and a performance.
*/

#ifndef CN_BUNDLE_H
#define CN_BUNDLE_H

#include "tests/host/host.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_BUNDLE_RATE 48000.0  ///< [frames a second]
#define CN_BUNDLE_BPM 240.0     ///< [quarters a minute] Fast, as there are tests with blocks of one frame
#define CN_BUNDLE_QUARTER 12000 ///< [frames]
#define CN_BUNDLE_PHRASE 16     ///< [quarters] of the phrase

/// A copy of the built bundle in a folder of its own, and the host that has it
typedef struct {
  char    folder[64];
  char    weights[192];  ///< Path of the weights in it, which are those of cn_tiny_model(1)
  char    notebook[192]; ///< The same of cn_tiny_notebook(1), in beats
  CnHost* host;          ///< Null before cn_bundle_start()
} CnBundle;

/// What a host has heard from the plugin
typedef struct {
  CnHostEvent* events;
  size_t       n;
} CnBundleMusic;

/// A host without peculiarities
extern const CnHostConfig cn_bundle_plain;

/// Make a CnBundle, as a set-up of cmocka's
int
cn_bundle_set_up(void** state);

/// Free it and its folder, as a tear-down of cmocka's
int
cn_bundle_tear_down(void** state);

/// Put the model that is shipped in the place of the tiny one; false if the bundle is built without it
bool
cn_bundle_use_shipped(CnBundle* bundle);

/// A case of cmocka's with a CnBundle
#define CN_BUNDLE_TEST(test) cmocka_unit_test_setup_teardown(test, cn_bundle_set_up, cn_bundle_tear_down)

/// Start a host, ending the one before; the bundle and the rate of `config` are filled in
CnHost*
cn_bundle_start(CnBundle* bundle, const CnHostConfig* config);

/// Roll, play the phrase, and go on for some quarters after it
void
cn_bundle_perform(CnHost* host, unsigned quarters);

/// Stop the transport, and wait for a quarter
void
cn_bundle_stop(CnHost* host);

/// Run until the worker is done and the plugin has told of it
void
cn_bundle_settle(CnHost* host);

/// Assert what the plugin told last of a parameter of its own
void
cn_bundle_assert_chosen(const CnHost* host, const char* path);

/// What has come out so far, to be freed with free(music.events)
CnBundleMusic
cn_bundle_keep(const CnHost* host);

/// Assert that the same has come out, at the same places of the song
void
cn_bundle_assert_same(const CnHost* host, const CnBundleMusic* music);

/// Hash of what has come out, and of its places in the song
uint32_t
cn_bundle_hash(const CnHost* host);

/// Number of note-ons that came from frame `first` of the song on
unsigned
cn_bundle_count(const CnHost* host, int64_t first);

/// Assert that all events were in order, in their blocks and in pairs
void
cn_bundle_assert_sound(const CnHost* host);

/// Assert that, and that no key sounds
void
cn_bundle_assert_silent(const CnHost* host);

#endif // CN_BUNDLE_H
