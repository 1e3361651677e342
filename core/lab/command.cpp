#include "core/lab/command.hpp"

#include <type_traits>

namespace driftglass {
namespace {

template <class Body, class... Kinds>
constexpr bool one_of = (std::is_same_v<Body, Kinds> || ...);

}  // namespace

bool replaces(const Command& newer, const Command& older) {
    if (newer.body.index() != older.body.index() || newer.gesture != older.gesture) return false;
    return std::visit(
        [&](const auto& body) {
            using Body = std::decay_t<decltype(body)>;
            using namespace command;
            if constexpr (one_of<Body, SetLook, SetRunning, SetDevice, DismissBanner>) {
                return true;
            } else if constexpr (std::is_same_v<Body, SetView>) {
                return newer.gesture != 0 && body.pane == std::get<SetView>(older.body).pane;
            } else if constexpr (one_of<Body, SetSeed, SetData, Paint, SetSource, SetCoupling,
                                        SetPath, SetModel, SetTraining, SetReflow, SetExact,
                                        SetViews>) {
                // Without a gesture each is a step of undo of its own.
                return newer.gesture != 0;
            } else {
                return false;
            }
        },
        newer.body);
}

}  // namespace driftglass
