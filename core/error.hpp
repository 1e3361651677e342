#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace driftglass {

/// The one exception that carries a sentence for the user: what is wrong, where, and the cure.
/// Caught where it can be shown: at main, at a command, at a file. Ends the program with code 2.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& sentence) : std::runtime_error(sentence) {}
};

/// Long work gave up because it was asked to: nothing is wrong.
class Stopped : public Error {
public:
    Stopped() : Error("stopped before it was done") {}
};

/// Without the stack trace that other libraries' errors bring along.
inline std::string first_line(std::string_view what) {
    return std::string(what.substr(0, what.find('\n')));
}

}  // namespace driftglass
