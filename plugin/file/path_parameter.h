// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file path_parameter.h
   A file as a parameter of the LV2 patch extension: set, asked for, and told.

   A patch:Set goes to the worker; a patch:Get is answered, and every change is told, by a patch:Set.
*/

#ifndef CN_PATH_PARAMETER_H
#define CN_PATH_PARAMETER_H

#include "plugin/file/letter.h"
#include "plugin/lv2/events.h"
#include "plugin/lv2/uris.h"
#include "plugin/lv2/worker.h"

#include "dsp/base/attributes.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

/// The audio thread's part in changing it
typedef struct {
  const CnUris*  uris;   ///< Borrowed, as all below
  CnLetter*      letter; ///<
  CnWorker*      worker; ///<
  LV2_URID       property;
  LV2_Atom_Forge forge;
  char           wanted[CN_PATH_SIZE]; ///< From the host's last patch:Set
  bool           is_wanted;            ///< The letter is to be written
  bool           is_posted;            ///< The worker is to be told of it
  const char*    told;                 ///< What the host knows
  bool           must_tell;
} CnPathParameter;

/**
   Begin with a path that the host knows, or need not know.

   @param letter By which a patch:Set is told to the worker; borrowed.
   @param path As for cn_path_parameter_end().

   Thread: INIT
*/
void
cn_path_parameter_init(CnPathParameter* parameter, const CnUris* uris, const LV2_URID_Map* map,
                       LV2_URID property, CnLetter* letter, CnWorker* worker, const char* path);

/// Hear an atom of the input; whatever is no message about the parameter is passed over.  Thread: AUDIO
CN_AUDIO void
cn_path_parameter_hear(CnPathParameter* parameter, const LV2_Atom* atom);

/**
   Do what is due at the end of a block: what finds no room now is tried again.

   @param path That stands; another text is at another place.  Empty: no file; null: nothing is known.

   Thread: AUDIO
*/
CN_AUDIO void
cn_path_parameter_end(CnPathParameter* parameter, const char* path, CnEventWriter* writer, uint32_t n_frames);

#endif // CN_PATH_PARAMETER_H
