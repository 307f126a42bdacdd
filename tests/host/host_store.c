// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_store.h"

#include <lv2/atom/atom.h>
#include <lv2/state/state.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FLAGS (LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE)
#define POISON 0xA5

/// What is handed out until it is due to be freed
typedef struct {
  uint8_t* bytes;
  size_t   size;
} Loan;

/// One save or restore
typedef struct {
  CnHostStore*    store;
  CnHostFeatures* features;
  Loan            loans[CN_HOST_STORE_SIZE];
  size_t          n_loans;
} Call;

void
cn_host_store_clear(CnHostStore* const self)
{
  for (size_t i = 0; i < self->n_values; ++i) {
    free(self->values[i].bytes);
  }
  self->n_values = 0;
}

CnHostValue*
cn_host_store_find(CnHostStore* const self, const char* const key)
{
  for (size_t i = 0; i < self->n_values; ++i) {
    if (!strcmp(self->values[i].key, key)) {
      return &self->values[i];
    }
  }
  return NULL;
}

void
cn_host_value_set(CnHostValue* const value, const void* const bytes, const size_t size)
{
  uint8_t* const copy = (uint8_t*)malloc(size ? size : 1);
  assert(copy);
  memcpy(copy, bytes, size);
  free(value->bytes);
  value->bytes = copy;
  value->size  = size;
}

/// Put a value under a key; copied
static void
put(CnHostStore* const self, const char* const key, const char* const type, const void* const bytes,
    const size_t size)
{
  CnHostValue* value  = cn_host_store_find(self, key);
  const bool   is_new = !value;
  if (is_new) {
    assert(self->n_values < CN_HOST_STORE_SIZE && strlen(key) < sizeof(value->key));
    value  = &self->values[self->n_values++];
    *value = (CnHostValue){.size = 0};
    strcpy(value->key, key);
  }
  if (is_new || !self->keeping.keeps_types) {
    assert(strlen(type) < sizeof(value->type));
    strcpy(value->type, type);
  }
  const bool is_text = !strcmp(type, LV2_ATOM__String) || !strcmp(type, LV2_ATOM__Path);
  cn_host_value_set(value, bytes, is_text && self->keeping.bare_texts ? strlen((const char*)bytes) : size);
}

void
cn_host_store_copy(const CnHostStore* const self, CnHostStore* const copy)
{
  *copy = *self;
  for (size_t i = 0; i < self->n_values; ++i) {
    copy->values[i].bytes = NULL;
    cn_host_value_set(&copy->values[i], self->values[i].bytes, self->values[i].size);
  }
}

// --- Paths

/// Make a link to a file in the session's folder, and call the file by the link's name
static char*
abstract_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  const CnHostStore* const self = (const CnHostStore*)handle;
  const char* const        base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  char                     link[256];
  snprintf(link, sizeof(link), "%s/%s", self->folder, base);
  if (strcmp(link, path) != 0) {
    remove(link);
    const int failed = symlink(path, link);
    assert(!failed);
    (void)failed;
  }
  return strdup(base);
}

static char*
absolute_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  const CnHostStore* const self = (const CnHostStore*)handle;
  char                     absolute[512];
  if (path[0] == '/') {
    return strdup(path);
  }
  snprintf(absolute, sizeof(absolute), "%s/%s", self->folder, path);
  return strdup(absolute);
}

static void
free_path(const LV2_State_Free_Path_Handle handle, char* const path)
{
  (void)handle;
  free(path);
}

// --- What the plugin calls

static LV2_State_Status
store_value(const LV2_State_Handle handle, const uint32_t key, const void* const bytes, const size_t size,
            const uint32_t type, const uint32_t flags)
{
  Call* const                 call  = (Call*)handle;
  const LV2_URID_Unmap* const unmap = &call->features->unmap;
  if (!bytes || !size || !(flags & FLAGS)) {
    return LV2_STATE_ERR_BAD_FLAGS;
  }
  put(call->store, unmap->unmap(unmap->handle, key), unmap->unmap(unmap->handle, type), bytes, size);
  return LV2_STATE_SUCCESS;
}

static void
end_loans(Call* const call)
{
  for (size_t i = 0; i < call->n_loans; ++i) {
    memset(call->loans[i].bytes, POISON, call->loans[i].size);
    free(call->loans[i].bytes);
  }
  call->n_loans = 0;
}

static const void*
lend(Call* const call, const CnHostValue* const value)
{
  if (call->store->keeping.frees_each) {
    end_loans(call);
  }
  assert(call->n_loans < CN_HOST_STORE_SIZE);
  Loan* const loan = &call->loans[call->n_loans++];
  loan->bytes      = (uint8_t*)malloc(value->size ? value->size : 1);
  loan->size       = value->size;
  assert(loan->bytes);
  memcpy(loan->bytes, value->bytes, value->size);
  return loan->bytes;
}

static const void*
retrieve_value(const LV2_State_Handle handle, const uint32_t key, size_t* const size, uint32_t* const type,
               uint32_t* const flags)
{
  Call* const                 call  = (Call*)handle;
  const LV2_URID_Unmap* const unmap = &call->features->unmap;
  const CnHostValue* const    value = cn_host_store_find(call->store, unmap->unmap(unmap->handle, key));
  if (!value) {
    return NULL;
  }
  *size  = value->size;
  *type  = cn_host_map(call->features, value->type);
  *flags = LV2_STATE_IS_POD;
  return lend(call, value);
}

// --- Calling it

/// What the host offers to whoever saves or restores
typedef struct {
  LV2_State_Map_Path  map;
  LV2_State_Free_Path free;
  LV2_Feature         features[2];
  const LV2_Feature*  list[3]; ///< Null at the end
} Offer;

/// Offer to map paths, if this host does; in place, as it must not move afterwards
static void
make_offer(CnHostStore* const self, Offer* const offer)
{
  *offer             = (Offer){.map = {self, abstract_path, absolute_path}, .free = {NULL, free_path}};
  offer->features[0] = (LV2_Feature){LV2_STATE__mapPath, &offer->map};
  offer->features[1] = (LV2_Feature){LV2_STATE__freePath, &offer->free};
  for (size_t i = 0; self->keeping.maps_paths && i < 2; ++i) {
    offer->list[i] = &offer->features[i];
  }
}

static const LV2_State_Interface*
find_interface(LilvInstance* const instance)
{
  return (const LV2_State_Interface*)lilv_instance_get_extension_data(instance, LV2_STATE__interface);
}

bool
cn_host_store_save(CnHostStore* const self, CnHostFeatures* const features, LilvInstance* const instance)
{
  Offer offer;
  Call  call = {.store = self, .features = features};
  make_offer(self, &offer);
  if (!self->keeping.keeps_keys) {
    cn_host_store_clear(self);
  }
  return find_interface(instance)->save(lilv_instance_get_handle(instance), store_value, &call,
                                        LV2_STATE_IS_POD, offer.list) == LV2_STATE_SUCCESS;
}

bool
cn_host_store_restore(CnHostStore* const self, CnHostFeatures* const features, LilvInstance* const instance)
{
  Offer offer;
  Call  call = {.store = self, .features = features};
  make_offer(self, &offer);
  const LV2_State_Status status = find_interface(instance)->restore(
      lilv_instance_get_handle(instance), retrieve_value, &call, LV2_STATE_IS_POD, offer.list);
  end_loans(&call);
  return status == LV2_STATE_SUCCESS;
}
