#include <ATen/Parallel.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"
#include "core/error.hpp"

// Prints Markdown tables, as docs/benchmarks.md keeps them.
int main(int argc, char** argv) {
    using namespace driftglass::bench;
    struct Benchmark {
        std::string_view name;
        std::function<void(const Options&)> run;
    };
    const std::vector<Benchmark> all = {
        {"training", training}, {"field", field},   {"quality", quality}, {"start", start},
        {"window", window},     {"memory", memory}, {"layers", layers}};
    Options options;
    std::vector<std::string_view> wanted;
    if (argc == 2 && std::string_view(argv[1]) == "start-and-tell") return start_and_tell();
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--threads" && has_value) {
            options.threads = std::max(1, std::atoi(argv[++i]));
        } else if (word == "--repeats" && has_value) {
            options.repeats = std::max(1, std::atoi(argv[++i]));
        } else if (word == "--minutes" && has_value) {
            options.minutes = std::max(1.0, std::atof(argv[++i]));
        } else if (word == "--python" && has_value) {
            options.python = argv[++i];
        } else if (std::any_of(all.begin(), all.end(),
                               [&](const Benchmark& b) { return b.name == word; })) {
            wanted.push_back(word);
        } else {
            std::fprintf(stderr,
                         "driftglass_bench [training] [field] [quality] [start] [window] [memory] "
                         "[--threads N] [--repeats N] [--minutes N] [--python FILE]\n");
            return 2;
        }
    }
    at::set_num_threads(options.threads);
    try {
        for (const Benchmark& benchmark : all) {
            if (wanted.empty() || std::count(wanted.begin(), wanted.end(), benchmark.name) > 0) {
                benchmark.run(options);
                std::fflush(stdout);
            }
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "driftglass_bench: %s\n", error.what());
        return 1;
    }
}
