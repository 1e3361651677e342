#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace driftglass {

/// FNV-1a of 64 bits (Fowler, Noll, Vo).
std::uint64_t hash_of(std::string_view bytes);

/// Another seed for each purpose ("data", "source", …), so that draws for one
/// never move another's.
std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose);

/// Pseudo-random numbers on std::mt19937_64, whose sequence the standard fixes;
/// the distributions are our own, since the standard library's differ from
/// platform to platform.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t bits() { return engine_(); }
    /// In [0, 1), 53 bits.
    double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// 0, 1, …, count - 1, each as likely; count >= 1.
    std::uint64_t below(std::uint64_t count);
    /// N(0, 1) (Marsaglia's polar method).
    double normal();

private:
    std::mt19937_64 engine_;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace driftglass
