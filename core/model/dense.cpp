#include "core/model/dense.hpp"

#include <algorithm>
#include <cassert>

namespace driftglass {
namespace {

/// R rows of V vectors of columns, from the first of a panel on: all sums stay in registers.
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
            load(factor[v],
                 b + k * p.b_k + v * lanes / panel_columns * p.b_panel + v * lanes % panel_columns);
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
            [[maybe_unused]] Floats other, sigmoid;
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
                reciprocal<lanes>(other, sigmoid);
                x *= sigmoid;
            } else if constexpr (after == After::silu_derivative) {
                one_and_exp_minus<lanes>(x, other);
                reciprocal<lanes>(other, sigmoid);
                x *= sigmoid;
                sigmoid += x * (1.0f - sigmoid);
                store(d, sigmoid);
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

template <int lanes, int R, int V, After after>
DRIFTGLASS_INLINE void multiply_then(const Product& p) {
    constexpr int in_panel = static_cast<int>(panel_columns) / lanes;
    std::int64_t column = 0;
    for (; p.columns - column > (V - in_panel) * lanes; column += V * lanes)
        multiply_panel<lanes, R, V, after>(p, column);
    if constexpr (V > in_panel) {  // fewer vectors, more rows
        for (; column < p.columns; column += panel_columns)
            multiply_panel<lanes, 2 * R, in_panel, after>(p, column);
    }
}

template <int lanes>
DRIFTGLASS_INLINE float sum_of(const float* x) {
    typename Vector<lanes / 2>::Floats low, high;
    load(low, x);
    load(high, x + lanes / 2);
    low += high;
    if constexpr (lanes > 4) {
        float half[lanes / 2];
        store(half, low);
        return sum_of<lanes / 2>(half);
    }
    return low[0] + low[1];
}

/// R rows of all C columns, in vectors along k.
template <int lanes, int R, int C>
DRIFTGLASS_INLINE void narrow_tile(const Product& p, std::int64_t row) {
    using Floats = typename Vector<lanes>::Floats;
    const float* a = p.a + row * p.a_row;
    Floats sum[R][C];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 16
        for (int j = 0; j < C; ++j)
            sum[r][j] = Floats{};
    }
    std::int64_t k = 0;
    for (; k + lanes <= p.inner; k += lanes) {
        Floats factor[C], value;
#pragma GCC unroll 16
        for (int j = 0; j < C; ++j)
            load(factor[j], p.narrow + j * p.inner + k);
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
            load(value, a + r * p.a_row + k);
#pragma GCC unroll 16
            for (int j = 0; j < C; ++j)
                sum[r][j] += value * factor[j];
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 16
        for (int j = 0; j < C; ++j) {
            float lane[lanes];
            store(lane, sum[r][j]);
            float total = sum_of<lanes>(lane);
            for (std::int64_t i = k; i < p.inner; ++i)
                total += a[r * p.a_row + i] * p.narrow[j * p.inner + i];
            p.c[(row + r) * p.c_row + j] = total + (p.bias != nullptr ? p.bias[j] : 0);
        }
    }
}

template <int lanes, int C>
DRIFTGLASS_INLINE void multiply_narrow(const Product& p) {
    constexpr int R = 4;
    std::int64_t row = 0;
    for (; row + R <= p.rows; row += R)
        narrow_tile<lanes, R, C>(p, row);
    for (; row < p.rows; ++row)
        narrow_tile<lanes, 1, C>(p, row);
}

template <int lanes, int R, int V>
DRIFTGLASS_INLINE void multiply_in(const Product& p) {
    static_assert(few_columns == 2);
    if (p.narrow != nullptr && p.a_k == 1 && p.after == After::store)
        return p.columns == 1 ? multiply_narrow<lanes, 1>(p) : multiply_narrow<lanes, 2>(p);
    switch (p.after) {
        case After::store:
            return multiply_then<lanes, R, V, After::store>(p);
        case After::add:
            return multiply_then<lanes, R, V, After::add>(p);
        case After::silu:
            return multiply_then<lanes, R, V, After::silu>(p);
        case After::silu_derivative:
            return multiply_then<lanes, R, V, After::silu_derivative>(p);
        case After::multiply:
            return multiply_then<lanes, R, V, After::multiply>(p);
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

// As many rows as registers allow: sums, the vectors of b that a tile is wide, and one value of a.
#if DRIFTGLASS_X86
DRIFTGLASS_AVX2 void multiply_avx2(const Product& p) {
    multiply_in<8, 6, 2>(p);
}
DRIFTGLASS_AVX512 void multiply_avx512(const Product& p) {
    multiply_in<16, 6, 4>(p);
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
    data_.resize(static_cast<std::size_t>(in_panels(columns) * inner));
    float* to = data_.data();
    for (std::int64_t column = 0; column < columns; column += panel_columns) {
        const std::int64_t here = std::min(panel_columns, columns - column);
        for (std::int64_t k = 0; k < inner; ++k, to += panel_columns) {
            const float* row = from + k * k_stride + column * column_stride;
            if (column_stride == 1 && here == panel_columns) {
                std::copy_n(row, panel_columns, to);
                continue;
            }
            for (std::int64_t j = 0; j < here; ++j)
                to[j] = row[j * column_stride];
            std::fill(to + here, to + panel_columns, 0.0F);
        }
    }
    narrow_.clear();
    if (columns > few_columns) return;
    for (std::int64_t j = 0; j < columns; ++j) {
        for (std::int64_t k = 0; k < inner; ++k)
            narrow_.push_back(from[k * k_stride + j * column_stride]);
    }
}

Product& Product::by(const Panels& panels) {
    b = panels.data();
    narrow = panels.narrow();
    b_panel = panels.inner() * panel_columns;
    b_k = panel_columns;
    inner = panels.inner();
    columns = panels.columns();
    return *this;
}

void multiply(const Product& product, [[maybe_unused]] VectorLevel level) {
    assert(!product.exact || product.after == After::store || product.after == After::add);
#if DRIFTGLASS_X86
    if (level == VectorLevel::avx512) return multiply_avx512(product);
    if (level == VectorLevel::avx2) return multiply_avx2(product);
#endif
    multiply_in<4, 3, 4>(product);
}

void add_rows(const float* x, std::int64_t row, std::int64_t rows, std::int64_t columns,
              float* sum) {
#if DRIFTGLASS_X86
    if (vector_level() != VectorLevel::baseline) return add_rows_avx2(x, row, rows, columns, sum);
#endif
    add_rows_in<4>(x, row, rows, columns, sum);
}

}  // namespace driftglass
