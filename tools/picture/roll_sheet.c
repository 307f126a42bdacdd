// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll.h"

#include "tools/picture/roll_draw.h"
#include "tools/picture/roll_layout.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define SHEET_TOP 62.0 ///< [units] Upper end of the first row
#define NAME_HEIGHT \
  34.0 ///< [units] Above the rows of a panel: its name, where Continuo comes in, bar numbers
#define NAME_BASELINE 10.0 ///< [units] of the name
#define NAME_SIZE 10.5     ///< [units]
#define ROWS_HEIGHT 118.0  ///< [units] of all pitches
#define PANEL_GAP 14.0     ///< [units] beneath a panel
#define KEYBOARD_ROOM 48.0 ///< [units] to the left of all columns but the first, where CN_ROLL_LEFT has it
#define PANEL_HEIGHT (NAME_HEIGHT + ROWS_HEIGHT + CN_STRIP_GAP + CN_STRIP_HEIGHT + PANEL_GAP)
#define TITLE_ROOM 460.0 ///< [units]

/// What a sheet is painted from
typedef struct {
  const CnRollPanel* panels;
  CnRollLayout*      layouts; ///< (n)
  size_t             n;
  size_t             n_columns;
  const char*        title;
} Sheet;

/// From one column to the next [units]
static double
column_step(const Sheet* const sheet)
{
  return (CN_ROLL_RIGHT - CN_ROLL_LEFT + KEYBOARD_ROOM) / (double)sheet->n_columns;
}

/// Place the panels of a row
static void
place_row(const Sheet* const sheet, const size_t row)
{
  const size_t first = row * sheet->n_columns;
  const size_t end   = first + sheet->n_columns < sheet->n ? first + sheet->n_columns : sheet->n;
  CnRollPlace  place = {.low    = 127,
                        .high   = 0,
                        .entry  = INT32_MIN,
                        .top    = SHEET_TOP + NAME_HEIGHT + PANEL_HEIGHT * (double)row,
                        .width  = column_step(sheet) - KEYBOARD_ROOM,
                        .height = ROWS_HEIGHT};
  for (size_t i = first; i < end; ++i) {
    const CnRollLayout* const layout = &sheet->layouts[i];
    place.low                        = layout->low < place.low ? layout->low : place.low;
    place.high                       = layout->high > place.high ? layout->high : place.high;
    place.entry                      = layout->entry > place.entry ? layout->entry : place.entry;
  }
  for (size_t i = first; i < end; ++i) {
    cn_roll_layout_join(&sheet->layouts[i], &place);
  }
}

static void
paint_panel(cairo_t* const cr, const CnRollLayout* const layout, const char* const name)
{
  const CnRollSystem* const system = &layout->systems[0];
  char                      text[128];
  cn_draw_fit_text(text, sizeof(text), name);
  cn_roll_draw_grid(cr, layout, system);
  cn_roll_draw_keys(cr, layout, system);
  cn_roll_draw_notes(cr, layout, system);
  cn_roll_draw_entry(cr, layout, system);
  cn_draw_color(cr, CN_INK, 1.0);
  cn_draw_text(cr, CN_KEYS_LEFT, system->top - NAME_HEIGHT + NAME_BASELINE, NAME_SIZE, CN_ALIGN_LEFT, text);
}

static void
paint_sheet(cairo_t* const cr, const void* const object)
{
  const Sheet* const        sheet     = object;
  const CnRollLayout* const first     = &sheet->layouts[0];
  bool                      has_parts = false;
  char                      text[96];
  snprintf(text, sizeof(text), "bars %d\u2013%d", (int)first->first_number,
           (int)first->first_number + (int)first->n_bars - 1);
  cn_draw_title(cr, TITLE_ROOM, sheet->title ? sheet->title : "");
  cn_draw_subtitle(cr, text);
  for (size_t i = 0; i < sheet->n; ++i) {
    has_parts = has_parts || sheet->layouts[i].has_parts;
    cairo_save(cr);
    cairo_translate(cr, column_step(sheet) * (double)(i % sheet->n_columns), 0.0);
    paint_panel(cr, &sheet->layouts[i], sheet->panels[i].name);
    cairo_restore(cr);
  }
  cn_roll_draw_legend(cr, has_parts);
}

/// Lay all panels out
static CnStatus
lay_out(Sheet* const sheet, const CnRollOptions* const options, const CnFault fault)
{
  for (size_t i = 0; i < sheet->n; ++i) {
    const CnStatus status = cn_roll_layout_init(&sheet->layouts[i], sheet->panels[i].score, options, fault);
    if (status) {
      cn_fault_say(fault, "%s: %s", sheet->panels[i].name, *fault.text ? fault.text : cn_strerror(status));
      return status;
    }
  }
  for (size_t row = 0; row * sheet->n_columns < sheet->n; ++row) {
    place_row(sheet, row);
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_roll_sheet_render(const CnRollPanel* const panels, const size_t n_panels, const unsigned n_columns,
                     const CnRollOptions* const options, uint8_t** const data, size_t* const size,
                     const CnFault fault)
{
  cn_fault_clear(fault);
  *data = NULL;
  *size = 0;
  if (options->width < CN_PICTURE_WIDTH_MIN || options->width > CN_PICTURE_WIDTH_MAX ||
      options->format > CN_PICTURE_PDF || options->first_bar < 1 || !n_panels ||
      n_panels > CN_ROLL_PANELS_MAX || !n_columns || n_columns > CN_ROLL_COLUMNS_MAX) {
    return CN_STATUS_BAD_ARG;
  }
  Sheet sheet = {panels, calloc(n_panels, sizeof(CnRollLayout)), n_panels, n_columns, options->title};
  if (!sheet.layouts) {
    return CN_STATUS_NO_MEMORY;
  }
  CnStatus status = lay_out(&sheet, options, fault);
  if (!status) {
    const size_t n_rows = (n_panels + n_columns - 1) / n_columns;
    const CnPage page   = {options->format, options->width, SHEET_TOP + PANEL_HEIGHT * (double)n_rows, &sheet,
                           paint_sheet};
    status              = cn_picture_render(&page, data, size, fault);
  }
  for (size_t i = 0; i < n_panels; ++i) {
    cn_roll_layout_clear(&sheet.layouts[i]);
  }
  free(sheet.layouts);
  return status;
}
