#include "app/export/tables.hpp"

#include <ostream>
#include <vector>

#include "core/data/table.hpp"

namespace driftglass {
namespace {

/// `count` values of one row, each after a comma; as many empty cells where there are no values.
void write_cells(std::ostream& stream, const std::vector<float>& values, std::int64_t row,
                 int count) {
    for (int i = 0; i < count; ++i) {
        stream << ',';
        if (!values.empty()) {
            stream << number_text(values[static_cast<std::size_t>(row * count + i)]);
        }
    }
}

}  // namespace

void write_trajectories(std::ostream& stream, const Trajectories& paths, int dimension) {
    stream << (dimension == 1 ? "id,step,t,x\n" : "id,step,t,x,y\n");
    const auto count = static_cast<std::size_t>(paths.count);
    for (std::size_t id = 0; id < count; ++id) {
        for (std::size_t step = 0; step < paths.times.size(); ++step) {
            stream << id << ',' << step << ',' << number_text(paths.times[step]);
            const float* position = &paths.positions[(step * count + id) * 2];
            for (int d = 0; d < dimension; ++d)
                stream << ',' << number_text(position[d]);
            stream << '\n';
        }
    }
}

void write_pairs(std::ostream& stream, const PosteriorPairs& pairs, int dimension) {
    stream << (dimension == 1 ? "id,data_x,noise_x\n" : "id,data_x,data_y,noise_x,noise_y\n");
    const auto draws = static_cast<std::int64_t>(pairs.x0.size()) / dimension;
    for (std::int64_t i = 0; i < draws; ++i) {
        stream << i / pairs.count;
        write_cells(stream, pairs.x0, i, dimension);
        write_cells(stream, pairs.x1, i, dimension);
        stream << '\n';
    }
}

void write_field(std::ostream& stream, const PointSet& points, const FieldTable& field) {
    const int dimension = points.dimension;
    const bool exact = !field.log_density.empty();
    stream << (dimension == 1
                   ? "x,vx,score_x,data_x,noise_x,divergence"
                   : "x,y,vx,vy,score_x,score_y,data_x,data_y,noise_x,noise_y,divergence")
           << (exact ? ",log_density\n" : "\n");
    for (std::int64_t i = 0; i < points.size(); ++i) {
        for (int d = 0; d < dimension; ++d) {
            stream << (d > 0 ? "," : "")
                   << number_text(points.x[static_cast<std::size_t>(i * dimension + d)]);
        }
        for (const std::vector<float>* vectors :
             {&field.velocity, &field.score, &field.data, &field.noise}) {
            write_cells(stream, *vectors, i, dimension);
        }
        write_cells(stream, field.divergence, i, 1);
        if (exact) write_cells(stream, field.log_density, i, 1);
        stream << '\n';
    }
}

PointSet end_points(const Trajectories& paths, int dimension) {
    PointSet ends;
    ends.dimension = dimension;
    if (paths.times.empty()) return ends;
    const auto count = static_cast<std::size_t>(paths.count);
    const float* last = &paths.positions[(paths.times.size() - 1) * count * 2];
    for (std::size_t id = 0; id < count; ++id) {
        for (int d = 0; d < dimension; ++d) {
            ends.x.push_back(last[2 * id + static_cast<std::size_t>(d)]);
        }
    }
    return ends;
}

}  // namespace driftglass
