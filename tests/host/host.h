// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host.h
   A small LV2 host: loads one bundle with lilv, rolls a transport, plays MIDI into the plugin, and keeps
   and judges all that comes out.

   Time is counted in [frames] since the first block; the song's position is the transport's own.
   Failures of the host itself (no bundle, no memory) are reported; misuse is asserted.

   All functions: Thread: INIT
*/

#ifndef CN_HOST_H
#define CN_HOST_H

#include "tests/host/host_atoms.h"
#include "tests/host/host_store.h"
#include "tests/host/host_worker.h"

#include <lilv/lilv.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_HOST_MAX_MESSAGE 64 ///< [bytes] of the longest message that is sent, or kept whole

/// When the host tells the plugin its transport
typedef enum {
  CN_HOST_TELLS_EACH_CYCLE, ///< As Ardour and Carla
  CN_HOST_TELLS_CHANGES,    ///< As jalv
  CN_HOST_TELLS_BEATS,      ///< Changes, of which each new beat is one, as Qtractor
  CN_HOST_TELLS_NOTHING,    ///< As Ardour on an audio track
} CnHostTelling;

typedef struct {
  const char*   bundle;         ///< Folder of the plugin; its first plugin is loaded
  double        rate;           ///< [frames a second]; 0: 48000
  uint32_t      block;          ///< [frames] of the longest block; 0: 1024
  uint32_t      sequence_size;  ///< [bytes] of a sequence's body; 0: 16384
  CnHostTelling telling;        ///< When the transport is told
  bool          blank;          ///< Tell it as Carla: a deprecated atom:Blank with doubles
  double        beat_grid;      ///< Round the told place in the bar to 1 / beat_grid; 0: do not
  bool          told_last;      ///< Write the position behind the MIDI, as Qtractor
  bool          told_late;      ///< Tell a roll after its first block, as Carla's rack and patchbay
  bool          careless;       ///< Write each block's messages backwards, and half a block late
  bool          live;           ///< Do not sync the plugin's engine after each block
  CnHostWorking working;        ///< Where its worker works
  const char*   state;          ///< Restored before activation, as cn_host_save() has it; may be null
  CnHostStore*  store;          ///< Restored, even if it is empty; borrowed, and may be null
  bool          restores_after; ///< Only after activation, as Ardour

  const LV2_Feature* feature; ///< One more that it offers; borrowed, and may be null
  /// Called with true before each run() of the plugin, with false after it; may be null
  void (*watch)(bool running);
} CnHostConfig;

/// A message from the plugin
typedef struct {
  uint64_t frame;   ///< [frames] since the first block
  int64_t  song;    ///< [frames] of the song's position
  bool     rolling; ///< Whether the transport rolled
  uint32_t size;    ///< [bytes] of the message
  uint8_t  bytes[CN_HOST_MAX_MESSAGE];
} CnHostEvent;

/// What must not happen, counted
typedef struct {
  unsigned outside;   ///< Events outside their block
  unsigned backwards; ///< Events before their predecessor
  unsigned malformed; ///< Events that are no MIDI, or reach over the buffer's end
  unsigned doubled;   ///< Note-ons of a key that sounds
  unsigned orphaned;  ///< Note-offs of a key that does not
} CnHostFaults;

typedef struct CnHost CnHost;

/**
   Load, instantiate and activate a plugin.

   @return Null if that failed.
*/
CnHost*
cn_host_new(const CnHostConfig* config);

/// Deactivate and free all; null is allowed
void
cn_host_free(CnHost* host);

/// The plugin's description, for looking at its ports
const LilvPlugin*
cn_host_plugin(const CnHost* host, LilvWorld** world);

/// The plugin's handle, and its data for an extension; null if it knows it not
LV2_Handle
cn_host_extension(const CnHost* host, const char* uri, const void** data);

/// Set a control input; false if there is no such symbol
bool
cn_host_set(CnHost* host, const char* symbol, float value);

/// Value of a control port, NaN if there is no such symbol
float
cn_host_get(const CnHost* host, const char* symbol);

/// Connect a port to null, as careless hosts do; false if there is no such symbol
bool
cn_host_disconnect(CnHost* host, const char* symbol);

/// Deactivate, then activate
void
cn_host_restart(CnHost* host);

/// Save the plugin's state as Turtle, to be freed with free(); null if it saves nothing
char*
cn_host_save(CnHost* host);

/// Restore a state that was saved by this or another host; false if it cannot be read
bool
cn_host_restore(CnHost* host, const char* state);

/// Save the plugin's state into the host's own store; false if the plugin could not
bool
cn_host_save_in(CnHost* host, CnHostStore* store);

/// Restore the plugin's state from the host's own store; false if the plugin could not
bool
cn_host_restore_in(CnHost* host, CnHostStore* store);

/// Save the plugin's state with its files into a folder; false if that failed
bool
cn_host_save_to(CnHost* host, const char* folder);

/// Restore what was saved into a folder; false if it cannot be read
bool
cn_host_restore_from(CnHost* host, const char* folder);

/// Load one of the plugin's presets; false if it cannot be read
bool
cn_host_load_preset(CnHost* host, const LilvNode* preset);

/// Set a parameter with a path in the next block, as a file chooser does
void
cn_host_choose(CnHost* host, const char* property, const char* path);

/// Ask in the next block what is chosen for a parameter
void
cn_host_ask(CnHost* host, const char* property);

/// What the plugin told last of its parameter, "" before; and how often it did
const char*
cn_host_chosen(const CnHost* host, unsigned* n_told);

/// Send an atom of a type, up to CN_HOST_ATOM_SIZE bytes of it, in the next block, as a window does
void
cn_host_send_atom(CnHost* host, const char* type, const void* body, uint32_t size);

/// Call `listener` for each atom of a type that the plugin writes, as a window is called
void
cn_host_listen(CnHost* host, const char* type, CnHostListener listener, void* handle);

/// So many of the next messages to the worker find it full
void
cn_host_refuse_work(CnHost* host, unsigned n_messages);

/// Wait until the worker has done all its work
void
cn_host_sync_worker(CnHost* host);

/// Change the longest block, up to the configured one
void
cn_host_set_block(CnHost* host, uint32_t block);

/// Let the transport roll or stand
void
cn_host_roll(CnHost* host, bool rolling);

/// Move the transport to `beat` quarters, at the tempo as if the song had no other
void
cn_host_locate(CnHost* host, double beat);

/// Change the tempo, [quarters a minute]
void
cn_host_set_tempo(CnHost* host, double bpm);

/// Change the metre; the song counts in it from its start
void
cn_host_set_metre(CnHost* host, unsigned numerator, unsigned denominator);

/// Length of one quarter at the present tempo, [frames]
double
cn_host_quarter(const CnHost* host);

/// [frames] since the first block
uint64_t
cn_host_frame(const CnHost* host);

/// Play a message into the plugin at `frame`, which is not past; any order of calls
void
cn_host_send(CnHost* host, uint64_t frame, const void* message, uint32_t size);

/// Run the plugin for `n_frames`, in blocks
void
cn_host_run(CnHost* host, uint64_t n_frames);

/// Run the plugin once for no frames
void
cn_host_run_empty(CnHost* host);

/// All that has come out, in order
const CnHostEvent*
cn_host_output(const CnHost* host, size_t* n_events);

/// Forget what has come out and what was sent, as a long run would fill the memory
void
cn_host_forget(CnHost* host);

/// What went wrong so far
CnHostFaults
cn_host_faults(const CnHost* host);

/// Number of keys that sound
unsigned
cn_host_sounding(const CnHost* host);

/// All that the plugin has logged
const char*
cn_host_log(const CnHost* host);

/// How many errors and warnings it has logged
unsigned
cn_host_complaints(const CnHost* host);

#endif // CN_HOST_H
