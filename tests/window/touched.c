// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/touched.h"

#include "plugin/draw/track.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
change(void* const handle, const uint32_t port, const float value)
{
  CnTouched* const host = handle;
  host->values[port]    = value;
  ++host->n_changes;
}

static void
grab(void* const handle, const uint32_t port, const bool grabbed)
{
  (void)port;
  ((CnTouched*)handle)->n_grabs += grabbed;
  ((CnTouched*)handle)->n_releases += !grabbed;
}

static void
panic(void* const handle)
{
  ++((CnTouched*)handle)->n_panics;
}

static void
model(void* const handle)
{
  ++((CnTouched*)handle)->n_models;
}

static void
write_down(void* const handle, const CnSheet* const sheet)
{
  ((CnTouched*)handle)->sheet = *sheet;
  ++((CnTouched*)handle)->n_writes;
}

static void
undo(void* const handle)
{
  ++((CnTouched*)handle)->n_undos;
}

static void
phrase(void* const handle)
{
  ++((CnTouched*)handle)->n_phrases;
}

static void
save(void* const handle)
{
  ++((CnTouched*)handle)->n_saves;
}

static void
drag(void* const handle)
{
  ++((CnTouched*)handle)->n_drags;
}

int
cn_touched_set_up(void** state)
{
  CnTouched* const host = calloc(1, sizeof(CnTouched));
  CnFace* const    face = malloc(sizeof(CnFace));
  cn_face_init(face, true);
  host->touch = (CnTouch){.face   = face,
                          .host   = {host, change, grab, panic, model, write_down, undo, save, drag, phrase},
                          .width  = CN_TOUCHED_WIDTH,
                          .height = CN_TOUCHED_HEIGHT};
  *state      = host;
  return 0;
}

int
cn_touched_tear_down(void** state)
{
  CnTouched* const host = *state;
  free(host->touch.face);
  free(host);
  return 0;
}

CnPanel*
cn_touched_panel(CnTouched* const host)
{
  return &host->touch.face->panel;
}

CnFaceLayout
cn_touched_layout(void)
{
  return cn_face_layout(CN_TOUCHED_WIDTH, CN_TOUCHED_HEIGHT);
}

void
cn_touched_middle(const CnPort port, double* const x, double* const y)
{
  const CnFaceLayout layout = cn_touched_layout();
  const CnBox        cell   = cn_panel_place(&layout.panel, (int)cn_control_of_port(port));
  *x                        = cell.x + 0.5 * cell.width;
  *y                        = cell.y + 0.3 * cell.height;
}

void
cn_touched_click(CnTouched* const host, const CnPort port)
{
  double x = 0.0;
  double y = 0.0;
  cn_touched_middle(port, &x, &y);
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
}

void
cn_touched_choose(CnTouched* const host, const int index)
{
  for (int y = 0; y < (int)CN_TOUCHED_HEIGHT; y += 4) {
    for (int x = 0; x < (int)CN_TOUCHED_WIDTH; x += 4) {
      const CnSpot spot = cn_face_find(host->touch.face, CN_TOUCHED_WIDTH, CN_TOUCHED_HEIGHT, x, y);
      if (spot.kind == CN_SPOT_ENTRY && (int)spot.index == index) {
        cn_touch_press(&host->touch, x, y, 5000);
        return;
      }
    }
  }
  fail();
}

CnBox
cn_touched_click_bar(CnTouched* const host, const double share)
{
  const CnFaceLayout layout = cn_touched_layout();
  const double       x      = layout.roll.x + share * layout.roll.width;
  const double       y      = layout.roll.y + 100.0;
  cn_touch_move(&host->touch, x, y, false);
  cn_touch_press(&host->touch, x, y, host->time += 1000);
  cn_touch_release(&host->touch);
  assert_int_equal(host->touch.face->panel.list, CN_LIST_BAR);
  return (CnBox){x, y, 0.0, 0.0};
}

void
cn_touched_show_bars(CnTouched* const host)
{
  CnScene* const scene    = &host->touch.face->scene;
  scene->has_state        = true;
  scene->state.bar        = (CnBar){10 * 96, 96};
  scene->state.beat       = 24.0F;
  scene->state.bar_number = 10;
  host->touch.face->tick  = 10 * 96.0;
}

CnBox
cn_touched_bar(const CnTouched* const host, const int32_t bar)
{
  const CnFace* const face = host->touch.face;
  const CnBox         roll = cn_touched_layout().roll;
  const CnRollView    view = cn_face_view(face, &roll);
  return cn_track_place(&face->scene, &roll, &view, bar);
}
