// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/touch/bars.h"

#include "plugin/draw/track.h"
#include "plugin/draw/tray.h"
#include "plugin/touch/typed.h"

#include "dsp/music/chord.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define ZOOM 1.25 ///< By a notch
#define SHARE 0.5 ///< Of what is seen that a page key goes

/// What is written down for a bar once something is done to it
static CnSheetBar
revise(CnSheetBar bar, const CnBarDo what)
{
  switch (what) {
  case CN_BAR_DO_KEEP:
    bar.stands = CN_BAR_KEPT;
    break;
  case CN_BAR_DO_REST:
    bar.stands = CN_BAR_RESTS;
    break;
  case CN_BAR_DO_FREE:
    bar = (CnSheetBar){bar.bar, bar.chord, 0, CN_BAR_FREE};
    break;
  case CN_BAR_DO_ANOTHER:
    bar.stands  = CN_BAR_FREE;
    bar.another = bar.another % CN_SHEET_ANOTHER_MAX + 1;
    break;
  case CN_BAR_DO_CHORD:
  case CN_BAR_DO_UNDO:
    break;
  }
  return bar;
}

/// Do something to a bar, or to all that are marked if it is one of them; false if there is no room
static bool
revise_bars(const CnFace* const face, const CnBarDo what, CnSheet* const sheet)
{
  const int32_t bar   = face->panel.bar;
  const CnMark  mark  = cn_face_marked(face);
  const bool    all   = cn_face_is_marked(face, bar);
  const int32_t first = all ? mark.first : bar;
  const int32_t last  = all ? mark.last : bar;
  for (int32_t b = first; b <= last; ++b) {
    if (!cn_sheet_write(sheet, revise(cn_sheet_read(sheet, b), what))) {
      return false;
    }
  }
  return true;
}

/// Write a chord over a bar, or none; false if there is no room
static bool
write_chord(CnSheet* const sheet, const int32_t number, const int32_t chord)
{
  CnSheetBar bar = cn_sheet_read(sheet, number);
  bar.chord      = chord;
  return cn_sheet_write(sheet, bar);
}

/// Write the chord that was typed, or none; false if it is no chord
static bool
write_typed(const CnPanel* const panel, CnSheet* const sheet)
{
  const int32_t chord = cn_chord_parse(panel->typed);
  return (!panel->typed[0] || chord != CN_CHORD_NONE) && write_chord(sheet, panel->bar, chord);
}

void
cn_bars_revise(CnTouch* const self, const CnBarDo what)
{
  CnFace* const face    = self->face;
  CnSheet       revised = face->scene.sheet;
  if (what == CN_BAR_DO_UNDO) {
    self->host.undo(self->host.handle);
  } else if (what == CN_BAR_DO_CHORD ? write_typed(&face->panel, &revised)
                                     : revise_bars(face, what, &revised)) {
    face->scene.sheet = revised; // Until the plugin tells what came of it
    self->host.write(self->host.handle, &face->scene.sheet);
  }
}

// The part of the roll that is seen

void
cn_bars_scroll(CnFace* const face, const double bars)
{
  face->back = fmin(fmax(face->back + bars * cn_track_bar_length(&face->scene), 0.0), CN_FACE_MAX_BACK);
}

void
cn_bars_zoom(CnFace* const face, const int notches)
{
  face->bars = fmin(fmax(face->bars * pow(ZOOM, -notches), CN_FACE_FEWEST), CN_FACE_MOST);
}

static CnBox
roll_of(const CnTouch* const self)
{
  return cn_face_layout(self->width, self->height).roll;
}

int32_t
cn_bars_at(const CnTouch* const self, const double x)
{
  const CnFace* const face = self->face;
  const CnBox         roll = roll_of(self);
  const CnRollView    view = cn_face_view(face, &roll);
  return cn_track_bar_at(&face->scene, &roll, &view, x);
}

/// Number of the first bar that is seen
static int32_t
first_seen(const CnTouch* const self)
{
  return cn_bars_at(self, roll_of(self).x + CN_ROLL_KEYS + 1.0);
}

static CnBox
place_of(const CnTouch* const self, const int32_t bar)
{
  const CnFace* const face = self->face;
  const CnBox         roll = roll_of(self);
  const CnRollView    view = cn_face_view(face, &roll);
  return cn_track_place(&face->scene, &roll, &view, bar);
}

void
cn_bars_open(CnTouch* const self, const int32_t bar, const double x, const double y)
{
  CnPanel* const panel = &self->face->panel;
  if (self->face->scene.has_state && bar >= 0) {
    cn_panel_list(panel, CN_LIST_BAR);
    panel->bar   = bar;
    panel->bar_x = x;
    panel->bar_y = y;
  }
}

void
cn_bars_go(CnTouch* const self, const int by)
{
  CnPanel* const panel = &self->face->panel;
  const CnBox    roll  = roll_of(self);
  const double   left  = roll.x + CN_ROLL_KEYS;
  const double   right = roll.x + roll.width;
  const CnBox    place = place_of(self, panel->bar + by);
  if (by < 0 && place.x < left) {
    cn_bars_scroll(self->face, (left - place.x) / place.width);
  } else if (by > 0 && place.x + place.width > right) {
    cn_bars_scroll(self->face, (right - place.x - place.width) / place.width);
  }
  const int32_t first = first_seen(self);
  const int32_t last  = cn_bars_at(self, right - 1.0);
  const int32_t bar   = by ? panel->bar + by : panel->bar;
  const bool    known = bar >= first && bar <= last;
  const int32_t here  = by == 0 && !known ? cn_bars_at(self, left + (right - left) / 3.0 + 1.0)
                        : bar < first     ? first
                        : bar > last      ? last
                                          : bar;
  panel->bar          = here < 0 ? 0 : here;
}

/// Go back by most of what is seen, or forward
static void
turn_page(CnTouch* const self, const int by)
{
  const int32_t before = first_seen(self);
  cn_bars_scroll(self->face, by * SHARE * self->face->bars);
  self->face->panel.bar += first_seen(self) - before;
  cn_bars_go(self, 0);
}

// A chord between the fingers

void
cn_bars_carry(CnTouch* const self, const double x, const double y, const bool copies)
{
  CnFace* const    face    = self->face;
  CnCarried* const carried = &face->carried;
  const CnBox      roll    = roll_of(self);
  if (carried->chord == CN_CHORD_NONE) {
    const bool is_new = self->held.kind == CN_SPOT_CHORD;
    carried->from     = is_new ? CN_FACE_NO_BAR : self->held.index;
    carried->chord    = is_new ? cn_tray_chord(cn_tray_key(&face->scene, &face->panel), self->held.index)
                               : cn_sheet_read(&face->scene.sheet, self->held.index).chord;
  }
  const int32_t bar = cn_box_has(&roll, x, y) && face->scene.has_state ? cn_bars_at(self, x) : CN_FACE_NO_BAR;
  carried->onto     = bar >= 0 ? bar : CN_FACE_NO_BAR;
  carried->x        = x;
  carried->y        = y;
  carried->is_copy  = copies;
}

void
cn_bars_drop(CnTouch* const self)
{
  CnSheet* const  sheet   = &self->face->scene.sheet;
  const CnCarried carried = self->face->carried;
  bool            changes = false;
  self->face->carried     = (CnCarried){.chord = CN_CHORD_NONE};
  if (carried.from == carried.onto) {
    return;
  }
  if (carried.from != CN_FACE_NO_BAR && !carried.is_copy) {
    changes |= write_chord(sheet, carried.from, CN_CHORD_NONE);
  }
  if (carried.onto != CN_FACE_NO_BAR) {
    changes |= write_chord(sheet, carried.onto, carried.chord);
    self->face->panel.bar    = carried.onto;
    self->face->panel.chosen = (CnSpot){CN_SPOT_ROLL, 0};
  }
  if (changes) {
    self->host.write(self->host.handle, sheet);
  }
}

// Keys

bool
cn_bars_type(CnTouch* const self, const CnKeys key, const char letter)
{
  CnPanel* const panel = &self->face->panel;
  if (key == CN_KEYS_ENTER && panel->typed[0]) {
    cn_bars_revise(self, CN_BAR_DO_CHORD);
    cn_panel_list(panel, CN_PANEL_NONE);
    return true;
  }
  if (key == CN_KEYS_ERASE) {
    cn_typed_erase(panel);
    return true; // With nothing to erase, too: in hosts it may delete what is selected
  }
  return key == CN_KEYS_TEXT && (isalnum((unsigned char)letter) || (letter && strchr("#/+-", letter))) &&
         cn_typed_add(panel, letter);
}

/// List what can be done to the bar that the keyboard is at
static void
open_here(CnTouch* const self)
{
  const int32_t bar   = self->face->panel.bar;
  const CnBox   place = place_of(self, bar);
  cn_bars_open(self, bar, fmax(place.x, roll_of(self).x + CN_ROLL_KEYS) + 0.5 * fmin(place.width, 40.0),
               place.y + CN_ROLL_RULER + 10.0);
}

/// Show what is played now
static void
go_home(CnTouch* const self)
{
  self->face->back      = 0.0;
  self->face->panel.bar = -1;
  cn_bars_go(self, 0);
}

/// Press a letter for the bar that the keyboard is at: what is to be done to it, or how its chord begins
static bool
press_letter(CnTouch* const self, const char letter)
{
  static const char letters[CN_N_BAR_DOS] = {[CN_BAR_DO_KEEP]    = 'k',
                                             [CN_BAR_DO_ANOTHER] = 'n',
                                             [CN_BAR_DO_REST]    = 'r',
                                             [CN_BAR_DO_FREE]    = 'f',
                                             [CN_BAR_DO_UNDO]    = 'u'};
  if (letter == '0') {
    go_home(self);
    return true;
  }
  for (int i = 0; letter && i < CN_N_BAR_DOS; ++i) {
    if (letters[i] == letter) {
      cn_bars_revise(self, (CnBarDo)i);
      return true;
    }
  }
  if (letter < 'A' || letter > 'G') {
    return false;
  }
  open_here(self);
  return self->face->panel.list == CN_LIST_BAR && cn_bars_type(self, CN_KEYS_TEXT, letter);
}

bool
cn_bars_key(CnTouch* const self, const CnKeys key, const char letter)
{
  if (!self->face->scene.has_state) {
    return false;
  }
  switch (key) {
  case CN_KEYS_TEXT:
    return press_letter(self, letter);
  case CN_KEYS_LEFT:
    cn_bars_go(self, -1);
    break;
  case CN_KEYS_RIGHT:
    cn_bars_go(self, 1);
    break;
  case CN_KEYS_UP:
    cn_bars_zoom(self->face, 1);
    break;
  case CN_KEYS_DOWN:
    cn_bars_zoom(self->face, -1);
    break;
  case CN_KEYS_PAGE_UP:
    turn_page(self, 1);
    break;
  case CN_KEYS_PAGE_DOWN:
    turn_page(self, -1);
    break;
  case CN_KEYS_HOME:
    go_home(self);
    break;
  case CN_KEYS_ENTER:
    open_here(self);
    break;
  case CN_KEYS_ERASE:
    cn_bars_revise(self, CN_BAR_DO_CHORD);
    break;
  default:
    return false;
  }
  return true;
}
