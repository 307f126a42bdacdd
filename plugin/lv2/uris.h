// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file uris.h
   The URIs that the plugin uses, mapped once.
*/

#ifndef CN_URIS_H
#define CN_URIS_H

#include <lv2/urid/urid.h>

#define CN_FILE_URI "urn:continuo:file"               ///< State: where the chosen model is on this computer
#define CN_MODEL_URI "urn:continuo:model"             ///< Parameter, and its place in the state
#define CN_NETWORK_URI "urn:continuo:network"         ///< State: number of the bundle's model
#define CN_PHRASE_URI "urn:continuo:phrase"           ///< Parameter, and its place in the state
#define CN_PHRASE_LINE_URI "urn:continuo:phrase-line" ///< State: where the phrase lies in the song
#define CN_PHRASE_SMF_URI "urn:continuo:phrase-file"  ///< State: what stands in the phrase's file
#define CN_SCORE_URI "urn:continuo:score"             ///< State: the take as a MIDI file
#define CN_SHEET_URI "urn:continuo:sheet"             ///< Parameter: what is written down for bars
#define CN_TAKE_URI "urn:continuo:take"               ///< State: the take, as cn_engine_save() has it
#define CN_WEIGHTS_URI "urn:continuo:weights"         ///< State: identity of the model that played
#define CN_WIRE_ASK_URI "urn:continuo:window#ask"     ///< Atom: the window asks the plugin, see wire.h
#define CN_WIRE_NEWS_URI "urn:continuo:window#news"   ///< Atom: the plugin tells its window
#define CN_WIRE_SAVE_URI "urn:continuo:window#save"   ///< Atom: the window asks for a MIDI file

/// Mapped URIs, named by prefix and fragment
typedef struct {
  LV2_URID atom_Blank;
  LV2_URID atom_Bool;
  LV2_URID atom_Chunk;
  LV2_URID atom_Double;
  LV2_URID atom_Float;
  LV2_URID atom_Int;
  LV2_URID atom_Long;
  LV2_URID atom_Object;
  LV2_URID atom_Path;
  LV2_URID atom_Sequence;
  LV2_URID atom_String;
  LV2_URID atom_URID;
  LV2_URID continuo_ask;
  LV2_URID continuo_file;
  LV2_URID continuo_model;
  LV2_URID continuo_network;
  LV2_URID continuo_news;
  LV2_URID continuo_phrase;
  LV2_URID continuo_phrase_bar;
  LV2_URID continuo_phrase_smf;
  LV2_URID continuo_save;
  LV2_URID continuo_score;
  LV2_URID continuo_sheet;
  LV2_URID continuo_take;
  LV2_URID continuo_weights;
  LV2_URID midi_MidiEvent;
  LV2_URID patch_Get;
  LV2_URID patch_Set;
  LV2_URID patch_property;
  LV2_URID patch_value;
  LV2_URID time_Position;
  LV2_URID time_bar;
  LV2_URID time_barBeat;
  LV2_URID time_beat;
  LV2_URID time_beatUnit;
  LV2_URID time_beatsPerBar;
  LV2_URID time_beatsPerMinute;
  LV2_URID time_frame;
  LV2_URID time_speed;
} CnUris;

/// Map all of `uris`.  Thread: INIT
void
cn_uris_map(CnUris* uris, const LV2_URID_Map* map);

#endif // CN_URIS_H
