#pragma once

#include <array>
#include <string_view>

#include "app/gl/object.hpp"

namespace driftglass::gl {

/// One shader's text and the name that messages give it.
struct ShaderSource {
    std::string_view file;
    std::string_view text;
};

/// A linked shader program: move-only.
class Program {
public:
    /// Throws std::runtime_error whose lines are "shaders/FILE:LINE: what the driver says".
    Program(const ShaderSource& vertex, const ShaderSource& fragment);
    ~Program();
    Program(Program&& other) noexcept;
    Program& operator=(Program&& other) noexcept;

    void use() const;
    /// Of the program in use; a uniform that the compiler dropped is ignored.
    void set(const char* uniform, int value) const;
    void set(const char* uniform, float value) const;
    void set(const char* uniform, float x, float y) const;
    void set(const char* uniform, float x, float y, float z) const;
    void set(const char* uniform, float x, float y, float z, float w) const;
    void set(const char* uniform, const std::array<float, 3>& value) const;

    GLuint name() const { return name_; }

private:
    GLuint name_ = 0;
};

/// From the files of shaders/, embedded in the program.
Program load_program(std::string_view vertex_file, std::string_view fragment_file);

}  // namespace driftglass::gl
