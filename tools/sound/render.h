// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file render.h
   Music made audible: a score played by FluidSynth, into a WAV file.
*/

#ifndef CN_RENDER_H
#define CN_RENDER_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stdbool.h>

#define CN_SOUNDFONT_DEFAULT "/usr/share/sounds/sf2/TimGM6mb.sf2" ///< Of Debian's package timgm6mb-soundfont

#define CN_RENDER_RATE 44100        ///< [frames a second]
#define CN_RENDER_PEAK 0.7079457844 ///< Of full scale: -3 dBFS

/// True if a file is to be one of sound, by its name.  Thread: ANY
bool
cn_render_is_wav(const char* path);

/**
   Play a score into a WAV file: two channels of 16 bits, as loud as CN_RENDER_PEAK at its loudest.

   @param soundfont Path of a SoundFont, or null: CN_SOUNDFONT_DEFAULT.
   @param[out] fault What is wrong, and if something is missing what to install; empty on success.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_UNSUPPORTED if built without FluidSynth, #CN_STATUS_NOT_FOUND
   without a SoundFont, #CN_STATUS_IO, #CN_STATUS_TOO_LARGE beyond what a WAV file holds,
   #CN_STATUS_NO_MEMORY, or a status of cn_smf_write().

   Thread: WORKER
*/
CnStatus
cn_render_score(const CnScore* score, const char* soundfont, const char* path, CnFault fault);

#endif // CN_RENDER_H
