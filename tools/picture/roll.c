// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/roll.h"

#include "tools/picture/roll_draw.h"
#include "tools/picture/roll_layout.h"

/// What a page is painted from
typedef struct {
  CnRollLayout layout;
  const char*  title;
} Page;

static void
paint_page(cairo_t* const cr, const void* const object)

{
  const Page* const         page   = (const Page*)object;
  const CnRollLayout* const layout = &page->layout;
  cn_roll_draw_header(cr, layout, page->title);
  for (size_t i = 0; i < layout->n_systems; ++i) {
    const CnRollSystem* const system = &layout->systems[i];
    cn_roll_draw_grid(cr, layout, system);
    cn_roll_draw_keys(cr, layout, system);
    cn_roll_draw_notes(cr, layout, system);
    cn_roll_draw_entry(cr, layout, system);
  }
}

CnStatus
cn_roll_render(const CnScore* const score, const CnRollOptions* const options, uint8_t** const data,
               size_t* const size, const CnFault fault)
{
  cn_fault_clear(fault);
  *data = NULL;
  *size = 0;
  if (options->width < CN_PICTURE_WIDTH_MIN || options->width > CN_PICTURE_WIDTH_MAX ||
      options->format > CN_PICTURE_PDF || options->first_bar < 1) {
    return CN_STATUS_BAD_ARG;
  }

  Page     page = {.title = options->title};
  CnStatus st   = cn_roll_layout_init(&page.layout, score, options, fault);
  if (!st) {
    const CnPage description = {options->format, options->width, page.layout.height, &page, paint_page};
    st                       = cn_picture_render(&description, data, size, fault);
  }
  cn_roll_layout_clear(&page.layout);
  return st;
}
