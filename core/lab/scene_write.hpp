#pragma once

#include <nlohmann/json.hpp>

#include "core/lab/scene.hpp"

namespace driftglass {

inline constexpr int scene_format_version = 1;

/// A scene as to_json prints it; its paths stay relative to scene.folder.
nlohmann::ordered_json scene_json(const Scene& scene);

}  // namespace driftglass
