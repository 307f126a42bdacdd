// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file window_host.h
   A host of the built window under an X server, and a mouse for it.
*/

#ifndef CN_WINDOW_HOST_H
#define CN_WINDOW_HOST_H

#include "tests/host/host_features.h"

#include "plugin/draw/paint.h"
#include "plugin/file/letter.h"
#include "plugin/lv2/ports.h"
#include "plugin/wire/wire.h"

#include <X11/Xlib.h>
#include <lv2/ui/ui.h>

#include <stdint.h>

typedef struct {
  Display*                display; ///< Null: there is no X server
  const LV2UI_Descriptor* descriptor;
  CnHostFeatures          features;
  uint32_t                n_asks;
  Time                    time;        ///< [ms] of what the mouse does
  char                    written[64]; ///< For bars
  CnWireSave              wish;        ///< The last file that was asked for
  char                    path[CN_PATH_SIZE];
  char                    told[CN_PATH_SIZE]; ///< The last file that the plugin is to use
  char                    property[64];       ///< As what, by its URI
  float                   values[CN_N_PORTS];
  int                     width;   ///< [pixels] that the window asked for
  int                     height;  ///< [pixels]
  LV2UI_Handle            resizes; ///< A window that it resizes when it hears of a control; null: none
  LV2UI_Resize            resizing;
} CnWindowHost;

/// Start an X server and load the window; set-up function of cmocka
int
cn_window_host_set_up(void** state);

/// Tear-down function of cmocka
int
cn_window_host_tear_down(void** state);

/// The host, or skip the test as there is no X server
CnWindowHost*
cn_window_host_of(void** state);

/// Make a window for ours to be in
Window
cn_window_host_parent(const CnWindowHost* host);

/// Open our window; null if it would not
LV2UI_Handle
cn_window_host_open(CnWindowHost* host, Window parent, float scale, Window* window);

/// Close our window, and the one that it is in
void
cn_window_host_close(const CnWindowHost* host, LV2UI_Handle handle, Window parent);

/// Let it work; 0 unless it was closed
int
cn_window_host_idle(const CnWindowHost* host, LV2UI_Handle handle);

/// Press a button of the mouse in the middle of a box, and let it go
void
cn_window_host_press_with(const CnWindowHost* host, Window window, const CnBox* box, unsigned button);

/// Press the first one
void
cn_window_host_press(const CnWindowHost* host, Window window, const CnBox* box);

/// Move the pointer, or press or release the first button, at a place of the window, as if it lay at the
/// screen's corner; `state` has the keys that are down
void
cn_window_host_point(const CnWindowHost* host, Window window, int type, double x, double y, unsigned state);

/// Mark bars 11 and 12, and begin to pull them out of the roll, in a window that knows of bar 11
void
cn_window_host_pull(const CnWindowHost* host, LV2UI_Handle handle, Window window);

/// Tell a window that the music is at bar 11
void
cn_window_host_tell(CnWindowHost* host, LV2UI_Handle handle);

/// Tell it what came of the file that it asked for last; `why` is empty if it is written
void
cn_window_host_tell_saved(CnWindowHost* host, LV2UI_Handle handle, const char* why);

#endif // CN_WINDOW_HOST_H
