// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/midi/midi.h>
#include <lv2/patch/patch.h>
#include <lv2/time/time.h>

void
cn_uris_map(CnUris* const uris, const LV2_URID_Map* const map)
{
  uris->atom_Blank          = map->map(map->handle, LV2_ATOM__Blank);
  uris->atom_Bool           = map->map(map->handle, LV2_ATOM__Bool);
  uris->atom_Chunk          = map->map(map->handle, LV2_ATOM__Chunk);
  uris->atom_Double         = map->map(map->handle, LV2_ATOM__Double);
  uris->atom_Float          = map->map(map->handle, LV2_ATOM__Float);
  uris->atom_Int            = map->map(map->handle, LV2_ATOM__Int);
  uris->atom_Long           = map->map(map->handle, LV2_ATOM__Long);
  uris->atom_Object         = map->map(map->handle, LV2_ATOM__Object);
  uris->atom_Path           = map->map(map->handle, LV2_ATOM__Path);
  uris->atom_Sequence       = map->map(map->handle, LV2_ATOM__Sequence);
  uris->atom_String         = map->map(map->handle, LV2_ATOM__String);
  uris->atom_URID           = map->map(map->handle, LV2_ATOM__URID);
  uris->continuo_ask        = map->map(map->handle, CN_WIRE_ASK_URI);
  uris->continuo_news       = map->map(map->handle, CN_WIRE_NEWS_URI);
  uris->continuo_file       = map->map(map->handle, CN_FILE_URI);
  uris->continuo_model      = map->map(map->handle, CN_MODEL_URI);
  uris->continuo_network    = map->map(map->handle, CN_NETWORK_URI);
  uris->continuo_phrase     = map->map(map->handle, CN_PHRASE_URI);
  uris->continuo_phrase_bar = map->map(map->handle, CN_PHRASE_LINE_URI);
  uris->continuo_phrase_smf = map->map(map->handle, CN_PHRASE_SMF_URI);
  uris->continuo_save       = map->map(map->handle, CN_WIRE_SAVE_URI);
  uris->continuo_score      = map->map(map->handle, CN_SCORE_URI);
  uris->continuo_sheet      = map->map(map->handle, CN_SHEET_URI);
  uris->continuo_take       = map->map(map->handle, CN_TAKE_URI);
  uris->continuo_weights    = map->map(map->handle, CN_WEIGHTS_URI);
  uris->midi_MidiEvent      = map->map(map->handle, LV2_MIDI__MidiEvent);
  uris->patch_Get           = map->map(map->handle, LV2_PATCH__Get);
  uris->patch_Set           = map->map(map->handle, LV2_PATCH__Set);
  uris->patch_property      = map->map(map->handle, LV2_PATCH__property);
  uris->patch_value         = map->map(map->handle, LV2_PATCH__value);
  uris->time_Position       = map->map(map->handle, LV2_TIME__Position);
  uris->time_bar            = map->map(map->handle, LV2_TIME__bar);
  uris->time_barBeat        = map->map(map->handle, LV2_TIME__barBeat);
  uris->time_beat           = map->map(map->handle, LV2_TIME__beat);
  uris->time_beatUnit       = map->map(map->handle, LV2_TIME__beatUnit);
  uris->time_beatsPerBar    = map->map(map->handle, LV2_TIME__beatsPerBar);
  uris->time_beatsPerMinute = map->map(map->handle, LV2_TIME__beatsPerMinute);
  uris->time_frame          = map->map(map->handle, LV2_TIME__frame);
  uris->time_speed          = map->map(map->handle, LV2_TIME__speed);
}
