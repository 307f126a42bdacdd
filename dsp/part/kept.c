// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/kept.h"

#include <string.h>

static uint32_t
index_of(const CnKept* const kept, const int32_t bar)
{
  uint32_t i = 0;
  while (i < kept->n_bars && kept->bars[i].bar != bar) {
    ++i;
  }
  return i;
}

/// Index of the first note of a segment, or of a later one
static uint32_t
find_notes(const CnKept* const kept, const int32_t segment)
{
  uint32_t low  = 0;
  uint32_t high = kept->n_notes;
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (kept->notes[middle].note.onset < segment * CN_SEGMENT_TICKS) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static void
insert_bar(CnKept* const kept, const CnKeptBar bar)
{
  uint32_t i = 0;
  while (i < kept->n_bars && kept->bars[i].first < bar.first) {
    ++i;
  }
  memmove(&kept->bars[i + 1], &kept->bars[i], (kept->n_bars++ - i) * sizeof(bar));
  kept->bars[i] = bar;
}

bool
cn_kept_add(CnKept* const kept, const int32_t bar, const int32_t segment, const CnKeptNote* const notes,
            const uint32_t n_notes)
{
  const uint32_t i = index_of(kept, bar);
  if (cn_kept_has(kept, segment)) {
    return true;
  }
  if (kept->n_notes + n_notes > CN_KEPT_NOTES || (i == kept->n_bars && i == CN_SHEET_BARS) ||
      (i < kept->n_bars && kept->bars[i].end != segment)) {
    return false;
  }
  if (i < kept->n_bars) {
    kept->bars[i].end = segment + 1;
  } else {
    insert_bar(kept, (CnKeptBar){bar, segment, segment + 1});
  }
  const uint32_t place = find_notes(kept, segment);
  memmove(&kept->notes[place + n_notes], &kept->notes[place], (kept->n_notes - place) * sizeof(*notes));
  if (n_notes > 0) { // A silence may come without an address
    memcpy(&kept->notes[place], notes, n_notes * sizeof(*notes));
  }
  kept->n_notes += n_notes;
  return true;
}

void
cn_kept_remove(CnKept* const kept, const int32_t bar)
{
  const uint32_t i = index_of(kept, bar);
  if (i == kept->n_bars) {
    return;
  }
  const uint32_t first = find_notes(kept, kept->bars[i].first);
  const uint32_t end   = find_notes(kept, kept->bars[i].end);
  memmove(&kept->notes[first], &kept->notes[end], (kept->n_notes - end) * sizeof(CnKeptNote));
  kept->n_notes -= end - first;
  memmove(&kept->bars[i], &kept->bars[i + 1], (--kept->n_bars - i) * sizeof(CnKeptBar));
}

const CnKeptBar*
cn_kept_find(const CnKept* const kept, const int32_t bar)
{
  const uint32_t i = index_of(kept, bar);
  return i < kept->n_bars ? &kept->bars[i] : NULL;
}

const CnKeptBar*
cn_kept_next(const CnKept* const kept, const int32_t segment)
{
  uint32_t i = 0;
  while (i < kept->n_bars && kept->bars[i].end <= segment) {
    ++i;
  }
  return i < kept->n_bars ? &kept->bars[i] : NULL;
}

bool
cn_kept_has(const CnKept* const kept, const int32_t segment)
{
  const CnKeptBar* const bar = cn_kept_next(kept, segment);
  return bar && bar->first <= segment;
}

uint32_t
cn_kept_read(const CnKept* const kept, const int32_t segment, CnKeptNote* const notes)
{
  const uint32_t first = find_notes(kept, segment);
  const uint32_t end   = find_notes(kept, segment + 1);
  const uint32_t n     = end - first < CN_SEGMENT_NOTES ? end - first : CN_SEGMENT_NOTES;
  memcpy(notes, &kept->notes[first], n * sizeof(*notes));
  return n;
}

bool
cn_kept_following(const CnKept* const kept, const int32_t start, const int64_t until,
                  CnFollowing* const following)
{
  CnNote         notes[CN_TEXTURE_NOTES_MAX];
  const uint32_t first = find_notes(kept, cn_segment_at(start) + 1);
  uint32_t       n     = 0;
  if (first == kept->n_notes) {
    return false;
  }
  const CnNote* const next = &kept->notes[first].note;
  const int32_t       line = next->onset - next->bar.offset;
  for (uint32_t i = first; i < kept->n_notes && n < CN_TEXTURE_NOTES_MAX; ++i) {
    notes[n++] = kept->notes[i].note;
  }
  return line > start && line <= until && cn_following_measure(notes, n, line, next->bar.length, following);
}

void
cn_kept_copy(CnKept* const kept, const CnKept* const from)
{
  kept->n_bars  = from->n_bars;
  kept->n_notes = from->n_notes;
  memcpy(kept->bars, from->bars, from->n_bars * sizeof(*from->bars));
  memcpy(kept->notes, from->notes, from->n_notes * sizeof(*from->notes));
}
