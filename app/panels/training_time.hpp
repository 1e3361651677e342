#pragma once

#include "app/state/commands.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// The scrubber of training time over the plot that was drawn last: a handle that is dragged back
/// to how the model was. It moves every pane that shows the learned field; at the right end they
/// follow the training again. Call between begin_plot and end_plot with the last step of the axis.
void training_time_handle(const Snapshot& snapshot, Commands& commands, double last_step);

}  // namespace driftglass
