// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/sound/render.h"

#include "dsp/file/ending.h"

bool
cn_render_is_wav(const char* const path)
{
  return cn_ending_is(path, ".wav");
}

#ifndef CN_HAS_FLUIDSYNTH

CnStatus
cn_render_score(const CnScore* const score, const char* const soundfont, const char* const path,
                const CnFault fault)
{
  (void)score;
  (void)soundfont;
  (void)path;
  return CN_FAIL(
      fault, CN_STATUS_UNSUPPORTED,
      "this was built without FluidSynth, which plays it: install libfluidsynth-dev, then make again");
}

#else

#  include "tools/base/file.h"
#  include "tools/base/temporary.h"
#  include "tools/sound/wav.h"

#  include "dsp/file/smf.h"

#  include <fluidsynth.h>
#  include <math.h>
#  include <stdint.h>
#  include <stdlib.h>
#  include <unistd.h>

enum { BLOCK = 512, RELEASE_SECONDS = 8 };

#  define SILENCE 1e-4F // Of full scale; the reverberation has died away

/// FluidSynth's objects, each of which needs those before it
typedef struct {
  fluid_settings_t* settings;
  fluid_synth_t*    synth;
  fluid_player_t*   player;
} Synth;

static void
close_synth(Synth* const synth)
{
  if (synth->player) {
    delete_fluid_player(synth->player);
  }
  if (synth->synth) {
    delete_fluid_synth(synth->synth);
  }
  if (synth->settings) {
    delete_fluid_settings(synth->settings);
  }
}

static CnStatus
open_synth(Synth* const synth, const char* const soundfont, const CnFault fault)
{
  for (int level = FLUID_PANIC; level < LAST_LOG_LEVEL; ++level) {
    fluid_set_log_function(level, NULL, NULL); // What matters is told in our words
  }
  synth->settings = new_fluid_settings();
  if (synth->settings) {
    fluid_settings_setnum(synth->settings, "synth.sample-rate", CN_RENDER_RATE);
    fluid_settings_setint(synth->settings, "synth.lock-memory", 0);
    fluid_settings_setstr(synth->settings, "player.timing-source", "sample"); // Not the clock on the wall
    synth->synth = new_fluid_synth(synth->settings);
  }
  if (!synth->synth) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s", cn_strerror(CN_STATUS_NO_MEMORY));
  }
  if (!fluid_is_soundfont(soundfont) || fluid_synth_sfload(synth->synth, soundfont, 1) == FLUID_FAILED) {
    return access(soundfont, R_OK)
               ? CN_FAIL(fault, CN_STATUS_NOT_FOUND,
                         "%s: cannot be read; install timgm6mb-soundfont, or choose another "
                         "SoundFont by --soundfont",
                         soundfont)
               : CN_FAIL(fault, CN_STATUS_NOT_FOUND, "%s: is no SoundFont", soundfont);
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
load_score(Synth* const synth, const CnScore* const score)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  CN_TRY(cn_smf_write(score, &data, &size));
  synth->player = new_fluid_player(synth->synth);
  const bool ok = synth->player && fluid_player_add_mem(synth->player, data, size) == FLUID_OK &&
                  fluid_player_play(synth->player) == FLUID_OK;
  free(data);
  return ok ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

/// Play a block; returns its peak, of full scale
static float
play_block(const Synth* const synth, float frames[2 * BLOCK])
{
  float peak = 0.0F;
  fluid_synth_write_float(synth->synth, BLOCK, frames, 0, 2, frames, 1, 2);
  for (unsigned i = 0; i < 2 * BLOCK; ++i) {
    peak = fmaxf(peak, fabsf(frames[i]));
  }
  return peak;
}

/// Play until the last note has died away
static CnStatus
play(const Synth* const synth, CnWav* const wav)
{
  float    frames[2 * BLOCK];
  float    peak   = 1.0F;
  unsigned n_tail = 0;
  while (fluid_player_get_status(synth->player) == FLUID_PLAYER_PLAYING ||
         (peak > SILENCE && n_tail++ < RELEASE_SECONDS * CN_RENDER_RATE / BLOCK)) {
    peak = play_block(synth, frames);
    CN_TRY(cn_wav_put(wav, frames, BLOCK));
  }
  return CN_STATUS_SUCCESS;
}

/// Play all of a score; what fails here on a disk is the temporary file
static CnStatus
collect(Synth* const synth, const CnScore* const score, CnWav** const wav, const CnFault fault)
{
  CnStatus status = load_score(synth, score);
  if (!status) {
    *wav   = cn_wav_new();
    status = *wav ? play(synth, *wav) : CN_STATUS_IO;
  }
  if (status == CN_STATUS_IO) {
    return CN_FAIL(fault, status, "%s: %s; TMPDIR says where else sound may be kept", cn_temporary_folder(),
                   cn_file_strerror(status));
  }
  return status ? CN_FAIL(fault, status, "%s", cn_strerror(status)) : CN_STATUS_SUCCESS;
}

CnStatus
cn_render_score(const CnScore* const score, const char* const soundfont, const char* const path,
                const CnFault fault)
{
  Synth    synth  = {0};
  CnWav*   wav    = NULL;
  CnStatus status = open_synth(&synth, soundfont ? soundfont : CN_SOUNDFONT_DEFAULT, fault);
  if (!status) {
    status = collect(&synth, score, &wav, fault);
  }
  if (!status) {
    status = cn_wav_write(wav, path, CN_RENDER_RATE, CN_RENDER_PEAK);
    if (status) {
      CN_FAIL(fault, status, "%s", cn_file_strerror(status));
    }
  }
  cn_wav_free(wav);
  close_synth(&synth);
  return status;
}

#endif
