#include "core/model/position_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/lanes.hpp"

namespace driftglass {
namespace {

/// B [2, waves]; in one dimension its first row.
using Waves = std::array<double, 2 * position_waves>;

Waves make_wave_numbers() {
    constexpr double spread = 1.5;
    Waves waves{};
    for (std::size_t k = 0; k < position_waves; ++k) {
        const double place = static_cast<double>(k) + 0.5;
        const double length = spread * std::sqrt(-2 * std::log1p(-place / position_waves));
        const double angle = std::numbers::pi * (3 - std::sqrt(5.0)) * place;
        waves[k] = length * std::cos(angle);
        waves[position_waves + k] = length * std::sin(angle);
    }
    return waves;
}

const Waves& wave_numbers() {
    static const Waves waves = make_wave_numbers();
    return waves;
}

/// B [D, waves] of z's kind and device.
torch::Tensor wave_vectors(const torch::Tensor& z) {
    const Waves& numbers = wave_numbers();
    return torch::tensor(at::ArrayRef<double>(numbers.data(), numbers.size()), torch::kFloat64)
        .view({2, position_waves})
        .narrow(0, 0, z.size(1))
        .to(z.options());
}

// Beyond, a phase may leave the range of sine_cosine: no wave is longer than 4.
constexpr float farthest = 1000;

template <int lanes>
DRIFTGLASS_INLINE void write_in(const float* waves, float* rows, std::int64_t stride,
                                std::int64_t count, int dimension) {
    using Floats = typename Vector<lanes>::Floats;
    for (float* row = rows; row != rows + count * stride; row += stride) {
        const float x = row[0], y = dimension > 1 ? row[1] : 0;
        float* sines = row + dimension;
        float* cosines = sines + position_waves;
        const bool near = !(std::abs(x) > farthest || std::abs(y) > farthest);
        for (int k = 0; k < position_waves; k += lanes) {
            Floats along, across, sine, cosine;
            load(along, waves + k);
            load(across, waves + position_waves + k);
            const Floats phase = along * x + across * y;
            if (near) {
                sine_cosine<lanes>(phase, sine, cosine);
                store(sines + k, sine);
                store(cosines + k, cosine);
                continue;
            }
            for (int i = 0; i < lanes; ++i) {
                sines[k + i] = std::sin(phase[i]);
                cosines[k + i] = std::cos(phase[i]);
            }
        }
    }
}

#if DRIFTGLASS_X86
DRIFTGLASS_AVX2 void write_avx2(const float* waves, float* rows, std::int64_t stride,
                                std::int64_t count, int dimension) {
    write_in<8>(waves, rows, stride, count, dimension);
}
DRIFTGLASS_AVX512 void write_avx512(const float* waves, float* rows, std::int64_t stride,
                                    std::int64_t count, int dimension) {
    write_in<16>(waves, rows, stride, count, dimension);
}
#endif

}  // namespace

void write_position_waves(float* rows, std::int64_t stride, std::int64_t count, int dimension) {
    static const std::array<float, 2 * position_waves> waves = [] {
        std::array<float, 2 * position_waves> all{};
        std::copy(wave_numbers().begin(), wave_numbers().end(), all.begin());
        return all;
    }();
#if DRIFTGLASS_X86
    if (vector_level() == VectorLevel::avx512)
        return write_avx512(waves.data(), rows, stride, count, dimension);
    if (vector_level() == VectorLevel::avx2)
        return write_avx2(waves.data(), rows, stride, count, dimension);
#endif
    write_in<4>(waves.data(), rows, stride, count, dimension);
}

torch::Tensor position_features(const torch::Tensor& z) {
    const torch::Tensor phase = at::mm(z, wave_vectors(z));
    return at::cat({z, phase.sin(), phase.cos()}, 1);
}

std::vector<torch::Tensor> position_tangents(const torch::Tensor& z) {
    const torch::Tensor waves = wave_vectors(z);
    const torch::Tensor phase = at::mm(z, waves);
    const torch::Tensor sin = phase.sin(), cos = phase.cos();
    std::vector<torch::Tensor> tangents;
    for (std::int64_t j = 0; j < z.size(1); ++j) {
        torch::Tensor along = torch::zeros_like(z);
        along.select(1, j).fill_(1);
        const torch::Tensor wave = waves.narrow(0, j, 1);
        tangents.push_back(at::cat({along, cos * wave, -sin * wave}, 1));
    }
    return tangents;
}

}  // namespace driftglass
