// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/marks.h"

#include "plugin/touch/bars.h"

static void
mark(CnTouch* const self, const double x)
{
  const int32_t first = cn_bars_at(self, self->down_x);
  const int32_t last  = cn_bars_at(self, x);
  if (self->face->scene.has_state) {
    self->face->mark = (CnMark){true, first > 0 ? first : 0, last > 0 ? last : 0};
  }
}

void
cn_marks_pull(CnTouch* const self, const double x, const bool shifted)
{
  CnFace* const face = self->face;
  if (self->pull == CN_PULL_NOTHING) {
    const bool is_marked = cn_face_is_marked(face, cn_bars_at(self, self->down_x));
    self->pull           = shifted ? CN_PULL_MARKS : is_marked ? CN_PULL_TAKES : CN_PULL_SCROLLS;
  }
  if (self->pull == CN_PULL_SCROLLS) {
    const CnFaceLayout layout = cn_face_layout(self->width, self->height);
    cn_bars_scroll(face, (x - self->last_x) * face->bars / layout.roll.width);
  } else if (self->pull == CN_PULL_MARKS && self->moved) {
    mark(self, x);
  } else if (self->pull == CN_PULL_TAKES && self->moved) {
    self->held = (CnSpot){CN_SPOT_NOTHING, 0};
    self->host.drag(self->host.handle);
  }
}

void
cn_marks_click(CnTouch* const self)
{
  if (!cn_face_is_marked(self->face, cn_bars_at(self, self->last_x))) {
    self->face->mark.is_set = false;
  }
}

bool
cn_marks_key(CnTouch* const self)
{
  CnMark* const mark = &self->face->mark;
  const int32_t bar  = self->face->panel.bar;
  if (!self->face->scene.has_state) {
    return false;
  }
  if (cn_face_is_marked(self->face, bar)) {
    mark->is_set = false;
  } else if (mark->is_set) {
    mark->last = bar;
  } else {
    *mark = (CnMark){true, bar, bar};
  }
  return true;
}
