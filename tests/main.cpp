#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <iostream>
#include <thread>

#include "core/share_work.hpp"
#include "skip.hpp"

namespace {
int skipped = 0;
}

void driftglass::tests::skip(std::string_view reason) {
    ++skipped;
    std::cout << "SKIPPED: " << reason << std::endl;
}

int main(int count, char** words) {
    // As the program does: torch's own operators stay on their caller's thread. OpenMP's, which
    // spin until the last of them is done, take minutes for seconds' work where another program
    // runs.
    driftglass::set_work_threads(static_cast<int>(std::thread::hardware_concurrency()));
    const int failed = Catch::Session().run(count, words);
    return failed != 0 ? 1 : skipped > 0 ? 77 : 0;
}
