#pragma once

#include <memory>

#include "app/gl/headless_context.hpp"
#include "tests/skip.hpp"

namespace driftglass::tests {

/// A context for one test, or null with the reason said aloud.
inline std::unique_ptr<gl::HeadlessContext> gl_context() {
    try {
        return std::make_unique<gl::HeadlessContext>();
    } catch (const gl::NoOpenGl& error) {
        skip(error.what());
        return nullptr;
    }
}

}  // namespace driftglass::tests
