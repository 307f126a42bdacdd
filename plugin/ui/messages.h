// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file messages.h
   What the window tells the plugin, and how it reads what the plugin tells.
*/

#ifndef CN_MESSAGES_H
#define CN_MESSAGES_H

#include "plugin/lv2/uris.h"
#include "plugin/wire/wire.h"

#include "dsp/part/sheet.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

#define CN_MESSAGES_TEXT \
  (CN_SHEET_TEXT_SIZE + 1) ///< [bytes] of the longest text that is told, with two nulls

/// The way to the plugin
typedef struct {
  LV2UI_Write_Function write;
  LV2UI_Controller     controller;
  CnUris               uris;
  LV2_URID             event_transfer;
  LV2_Atom_Forge       forge;
} CnMessages;

/// Thread: INIT
void
cn_messages_init(CnMessages* messages, LV2UI_Write_Function write, LV2UI_Controller controller,
                 const LV2_URID_Map* map);

/// Set a control.  Thread: INIT
void
cn_messages_control(const CnMessages* messages, uint32_t port, float value);

/// Ask for news; `what` are bits of a CnWireAsk.  Thread: INIT
void
cn_messages_ask(const CnMessages* messages, unsigned what);

/// Ask for the text of a parameter.  Thread: INIT
void
cn_messages_get(CnMessages* messages, LV2_URID property);

/// Set the text of a parameter; `type` is that of a string or of a path.  Thread: INIT
void
cn_messages_set(CnMessages* messages, LV2_URID property, LV2_URID type, const char* text);

/// Ask for a MIDI file; `wish` without its version and length.  Thread: INIT
void
cn_messages_save(const CnMessages* messages, CnWireSave wish, const char* path);

/**
   Read what a host hands over from the plugin as news.

   @param size [bytes] of the atom as the host counts them.
   @return The news, of `atom->size` bytes, or null if it is none.

   Thread: INIT
*/
const void*
cn_messages_news(const CnMessages* messages, const LV2_Atom* atom, uint32_t size);

/**
   Read the same as the text of a parameter.

   @param[out] text (CN_MESSAGES_TEXT) bytes.
   @return False if it is none.

   Thread: INIT
*/
bool
cn_messages_text(const CnMessages* messages, const LV2_Atom* atom, uint32_t size, LV2_URID property,
                 char* text);

#endif // CN_MESSAGES_H
