#pragma once

#include <optional>
#include <string>

#include "app/state/theme.hpp"
#include "core/data/point_set.hpp"
#include "core/lab/scene.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// What a figure of one pane shows.
struct VectorFigure {
    const Theme* theme = nullptr;
    ViewSpec view;
    const Trajectories* paths = nullptr;
    const PointSet* data = nullptr;
    const PaneMetrics* metrics = nullptr;  ///< for the line under the figure, or null
    int dimension = 2;
    int shown = 48;  ///< how many paths at most, of an SDE a quarter (they tangle); every sample
                     ///< is shown by its end
};

/// The paths as an SVG of 720 units' width: real paths coloured by time, from a ring in the noise
/// colour to a disc, over the data; groups named data, samples, paths, starts, ends. Dimension 1
/// draws position against time. Positions that are not finite are left out.
std::string trajectories_svg(const VectorFigure& figure);

}  // namespace driftglass
