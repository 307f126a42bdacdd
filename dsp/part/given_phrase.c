// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/given_phrase.h"

#include "dsp/base/hash.h"
#include "dsp/compose/plan.h"
#include "dsp/music/vocabulary.h"

#include <stdlib.h>
#include <string.h>

bool
cn_phrase_is_audible(const CnScore* const score)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    if (cn_note_is_speakable(&score->notes[i])) {
      return true;
    }
  }
  return false;
}

/// [ticks] where the last of a score has sounded
static int32_t
last_end(const CnScore* const score)
{
  int32_t end = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const int32_t note_end = cn_sound_end(&score->sound, &score->notes[i]);
    end                    = note_end > end ? note_end : end;
  }
  for (size_t i = 0; i < score->sound.n_drums; ++i) {
    const int32_t drum_end = score->sound.drums[i].onset + score->sound.drums[i].duration;
    end                    = drum_end > end ? drum_end : end;
  }
  return end;
}

int32_t
cn_phrase_start(const CnScore* const score)
{
  return (last_end(score) + CN_SEGMENT_TICKS - 1) / CN_SEGMENT_TICKS * CN_SEGMENT_TICKS;
}

CnStatus
cn_given_phrase_init(CnGivenPhrase* const phrase, const CnScore* const score)
{
  const size_t n = score->n_notes < CN_GIVEN_NOTES ? score->n_notes : CN_GIVEN_NOTES;
  *phrase        = (CnGivenPhrase){0};
  if (!cn_phrase_is_audible(score)) {
    return CN_STATUS_NOT_FOUND;
  }
  phrase->notes = (CnNote*)malloc(n * sizeof(CnNote));
  if (!phrase->notes) {
    return CN_STATUS_NO_MEMORY;
  }
  memcpy(phrase->notes, score->notes + score->n_notes - n, n * sizeof(CnNote));
  phrase->n_notes = (uint32_t)n;
  phrase->start   = cn_phrase_start(score);
  phrase->line    = cn_score_bar(score, phrase->start).start;
  phrase->hash    = cn_hash_mix((uint32_t)phrase->start, (uint32_t)phrase->line);
  phrase->hash    = cn_hash_bytes(phrase->hash, phrase->notes, n * sizeof(CnNote));
  return CN_STATUS_SUCCESS;
}

void
cn_given_phrase_clear(CnGivenPhrase* const phrase)
{
  free(phrase->notes);
  *phrase = (CnGivenPhrase){0};
}
