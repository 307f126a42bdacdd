// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/phrase.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

// clang-format off
// Keys by their names
enum {
  G2 = 43, B2 = 47,
  C3 = 48, CS3, D3, E3 = 52, FS3 = 54, G3, A3 = 57, AS3, B3,
  C4 = 60, D4 = 62, E4 = 64, FS4 = 66, G4, A4 = 69, B4 = 71,
  C5 = 72, D5 = 74, E5 = 76, FS5 = 78, G5
};
// clang-format on

enum { QUARTER = CN_TICKS_PER_QUARTER, TRIPLET = QUARTER / 3, DOTTED = QUARTER * 3 / 4 };

/// One quarter of the piece: a bass, a triplet between the hands, and the melody; 0: the key before stays
typedef struct {
  uint8_t bass;
  uint8_t triplet[3];
  uint8_t melody;
  uint8_t after; ///< The sixteenth after a dotted melody
  uint8_t velocity;
} Quarter;

// clang-format off
/// Robert Schumann, "Von fremden Ländern und Menschen" (1838), bars 1 to 8, two quarters a line
static const Quarter quarters[2 * CN_PHRASE_BARS] = {
    {G3, {B3, D4,  G4},  B4,  0,  60}, {CS3, {AS3, E4, G4}, G5, 0, 72},
    {D3, {A3, D4,  FS4}, FS5, E5, 68}, {FS3, {C4,  D4, A4}, D5, 0, 56},
    {G3, {B3, D4,  G4},  B4,  0,  58}, {CS3, {AS3, E4, G4}, G5, 0, 70},
    {D3, {A3, D4,  FS4}, FS5, E5, 66}, {FS3, {C4,  D4, A4}, D5, 0, 54},
    {G3, {B3, D4,  G4},  B4,  0,  62}, {B2,  {G3,  D4, G4}, G5, 0, 74},
    {C3, {0,  E4,  G4},  E5,  D5, 70}, {E3,  {G3,  C4, G4}, C5, 0, 64},
    {D3, {G3, C4,  G4},  A4,  0,  62}, {D3,  {FS3, C4, A4}, D5, 0, 60},
    {G2, {D3, B3,  G4},  B4,  0,  56}, {0,   {G3,  B3, G4}, 0,  0, 46},
};
// clang-format on

typedef struct {
  CnNote* notes;
  size_t  n;
} Page;

static void
write_note(Page* const page, const uint8_t pitch, const size_t onset, const size_t duration,
           const int velocity)
{
  const CnBar bar = {0, CN_PHRASE_NUMERATOR * 4 * QUARTER / CN_PHRASE_DENOMINATOR};
  if (!pitch) {
    return;
  }
  assert(page->n < CN_PHRASE_MAX_NOTES);
  page->notes[page->n++] = (CnNote){.onset    = (int32_t)onset,
                                    .duration = (int32_t)duration,
                                    .bar      = cn_bar_place(bar, (int32_t)onset),
                                    .pitch    = pitch,
                                    .velocity = (uint8_t)velocity,
                                    .part     = CN_PART_MUSICIAN};
}

/// Write one quarter; a key that the quarter after leaves out sounds on through its place
static void
write_quarter(Page* const page, const size_t i)
{
  const Quarter        last  = {.bass = 1, .triplet = {1}, .melody = 1};
  const Quarter* const now   = &quarters[i];
  const Quarter* const next  = i + 1 < 2 * CN_PHRASE_BARS ? now + 1 : &last;
  const size_t         start = i * QUARTER;
  const size_t         third = TRIPLET;
  write_note(page, now->bass, start, next->bass ? QUARTER : 2 * QUARTER, now->velocity - 8);
  write_note(page, now->triplet[0], start, next->triplet[0] ? third : 4 * third, now->velocity - 18);
  write_note(page, now->triplet[1], start + third, third, now->velocity - 16);
  write_note(page, now->triplet[2], start + 2 * third, third, now->velocity - 20);
  if (now->after) {
    write_note(page, now->melody, start, DOTTED, now->velocity);
    write_note(page, now->after, start + DOTTED, QUARTER - DOTTED, now->velocity - 6);
  } else {
    write_note(page, now->melody, start, next->melody ? QUARTER : 2 * QUARTER, now->velocity);
  }
}

static int
compare_notes(const void* const a, const void* const b)
{
  const CnNote* const x = a;
  const CnNote* const y = b;
  return x->onset != y->onset ? (x->onset > y->onset) - (x->onset < y->onset)
                              : (x->pitch > y->pitch) - (x->pitch < y->pitch);
}

size_t
cn_phrase_notes(CnNote* const notes)
{
  Page page = {notes, 0};
  for (size_t i = 0; i < 2 * CN_PHRASE_BARS; ++i) {
    write_quarter(&page, i);
  }
  qsort(notes, page.n, sizeof(*notes), compare_notes);
  return page.n;
}
