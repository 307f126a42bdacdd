// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/picture/curves.h"

#include "tools/picture/curves_internal.h"
#include "tools/picture/picture.h"

#include <stdlib.h>

static CnStatus
save_curves(const CnCurves* const curves, const CnCurvesOptions* const options, const CnPictureFormat format,
            const CnFault fault)
{
  char           text[256] = "";
  const CnPage   page      = {format, options->width, cn_curves_height(curves), curves, cn_curves_paint};
  const CnStatus status    = cn_picture_save(&page, options->output, CN_FAULT(text));
  return status ? CN_FAIL(fault, status, "%s: %s", options->output, text) : CN_STATUS_SUCCESS;
}

CnStatus
cn_curves_draw(const CnCurvesOptions* const options, const CnFault fault)
{
  CnPictureFormat format = CN_PICTURE_PNG;
  if (!cn_picture_format(options->output, &format)) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "%s: " CN_PICTURE_UNKNOWN, options->output);
  }
  CnCurves* const curves = calloc(1, sizeof(CnCurves));
  if (!curves) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s: %s", options->output, cn_strerror(CN_STATUS_NO_MEMORY));
  }
  CnStatus status = cn_curves_load(curves, options, fault);
  if (!status) {
    status = save_curves(curves, options, format, fault);
  }
  cn_curves_free(curves);
  return status;
}

CnStatus
cn_curves_save(const char* const csv_path, const char* const picture_path, const CnFault fault)
{
  const CnCurvesOptions options = {
      .paths = &csv_path, .n_paths = 1, .output = picture_path, .width = CN_PICTURE_WIDTH_DEFAULT};
  return cn_curves_draw(&options, fault);
}
