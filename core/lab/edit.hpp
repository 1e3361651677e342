#pragma once

#include <optional>

#include "core/lab/command.hpp"
#include "core/lab/history.hpp"

namespace driftglass {

/// Puts the part of the scene that the command holds, `SetPath`, `SetView` and their like, in its
/// place; false for all other commands. Throws Error where it names a pane that does not exist.
bool put_part(Scene& scene, const Command& command);

/// The document after a command that edits the scene; nothing for any other command (undo, redo,
/// save, look …). `history` holds the document before it and knows whether the command's gesture
/// goes on. Throws Error where the command names a pane or a stroke that does not exist.
std::optional<Document> edited(const History& history, const Command& command);

/// The same law and data set: equal values, and the same shared points and strokes.
bool same_data(const DataSettings& a, const DataSettings& b);
/// The same without the strokes.
bool same_base(const DataSettings& a, const DataSettings& b);
bool same_source(const SourceSettings& a, const SourceSettings& b);
/// The same source, space and first weights of a network of one shape: with another, training
/// starts afresh.
bool same_network(const Scene& a, const Scene& b);
/// The same data, source, space, path, coupling and network: what is learnt of one is learnt of the
/// other, and a round of reflow of one is one of the other.
bool same_problem(const Scene& a, const Scene& b);

}  // namespace driftglass
