// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_window.c
   How long a picture of the window takes, at its size as it opens.
*/

#include "plugin/draw/turn.h"
#include "plugin/inline/strip.h"
#include "tests/window/face_example.h"

#include <cairo.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_PICTURES 50

static double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/// What is drawn
typedef enum {
  WINDOW,
  ROLL,
  STRIP, ///< What is shown in a host's mixer
} Picture;

static void
draw(cairo_t* const cr, const CnFace* const face, const Picture picture)
{
  const CnScene* const scene  = &face->scene;
  const CnFaceLayout   layout = cn_face_layout(CN_FACE_WIDTH, CN_FACE_HEIGHT);
  const CnBox          strip  = {0.0, 0.0, 240.0, 80.0};
  const CnTurn         turn   = cn_turn(scene, face->tick, true, false);
  const CnRollView     wide   = cn_face_view(face, &layout.roll);
  const CnRollView     slim   = cn_roll_view_slim(scene, &strip, face->tick, CN_STRIP_BARS);
  switch (picture) {
  case WINDOW:
    cn_face_draw(cr, face, CN_FACE_WIDTH, CN_FACE_HEIGHT);
    break;
  case ROLL:
    cn_roll_draw(cr, &face->theme, &layout.roll, &wide, scene);
    break;
  case STRIP:
    cn_roll_draw(cr, &face->theme, &strip, &slim, scene);
    cn_turn_draw_line(cr, &face->theme, &strip, &turn, true);
    break;
  }
}

/// [ms] that a picture takes, the quickest of some
static double
measure(const CnFace* const face, cairo_surface_t* const page, const Picture picture)
{
  double best = 1e9;
  for (int i = 0; i < N_PICTURES; ++i) {
    cairo_t* const cr    = cairo_create(page);
    const double   begin = now();
    draw(cr, face, picture);
    cairo_surface_flush(page);
    const double seconds = now() - begin;
    best                 = seconds < best ? seconds : best;
    cairo_destroy(cr);
  }
  return 1e3 * best;
}

int
main(void)
{
  cairo_surface_t* const page = cairo_image_surface_create(CAIRO_FORMAT_RGB24, CN_FACE_WIDTH, CN_FACE_HEIGHT);
  CnFace* const          face = cn_face_example(true);
  if (!face) {
    return 1;
  }
  printf("the window            %6.2f ms\n", measure(face, page, WINDOW));
  printf("the mixer's strip     %6.2f ms\n", measure(face, page, STRIP));
  cn_face_crowd(face, 10000);
  printf("a roll of 10000 notes %6.2f ms\n", measure(face, page, ROLL));
  cairo_surface_destroy(page);
  free(face);
  return 0;
}
