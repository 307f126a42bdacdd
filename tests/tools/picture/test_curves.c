// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/alloc.h"
#include "tests/support/pixels.h"

#include "tools/base/file.h"
#include "tools/picture/curves_internal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/// What `continuo train` writes
static const char ours[] =
    "step,epoch,seconds,rate,train,valid,valid_dt,valid_pitch,valid_bare,valid_bare_pitch,"
    "valid_accuracy\n"
    "10,1.0,30,0.003,5.0,4.0,1.0,2.0,5.0,2.0,0.4\n"
    "20,2.0,60,0.003,4.0,3.0,1.0,2.0,5.4,2.0,0.5\n"
    "30,3.0,90,0.003,3.5,3.2,1.0,2.0,4.9,2.0,0.5\n"
    "40,4.0,120,0.003,3.2,3.4,1.0,2.0,5.1,2.0,0.5\n";

/// Two networks in one table
static const char pair[] =
    "step,epoch,seconds,rate,train,valid,valid_accuracy,rate_timing,train_timing,valid_timing\n"
    "7,1,20,0.001,4.0,4.1,0.1,0.001,0.09,0.08\n"
    "14,2,40,0.001,3.5,3.9,0.1,0.001,0.08,0.09\n";

static char folder[64];
static char fault[512];
static char table[128];   ///< Path of the table
static char picture[128]; ///< Path of the picture

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-curves-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(table, sizeof(table), "%s/run.csv", folder);
  snprintf(picture, sizeof(picture), "%s/run.png", folder);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  unlink(table);
  unlink(picture);
  return rmdir(folder); // Nothing else was left there
}

static CnStatus
load(CnRunTable* const run, const char* const text)
{
  assert_int_equal(cn_file_write(table, text, strlen(text)), CN_STATUS_SUCCESS);
  return cn_run_table_load(table, run, CN_FAULT(fault));
}

static void
test_tables_are_read(void** const state)
{
  CnRunTable run;
  (void)state;
  assert_int_equal(load(&run, "step,train loss\r\n1,2.5\r\n\n2,nan\n3,-1e-3"), CN_STATUS_SUCCESS);
  assert_int_equal(run.n_columns, 2);
  assert_int_equal(run.n_rows, 3);
  assert_string_equal(run.names[1], "train loss");
  assert_true(run.values[1] == 2.5 && run.values[2] == 2.0 && run.values[5] == -1e-3);
  assert_true(isnan(run.values[3]));
  cn_run_table_clear(&run);
}

static void
test_what_is_no_table_is_refused(void** const state)
{
  static const struct {
    const char* text;
    const char* fault;
  } cases[] = {
      {"", "not the table of a training run"},
      {"step\n1\n", "not the table of a training run"},
      {"1,2,3\n4,5,6\n", "not the table of a training run"},
      {"MThd\x01\x02,x\n", "not the table of a training run"},
      {"step,,train\n", "not the table of a training run"},
      {"step,train\n", "no rows yet"},
      {"step,train\n1,2\n3,4,5\n", "line 3 has 3 columns, but the heading 2"},
      {"step,train\n1\n", "line 2 has 1 columns"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    CnRunTable run;
    assert_int_equal(load(&run, cases[i].text), CN_STATUS_BAD_SYNTAX);
    assert_non_null(strstr(fault, cases[i].fault));
    cn_run_table_clear(&run);
  }
  CnRunTable run;
  assert_int_equal(cn_run_table_load("/nowhere.csv", &run, CN_FAULT(fault)), CN_STATUS_IO);
  assert_string_equal(fault, "No such file or directory");
}

static CnCurves*
load_curves(const char* const text)
{
  const char* const     paths[] = {table};
  const CnCurvesOptions options = {.paths = paths, .n_paths = 1, .output = picture};
  CnCurves* const       curves  = calloc(1, sizeof(CnCurves));
  assert_int_equal(cn_file_write(table, text, strlen(text)), CN_STATUS_SUCCESS);
  if (cn_curves_load(curves, &options, CN_FAULT(fault))) {
    fail_msg("%s", fault);
  }
  return curves;
}

static void
test_losses_are_drawn_but_not_their_parts(void** const state)
{
  (void)state;
  CnCurves* const    curves = load_curves(ours);
  const CnRun* const run    = &curves->runs[0];
  assert_string_equal(run->name, "run");
  assert_int_equal(curves->n_panels, 1);
  assert_int_equal(run->n_curves, 3);
  assert_string_equal(run->table.names[run->curves[0].column], "train");
  assert_string_equal(run->table.names[run->curves[1].column], "valid");
  assert_string_equal(run->table.names[run->curves[2].column], "valid_bare");
  assert_int_equal(run->curves[0].kind, CN_CURVE_TRAIN);
  assert_int_equal(run->curves[1].kind, CN_CURVE_VALID);
  assert_int_equal(run->curves[2].kind, CN_CURVE_BARE);
  assert_true(cn_run_place(run, 2) == 3.0);
  cn_curves_free(curves);
}

static void
test_two_networks_have_two_panels(void** const state)
{
  (void)state;
  CnCurves* const    curves = load_curves(pair);
  const CnRun* const run    = &curves->runs[0];
  assert_int_equal(curves->n_panels, 2);
  assert_string_equal(curves->panels[0], "");
  assert_string_equal(curves->panels[1], "timing");
  assert_int_equal(run->n_curves, 4);
  assert_int_equal(cn_run_best(run, 0), 1);
  assert_int_equal(cn_run_best(run, 1), 0);
  cn_curves_free(curves);
}

// Kept are the weights of the lowest mean with motif matches and without, which neither alone has
static void
test_the_best_is_the_one_that_was_kept(void** const state)
{
  (void)state;
  CnCurves* curves = load_curves(ours);
  assert_int_equal(cn_run_best(&curves->runs[0], 0), 2);
  cn_curves_free(curves);
  curves = load_curves("row,train,valid\n1,2,nan\n2,1,inf\n");
  assert_true(cn_run_best(&curves->runs[0], 0) == SIZE_MAX);
  assert_int_equal(curves->runs[0].n_curves, 1); // What has no numbers is not drawn
  cn_curves_free(curves);
}

static void
test_other_names_of_losses_are_known(void** const state)
{
  (void)state;
  CnCurves* const    curves = load_curves("batch,loss,val_loss,lr\n1,3,4,0.1\n2,2,3,0.1\n");
  const CnRun* const run    = &curves->runs[0];
  assert_int_equal(run->n_curves, 2);
  assert_int_equal(curves->n_panels, 1);
  assert_int_equal(run->curves[1].kind, CN_CURVE_VALID);
  assert_true(cn_run_place(run, 0) == 1.0); // There is neither epoch nor step: the number of the row
  cn_curves_free(curves);
}

static void
test_the_picture_has_all_curves(void** const state)
{
  (void)state;
  assert_int_equal(cn_file_write(table, ours, strlen(ours)), CN_STATUS_SUCCESS);
  assert_int_equal(cn_curves_save(table, picture, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  cairo_surface_t* const surface = cn_png_read(picture);
  assert_int_equal(cairo_image_surface_get_width(surface), CN_PICTURE_WIDTH_DEFAULT);
  for (size_t i = 0; i < 3; ++i) {
    assert_true(cn_pixel_count(surface, cn_plot_color(i)) > 500);
  }
  assert_int_equal(cn_pixel_count(surface, cn_plot_color(3)), 0);
  cairo_surface_destroy(surface);
}

// The axes follow from the numbers: 0..4 epochs, and losses from 3 to 5.4 with some room
static void
test_a_curve_goes_through_its_points(void** const state)
{
  (void)state;
  assert_int_equal(cn_file_write(table, ours, strlen(ours)), CN_STATUS_SUCCESS);
  assert_int_equal(cn_curves_save(table, picture, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  cairo_surface_t* const surface = cn_png_read(picture);
  const double           bottom =
      cairo_image_surface_get_height(surface) * CN_PAGE_WIDTH / cairo_image_surface_get_width(surface) - 48.0;
  const CnScale x = {0.0, 4.0, CN_PLOT_LEFT, CN_PLOT_RIGHT};
  const CnScale y = {3.0 - 0.06 * 2.4, 5.4 + 0.06 * 2.4, bottom, CN_PLOT_TOP};
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 2.0), cn_scale_place(&y, 3.0)),
                   cn_pixel_of(cn_plot_color(0)));
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 1.5), cn_scale_place(&y, 3.5)),
                   cn_pixel_of(cn_plot_color(0)));
  // The best is a ring on the mean of both validations, and not on either
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 3.0), cn_scale_place(&y, 4.05)), 0xFFFFFF);
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 3.0), cn_scale_place(&y, 3.2)),
                   cn_pixel_of(cn_plot_color(0)));
  cairo_surface_destroy(surface);
}

// Runs of some length begin above the frame: the axis is for the rest, here from 3 to 4
static void
test_the_first_epoch_squashes_nothing(void** const state)
{
  (void)state;
  static const char run[] =
      "step,epoch,seconds,rate,train,valid\n"
      "1,1,1,0.1,,90\n2,2,2,0.1,,4\n3,3,3,0.1,,3.5\n4,4,4,0.1,,3\n5,5,5,0.1,,3.5\n6,6,6,0.1,,3.5\n";
  assert_int_equal(cn_file_write(table, run, strlen(run)), CN_STATUS_SUCCESS);
  assert_int_equal(cn_curves_save(table, picture, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  cairo_surface_t* const surface = cn_png_read(picture);
  const double           bottom =
      cairo_image_surface_get_height(surface) * CN_PAGE_WIDTH / cairo_image_surface_get_width(surface) - 48.0;
  const CnScale x = {0.0, 6.0, CN_PLOT_LEFT, CN_PLOT_RIGHT};
  const CnScale y = {3.0 - 0.06, 4.0 + 0.06, bottom, CN_PLOT_TOP};
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 5.5), cn_scale_place(&y, 3.5)),
                   cn_pixel_of(cn_plot_color(0)));
  assert_int_equal(cn_pixel(surface, cn_scale_place(&x, 1.99), CN_PLOT_TOP - 6.0),
                   0xFFFFFF); // Nothing above it
  cairo_surface_destroy(surface);
}

static void
test_one_row_and_flat_losses_can_be_drawn(void** const state)
{
  static const char* const tables[] = {"epoch,train,valid\n1,2,3\n", "epoch,train\n1,0\n1,0\n",
                                       "epoch,train\nnan,1\nnan,2\n", "epoch,train\n-5,1e300\n7,-1e300\n",
                                       "epoch,valid\n1,nan\n2,4\n3,nan\n4,5\n"};
  (void)state;
  for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); ++i) {
    assert_int_equal(cn_file_write(table, tables[i], strlen(tables[i])), CN_STATUS_SUCCESS);
    assert_int_equal(cn_curves_save(table, picture, CN_FAULT(fault)), CN_STATUS_SUCCESS);
  }
}

static void
test_faults_name_the_file(void** const state)
{
  const char* const many[CN_CURVES_MAX_RUNS + 1] = {table};
  CnCurvesOptions   options = {.paths = many, .n_paths = 1, .output = picture, .width = 1000};
  (void)state;
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_IO);
  assert_non_null(strstr(fault, "run.csv: No such file"));

  assert_int_equal(cn_file_write(table, "a,b\n1,2\n", 8), CN_STATUS_SUCCESS);
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_NOT_FOUND);
  assert_non_null(strstr(fault, "run.csv: no column of losses"));

  assert_int_equal(cn_file_write(table, ours, strlen(ours)), CN_STATUS_SUCCESS);
  options.over = "hours";
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_NOT_FOUND);
  assert_non_null(strstr(fault, "run.csv: no column 'hours'"));

  options.over   = "seconds";
  options.output = "/nowhere/run.svg";
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_IO);
  assert_string_equal(fault, "/nowhere/run.svg: No such file or directory");
  options.output = "run.gif";
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_BAD_ARG);
  assert_non_null(strstr(fault, "run.gif: unknown kind of picture"));
  options.output  = picture;
  options.n_paths = CN_CURVES_MAX_RUNS + 1;
  assert_int_equal(cn_curves_draw(&options, CN_FAULT(fault)), CN_STATUS_BAD_ARG);
  assert_int_not_equal(access(picture, F_OK), 0);
}

static void
test_failing_allocations_are_told(void** const state)
{
  CnStatus status;
  long     n = 0;
  (void)state;
  assert_int_equal(cn_file_write(table, ours, strlen(ours)), CN_STATUS_SUCCESS);
  do {
    test_alloc_fail_at(n++);
    status = cn_curves_save(table, picture, CN_FAULT(fault));
    test_alloc_fail_at(-1);
    assert_true(status == CN_STATUS_SUCCESS || status == CN_STATUS_NO_MEMORY);
  } while (status);
  assert_true(n > 4);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_tables_are_read),
      CASE(test_what_is_no_table_is_refused),
      CASE(test_losses_are_drawn_but_not_their_parts),
      CASE(test_two_networks_have_two_panels),
      CASE(test_the_best_is_the_one_that_was_kept),
      CASE(test_other_names_of_losses_are_known),
      CASE(test_the_picture_has_all_curves),
      CASE(test_a_curve_goes_through_its_points),
      CASE(test_the_first_epoch_squashes_nothing),
      CASE(test_one_row_and_flat_losses_can_be_drawn),
      CASE(test_faults_name_the_file),
      CASE(test_failing_allocations_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
