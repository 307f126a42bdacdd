// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file commands.h
   The subcommands of `continuo`, one file each.

   A command gets its own name and arguments: argv[0] is "continuo NAME", ready for getopt_long() to
   begin its messages with.  It returns an exit status of options.h.
*/

#ifndef CN_COMMANDS_H
#define CN_COMMANDS_H

/// Learn from a folder of MIDI files.  Thread: INIT
int
cn_cmd_train(int argc, char** argv);

/// The same with our own network, `--arch continuo`, which is the default.  Thread: INIT
int
cn_train_network(int argc, char** argv);

/// Score MIDI files by a model.  Thread: INIT
int
cn_cmd_evaluate(int argc, char** argv);

/// Continue a MIDI file.  Thread: INIT
int
cn_cmd_generate(int argc, char** argv);

/// Play a MIDI file into a sound file.  Thread: INIT
int
cn_cmd_play(int argc, char** argv);

/// Draw a MIDI file.  Thread: INIT
int
cn_cmd_roll(int argc, char** argv);

/// Find what a MIDI file has copied from a folder of them.  Thread: INIT
int
cn_cmd_copies(int argc, char** argv);

/// Say how far music that was made is from real music.  Thread: INIT
int
cn_cmd_compare(int argc, char** argv);

/// Say whether a model plays what its controls ask for.  Thread: INIT
int
cn_cmd_follow(int argc, char** argv);

/// Draw how often the keys are struck in a folder of MIDI files.  Thread: INIT
int
cn_cmd_histogram(int argc, char** argv);

/// Draw the learning curves of training runs.  Thread: INIT
int
cn_cmd_curves(int argc, char** argv);

/// Write weights with numbers of another kind.  Thread: INIT
int
cn_cmd_convert(int argc, char** argv);

/// Say what is in a weights file or a MIDI file.  Thread: INIT
int
cn_cmd_info(int argc, char** argv);

#endif // CN_COMMANDS_H
