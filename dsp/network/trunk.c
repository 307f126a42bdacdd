// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/trunk.h"

#include "dsp/network/trunk_kinds.h"

CnTrunk*
cn_trunk_new(const CnModel* const model, const uint32_t capacity)
{
  static CnTrunk* (*const makers[])(const CnModel*, uint32_t) = {
      [CN_CELL_LSTM]      = cn_trunk_recurrent_new,
      [CN_CELL_GRU]       = cn_trunk_recurrent_new,
      [CN_CELL_ATTENTION] = cn_trunk_attention_new,
  };
  return makers[cn_model_layout(model)->shape.cell](model, capacity);
}

void
cn_trunk_free(CnTrunk* const trunk)
{
  if (trunk) {
    trunk->kind->free(trunk);
  }
}

void
cn_trunk_begin(CnTrunk* const trunk)
{
  trunk->kind->begin(trunk);
}

void
cn_trunk_absorb(CnTrunk* const trunk, const CnNoteInput* const input)
{
  trunk->kind->absorb(trunk, input);
}

uint32_t
cn_trunk_go_back(CnTrunk* const trunk, const uint32_t n)
{
  return trunk->kind->go_back(trunk, n);
}

const float*
cn_trunk_vector(const CnTrunk* const trunk)
{
  return trunk->kind->vector(trunk);
}

size_t
cn_trunk_size(const CnTrunk* const trunk)
{
  return trunk->kind->size(trunk);
}
