// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/part/sheet.h"

#include "dsp/music/chord.h"

#include <string.h>

#define BLANKS " ,\t\n"
#define KEEP "keep"
#define REST "rest"

static CN_AUDIO uint32_t
find(const CnSheet* const sheet, const int32_t bar)
{
  uint32_t i = 0;
  while (i < sheet->n_bars && sheet->bars[i].bar < bar) {
    ++i;
  }
  return i;
}

static CN_AUDIO bool
is_at(const CnSheet* const sheet, const uint32_t i, const int32_t bar)
{
  return i < sheet->n_bars && sheet->bars[i].bar == bar;
}

CN_AUDIO CnSheetBar
cn_sheet_read(const CnSheet* const sheet, const int32_t bar)
{
  const uint32_t i = find(sheet, bar);
  return is_at(sheet, i, bar) ? sheet->bars[i] : (CnSheetBar){bar, CN_CHORD_NONE, 0, CN_BAR_FREE};
}

CN_AUDIO bool
cn_sheet_has(const CnSheet* const sheet, const int32_t bar)
{
  return is_at(sheet, find(sheet, bar), bar);
}

CN_AUDIO bool
cn_sheet_write(CnSheet* const sheet, const CnSheetBar bar)
{
  const uint32_t i   = find(sheet, bar.bar);
  const uint32_t old = is_at(sheet, i, bar.bar) ? 1 : 0;
  const uint32_t new = bar.chord != CN_CHORD_NONE || bar.another || bar.stands ? 1 : 0;
  if (sheet->n_bars - old + new > CN_SHEET_BARS) {
    return false;
  }
  memmove(&sheet->bars[i + new], &sheet->bars[i + old], (sheet->n_bars - i - old) * sizeof(CnSheetBar));
  sheet->n_bars = sheet->n_bars - old + new;
  if (new) {
    sheet->bars[i] = bar;
  }
  return true;
}

// Text

// Read a number up to some other, and go on behind it; UINT32_MAX if there is none
static CN_AUDIO uint32_t
parse_number(const char** const text, const uint32_t highest)
{
  uint32_t number = 0;
  if (**text < '0' || **text > '9') {
    return UINT32_MAX;
  }
  for (; **text >= '0' && **text <= '9' && number <= highest; ++*text) {
    number = 10 * number + (uint32_t)(**text - '0');
  }
  return number <= highest ? number : UINT32_MAX;
}

// Read what stands behind a bar's number
static CN_AUDIO CnStatus
parse_entry(const char* const text, const size_t length, CnSheetBar* const bar)
{
  char        word[CN_CHORD_NAME_SIZE];
  const char* rest = word + 1;
  if (length >= sizeof(word)) {
    return CN_STATUS_BAD_SYNTAX;
  }
  memcpy(word, text, length);
  word[length] = '\0';
  if (word[0] == '+') {
    bar->another = parse_number(&rest, CN_SHEET_ANOTHER_MAX);
    return bar->another == UINT32_MAX || *rest ? CN_STATUS_BAD_SYNTAX : CN_STATUS_SUCCESS;
  }
  if (!strcmp(word, KEEP) || !strcmp(word, REST)) {
    bar->stands = !strcmp(word, KEEP) ? CN_BAR_KEPT : CN_BAR_RESTS;
    return CN_STATUS_SUCCESS;
  }
  bar->chord = cn_chord_parse(word);
  return bar->chord == CN_CHORD_NONE && strcmp(word, "-") != 0 ? CN_STATUS_BAD_SYNTAX : CN_STATUS_SUCCESS;
}

// Read one entry, and go on behind it
static CN_AUDIO CnStatus
parse_bar(const char** const text, CnSheet* const sheet)
{
  const uint32_t number = parse_number(text, CN_SHEET_BAR_MAX + 1);
  const size_t   length = strcspn(*text, BLANKS);
  if (number == UINT32_MAX || number == 0 || **text != ':') {
    return CN_STATUS_BAD_SYNTAX;
  }
  CnSheetBar bar = cn_sheet_read(sheet, (int32_t)number - 1);
  CN_TRY(parse_entry(*text + 1, length - 1, &bar));
  *text += length;
  return cn_sheet_write(sheet, bar) ? CN_STATUS_SUCCESS : CN_STATUS_BAD_VALUE;
}

CN_AUDIO CnStatus
cn_sheet_parse(const char* text, CnSheet* const sheet)
{
  CnStatus status = CN_STATUS_SUCCESS;
  sheet->n_bars   = 0;
  for (text += strspn(text, BLANKS); *text && !status; text += strspn(text, BLANKS)) {
    status = parse_bar(&text, sheet);
  }
  if (status) {
    sheet->n_bars = 0;
  }
  return status;
}

static CN_AUDIO char*
print_number(const uint32_t number, char* to)
{
  char     digits[10];
  unsigned n = 0;
  for (uint32_t rest = number; rest || !n; rest /= 10) {
    digits[n++] = (char)('0' + rest % 10);
  }
  while (n > 0) {
    *to++ = digits[--n];
  }
  return to;
}

static CN_AUDIO char*
print_word(const char* const word, char* const to)
{
  const size_t length = strlen(word);
  memcpy(to, word, length);
  return to + length;
}

static CN_AUDIO char*
print_head(const CnSheetBar* const bar, const char* const text, char* to)
{
  if (to > text) {
    *to++ = ' ';
  }
  to    = print_number((uint32_t)bar->bar + 1, to);
  *to++ = ':';
  return to;
}

CN_AUDIO void
cn_sheet_print(const CnSheet* const sheet, char* const text)
{
  char* to = text;
  for (uint32_t i = 0; i < sheet->n_bars; ++i) {
    const CnSheetBar* const bar = &sheet->bars[i];
    if (bar->chord != CN_CHORD_NONE) {
      to = print_head(bar, text, to);
      cn_chord_print(bar->chord, to);
      to += strlen(to);
    }
    if (bar->another) {
      to    = print_head(bar, text, to);
      *to++ = '+';
      to    = print_number(bar->another, to);
    }
    if (bar->stands) {
      to = print_head(bar, text, to);
      to = print_word(bar->stands == CN_BAR_RESTS ? REST : KEEP, to);
    }
  }
  *to = '\0';
}
