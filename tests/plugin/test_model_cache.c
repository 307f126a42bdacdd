// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/notebook/architecture.h"
#include "plugin/model/model_cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
  char folder[64];
  char path[128];
  char other[128];
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const self = (Fixture*)calloc(1, sizeof(Fixture));
  assert_non_null(self);
  strcpy(self->folder, "/tmp/continuo-XXXXXX");
  assert_non_null(mkdtemp(self->folder));
  snprintf(self->path, sizeof(self->path), "%s/a.safetensors", self->folder);
  snprintf(self->other, sizeof(self->other), "%s/b.safetensors", self->folder);
  assert_int_equal(cn_tiny_model(self->path, 1), CN_STATUS_SUCCESS);
  *state = self;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const self = *state;
  remove(self->path);
  remove(self->other);
  remove(self->folder);
  free(self);
  return 0;
}

static CnAnyModel
get(const char* const path)
{
  char       fault[128] = "";
  CnAnyModel model;
  assert_int_equal(cn_model_cache_get(path, &model, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_true(cn_any_model_is_there(&model));
  return model;
}

static void
test_same_file_is_one_copy(void** const state)
{
  const Fixture* const self = *state;
  assert_return_code(symlink(self->path, self->other), 0);
  const CnAnyModel first  = get(self->path);
  const CnAnyModel second = get(self->path);
  const CnAnyModel linked = get(self->other);
  assert_ptr_equal(first.handle, second.handle);
  assert_ptr_equal(first.handle, linked.handle);
  cn_model_cache_put(&first);
  cn_model_cache_put(&second);
  assert_int_not_equal(cn_any_model_id(&linked), 0); // still there, as a sanitizer would tell
  assert_ptr_equal(get(self->path).handle, linked.handle);
  cn_model_cache_put(&linked);
  cn_model_cache_put(&linked);
}

static void
test_changed_file_is_another(void** const state)
{
  const Fixture* const self = *state;
  const CnAnyModel     old  = get(self->path);
  const uint64_t       id   = cn_any_model_id(&old);
  assert_int_equal(cn_tiny_model(self->path, 2), CN_STATUS_SUCCESS);
  const CnAnyModel new = get(self->path);
  assert_ptr_not_equal(new.handle, old.handle);
  assert_int_equal(cn_any_model_id(&old), id);
  assert_int_not_equal(cn_any_model_id(&new), id);
  cn_model_cache_put(&old);
  cn_model_cache_put(&new);
}

static void
test_architectures_stand_side_by_side(void** const state)
{
  const Fixture* const self = *state;
  assert_int_equal(cn_tiny_notebook(self->other, 1, CN_NOTEBOOK_BEATS), CN_STATUS_SUCCESS);
  const CnAnyModel first  = get(self->path);
  const CnAnyModel second = get(self->other);
  const CnAnyModel third  = get(self->other);
  assert_ptr_equal(second.architecture, &cn_notebook_architecture);
  assert_ptr_equal(second.handle, third.handle);
  cn_model_cache_put(&second);
  cn_model_cache_put(&first);
  assert_int_not_equal(cn_any_model_id(&third), 0);
  cn_model_cache_put(&third);
}

static void
test_what_cannot_be_read_is_named(void** const state)
{
  const Fixture* const self       = *state;
  char                 fault[128] = "";
  CnAnyModel           model      = {NULL, NULL};
  assert_int_equal(cn_model_cache_get(self->other, &model, CN_FAULT(fault)), CN_STATUS_IO);
  assert_false(cn_any_model_is_there(&model));
  assert_non_null(strstr(fault, "No such file"));
  assert_return_code(truncate(self->path, 100), 0);
  assert_int_not_equal(cn_model_cache_get(self->path, &model, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  assert_false(cn_any_model_is_there(&model));
  cn_model_cache_put(&model);
}

/// Opening a pipe would wait for somebody who writes into it, and reading /dev/zero would never end
static void
test_what_is_no_file_is_refused_at_once(void** const state)
{
  const Fixture* const self    = *state;
  const char* const    paths[] = {self->folder, self->other, "/dev/zero", "/dev/tty"};
  assert_return_code(mkfifo(self->other, 0600), 0);
  alarm(20); // instead of a test that hangs
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); ++i) {
    char       fault[128] = "";
    CnAnyModel model      = {NULL, NULL};
    assert_int_equal(cn_model_cache_get(paths[i], &model, CN_FAULT(fault)), CN_STATUS_UNSUPPORTED);
    assert_string_equal(fault, "not a regular file");
    assert_false(cn_any_model_is_there(&model));
  }
  alarm(0);
}

static void*
get_and_put(void* const path)
{
  for (int i = 0; i < 50; ++i) {
    const CnAnyModel model = get((const char*)path);
    cn_model_cache_put(&model);
  }
  return NULL;
}

static void
test_threads_share(void** const state)
{
  Fixture* const self = *state;
  pthread_t      threads[4];
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, get_and_put, self->path), 0);
  }
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], NULL);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_same_file_is_one_copy, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_changed_file_is_another, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_architectures_stand_side_by_side, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_what_is_no_file_is_refused_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_threads_share, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
