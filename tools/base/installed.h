// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file installed.h
   Where the plugin's bundle lies, as the command finds it.

   `make install` compiles this with CN_BINDIR and CN_LV2DIR, the folders of the program and of LV2 bundles;
   whatever a packager puts before both (DESTDIR, or a chroot) is seen from where the program lies.
*/

#ifndef CN_INSTALLED_H
#define CN_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

/**
   Find the model that a command uses when none is named.

   That is models/default.safetensors.zst of the bundle beside the program in a build folder, in the
   program's own ../lib/lv2, where both were installed, in a folder of LV2_PATH, in ~/.lv2, or where bundles
   are installed should the program have been moved.

   @param[out] path At least PATH_MAX bytes.
   @return False if there is none.

   Thread: WORKER
*/
bool
cn_default_model(char* path, size_t size);

#endif // CN_INSTALLED_H
