// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file panel.h
   The controls in their groups, and the open list over them.

   A panel is a model of what is shown; what fingers do to it is in plugin/touch.  All thread class WORKER.
*/

#ifndef CN_PANEL_H
#define CN_PANEL_H

#include "plugin/draw/controls.h"
#include "plugin/draw/paint.h"

#include <stddef.h>
#include <stdint.h>

#define CN_PANEL_CONTROLS 64 ///< At most
#define CN_PANEL_TYPED 32    ///< [bytes] that can be typed, with the null
#define CN_PANEL_NONE (-1)   ///< No control
#define CN_LIST_COLUMN 14    ///< Lines in a column of a list

/// What lies under a point
typedef enum {
  CN_SPOT_NOTHING,
  CN_SPOT_CONTROL, ///< A control, by its index
  CN_SPOT_ENTRY,   ///< A line of the open list, by its index
  CN_SPOT_PRESETS, ///< What opens the list of presets
  CN_SPOT_SAVE,    ///< What saves a MIDI file
  CN_SPOT_PANIC,   ///< What ends all notes
  CN_SPOT_MODEL,   ///< The model's name, by which another one is chosen
  CN_SPOT_PHRASE,  ///< What chooses a phrase
  CN_SPOT_ROLL,    ///< The roll
  CN_SPOT_TRACK,   ///< A chord that is written over the roll, by its bar
  CN_SPOT_CHORD,   ///< A chord of the tray, by its index
} CnSpotKind;

typedef struct {
  CnSpotKind kind;
  int        index;
} CnSpot;

/// Lists that can be open
#define CN_LIST_PRESETS (-2)
#define CN_LIST_BAR (-3) ///< What can be done to a bar of the roll

/// What can be done to a bar, in the order of its list
typedef enum {
  CN_BAR_DO_KEEP,
  CN_BAR_DO_ANOTHER,
  CN_BAR_DO_REST,
  CN_BAR_DO_FREE,
  CN_BAR_DO_CHORD,
  CN_BAR_DO_UNDO,
} CnBarDo;

#define CN_N_BAR_DOS 6

/// What is shown of the controls
typedef struct {
  float  values[CN_PANEL_CONTROLS]; ///< By index in cn_controls
  CnSpot hot;                       ///< What is under the pointer
  CnSpot chosen;                    ///< What the keyboard acts on
  int    list;                      ///< Control whose values are listed, a list above, or CN_PANEL_NONE
  int    entry;                     ///< Line of the list that is pointed at, or CN_PANEL_NONE
  int    preset;                    ///< Preset that was chosen last, or CN_PANEL_NONE
  char   typed[CN_PANEL_TYPED];     ///< Being typed for the chosen control or the open list; empty: nothing
  int    bar;                       ///< Number of the bar whose list is open, or that the keyboard acts on
  double bar_x;                     ///< [units] where that was clicked
  double bar_y;
} CnPanel;

/// Set all to their defaults.  Thread: WORKER
void
cn_panel_init(CnPanel* panel);

/// Number of the controls that are shown.  Thread: WORKER
size_t
cn_panel_n_controls(void);

/// The value of a port, as its control can have it; 0: none is shown for it.  Thread: WORKER
float
cn_panel_value(const CnPanel* panel, uint32_t port);

/// Open a list, or close it with CN_PANEL_NONE: no line is pointed at, and nothing is typed.  Thread: WORKER
void
cn_panel_list(CnPanel* panel, int list);

/// [units] that all groups take in a width [units].  Thread: WORKER
double
cn_panel_height(double width);

/// Draw all groups.  Thread: WORKER
void
cn_panel_draw(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnPanel* panel);

/// Draw the open list on top of everything, within `room`.  Thread: WORKER
void
cn_panel_draw_list(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnBox* room,
                   const CnPanel* panel);

/// The control under a point, or CN_PANEL_NONE.  Thread: WORKER
int
cn_panel_find(const CnBox* box, double x, double y);

/// Where a control is.  Thread: WORKER
CnBox
cn_panel_place(const CnBox* box, int control);

/// The line of the open list under a point, or CN_PANEL_NONE.  Thread: WORKER
int
cn_panel_find_entry(const CnBox* box, const CnBox* room, const CnPanel* panel, double x, double y);

/// The control that the keyboard acts on, or CN_PANEL_NONE.  Thread: WORKER
int
cn_panel_chosen(const CnPanel* panel);

/// Number of lines of the open list.  Thread: WORKER
size_t
cn_panel_n_entries(const CnPanel* panel);

#endif // CN_PANEL_H
