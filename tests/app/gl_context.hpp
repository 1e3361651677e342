#pragma once

#include <iostream>
#include <memory>

#include "app/gl/headless_context.hpp"

namespace driftglass::tests {

/// A context for one test, or null with the reason said aloud.
inline std::unique_ptr<gl::HeadlessContext> gl_context() {
    try {
        return std::make_unique<gl::HeadlessContext>();
    } catch (const gl::NoOpenGl& error) {
        std::cout << "SKIPPED: " << error.what() << std::endl;
        return nullptr;
    }
}

}  // namespace driftglass::tests
