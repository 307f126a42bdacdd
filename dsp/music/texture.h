// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file texture.h
   How music is made, in a few numbers: how dense, how high, how long, how full, how even, how loud.

   A pure function of the notes in a window, in whole numbers, so that it is the same on every machine.
   A network is trained on the texture of the music around the note to come, and plays on by that of what
   the musician has played.
*/

#ifndef CN_TEXTURE_H
#define CN_TEXTURE_H

#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

/// What is measured
typedef enum {
  CN_TEXTURE_NOTES,    ///< Notes a quarter
  CN_TEXTURE_ONSETS,   ///< Onsets a quarter
  CN_TEXTURE_LOW,      ///< Mean of each quarter's lowest key
  CN_TEXTURE_HIGH,     ///< Mean of each quarter's highest key
  CN_TEXTURE_LENGTH,   ///< Mean logarithm of the durations
  CN_TEXTURE_SPREAD,   ///< Standard deviation of that
  CN_TEXTURE_CHORDS,   ///< Share of onsets with three notes or more
  CN_TEXTURE_EVEN,     ///< Share of steps from onset to onset that are as long as the one before
  CN_TEXTURE_SILENCE,  ///< Share of the time in which nothing sounds
  CN_TEXTURE_LOUDNESS, ///< Mean velocity
} CnTextureField;

#define CN_N_TEXTURE_FIELDS 10
#define CN_N_TEXTURE_LEVELS 16   ///< Of each field
#define CN_TEXTURE_HIDDEN 0      ///< In place of a level: not known, or left to the network
#define CN_TEXTURE_BARS 8        ///< [bars] of the musician's playing that are looked at
#define CN_TEXTURE_NOTES_MAX 512 ///< Notes that are looked at; of more, the last ones

/// A level of each field, 1..CN_N_TEXTURE_LEVELS, or CN_TEXTURE_HIDDEN; all zeros: nothing is known
typedef struct {
  uint8_t level[CN_N_TEXTURE_FIELDS];
} CnTexture;

/// The hands of a figure, by height
typedef enum {
  CN_FIGURE_BASS,
  CN_FIGURE_MIDDLE,
  CN_FIGURE_TOP,
} CnFigureVoice;

#define CN_N_FIGURE_VOICES 3
#define CN_FIGURE_TICKS 6     ///< [ticks] A place of a bar: a sixteenth
#define CN_N_FIGURE_PLACES 32 ///< Of a bar; what comes later in longer ones is not known
#define CN_FIGURE_FAR 16      ///< Places that are looked ahead
#define CN_N_FIGURE_SHARES 4  ///< Hardly ever, sometimes, often, nearly always

/// Where in the bar bass, middle and top are usually struck
typedef struct {
  uint16_t length;                                        ///< [ticks] of the bars; 0: nothing is known
  uint8_t  share[CN_N_FIGURE_VOICES][CN_N_FIGURE_PLACES]; ///< Class of the share of bars, 0..3
} CnFigure;

/// What texture is made of, each field in its own unit (see texture.c)
typedef struct {
  uint32_t value[CN_N_TEXTURE_FIELDS];
} CnTextureValues;

/**
   Measure notes as cn_texture_measure() does, but find the values themselves.

   @return False if nothing is known of so few notes.

   Thread: ANY
*/
bool
cn_texture_weigh(const CnNote* notes, uint32_t n, int32_t from, int32_t to, CnTextureValues* values);

/// The texture that values make.  Thread: ANY
CnTexture
cn_texture_grade(const CnTextureValues* values);

/**
   Measure the texture of notes.

   @param notes (n) by onset; all with onsets in the window.
   @param from [ticks] start of the window.
   @param to [ticks] its end, above `from`.
   @return All hidden if there are fewer than four notes, or less than a quarter of time.

   Thread: ANY
*/
CnTexture
cn_texture_measure(const CnNote* notes, uint32_t n, int32_t from, int32_t to);

/// The level of a field at a value, in the field's own unit (see texture.c).  Thread: ANY
uint8_t
cn_texture_level(CnTextureField field, uint32_t value);

#define CN_TEXTURE_LOG_UNIT 16.0F ///< Parts of an octave in which lengths are counted

/// [1/16 octaves] that a time in ticks is longer than a tick, to the nearest duration of the vocabulary.
/// Thread: ANY
uint8_t
cn_texture_log(int32_t ticks);

/**
   Find the figure of notes: of the bars as long as the last note's.

   @param notes (n) by onset.

   @return Nothing known if there are fewer than two such bars with notes.

   Thread: ANY
*/
CnFigure
cn_figure_find(const CnNote* notes, uint32_t n);

/// Class of the share of bars in which a voice is struck at a place.  Thread: ANY
unsigned
cn_figure_share(const CnFigure* figure, CnFigureVoice voice, CnBarPlace place);

/// Places until a voice is usually struck again, 1..CN_FIGURE_FAR; 0: later or not at all.  Thread: ANY
unsigned
cn_figure_next(const CnFigure* figure, CnFigureVoice voice, CnBarPlace place);

/**
   Copy the musician's last notes: those of CN_TEXTURE_BARS bars.

   @param notes (n) by onset, of all parts.
   @param[out] last (CN_TEXTURE_NOTES_MAX) by onset.
   @return Their number.

   Thread: ANY
*/
uint32_t
cn_texture_last_played(const CnNote* notes, uint32_t n, CnNote* last);

/**
   Let a texture fade: its fields are hidden one after the other.

   @param bars [bars] since it was played.
   @param drift [bars] after which all fields are hidden; 0: never.

   Thread: ANY
*/
void
cn_texture_fade(CnTexture* texture, uint32_t bars, uint32_t drift);

#endif // CN_TEXTURE_H
