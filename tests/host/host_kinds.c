// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_kinds.h"

const CnHostKind cn_host_ardour = {
    .name    = "Ardour",
    .config  = {.sequence_size  = 8192,
                .telling        = CN_HOST_TELLS_EACH_CYCLE,
                .beat_grid      = 1920.0,
                .restores_after = true},
    .keeping = {.maps_paths = true},
};

const CnHostKind cn_host_carla = {
    .name   = "Carla",
    .config = {.sequence_size = 16384,
               .telling       = CN_HOST_TELLS_EACH_CYCLE,
               .blank         = true,
               .told_late     = true,
               .working       = CN_HOST_WORKS_WHEN_IDLE},
    .keeping =
        {.keeps_keys = true, .keeps_types = true, .bare_texts = true, .frees_each = true, .maps_paths = true},
};

const CnHostKind cn_host_jalv = {
    .name    = "jalv",
    .config  = {.sequence_size = 32768, .telling = CN_HOST_TELLS_CHANGES},
    .keeping = {.maps_paths = true},
};

const CnHostKind cn_host_qtractor = {
    .name    = "Qtractor",
    .config  = {.sequence_size = 16384, .telling = CN_HOST_TELLS_BEATS, .told_last = true},
    .keeping = {.bare_texts = true},
};
