// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PI 3.14159265358979323846
#define CELL_WIDTH 86.0  ///< [units] of a control
#define CELL_HEIGHT 80.0 ///< [units]
#define GROUP_HEAD 20.0  ///< [units] of a group's name
#define GROUP_GAP 14.0   ///< [units] between groups
#define ROW_GAP 6.0      ///< [units] between rows
#define KNOB 15.0        ///< [units] Radius
#define KNOB_Y 24.0      ///< [units] of its middle in the cell
#define NAME_Y 66.0      ///< [units] of the name's baseline
#define NAME_LINE 11.0   ///< [units] from there to that of its second line
#define VALUE_Y 53.0     ///< [units] of the value's baseline
#define TURN_FROM (0.75 * PI)
#define TURN_BY (1.5 * PI)
#define LINE 22.0        ///< [units] of a line of a list
#define LIST_WIDTH 196.0 ///< [units]

/// Where controls are: filled in from left to right, group by group
typedef struct {
  CnBox  cells[CN_PANEL_CONTROLS];
  CnBox  heads[CN_PANEL_CONTROLS]; ///< Of groups, as they begin in a row
  int    groups[CN_PANEL_CONTROLS];
  size_t n_heads;
  double height;
} Plan;

size_t
cn_panel_n_controls(void)
{
  return cn_n_controls < CN_PANEL_CONTROLS ? cn_n_controls : CN_PANEL_CONTROLS;
}

static size_t
count_group(const char* const group)
{
  size_t n = 0;
  for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
    n += !strcmp(cn_controls[i].group, group);
  }
  return n;
}

static void
begin_head(Plan* const plan, const double x, const double y, const int group)
{
  plan->heads[plan->n_heads]    = (CnBox){x, y, 0.0, CELL_HEIGHT + GROUP_HEAD};
  plan->groups[plan->n_heads++] = group;
}

/// Lay out all groups; a group that does not fit begins a row of its own, and one longer than a row goes on
static Plan
lay_out(const double width)
{
  Plan   plan = {.n_heads = 0};
  double x    = 0.0;
  double y    = 0.0;
  for (size_t g = 0; g < cn_n_control_groups; ++g) {
    const double needed = (double)count_group(cn_control_groups[g].symbol) * CELL_WIDTH;
    if (needed <= 0.0) {
      continue;
    }
    if (x > 0.0 && x + fmin(needed, width) > width) {
      x = 0.0;
      y += GROUP_HEAD + CELL_HEIGHT + ROW_GAP;
    }
    begin_head(&plan, x, y, (int)g);
    for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
      if (strcmp(cn_controls[i].group, cn_control_groups[g].symbol) != 0) {
        continue;
      }
      if (x > 0.0 && x + CELL_WIDTH > width) {
        x = 0.0;
        y += GROUP_HEAD + CELL_HEIGHT + ROW_GAP;
        begin_head(&plan, x, y, (int)g);
      }
      plan.cells[i] = (CnBox){x, y + GROUP_HEAD, CELL_WIDTH, CELL_HEIGHT};
      plan.heads[plan.n_heads - 1].width += CELL_WIDTH;
      x += CELL_WIDTH;
    }
    x += GROUP_GAP;
  }
  plan.height = y + GROUP_HEAD + CELL_HEIGHT;
  return plan;
}

void
cn_panel_init(CnPanel* const panel)
{
  *panel = (CnPanel){.hot    = {CN_SPOT_NOTHING, 0},
                     .chosen = {CN_SPOT_NOTHING, 0},
                     .list   = CN_PANEL_NONE,
                     .entry  = CN_PANEL_NONE,
                     .preset = CN_PANEL_NONE};
  for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
    panel->values[i] = cn_controls[i].usual;
  }
}

float
cn_panel_value(const CnPanel* const panel, const uint32_t port)
{
  const size_t i = cn_control_of_port(port);
  return i < cn_panel_n_controls() ? cn_control_fit(&cn_controls[i], panel->values[i]) : 0.0F;
}

void
cn_panel_list(CnPanel* const panel, const int list)
{
  panel->list     = list;
  panel->entry    = CN_PANEL_NONE;
  panel->typed[0] = '\0';
}

int
cn_panel_chosen(const CnPanel* const panel)
{
  return panel->chosen.kind == CN_SPOT_CONTROL ? panel->chosen.index : CN_PANEL_NONE;
}

double
cn_panel_height(const double width)
{
  return lay_out(width).height;
}

int
cn_panel_find(const CnBox* const box, const double x, const double y)
{
  const Plan plan = lay_out(box->width);
  for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
    if (cn_box_has(&plan.cells[i], x - box->x, y - box->y)) {
      return (int)i;
    }
  }
  return CN_PANEL_NONE;
}

/// Where a control is in the panel's box
static CnBox
cell_of(const Plan* const plan, const CnBox* const box, const size_t control)
{
  const CnBox* const cell = &plan->cells[control];
  return (CnBox){cell->x + box->x, cell->y + box->y, cell->width, cell->height};
}

CnBox
cn_panel_place(const CnBox* const box, const int control)
{
  const Plan plan = lay_out(box->width);
  return cell_of(&plan, box, (size_t)control);
}

// Drawing

static void
draw_knob(cairo_t* const cr, const CnTheme* const theme, const double x, const double y, const double place,
          const double usual)
{
  const double from = TURN_FROM + TURN_BY * usual;
  const double to   = TURN_FROM + TURN_BY * place;
  cairo_set_line_width(cr, 3.5);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cn_paint_color(cr, theme->line, 1.0);
  cairo_new_path(cr);
  cairo_arc(cr, x, y, KNOB, TURN_FROM, TURN_FROM + TURN_BY);
  cairo_stroke(cr);
  cn_paint_color(cr, theme->plays, 1.0); // From the default to where it is
  cairo_arc(cr, x, y, KNOB, fmin(from, to), fmax(from, to) + 1e-3);
  cairo_stroke(cr);
  cn_paint_color(cr, theme->ink, 1.0);
  cairo_set_line_width(cr, 2.5);
  cairo_move_to(cr, x + 0.35 * KNOB * cos(to), y + 0.35 * KNOB * sin(to));
  cairo_line_to(cr, x + 0.8 * KNOB * cos(to), y + 0.8 * KNOB * sin(to));
  cairo_stroke(cr);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

static void
draw_switch(cairo_t* const cr, const CnTheme* const theme, const double x, const double y, const bool is_on)
{
  const CnBox slot = {x - 19.0, y - 10.0, 38.0, 20.0};
  cn_paint_color(cr, is_on ? theme->plays : theme->line, 1.0);
  cn_paint_box(cr, &slot, 10.0);
  cn_paint_color(cr, is_on ? theme->ground : theme->faint, 1.0);
  cairo_arc(cr, is_on ? x + 9.0 : x - 9.0, y, 7.0, 0.0, 2.0 * PI);
  cairo_fill(cr);
}

/// A button for what happens once, or the box of a list
static void
draw_button(cairo_t* const cr, const CnTheme* const theme, const CnBox* const cell, const char* const text,
            const bool is_list)
{
  const CnBox  box  = {cell->x + 3.0, cell->y + KNOB_Y - 13.0, cell->width - 6.0, 27.0};
  const double room = box.width - (is_list ? 22.0 : 8.0);
  cn_paint_plate(cr, theme, &box, 5.0, theme->line, 1.0);
  cn_paint_color(cr, theme->ink, 1.0);
  cn_paint_text(cr, is_list ? box.x + 8.0 : box.x + 0.5 * box.width, box.y + 17.5, 11.5,
                is_list ? CN_TEXT_LEFT : CN_TEXT_CENTER, room, text);
  if (is_list) {
    const double x = box.x + box.width - 10.0;
    const double y = box.y + 12.0;
    cn_paint_color(cr, theme->faint, 1.0);
    cairo_move_to(cr, x - 3.5, y);
    cairo_line_to(cr, x, y + 4.0);
    cairo_line_to(cr, x + 3.5, y);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
  }
}

static void
draw_body(cairo_t* const cr, const CnTheme* const theme, const CnBox* const cell,
          const CnControl* const control, const float value, const char* const text)
{
  const double middle = cell->x + 0.5 * cell->width;
  if (control->is_trigger) {
    draw_button(cr, theme, cell, "New", false);
  } else if (control->is_toggled) {
    draw_switch(cr, theme, middle, cell->y + KNOB_Y, value > 0.0F);
  } else if (control->is_choice) {
    draw_button(cr, theme, cell, text, true);
  } else {
    draw_knob(cr, theme, middle, cell->y + KNOB_Y, cn_control_place(control, value),
              cn_control_place(control, control->usual));
  }
}

static void
draw_control(cairo_t* const cr, const CnTheme* const theme, const CnBox* const cell,
             const CnPanel* const panel, const int index)
{
  const CnControl* const control = &cn_controls[index];
  const bool             is_hot  = panel->hot.kind == CN_SPOT_CONTROL && panel->hot.index == index;
  const bool             chosen  = cn_panel_chosen(panel) == index;
  const bool             typing  = chosen && panel->typed[0];
  const double           middle  = cell->x + 0.5 * cell->width;
  char                   text[64];
  cn_control_print(control, panel->values[index], text, sizeof(text));
  if (is_hot || chosen) {
    const CnBox inner = {cell->x + 1.0, cell->y, cell->width - 2.0, cell->height};
    cn_paint_color(cr, theme->ink, chosen ? 0.09 : 0.05);
    cn_paint_box(cr, &inner, 6.0);
    if (chosen) {
      cairo_set_line_width(cr, 1.0);
      cn_paint_color(cr, theme->ink, 0.5);
      cn_paint_frame(cr, &inner, 6.0);
    }
  }
  draw_body(cr, theme, cell, control, panel->values[index], text);
  if (typing) {
    snprintf(text, sizeof(text), "%s_", panel->typed);
  }
  if (typing || (!control->is_choice && !control->is_trigger)) {
    cn_paint_color(cr, typing ? theme->plays : theme->ink, 1.0);
    cn_paint_text(cr, middle, cell->y + VALUE_Y, 12.0, CN_TEXT_CENTER, cell->width - 4.0, text);
  }
  cn_paint_color(cr, theme->faint, 1.0);
  cn_paint_wrapped(cr, middle, cell->y + NAME_Y, 10.5, NAME_LINE, cell->width - 4.0, control->name);
}

void
cn_panel_draw(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
              const CnPanel* const panel)
{
  const Plan plan = lay_out(box->width);
  for (size_t i = 0; i < plan.n_heads; ++i) {
    const double x = box->x + plan.heads[i].x;
    const double y = box->y + plan.heads[i].y;
    cn_paint_color(cr, theme->line, 1.0);
    cairo_rectangle(cr, floor(x) + 3.0, floor(y) + 16.0, plan.heads[i].width - 6.0, 1.0);
    cairo_fill(cr);
    cn_paint_color(cr, theme->faint, 1.0);
    cn_paint_bold(cr, x + 3.0, y + 11.0, 11.0, CN_TEXT_LEFT, 0.0, cn_control_groups[plan.groups[i]].name);
  }
  for (size_t i = 0; i < cn_panel_n_controls(); ++i) {
    const CnBox cell = cell_of(&plan, box, i);
    draw_control(cr, theme, &cell, panel, (int)i);
  }
}

// Lists

size_t
cn_panel_n_entries(const CnPanel* const panel)
{
  return panel->list == CN_PANEL_NONE     ? 0
         : panel->list == CN_LIST_PRESETS ? cn_n_presets
         : panel->list == CN_LIST_BAR     ? CN_N_BAR_DOS
                                          : cn_controls[panel->list].n_points;
}

static const char*
bar_label(const CnPanel* const panel, const size_t entry)
{
  static const char* const labels[CN_N_BAR_DOS] = {[CN_BAR_DO_KEEP]    = "Keep as it is",
                                                   [CN_BAR_DO_ANOTHER] = "Another way",
                                                   [CN_BAR_DO_REST]    = "Rest",
                                                   [CN_BAR_DO_FREE]    = "Free again",
                                                   [CN_BAR_DO_CHORD]   = "No chord, or type one",
                                                   [CN_BAR_DO_UNDO]    = "Undo"};
  return entry == CN_BAR_DO_CHORD && panel->typed[0] ? panel->typed : labels[entry];
}

static const char*
entry_label(const CnPanel* const panel, const size_t entry)
{
  if (panel->list == CN_LIST_BAR) {
    return bar_label(panel, entry);
  }
  return panel->list == CN_LIST_PRESETS ? cn_presets[entry].label
                                        : cn_controls[panel->list].points[entry].label;
}

static bool
is_entry_set(const CnPanel* const panel, const size_t entry)
{
  if (panel->list == CN_LIST_BAR) {
    return entry == CN_BAR_DO_CHORD && panel->typed[0];
  }
  return panel->list == CN_LIST_PRESETS
             ? panel->preset == (int)entry
             : fabsf(cn_controls[panel->list].points[entry].value - panel->values[panel->list]) < 0.5F;
}

/// Where the open list is: over its control, within the room; presets at the room's top right
static CnBox
place_list(const CnBox* const box, const CnBox* const room, const CnPanel* const panel)
{
  const size_t n       = cn_panel_n_entries(panel);
  const size_t columns = (n + CN_LIST_COLUMN - 1) / CN_LIST_COLUMN;
  const size_t lines   = n < CN_LIST_COLUMN ? n : CN_LIST_COLUMN;
  CnBox        list    = {0.0, 0.0, (double)columns * LIST_WIDTH + 8.0, (double)lines * LINE + 8.0};
  if (panel->list == CN_LIST_PRESETS) {
    list.x = room->x + room->width - list.width - 12.0;
    list.y = room->y + 46.0;
  } else if (panel->list == CN_LIST_BAR) {
    list.x = panel->bar_x;
    list.y = panel->bar_y;
  } else {
    const CnBox cell = cn_panel_place(box, panel->list);
    list.x           = cell.x;
    list.y           = cell.y + KNOB_Y - list.height - 16.0;
  }
  list.x = fmax(fmin(list.x, room->x + room->width - list.width - 4.0), room->x + 4.0);
  list.y = fmax(fmin(list.y, room->y + room->height - list.height - 4.0), room->y + 4.0);
  return list;
}

static CnBox
place_entry(const CnBox* const list, const size_t entry)
{
  const size_t column = entry / CN_LIST_COLUMN;
  const size_t line   = entry % CN_LIST_COLUMN;
  return (CnBox){list->x + 4.0 + (double)column * LIST_WIDTH, list->y + 4.0 + (double)line * LINE, LIST_WIDTH,
                 LINE};
}

void
cn_panel_draw_list(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
                   const CnBox* const room, const CnPanel* const panel)
{
  if (panel->list == CN_PANEL_NONE) {
    return;
  }
  const CnBox list = place_list(box, room, panel);
  cn_paint_plate(cr, theme, &list, 7.0, theme->faint, 0.6);
  for (size_t i = 0; i < cn_panel_n_entries(panel); ++i) {
    const CnBox line = place_entry(&list, i);
    if (panel->entry == (int)i) {
      cn_paint_color(cr, theme->ink, 0.1);
      cn_paint_box(cr, &line, 4.0);
    }
    cn_paint_color(cr, is_entry_set(panel, i) ? theme->plays : theme->ink, 1.0);
    cn_paint_text(cr, line.x + 10.0, line.y + 15.5, 12.5, CN_TEXT_LEFT, LIST_WIDTH - 20.0,
                  entry_label(panel, i));
  }
}

int
cn_panel_find_entry(const CnBox* const box, const CnBox* const room, const CnPanel* const panel,
                    const double x, const double y)
{
  const CnBox list = place_list(box, room, panel);
  for (size_t i = 0; i < cn_panel_n_entries(panel); ++i) {
    const CnBox line = place_entry(&list, i);
    if (cn_box_has(&line, x, y)) {
      return (int)i;
    }
  }
  return CN_PANEL_NONE;
}
