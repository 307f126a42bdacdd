// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BARS 2000       ///< On a page
#define MIN_PITCHES 24      ///< Fewer rows look lost
#define MIN_ROW 2.5         ///< [units] Height of a semitone
#define MAX_ROW 10.0        ///< [units]
#define PITCH_MARGIN 2      ///< Rows above and below the notes
#define SYSTEM_TICKS 768    ///< [ticks] Eight bars of 4/4: the preferred length of a system
#define HEADER_HEIGHT 58.0  ///< [units] Title and legend
#define NUMBERS_HEIGHT 15.0 ///< [units] Bar numbers above a system
#define ENTRY_HEIGHT 13.0   ///< [units] The label where Continuo comes in, above the numbers
#define SYSTEM_GAP 12.0     ///< [units] Below a system

/// Walks from bar line to bar line
typedef struct {
  const CnScore* score;
  size_t         meter; ///< Index of the metre that holds at `line`
  int32_t        line;  ///< [ticks]
} BarWalk;

static void
walk_bar(BarWalk* const walk)
{
  const CnScore* const score = walk->score;
  const int32_t        next  = walk->line + cn_score_bar(score, walk->line).length;
  const bool has_change = walk->meter + 1 < score->n_meters && score->meters[walk->meter + 1].tick <= next;
  walk->line            = has_change ? score->meters[++walk->meter].tick : next;
}

/// End of the last note [ticks]
static int32_t
find_end(const CnScore* const score)
{
  int32_t end = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const int32_t note_end = score->notes[i].onset + score->notes[i].duration;
    end                    = note_end > end ? note_end : end;
  }
  return end;
}

/// List the bar lines from `first_bar` to the last bar with a note, or `last_bar`
static CnStatus
list_bars(CnRollLayout* const self, const CnRollOptions* const options, const CnFault fault)
{
  const int32_t end    = find_end(self->score);
  BarWalk       walk   = {self->score, 0, 0};
  int32_t       number = 1;
  for (; number < options->first_bar && walk.line < end; ++number) {
    walk_bar(&walk);
  }
  if (walk.line >= end) {
    return CN_FAIL(fault, CN_STATUS_NOT_FOUND, "no bar %d: the last is %d", (int)options->first_bar,
                   (int)number - 1);
  }

  self->first_number = number;
  self->lines        = (int32_t*)calloc(MAX_BARS + 1, sizeof(int32_t));
  if (!self->lines) {
    return CN_STATUS_NO_MEMORY;
  }
  self->lines[0] = walk.line;
  for (; walk.line < end && (options->last_bar < 1 || number <= options->last_bar); ++number) {
    if (self->n_bars == MAX_BARS) {
      return CN_FAIL(fault, CN_STATUS_TOO_LARGE, "more than %d bars; choose some of them", MAX_BARS);
    }
    walk_bar(&walk);
    self->lines[++self->n_bars] = walk.line;
  }
  return CN_STATUS_SUCCESS;
}

/// Find the pitches in these bars, with a margin
static CnStatus
find_pitches(CnRollLayout* const self, const CnFault fault)
{
  const CnScore* const score = self->score;
  const int32_t        begin = self->lines[0];
  const int32_t        end   = self->lines[self->n_bars];
  self->low                  = 127;
  self->high                 = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (note->onset < end && note->onset + note->duration > begin) {
      self->low  = note->pitch < self->low ? note->pitch : self->low;
      self->high = note->pitch > self->high ? note->pitch : self->high;
      self->n_notes += note->onset >= begin;
    }
  }
  if (self->low > self->high) {
    return CN_FAIL(fault, CN_STATUS_NOT_FOUND, "no notes in bars %d to %d", (int)self->first_number,
                   (int)(self->first_number + (int32_t)self->n_bars - 1));
  }
  self->low -= PITCH_MARGIN;
  self->high += PITCH_MARGIN;
  for (int i = 0; self->high - self->low + 1 < MIN_PITCHES; ++i) {
    self->low -= i % 2;
    self->high += !(i % 2);
  }
  return CN_STATUS_SUCCESS;
}

/// Find out whose notes there are, and where Continuo comes in
static void
find_entry(CnRollLayout* const self)
{
  int32_t first[2] = {INT32_MAX, INT32_MAX}; // Onset of each part
  for (size_t i = 0; i < self->score->n_notes; ++i) {
    const CnNote* const note = &self->score->notes[i];
    const int           part = note->part == CN_PART_CONTINUO;
    first[part]              = note->onset < first[part] ? note->onset : first[part];
  }
  self->has_parts = first[0] < INT32_MAX && first[1] < INT32_MAX;
  self->entry     = self->has_parts && first[0] < first[1] ? first[1] : INT32_MIN;
}

static int
compare_lengths(const void* const left, const void* const right)
{
  const int32_t a = *(const int32_t*)left;
  const int32_t b = *(const int32_t*)right;
  return (a > b) - (a < b);
}

/// Find the length of a usual bar, the median [ticks]
static CnStatus
find_usual_bar(const CnRollLayout* const self, int32_t* const length)
{
  int32_t* const lengths = (int32_t*)calloc(self->n_bars, sizeof(int32_t));
  if (!lengths) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < self->n_bars; ++i) {
    lengths[i] = self->lines[i + 1] - self->lines[i];
  }
  qsort(lengths, self->n_bars, sizeof(int32_t), compare_lengths);
  *length = lengths[self->n_bars / 2];
  free(lengths);
  return CN_STATUS_SUCCESS;
}

/// Choose the length of a system [ticks]: a power of two of usual bars, more on a long page
static int32_t
choose_length(const CnRollLayout* const self, const int32_t bar)
{
  const int32_t ticks  = self->lines[self->n_bars] - self->lines[0];
  const int32_t longer = ticks > 6 * SYSTEM_TICKS ? (ticks > 40 * SYSTEM_TICKS ? 4 : 2) : 1;
  if (ticks <= SYSTEM_TICKS * 3 / 2) {
    return ticks;
  }
  int32_t n = 1;
  while (2 * n * bar <= SYSTEM_TICKS * longer * 6 / 5) {
    n *= 2;
  }
  // A bar or two left over had better join the others
  const int32_t n_systems = ticks / (n * bar);
  const int32_t rest      = ticks % (n * bar) / bar;
  return n_systems && rest && rest <= n / 4 ? (n + (rest + n_systems - 1) / n_systems) * bar : n * bar;
}

/// Number of bars from `first` on that fit into a system of `length` ticks; at least one
static size_t
count_fitting(const CnRollLayout* const self, const size_t first, const int32_t length)
{
  size_t n = 1;
  while (first + n < self->n_bars && self->lines[first + n + 1] - self->lines[first] <= length) {
    ++n;
  }
  return n;
}

/// Deal the bars out to systems; @return the length of the longest [ticks], or 0 without memory
static int32_t
break_systems(CnRollLayout* const self, const int32_t length)
{
  int32_t longest = 0;
  self->systems   = (CnRollSystem*)calloc(self->n_bars, sizeof(CnRollSystem));
  for (size_t bar = 0; self->systems && bar < self->n_bars;) {
    CnRollSystem* const system = &self->systems[self->n_systems++];
    system->first_bar          = bar;
    system->n_bars             = count_fitting(self, bar, length);
    bar += system->n_bars;
    system->begin     = self->lines[system->first_bar];
    system->end       = self->lines[bar];
    system->has_entry = self->entry >= system->begin && self->entry < system->end;
    longest           = system->end - system->begin > longest ? system->end - system->begin : longest;
  }
  return longest;
}

/// Height for all rows of a system, for a page that fills a screen [units]
static double
choose_height(const size_t n_systems)
{
  static const double heights[] = {380.0, 250.0, 205.0};
  return n_systems <= 3 ? heights[n_systems - 1] : 175.0;
}

static CnStatus
place_systems(CnRollLayout* const self)
{
  int32_t bar = 0;
  CN_TRY(find_usual_bar(self, &bar));
  const int32_t longest = break_systems(self, choose_length(self, bar));
  if (!longest) {
    return CN_STATUS_NO_MEMORY;
  }
  const double row = choose_height(self->n_systems) / (self->high - self->low + 1);
  self->row        = fmin(MAX_ROW, fmax(MIN_ROW, row));
  self->tick       = (CN_ROLL_RIGHT - CN_ROLL_LEFT) / longest;

  double y = HEADER_HEIGHT;
  for (size_t i = 0; i < self->n_systems; ++i) {
    CnRollSystem* const system = &self->systems[i];
    system->top                = y + NUMBERS_HEIGHT + (system->has_entry ? ENTRY_HEIGHT : 0.0);
    y = system->top + cn_roll_rows_height(self) + CN_STRIP_GAP + CN_STRIP_HEIGHT + SYSTEM_GAP;
  }
  self->height = y;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_roll_layout_init(CnRollLayout* const layout, const CnScore* const score,
                    const CnRollOptions* const options, const CnFault fault)
{
  memset(layout, 0, sizeof(*layout));
  layout->score = score;
  if (!score->n_notes) {
    return CN_FAIL(fault, CN_STATUS_NOT_FOUND, "there are no notes to draw");
  }
  CN_TRY(list_bars(layout, options, fault));
  if (!layout->n_bars) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "bar %d is before bar %d", (int)options->last_bar,
                   (int)options->first_bar);
  }
  CN_TRY(find_pitches(layout, fault));
  find_entry(layout);
  return place_systems(layout);
}

void
cn_roll_layout_join(CnRollLayout* const layout, const CnRollPlace* const place)
{
  const int32_t       begin  = layout->lines[0];
  const int32_t       end    = layout->lines[layout->n_bars];
  CnRollSystem* const system = &layout->systems[0];
  const bool          enters = layout->entry >= begin && layout->entry < end;
  *system                    = (CnRollSystem){0, layout->n_bars, begin, end, place->top, enters};
  layout->n_systems          = 1;
  layout->low                = place->low;
  layout->high               = place->high;
  layout->entry              = place->entry;
  layout->row                = place->height / (place->high - place->low + 1);
  layout->tick               = place->width / (end - begin);
}

void
cn_roll_layout_clear(CnRollLayout* const layout)
{
  free(layout->lines);
  free(layout->systems);
  memset(layout, 0, sizeof(*layout));
}

double
cn_roll_x(const CnRollLayout* const layout, const CnRollSystem* const system, const int32_t tick)
{
  return CN_ROLL_LEFT + (tick - system->begin) * layout->tick;
}

double
cn_roll_y(const CnRollLayout* const layout, const CnRollSystem* const system, const int pitch)
{
  return system->top + (layout->high - pitch) * layout->row;
}

double
cn_roll_rows_height(const CnRollLayout* const layout)
{
  return (layout->high - layout->low + 1) * layout->row;
}

double
cn_roll_beat(const CnRollLayout* const layout, const int32_t tick)
{
  const CnScore*       score = layout->score;
  const CnMeterChange* meter = &score->meters[0];
  for (size_t i = 1; i < score->n_meters && score->meters[i].tick <= tick; ++i) {
    meter = &score->meters[i];
  }
  const bool   is_compound = meter->denominator >= 8 && meter->numerator > 3 && meter->numerator % 3 == 0;
  const double unit        = 4.0 * CN_TICKS_PER_QUARTER / meter->denominator;
  return is_compound ? 3.0 * unit : unit;
}
