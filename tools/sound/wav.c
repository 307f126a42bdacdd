// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/sound/wav.h"

#include "tools/base/file.h"
#include "tools/base/temporary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 44, BLOCK = 4096, SAMPLE = 2 };

#define MAX_SAMPLES ((UINT32_MAX - HEAD) / SAMPLE)

struct CnWav {
  FILE*    floats; ///< Temporary: hours of music need not fit into memory twice
  uint32_t n_samples;
  float    peak;
};

CnWav*
cn_wav_new(void)
{
  CnWav* const wav  = (CnWav*)calloc(1, sizeof(CnWav));
  const int    file = wav ? cn_temporary_open() : -1;
  FILE* const  open = file < 0 ? NULL : fdopen(file, "w+b");
  if (!open) {
    const int error = errno;
    if (file >= 0) {
      close(file);
    }
    free(wav);
    errno = error;
    return NULL;
  }
  wav->floats = open;
  return wav;
}

void
cn_wav_free(CnWav* const wav)
{
  if (wav) {
    fclose(wav->floats);
    free(wav);
  }
}

CnStatus
cn_wav_put(CnWav* const wav, const float* const frames, const uint32_t n)
{
  const uint32_t n_samples = n * CN_WAV_CHANNELS;
  if (n_samples > MAX_SAMPLES - wav->n_samples) {
    return CN_STATUS_TOO_LARGE;
  }
  for (uint32_t i = 0; i < n_samples; ++i) {
    wav->peak = fmaxf(wav->peak, fabsf(frames[i]));
  }
  wav->n_samples += n_samples;
  return fwrite(frames, sizeof(float), n_samples, wav->floats) == n_samples ? CN_STATUS_SUCCESS
                                                                            : CN_STATUS_IO;
}

static void
store(uint8_t* const bytes, const uint32_t value, const unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    bytes[i] = (uint8_t)(value >> 8 * i);
  }
}

static void
store_head(uint8_t* const head, const uint32_t n_samples, const uint32_t rate)
{
  const uint32_t frame = CN_WAV_CHANNELS * SAMPLE;
  memcpy(head, "RIFF....WAVEfmt ", 16);
  store(head + 4, HEAD - 8 + n_samples * SAMPLE, 4);
  store(head + 16, 16, 4);
  store(head + 20, 1, 2); // PCM
  store(head + 22, CN_WAV_CHANNELS, 2);
  store(head + 24, rate, 4);
  store(head + 28, rate * frame, 4);
  store(head + 32, frame, 2);
  store(head + 34, 8 * SAMPLE, 2);
  memcpy(head + 36, "data", 4);
  store(head + 40, n_samples * SAMPLE, 4);
}

/// Turn the collected floats into samples
static CnStatus
store_samples(CnWav* const wav, uint8_t* bytes, const double gain)
{
  float block[BLOCK];
  rewind(wav->floats);
  for (uint32_t left = wav->n_samples; left > 0;) {
    const uint32_t n = left < BLOCK ? left : BLOCK;
    if (fread(block, sizeof(float), n, wav->floats) != n) {
      return CN_STATUS_IO;
    }
    for (uint32_t i = 0; i < n; ++i, bytes += SAMPLE) {
      store(bytes, (uint32_t)lrint(block[i] * gain), SAMPLE);
    }
    left -= n;
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_wav_write(CnWav* const wav, const char* const path, const uint32_t rate, const double peak)
{
  const size_t   size = HEAD + (size_t)wav->n_samples * SAMPLE;
  uint8_t* const data = (uint8_t*)malloc(size);
  if (!data) {
    return CN_STATUS_NO_MEMORY;
  }
  const double gain = wav->peak > 0.0F ? 32767.0 * peak / (double)wav->peak : 0.0;
  store_head(data, wav->n_samples, rate);
  CnStatus status = store_samples(wav, data + HEAD, gain);
  if (!status) {
    status = cn_file_write(path, data, size);
  }
  free(data);
  return status;
}
