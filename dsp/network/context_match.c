// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/context_internal.h"

#include <string.h>

#define MAX_CHAIN 4  // Motifs with the same hash that are passed over
#define MAX_RUN 40   // Notes that a match is followed back at most, to tell how long it has lasted
#define MAX_LOOP 512 // The same, to tell how often it has repeated itself

static const uint8_t match_lengths[CN_N_MATCHES] = {2, 5, 10};

// Hash of the `length` steps that end with note `last`, FNV-1a over 16-bit words.  Not the one of
// base/hash.h: which of two motifs in one slot is found hangs on it, so weights have learnt with it.
static uint32_t
hash_steps(const CnContext* const context, const uint32_t last, const unsigned length)
{
  uint32_t hash = UINT32_C(2166136261);
  for (unsigned i = 0; i < length; ++i) {
    hash = (hash ^ context->steps[last - i]) * UINT32_C(16777619);
  }
  return (hash ^ (hash >> 15)) & (CN_MATCH_TABLE_SIZE - 1);
}

static bool
same_steps(const CnContext* const context, const uint32_t a, const uint32_t b, const unsigned length)
{
  return !memcmp(&context->steps[a + 1 - length], &context->steps[b + 1 - length],
                 length * sizeof(*context->steps));
}

// The first note has no step, so a motif can't reach back to it
static bool
has_motif(const uint32_t last, const unsigned length)
{
  return last >= length;
}

void
cn_context_enter_motifs(CnContext* const context, const uint32_t i)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    if (has_motif(i, match_lengths[m])) {
      int32_t* const slot    = &context->table[m][hash_steps(context, i, match_lengths[m])];
      context->earlier[i][m] = *slot;
      *slot                  = (int32_t)i;
    }
  }
}

void
cn_context_leave_motifs(CnContext* const context, const uint32_t i)
{
  for (unsigned m = 0; m < CN_N_MATCHES; ++m) {
    if (has_motif(i, match_lengths[m])) {
      context->table[m][hash_steps(context, i, match_lengths[m])] = context->earlier[i][m];
    }
  }
}

// The last note of the most recent place like this one, or -1
static int32_t
find_match(const CnContext* const context, const unsigned match)
{
  const uint32_t last   = context->size - 1;
  const unsigned length = match_lengths[match];
  if (!has_motif(last, length)) {
    return -1;
  }

  int32_t found = context->earlier[last][match];
  for (unsigned i = 0; i < MAX_CHAIN && found >= 0 && !same_steps(context, (uint32_t)found, last, length);
       ++i) {
    found = context->earlier[found][match];
  }
  return found >= 0 && same_steps(context, (uint32_t)found, last, length) ? found : -1;
}

int
cn_context_match_symbol(const CnContext* const context, const unsigned match, const CnFactor factor)
{
  const int32_t found = find_match(context, match);
  if (found < 0) {
    return -1;
  }
  if (factor != CN_FACTOR_PITCH) {
    return context->tokens[found + 1].factor[factor];
  }

  const CnNote* const notes = context->notes;
  const int           pitch = notes[context->size - 1].pitch + notes[found + 1].pitch - notes[found].pitch;
  return pitch >= CN_PITCH_MIN && pitch <= CN_PITCH_MAX ? pitch - CN_PITCH_MIN : -1;
}

int32_t
cn_context_longest_match(const CnContext* const context, unsigned* const match)
{
  int32_t found = -1;
  for (*match = CN_N_MATCHES; found < 0 && *match > 0;) {
    --*match;
    found = find_match(context, *match);
  }
  return found;
}

unsigned
cn_context_match_length(const CnContext* const context)
{
  unsigned match = 0;
  return context->size && cn_context_longest_match(context, &match) >= 0 ? match_lengths[match] : 0;
}

// Number of steps that are the same up to here and up to note `found`, of which `length` are known
static uint32_t
count_same_steps(const CnContext* const context, const uint32_t found, uint32_t length, const uint32_t most)
{
  const uint16_t* const steps = context->steps;
  const uint32_t        last  = context->size - 1;
  while (length < most && length < found && steps[found - length] == steps[last - length]) {
    ++length;
  }
  return length;
}

unsigned
cn_context_match_run(const CnContext* const context)
{
  unsigned      match = 0;
  const int32_t found = cn_context_longest_match(context, &match);
  if (found < 0) {
    return 0;
  }
  const uint32_t length = count_same_steps(context, (uint32_t)found, match_lengths[match], MAX_RUN);
  return length >= 40 ? 5 : length >= 20 ? 4 : length >= 10 ? 3 : length >= 5 ? 2 : 1;
}

unsigned
cn_context_repeats(const CnContext* const context, unsigned* const match)
{
  const int32_t found = context->size ? cn_context_longest_match(context, match) : -1;
  if (found < 0) {
    return 0;
  }
  const uint32_t period = context->size - 1 - (uint32_t)found;
  return count_same_steps(context, (uint32_t)found, match_lengths[*match], MAX_LOOP) / period;
}
