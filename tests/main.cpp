#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <thread>

#include "core/share_work.hpp"
#include "skip.hpp"

namespace {

int skipped = 0;

/// A folder for temporary files of this process alone, so that two runs do not meet: gone in the
/// end unless a test failed, whose files may say why.
std::filesystem::path own_temporary_folder() {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("driftglass-tests-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    setenv("TMPDIR", folder.c_str(), 1);
    return folder;
}

}  // namespace

void driftglass::tests::skip(std::string_view reason) {
    ++skipped;
    std::cout << "SKIPPED: " << reason << std::endl;
}

int main(int count, char** words) {
    // As the program does: torch's own operators stay on their caller's thread. OpenMP's, which
    // spin until the last of them is done, take minutes for seconds' work where another program
    // runs.
    driftglass::set_work_threads(static_cast<int>(std::thread::hardware_concurrency()));
    const std::filesystem::path folder = own_temporary_folder();
    const int failed = Catch::Session().run(count, words);
    std::error_code ignored;
    if (failed == 0) std::filesystem::remove_all(folder, ignored);
    return failed != 0 ? 1 : skipped > 0 ? 77 : 0;
}
