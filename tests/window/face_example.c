// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/window/face_example.h"

#include "dsp/base/random.h"

#include <stdio.h>
#include <stdlib.h>

#define BAR 96     ///< [ticks]
#define NOW 1092   ///< [ticks] of the playhead
#define ENTERS 984 ///< [ticks] where the continuation begins
#define DUE 92     ///< Number of the last segment that was asked for

/// The piece: two voices in F, [ticks] from the start, pitch, duration, velocity
static const struct {
  int16_t onset;
  uint8_t pitch;
  uint8_t duration;
  uint8_t velocity;
} piece[] = {
    {672, 77, 24, 72},  {672, 53, 48, 50},  {696, 81, 12, 66},  {708, 79, 12, 62},  {720, 77, 24, 70},
    {720, 57, 48, 48},  {744, 72, 24, 64},  {768, 74, 36, 78},  {768, 58, 48, 52},  {804, 72, 12, 60},
    {816, 70, 24, 66},  {816, 62, 48, 50},  {840, 69, 12, 58},  {852, 70, 12, 60},  {864, 72, 48, 74},
    {864, 57, 48, 54},  {864, 53, 96, 46},  {912, 67, 36, 60},  {912, 60, 36, 48},  {984, 65, 12, 70},
    {996, 67, 12, 72},  {1008, 69, 24, 80}, {1008, 53, 48, 60}, {1032, 72, 24, 84}, {1056, 77, 36, 92},
    {1056, 57, 48, 62}, {1092, 76, 12, 76}, {1104, 74, 24, 78}, {1104, 58, 48, 60}, {1128, 70, 12, 66},
    {1140, 72, 12, 68}, {1152, 74, 24, 80}, {1152, 55, 48, 58}, {1176, 72, 12, 70}, {1188, 70, 12, 66},
    {1200, 69, 48, 82}, {1200, 60, 48, 60}, {1248, 65, 12, 64}, {1260, 67, 12, 66}, {1272, 69, 12, 70},
    {1284, 70, 12, 74}, {1248, 57, 48, 56}, {1296, 72, 36, 88}, {1296, 53, 96, 58}, {1332, 70, 12, 70},
    {1344, 69, 24, 74}, {1368, 67, 24, 70}, {1392, 65, 96, 84}, {1392, 60, 96, 62}, {1392, 53, 96, 66},
    {1512, 77, 12, 70}, {1524, 76, 12, 66}, {1536, 74, 36, 80}, {1536, 58, 48, 56}, {1572, 72, 12, 68},
    {1584, 70, 48, 72}, {1584, 62, 48, 52}, {1632, 72, 96, 86}, {1632, 57, 96, 60}, {1632, 48, 96, 58},
};

static CnLayer
layer_of(const int32_t onset)
{
  return onset < ENTERS ? CN_LAYER_HEARD : cn_segment_at(onset) <= DUE ? CN_LAYER_OWN : CN_LAYER_PLANNED;
}

static void
add(CnScene* const scene, const CnLayer layer, const int32_t onset, const CnTimedNote note)
{
  const int32_t               k = cn_segment_at(onset);
  CnTimedNote                 notes[CN_SEGMENT_NOTES];
  uint32_t                    n     = 0;
  const CnSceneSegment* const place = cn_scene_find(scene, layer, k);
  for (; place && n < place->n_notes; ++n) {
    notes[n] = place->notes[n];
  }
  if (n < CN_SEGMENT_NOTES) {
    notes[n]        = note;
    notes[n].offset = (uint8_t)(onset - k * CN_SEGMENT_TICKS);
    cn_scene_put(scene, layer, k, notes, n + 1);
  }
}

CnFace*
cn_face_example(const bool is_dark)
{
  CnFace* const face = (CnFace*)malloc(sizeof(CnFace));
  if (!face) {
    return NULL;
  }
  cn_face_init(face, is_dark);
  CnScene* const scene = &face->scene;
  scene->has_state     = true;
  scene->state         = (CnWireState){
              .flags       = CN_WIRE_TOLD | CN_WIRE_ROLLS | CN_WIRE_PLAYING,
              .due         = DUE,
              .tick        = NOW,
              .tempo       = 104.0F,
              .beat        = 24.0F,
              .bar         = {.start = 11 * BAR, .length = BAR},
              .bar_number  = 11,
              .audio_load  = 0.002F,
              .engine_load = 0.04F,
  };
  snprintf(scene->path, sizeof(scene->path), "/usr/lib/lv2/continuo.lv2/models/default.safetensors.zst");
  snprintf(scene->kind, sizeof(scene->kind), "gru of 512; CC-BY-SA-4.0");
  for (size_t i = 0; i < sizeof(piece) / sizeof(piece[0]); ++i) {
    add(scene, layer_of(piece[i].onset), piece[i].onset,
        (CnTimedNote){.duration = piece[i].duration, .pitch = piece[i].pitch, .velocity = piece[i].velocity});
  }
  face->tick = NOW;
  return face;
}

void
cn_face_crowd(CnFace* const face, const unsigned n_notes)
{
  CnRandom      random = cn_random(1, 2, 3, 4, 5);
  const int32_t first  = 8;
  const int32_t last   = first + (int32_t)(n_notes / CN_SEGMENT_NOTES);
  for (int32_t k = first; k < last; ++k) {
    CnTimedNote notes[CN_SEGMENT_NOTES];
    for (uint32_t i = 0; i < CN_SEGMENT_NOTES; ++i) {
      notes[i] = (CnTimedNote){.duration = (uint16_t)(3 + cn_random_below(&random, 90)),
                               .offset   = (uint8_t)(i / 2),
                               .pitch    = (uint8_t)(CN_PITCH_MIN + cn_random_below(&random, 88)),
                               .velocity = (uint8_t)(1 + cn_random_below(&random, 127))};
    }
    cn_scene_put(&face->scene, (CnLayer)(k % CN_N_LAYERS), k, notes, CN_SEGMENT_NOTES);
  }
  face->tick = (first + (last - first) / 3.0) * CN_SEGMENT_TICKS;
  face->bars = (last - first) * CN_SEGMENT_TICKS / (double)BAR;
}
