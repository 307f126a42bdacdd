// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/learn/checkpoint.h"

#include "tools/base/file.h"

#include "dsp/base/hash.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)1 << 34) // [bytes] of a file that is read

// At the start of the file and of the memory for it, so that both are written as one
typedef struct {
  char     magic[24];
  uint64_t size; // [bytes] of the fields
  uint64_t hash; // Of the fields
} Heading;

static const char magic[24] = "continuo checkpoint 1\n";

void
cn_checkpoint_rewind(CnCheckpoint* const checkpoint)
{
  checkpoint->size       = 0;
  checkpoint->place      = 0;
  checkpoint->is_reading = false;
  checkpoint->status     = CN_STATUS_SUCCESS;
}

void
cn_checkpoint_turn(CnCheckpoint* const checkpoint)
{
  checkpoint->place      = sizeof(Heading);
  checkpoint->is_reading = true;
}

void
cn_checkpoint_clear(CnCheckpoint* const checkpoint)
{
  free(checkpoint->data);
  *checkpoint = (CnCheckpoint){0};
}

// Room for `size` bytes more; the next power of two, as a run writes the same again and again
static CnStatus
make_room(CnCheckpoint* const checkpoint, const size_t size)
{
  size_t capacity = checkpoint->capacity ? checkpoint->capacity : 4096;
  while (capacity - checkpoint->size < size) {
    capacity *= 2;
  }
  if (capacity > checkpoint->capacity) {
    uint8_t* const data = realloc(checkpoint->data, capacity);
    if (!data) {
      return CN_STATUS_NO_MEMORY;
    }
    checkpoint->data     = data;
    checkpoint->capacity = capacity;
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
append(CnCheckpoint* const checkpoint, const void* const data, const size_t size)
{
  CN_TRY(make_room(checkpoint, size));
  memcpy(checkpoint->data + checkpoint->size, data, size);
  checkpoint->size += size;
  return CN_STATUS_SUCCESS;
}

static CnStatus
write_field(CnCheckpoint* const checkpoint, const void* const data, const uint64_t size)
{
  if (!checkpoint->size) {
    const Heading heading = {{0}, 0, 0}; // Until it is saved
    CN_TRY(append(checkpoint, &heading, sizeof(heading)));
  }
  CN_TRY(append(checkpoint, &size, sizeof(size)));
  return append(checkpoint, data, size);
}

// Size of the next field to be read
static CnStatus
read_size(CnCheckpoint* const checkpoint, uint64_t* const size)
{
  if (checkpoint->size - checkpoint->place < sizeof(*size)) {
    return CN_STATUS_TRUNCATED;
  }
  memcpy(size, checkpoint->data + checkpoint->place, sizeof(*size));
  checkpoint->place += sizeof(*size);
  return *size > checkpoint->size - checkpoint->place ? CN_STATUS_TRUNCATED : CN_STATUS_SUCCESS;
}

static CnStatus
read_field(CnCheckpoint* const checkpoint, void* const data, const size_t size)
{
  uint64_t stored = 0;
  CN_TRY(read_size(checkpoint, &stored));
  if (stored != size) {
    return CN_STATUS_BAD_SHAPE;
  }
  memcpy(data, checkpoint->data + checkpoint->place, size);
  checkpoint->place += size;
  return CN_STATUS_SUCCESS;
}

void
cn_checkpoint_field(CnCheckpoint* const checkpoint, void* const data, const size_t size)
{
  if (!checkpoint->status) {
    checkpoint->status =
        checkpoint->is_reading ? read_field(checkpoint, data, size) : write_field(checkpoint, data, size);
  }
}

static CnStatus
read_text(CnCheckpoint* const checkpoint, char** const text)
{
  uint64_t size = 0;
  CN_TRY(read_size(checkpoint, &size));
  *text = malloc(size + 1);
  if (!*text) {
    return CN_STATUS_NO_MEMORY;
  }
  memcpy(*text, checkpoint->data + checkpoint->place, size);
  (*text)[size] = '\0';
  checkpoint->place += size;
  return CN_STATUS_SUCCESS;
}

void
cn_checkpoint_text(CnCheckpoint* const checkpoint, char** const text)
{
  if (!checkpoint->status) {
    checkpoint->status =
        checkpoint->is_reading ? read_text(checkpoint, text) : write_field(checkpoint, *text, strlen(*text));
  }
}

CnStatus
cn_checkpoint_save(CnCheckpoint* const checkpoint, const char* const path)
{
  CN_TRY(checkpoint->status);
  if (checkpoint->size < sizeof(Heading)) {
    return CN_STATUS_BAD_ARG;
  }
  Heading heading = {.size = checkpoint->size - sizeof(heading)};
  memcpy(heading.magic, magic, sizeof(magic));
  heading.hash = cn_hash_bytes(0, checkpoint->data + sizeof(heading), heading.size);
  memcpy(checkpoint->data, &heading, sizeof(heading));
  return cn_file_write(path, checkpoint->data, checkpoint->size);
}

static CnStatus
check(CnCheckpoint* const checkpoint, const char** const reason)
{
  Heading heading;
  *reason = "not a checkpoint of this program";
  if (checkpoint->size < sizeof(heading)) {
    return CN_STATUS_BAD_SYNTAX;
  }
  memcpy(&heading, checkpoint->data, sizeof(heading));
  if (memcmp(heading.magic, magic, sizeof(magic))) {
    return CN_STATUS_BAD_SYNTAX;
  }
  *reason = "its end is missing";
  if (checkpoint->size - sizeof(heading) != heading.size) {
    return CN_STATUS_TRUNCATED;
  }
  *reason = "it is damaged";
  return cn_hash_bytes(0, checkpoint->data + sizeof(heading), heading.size) == heading.hash
             ? CN_STATUS_SUCCESS
             : CN_STATUS_BAD_VALUE;
}

CnStatus
cn_checkpoint_load(CnCheckpoint* const checkpoint, const char* const path, const CnFault fault)
{
  const char* reason = NULL;
  cn_checkpoint_clear(checkpoint);
  CnStatus status = cn_file_read(path, MAX_SIZE, &checkpoint->data, &checkpoint->size);
  if (status) {
    reason = cn_file_strerror(status);
  } else {
    checkpoint->capacity = checkpoint->size;
    cn_checkpoint_turn(checkpoint);
    status = check(checkpoint, &reason);
  }
  if (status) {
    CN_FAIL(fault, status, "%s: %s", path, reason);
    cn_checkpoint_clear(checkpoint);
  }
  return status;
}
