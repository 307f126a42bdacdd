// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/weights.h"

#include "tools/base/file.h"
#include "tools/base/installed.h"
#include "tools/base/options.h"
#include "tools/base/tensors_file.h"

#include <limits.h>
#include <stdlib.h>

#define MAX_WEIGHTS_SIZE ((size_t)1 << 30)

// Find and read a weights file, or say why not; null on failure
static uint8_t*
read_weights(const char* const command, const char** const path, char default_path[PATH_MAX],
             size_t* const size)
{
  uint8_t* data = NULL;
  if (!*path && !cn_default_model(default_path, PATH_MAX)) {
    cn_error_print(command, NULL, "no default model is installed; name a file of weights");
    return NULL;
  }
  *path                 = *path ? *path : default_path;
  const CnStatus status = cn_file_read(*path, MAX_WEIGHTS_SIZE, &data, size);
  if (status) {
    cn_error_print(command, *path, "%s", cn_file_strerror(status));
  }
  return data;
}

// Open the file and read a model and its lineage
static CnStatus
parse(const uint8_t* const data, const size_t size, CnModel** const model, CnLineage* const lineage,
      const CnFault fault)
{
  CnTensors* tensors = NULL;
  CN_TRY(cn_tensors_open(data, size, &tensors, fault));
  CnStatus status = cn_model_read(tensors, model, fault);
  if (!status && lineage) {
    status = cn_lineage_inherit(tensors, cn_model_id(*model), lineage);
  }
  if (status) {
    cn_model_free(*model);
    *model = NULL;
  }
  cn_tensors_free(tensors);
  return status;
}

CnModel*
cn_weights_load(const char* const command, const char* path, CnLineage* const lineage)
{
  char           default_path[PATH_MAX];
  char           fault[256] = "";
  size_t         size       = 0;
  CnModel*       model      = NULL;
  uint8_t* const data       = read_weights(command, &path, default_path, &size);
  const CnStatus status     = data ? parse(data, size, &model, lineage, CN_FAULT(fault)) : CN_STATUS_IO;
  free(data);
  if (data && status) {
    cn_error_print(command, path, "%s", *fault ? fault : cn_strerror(status));
  }
  return model;
}

// What a file says of where it comes from
static CnStatus
parse_lineage(const uint8_t* const data, const size_t size, const CnAnyModel* const model,
              CnLineage* const lineage)
{
  CnTensors* tensors = NULL;
  CN_TRY(cn_tensors_open(data, size, &tensors, CN_NO_FAULT));
  const CnStatus status = cn_lineage_inherit(tensors, cn_any_model_id(model), lineage);
  cn_tensors_free(tensors);
  return status;
}

bool
cn_weights_load_lineage(const char* const command, const char* path, CnAnyModel* const model,
                        CnLineage* const lineage)
{
  char           default_path[PATH_MAX];
  char           fault[256] = "";
  size_t         size       = 0;
  uint8_t* const data       = read_weights(command, &path, default_path, &size);
  *model                    = (CnAnyModel){NULL, NULL};
  if (!data) {
    return false;
  }
  CnStatus status = cn_any_model_load(data, size, model, CN_FAULT(fault));
  if (!status && lineage) {
    status = parse_lineage(data, size, model, lineage);
  }
  free(data);
  if (status) {
    cn_any_model_free(model);
    cn_error_print(command, path, "%s", *fault ? fault : cn_strerror(status));
  }
  return !status;
}

bool
cn_weights_load_any(const char* const command, const char* const path, CnAnyModel* const model)
{
  return cn_weights_load_lineage(command, path, model, NULL);
}

static CnStatus
add_metadata(CnTensorsWriter* const writer, const CnShape* const shape,
             const CnTensorsMetadata* const metadata, const size_t n_metadata)
{
  CN_TRY(cn_tensors_writer_add_metadata(writer, "architecture", "continuo"));
  CN_TRY(cn_tensors_add_number(writer, "vocabulary", CN_VOCABULARY_VERSION));
  CN_TRY(cn_tensors_writer_add_metadata(writer, "cell", cn_cell_name(shape->cell)));
  CN_TRY(cn_tensors_add_number(writer, "hidden", shape->hidden));
  CN_TRY(cn_tensors_add_number(writer, "head", shape->head));
  if (shape->layers) {
    CN_TRY(cn_tensors_add_number(writer, "layers", shape->layers));
  }
  if (shape->cell == CN_CELL_ATTENTION) {
    CN_TRY(cn_tensors_add_number(writer, "heads", shape->heads));
    CN_TRY(cn_tensors_add_number(writer, "window", shape->window));
    if (shape->distance != CN_DISTANCE_TIME) { // Older files say nothing of it
      CN_TRY(cn_tensors_writer_add_metadata(writer, "distance", cn_distance_name(shape->distance)));
    }
  }
  return cn_tensors_add_entries(writer, metadata, n_metadata);
}

// Weights that have learnt no more chords, or not what follows, do not say that they have
static bool
knows(const CnLayout* const layout, const float* const parameters, const unsigned weight)
{
  const CnWeightPlace* const place = &layout->place[weight];
  const size_t               end   = place->offset + (size_t)place->rows * place->columns;
  size_t                     i     = place->offset;
  while (i < end && parameters[i] == 0.0F) {
    ++i;
  }
  return i < end;
}

static CnStatus
add_tensors(CnTensorsWriter* const writer, const CnLayout* const layout, const float* const parameters,
            const CnDtype dtype)
{
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &layout->place[w];
    if (place->rows && (w < CN_WEIGHT_CHORD || knows(layout, parameters, w))) {
      const size_t shape[2] = {place->rows, place->columns};
      CN_TRY(cn_tensors_writer_add(writer, cn_weight_name(w),
                                   place->vector && dtype == CN_DTYPE_I8 ? CN_DTYPE_F32 : dtype, shape,
                                   place->vector ? 1 : 2, parameters + place->offset));
    }
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_weights_save(const char* const path, const CnLayout* const layout, const float* const parameters,
                const CnDtype dtype, const CnTensorsMetadata* const metadata, const size_t n_metadata)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  if (!writer) {
    return CN_STATUS_NO_MEMORY;
  }

  CnStatus status = add_metadata(writer, &layout->shape, metadata, n_metadata);
  if (!status && knows(layout, parameters, CN_WEIGHT_CHORD)) {
    status = cn_tensors_writer_add_metadata(writer, "chords", CN_MODEL_CHORDS);
  }
  if (!status) {
    status = add_tensors(writer, layout, parameters, dtype);
  }
  if (!status) {
    status = cn_tensors_write(writer, path);
  }
  cn_tensors_writer_free(writer);
  return status;
}
