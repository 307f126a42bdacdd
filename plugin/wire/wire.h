// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file wire.h
   The atoms between the plugin and its window.

   The window asks at the plugin's event input, with an atom of type CN_WIRE_ASK_URI and a CnWireAsk as its
   body, once a second while it is open.  While it has been asked in the last CN_WIRE_PATIENCE seconds the
   plugin tells at its event output, in atoms of type CN_WIRE_NEWS_URI, at most CN_WIRE_RATE of them a second
   and each of at most CN_WIRE_SIZE bytes.  News go to all windows that the host has opened.

   Each of the news begins with a CnWireHead, by whose kind the rest is one of:

   - #CN_WIRE_STATE: the rest of a CnWireState: whose turn it is, and where the transport is.
   - #CN_WIRE_NOTES: CnWireSegment records, each followed by its CnTimedNote records.  Each says of one layer
     of one segment all that there is; what was told of it before is void.
   - #CN_WIRE_MODEL: a CnWireModel, and two texts with their nulls: the model's path, and what it is.
   - #CN_WIRE_SAVED: a CnWireSaved, and a text with its null: why a file was not written.

   With an atom of type CN_WIRE_SAVE_URI, a CnWireSave and a path with its null, the window has the plugin
   write what was played as a MIDI file, where there is none.  It may ask for the next one when it was told
   what came of that, or has waited for CN_WIRE_PATIENCE seconds.  One at a time is written: whoever asks for
   another one meanwhile, as a second window may, is told that it is not.

   Segments are told once, and again when they change.  The numbers of news rise by one; a window that misses
   one, or that has just been opened, asks for everything.  A window does not read another version's news.

   Both ends are on one computer, so numbers are in its own order of bytes.  Nothing is trusted: each end
   reads what the other wrote as bytes from anywhere.
*/

#ifndef CN_WIRE_H
#define CN_WIRE_H

#include "plugin/lv2/uris.h"

#include "dsp/music/note.h"

#include <stdint.h>

#define CN_WIRE_VERSION 3
#define CN_WIRE_RATE 25     ///< [news a second] at most
#define CN_WIRE_SIZE 8000   ///< [bytes] of one at most, with its atom
#define CN_WIRE_PATIENCE 3  ///< [s] that an ask holds for
#define CN_WIRE_BACK 8      ///< [bars] before the playhead that are told
#define CN_WIRE_AHEAD 8     ///< [bars] after it
#define CN_WIRE_LONGEST 240 ///< [segments] told before and after the playhead at most

/// Bits of an ask
enum {
  CN_WIRE_EVERYTHING = 1U << 0U, ///< Tell everything anew
  CN_WIRE_PANIC      = 1U << 1U, ///< End all notes, whoever plays them
  CN_WIRE_UNDO       = 1U << 2U, ///< Take back the latest edit of the sheet
};

/// What is asked for
typedef struct {
  uint16_t version;
  uint16_t what; ///< Bits
} CnWireAsk;

/// A MIDI file that is asked for
typedef struct {
  uint16_t version;
  uint16_t path; ///< [bytes] of its path, with the null
  uint32_t id;   ///< Any number, told again with what came of it
  int32_t  from; ///< [ticks] where it begins
  int32_t  to;   ///< [ticks] where it ends; not after `from`: the whole take
} CnWireSave;

/// Kinds of news
typedef enum {
  CN_WIRE_STATE,
  CN_WIRE_NOTES,
  CN_WIRE_MODEL,
  CN_WIRE_SAVED,
} CnWireKind;

/// What all news begin with
typedef struct {
  uint16_t version;
  uint16_t kind;   ///< CnWireKind
  uint32_t number; ///< Of all news since the plugin was made
} CnWireHead;

/// Bits of a state
enum {
  CN_WIRE_TOLD    = 1U << 0U, ///< The host has told a transport
  CN_WIRE_ROLLS   = 1U << 1U, ///< Time passes
  CN_WIRE_PLAYING = 1U << 2U, ///< Continuo's turn
  CN_WIRE_HEARS   = 1U << 3U, ///< The musician holds a key
};

/// Whose turn it is, and where
typedef struct {
  CnWireHead head;
  uint32_t   flags;
  int32_t    due;         ///< Number of the last segment that was asked for; later ones are planned
  double     tick;        ///< [ticks] of the playhead
  float      tempo;       ///< [quarters a minute]
  float      beat;        ///< [ticks] of a beat
  CnBar      bar;         ///< At the playhead
  int32_t    bar_number;  ///< Of that bar, from 0
  uint32_t   late;        ///< Notes that came too late
  uint16_t   status;      ///< CnModelStatus
  uint16_t   notice;      ///< CnNotice, the weightiest
  int32_t    key;         ///< As in CN_PORT_KEY
  float      audio_load;  ///< 0..1 of the time that the blocks have
  float      engine_load; ///< 0..1 of one processor
} CnWireState;

/// Whose notes
typedef enum {
  CN_LAYER_HEARD,   ///< The musician's
  CN_LAYER_OWN,     ///< Continuo's, as they sounded or are due
  CN_LAYER_PLANNED, ///< Continuo's, as they will sound if nothing changes
} CnLayer;

#define CN_N_LAYERS 3

/// One layer of one segment
typedef struct {
  int32_t  segment; ///< Its number
  uint16_t layer;   ///< CnLayer
  uint16_t n_notes; ///< Up to CN_SEGMENT_NOTES
} CnWireSegment;

/// The model that was asked for
typedef struct {
  CnWireHead head;
  int32_t    status; ///< CnModelStatus
  uint16_t   path;   ///< [bytes] of its path, with the null
  uint16_t   kind;   ///< [bytes] of what it is, with the null
} CnWireModel;

/// What came of a file that was asked for
typedef struct {
  CnWireHead head;
  uint32_t   id;         ///< Of the CnWireSave
  uint16_t   is_written; ///< 1: it is there, 0: it is not
  uint16_t   why;        ///< [bytes] of the words, with the null
} CnWireSaved;

#endif // CN_WIRE_H
