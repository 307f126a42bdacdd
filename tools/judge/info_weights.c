// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/info.h"

#include "tools/base/json.h"
#include "tools/corpus/learnt.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_SHAPE_TEXT = 96 };

static size_t
count_parameters(const CnWeightsInfo* const info)
{
  size_t n = 0;
  for (size_t i = 0; i < cn_tensors_count(info->tensors); ++i) {
    const CnTensorInfo* const tensor = cn_tensors_get(info->tensors, i);
    n += !info->judge->is_learnt || info->judge->is_learnt(tensor->name) ? tensor->n_elements : 0;
  }
  return n;
}

static void
format_shape(const CnTensorInfo* const tensor, char* const text)
{
  size_t length = 0;
  text[0]       = '\0';
  for (size_t i = 0; i < tensor->rank; ++i) {
    length +=
        (size_t)snprintf(text + length, MAX_SHAPE_TEXT - length, "%s%zu", i ? " x " : "", tensor->shape[i]);
  }
  if (!tensor->rank) {
    strcpy(text, "scalar");
  }
}

static void
describe_model(const CnWeightsInfo* const info, FILE* const out)
{
  char text[160];
  if (!cn_any_model_is_there(&info->model)) {
    fprintf(out, "  not a model that Continuo can play\n");
  } else if (info->judge->describe) {
    info->judge->describe(info->model.handle, out);
  } else {
    cn_any_model_describe(&info->model, text, sizeof(text));
    fprintf(out, "  network      %s\n", text);
  }
}

// Print text from a file that may want to play tricks on a terminal
static void
print_plain(const char* const text, const size_t length, FILE* const out)
{
  for (size_t i = 0; i < length; ++i) {
    const unsigned char byte = (unsigned char)text[i];
    fputc(byte < 0x20 || byte == 0x7F ? '?' : byte, out);
  }
}

// A line for this model, and one for each that it descends from
static void
print_descent(const CnWeightsInfo* const info, FILE* const out)
{
  const char* line = cn_tensors_metadata(info->tensors, "descent");
  if (cn_any_model_is_there(&info->model)) {
    fprintf(out, "  hash         %016" PRIx64 "\n", cn_any_model_id(&info->model));
  }
  while (line && *line) {
    const size_t length = strcspn(line, "\n");
    fputs("  trained from ", out);
    print_plain(line, length, out);
    fputc('\n', out);
    line += length + (line[length] == '\n');
  }
}

// What an entry of the metadata says; lists are for programs
static void
print_value(const CnTensorsMetadata* const entry, FILE* const out)
{
  CnLearnt learnt = {0};
  if (!strcmp(entry->key, "learnt") && !cn_learnt_parse(entry->value, &learnt) && learnt.n) {
    fprintf(out, "%zu pieces%s", learnt.n, learnt.has_others ? ", and others" : "");
  } else {
    print_plain(entry->value, strlen(entry->value), out);
  }
  cn_learnt_clear(&learnt);
}

void
cn_weights_describe(const CnWeightsInfo* const info, FILE* const out)
{
  const size_t n_tensors  = cn_tensors_count(info->tensors);
  const size_t n_metadata = cn_tensors_metadata_count(info->tensors);

  fprintf(out, "%s: weights, %.1f MB", info->path, (double)info->size / 1e6);
  if (cn_tensors_are_compressed(info->tensors)) {
    fprintf(out, ", compressed from %.1f MB", (double)cn_tensors_size(info->tensors) / 1e6);
  }
  fputc('\n', out);
  describe_model(info, out);
  fprintf(out, "  parameters   %zu in %zu tensors\n", count_parameters(info), n_tensors);
  print_descent(info, out);

  fprintf(out, "What it says of itself:\n");
  for (size_t i = 0; i < n_metadata; ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(info->tensors, i);
    if (!strcmp(entry->key, "descent")) {
      continue; // It stands above
    }
    fputs("  ", out);
    print_plain(entry->key, strlen(entry->key), out);
    fprintf(out, "%*s ", strlen(entry->key) < 24 ? (int)(24 - strlen(entry->key)) : 0, "");
    print_value(entry, out);
    fputc('\n', out);
  }
  if (!n_metadata) {
    fprintf(out, "  nothing\n");
  }

  fprintf(out, "Tensors:\n");
  for (size_t i = 0; i < n_tensors; ++i) {
    const CnTensorInfo* const tensor = cn_tensors_get(info->tensors, i);
    char                      shape[MAX_SHAPE_TEXT];
    format_shape(tensor, shape);
    fputs("  ", out);
    print_plain(tensor->name, strlen(tensor->name), out);
    fprintf(out, "%*s %-5s %s\n", strlen(tensor->name) < 24 ? (int)(24 - strlen(tensor->name)) : 0, "",
            tensor->dtype_name, shape);
  }
}

static json_t*
make_metadata_json(const CnTensors* const tensors)
{
  json_t* const object = json_object();
  for (size_t i = 0; i < cn_tensors_metadata_count(tensors); ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(tensors, i);
    json_object_set_new(object, entry->key, cn_json_text(entry->value));
  }
  return object;
}

static json_t*
make_tensors_json(const CnTensors* const tensors)
{
  json_t* const list = json_array();
  for (size_t i = 0; i < cn_tensors_count(tensors); ++i) {
    const CnTensorInfo* const tensor = cn_tensors_get(tensors, i);
    json_t* const             shape  = json_array();
    for (size_t d = 0; d < tensor->rank; ++d) {
      json_array_append_new(shape, json_integer((json_int_t)tensor->shape[d]));
    }
    json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", cn_json_text(tensor->name), "dtype",
                                          cn_json_text(tensor->dtype_name), "shape", shape));
  }
  return list;
}

static json_t*
make_model_json(const CnWeightsInfo* const info)
{
  char text[160];
  char hash[17];
  if (!cn_any_model_is_there(&info->model)) {
    return json_null();
  }
  cn_any_model_describe(&info->model, text, sizeof(text));
  snprintf(hash, sizeof(hash), "%016" PRIx64, cn_any_model_id(&info->model));
  json_t* const object = json_pack("{s:s, s:s, s:s}", "architecture", info->model.architecture->name,
                                   "description", text, "hash", hash);
  if (info->judge->add_json) {
    info->judge->add_json(info->model.handle, object);
  }
  return object;
}

json_t*
cn_weights_json(const CnWeightsInfo* const info)
{
  return json_pack("{s:o, s:s, s:I, s:I, s:b, s:I, s:o, s:o, s:o}", "file", cn_json_text(info->path), "kind",
                   "weights", "bytes", (json_int_t)info->size, "plain_bytes",
                   (json_int_t)cn_tensors_size(info->tensors), "compressed",
                   (int)cn_tensors_are_compressed(info->tensors), "parameters",
                   (json_int_t)count_parameters(info), "model", make_model_json(info), "metadata",
                   make_metadata_json(info->tensors), "tensors", make_tensors_json(info->tensors));
}
