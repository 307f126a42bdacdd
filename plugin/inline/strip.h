// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file strip.h
   The picture in the host's mixer: the last and the coming two bars, and whose turn it is.

   The audio thread leaves a few numbers and asks to be drawn; the host's thread reads those and the engine's
   timelines, and draws.  Neither waits: numbers that do not belong together make one wrong picture at most.
*/

#ifndef CN_STRIP_H
#define CN_STRIP_H

#include "plugin/inline/inlinedisplay.h"
#include "plugin/wire/scene.h"

#include "dsp/base/attributes.h"
#include "dsp/play/performer.h"

#include <cairo.h>

#include <stdatomic.h>
#include <stdint.h>

#define CN_STRIP_RATE 25    ///< [pictures a second] asked for at most
#define CN_STRIP_PATIENCE 3 ///< [s] that the host is asked after it has drawn
#define CN_STRIP_BARS 2     ///< [bars] shown before the playhead, and after it

/// Numbers that the audio thread leaves
typedef struct {
  _Atomic uint32_t flags; ///< As in CnWireState, and whether Play and Hold are on
  _Atomic uint32_t status;
  _Atomic int32_t  tick;
  _Atomic int32_t  bar_start;
  _Atomic uint32_t bar_length; ///< 0: nothing was left yet
  _Atomic int32_t  bar_number;
  _Atomic float    beat;
  _Atomic uint32_t notice;
} CnStripNow;

/// A plugin's picture
typedef struct {
  const LV2_Inline_Display* host;      ///< Null: the host shows none
  CnPerformer*              performer; ///< Borrowed
  double                    rate;      ///< [frames a second]
  atomic_bool               is_drawn;  ///< The host has drawn since that was looked at

  // Left by the audio thread
  CnStripNow now;

  // The audio thread's
  int64_t patience; ///< [frames] until nobody looks any more
  int64_t wait;     ///< [frames] until the next picture

  // The host's thread's
  CnScene*                         scene;   ///< Null until it is drawn first
  cairo_surface_t*                 surface; ///< Likewise
  LV2_Inline_Display_Image_Surface image;
} CnStrip;

/// `host` may be null.  Thread: INIT
void
cn_strip_init(CnStrip* strip, const LV2_Inline_Display* host, CnPerformer* performer, double rate);

/// Free what was drawn on.  Thread: INIT
void
cn_strip_clear(CnStrip* strip);

/**
   End a block: leave where the music is, and ask to be drawn if it is time.

   @param status CnModelStatus.
   @return [segments] to be planned ahead, so that they are there to be drawn; 0: nobody looks.

   Thread: AUDIO
*/
CN_AUDIO int32_t
cn_strip_end(CnStrip* strip, const CnControls* controls, unsigned status, uint32_t n_frames);

/**
   Draw.

   @param width [pixels], at least 1.
   @param max_height [pixels], at least 1.
   @return The picture, which stands until the next one; null if there is no memory for it.

   Thread: WORKER
*/
LV2_Inline_Display_Image_Surface*
cn_strip_render(CnStrip* strip, uint32_t width, uint32_t max_height);

#endif // CN_STRIP_H
