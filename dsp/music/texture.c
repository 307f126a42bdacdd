// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/texture.h"

#include "dsp/music/vocabulary.h"

#include <string.h>

#define MIN_NOTES 4 // Of fewer, no texture is known
#define FULL_CHORD 3

// From which value on a field has its second, third, ... level
static const uint16_t thresholds[CN_N_TEXTURE_FIELDS][CN_N_TEXTURE_LEVELS - 1] = {
    {25, 50, 75, 100, 140, 180, 220, 270, 320, 380, 450, 530, 630, 780, 1000},   // Notes in 100 quarters
    {25, 50, 75, 100, 125, 150, 180, 210, 250, 300, 350, 400, 480, 600, 800},    // Onsets in 100 quarters
    {28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84},                // MIDI note numbers
    {44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 96, 100},               // Likewise
    {26, 32, 38, 44, 50, 56, 62, 68, 74, 80, 86, 92, 98, 104, 110},              // 1/16 octaves above a tick
    {1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 30, 35},                     // 1/16 octaves
    {1, 30, 60, 100, 150, 200, 250, 300, 360, 430, 500, 600, 700, 800, 920},     // Thousandths
    {100, 200, 280, 350, 420, 500, 560, 620, 680, 740, 800, 860, 910, 960, 995}, // Thousandths
    {1, 10, 25, 50, 80, 120, 170, 230, 300, 370, 450, 550, 650, 750, 850},       // Thousandths
    {14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91, 98, 105, 112},              // MIDI velocities
};

// 16 log2 of the duration classes, rounded
static const uint8_t log_durations[CN_N_DURATIONS] = {
    0,  16, 25, 32, 37, 41, 45, 48, 51, 53, 55, 57, 59,  61,  63,  64,  67,  69,  70,  71,  72,
    73, 76, 79, 81, 83, 85, 87, 89, 92, 95, 97, 99, 102, 105, 108, 111, 115, 118, 121, 127, 131};

// What is summed over the notes
typedef struct {
  uint32_t notes;
  uint32_t onsets;
  uint32_t full;   // Onsets with three notes or more
  uint32_t steps;  // That have one before them
  uint32_t even;   // Of those, as long as it
  uint32_t beats;  // Quarters with onsets
  uint32_t lows;   // Sum of their lowest keys
  uint32_t highs;  // Likewise
  uint32_t logs;   // Sum of logarithms of durations
  uint32_t logs2;  // Of their squares
  uint32_t sounds; // [ticks] in which something sounds
  uint32_t velocities;
} Sums;

uint8_t
cn_texture_level(const CnTextureField field, const uint32_t value)
{
  uint8_t level = 1;
  while (level < CN_N_TEXTURE_LEVELS && value >= thresholds[field][level - 1]) {
    ++level;
  }
  return level;
}

uint8_t
cn_texture_log(const int32_t ticks)
{
  return log_durations[cn_duration_class(ticks)];
}

static void
sum_notes(const CnNote* const notes, const uint32_t n, const int32_t to, Sums* const sums)
{
  int64_t end = INT32_MIN; // Up to where it is known what sounds
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t log      = cn_texture_log(notes[i].duration);
    const int64_t  over     = (int64_t)notes[i].onset + notes[i].duration;
    const int64_t  note_end = over < to ? over : to;
    const int64_t  start    = notes[i].onset > end ? notes[i].onset : end;
    sums->sounds += note_end > start ? (uint32_t)(note_end - start) : 0;
    end = note_end > end ? note_end : end;
    sums->logs += log;
    sums->logs2 += log * log;
    sums->velocities += notes[i].velocity;
  }
  sums->notes = n;
}

static void
sum_onsets(const CnNote* const notes, const uint32_t n, Sums* const sums)
{
  int32_t  step   = 0; // The one before
  uint32_t struck = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const int32_t now = i ? notes[i].onset - notes[i - 1].onset : 0;
    if (!i || now > 0) {
      sums->steps += step > 0;
      sums->even += step > 0 && step == now;
      step   = now;
      struck = 0;
      ++sums->onsets;
    }
    sums->full += ++struck == FULL_CHORD;
  }
}

static void
sum_beats(const CnNote* const notes, const uint32_t n, const int32_t from, Sums* const sums)
{
  for (uint32_t i = 0; i < n;) {
    const int32_t beat = (notes[i].onset - from) / CN_TICKS_PER_QUARTER;
    uint8_t       low  = notes[i].pitch;
    uint8_t       high = low;
    for (; i < n && (notes[i].onset - from) / CN_TICKS_PER_QUARTER == beat; ++i) {
      low  = notes[i].pitch < low ? notes[i].pitch : low;
      high = notes[i].pitch > high ? notes[i].pitch : high;
    }
    ++sums->beats;
    sums->lows += low;
    sums->highs += high;
  }
}

static uint32_t
square_root(const uint64_t x)
{
  uint32_t root = 0;
  while ((uint64_t)(root + 1) * (root + 1) <= x) {
    ++root;
  }
  return root;
}

static uint32_t
thousandths(const uint32_t part, const uint32_t whole)
{
  return whole ? (uint32_t)(UINT64_C(1000) * part / whole) : 0;
}

bool
cn_texture_weigh(const CnNote* const notes, const uint32_t n, const int32_t from, const int32_t to,
                 CnTextureValues* const values)
{
  const uint32_t ticks = (uint32_t)(to - from);
  Sums           sums  = {0};
  if (n < MIN_NOTES || ticks < CN_TICKS_PER_QUARTER) {
    return false;
  }

  sum_notes(notes, n, to, &sums);
  sum_onsets(notes, n, &sums);
  sum_beats(notes, n, from, &sums);
  const uint64_t variance = ((uint64_t)n * sums.logs2 - (uint64_t)sums.logs * sums.logs) / ((uint64_t)n * n);
  const uint32_t hundred  = 100U * CN_TICKS_PER_QUARTER; // [ticks] of so many quarters

  *values = (CnTextureValues){{
      [CN_TEXTURE_NOTES]    = sums.notes * hundred / ticks,
      [CN_TEXTURE_ONSETS]   = sums.onsets * hundred / ticks,
      [CN_TEXTURE_LOW]      = sums.lows / sums.beats,
      [CN_TEXTURE_HIGH]     = sums.highs / sums.beats,
      [CN_TEXTURE_LENGTH]   = sums.logs / n,
      [CN_TEXTURE_SPREAD]   = square_root(variance),
      [CN_TEXTURE_CHORDS]   = thousandths(sums.full, sums.onsets),
      [CN_TEXTURE_EVEN]     = thousandths(sums.even, sums.steps),
      [CN_TEXTURE_SILENCE]  = thousandths(ticks > sums.sounds ? ticks - sums.sounds : 0, ticks),
      [CN_TEXTURE_LOUDNESS] = sums.velocities / n,
  }};
  return true;
}

CnTexture
cn_texture_grade(const CnTextureValues* const values)
{
  CnTexture texture;
  for (unsigned f = 0; f < CN_N_TEXTURE_FIELDS; ++f) {
    texture.level[f] = cn_texture_level((CnTextureField)f, values->value[f]);
  }
  return texture;
}

CnTexture
cn_texture_measure(const CnNote* const notes, const uint32_t n, const int32_t from, const int32_t to)
{
  CnTextureValues values;
  return cn_texture_weigh(notes, n, from, to, &values) ? cn_texture_grade(&values) : (CnTexture){{0}};
}

uint32_t
cn_texture_last_played(const CnNote* const notes, const uint32_t n, CnNote* const last)
{
  uint32_t first = n;
  uint32_t count = 0;
  int64_t  from  = INT64_MIN;
  for (uint32_t i = n; i > 0 && count < CN_TEXTURE_NOTES_MAX && notes[i - 1].onset >= from; --i) {
    const CnNote* const note = &notes[i - 1];
    if (note->part == CN_PART_MUSICIAN) {
      if (!count) { // Whole bars, the last one's to its end
        from = (int64_t)note->onset - note->bar.offset - (CN_TEXTURE_BARS - 1) * (int64_t)note->bar.length;
      }
      ++count;
      first = i - 1;
    }
  }
  uint32_t copied = 0;
  for (uint32_t i = first; copied < count; ++i) {
    if (notes[i].part == CN_PART_MUSICIAN) {
      last[copied++] = notes[i];
    }
  }
  return copied;
}

void
cn_texture_fade(CnTexture* const texture, const uint32_t bars, const uint32_t drift)
{
  // First what gives the music away least: the net has its own idea of it soonest
  static const uint8_t order[CN_N_TEXTURE_FIELDS] = {
      CN_TEXTURE_SILENCE, CN_TEXTURE_EVEN, CN_TEXTURE_SPREAD, CN_TEXTURE_LENGTH,   CN_TEXTURE_ONSETS,
      CN_TEXTURE_HIGH,    CN_TEXTURE_LOW,  CN_TEXTURE_NOTES,  CN_TEXTURE_LOUDNESS, CN_TEXTURE_CHORDS};
  for (uint32_t i = 0; drift && i < CN_N_TEXTURE_FIELDS; ++i) {
    if ((uint64_t)bars * CN_N_TEXTURE_FIELDS >= (uint64_t)drift * (i + 1)) {
      texture->level[order[i]] = CN_TEXTURE_HIDDEN;
    }
  }
}

// Figures

// Which of the voices a key belongs to, between the means of the lowest and of the highest ones
static CnFigureVoice
voice_of(const unsigned pitch, const unsigned low, const unsigned high)
{
  const unsigned quarter = (high - low) / 4;
  return high < low + 12 || pitch + quarter >= high ? CN_FIGURE_TOP
         : pitch <= low + quarter                   ? CN_FIGURE_BASS
                                                    : CN_FIGURE_MIDDLE;
}

static int32_t
bar_line(const CnNote* const note)
{
  return note->onset - note->bar.offset;
}

// Count the bars in which each voice is struck at each place; returns the number of bars
static uint32_t
count_strikes(const CnNote* const notes, const uint32_t n, const unsigned low, const unsigned high,
              uint8_t count[CN_N_FIGURE_VOICES][CN_N_FIGURE_PLACES])
{
  uint32_t            n_bars = 0;
  const CnNote*       before = NULL;
  const CnNote* const last   = &notes[n - 1];
  bool                struck[CN_N_FIGURE_VOICES][CN_N_FIGURE_PLACES];
  for (uint32_t i = 0; i < n; ++i) {
    const unsigned place = notes[i].bar.offset / CN_FIGURE_TICKS;
    if (notes[i].bar.length != last->bar.length) {
      continue;
    }
    if (!before || bar_line(before) != bar_line(&notes[i])) {
      memset(struck, 0, sizeof(struck));
      ++n_bars;
    }
    before = &notes[i];
    if (place < CN_N_FIGURE_PLACES) {
      const CnFigureVoice voice = voice_of(notes[i].pitch, low, high);
      count[voice][place]       = (uint8_t)(count[voice][place] + !struck[voice][place]);
      struck[voice][place]      = true;
    }
  }
  return n_bars;
}

// 0: in less than a fifth of the bars, 1: than two fifths, 2: than two thirds
static uint8_t
share_class(const uint32_t count, const uint32_t n_bars)
{
  return 3 * count >= 2 * n_bars ? 3 : 5 * count >= 2 * n_bars ? 2 : 5 * count >= n_bars ? 1 : 0;
}

CnFigure
cn_figure_find(const CnNote* const notes, const uint32_t n)
{
  CnFigure figure                                        = {0};
  Sums     sums                                          = {0};
  uint8_t  count[CN_N_FIGURE_VOICES][CN_N_FIGURE_PLACES] = {{0}};
  if (n < MIN_NOTES) {
    return figure;
  }

  sum_beats(notes, n, bar_line(&notes[0]), &sums);
  const uint32_t n_bars = count_strikes(notes, n, sums.lows / sums.beats, sums.highs / sums.beats, count);
  if (n_bars < 2) {
    return figure;
  }
  figure.length = notes[n - 1].bar.length;
  for (unsigned v = 0; v < CN_N_FIGURE_VOICES; ++v) {
    for (unsigned p = 0; p < CN_N_FIGURE_PLACES; ++p) {
      figure.share[v][p] = share_class(count[v][p], n_bars);
    }
  }
  return figure;
}

unsigned
cn_figure_share(const CnFigure* const figure, const CnFigureVoice voice, const CnBarPlace place)
{
  const unsigned at = place.offset / CN_FIGURE_TICKS;
  return at < CN_N_FIGURE_PLACES ? figure->share[voice][at] : 0U;
}

unsigned
cn_figure_next(const CnFigure* const figure, const CnFigureVoice voice, const CnBarPlace place)
{
  const unsigned n  = (figure->length + CN_FIGURE_TICKS - 1U) / CN_FIGURE_TICKS;
  unsigned       at = place.offset / CN_FIGURE_TICKS;
  for (unsigned i = 1; i <= CN_FIGURE_FAR; ++i) {
    at = at + 1 < n ? at + 1 : 0;
    if (at < CN_N_FIGURE_PLACES && figure->share[voice][at] >= 2) {
      return i;
    }
  }
  return 0;
}
