#include "core/model/dense.hpp"

#include <algorithm>

#include "core/model/lanes.hpp"

namespace driftglass {
namespace {

/// R rows of the first V vectors of a panel of columns: all sums stay in registers.
template <int lanes, int R, int V, After after>
DRIFTGLASS_INLINE void tile(const Product& p, std::int64_t row, std::int64_t column) {
    using Floats = typename Vector<lanes>::Floats;
    const float* a = p.a + row * p.a_row;
    const float* b = p.b + column / panel_columns * p.b_panel;
    Floats sum[R][V];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) {
            sum[r][v] = Floats{};
            if (p.bias != nullptr) load(sum[r][v], p.bias + column + v * lanes);
        }
    }
    for (std::int64_t k = 0; k < p.inner; ++k) {
        Floats factor[V];
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v)
            load(factor[v], b + k * p.b_k + v * lanes);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
            const Floats value = a[r * p.a_row + k * p.a_k] - Floats{};
#pragma GCC unroll 16
            for (int v = 0; v < V; ++v)
                sum[r][v] += value * factor[v];
        }
    }
    const std::int64_t left = p.exact ? p.columns - column : V * lanes;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
        float* c = p.c + (row + r) * p.c_row + column;
        if (left < V * lanes) {
            float rest[V * lanes];
#pragma GCC unroll 16
            for (int v = 0; v < V; ++v)
                store(rest + v * lanes, sum[r][v]);
            for (std::int64_t j = 0; j < left; ++j)
                c[j] = after == After::add ? c[j] + rest[j] : rest[j];
            continue;
        }
#pragma GCC unroll 16
        for (int v = 0; v < V; ++v) {
            Floats x = sum[r][v];
            [[maybe_unused]] Floats other;
            [[maybe_unused]] float* d = nullptr;
            if constexpr (after == After::multiply || after == After::silu_derivative)
                d = p.derivative + (row + r) * p.c_row + column + v * lanes;
            if constexpr (after == After::add) {
                load(other, c + v * lanes);
                x += other;
            } else if constexpr (after == After::multiply) {
                load(other, d);
                x *= other;
            } else if constexpr (after == After::silu) {
                one_and_exp_minus<lanes>(x, other);
                x /= other;
            } else if constexpr (after == After::silu_derivative) {
                one_and_exp_minus<lanes>(x, other);
                other = 1.0f / other;
                x *= other;
                other += x * (1.0f - other);
                store(d, other);
            }
            store(c + v * lanes, x);
        }
    }
}

template <int lanes, int R, int V, After after>
DRIFTGLASS_INLINE void multiply_panel(const Product& p, std::int64_t column) {
    std::int64_t row = 0;
    for (; row + R <= p.rows; row += R)
        tile<lanes, R, V, after>(p, row, column);
    for (; row < p.rows; ++row)
        tile<lanes, 1, V, after>(p, row, column);
}

template <int lanes, int R, After after>
DRIFTGLASS_INLINE void multiply_then(const Product& p) {
    constexpr int V = static_cast<int>(panel_columns) / lanes;
    for (std::int64_t column = 0; column < p.columns; column += panel_columns) {
        // The last layer has a column a coordinate: one vector holds them.
        if (V > 1 && p.exact && p.columns - column <= lanes) {
            multiply_panel<lanes, 2 * R, 1, after>(p, column);
        } else {
            multiply_panel<lanes, R, V, after>(p, column);
        }
    }
}

template <int lanes, int R>
DRIFTGLASS_INLINE void multiply_in(const Product& p) {
    switch (p.after) {
        case After::store:
            return multiply_then<lanes, R, After::store>(p);
        case After::add:
            return multiply_then<lanes, R, After::add>(p);
        case After::silu:
            return multiply_then<lanes, R, After::silu>(p);
        case After::silu_derivative:
            return multiply_then<lanes, R, After::silu_derivative>(p);
        case After::multiply:
            return multiply_then<lanes, R, After::multiply>(p);
    }
}

template <int lanes>
DRIFTGLASS_INLINE void add_rows_in(const float* x, std::int64_t row, std::int64_t rows,
                                   std::int64_t columns, float* sum) {
    using Floats = typename Vector<lanes>::Floats;
    std::int64_t j = 0;
    for (; j + lanes <= columns; j += lanes) {
        Floats total, next;
        load(total, sum + j);
        for (std::int64_t i = 0; i < rows; ++i) {
            load(next, x + i * row + j);
            total += next;
        }
        store(sum + j, total);
    }
    for (; j < columns; ++j) {
        for (std::int64_t i = 0; i < rows; ++i)
            sum[j] += x[i * row + j];
    }
}

// As many rows as registers allow: sums, one panel's vectors of b, and one value of a.
#if DRIFTGLASS_X86
DRIFTGLASS_AVX2 void multiply_avx2(const Product& p) {
    multiply_in<8, 6>(p);
}
DRIFTGLASS_AVX512 void multiply_avx512(const Product& p) {
    multiply_in<16, 12>(p);
}
DRIFTGLASS_AVX2 void add_rows_avx2(const float* x, std::int64_t row, std::int64_t rows,
                                   std::int64_t columns, float* sum) {
    add_rows_in<8>(x, row, rows, columns, sum);
}
#endif

}  // namespace

std::vector<float> padded(const float* from, std::int64_t count) {
    std::vector<float> result(static_cast<std::size_t>(in_panels(count)));
    std::copy_n(from, count, result.begin());
    return result;
}

void Panels::pack(const float* from, std::int64_t k_stride, std::int64_t column_stride,
                  std::int64_t inner, std::int64_t columns) {
    inner_ = inner;
    columns_ = columns;
    data_.assign(static_cast<std::size_t>(in_panels(columns) * inner), 0.0F);
    float* to = data_.data();
    for (std::int64_t column = 0; column < columns; column += panel_columns) {
        const std::int64_t here = std::min(panel_columns, columns - column);
        for (std::int64_t k = 0; k < inner; ++k, to += panel_columns) {
            const float* row = from + k * k_stride + column * column_stride;
            for (std::int64_t j = 0; j < here; ++j)
                to[j] = row[j * column_stride];
        }
    }
}

Product& Product::by(const Panels& panels) {
    b = panels.data();
    b_panel = panels.inner() * panel_columns;
    b_k = panel_columns;
    inner = panels.inner();
    columns = panels.columns();
    return *this;
}

void multiply(const Product& product) {
#if DRIFTGLASS_X86
    if (vector_level() == VectorLevel::avx512) return multiply_avx512(product);
    if (vector_level() == VectorLevel::avx2) return multiply_avx2(product);
#endif
    multiply_in<4, 3>(product);
}

void add_rows(const float* x, std::int64_t row, std::int64_t rows, std::int64_t columns,
              float* sum) {
#if DRIFTGLASS_X86
    if (vector_level() != VectorLevel::baseline) return add_rows_avx2(x, row, rows, columns, sum);
#endif
    add_rows_in<4>(x, row, rows, columns, sum);
}

}  // namespace driftglass
