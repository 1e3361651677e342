#include "core/data/random.hpp"

#include <cmath>
#include <limits>

namespace driftglass {

std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return hash;
}

std::uint64_t derive_seed(std::uint64_t seed, std::string_view purpose) {
    // With SplitMix64's finaliser.
    std::uint64_t z = seed * 0x9e3779b97f4a7c15 + hash_of(purpose);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t count) {
    // The last, incomplete block of multiples is thrown away, so that no value is
    // favoured.
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t limit = most - most % count;
    std::uint64_t value = engine_();
    while (value >= limit)
        value = engine_();
    return value % count;
}

double Random::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    for (;;) {
        const double a = uniform(-1, 1);
        const double b = uniform(-1, 1);
        const double square = a * a + b * b;
        if (square >= 1 || square == 0) continue;
        const double factor = std::sqrt(-2 * std::log(square) / square);
        spare_ = b * factor;
        has_spare_ = true;
        return a * factor;
    }
}

}  // namespace driftglass
