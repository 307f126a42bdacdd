// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file tray.h
   Chords at hand, to be dragged onto bars: those of the key.  All thread class WORKER.
*/

#ifndef CN_TRAY_H
#define CN_TRAY_H

#include "plugin/draw/panel.h"
#include "plugin/wire/scene.h"

#include <cairo.h>

#include <stdint.h>

#define CN_TRAY_CHORDS 8

/// Of which key they are, as scale.h numbers keys: the one that the musician plays in, or else that of Root
/// and Scale.  Thread: WORKER
int
cn_tray_key(const CnScene* scene, const CnPanel* panel);

/// A chord of a key, by its index in the tray.  Thread: WORKER
int32_t
cn_tray_chord(int key, int index);

/// Where a chord lies in the tray's box.  Thread: WORKER
CnBox
cn_tray_place(const CnBox* box, int index);

/// Index of the chord under a point, or CN_PANEL_NONE.  Thread: WORKER
int
cn_tray_find(const CnBox* box, double x, double y);

/// Draw the chords of a key.  Thread: WORKER
void
cn_tray_draw(cairo_t* cr, const CnTheme* theme, const CnBox* box, int key, const CnSpot* hot);

#endif // CN_TRAY_H
