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
               size_t* const size, char* const fault, const size_t fault_size)
{
  char         ignored[8];
  char* const  text      = fault && fault_size ? fault : ignored;
  const size_t text_size = fault && fault_size ? fault_size : sizeof(ignored);
  text[0]                = '\0';
  *data                  = NULL;
  *size                  = 0;
  if (options->width < CN_PICTURE_WIDTH_MIN || options->width > CN_PICTURE_WIDTH_MAX ||
      options->format > CN_PICTURE_PDF || options->first_bar < 1) {
    return CN_STATUS_BAD_ARG;
  }

  Page     page = {.title = options->title};
  CnStatus st   = cn_roll_layout_init(&page.layout, score, options, text, text_size);
  if (!st) {
    const CnPage description = {options->format, options->width, page.layout.height, &page, paint_page};
    st                       = cn_picture_render(&description, data, size, text, text_size);
  }
  cn_roll_layout_clear(&page.layout);
  return st;
}
