#include "app/gl/program.hpp"

#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "driftglass_shaders.hpp"

namespace driftglass::gl {

namespace {

/// Drivers write "0:12(5): error: ..." (Mesa), "0(12) : error ..." (NVIDIA) or "ERROR: 0:12: ..."
/// (AMD, Apple): each line as "shaders/FILE:12: ...".
std::string with_file_and_line(const std::string& log, std::string_view file) {
    static const std::regex place(
        R"(^(?:ERROR: |WARNING: )?\d+(?::(\d+)|\((\d+)\))(?:\(\d+\))?\s*:\s*)");
    std::istringstream lines(log);
    std::string message, line;
    while (std::getline(lines, line)) {
        if (line.empty() || line[0] == '\0') continue;
        std::smatch match;
        message += "shaders/" + std::string(file) + ":";
        if (std::regex_search(line, match, place)) {
            message += (match[1].matched ? match[1] : match[2]).str() + ": " + match.suffix().str();
        } else {
            message += " " + line;
        }
        message += '\n';
    }
    if (!message.empty()) message.pop_back();
    return message;
}

struct ShaderStage {
    ShaderStage(GLenum kind, const ShaderSource& source) : name(glCreateShader(kind)) {
        const char* text = source.text.data();
        const GLint length = static_cast<GLint>(source.text.size());
        glShaderSource(name, 1, &text, &length);
        glCompileShader(name);
        GLint compiled = 0;
        glGetShaderiv(name, GL_COMPILE_STATUS, &compiled);
        if (compiled) return;
        GLint size = 0;
        glGetShaderiv(name, GL_INFO_LOG_LENGTH, &size);
        std::string log(static_cast<std::size_t>(size), '\0');
        glGetShaderInfoLog(name, size, nullptr, log.data());
        glDeleteShader(name);
        throw std::runtime_error(with_file_and_line(log, source.file));
    }
    ~ShaderStage() { glDeleteShader(name); }
    ShaderStage(const ShaderStage&) = delete;
    ShaderStage& operator=(const ShaderStage&) = delete;

    GLuint name;
};

}  // namespace

Program::Program(const ShaderSource& vertex, const ShaderSource& fragment) {
    const ShaderStage vertex_stage(GL_VERTEX_SHADER, vertex);
    const ShaderStage fragment_stage(GL_FRAGMENT_SHADER, fragment);
    name_ = glCreateProgram();
    glAttachShader(name_, vertex_stage.name);
    glAttachShader(name_, fragment_stage.name);
    glLinkProgram(name_);
    glDetachShader(name_, vertex_stage.name);
    glDetachShader(name_, fragment_stage.name);
    GLint linked = 0;
    glGetProgramiv(name_, GL_LINK_STATUS, &linked);
    if (linked) return;
    GLint size = 0;
    glGetProgramiv(name_, GL_INFO_LOG_LENGTH, &size);
    std::string log(static_cast<std::size_t>(size), '\0');
    glGetProgramInfoLog(name_, size, nullptr, log.data());
    glDeleteProgram(name_);
    throw std::runtime_error("shaders/" + std::string(vertex.file) + " with shaders/" +
                             std::string(fragment.file) + ": " + log.c_str());
}

Program::~Program() {
    if (name_ != 0) glDeleteProgram(name_);
}

Program::Program(Program&& other) noexcept : name_(std::exchange(other.name_, 0)) {}

Program& Program::operator=(Program&& other) noexcept {
    std::swap(name_, other.name_);
    return *this;
}

void Program::use() const {
    glUseProgram(name_);
}
void Program::set(const char* uniform, int value) const {
    glUniform1i(glGetUniformLocation(name_, uniform), value);
}
void Program::set(const char* uniform, float value) const {
    glUniform1f(glGetUniformLocation(name_, uniform), value);
}
void Program::set(const char* uniform, float x, float y) const {
    glUniform2f(glGetUniformLocation(name_, uniform), x, y);
}
void Program::set(const char* uniform, float x, float y, float z) const {
    glUniform3f(glGetUniformLocation(name_, uniform), x, y, z);
}
void Program::set(const char* uniform, float x, float y, float z, float w) const {
    glUniform4f(glGetUniformLocation(name_, uniform), x, y, z, w);
}
void Program::set(const char* uniform, const std::array<float, 3>& value) const {
    set(uniform, value[0], value[1], value[2]);
}

Program load_program(std::string_view vertex_file, std::string_view fragment_file) {
    return Program({vertex_file, shaders::source(vertex_file)},
                   {fragment_file, shaders::source(fragment_file)});
}

}  // namespace driftglass::gl
