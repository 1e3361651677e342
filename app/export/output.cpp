#include "app/export/output.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <iterator>
#include <string_view>
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

void check_output_file(const std::string& out, const std::vector<fs::path>& inputs,
                       const std::string& ending) {
    if (out == "-") return;
    const std::string given = fs::path(out).extension().string();
    constexpr std::string_view known[] = {".csv", ".json", ".pt",  ".png", ".svg",
                                          ".npy", ".gif",  ".mp4", ".pdf"};
    if (given != ending && std::ranges::find(known, given) != std::end(known)) {
        throw Error("--out " + out + ": what is written here is " + ending.substr(1) +
                    "; name a file that ends in " + ending);
    }
    for (const fs::path& input : inputs) {
        std::error_code none;
        if (fs::equivalent(out, input, none)) {
            throw Error("--out " + out + ": is read here and would be lost; choose another name");
        }
    }
    try {
        check_writable(out);
    } catch (const Error& error) {
        throw Error(std::string("--out ") + error.what());
    }
}

void check_output_folder(const fs::path& folder, const std::vector<fs::path>& inputs,
                         const std::function<bool(const std::string&)>& writes) {
    const std::string out = folder.string();
    if (out == "-") throw Error("--out -: render writes many files; name a folder");
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
        throw Error("--out " + out +
                    ": is not a folder; name one, which is made if it is not there");
    }
    for (const fs::path& input : inputs) {
        if (writes(input.filename().string()) &&
            fs::equivalent(folder, fs::absolute(input).parent_path(), error)) {
            throw Error("--out " + out + ": " + input.filename().string() +
                        " there is read and would be lost; choose another folder");
        }
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
    for (const fs::directory_entry& there : fs::directory_iterator(folder, error)) {
        if (!writes(there.path().filename().string())) continue;
        try {
            check_writable(there.path());
        } catch (const Error& unwritable) {
            throw Error(std::string("--out ") + unwritable.what());
        }
    }
}

void write_output(const std::string& out, const std::function<void(std::ostream&)>& write) {
    if (out != "-") {
        write_atomically(out, write);
        return;
    }
    write(std::cout);
    std::cout.flush();
    if (std::cout) return;
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    if (poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0) throw ReaderGone();
    throw Error("standard output: closed before all was written");
}

}  // namespace driftglass
