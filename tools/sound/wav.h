// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file wav.h
   A WAV file whose loudness is known only when all of it is.

   After "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991).
*/

#ifndef CN_WAV_H
#define CN_WAV_H

#include "dsp/base/status.h"

#include <stdint.h>

#define CN_WAV_CHANNELS 2

typedef struct CnWav CnWav;

/// Begin to collect sound; null, with errno set, if there is no room for it.  Thread: WORKER
CnWav*
cn_wav_new(void);

/// Give up what was collected; null is allowed.  Thread: WORKER
void
cn_wav_free(CnWav* wav);

/**
   Append sound.

   @param frames (n, CN_WAV_CHANNELS) floats.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO with errno set (of the temporary file), or #CN_STATUS_TOO_LARGE.

   Thread: WORKER
*/
CnStatus
cn_wav_put(CnWav* wav, const float* frames, uint32_t n);

/**
   Write what was collected to a file, 16 bits a sample, so that its loudest sample is `peak` of full scale.

   Silence stays silence.

   @param rate [frames a second]
   @return #CN_STATUS_SUCCESS, #CN_STATUS_IO, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_wav_write(CnWav* wav, const char* path, uint32_t rate, double peak);

#endif // CN_WAV_H
