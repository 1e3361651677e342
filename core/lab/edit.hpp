#pragma once

#include <cstddef>
#include <optional>

#include "core/lab/command.hpp"
#include "core/lab/history.hpp"

namespace driftglass {

/// What the command makes of the scene; false where it is no edit, or one to another scene or
/// dimension. `strokes`: how many there were before this gesture, whose stroke takes the place
/// of its earlier one. Throws Error where it names a pane or a stroke that does not exist.
bool apply_edit(Scene& scene, const Command& command, std::size_t strokes);

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
