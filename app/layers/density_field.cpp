#include "app/layers/density_field.hpp"

#include <array>

namespace driftglass {

namespace {

struct Taps {
    std::array<int, 4> cell{};
    std::array<float, 4> weight{};
};

std::vector<Taps> taps_at(std::span<const float> places, int cells) {
    std::vector<Taps> all;
    all.reserve(places.size());
    for (const float place : places) {
        Taps taps;
        if (place >= 0 && place <= static_cast<float>(cells)) {
            const float at = place - 0.5f;
            const float cell = std::floor(at);
            const float u = at - cell, v = 1 - u;
            taps.weight = {v * v * v / 6, (4 - 6 * u * u + 3 * u * u * u) / 6,
                           (4 - 6 * v * v + 3 * v * v * v) / 6, u * u * u / 6};
            for (int k = 0; k < 4; ++k) {
                taps.cell[k] = std::clamp(static_cast<int>(cell) - 1 + k, 0, cells - 1);
            }
        }
        all.push_back(taps);
    }
    return all;
}

}  // namespace

std::vector<float> sample_b_spline(std::span<const float> values, int columns, int rows,
                                   std::span<const float> x, std::span<const float> y) {
    const std::vector<Taps> across = taps_at(x, columns);
    const std::vector<Taps> up = taps_at(y, rows);
    const std::size_t width = x.size();
    std::vector<float> wide(width * static_cast<std::size_t>(rows));
    for (int j = 0; j < rows; ++j) {
        const float* row = values.data() + static_cast<std::ptrdiff_t>(j) * columns;
        float* out = wide.data() + static_cast<std::size_t>(j) * width;
        for (std::size_t i = 0; i < width; ++i) {
            const auto& [cell, weight] = across[i];
            out[i] = weight[0] * row[cell[0]] + weight[1] * row[cell[1]] +
                     weight[2] * row[cell[2]] + weight[3] * row[cell[3]];
        }
    }
    std::vector<float> sampled(width * y.size());
    for (std::size_t j = 0; j < y.size(); ++j) {
        const auto& [cell, weight] = up[j];
        const auto row = [&](int k) {
            return wide.data() + static_cast<std::size_t>(cell[k]) * width;
        };
        const float *a = row(0), *b = row(1), *c = row(2), *d = row(3);
        float* out = sampled.data() + j * width;
        for (std::size_t i = 0; i < width; ++i) {
            out[i] = weight[0] * a[i] + weight[1] * b[i] + weight[2] * c[i] + weight[3] * d[i];
        }
    }
    return sampled;
}

float density_scale(const DensityGrid& grid) {
    constexpr double share = 0.01;
    std::vector<float> sorted;
    sorted.reserve(grid.values.size());
    double mass = 0;
    for (const float q : grid.values) {
        if (!(q > 0) || !std::isfinite(q)) continue;
        sorted.push_back(q);
        mass += q;
    }
    if (sorted.empty()) return 0;
    // Only the top matters: look at the largest values in growing portions.
    auto begin = sorted.begin();
    double above = 0;
    for (std::ptrdiff_t portion = 64; begin != sorted.end(); portion *= 4) {
        const auto end = begin + std::min(portion, sorted.end() - begin);
        if (end != sorted.end()) std::nth_element(begin, end, sorted.end(), std::greater<>());
        std::sort(begin, end, std::greater<>());
        for (; begin != end; ++begin) {
            above += *begin;
            if (above >= share * mass) return *begin;
        }
    }
    return sorted.back();
}

void DensityField::aim(std::shared_ptr<const DensityGrid> grid, double now, bool ease) {
    if (grid != nullptr && (grid->columns <= 0 || grid->rows <= 0)) grid = nullptr;
    if (grid == grid_) return;
    const bool same_place = grid != nullptr && grid_ != nullptr && grid->world == grid_->world &&
                            grid->columns == grid_->columns && grid->rows == grid_->rows;
    grid_ = std::move(grid);
    ++version_;
    if (grid_ == nullptr) {
        values_.aim({}, now, false);
        levels_.aim({}, now, false);
        return;
    }
    const float scale = density_scale(*grid_);
    const float factor = scale > 0 ? 1 / scale : 0;
    std::vector<float> m(grid_->values.size());
    for (std::size_t i = 0; i < m.size(); ++i) {
        const float value = grid_->values[i] * factor;
        // Clipped well above 1, where the colours clip: what is beyond must not ring through the
        // spline.
        m[i] = std::isfinite(value) ? std::clamp(value, 0.0f, 4.0f) : 0.0f;
    }
    std::vector<float> levels = grid_->mass_levels;
    for (float& level : levels)
        level *= factor;
    values_.aim(std::move(m), now, ease && same_place);
    levels_.aim(std::move(levels), now, ease && same_place);
}

void DensityField::advance(double now) {
    if (values_.advance(now)) ++version_;
    levels_.advance(now);
}

}  // namespace driftglass
