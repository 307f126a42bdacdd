// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/lead.h"

#include "dsp/music/chord.h"

#define LEAD_NOTES 256 // Among which those of the leading hand are looked for
#define TOGETHER 3     // [ticks] within which keys are released together

CN_AUDIO bool
cn_lead_has(const CnRules* const rules, const unsigned pitch, const unsigned channel)
{
  return (rules->chord_keys == CN_CHORD_KEYS_BELOW && pitch < rules->chord_at) ||
         (rules->chord_keys == CN_CHORD_KEYS_CHANNEL && channel + 1 == rules->chord_at);
}

static bool
leads(const CnRules* const rules, const CnNote* const note)
{
  return note->part == CN_PART_MUSICIAN && cn_lead_has(rules, note->pitch, note->channel);
}

int32_t
cn_lead_chord(const CnRules* const rules, const CnNote* const notes, const uint32_t n_notes,
              const int32_t cut)
{
  const uint32_t oldest  = n_notes > LEAD_NOTES ? n_notes - LEAD_NOTES : 0;
  int32_t        latest  = cut - CN_LEAD_TICKS_MAX;
  uint64_t       keys[2] = {0, 0};
  for (uint32_t i = oldest; i < n_notes; ++i) {
    const int32_t end = notes[i].onset + notes[i].duration;
    latest            = leads(rules, &notes[i]) && end > latest ? end : latest;
  }
  for (uint32_t i = oldest; i < n_notes; ++i) {
    if (leads(rules, &notes[i]) && notes[i].onset + notes[i].duration > latest - TOGETHER) {
      keys[notes[i].pitch / 64] |= UINT64_C(1) << (notes[i].pitch % 64);
    }
  }
  return cn_chord_recognise(keys);
}
