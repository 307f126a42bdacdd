// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/note_store.h"

#include "tools/base/temporary.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct CnNoteStore {
  int      file;
  size_t   size; // [bytes]
  uint8_t* data; // (size) bytes once it is mapped
};

CnStatus
cn_note_store_new(CnNoteStore** const store)
{
  *store                  = NULL;
  CnNoteStore* const made = calloc(1, sizeof(CnNoteStore));
  if (!made) {
    return CN_STATUS_NO_MEMORY;
  }
  made->file = cn_temporary_open();
  if (made->file < 0) {
    free(made);
    return CN_STATUS_IO;
  }
  *store = made;
  return CN_STATUS_SUCCESS;
}

void
cn_note_store_free(CnNoteStore* const store)
{
  if (store) {
    if (store->data) {
      munmap(store->data, store->size);
    }
    close(store->file);
    free(store);
  }
}

static bool
append(CnNoteStore* const store, const void* const data, size_t size)
{
  const uint8_t* bytes = (const uint8_t*)data;
  while (size) {
    const ssize_t n = write(store->file, bytes, size);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    bytes += n > 0 ? n : 0;
    size -= n > 0 ? (size_t)n : 0;
    store->size += n > 0 ? (size_t)n : 0;
  }
  return true;
}

CnStatus
cn_note_store_add(CnNoteStore* const store, const CnNote* const notes, const int16_t* const chords,
                  const size_t n, size_t* const place)
{
  static const uint8_t nothing[sizeof(CnNote)] = {0};

  *place                  = store->size;
  const size_t over       = n * sizeof(int16_t) % sizeof(CnNote);
  const bool   is_written = append(store, notes, n * sizeof(CnNote)) &&
                          append(store, chords, n * sizeof(int16_t)) &&
                          append(store, nothing, (sizeof(CnNote) - over) % sizeof(CnNote));
  return is_written ? CN_STATUS_SUCCESS : CN_STATUS_IO;
}

CnStatus
cn_note_store_map(CnNoteStore* const store)
{
  if (!store->size) {
    return CN_STATUS_SUCCESS;
  }
  void* const data = mmap(NULL, store->size, PROT_READ, MAP_SHARED, store->file, 0);
  if (data == MAP_FAILED) {
    return CN_STATUS_IO;
  }
  store->data = data;
  return CN_STATUS_SUCCESS;
}

CnNote*
cn_note_store_notes(const CnNoteStore* const store, const size_t place)
{
  return (CnNote*)(void*)(store->data + place);
}

int16_t*
cn_note_store_chords(const CnNoteStore* const store, const size_t place, const size_t n)
{
  return (int16_t*)(void*)(store->data + place + n * sizeof(CnNote));
}
