#include "app/export/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <system_error>

#include "core/data/atomic_file.hpp"
#include "core/error.hpp"

namespace driftglass {
namespace {

namespace fs = std::filesystem;

void check_rights(const fs::path& folder, const std::string& out) {
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
        throw Error("--out " + out + ": the folder " + folder.string() + " cannot be written (" +
                    std::strerror(errno) + "); choose another place");
    }
}

}  // namespace

void check_output_file(const std::string& out) {
    if (out == "-") return;
    try {
        check_writable(out);
    } catch (const Error& error) {
        throw Error(std::string("--out ") + error.what());
    }
    check_rights(fs::absolute(out).parent_path(), out);
}

void check_output_folder(const fs::path& folder) {
    const std::string out = folder.string();
    if (out == "-") throw Error("--out -: render writes many files; name a folder");
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
        throw Error("--out " + out +
                    ": is not a folder; name one, which is made if it is not there");
    }
    fs::path nearest = fs::absolute(folder);
    while (!fs::exists(nearest, error) && nearest.has_relative_path()) {
        nearest = nearest.parent_path();
    }
    if (!fs::is_directory(nearest, error)) {
        throw Error("--out " + out + ": " + nearest.string() +
                    " is not a folder; choose another place");
    }
    check_rights(nearest, out);
}

void write_output(const std::string& out, const std::function<void(std::ostream&)>& write) {
    if (out != "-") {
        write_atomically(out, write);
        return;
    }
    write(std::cout);
    std::cout.flush();
    if (!std::cout) throw Error("standard output: closed before all was written");
}

}  // namespace driftglass
