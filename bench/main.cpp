#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench.hpp"
#include "core/error.hpp"
#include "core/lab/lab.hpp"
#include "core/share_work.hpp"

namespace {

std::string printed;

/// Puts what was printed between the marks of a page, in place of what was there.
void write_into(const char* file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    std::string page = text.str();
    const std::string begin = "<!-- tables -->\n", end = "<!-- end of tables -->";
    const std::size_t from = page.find(begin), to = page.find(end);
    if (from == std::string::npos || to == std::string::npos)
        throw driftglass::Error(std::string(file) + ": it has no marks to write tables between");
    page.replace(from + begin.size(), to - from - begin.size(), printed + "\n");
    std::ofstream(file) << page;
}

}  // namespace

void driftglass::bench::print(const char* format, ...) {
    std::va_list values;
    va_start(values, format);
    char line[4096];
    std::vsnprintf(line, sizeof line, format, values);
    va_end(values);
    std::fputs(line, stdout);
    std::fflush(stdout);
    printed += line;
}

// Prints Markdown tables, as docs/benchmarks.md keeps them.
int main(int argc, char** argv) {
    using namespace driftglass::bench;
    struct Benchmark {
        std::string_view name;
        std::function<void(const Options&)> run;
    };
    const std::vector<Benchmark> all = {{"training", training}, {"field", field},
                                        {"quality", quality},   {"start", start},
                                        {"window", window},     {"instances", instances},
                                        {"memory", memory},     {"transport", transport}};
    driftglass::keep_freed_memory();
    Options options;
    const char* write = nullptr;
    std::vector<std::string_view> wanted;
    if (argc == 2 && std::string_view(argv[1]) == "start-and-tell") return start_and_tell();
    if (argc == 2 && std::string_view(argv[1]) == "stay-and-tell") return stay_and_tell();
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const bool has_value = i + 1 < argc;
        if (word == "--threads" && has_value) {
            options.threads = std::max(1, std::atoi(argv[++i]));
        } else if (word == "--repeats" && has_value) {
            options.repeats = std::max(1, std::atoi(argv[++i]));
        } else if (word == "--minutes" && has_value) {
            options.minutes = std::max(1.0, std::atof(argv[++i]));
        } else if (word == "--write" && has_value) {
            write = argv[++i];
        } else if (word == "--python" && has_value) {
            options.python = argv[++i];
        } else if (std::any_of(all.begin(), all.end(),
                               [&](const Benchmark& b) { return b.name == word; })) {
            wanted.push_back(word);
        } else {
            std::fprintf(
                stderr,
                "driftglass_bench [training] [field] [quality] [start] [window] "
                "[instances] [memory] [transport] "
                "[--threads N] [--repeats N] [--minutes N] [--write FILE] [--python FILE]\n");
            return 2;
        }
    }
    if (write != nullptr && !wanted.empty()) {
        std::fprintf(stderr, "driftglass_bench: --write replaces all tables, so name none\n");
        return 2;
    }
    driftglass::set_work_threads(options.threads);
    try {
        for (const Benchmark& benchmark : all) {
            if (wanted.empty() || std::count(wanted.begin(), wanted.end(), benchmark.name) > 0) {
                benchmark.run(options);
            }
        }
        if (write != nullptr) write_into(write);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "driftglass_bench: %s\n", error.what());
        return 1;
    }
}
