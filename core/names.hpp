#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
inline std::string in_words(const std::vector<std::string_view>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

template <class E>
std::vector<std::string_view> names_of() {
    std::vector<std::string_view> names;
    for (const Choice<E>& choice : choices(E{}))
        names.push_back(choice.name);
    return names;
}

/// The same of all values of E.
template <class E>
std::string names_of_all() {
    return in_words(names_of<E>());
}

}  // namespace driftglass
