// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seeds.c
   Writes sound files for the fuzzers to start from: seeds FOLDER, into FOLDER/smf,
   FOLDER/safetensors, FOLDER/models and FOLDER/wire.
*/

#include "tests/support/phrase.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "plugin/wire/wire.h"

#include "dsp/file/compressed.h"
#include "dsp/file/safetensors.h"
#include "dsp/file/smf.h"
#include "dsp/part/timeline.h"
#include "tools/base/file.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SEED ((size_t)1 << 24) ///< [bytes]

static bool
write_seed(const char* const folder, const char* const name, uint8_t* const data, const size_t size)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  const CnStatus status = data ? cn_file_write(path, data, size) : CN_STATUS_NO_MEMORY;
  if (status) {
    fprintf(stderr, "seeds: %s: %s\n", path, cn_strerror(status));
  }
  free(data);
  return !status;
}

/// The first `n` notes of the phrase in 3/4, which changes to 6/8
static bool
write_smf(const char* const folder, const size_t n)
{
  static const CnTempoChange tempi[]  = {{0, 500000}, {48, 400000}};
  static const CnMeterChange meters[] = {{0, 3, 4}, {72, 6, 8}};

  CnNote   notes[CN_PHRASE_MAX_NOTES];
  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  char     name[32];
  cn_phrase_notes(notes);
  for (size_t i = n / 2; i < n; ++i) {
    notes[i].part = CN_PART_CONTINUO;
  }
  if (cn_score_new(notes, n, tempi, 2, meters, 2, &score) == CN_STATUS_SUCCESS) {
    cn_smf_write(score, &data, &size);
  }
  cn_score_free(score);
  snprintf(name, sizeof(name), "smf/%zu-notes.mid", n);
  return write_seed(folder, name, data, size);
}

/// A file and the same compressed
static bool
write_both(const char* const folder, const char* const name, uint8_t* const data, const size_t size)
{
  char     small_name[64];
  uint8_t* small      = NULL;
  size_t   small_size = 0;
  snprintf(small_name, sizeof(small_name), "%s.zst", name);
  if (data) {
    cn_compress(data, size, &small, &small_size);
  }
  const bool is_small = write_seed(folder, small_name, small, small_size); // Which frees them, as the other
  return write_seed(folder, name, data, size) && is_small;
}

static bool
write_safetensors(const char* const folder)
{
  static const float  values[] = {0.0F, 1.0F, -2.5F, 1e-6F, 65504.0F, 3.0F};
  static const size_t shape[]  = {2, 3};

  uint8_t*               data   = NULL;
  size_t                 size   = 0;
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  if (writer && !cn_tensors_writer_add_metadata(writer, "architecture", "continuo") &&
      !cn_tensors_writer_add(writer, "a", CN_DTYPE_F32, shape, 2, values) &&
      !cn_tensors_writer_add(writer, "b.c", CN_DTYPE_F16, shape, 1, values) &&
      !cn_tensors_writer_add(writer, "d", CN_DTYPE_BF16, shape, 2, values)) {
    cn_tensors_writer_finish(writer, &data, &size);
  }
  cn_tensors_writer_free(writer);
  return write_both(folder, "safetensors/three.safetensors", data, size);
}

/// One model of each architecture, and of each distance of attention
static bool
write_models(const char* const folder)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/models/continuo.safetensors", folder);
  CnStatus status = cn_tiny_model(path, 1);
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    snprintf(path, sizeof(path), "%s/models/attention-%s.safetensors", folder,
             cn_distance_name((CnDistance)d));
    status = status ? status : cn_tiny_attention(path, (CnDistance)d, 1);
  }
  snprintf(path, sizeof(path), "%s/models/notebook.safetensors", folder);
  status = status ? status : cn_tiny_notebook(path, 1, CN_NOTEBOOK_SECONDS);
  if (status) {
    fprintf(stderr, "seeds: %s: %s\n", path, cn_strerror(status));
    return false;
  }
  uint8_t* data = NULL;
  size_t   size = 0;
  cn_file_read(path, MAX_SEED, &data, &size);
  return write_both(folder, "models/notebook.safetensors", data, size);
}

/// Add news to a file as fuzz_wire.c reads them: a byte of their length, and themselves
static void
add_news(uint8_t* const data, size_t* const size, const void* const news, const size_t n)
{
  data[(*size)++] = (uint8_t)n;
  memcpy(data + *size, news, n);
  *size += n;
}

/// A state, a segment of each layer with two notes, a model, and what is written down for bars
static bool
write_wire(const char* const folder)
{
  CnWireState state = {.head       = {CN_WIRE_VERSION, CN_WIRE_STATE, 1},
                       .flags      = CN_WIRE_TOLD | CN_WIRE_ROLLS,
                       .due        = 81,
                       .tick       = 970.0,
                       .tempo      = 120.0F,
                       .beat       = 24.0F,
                       .bar        = {960, 96},
                       .bar_number = 10};
  struct {
    CnWireHead    head;
    CnWireSegment segment;
    CnTimedNote   notes[2];
  } layer = {.head = {CN_WIRE_VERSION, CN_WIRE_NOTES, 1}};
  struct {
    CnWireModel model;
    char        texts[12];
  } model                = {{{CN_WIRE_VERSION, CN_WIRE_MODEL, 5}, 0, 5, 4}, "/m.s\0gru"};
  const char     sheet[] = "10:Am7 11:F#m 11:keep 12:+2 13:rest 13:C/B";
  uint8_t* const data    = calloc(1, 1024);
  size_t         size    = 0;
  if (data) {
    add_news(data, &size, &state, sizeof(state));
    for (uint16_t i = 0; i < CN_N_LAYERS; ++i) {
      ++layer.head.number;
      layer.segment  = (CnWireSegment){80 + i, i, 2};
      layer.notes[0] = (CnTimedNote){.duration = 12, .offset = 0, .pitch = 60, .velocity = 80};
      layer.notes[1] = (CnTimedNote){.duration = UINT16_MAX, .offset = 6, .pitch = 107, .velocity = 1};
      add_news(data, &size, &layer, sizeof(layer));
    }
    add_news(data, &size, &model, sizeof(CnWireModel) + 9);
    add_news(data, &size, sheet, sizeof(sheet));
  }
  return write_seed(folder, "wire/all-kinds", data, size);
}

int
main(int argc, char** argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: seeds FOLDER\n");
    return 2;
  }

  const char* const folder = argv[1];
  const bool        is_all = write_smf(folder, 1) && write_smf(folder, 12) && write_safetensors(folder) &&
                      write_models(folder) && write_wire(folder);
  return is_all ? 0 : 1;
}
