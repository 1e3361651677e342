#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/lab/scene.hpp"

namespace driftglass {

// The one table of the scene's keys: reading, writing, --set, range checks and docs/scene.md all
// walk it.

/// An enumeration's value behind its names.
struct ChoiceSlot {
    void* value;
    std::string_view (*name)(const void* value);
    bool (*set)(void* value, std::string_view name);  ///< false: no such name
    std::vector<std::string> (*names)();
};

template <class E>
ChoiceSlot choice_slot(E& value) {
    return {&value, [](const void* v) { return name_of(*static_cast<const E*>(v)); },
            [](void* v, std::string_view name) {
                const std::optional<E> found = from_name<E>(name);
                if (found) *static_cast<E*>(v) = *found;
                return found.has_value();
            },
            [] {
                std::vector<std::string> all;
                for (const Choice<E>& choice : choices(E{}))
                    all.emplace_back(choice.name);
                return all;
            }};
}

/// What a number may be. The ends are allowed unless they are open.
struct Range {
    double low = 0;
    double high = 0;
    bool open_low = false;
    bool open_high = false;

    bool contains(double value) const;  ///< false for NaN
    std::string text() const;           ///< "0 to 4", "above 0 to 100"
};

using Knots = std::vector<std::array<double, 2>>;

/// One key: its name within its object, where its value lives, what is allowed, and one line of
/// help.
struct Key {
    std::string_view name;
    std::variant<double*, std::optional<double>*, int*, std::int64_t*, std::uint64_t*, bool*,
                 std::string*, ChoiceSlot, Knots*>
        slot;
    Range range;
    std::string_view help;
};

/// The keys of each object; the pointers live as long as the settings.
std::vector<Key> keys_of(CouplingSettings& settings);
std::vector<Key> keys_of(PathSettings& settings);
std::vector<Key> keys_of(ModelSettings& settings);
std::vector<Key> keys_of(TrainingSettings& settings);
std::vector<Key> keys_of(ReflowSettings& settings);
std::vector<Key> keys_of(ExactSettings& settings);
std::vector<Key> keys_of(SamplerSettings& settings);
std::vector<Key> keys_of(GuidanceSettings& settings);
std::vector<Key> keys_of(Stroke& stroke);               ///< all but `path`
std::vector<Key> keys_of(MixtureComponent& component);  ///< all but `mean`
std::vector<Key> keys_of(DataSettings& data);           ///< `count` and `normalize`
std::vector<Key> keys_of(ViewSpec& view);               ///< `field`, `round`, `weights_step`
std::vector<Key> keys_of(Scene& scene);                 ///< the plain keys at the top

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

/// "a number", "a whole number from 1 to 10000", "one of euler, midpoint …": what is allowed.
std::string allowed(const Key& key);

inline constexpr double coordinate_limit = 1e6;
inline constexpr std::int64_t point_limit = 1'000'000;

}  // namespace driftglass
