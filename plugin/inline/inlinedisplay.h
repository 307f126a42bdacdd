// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file inlinedisplay.h
   The LV2 extension by which a host shows a picture of a plugin in its mixer: the part of it that is used
   here, as Ardour and Carla know it.  The extension is not among those of the LV2 distribution.
*/

#ifndef CN_INLINEDISPLAY_H
#define CN_INLINEDISPLAY_H

#include <lv2/core/lv2.h>

#include <stdint.h>

#define LV2_INLINEDISPLAY_URI "http://harrisonconsoles.com/lv2/inlinedisplay"
#define LV2_INLINEDISPLAY__interface LV2_INLINEDISPLAY_URI "#interface"
#define LV2_INLINEDISPLAY__queue_draw LV2_INLINEDISPLAY_URI "#queue_draw"

/// A picture of the plugin's, in cairo's ARGB32
typedef struct {
  unsigned char* data;
  int            width;
  int            height;
  int            stride; ///< [bytes] from one row to the next
} LV2_Inline_Display_Image_Surface;

/// What the plugin has for the host
typedef struct {
  /// Draw a picture of `width` and at most `max_height` pixels; the host calls it outside of the audio thread
  LV2_Inline_Display_Image_Surface* (*render)(LV2_Handle instance, uint32_t width, uint32_t max_height);
} LV2_Inline_Display_Interface;

/// What the host has for the plugin: the data of the feature LV2_INLINEDISPLAY__queue_draw
typedef struct {
  void* handle;
  /// Ask to be rendered soon; of use in the audio thread
  void (*queue_draw)(void* handle);
} LV2_Inline_Display;

#endif // CN_INLINEDISPLAY_H
