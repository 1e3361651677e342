# cmake -D LIST=... -D FOLDER=... -D OUTPUT=... -P: the files named in LIST as text in the source OUTPUT.
file(READ "${LIST}" files)
set(rows "")
foreach(file IN LISTS files)
    file(RELATIVE_PATH name "${FOLDER}" "${file}")
    file(READ "${file}" text)
    string(APPEND rows "        {\"${name}\", R\"driftglass(${text})driftglass\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by cmake/embed_shaders.cmake.
#include \"driftglass_shaders.hpp\"

#include <map>
#include <stdexcept>
#include <string>

std::string_view driftglass::shaders::source(std::string_view file_name) {
    static const std::map<std::string_view, std::string_view> sources = {
${rows}    };
    const auto found = sources.find(file_name);
    if (found == sources.end()) {
        throw std::logic_error(\"no shader named \" + std::string(file_name));
    }
    return found->second;
}
")
