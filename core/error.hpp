#pragma once

#include <stdexcept>
#include <string>

namespace driftglass {

/// The one exception that carries a sentence for the user: what is wrong, where, and the cure.
/// Caught where it can be shown: at main, at a command, at a file. Ends the program with code 2.
class Error : public std::runtime_error {
public:
    explicit Error(const std::string& sentence) : std::runtime_error(sentence) {}
};

}  // namespace driftglass
