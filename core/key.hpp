#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/names.hpp"

namespace driftglass {

// What a setting is called and may be. Each room lists its settings' keys once, as
// `keys_of(settings)` beside the struct: the scene's JSON, --set, --help, docs/scene.md and every
// check of a range walk these lists.

/// An enumeration's value behind its names.
struct ChoiceSlot {
    void* value;
    std::string_view (*name)(const void* value);
    bool (*set)(void* value, std::string_view name);  ///< false: no such name
    std::vector<std::string_view> (*names)();
};

template <class E>
ChoiceSlot choice_slot(E& value) {
    return {&value, [](const void* v) { return name_of(*static_cast<const E*>(v)); },
            [](void* v, std::string_view name) {
                const std::optional<E> found = from_name<E>(name);
                if (found) *static_cast<E*>(v) = *found;
                return found.has_value();
            },
            [] { return names_of<E>(); }};
}

/// What a number may be. The ends are allowed unless they are open.
struct Limits {
    double low = 0;
    double high = 0;
    bool open_low = false;
    bool open_high = false;

    bool contains(double value) const;  ///< false for NaN
    std::string text() const;           ///< "0 to 4", "above 0 to 100"
};

constexpr Limits above_zero_to(double high) {
    return {0, high, true, false};
}

using Knots = std::vector<std::array<double, 2>>;

/// One key: its name within its object, where its value lives, what is allowed, and one line of
/// help.
struct Key {
    std::string_view name;
    std::variant<double*, std::optional<double>*, int*, std::int64_t*, std::uint64_t*, bool*,
                 std::string*, ChoiceSlot, Knots*>
        slot;
    Limits range;
    std::string_view help;
};

bool is_number(const Key& key);
/// "number", "whole number", "one of euler, midpoint …".
std::string type_text(const Key& key);
/// "a number from 0 to 4", "a whole number from 1 to 10000", "one of …": what is allowed.
std::string allowed(const Key& key);
/// The value as JSON, or "unset".
std::string value_text(const Key& key);

/// Throws Error "PREFIX.KEY: expected …, found …" for the first number out of its range.
void check_keys(const std::string& prefix, const std::vector<Key>& keys);

/// The same for settings as they are handed around.
template <class Settings>
void check_ranges(const std::string& prefix, Settings settings) {
    check_keys(prefix, keys_of(settings));
}

}  // namespace driftglass
