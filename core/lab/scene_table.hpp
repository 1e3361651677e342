#pragma once

#include <string_view>
#include <vector>

#include "core/key.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

// The one table of the scene's keys: reading, writing, --set, range checks and docs/scene.md all
// walk it. Most of it comes from the rooms: keys_of beside each settings struct.

std::vector<Key> keys_of(ViewSpec& view);  ///< `field`, `round`, `weights_step`
std::vector<Key> keys_of(Scene& scene);    ///< the plain keys at the top

/// An object of the scene with a name of its own.
struct Group {
    std::string_view name;
    std::vector<Key> keys;
};
/// coupling, path, model, training, reflow, exact, sampler, guidance.
std::vector<Group> groups_of(Scene& scene);

/// The kinds of data, each by the key that brings it.
struct DataKey {
    std::string_view name;
    DataKind kind;
    std::string_view type;
    std::string_view help;
};
const std::vector<DataKey>& data_keys();

}  // namespace driftglass
