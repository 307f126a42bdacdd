// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/turn.h"

#include "plugin/drag/dropped.h"

#include "dsp/play/notices.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PI 3.14159265358979323846
#define HEADLINE 42.0    ///< [units] Size of whose turn it is
#define RIGHT 250.0      ///< [units] Width of the transport's column
#define MARK 15.0        ///< [units] Radius of the mark before the headline
#define CARD_WIDTH 640.0 ///< [units] Of all that is known of the model
#define CARD_LINE 18.0   ///< [units]
#define CARD_EDGE 10.0   ///< [units]
#define BUSY 0.7F        ///< Load that is worth a warning
#define LONGEST_BAR 960  ///< [ticks] No longer rest is one between two notes
#define SOON_TICKS 9600  ///< [ticks] An entry farther away is none

// Values of CnModelStatus, which is another room's
enum { MODEL_PLAYS, MODEL_REFUSED, MODEL_NONE };

static void __attribute__((format(printf, 4, 5)))
say(CnTurn* const turn, const CnTurnKind kind, const char* const headline, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  turn->kind = kind;
  snprintf(turn->headline, sizeof(turn->headline), "%s", headline);
  vsnprintf(turn->detail, sizeof(turn->detail), format, args);
  va_end(args);
}

/// [bars] from that of the state to that of a tick
static double
bars_to(const CnWireState* const state, const double tick)
{
  return floor((tick - state->bar.start) / state->bar.length);
}

static double
beat_of(const CnWireState* const state, const double tick)
{
  const double bar = state->bar.start + bars_to(state, tick) * state->bar.length;
  return (tick - bar) / state->beat;
}

static void
say_entry(CnTurn* const turn, const CnWireState* const state, const double entry)
{
  char         headline[64];
  const double bar  = state->bar_number + bars_to(state, entry) + 1.0;
  const double beat = beat_of(state, entry);
  snprintf(headline, sizeof(headline), "Enters at bar %.0f", bar);
  if (fabs(beat - round(beat)) < 0.01) {
    say(turn, CN_TURN_ENTERS, headline, "on beat %.0f, if you rest", round(beat) + 1.0);
  } else {
    say(turn, CN_TURN_ENTERS, headline, "after beat %.0f, if you rest", floor(beat) + 1.0);
  }
}

/// True where Continuo rests between two notes of its own, a bar apart at most, and the musician did not play
static bool
rests_between(const CnScene* const scene, const double tick, const int32_t entry)
{
  const CnWireState* const state = &scene->state;
  const double             bar   = fmin(state->bar.length, LONGEST_BAR);
  const int32_t            own   = cn_scene_last_onset(scene, CN_LAYER_OWN, tick, bar);
  return !(state->flags & CN_WIRE_HEARS) && own != INT32_MIN && entry != INT32_MAX && entry - tick <= bar &&
         cn_scene_last_onset(scene, CN_LAYER_HEARD, tick, bar) < own;
}

/// What goes before all else that could be said, or "": what hinders it first, what limit was met last
static const char*
warning_of(const CnScene* const scene)
{
  const CnWireState* const state   = &scene->state;
  const bool               hinders = state->notice != CN_NOTICE_NONE && state->notice <= CN_NOTICE_STANDS;
  if (!scene->has_state || state->status == MODEL_NONE) {
    return "";
  }
  if (state->status == MODEL_REFUSED && !hinders) {
    return "the model was refused, and the one before plays on";
  }
  return cn_notice_text((CnNotice)state->notice);
}

CnTurn
cn_turn(const CnScene* const scene, const double tick, const bool play, const bool hold)
{
  const CnWireState* const state   = &scene->state;
  const int32_t            entry   = scene->has_state ? cn_scene_next_entry(scene, tick) : INT32_MAX;
  const char* const        warning = warning_of(scene);
  CnTurn                   turn    = {0};
  if (!scene->has_state) {
    say(&turn, CN_TURN_UNKNOWN, "Continuo", "waits for the plugin to run");
  } else if (state->status == MODEL_NONE) {
    say(&turn, CN_TURN_REFUSED, "No model", "your notes pass through; the host's log says why");
  } else if (!play) {
    say(&turn, CN_TURN_OFF, "Only listens", "Play is off");
  } else if (!(state->flags & CN_WIRE_ROLLS)) {
    say(&turn, CN_TURN_WAITS, "Waits", "%s",
        state->flags & CN_WIRE_TOLD ? "for the transport to roll" : "for your first note");
  } else if (hold) {
    say(&turn, CN_TURN_HELD, "Held", "the take stands, whatever you play or turn");
  } else if (state->flags & CN_WIRE_PLAYING || rests_between(scene, tick, entry)) {
    say(&turn, CN_TURN_PLAYS, "Plays", "until you do");
  } else if (entry != INT32_MAX && entry - tick < SOON_TICKS) {
    say_entry(&turn, state, entry);
  } else {
    say(&turn, CN_TURN_LISTENS, "Listens", "%s", state->flags & CN_WIRE_HEARS ? "you play" : "play a phrase");
  }
  if (*warning) {
    snprintf(turn.detail, sizeof(turn.detail), "%s", warning);
    turn.warns = true;
  }
  return turn;
}

static CnColor
color_of(const CnTheme* const theme, const CnTurnKind kind)
{
  switch (kind) {
  case CN_TURN_REFUSED:
    return theme->warns;
  case CN_TURN_PLAYS:
  case CN_TURN_HELD:
  case CN_TURN_ENTERS:
    return theme->plays;
  case CN_TURN_LISTENS:
    return theme->listens;
  case CN_TURN_UNKNOWN:
  case CN_TURN_OFF:
  case CN_TURN_WAITS:
    break;
  }
  return theme->faint;
}

/// A mark that tells the turns apart by its shape
static void
draw_mark(cairo_t* const cr, const double x, const double y, const CnTurnKind kind)
{
  const double r = MARK;
  cairo_new_path(cr);
  cairo_set_line_width(cr, 5.0);
  switch (kind) {
  case CN_TURN_PLAYS:
  case CN_TURN_ENTERS:
    cairo_move_to(cr, x - 0.7 * r, y - r);
    cairo_line_to(cr, x + r, y);
    cairo_line_to(cr, x - 0.7 * r, y + r);
    cairo_close_path(cr);
    break;
  case CN_TURN_HELD:
    cairo_rectangle(cr, x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
    break;
  case CN_TURN_REFUSED:
    cairo_move_to(cr, x - 0.8 * r, y - 0.8 * r);
    cairo_line_to(cr, x + 0.8 * r, y + 0.8 * r);
    cairo_move_to(cr, x + 0.8 * r, y - 0.8 * r);
    cairo_line_to(cr, x - 0.8 * r, y + 0.8 * r);
    break;
  default:
    cairo_arc(cr, x, y, 0.8 * r, 0.0, 2.0 * PI);
  }
  if (kind == CN_TURN_PLAYS || kind == CN_TURN_HELD) {
    cairo_fill(cr);
  } else {
    cairo_stroke(cr);
  }
}

/// The name of the file, without its folder and endings, or of the folder's product
static void
name_model(const char* const path, char* const name, const size_t size)
{
  snprintf(name, size, "%s", cn_dropped_name(path));
  char* const ending = strstr(name, ".safetensors");
  if (ending) {
    *ending = '\0';
  }
}

static void
draw_model(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box, const CnScene* const scene)
{
  char         name[CN_SCENE_TEXT];
  const double y    = box->y + box->height - 12.0;
  const double room = box->width - RIGHT - 24.0;
  if (!scene->path[0]) {
    return;
  }
  name_model(scene->path, name, sizeof(name));
  cn_paint_color(cr, theme->ink, 1.0);
  cn_paint_bold(cr, box->x, y, 13.0, CN_TEXT_LEFT, 0.4 * room, name);
  double x      = 0.0;
  double unused = 0.0;
  cairo_get_current_point(cr, &x, &unused);
  cn_paint_color(cr, theme->faint, 1.0);
  cn_paint_text(cr, x + 12.0, y, 13.0, CN_TEXT_LEFT, fmax(box->x + room - x - 12.0, 20.0), scene->kind);
}

static void
draw_transport(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
               const CnWireState* const state, const double tick)
{
  char         text[96];
  const double right = box->x + box->width;
  const bool   rolls = state->flags & CN_WIRE_ROLLS;
  snprintf(text, sizeof(text), "%.0f.%.0f", state->bar_number + bars_to(state, tick) + 1.0,
           floor(beat_of(state, tick) + 1e-6) + 1.0);
  cn_paint_color(cr, rolls ? theme->ink : theme->faint, 1.0);
  cn_paint_bold(cr, right, box->y + 44.0, HEADLINE, CN_TEXT_RIGHT, RIGHT, text);
  snprintf(text, sizeof(text), "%.0f/%.0f   %.0f BPM%s", state->bar.length / (double)state->beat,
           4.0 * CN_TICKS_PER_QUARTER / (double)state->beat, (double)state->tempo,
           state->flags & CN_WIRE_TOLD ? "" : "   own time");
  cn_paint_color(cr, theme->faint, 1.0);
  cn_paint_text(cr, right, box->y + 66.0, 14.0, CN_TEXT_RIGHT, RIGHT, text);
}

/// How hard it works, and what came of that
static void
draw_load(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
          const CnWireState* const state)
{
  char       text[96];
  const bool is_bad = state->late > 0 || state->engine_load > BUSY || state->audio_load > BUSY;
  int n = snprintf(text, sizeof(text), "audio %.1f %%   thought %.0f %%", 100.0 * (double)state->audio_load,
                   100.0 * (double)state->engine_load);
  if (state->late > 0 && n > 0 && (size_t)n < sizeof(text)) { // Else it is no load, but garbage
    snprintf(text + n, sizeof(text) - (size_t)n, "   %u late", (unsigned)state->late);
  }
  cn_paint_color(cr, is_bad ? theme->warns : theme->faint, 1.0);
  cn_paint_text(cr, box->x + box->width, box->y + box->height - 12.0, 12.0, CN_TEXT_RIGHT, RIGHT, text);
}

void
cn_turn_draw(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
             const CnScene* const scene, const CnTurn* const turn, const double tick)
{
  const double x    = box->x + 2.0 * MARK + 14.0;
  const double room = box->width - RIGHT - 2.0 * MARK - 30.0;
  cn_paint_color(cr, color_of(theme, turn->kind), 1.0);
  draw_mark(cr, box->x + MARK + 1.0, box->y + 30.0, turn->kind);
  cn_paint_bold(cr, x, box->y + 44.0, HEADLINE, CN_TEXT_LEFT, room, turn->headline);
  cn_paint_color(cr, turn->warns ? theme->warns : theme->faint, 1.0);
  cn_paint_text(cr, x, box->y + 66.0, 15.0, CN_TEXT_LEFT, room, turn->detail);
  draw_model(cr, theme, box, scene);
  if (scene->has_state) {
    draw_transport(cr, theme, box, &scene->state, tick);
    draw_load(cr, theme, box, &scene->state);
  }
}

void
cn_turn_draw_card(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
                  const CnScene* const scene)
{
  const double   room  = fmin(box->width, CARD_WIDTH) - 2.0 * CARD_EDGE;
  const unsigned lines = cn_paint_paragraph(cr, NULL, 13.0, CARD_LINE, room, scene->kind);
  const CnBox    card  = {box->x, box->y, room + 2.0 * CARD_EDGE, (lines + 1) * CARD_LINE + 2.0 * CARD_EDGE};
  const CnBox    text  = {card.x + CARD_EDGE, card.y + CARD_EDGE + CARD_LINE, room, 0.0};
  if (!scene->path[0]) {
    return;
  }
  cn_paint_plate(cr, theme, &card, 7.0, theme->faint, 0.6);
  cn_paint_color(cr, theme->ink, 1.0);
  cn_paint_bold(cr, text.x, card.y + CARD_EDGE + 13.0, 13.0, CN_TEXT_LEFT, room, scene->path);
  cn_paint_paragraph(cr, &text, 13.0, CARD_LINE, room, scene->kind);
}

void
cn_turn_draw_line(cairo_t* const cr, const CnTheme* const theme, const CnBox* const box,
                  const CnTurn* const turn, const bool has_word)
{
  cn_paint_color(cr, turn->warns ? theme->warns : color_of(theme, turn->kind), 1.0);
  if (has_word) {
    cn_paint_bold(cr, box->x, box->y + 0.75 * box->height, 0.7 * box->height, CN_TEXT_LEFT, box->width,
                  turn->headline);
  } else {
    cairo_rectangle(cr, box->x, box->y, box->width, box->height);
    cairo_fill(cr);
  }
}
