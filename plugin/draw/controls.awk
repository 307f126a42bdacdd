# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
#
# Make the window's tables from the plugin's description: usage: awk -f controls.awk continuo.ttl presets.ttl
#
# Reads Turtle as it is laid out there: one property a line.  Controls come group by group, as the window shows them.

BEGIN {
  q = "\""
  print "// Made by plugin/draw/controls.awk; do not edit"
  print "// SPDX-License-Identifier: ISC"
  print ""
  print "#include \"plugin/draw/controls.h\""
  print ""
}

# The text between the first and the last quote of a line
function quoted(line) {
  sub(/^[^"]*"/, "", line)
  sub(/"[^"]*$/, "", line)
  return line
}

function number(line) {
  sub(/^[^ ]* /, "", line)
  sub(/ *[;.]?$/, "", line)
  return sprintf("%s%sF", line, line ~ /\./ ? "" : ".0")
}

function fragment(line) {
  sub(/.*<urn:continuo:/, "", line)
  sub(/>.*/, "", line)
  return line
}

function forget_port() {
  symbol = name = comment = group = unit = points = scale_label = ""
  lowest = "0.0F"; highest = "1.0F"; usual = "0.0F"
  is_input = is_control = is_toggled = is_trigger = is_integer = is_choice = n_points = 0
}

function end_port(    struct) {
  if (is_input && is_control && group != "") {
    if (n_points) {
      printf "static const CnControlPoint points_%s[] = {\n%s};\n\n", symbol, points
    }
    struct = sprintf("    {%d, \"%s\", \"%s\",\n     \"%s\",\n     \"%s\", \"%s\", %s, %s, %s, %s, %s, %s, %s, %s, %d},\n", \
      index_, symbol, name, comment, group, unit, lowest, highest, usual, is_toggled ? "true" : "false", \
      is_trigger ? "true" : "false", is_integer ? "true" : "false", is_choice ? "true" : "false", \
      n_points ? "points_" symbol : "NULL", n_points)
    rows[group] = rows[group] struct
  }
  forget_port()
}

{ sub(/^[ \t]+/, "") }

FNR == 1 { ++file }

# --- The plugin

file == 1 && /^<urn:continuo:[a-z]*>$/ { here = fragment($0) }
file == 1 && /^a pg:InputGroup/ { in_group = 1 }
file == 1 && in_group && /^lv2:name / {
  groups = groups sprintf("    {\"%s\", \"%s\"},\n", here, quoted($0))
  order[++n_groups] = here
  in_group = 0
  next
}
file == 1 && /^lv2:port \[/ { in_ports = 1; forget_port() }
file == 1 && !in_ports { next }
file == 1 && /^a lv2:InputPort/ { is_input = 1 }
file == 1 && /^a .*lv2:ControlPort/ { is_control = 1 }
file == 1 && /^lv2:index / { index_ = $2 }
file == 1 && /^lv2:symbol / { symbol = quoted($0) }
file == 1 && /^lv2:name / { name = quoted($0) }
file == 1 && /^lv2:portProperty / {
  is_toggled = /lv2:toggled/; is_trigger = /pprops:trigger/; is_integer = /lv2:integer/; is_choice = /lv2:enumeration/
}
file == 1 && /^lv2:default / { usual = number($0) }
file == 1 && /^lv2:minimum / { lowest = number($0) }
file == 1 && /^lv2:maximum / { highest = number($0) }
file == 1 && /^units:unit / {
  unit = /notes-a-beat/ ? "a beat" : /units:semitone/ ? "semitones" : /units:ms/ ? "ms" : /units:pc/ ? "%" : /units:bpm/ ? "BPM" : /units:bar/ ? "bars" : /units:midiNote/ ? "key" : /units:beat/ ? "beats" : ""
}
file == 1 && /^pg:group / { group = fragment($0) }
file == 1 && /^rdfs:label / { scale_label = quoted($0) }
file == 1 && /^rdf:value / {
  points = points sprintf("    {%s, \"%s\"},\n", number($0), scale_label)
  ++n_points
}
file == 1 && /^rdfs:comment / { comment = quoted($0) }
file == 1 && /^\] (,|\.)/ && !/scalePoint/ && is_control { if (depth_closed($0)) { end_port() } }

# A port ends where its comment has been read: scale points come before it
function depth_closed(line) { return comment != "" }

# --- The presets

file == 2 && /^<urn:continuo:preset:/ {
  uri = "urn:continuo:" fragment($0)
  preset = uri
  sub(/.*:/, "", preset)
  n_values = 0
  values = ""
}
file == 2 && /^rdfs:label / { label = quoted($0) }
file == 2 && /pset:value / {
  value_of = $0
  sub(/^.*lv2:symbol "/, "", value_of)
  sub(/".*/, "", value_of)
  value = $0
  sub(/^.*pset:value /, "value ", value)
  sub(/ \].*/, "", value)
  values = values sprintf("    {\"%s\", %s},\n", value_of, number(value))
  ++n_values
}
file == 2 && /\] \.$/ {
  printf "static const CnPresetValue values_%s[] = {\n%s};\n\n", preset, values
  presets = presets sprintf("    {\"%s\", \"%s\", values_%s, %d},\n", uri, label, preset, n_values)
}

END {
  for (g = 1; g <= n_groups; ++g) {
    controls = controls rows[order[g]]
  }
  printf "const CnControl cn_controls[] = {\n%s};\n\n", controls
  print "const size_t cn_n_controls = sizeof(cn_controls) / sizeof(cn_controls[0]);\n"
  printf "const CnControlGroup cn_control_groups[] = {\n%s};\n\n", groups
  print "const size_t cn_n_control_groups = sizeof(cn_control_groups) / sizeof(cn_control_groups[0]);\n"
  printf "const CnPreset cn_presets[] = {\n%s};\n\n", presets
  print "const size_t cn_n_presets = sizeof(cn_presets) / sizeof(cn_presets[0]);"
}
