// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file demo.c
   Plays a phrase into the built bundle, lets it continue, and leaves the music to see and to hear.

   Usage: demo [FOLDER [PRESET]], as in demo build/demo chorale
*/

#include "tests/host/host.h"
#include "tests/support/phrase.h"

#include "dsp/base/status.h"
#include "dsp/file/smf.h"
#include "dsp/music/note.h"
#include "dsp/music/score.h"
#include "tools/base/file.h"
#include "tools/picture/roll.h"
#include "tools/sound/render.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define CONTINUED_BARS 16
#define MAX_NOTES 8192

/// The phrase, and after it what came out of the plugin
typedef struct {
  CnNote notes[MAX_NOTES];
  size_t n_phrase;
  size_t n;
} Music;

/// Say what went wrong, for `return complain(...)`
static bool
complain(const char* const subject, const char* const reason)
{
  fprintf(stderr, "demo: %s: %s\n", subject, reason);
  return false;
}

// --- The performance

static void
send_phrase(CnHost* const host, const Music* const music)
{
  const double   tick  = cn_host_quarter(host) / CN_TICKS_PER_QUARTER;
  const uint64_t start = cn_host_frame(host);
  for (size_t i = 0; i < music->n_phrase; ++i) {
    const CnNote* const note  = &music->notes[i];
    const uint8_t       on[]  = {0x90, note->pitch, note->velocity};
    const uint8_t       off[] = {0x80, note->pitch, 64};
    const double        end   = (double)note->onset + note->duration;
    cn_host_send(host, start + (uint64_t)lrint(note->onset * tick), on, sizeof(on));
    cn_host_send(host, start + (uint64_t)lrint((end - 0.1) * tick), off,
                 sizeof(off)); // to strike it again at once
  }
}

static int32_t
nearest_tick(const CnHost* const host, const CnHostEvent* const event)
{
  return (int32_t)lrint((double)event->song * CN_TICKS_PER_QUARTER / cn_host_quarter(host));
}

/// End the note of this key that still sounds
static void
end_note(Music* const music, const uint8_t pitch, const int32_t tick)
{
  for (size_t i = music->n; i-- > music->n_phrase;) {
    CnNote* const note = &music->notes[i];
    if (note->pitch == pitch) {
      note->duration = note->duration ? note->duration : (tick > note->onset ? tick - note->onset : 1);
      return;
    }
  }
}

/// Turn the plugin's messages, which are all its own, into notes
static void
collect_notes(const CnHost* const host, Music* const music)
{
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  for (size_t i = 0; i < n; ++i) {
    const uint8_t* const bytes = events[i].bytes;
    const int32_t        tick  = nearest_tick(host, &events[i]);
    if ((bytes[0] & 0xF0U) == 0x90 && bytes[2] > 0 && music->n < MAX_NOTES) {
      music->notes[music->n++] =
          (CnNote){.onset = tick, .pitch = bytes[1], .velocity = bytes[2], .part = CN_PART_CONTINUO};
    } else if ((bytes[0] & 0xE0U) == 0x80) {
      end_note(music, bytes[1], tick);
    }
  }
}

/// Let the plugin play by a preset; none: as it is
static bool
load_preset(CnHost* const host, const char* const name)
{
  char       uri[128];
  LilvWorld* world = NULL;
  if (!name) {
    return true;
  }
  snprintf(uri, sizeof(uri), "urn:continuo:preset:%s", name);
  cn_host_plugin(host, &world);
  LilvNode* const preset = lilv_new_uri(world, uri);
  const bool      ok     = cn_host_load_preset(host, preset);
  lilv_node_free(preset);
  if (ok) {
    cn_host_run(host, 512);
    cn_host_sync_worker(host); // It may choose another network
  }
  return ok || complain(name, "is no preset");
}

/// Perform in the built bundle; its own notes alone come out, as Thru is off
static bool
perform(Music* const music, const char* const preset, float* const late_notes)
{
  const CnHostConfig config = {.bundle = CN_BUILD_DIR "/continuo.lv2", .block = 256};
  CnHost* const      host   = cn_host_new(&config);
  if (!host) {
    return complain(config.bundle, "could not be loaded");
  }

  if (!load_preset(host, preset)) {
    cn_host_free(host);
    return false;
  }
  cn_host_set(host, "thru", 0.0F);
  cn_host_set_tempo(host, CN_PHRASE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_roll(host, true);
  send_phrase(host, music);
  const double quarters =
      (CN_PHRASE_BARS + CONTINUED_BARS) * 4.0 * CN_PHRASE_NUMERATOR / CN_PHRASE_DENOMINATOR;
  cn_host_run(host, (uint64_t)lrint(quarters * cn_host_quarter(host)));
  cn_host_roll(host, false);
  cn_host_run(host, 4800);

  collect_notes(host, music);
  *late_notes = cn_host_get(host, "late_notes");
  fputs(cn_host_log(host), stdout);
  cn_host_free(host);
  return music->n > music->n_phrase || complain(config.bundle, "did not play on");
}

// --- What is left of it

static bool
write_output(const char* const folder, const char* const name, const void* const data, const size_t size)
{
  char path[1024];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  const CnStatus status = cn_file_write(path, data, size);
  if (status) {
    return complain(path, status == CN_STATUS_IO ? strerror(errno) : cn_strerror(status));
  }
  printf("  %s\n", path);
  return true;
}

static bool
write_midi(const CnScore* const score, const char* const folder)
{
  uint8_t*       data   = NULL;
  size_t         size   = 0;
  const CnStatus status = cn_smf_write(score, &data, &size);
  const bool     ok     = status ? complain("continuo.mid", cn_strerror(status))
                                 : write_output(folder, "continuo.mid", data, size);
  free(data);
  return ok;
}

static bool
write_roll(const CnScore* const score, const char* const folder, const char* const name,
           const CnPictureFormat format)
{
  const CnRollOptions options = {
      .format = format, .title = CN_PHRASE_TITLE, .width = CN_PICTURE_WIDTH_DEFAULT, .first_bar = 1};
  char           fault[128] = "";
  uint8_t*       data       = NULL;
  size_t         size       = 0;
  const CnStatus status     = cn_roll_render(score, &options, &data, &size, CN_FAULT(fault));
  const bool     ok         = status ? complain(name, fault) : write_output(folder, name, data, size);
  free(data);
  return ok;
}

/// Let FluidSynth play the music; without it the demo goes on, as there is something to see
static void
write_sound(const CnScore* const score, const char* const folder)
{
  char fault[256] = "";
  char path[1024];
  snprintf(path, sizeof(path), "%s/continuo.wav", folder);
  if (cn_render_score(score, NULL, path, CN_FAULT(fault))) {
    printf("  no sound: %s\n", fault);
  } else {
    printf("  %s\n", path);
  }
}

static bool
write_all(const Music* const music, const char* const folder)
{
  const CnTempoChange tempo  = {0, (uint32_t)lrint(6e7 / CN_PHRASE_BPM)};
  const CnMeterChange meter  = {0, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR};
  CnScore*            score  = NULL;
  const CnStatus      status = cn_score_new(music->notes, music->n, &tempo, 1, &meter, 1, &score);
  if (status) {
    return complain("score", cn_strerror(status));
  }
  const bool ok = write_midi(score, folder) && write_roll(score, folder, "roll.png", CN_PICTURE_PNG) &&
                  write_roll(score, folder, "roll.svg", CN_PICTURE_SVG);
  if (ok) {
    write_sound(score, folder);
  }
  cn_score_free(score);
  return ok;
}

static double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int
main(const int argc, char** const argv)
{
  static Music      music; // too large for a stack
  const char* const folder = argc > 1 ? argv[1] : CN_BUILD_DIR "/demo";
  float             late   = 0.0F;
  if (mkdir(folder, 0777) && errno != EEXIST) {
    complain(folder, strerror(errno));
    return EXIT_FAILURE;
  }

  const double start = now();
  music.n_phrase     = cn_phrase_notes(music.notes);
  music.n            = music.n_phrase;
  if (!perform(&music, argc > 2 ? argv[2] : NULL, &late)) {
    return EXIT_FAILURE;
  }
  printf("Played " CN_PHRASE_TITLE " into " CN_BUILD_DIR "/continuo.lv2, which went on:\n");
  printf("  %d bars of %zu notes, then %d bars of %zu notes; late notes: %.0f; %.2f s\n", CN_PHRASE_BARS,
         music.n_phrase, CONTINUED_BARS, music.n - music.n_phrase, (double)late, now() - start);
  printf("It is here, to see and to hear:\n");
  fflush(stdout);
  return write_all(&music, folder) ? EXIT_SUCCESS : EXIT_FAILURE;
}
