// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/phrase.h"

#include "tools/base/options.h"
#include "tools/corpus/score_file.h"
#include "tools/judge/continuation.h"

#include "dsp/part/given_phrase.h"

enum { N_CHANNELS = 16, LAST_NOTES = 64 };

CnScore*
cn_phrase_load(const char* const command, const char* const path, const long n_bars)
{
  CnScore* score      = NULL;
  char     fault[256] = "";
  if (cn_score_load(path, &score, CN_FAULT(fault))) {
    cn_error_print(command, path, "%s", fault);
    return NULL;
  }
  cn_score_warn(path, score);
  if (n_bars) {
    cn_score_keep_bars(score, (int32_t)n_bars);
  }
  if (!cn_phrase_is_audible(score)) {
    cn_error_print(command, path, "no note of a piano to continue from");
    cn_score_free(score);
    score = NULL;
  }
  return score;
}

unsigned
cn_phrase_channel(const CnScore* const phrase)
{
  const size_t first         = phrase->n_notes > LAST_NOTES ? phrase->n_notes - LAST_NOTES : 0;
  unsigned     n[N_CHANNELS] = {0};
  unsigned     most          = 0;
  for (size_t i = first; i < phrase->n_notes; ++i) {
    ++n[phrase->notes[i].channel];
  }
  for (unsigned c = 1; c < N_CHANNELS; ++c) {
    most = n[c] > n[most] ? c : most;
  }
  return most;
}

unsigned
cn_phrase_free_channel(const CnScore* const phrase)
{
  for (unsigned c = 0; c < N_CHANNELS; ++c) {
    if (c != CN_CHANNEL_DRUMS && !(phrase->info.channels >> c & 1U)) {
      return c;
    }
  }
  return cn_phrase_channel(phrase);
}
