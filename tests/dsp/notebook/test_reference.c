// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The notebook's networks, forward and backward, full windows and masked ones, against PyTorch;
  tests/reference/make_notebook_reference.py made the vectors.
*/

#include "dsp/file/safetensors.h"
#include "dsp/notebook/model.h"
#include "tools/base/file.h"
#include "tools/notebook/gradient.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { T = 7, B = 4 };

static const double absolute_tolerance = 2e-6;
static const double relative_tolerance = 2e-4;

static const uint32_t lengths[B] = {7, 7, 4, 1};

typedef struct {
  uint8_t*        data;
  CnTensors*      tensors;
  CnNotebookBatch batch;
} Fixture;

// The same hash as in make_reference.py
static float
hashed(const unsigned number, const size_t i)
{
  const uint64_t key = i + UINT64_C(100003) * (number + 1);
  return (float)((double)(uint32_t)(key * UINT64_C(2654435761)) / 4294967296.0 - 0.5);
}

static void
check_tensor(const Fixture* const fixture, const char* const name, const float* const values, const size_t n)
{
  char                      fault[128];
  const CnTensorInfo* const info = cn_tensors_find(fixture->tensors, name);
  assert_non_null(info);
  assert_int_equal(info->n_elements, n);
  float* const reference = calloc(n + 1, sizeof(float));
  assert_int_equal(
      cn_tensors_read(fixture->tensors, name, info->shape, info->rank, reference, CN_FAULT(fault)),
      CN_STATUS_SUCCESS);
  for (size_t i = 0; i < n; ++i) {
    const double is     = (double)values[i];
    const double should = (double)reference[i];
    if (!(fabs(is - should) <= absolute_tolerance + relative_tolerance * fabs(should))) {
      fail_msg("%s[%zu] is %.8g, the reference has %.8g", name, i, is, should);
    }
  }
  free(reference);
}

static void
fill_batch(CnNotebookBatch* const batch)
{
  assert_int_equal(cn_notebook_batch_init(batch, T, B), CN_STATUS_SUCCESS);
  batch->n_batch = B;
  for (size_t b = 0; b < B; ++b) {
    for (size_t i = 0; i < lengths[b]; ++i) {
      const size_t t = T - lengths[b] + i;
      ++batch->n_active[t];
      for (size_t f = 0; f < CN_NOTEBOOK_FEATURES; ++f) {
        batch->x[(t * B + b) * CN_NOTEBOOK_FEATURES + f] =
            hashed(90, (b * T + i) * CN_NOTEBOOK_FEATURES + f) + 0.5F;
      }
    }
    batch->pitch[b]          = (uint8_t)((13 * b + 5) % CN_N_PITCHES);
    batch->timing[2 * b]     = hashed(91, 2 * b) + 0.5F;
    batch->timing[2 * b + 1] = hashed(91, 2 * b + 1) + 0.5F;
  }
}

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  char           fault[128];
  size_t         size = 0;
  assert_int_equal(cn_file_read("tests/reference/notebook.safetensors", 1 << 20, &fixture->data, &size),
                   CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_open(fixture->data, size, &fixture->tensors, CN_FAULT(fault)),
                   CN_STATUS_SUCCESS);
  fill_batch(&fixture->batch);
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  cn_tensors_free(fixture->tensors);
  cn_notebook_batch_clear(&fixture->batch);
  free(fixture->data);
  free(fixture);
  return 0;
}

static void
check_network(const Fixture* const fixture, const CnNotebookTask task, const CnNotebookStack* const stack,
              const unsigned first)
{
  CnNotebookNet    net;
  CnNotebookTensor tensors[CN_NOTEBOOK_MAX_TENSORS];
  CnNotebookLoss   loss = {0.0, 0.0, 0.0};
  char             name[80];
  assert_int_equal(cn_notebook_net_init(&net, task, stack), CN_STATUS_SUCCESS);
  const size_t              n_tensors  = cn_notebook_net_tensors(&net, task, tensors);
  float* const              parameters = calloc(net.n_parameters, sizeof(float));
  float* const              out        = calloc(net.n_parameters, sizeof(float));
  CnNotebookGradient* const gradient   = cn_notebook_gradient_new(&net, task, T, B);
  for (unsigned k = 0; k < n_tensors; ++k) {
    const size_t n = (size_t)tensors[k].rows * (tensors[k].columns ? tensors[k].columns : 1U);
    for (size_t i = 0; i < n; ++i) {
      parameters[tensors[k].offset + i] = 2.0F * hashed(first + k, i);
    }
  }

  snprintf(name, sizeof(name), "outputs.%s", cn_notebook_task_name(task));
  check_tensor(fixture, name, cn_notebook_gradient_evaluate(gradient, parameters, &fixture->batch, &loss),
               (size_t)B * net.n_outputs);
  const float mean = (float)(loss.sum / loss.n);
  snprintf(name, sizeof(name), "loss.%s", cn_notebook_task_name(task));
  check_tensor(fixture, name, &mean, 1);
  cn_notebook_gradient_compute(gradient, parameters, &fixture->batch, 0.0F, cn_random(0, 0, 0, 0, 0), &loss,
                               out);
  for (unsigned k = 0; k < n_tensors; ++k) {
    const size_t n = (size_t)tensors[k].rows * (tensors[k].columns ? tensors[k].columns : 1U);
    snprintf(name, sizeof(name), "gradient.%.47s", tensors[k].name);
    check_tensor(fixture, name, out + tensors[k].offset, n);
  }
  cn_notebook_gradient_free(gradient);
  free(parameters);
  free(out);
}

static void
test_pitch_network_is_that_of_pytorch(void** const state)
{
  const CnNotebookStack stack = {3, {6, 5, 4}};
  check_network(*state, CN_NOTEBOOK_PITCH, &stack, 0);
}

static void
test_timing_network_is_that_of_pytorch(void** const state)
{
  const CnNotebookStack stack = {2, {5, 4}};
  check_network(*state, CN_NOTEBOOK_TIMING, &stack, 40);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_pitch_network_is_that_of_pytorch, setup, teardown),
      cmocka_unit_test_setup_teardown(test_timing_network_is_that_of_pytorch, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
