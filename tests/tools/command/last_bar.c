// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/tools/command/last_bar.h"

#include "tools/base/file.h"

#include <stdio.h>
#include <stdlib.h>

static const char name[]   = "last-bar";
static const char tensor[] = "velocity";

typedef struct {
  float velocity;
} Model;

static CnStatus
read_model(const CnTensors* const tensors, void** const model, const CnFault fault)
{
  float velocity = 0.0F;
  CN_TRY(cn_tensors_read(tensors, tensor, NULL, 0, &velocity, fault));
  if (!(velocity >= 1.0F && velocity <= 127.0F)) {
    return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "no velocity: %g", (double)velocity);
  }
  Model* const made = malloc(sizeof(Model));
  if (!made) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "out of memory");
  }
  made->velocity = velocity;
  *model         = made;
  return CN_STATUS_SUCCESS;
}

static void
describe(const void* const model, char* const text, const size_t size)
{
  snprintf(text, size, "the last bar, at %g", (double)((const Model*)model)->velocity);
}

static uint64_t
id(const void* const model)
{
  return 0x1A57BA00U + (uint64_t)((const Model*)model)->velocity;
}

/// What sounded a bar before the segment sounds again
static CnStatus
plan(void* const handle, const CnPlanRequest* const request, CnNote* const notes, uint32_t* const n_notes)
{
  const Model* const model = *(const Model* const*)handle;
  const int32_t      start = request->segment * CN_SEGMENT_TICKS;
  *n_notes                 = 0;
  for (uint32_t i = 0; i < request->n_history + request->n_recent && *n_notes < CN_SEGMENT_NOTES; ++i) {
    CnNote note = *cn_plan_request_note(request, i);
    note.onset += request->bar.length;
    if (note.onset >= start && note.onset < start + CN_SEGMENT_TICKS) {
      note.bar        = cn_bar_place(request->bar, note.onset);
      note.velocity   = (uint8_t)model->velocity;
      note.channel    = 0;
      note.part       = CN_PART_CONTINUO;
      notes[*n_notes] = note;
      *n_notes += 1;
    }
  }
  return CN_STATUS_SUCCESS;
}

/// A composer remembers nothing but its model
static void*
new_composer(const void* const model)
{
  const void** const composer = malloc(sizeof(void*));
  if (composer) {
    *composer = model;
  }
  return composer;
}

static CnPlanner
planner(void* const composer)
{
  return (CnPlanner){.handle = composer, .plan = plan, .id = id(*(const void**)composer)};
}

const CnArchitecture cn_last_bar_architecture = {
    .name          = name,
    .read          = read_model,
    .free          = free,
    .describe      = describe,
    .id            = id,
    .composer_new  = new_composer,
    .composer_free = free,
    .planner       = planner,
};

CnStatus
cn_last_bar_save(const char* const path, const float velocity)
{
  uint8_t*               data   = NULL;
  size_t                 size   = 0;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  if (!writer) {
    return CN_STATUS_NO_MEMORY;
  }
  CnStatus status = cn_tensors_writer_add_metadata(writer, "architecture", name);
  status          = status ? status : cn_tensors_writer_add(writer, tensor, CN_DTYPE_F32, NULL, 0, &velocity);
  status          = status ? status : cn_tensors_writer_finish(writer, &data, &size);
  status          = status ? status : cn_file_write(path, data, size);
  free(data);
  cn_tensors_writer_free(writer);
  return status;
}
