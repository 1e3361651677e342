#pragma once

#include <optional>
#include <string>
#include <vector>

namespace driftglass::bench {

/// A helper program that answers a line with a line; killed and joined at the end.
class Peer {
public:
    /// `command` and its arguments, found through PATH.
    explicit Peer(const std::vector<std::string>& command);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// Empty where the program ended.
    std::string ask(const std::string& line);
    /// The next line that it says; nothing once it ended.
    std::optional<std::string> next_line();

private:
    int child_ = -1;
    int to_ = -1;
    int from_ = -1;
};

}  // namespace driftglass::bench
