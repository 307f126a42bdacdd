-- Copyright 2026 The Continuo authors
-- SPDX-License-Identifier: ISC
--
-- Make a session of Ardour's with Continuo on a MIDI track, and say by which name its window is known there.
-- Usage: CONTINUO_SESSION=FOLDER ardour7-lua session.lua

local backend = AudioEngine:set_backend ("None (Dummy)", "", "")
assert (backend, "there is no dummy backend")
assert (create_session (os.getenv ("CONTINUO_SESSION"), "window", 48000), "no session was made")
local midi = ARDOUR.ChanCount (ARDOUR.DataType ("midi"), 1)
local none = ARDOUR.LuaAPI.new_plugin_info ("none", ARDOUR.PluginType.LV2)
local track = Session:new_midi_track (midi, midi, false, none, nil, nil, 1, "continuo",
	ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, false, false):front ()
local plugin = ARDOUR.LuaAPI.new_plugin (Session, "urn:continuo:continuo", ARDOUR.PluginType.LV2, "")
assert (not plugin:isnil (), "there is no Continuo")
assert (track:add_processor_by_index (plugin, 0, nil, true) == 0, "the track did not take it")
print ("window P-" .. track:to_stateful ():id ():to_s () .. "-" .. plugin:to_stateful ():id ():to_s ())
assert (Session:save_state ("", false, false, false, false, false) == 0, "the session was not saved")
plugin, track, none, midi = nil, nil, nil, nil
collectgarbage ()
Session:close ()
os.exit (0, false)
