// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file touched.h
   A window in no window system under the hands of a test, and what its host hears.
*/

#ifndef CN_TOUCHED_H
#define CN_TOUCHED_H

#include "plugin/lv2/ports.h"
#include "plugin/touch/touch.h"

#include <stdint.h>

#define CN_TOUCHED_WIDTH ((double)CN_FACE_WIDTH)
#define CN_TOUCHED_HEIGHT ((double)CN_FACE_HEIGHT)

/// The host: what came last of each port, and how often anything did
typedef struct {
  CnTouch  touch;
  float    values[CN_N_PORTS];
  unsigned n_changes;
  unsigned n_panics;
  unsigned n_models;
  unsigned n_phrases;
  unsigned n_undos;
  unsigned n_saves;
  unsigned n_drags;
  CnSheet  sheet; ///< That was written down last
  unsigned n_writes;
  unsigned n_grabs;
  unsigned n_releases; ///< Of what was grabbed
  uint32_t time;
} CnTouched;

/// A test that begins with one, which has a face of nothing
#define CN_TOUCHED_TEST(f) cmocka_unit_test_setup_teardown(f, cn_touched_set_up, cn_touched_tear_down)

/// Make one; set-up function of cmocka
int
cn_touched_set_up(void** state);

/// End it; tear-down function of cmocka
int
cn_touched_tear_down(void** state);

/// The controls and lists of its face
CnPanel*
cn_touched_panel(CnTouched* host);

/// What is where in it
CnFaceLayout
cn_touched_layout(void);

/// Where a control is [units]
void
cn_touched_middle(CnPort port, double* x, double* y);

/// Press at a control and let go; a second after the last time
void
cn_touched_click(CnTouched* host, CnPort port);

/// Click an entry of the open list, which must be somewhere
void
cn_touched_choose(CnTouched* host, int index);

/// Open the list of a bar by a click on the roll, at a share of its width.  @return Where that was
CnBox
cn_touched_click_bar(CnTouched* host, double share);

/// Tell that the music is at bar 11
void
cn_touched_show_bars(CnTouched* host);

/// Where a bar of the roll is; bars count from 0
CnBox
cn_touched_bar(const CnTouched* host, int32_t bar);

#endif // CN_TOUCHED_H
