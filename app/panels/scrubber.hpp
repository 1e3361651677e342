#pragma once

#include "app/state/ui_state.hpp"

namespace driftglass {

/// Play, back to noise, loop, speed, and the track of t from 1 noise to 0 data.
void draw_scrubber(UiState& ui);

/// Moves the time by `seconds` of playing: noise to data in four seconds at speed 1, then a rest on
/// the data, then from the start if looping. `rest` is the time already rested.
void play(UiState& ui, double seconds, double& rest);

}  // namespace driftglass
