// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fuzz_smf.c
   Read any bytes as a MIDI file; what can be read must be canonical, and the same once it was written.
*/

#include "dsp/file/smf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static bool
same_meters(const CnScore* a, const CnScore* b)
{
  for (size_t i = 0; i < a->n_meters; ++i) {
    if (a->meters[i].tick != b->meters[i].tick || a->meters[i].numerator != b->meters[i].numerator ||
        a->meters[i].denominator != b->meters[i].denominator) {
      return false;
    }
  }
  return true;
}

static bool
same_music(const CnScore* a, const CnScore* b)
{
  return a->n_notes == b->n_notes && a->n_tempi == b->n_tempi && a->n_meters == b->n_meters &&
         a->end == b->end && !memcmp(a->notes, b->notes, a->n_notes * sizeof(*a->notes)) &&
         !memcmp(a->tempi, b->tempi, a->n_tempi * sizeof(*a->tempi)) && same_meters(a, b);
}

int
LLVMFuzzerTestOneInput(const uint8_t* data, const size_t size)
{
  char     fault[128];
  CnScore* score = NULL;
  if (cn_smf_read(data, size, &score, CN_FAULT(fault))) {
    if (!fault[0]) {
      abort(); // Each fault has words
    }
    return 0;
  }

  uint8_t* written      = NULL;
  size_t   written_size = 0;
  CnScore* again        = NULL;
  if (cn_smf_write(score, &written, &written_size) ||
      cn_smf_read(written, written_size, &again, CN_FAULT(fault)) || !same_music(score, again)) {
    abort();
  }
  cn_score_free(again);
  cn_score_free(score);
  free(written);
  return 0;
}
