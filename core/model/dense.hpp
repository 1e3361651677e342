#pragma once

#include <cstdint>
#include <new>
#include <vector>

#include "core/lanes.hpp"

namespace driftglass {

// Matrix products of the perceptron's small sizes on a CPU, float32, with what comes after them
// done while the sums are in registers. A library's product packs and unpacks for each call, which
// at a width of 128 costs a third of it.

/// Numbers from a cache line's start on: a vector read across two lines takes twice as long.
template <class Number>
struct AlignedAllocator {
    using value_type = Number;
    static constexpr std::align_val_t line{64};
    AlignedAllocator() = default;
    template <class Other>
    AlignedAllocator(const AlignedAllocator<Other>& /*other*/) {}
    Number* allocate(std::size_t count) {
        return static_cast<Number*>(::operator new(count * sizeof(Number), line));
    }
    void deallocate(Number* from, std::size_t /*count*/) { ::operator delete(from, line); }
    bool operator==(const AlignedAllocator& /*other*/) const { return true; }
};
using AlignedFloats = std::vector<float, AlignedAllocator<float>>;

/// Columns of a panel: the second factor is read in panels of so many columns.
inline constexpr std::int64_t panel_columns = 16;
/// Up to so many columns, a coordinate each, a product is taken along the rows.
inline constexpr std::int64_t few_columns = 2;

inline constexpr std::int64_t in_panels(std::int64_t columns) {
    return (columns + panel_columns - 1) / panel_columns * panel_columns;
}

/// `count` numbers and zeros after them, in_panels(count) in all: a bias.
std::vector<float> padded(const float* from, std::int64_t count);

/// A matrix [inner, columns] in panels, the last one filled up with zeros.
class Panels {
public:
    /// From element (k, j) at `from[k * k_stride + j * column_stride]`.
    void pack(const float* from, std::int64_t k_stride, std::int64_t column_stride,
              std::int64_t inner, std::int64_t columns);
    const float* data() const { return data_.data(); }
    /// Column after column [columns, inner] of a matrix of few columns; null where they are more.
    const float* narrow() const { return narrow_.empty() ? nullptr : narrow_.data(); }
    std::int64_t inner() const { return inner_; }
    std::int64_t columns() const { return columns_; }

private:
    AlignedFloats data_, narrow_;
    std::int64_t inner_ = 0, columns_ = 0;
};

/// What becomes of a sum before it is stored.
enum class After {
    store,            ///< c = sum
    add,              ///< c += sum
    silu,             ///< c = silu(sum), Elfwing et al. 2018; below -87 sum * sigmoid(-87)
    silu_derivative,  ///< the same, and derivative = silu'(sum)
    multiply,         ///< c = sum * derivative
};

/// c [rows, columns] <- a [rows, inner] b [inner, columns] + bias. Rows of c and derivative begin
/// `c_row` apart; unless `exact` (of store and add only) they may be written up to
/// in_panels(columns).
struct Product {
    const float* a = nullptr;
    std::int64_t a_row = 0, a_k = 1;  ///< strides of a
    const float* b = nullptr;
    std::int64_t b_panel = 0, b_k = panel_columns;  ///< from panel to panel, from k to k
    const float* narrow = nullptr;                  ///< Panels::narrow, where b is of panels
    const float* bias = nullptr;                    ///< [in_panels(columns)]; null: 0
    float* c = nullptr;
    float* derivative = nullptr;
    std::int64_t c_row = 0;
    std::int64_t rows = 0, inner = 0, columns = 0;
    After after = After::store;
    bool exact = false;

    Product& by(const Panels& panels);
};

/// With the instructions of `level`, which the processor must have.
void multiply(const Product& product, VectorLevel level = vector_level());

/// sum [columns] += the sum of the rows of x [rows, columns], which begin `row` apart.
void add_rows(const float* x, std::int64_t row, std::int64_t rows, std::int64_t columns,
              float* sum);

}  // namespace driftglass
