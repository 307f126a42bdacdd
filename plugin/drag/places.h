// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file places.h
   Where files go that leave the window: the musician's folder for music if they are saved, a folder of
   their own for a day at least if they are dragged.

   They block as long as the disk does.  The window calls them in the host's thread for windows, and only for
   what the user has just asked for.

   All functions: Thread: WORKER
*/

#ifndef CN_PLACES_H
#define CN_PLACES_H

#include "plugin/file/letter.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CN_PLACES_DAY 86400 ///< [s] that a file stays where it was dragged from

/// Find the folder for music in the text of a user-dirs.dirs; false if it names none.  Thread: WORKER
bool
cn_places_read_music(const char* text, const char* home, char folder[CN_PATH_SIZE]);

/// Find a path for what is saved at some time, in the folder for music or else at home, where nothing is yet;
/// false if there is no such folder.  Thread: WORKER
bool
cn_places_save(time_t time, char path[CN_PATH_SIZE]);

/**
   Make a folder for what is dragged, and find a path in it.

   @param first Number of the first bar that is dragged, from 1.
   @param last Number of the last one.
   @param[out] path To be given up with cn_places_give_up(), or to be left to cn_places_sweep().
   @return False if no folder could be made.

   Thread: WORKER
*/
bool
cn_places_drag(int32_t first, int32_t last, char path[CN_PATH_SIZE]);

/// Remove the file and its folder, so that it cannot be written any more.  Thread: WORKER
void
cn_places_give_up(const char* path);

/// Remove all such folders that were made a day before some time; to be done when one is made.
/// Thread: WORKER
void
cn_places_sweep(time_t time);

#endif // CN_PLACES_H
