#pragma once

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

namespace driftglass::bench {

/// Options of all benchmarks: `driftglass_bench [NAME ...] [--threads N] [--python FILE]
/// [--repeats N] [--minutes N] [--write FILE]`.
struct Options {
    int threads = 2;
    int repeats = 7;
    double minutes = 10;  ///< that `memory` looks on
    /// With what bench/peers/requirements.txt names; empty: the peers are not measured.
    const char* python = DRIFTGLASS_PEERS_PYTHON;
};

/// To standard output, and kept for --write.
[[gnu::format(printf, 1, 2)]] void print(const char* format, ...);

void training(const Options& options);
void field(const Options& options);
void quality(const Options& options);
void window(const Options& options);
void start(const Options& options);
void instances(const Options& options);
void memory(const Options& options);
void transport(const Options& options);
/// What `start` starts: opens the studio, prints a line after its first frame and after the first
/// training step, and ends.
int start_and_tell();
/// What `instances` starts: the studio for some seconds, then its steps/s and median frame.
int stay_and_tell();

template <class F>
double seconds_of(F&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

}  // namespace driftglass::bench
