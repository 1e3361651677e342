#pragma once

struct GLFWwindow;

namespace driftglass {

/// The program's sign, drawn: a stroke in the colours of time on the dark canvas.
void set_window_icon(GLFWwindow* window);

}  // namespace driftglass
