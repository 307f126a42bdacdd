// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC
//
// A saved take, version 1 to 4: the magic, the version, then numbers, signed ones in zigzag, all of them in
// LEB128 (DWARF 5, section 7.6) but for the hashes, which are 64 bits from the lowest byte on.
//
//   edition, n_notes, n_notes times NOTE, n_segments, n_segments times SEGMENT
//   NOTE:    onset since the one before (signed), duration, place in the bar, length of the bar, pitch,
//            velocity, channel + 16 * part; in version 2, + 32 where a pedal held it, and then how long
//            the key was down
//   SEGMENT: number since the one before (signed), take, edition, past (hash), place (hash), n_notes, then
//            for each: duration, offset, pitch, velocity; in version 3, late and moved (signed), too
//
// If 64 is added to the version, a song was told: behind each segment stands where it has sounded, 12 more
// than its ticks as bits, or, up to 12, in how many of its first ticks, and behind all of them the tempi and
// the metres, of each their number, then for each: tick since the one before (signed), value; then where they
// end (signed). In version 3, n_bars follow, and for each what is written down: number since the one before
// (signed), 1 + chord, another.
// In version 4, n_bars follow that are kept, and for each: number since the one before (signed), first
// segment since that of the one before (signed), n_segments, and for each of these n_notes, and for each a
// NOTE, 1 if it sounds, and if so how, as in a SEGMENT.

#include "dsp/take/engine.h"

#include "dsp/music/chord.h"
#include "dsp/take/engine_private.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC "CnTk"
#define MAGIC_SIZE 4
#define VERSION 1
#define VERSION_PEDALS 2    // Only where there are any, so that others can be read by what knows of none
#define VERSION_DELIVERED 3 // Only where delivery moves a note, or something is written down for bars
#define VERSION_KEPT 4      // Only where bars are kept
#define PEDALLED 32U
#define WITH_SONG 64U // Added to the version, where a song was told

/// [ticks] Where something lies at most: in a bar or segment that begins or ends beyond the ends of all time
#define FARTHEST (CN_TICK_LIMIT + UINT16_MAX)
#define FARTHEST_SEGMENT (FARTHEST / CN_SEGMENT_TICKS)

// Writing

/// A growing state; once there was no memory, nothing more is put into it
typedef struct {
  uint8_t* data;
  size_t   size;
  size_t   capacity;
  CnStatus status;
} Writer;

static void
put_byte(Writer* const writer, const uint8_t byte)
{
  if (writer->size == writer->capacity && !writer->status) {
    const size_t   capacity = 2 * writer->capacity + 256;
    uint8_t* const data     = (uint8_t*)realloc(writer->data, capacity);
    writer->status          = data ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
    writer->data            = data ? data : writer->data;
    writer->capacity        = data ? capacity : writer->capacity;
  }
  if (!writer->status) {
    writer->data[writer->size++] = byte;
  }
}

static void
put_number(Writer* const writer, uint32_t number)
{
  for (; number >= 0x80; number >>= 7U) {
    put_byte(writer, (uint8_t)(number | 0x80U));
  }
  put_byte(writer, (uint8_t)number);
}

/// Put how far a number is from another, small numbers of either sign in few bytes
static void
put_step(Writer* const writer, const int32_t from, const int32_t to)
{
  const uint32_t step = (uint32_t)to - (uint32_t)from;
  put_number(writer, (step << 1U) ^ (step >> 31U ? UINT32_MAX : 0));
}

static void
put_hash(Writer* const writer, const uint64_t hash)
{
  for (unsigned i = 0; i < 8; ++i) {
    put_byte(writer, (uint8_t)(hash >> (8 * i)));
  }
}

/// [ticks] that a note lasts, or its key; as long as it is by `tick`, if it does still
static int32_t
length_by(const CnNote* const note, const int32_t length, const int32_t tick)
{
  const int32_t so_far = tick > note->onset ? tick - note->onset : 1;
  return length == CN_DURATION_HELD ? so_far : length;
}

static bool
is_pedalled(const CnTake* const take, const uint32_t i)
{
  return take->notes[i].part == CN_PART_MUSICIAN && take->keys[i] < take->notes[i].duration;
}

static bool
has_pedals(const CnTake* const take)
{
  uint32_t i = 0;
  while (i < take->n_notes && !is_pedalled(take, i)) {
    ++i;
  }
  return i < take->n_notes;
}

/// Put a note; one that still sounds is as long as it is by `tick`
static void
put_note(Writer* const writer, const CnNote* const note, const int32_t held, const int32_t last,
         const int32_t tick)
{
  const int32_t duration = length_by(note, note->duration, tick);
  const int32_t key      = length_by(note, held, tick);
  put_step(writer, last, note->onset);
  put_number(writer, (uint32_t)(duration < CN_TICK_LIMIT ? duration : CN_TICK_LIMIT));
  put_number(writer, note->bar.offset);
  put_number(writer, note->bar.length);
  put_byte(writer, note->pitch);
  put_byte(writer, note->velocity);
  const bool is_held = key >= duration;
  put_byte(writer, (uint8_t)(note->channel | note->part << 4U | (is_held ? 0 : PEDALLED)));
  if (!is_held) {
    put_number(writer, (uint32_t)key);
  }
}

static void
put_timed(Writer* const writer, const CnTimedNote* const note, const uint8_t version)
{
  put_number(writer, note->duration);
  put_byte(writer, note->offset);
  put_byte(writer, note->pitch);
  put_byte(writer, note->velocity);
  if (version >= VERSION_DELIVERED) {
    put_byte(writer, note->late);
    put_step(writer, 0, note->moved);
  }
}

static void
put_segment(Writer* const writer, const CnSegment* const segment, const int32_t last, const uint8_t version)
{
  put_step(writer, last, segment->segment);
  put_number(writer, segment->take);
  put_number(writer, segment->edition);
  put_hash(writer, segment->past);
  put_hash(writer, segment->place);
  put_number(writer, segment->n_notes);
  for (uint32_t i = 0; i < segment->n_notes; ++i) {
    put_timed(writer, &segment->notes[i], version);
  }
}

static void
put_take(Writer* const writer, const CnEngine* const engine)
{
  const CnTake* const take = &engine->recorder.take;
  int32_t             last = 0;
  put_number(writer, take->n_notes);
  for (uint32_t i = 0; i < take->n_notes; ++i) {
    put_note(writer, &take->notes[i], take->keys[i], last, engine->tick);
    last = take->notes[i].onset;
  }
}

static void
put_timeline(Writer* const writer, const CnTimeline* const timeline, const uint8_t version,
             const CnSong* const song)
{
  CnSegment segment;
  uint32_t  n    = 0;
  int32_t   last = 0;
  for (uint32_t slot = 0; slot < CN_TIMELINE_SLOTS; ++slot) {
    n += cn_timeline_read_slot(timeline, slot, &segment);
  }
  put_number(writer, n);
  for (uint32_t slot = 0; slot < CN_TIMELINE_SLOTS; ++slot) {
    if (cn_timeline_read_slot(timeline, slot, &segment)) {
      put_segment(writer, &segment, last, version);
      last = segment.segment;
      if (song) {
        put_number(writer, song->sounded[slot] ? CN_SEGMENT_TICKS + song->sounded[slot] : 0);
      }
    }
  }
}

static void
put_sheet(Writer* const writer, const CnSheet* const sheet)
{
  int32_t last = 0;
  put_number(writer, sheet->n_bars);
  for (uint32_t i = 0; i < sheet->n_bars; ++i) {
    put_step(writer, last, sheet->bars[i].bar);
    put_number(writer, (uint32_t)(1 + sheet->bars[i].chord));
    put_number(writer, sheet->bars[i].another);
    last = sheet->bars[i].bar;
  }
}

static void
put_kept_segment(Writer* const writer, const CnKept* const kept, const int32_t segment)
{
  CnKeptNote     notes[CN_SEGMENT_NOTES];
  const uint32_t n    = cn_kept_read(kept, segment, notes);
  int32_t        last = segment * CN_SEGMENT_TICKS;
  put_number(writer, n);
  for (uint32_t i = 0; i < n; ++i) {
    const CnNote* const note = &notes[i].note;
    put_note(writer, note, note->duration, last, note->onset);
    put_byte(writer, notes[i].sounds);
    if (notes[i].sounds) {
      put_timed(writer, &notes[i].timed, VERSION_KEPT);
    }
    last = note->onset;
  }
}

static void
put_kept(Writer* const writer, const CnKept* const kept)
{
  CnKeptBar last = {0};
  put_number(writer, kept->n_bars);
  for (uint32_t i = 0; i < kept->n_bars; ++i) {
    const CnKeptBar* const bar = &kept->bars[i];
    put_step(writer, last.bar, bar->bar);
    put_step(writer, last.first, bar->first);
    put_number(writer, (uint32_t)(bar->end - bar->first));
    for (int32_t k = bar->first; k < bar->end; ++k) {
      put_kept_segment(writer, kept, k);
    }
    last = *bar;
  }
}

static bool
has_deliveries(const CnTimeline* const timeline)
{
  CnSegment segment;
  for (uint32_t slot = 0; slot < CN_TIMELINE_SLOTS; ++slot) {
    const bool is_there = cn_timeline_read_slot(timeline, slot, &segment);
    for (uint32_t i = 0; is_there && i < segment.n_notes; ++i) {
      if (segment.notes[i].late || segment.notes[i].moved) {
        return true;
      }
    }
  }
  return false;
}

/// The earliest version that can say what is there
static uint8_t
choose_version(const CnEngine* const engine)
{
  return engine->revision.kept.n_bars                               ? VERSION_KEPT
         : has_deliveries(engine->timeline) || engine->sheet.n_bars ? VERSION_DELIVERED
         : has_pedals(&engine->recorder.take)                       ? VERSION_PEDALS
                                                                    : VERSION;
}

static void
put_map(Writer* const writer, const CnSongMap* const map)
{
  int32_t last = 0;
  put_number(writer, map->n);
  for (uint32_t i = 0; i < map->n; ++i) {
    put_step(writer, last, map->changes[i].tick);
    put_number(writer, map->changes[i].value);
    last = map->changes[i].tick;
  }
  put_step(writer, 0, map->end);
}

CnStatus
cn_engine_save(CnEngine* const engine, uint8_t** const data, size_t* const size)
{
  Writer writer = {0};
  for (size_t i = 0; i < MAGIC_SIZE; ++i) {
    put_byte(&writer, (uint8_t)MAGIC[i]);
  }
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  const uint8_t version  = choose_version(engine);
  const bool    has_song = engine->song.tempi.n > 0;
  put_byte(&writer, (uint8_t)(version | (has_song ? WITH_SONG : 0U)));
  put_number(&writer, cn_engine_edition(engine));
  put_take(&writer, engine);
  put_timeline(&writer, engine->timeline, version, has_song ? &engine->song : NULL);
  if (has_song) {
    put_map(&writer, &engine->song.tempi);
    put_map(&writer, &engine->song.metres);
  }
  if (version >= VERSION_DELIVERED) {
    put_sheet(&writer, &engine->sheet);
  }
  if (version >= VERSION_KEPT) {
    put_kept(&writer, &engine->revision.kept);
  }
  cn_engine_release(engine);

  if (writer.status) {
    free(writer.data);
    writer = (Writer){.status = writer.status};
  }
  *data = writer.data;
  *size = writer.size;
  return writer.status;
}

// Reading

/// A state being read; after the first fault only zeros come
typedef struct {
  const uint8_t* data;
  size_t         size;
  size_t         place; ///< [bytes] read
  uint8_t        version;
  bool           has_song;
  CnStatus       status;
  const char*    fault; ///< In words
} Reader;

static void
refuse(Reader* const reader, const CnStatus status, const char* const fault)
{
  if (!reader->status) {
    reader->status = status;
    reader->fault  = fault;
  }
}

static uint8_t
get_byte(Reader* const reader)
{
  if (reader->place == reader->size) {
    refuse(reader, CN_STATUS_TRUNCATED, "it ends too early");
  }
  return reader->status ? 0 : reader->data[reader->place++];
}

/// Get a number from `low` to `high`
static uint32_t
get_number(Reader* const reader, const uint32_t low, const uint32_t high)
{
  uint64_t number = 0;
  unsigned shift  = 0;
  uint8_t  byte   = 0;
  do {
    byte = get_byte(reader);
    number |= (uint64_t)(byte & 0x7FU) << shift;
    shift += 7;
  } while (byte & 0x80U && shift < 35);
  if (byte & 0x80U || number < low || number > high) {
    refuse(reader, CN_STATUS_BAD_VALUE, "a number is out of its range");
  }
  return reader->status ? low : (uint32_t)number;
}

/// Get what is a step away from another number, at most `limit` from zero
static int32_t
get_step(Reader* const reader, const int32_t from, const int32_t limit)
{
  const uint32_t code = get_number(reader, 0, UINT32_MAX);
  const int64_t  step = (int64_t)(code >> 1U) ^ -(int64_t)(code & 1U);
  const int64_t  to   = from + step;
  if (to < -limit || to > limit) {
    refuse(reader, CN_STATUS_BAD_VALUE, "something lies beyond any song");
  }
  return reader->status ? 0 : (int32_t)to;
}

static uint64_t
get_hash(Reader* const reader)
{
  uint64_t hash = 0;
  for (unsigned i = 0; i < 8; ++i) {
    hash |= (uint64_t)get_byte(reader) << (8 * i);
  }
  return hash;
}

/// Get a note, and for how long its key was held
static CnNote
get_note(Reader* const reader, const int32_t last, int32_t* const held)
{
  CnNote note        = {.onset = get_step(reader, last, FARTHEST)};
  note.duration      = (int32_t)get_number(reader, 1, CN_TICK_LIMIT);
  note.bar.offset    = (uint16_t)get_number(reader, 0, UINT16_MAX - 1);
  note.bar.length    = (uint16_t)get_number(reader, note.bar.offset + 1U, UINT16_MAX);
  note.pitch         = (uint8_t)get_number(reader, 0, 127);
  note.velocity      = (uint8_t)get_number(reader, 1, 127);
  const unsigned who = get_number(reader, 0, reader->version >= VERSION_PEDALS ? 63 : 31);
  note.channel       = who % 16U;
  note.part          = (uint8_t)(who / 16U % 2U);
  *held = who & PEDALLED ? (int32_t)get_number(reader, 1, (uint32_t)note.duration) : note.duration;
  if (note.part == CN_PART_CONTINUO && note.duration > CN_OWN_DURATION_MAX) {
    refuse(reader, CN_STATUS_BAD_VALUE, "a note lasts too long");
  }
  return note;
}

static void
get_take(Reader* const reader, CnTake* const take)
{
  const uint32_t n    = get_number(reader, 0, CN_TAKE_NOTES);
  CnNote         last = {0};
  for (uint32_t i = 0; i < n && !reader->status; ++i) {
    int32_t      held = 0;
    const CnNote note = get_note(reader, last.onset, &held);
    if (i > 0 && (note.onset < last.onset || (note.onset == last.onset && note.pitch < last.pitch))) {
      refuse(reader, CN_STATUS_BAD_VALUE, "its notes are out of order");
    }
    take->notes[take->n_notes]  = note;
    take->keys[take->n_notes++] = held;
    last                        = note;
  }
}

static CnTimedNote
get_timed(Reader* const reader)
{
  CnTimedNote note = {.duration = (uint16_t)get_number(reader, 1, CN_OWN_DURATION_MAX + CN_SEGMENT_TICKS)};
  note.offset      = (uint8_t)get_number(reader, 0, CN_SEGMENT_TICKS - 1);
  note.pitch       = (uint8_t)get_number(reader, 0, 127);
  note.velocity    = (uint8_t)get_number(reader, 1, 127);
  if (reader->version >= VERSION_DELIVERED) {
    note.late  = (uint8_t)get_number(reader, 0, CN_LATE_PARTS - 1);
    note.moved = (int8_t)get_step(reader, 0, CN_SEGMENT_TICKS - 1);
  }
  return note;
}

static CnSegment
get_segment(Reader* const reader, const int32_t last)
{
  CnSegment segment = {.segment = get_step(reader, last, FARTHEST_SEGMENT)};
  segment.take      = get_number(reader, 0, UINT32_MAX);
  segment.edition   = get_number(reader, 0, UINT32_MAX);
  segment.past      = get_hash(reader);
  segment.place     = get_hash(reader);
  segment.n_notes   = get_number(reader, 0, CN_SEGMENT_NOTES);
  for (uint32_t i = 0; i < segment.n_notes; ++i) {
    segment.notes[i] = get_timed(reader);
  }
  return segment;
}

/// Get at which ticks a segment has sounded
static uint16_t
get_sounded(Reader* const reader)
{
  const uint32_t number = get_number(reader, 0, CN_SEGMENT_TICKS + CN_SOUNDED_ALL);
  return (uint16_t)(number > CN_SEGMENT_TICKS ? number - CN_SEGMENT_TICKS : (1U << number) - 1U);
}

/// Get the segments into an engine, or null, only to see that they are sound
static void
get_timeline(Reader* const reader, CnEngine* const engine)
{
  const uint32_t n    = get_number(reader, 0, CN_TIMELINE_SLOTS);
  int32_t        last = 0;
  for (uint32_t i = 0; i < n && !reader->status; ++i) {
    const CnSegment segment = get_segment(reader, last);
    const uint16_t  sounded = reader->has_song ? get_sounded(reader) : CN_SOUNDED_ALL;
    last                    = segment.segment;
    if (engine) {
      cn_timeline_write(engine->timeline, &segment);
      engine->song.sounded[cn_timeline_slot(segment.segment)] = sounded;
    }
  }
}

/// True if a number is a metre: a numerator, and a power of two
static bool
is_metre(const uint32_t value)
{
  const uint32_t denominator = value & 0xFFU;
  return value >> 8U > 0 && value >> 8U < 256 && denominator > 0 && denominator <= 64 &&
         (denominator & (denominator - 1)) == 0;
}

/// Get a map of a song, or null, only to see that it is sound
static void
get_map(Reader* const reader, CnSongMap* const map, const bool has_metres)
{
  const uint32_t n    = get_number(reader, 0, CN_SONG_CHANGES);
  CnSongChange   last = {INT32_MIN, 0};
  for (uint32_t i = 0; i < n && !reader->status; ++i) {
    CnSongChange change = {get_step(reader, i > 0 ? last.tick : 0, FARTHEST), 0};
    change.value        = get_number(reader, 1, UINT32_MAX);
    if (change.tick <= last.tick || (has_metres && !is_metre(change.value))) {
      refuse(reader, CN_STATUS_BAD_VALUE, "its song is out of order");
    }
    if (map) {
      map->changes[map->n++] = change;
    }
    last = change;
  }
  const int32_t end = get_step(reader, 0, FARTHEST);
  if (map) {
    map->end = end;
  }
}

/// Get what is written down
static void
get_sheet(Reader* const reader, CnSheet* const sheet)
{
  const uint32_t n    = reader->version < VERSION_DELIVERED ? 0 : get_number(reader, 0, CN_SHEET_BARS);
  int32_t        last = 0;
  for (uint32_t i = 0; i < n && !reader->status; ++i) {
    CnSheetBar bar = {.bar = get_step(reader, last, CN_SHEET_BAR_MAX)};
    bar.chord      = (int32_t)get_number(reader, 0, CN_CHORD_END) - 1;
    bar.another    = get_number(reader, 0, CN_SHEET_ANOTHER_MAX);
    last           = bar.bar;
    if (bar.bar < 0 || (bar.chord != CN_CHORD_NONE && !cn_chord_is_valid(bar.chord)) ||
        !cn_sheet_write(sheet, bar)) {
      refuse(reader, CN_STATUS_BAD_VALUE, "a bar of its sheet is none");
    }
  }
}

/// Get one segment of a bar that is kept
static void
get_kept_segment(Reader* const reader, CnKept* const kept, const int32_t bar, const int32_t segment)
{
  CnKeptNote     notes[CN_SEGMENT_NOTES];
  const uint32_t n    = get_number(reader, 0, CN_SEGMENT_NOTES);
  int32_t        last = segment * CN_SEGMENT_TICKS;
  for (uint32_t i = 0; i < n; ++i) {
    int32_t held = 0;
    notes[i]     = (CnKeptNote){.note = get_note(reader, last, &held)};
    if (notes[i].note.onset < last || cn_segment_at(notes[i].note.onset) != segment ||
        notes[i].note.part != CN_PART_CONTINUO) {
      refuse(reader, CN_STATUS_BAD_VALUE, "a note is none of a bar that is kept");
    }
    last            = notes[i].note.onset;
    notes[i].sounds = get_number(reader, 0, 1) > 0;
    if (notes[i].sounds) {
      notes[i].timed = get_timed(reader);
    }
  }
  if (!reader->status && (cn_kept_has(kept, segment) || !cn_kept_add(kept, bar, segment, notes, n))) {
    refuse(reader, CN_STATUS_BAD_VALUE, "a bar is kept twice, or too many are");
  }
}

/// Get what is kept of bars, and say so in their sheet
static void
get_kept(Reader* const reader, CnKept* const kept, CnSheet* const sheet)
{
  const uint32_t n    = reader->version < VERSION_KEPT ? 0 : get_number(reader, 0, CN_SHEET_BARS);
  CnKeptBar      last = {0};
  kept->n_bars        = 0;
  kept->n_notes       = 0;
  for (uint32_t i = 0; i < n && !reader->status; ++i) {
    CnKeptBar bar          = {.bar = get_step(reader, last.bar, CN_SHEET_BAR_MAX)};
    bar.first              = get_step(reader, last.first, FARTHEST_SEGMENT);
    bar.end                = bar.first + (int32_t)get_number(reader, 1, UINT16_MAX);
    const uint32_t n_notes = kept->n_notes;
    CnSheetBar     written = cn_sheet_read(sheet, bar.bar);
    if (bar.bar < 0 || cn_kept_find(kept, bar.bar)) {
      refuse(reader, CN_STATUS_BAD_VALUE, "a bar that is kept is none");
    }
    for (int32_t k = bar.first; k < bar.end && !reader->status; ++k) {
      get_kept_segment(reader, kept, bar.bar, k);
    }
    written.stands = kept->n_notes > n_notes ? CN_BAR_KEPT : CN_BAR_RESTS;
    if (!reader->status && !cn_sheet_write(sheet, written)) {
      refuse(reader, CN_STATUS_BAD_VALUE, "too much is written down");
    }
    last = bar;
  }
}

/// Get all that follows the notes into an engine, or null, only to see that it is sound; what is
/// kept goes into `kept`
static void
get_rest(Reader* const reader, CnEngine* const engine, CnKept* const kept)
{
  get_timeline(reader, engine);
  if (reader->has_song) {
    get_map(reader, engine ? &engine->song.tempi : NULL, false);
    get_map(reader, engine ? &engine->song.metres : NULL, true);
  }
  CnSheet sheet = {0};
  get_sheet(reader, &sheet);
  get_kept(reader, kept, &sheet);
  if (engine) {
    engine->must_tell_sheet = engine->sheet.n_bars || sheet.n_bars;
    engine->sheet           = sheet;
    cn_engine_tell_sheet(engine);
  }
  if (reader->place < reader->size) {
    refuse(reader, CN_STATUS_BAD_SYNTAX, "something follows its end");
  }
}

static void
get_head(Reader* const reader)
{
  if (reader->size < MAGIC_SIZE || memcmp(reader->data, MAGIC, MAGIC_SIZE) != 0) {
    refuse(reader, CN_STATUS_BAD_SYNTAX, "it is no take of Continuo's");
    return;
  }
  reader->place    = MAGIC_SIZE;
  reader->version  = get_byte(reader);
  reader->has_song = reader->version & WITH_SONG;
  reader->version &= (uint8_t)~WITH_SONG;
  if (reader->version < VERSION || reader->version > VERSION_KEPT) {
    refuse(reader, CN_STATUS_UNSUPPORTED, "a later version of Continuo wrote it");
  }
}

/// Put a sound take in the place of the engine's; `reader` is at its segments
static void
adopt(CnEngine* const engine, const uint32_t edition, CnTake* const take, Reader* const reader)
{
  CnRecorder* const recorder = &engine->recorder;
  cn_engine_acquire(engine);
  cn_engine_obey(engine);
  const CnTake old = recorder->take;
  recorder->take   = *take;
  *take            = old;
  memset(recorder->open, 0, sizeof(recorder->open));
  cn_recorder_begin_pass(recorder);
  cn_timeline_erase(engine->timeline, INT32_MIN);
  memset(&engine->song.tempi, 0, sizeof(engine->song.tempi)); // How it rolls now stands
  memset(&engine->song.metres, 0, sizeof(engine->song.metres));
  memset(engine->song.sounded, 0, sizeof(engine->song.sounded));
  engine->revision.n_edits = 0;
  get_rest(reader, engine, &engine->revision.kept);
  atomic_store_explicit(&engine->edition, edition, memory_order_release);
  cn_ahead_forget(engine);
  cn_engine_release(engine);
  atomic_fetch_add_explicit(&engine->planner_serial, 1, memory_order_release);
}

CnStatus
cn_engine_restore(CnEngine* const engine, const uint8_t* const data, const size_t size, const CnFault fault)
{
  Reader reader = {.data = data, .size = data ? size : 0, .fault = ""};
  CnTake take   = {0};
  if (cn_take_init(&take)) {
    refuse(&reader, CN_STATUS_NO_MEMORY, "there is no memory");
  } else {
    get_head(&reader);
  }
  const uint32_t edition = get_number(&reader, 0, UINT32_MAX);
  get_take(&reader, &take);
  Reader        segments = reader;
  CnKept* const kept     = (CnKept*)calloc(1, sizeof(CnKept));
  if (kept) {
    get_rest(&reader, NULL, kept);
  } else {
    refuse(&reader, CN_STATUS_NO_MEMORY, "there is no memory");
  }
  free(kept);
  if (!reader.status) {
    adopt(engine, edition, &take, &segments);
  }
  cn_take_clear(&take);
  return CN_FAIL(fault, reader.status, "%s", reader.fault);
}
