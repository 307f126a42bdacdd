// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/ui/messages.h"

#include "plugin/file/letter.h"
#include "plugin/lv2/object.h"
#include "plugin/lv2/patch.h"
#include "plugin/lv2/ports.h"

#include <string.h>

_Static_assert(CN_MESSAGES_TEXT >= CN_PATH_SIZE, "a path is told as a text, too");

void
cn_messages_init(CnMessages* const self, const LV2UI_Write_Function write, const LV2UI_Controller controller,
                 const LV2_URID_Map* const map)
{
  self->write          = write;
  self->controller     = controller;
  self->event_transfer = map->map(map->handle, LV2_ATOM__eventTransfer);
  cn_uris_map(&self->uris, map);
  cn_patch_init_forge(&self->forge, map);
}

static void
send(const CnMessages* const self, const LV2_Atom* const atom)
{
  self->write(self->controller, CN_PORT_IN, lv2_atom_total_size(atom), self->event_transfer, atom);
}

void
cn_messages_control(const CnMessages* const self, const uint32_t port, const float value)
{
  self->write(self->controller, port, sizeof(value), 0, &value);
}

void
cn_messages_ask(const CnMessages* const self, const unsigned what)
{
  const struct {
    LV2_Atom  atom;
    CnWireAsk ask;
  } message = {{sizeof(CnWireAsk), self->uris.continuo_ask}, {CN_WIRE_VERSION, (uint16_t)what}};
  send(self, &message.atom);
}

void
cn_messages_get(CnMessages* const self, const LV2_URID property)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_PATCH_OVERHEAD];
  } message;
  LV2_Atom_Forge_Frame  object;
  LV2_Atom_Forge* const forge = &self->forge;
  lv2_atom_forge_set_buffer(forge, message.bytes, sizeof(message.bytes));
  lv2_atom_forge_object(forge, &object, 0, self->uris.patch_Get);
  lv2_atom_forge_key(forge, self->uris.patch_property);
  lv2_atom_forge_urid(forge, property);
  lv2_atom_forge_pop(forge, &object);
  send(self, &message.atom);
}

void
cn_messages_set(CnMessages* const self, const LV2_URID property, const LV2_URID type, const char* const text)
{
  union {
    LV2_Atom atom;
    uint8_t  bytes[CN_MESSAGES_TEXT + CN_PATCH_OVERHEAD];
  } message;
  cn_patch_write(&self->uris, &self->forge, property, type, text, message.bytes, sizeof(message.bytes));
  send(self, &message.atom);
}

void
cn_messages_save(const CnMessages* const self, CnWireSave wish, const char* const path)
{
  struct {
    LV2_Atom   atom;
    CnWireSave wish;
    char       path[CN_PATH_SIZE];
  } message;
  const size_t size = strlen(path) + 1U;
  wish.version      = CN_WIRE_VERSION;
  wish.path         = (uint16_t)size;
  message.atom      = (LV2_Atom){(uint32_t)(sizeof(wish) + size), self->uris.continuo_save};
  message.wish      = wish;
  memcpy(message.path, path, size);
  send(self, &message.atom);
}

/// True if all of an atom is there
static bool
is_whole(const LV2_Atom* const atom, const uint32_t size)
{
  return size >= sizeof(LV2_Atom) && atom->size <= size - sizeof(LV2_Atom);
}

const void*
cn_messages_news(const CnMessages* const self, const LV2_Atom* const atom, const uint32_t size)
{
  return is_whole(atom, size) && atom->type == self->uris.continuo_news ? atom + 1 : NULL;
}

bool
cn_messages_text(const CnMessages* const self, const LV2_Atom* const atom, const uint32_t size,
                 const LV2_URID property, char* const text)
{
  const CnUris* const uris = &self->uris;
  return is_whole(atom, size) && cn_object_is(uris, atom, uris->patch_Set) &&
         cn_patch_concerns(uris, atom, property, false) && cn_patch_read(uris, atom, text, CN_MESSAGES_TEXT);
}
