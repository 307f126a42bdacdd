// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file face.h
   The whole window: a function of what it knows onto a cairo context.  All thread class WORKER.
*/

#ifndef CN_FACE_H
#define CN_FACE_H

#include "plugin/draw/panel.h"
#include "plugin/draw/roll.h"
#include "plugin/wire/scene.h"

#include <cairo.h>

#include <stdbool.h>
#include <stdint.h>

#define CN_FACE_WIDTH 1080 ///< [units] as it opens
#define CN_FACE_HEIGHT 820
#define CN_FACE_MIN_WIDTH 680 ///< [units] at least; all is drawn smaller there
#define CN_FACE_MIN_HEIGHT 480
#define CN_FACE_MIN_FIT 0.4 ///< Nothing is drawn smaller than that

#define CN_FACE_BARS 9.0       ///< [bars] shown at first
#define CN_FACE_FEWEST 2.0     ///< [bars] at least
#define CN_FACE_MOST 64.0      ///< [bars] at most
#define CN_FACE_MAX_BACK 23040 ///< [ticks] that can be scrolled back

/// A chord that is being dragged
typedef struct {
  int32_t chord; ///< CN_CHORD_NONE: none is
  int32_t from;  ///< Bar that it was taken from; CN_FACE_NO_BAR: the tray
  int32_t onto;  ///< Bar that it is over; CN_FACE_NO_BAR: none
  double  x;     ///< [units] where it is
  double  y;
  bool    is_copy; ///< It stays where it was, too
} CnCarried;

#define CN_FACE_NO_BAR (-1)

/// Bars that are marked, to be saved or dragged
typedef struct {
  bool    is_set;
  int32_t first; ///< Number of a bar at one end, from 0
  int32_t last;  ///< At the other end
} CnMark;

#define CN_FACE_SAID 320 ///< [bytes] of what is said, with its null

/// What came of files, said for a while
typedef struct {
  char text[CN_FACE_SAID]; ///< Empty: nothing
  bool warns;              ///< Nothing came of them
} CnSaid;

/// All that is shown
typedef struct {
  CnScene   scene;
  CnPanel   panel;
  CnTheme   theme;
  CnCarried carried;
  CnMark    mark;
  CnSaid    said;
  double    tick; ///< [ticks] of the playhead now
  double    bars; ///< [bars] shown
  double    back; ///< [ticks] scrolled back
} CnFace;

/// What is where [units]
typedef struct {
  CnBox all;
  CnBox turn;
  CnBox presets;
  CnBox save;
  CnBox panic;
  CnBox model; ///< Its name, a part of `turn`
  CnBox tray;  ///< Chords to be dragged
  CnBox phrase;
  CnBox roll;
  CnBox panel;
  CnBox tip; ///< What can be done, or what came of files
} CnFaceLayout;

/// Prepare to show nothing yet.  Thread: WORKER
void
cn_face_init(CnFace* face, bool is_dark);

/// Say what is where in a window of that size [units].  Thread: WORKER
CnFaceLayout
cn_face_layout(double width, double height);

/// How much smaller than usual all must be drawn to have room in a window of that size [units], 1 at most.
/// Thread: WORKER
double
cn_face_fit(double width, double height);

/// The bars that are marked, from the first of them to the last.  Thread: WORKER
CnMark
cn_face_marked(const CnFace* face);

/// True if a bar is marked.  Thread: WORKER
bool
cn_face_is_marked(const CnFace* face, int32_t bar);

/// What of the take is in view in the roll's box.  Thread: WORKER
CnRollView
cn_face_view(const CnFace* face, const CnBox* roll);

/// Draw everything.  Thread: WORKER
void
cn_face_draw(cairo_t* cr, const CnFace* face, double width, double height);

/// What lies under a point.  Thread: WORKER
CnSpot
cn_face_find(const CnFace* face, double width, double height, double x, double y);

#endif // CN_FACE_H
