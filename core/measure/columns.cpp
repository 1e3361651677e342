#include "core/measure/columns.hpp"

#include "core/error.hpp"

namespace driftglass {

void check_same_size(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size()) {
        throw Error("a distance needs two sets of the same number of points");
    }
}

Columns::Columns(std::span<const float> rows, int dimension) {
    const auto columns = static_cast<std::size_t>(dimension);
    const std::size_t n = rows.size() / columns;
    x.resize(n);
    y.assign(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        x[i] = rows[i * columns];
        if (columns == 2) y[i] = rows[i * columns + 1];
    }
}

}  // namespace driftglass
