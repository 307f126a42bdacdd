// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file scene.h
   All that the window knows of the music: what the plugin has told it.  All thread class WORKER.
*/

#ifndef CN_SCENE_H
#define CN_SCENE_H

#include "plugin/wire/wire.h"

#include "dsp/part/sheet.h"
#include "dsp/part/timeline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_SCENE_SEGMENTS \
  2048                    ///< Of each layer that are remembered: eight minutes at 120 BPM; a power of two
#define CN_SCENE_TEXT 512 ///< [bytes] of a text, with its null

/// One layer of one segment, as told last
typedef struct {
  int32_t     segment; ///< Its number
  uint32_t    n_notes;
  CnTimedNote notes[CN_SEGMENT_NOTES];
} CnSceneSegment;

/// What came of a file that was asked for
typedef struct {
  bool     is_new; ///< Nobody has taken note of it
  uint32_t id;
  bool     is_written;
  char     why[CN_SCENE_TEXT]; ///< It was not
} CnSceneSaved;

/// What is known; all zeros: nothing
typedef struct {
  bool           has_state;
  bool           has_number;
  bool           missed; ///< News were lost: ask for everything
  uint32_t       number; ///< Of the last news
  CnWireState    state;
  char           path[CN_SCENE_TEXT]; ///< Of the model
  char           kind[CN_SCENE_TEXT]; ///< What the model is
  CnSheet        sheet;               ///< What is written down for bars
  CnSceneSaved   saved;
  CnSceneSegment layers[CN_N_LAYERS][CN_SCENE_SEGMENTS];
} CnScene;

/**
   Read news.

   @param body (size) bytes from anywhere, without the atom.
   @return False if they are no news of our version; what is well-formed of them is read.

   Thread: WORKER
*/
bool
cn_scene_read(CnScene* scene, const void* body, size_t size);

/// Read what is written down for bars; false if the text is none.  Thread: WORKER
bool
cn_scene_read_sheet(CnScene* scene, const char* text);

/// Forget all notes, and that news were missed.  Thread: WORKER
void
cn_scene_forget(CnScene* scene);

/// Put one layer of one segment in its place; up to CN_SEGMENT_NOTES notes.  Thread: WORKER
void
cn_scene_put(CnScene* scene, CnLayer layer, int32_t segment, const CnTimedNote* notes, uint32_t n_notes);

/// What is known of a layer of a segment; null: nothing, or that it has no notes.  Thread: WORKER
const CnSceneSegment*
cn_scene_find(const CnScene* scene, CnLayer layer, int32_t segment);

/// [ticks] where the last note of a layer began before `tick` [ticks], no more than `most` [ticks] before;
/// INT32_MIN: none did.  Thread: WORKER
int32_t
cn_scene_last_onset(const CnScene* scene, CnLayer layer, double tick, double most);

/// [ticks] where Continuo's next note begins, at `tick` [ticks] or after; INT32_MAX: none is known.
/// Thread: WORKER
int32_t
cn_scene_next_entry(const CnScene* scene, double tick);

#endif // CN_SCENE_H
