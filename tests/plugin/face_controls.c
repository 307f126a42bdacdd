// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Controls as they once were, which the golden pictures show, however many the plugin has by now.
*/

#include "plugin/draw/controls.h"

static const CnControlPoint points_role[] = {
    {0.0F, "Continue"},
    {1.0F, "Answer"},
    {2.0F, "Accompany"},
    {3.0F, "Solo"},
};

static const CnControlPoint points_scale[] = {
    {0.0F, "Off"},
    {1.0F, "Major"},
    {2.0F, "Minor"},
    {3.0F, "Harmonic minor"},
    {4.0F, "Melodic minor"},
    {5.0F, "Dorian"},
    {6.0F, "Phrygian"},
    {7.0F, "Lydian"},
    {8.0F, "Mixolydian"},
    {9.0F, "Locrian"},
    {10.0F, "Major pentatonic"},
    {11.0F, "Minor pentatonic"},
    {12.0F, "Blues"},
    {13.0F, "Major blues"},
    {14.0F, "Whole tone"},
    {15.0F, "Octatonic, half first"},
    {16.0F, "Octatonic, whole first"},
    {17.0F, "From what you play"},
    {18.0F, "Keys you held"},
};

static const CnControlPoint points_root[] = {
    {0.0F, "C"},       {1.0F, "C sharp"}, {2.0F, "D"},      {3.0F, "E flat"}, {4.0F, "E"},       {5.0F, "F"},
    {6.0F, "F sharp"}, {7.0F, "G"},       {8.0F, "A flat"}, {9.0F, "A"},      {10.0F, "B flat"}, {11.0F, "B"},
};

static const CnControlPoint points_polyphony[] = {
    {0.0F, "Any"},
};

static const CnControlPoint points_swing[] = {
    {50.0F, "Even"},
    {67.0F, "Triplets"},
    {75.0F, "Dotted"},
};

const CnControl cn_controls[] = {
    {4, "play", "Play", "What it is for", "performance", "", 0.0F, 1.0F, 1.0F, true, false, false, false,
     NULL, 0},
    {5, "temperature", "Temperature", "What it is for", "style", "", 0.5F, 1.5F, 0.95F, false, false, false,
     false, NULL, 0},
    {6, "focus", "Focus", "What it is for", "style", "%", 50.0F, 100.0F, 97.0F, false, false, false, false,
     NULL, 0},
    {7, "motif", "Motif", "What it is for", "style", "%", 0.0F, 100.0F, 70.0F, false, false, false, false,
     NULL, 0},
    {8, "take", "Take", "What it is for", "performance", "", 1.0F, 999.0F, 1.0F, false, false, true, false,
     NULL, 0},
    {12, "role", "Role", "What it is for", "performance", "", 0.0F, 3.0F, 0.0F, false, false, true, true,
     points_role, 4},
    {13, "answer_bars", "Answer length", "What it is for", "performance", "bars", 1.0F, 16.0F, 2.0F, false,
     false, true, false, NULL, 0},
    {14, "hold", "Hold", "What it is for", "performance", "", 0.0F, 1.0F, 0.0F, true, false, false, false,
     NULL, 0},
    {15, "new_take", "New take", "What it is for", "performance", "", 0.0F, 1.0F, 0.0F, true, true, false,
     false, NULL, 0},
    {16, "tempo", "Own tempo", "What it is for", "performance", "BPM", 20.0F, 300.0F, 120.0F, false, false,
     false, false, NULL, 0},
    // The one that a picture has the pointer at, without a tip
    {22, "scale", "Scale", "", "harmony", "", 0.0F, 18.0F, 0.0F, false, false, true, true, points_scale, 19},
    {23, "root", "Root", "What it is for", "harmony", "", 0.0F, 11.0F, 0.0F, false, false, true, true,
     points_root, 12},
    {25, "lowest", "Lowest key", "What it is for", "shape", "key", 21.0F, 108.0F, 21.0F, false, false, true,
     false, NULL, 0},
    {26, "highest", "Highest key", "What it is for", "shape", "key", 21.0F, 108.0F, 108.0F, false, false,
     true, false, NULL, 0},
    {27, "polyphony", "Polyphony", "What it is for", "shape", "", 0.0F, 16.0F, 0.0F, false, false, true,
     false, points_polyphony, 1},
    {30, "swing", "Swing", "What it is for", "shape", "%", 50.0F, 75.0F, 50.0F, false, false, true, false,
     points_swing, 3},
};

const size_t cn_n_controls = sizeof(cn_controls) / sizeof(cn_controls[0]);

const CnControlGroup cn_control_groups[] = {
    {"performance", "Performance"},
    {"style", "Style"},
    {"harmony", "Harmony"},
    {"shape", "Shape"},
};

const size_t cn_n_control_groups = sizeof(cn_control_groups) / sizeof(cn_control_groups[0]);

static const CnPresetValue values[] = {
    {"temperature", 0.8F},
};

const CnPreset cn_presets[] = {
    {"urn:example:calm", "Calm", values, 1},
};

const size_t cn_n_presets = sizeof(cn_presets) / sizeof(cn_presets[0]);
