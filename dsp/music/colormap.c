// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/colormap.h"

#include <math.h>

static const CnColor viridis[] = {
    {0.267, 0.005, 0.329}, {0.278, 0.173, 0.478}, {0.231, 0.318, 0.545},
    {0.173, 0.443, 0.557}, {0.129, 0.565, 0.551}, {0.157, 0.682, 0.502},
    {0.369, 0.788, 0.384}, {0.678, 0.863, 0.188}, {0.993, 0.906, 0.144},
};

CnColor
cn_color_viridis(const double t)
{
  const int    n_parts = (int)(sizeof(viridis) / sizeof(viridis[0])) - 1;
  const double place   = t > 0.0 ? (t < 1.0 ? t : 1.0) * n_parts : 0.0;
  const int    part    = place < n_parts ? (int)place : n_parts - 1;
  return cn_color_mix(viridis[part], viridis[part + 1], place - part);
}

CnColor
cn_color_duration(const double duration)
{
  const double t = log2(duration / CN_SHORTEST) / log2(CN_LONGEST / CN_SHORTEST);
  return cn_color_viridis(fmin(t, 1.0) * 0.95); // The very end is too light for white paper
}

CnColor
cn_color_mix(const CnColor a, const CnColor b, const double t)
{
  return (CnColor){a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)};
}
