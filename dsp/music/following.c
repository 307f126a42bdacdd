// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/following.h"

#include "dsp/music/vocabulary.h"

#include <string.h>

// Copy the notes that count; of too many, the first ones
static uint32_t
choose(const CnNote* const notes, const uint32_t n, const int32_t line, const int32_t until,
       CnNote chosen[CN_TEXTURE_NOTES_MAX])
{
  uint32_t count = 0;
  for (uint32_t i = 0; i < n && notes[i].onset < until && count < CN_TEXTURE_NOTES_MAX; ++i) {
    if (notes[i].onset >= line && cn_note_is_speakable(&notes[i])) {
      chosen[count++] = notes[i];
    }
  }
  return count;
}

static uint16_t
pitch_class(const CnNote* const note)
{
  return (uint16_t)(1U << note->pitch % 12U);
}

// Remember where in the bar a note is struck, once
static void
add_stroke(CnFollowing* const following, const CnNote* const note)
{
  const unsigned place = note->bar.offset / CN_FIGURE_TICKS;
  for (unsigned s = 0; s < following->n_strokes; ++s) {
    if (following->stroke[s].place == place && following->stroke[s].key == note->pitch) {
      return;
    }
  }
  if (place < CN_N_FIGURE_PLACES && following->n_strokes < CN_FOLLOWING_STROKES) {
    following->stroke[following->n_strokes++] = (CnStroke){(uint8_t)place, note->pitch};
  }
}

bool
cn_following_measure(const CnNote* const notes, const uint32_t n, const int32_t line, const uint16_t length,
                     CnFollowing* const following)
{
  CnNote         chosen[CN_TEXTURE_NOTES_MAX];
  const int32_t  until = cn_following_until(line, length);
  const uint32_t count = choose(notes, n, line, until, chosen);
  if (!count) {
    return false;
  }

  memset(following, 0, sizeof(*following));
  following->line    = line;
  following->bass    = chosen[0].pitch;
  following->top     = chosen[0].pitch;
  following->texture = cn_texture_measure(chosen, count, line, until);
  following->figure  = cn_figure_find(chosen, count);
  for (uint32_t i = 0; i < count; ++i) {
    const CnNote* const note  = &chosen[i];
    const int32_t       since = note->onset - chosen[0].onset;
    following->scale          = (uint16_t)(following->scale | pitch_class(note));
    add_stroke(following, note);
    if (since < CN_TICKS_PER_QUARTER) {
      following->harmony = (uint16_t)(following->harmony | pitch_class(note));
      following->bass    = note->pitch < following->bass ? note->pitch : following->bass;
    }
    if (since == 0 && note->pitch > following->top) {
      following->top = note->pitch;
    }
  }
  return true;
}
