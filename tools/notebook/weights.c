// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/weights.h"

#include "tools/base/tensors_file.h"

static CnStatus
add_widths(CnTensorsWriter* const writer, const char* const key, const CnNotebookNet* const net)
{
  CnNotebookStack stack = {.n_layers = net->n_layers};
  char            text[64];
  for (uint32_t l = 0; l < net->n_layers; ++l) {
    stack.width[l] = net->layer[l].hidden;
  }
  cn_notebook_stack_format(&stack, text, sizeof(text));
  return cn_tensors_writer_add_metadata(writer, key, text);
}

static CnStatus
add_metadata(CnTensorsWriter* const writer, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS],
             const CnNotebookScale* const scale, const CnTensorsMetadata* const metadata, const size_t n)
{
  CN_TRY(cn_tensors_writer_add_metadata(writer, "architecture", CN_NOTEBOOK_NAME));
  CN_TRY(add_widths(writer, "pitch_layers", &nets[CN_NOTEBOOK_PITCH]));
  CN_TRY(add_widths(writer, "timing_layers", &nets[CN_NOTEBOOK_TIMING]));
  CN_TRY(cn_tensors_writer_add_metadata(writer, "unit", cn_notebook_unit_name(scale->unit)));
  CN_TRY(cn_tensors_add_number(writer, "window", scale->window));
  CN_TRY(cn_tensors_add_number(writer, "min_count", scale->min_count));
  return cn_tensors_add_entries(writer, metadata, n);
}

static CnStatus
add_scale(CnTensorsWriter* const writer, const CnNotebookScale* const scale)
{
  const size_t pair = 2;
  const size_t keys = CN_N_PITCHES;
  CN_TRY(cn_tensors_writer_add(writer, "scale.pitch", CN_DTYPE_F32, &pair, 1, scale->pitch));
  CN_TRY(cn_tensors_writer_add(writer, "scale.duration", CN_DTYPE_F32, &pair, 1, scale->duration));
  CN_TRY(cn_tensors_writer_add(writer, "scale.step", CN_DTYPE_F32, &pair, 1, scale->step));
  return cn_tensors_writer_add(writer, "scale.counts", CN_DTYPE_F32, &keys, 1, scale->counts);
}

static CnStatus
add_steps(CnTensorsWriter* const writer, const CnNotebookSteps* const steps)
{
  const size_t edges   = CN_NOTEBOOK_STEP_BINS - 1;
  const size_t bins[2] = {CN_NOTEBOOK_STEP_BINS, CN_NOTEBOOK_STEP_QUANTILES};
  CN_TRY(cn_tensors_writer_add(writer, "timing.edges", CN_DTYPE_F32, &edges, 1, steps->edges));
  return cn_tensors_writer_add(writer, "timing.steps", CN_DTYPE_F32, bins, 2, steps->came[0]);
}

static CnStatus
add_net(CnTensorsWriter* const writer, const CnNotebookNet* const net, const CnNotebookTask task,
        const float* const parameters, const CnDtype dtype)
{
  CnNotebookTensor tensors[CN_NOTEBOOK_MAX_TENSORS];
  const size_t     n = cn_notebook_net_tensors(net, task, tensors);
  for (size_t i = 0; i < n; ++i) {
    const size_t shape[2] = {tensors[i].rows, tensors[i].columns};
    CN_TRY(cn_tensors_writer_add(writer, tensors[i].name, dtype, shape, tensors[i].columns ? 2 : 1,
                                 parameters + tensors[i].offset));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_notebook_weights_save(const char* const path, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS],
                         const CnNotebookScale* const scale, const CnNotebookSteps* const steps,
                         const float* const parameters[CN_N_NOTEBOOK_TASKS], const CnDtype dtype,
                         const CnTensorsMetadata* const metadata, const size_t n_metadata)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  if (!writer) {
    return CN_STATUS_NO_MEMORY;
  }

  CnStatus status = add_metadata(writer, nets, scale, metadata, n_metadata);
  status          = status ? status : add_scale(writer, scale);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS && !status; ++i) {
    status = add_net(writer, &nets[i], (CnNotebookTask)i, parameters[i], dtype);
  }
  if (!status && steps) {
    status = add_steps(writer, steps);
  }
  status = status ? status : cn_tensors_write(writer, path);
  cn_tensors_writer_free(writer);
  return status;
}
