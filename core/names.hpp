#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace driftglass {

/// One choice of an enumeration as files, commands and the window spell it.
/// An enumeration E that people choose from declares, beside itself,
/// `std::span<const Choice<E>> choices(E)`, found by argument-dependent lookup.
template <class E>
struct Choice {
    E value;
    std::string_view name;
};

/// The name of a value; every value of such an enumeration has one.
template <class E>
std::string_view name_of(E value) {
    for (const Choice<E>& choice : choices(value)) {
        if (choice.value == value) return choice.name;
    }
    return "?";
}

template <class E>
std::optional<E> from_name(std::string_view name) {
    for (const Choice<E>& choice : choices(E{})) {
        if (choice.name == name) return choice.value;
    }
    return std::nullopt;
}

/// "a, b or c": for messages.
template <class E>
std::string names_of_all() {
    const std::span<const Choice<E>> all = choices(E{});
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0) text += i + 1 == all.size() ? " or " : ", ";
        text += all[i].name;
    }
    return text;
}

}  // namespace driftglass
