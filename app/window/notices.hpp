#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/state/commands.hpp"

namespace driftglass {

/// Short messages that come and go, and errors that wait to be read.
class Notices {
public:
    /// A passing message, which lasts from when it is first drawn for as long as it takes to read,
    /// or (is_error) a dialog with one sentence that stays until closed.
    void add(std::string text, bool is_error);
    /// Takes what the lab says: each notice once.
    void follow(const Snapshot& snapshot);
    /// Messages above the bottom right corner, the open error, and the lab's banner.
    void draw(const Snapshot& snapshot, Commands& commands, double now);
    /// Messages are on their way in or out.
    bool moving() const { return !passing_.empty(); }

private:
    struct Passing {
        std::string text;
        double since = -1;  ///< when it was first drawn; < 0: not yet
    };
    std::vector<Passing> passing_;
    std::vector<std::string> errors_;
    std::uint64_t seen_ = 0;
};

}  // namespace driftglass
