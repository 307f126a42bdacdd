// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/info.h"

#include "tools/base/json.h"

#include <string.h>

enum { MAX_SHAPE_TEXT = 96 };

// What was trained: the preprocessing of the notebook's networks was not
static size_t
count_parameters(const CnWeightsInfo* const info)
{
  size_t n = 0;
  for (size_t i = 0; i < cn_tensors_count(info->tensors); ++i) {
    const CnTensorInfo* const tensor = cn_tensors_get(info->tensors, i);
    n += info->model.notebook && !strncmp(tensor->name, "scale.", 6) ? 0 : tensor->n_elements;
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

// The layers of a network of the notebook's: "BiLSTM 512, LSTM 128"
static void
format_layers(const CnNotebookNet* const net, char* const text, const size_t size)
{
  size_t length = 0;
  for (uint32_t l = 0; l < net->n_layers && length < size; ++l) {
    length += (size_t)snprintf(text + length, size - length, "%s%s %u", l ? ", " : "",
                               net->layer[l].n_directions == 2 ? "BiLSTM" : "LSTM", net->layer[l].hidden);
  }
}

static void
describe_notebook(const CnNotebookModel* const model, FILE* const out)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(model);
  char                         text[128];
  format_layers(cn_notebook_model_net(model, CN_NOTEBOOK_PITCH), text, sizeof(text));
  fprintf(out, "  pitch        %s\n", text);
  format_layers(cn_notebook_model_net(model, CN_NOTEBOOK_TIMING), text, sizeof(text));
  fprintf(out, "  timing       %s\n", text);
  fprintf(out, "  reads        %u notes, in %s\n", scale->window, cn_notebook_unit_name(scale->unit));
}

static void
describe_model(const CnWeightsInfo* const info, FILE* const out)
{
  if (info->model.notebook) {
    describe_notebook(info->model.notebook, out);
  } else if (info->model.continuo) {
    const CnShape* const shape = &cn_model_layout(info->model.continuo)->shape;
    const char* const    cell  = shape->cell == CN_CELL_LSTM ? "LSTM" : "GRU";
    fprintf(out, "  network      %s of %u, heads of %u\n", cell, shape->hidden, shape->head);
    fprintf(out, "  vocabulary   %d\n", CN_VOCABULARY_VERSION);
  } else {
    fprintf(out, "  not a model that Continuo can play\n");
  }
}

// Print text from a file that may want to play tricks on a terminal
static void
print_plain(const char* const text, FILE* const out)
{
  for (const char* c = text; *c; ++c) {
    const unsigned char byte = (unsigned char)*c;
    fputc(byte < 0x20 || byte == 0x7F ? '?' : byte, out);
  }
}

void
cn_weights_describe(const CnWeightsInfo* const info, FILE* const out)
{
  const size_t n_tensors  = cn_tensors_count(info->tensors);
  const size_t n_metadata = cn_tensors_metadata_count(info->tensors);

  fprintf(out, "%s: weights, %.1f MB\n", info->path, (double)info->size / 1e6);
  describe_model(info, out);
  fprintf(out, "  parameters   %zu in %zu tensors\n", count_parameters(info), n_tensors);

  fprintf(out, "What it says of itself:\n");
  for (size_t i = 0; i < n_metadata; ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(info->tensors, i);
    fputs("  ", out);
    print_plain(entry->key, out);
    fprintf(out, "%*s ", strlen(entry->key) < 24 ? (int)(24 - strlen(entry->key)) : 0, "");
    print_plain(entry->value, out);
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
    print_plain(tensor->name, out);
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
make_layers_json(const CnNotebookNet* const net)
{
  json_t* const widths = json_array();
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    json_array_append_new(widths, json_integer((json_int_t)net->layer[l].hidden));
  }
  return widths;
}

static json_t*
make_model_json(const CnAnyModel* const model)
{
  if (model->notebook) {
    const CnNotebookScale* const scale = cn_notebook_model_scale(model->notebook);
    return json_pack("{s:s, s:o, s:o, s:i, s:s}", "architecture", "seed", "pitch_layers",
                     make_layers_json(cn_notebook_model_net(model->notebook, CN_NOTEBOOK_PITCH)),
                     "timing_layers",
                     make_layers_json(cn_notebook_model_net(model->notebook, CN_NOTEBOOK_TIMING)), "window",
                     (int)scale->window, "unit", cn_notebook_unit_name(scale->unit));
  }
  if (!model->continuo) {
    return json_null();
  }

  const CnShape* const shape = &cn_model_layout(model->continuo)->shape;
  return json_pack("{s:s, s:i, s:i, s:i}", "cell", cn_cell_name(shape->cell), "hidden", (int)shape->hidden,
                   "head", (int)shape->head, "vocabulary", CN_VOCABULARY_VERSION);
}

json_t*
cn_weights_json(const CnWeightsInfo* const info)
{
  return json_pack("{s:o, s:s, s:I, s:I, s:o, s:o, s:o}", "file", cn_json_text(info->path), "kind", "weights",
                   "bytes", (json_int_t)info->size, "parameters", (json_int_t)count_parameters(info), "model",
                   make_model_json(&info->model), "metadata", make_metadata_json(info->tensors), "tensors",
                   make_tensors_json(info->tensors));
}
