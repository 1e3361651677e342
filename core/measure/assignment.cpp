#include "core/measure/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/measure/weighted_points.hpp"

namespace driftglass {
namespace {

using Point = std::array<double, 2>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int none = -1;

// Of the auction, in units of the mean squared distance from one set to the other's centre (and,
// the last, of that divided by n). Measured: on Gaussian noise, presets and both mixed.
constexpr double first_epsilon = 0.05;
constexpr double epsilon_factor = 5;
constexpr double last_epsilon = 0.03;
// A round that takes more bids a row is cut short; the augmenting paths make up for it.
constexpr std::int64_t most_bids = 20;
// With fewer different points than one in so many, equal ones are held as one column with room for
// all of them. Measured: an auction among equals is a price war that settles nothing.
constexpr std::size_t crowd = 4;

std::size_t index(int i) {
    return static_cast<std::size_t>(i);
}

std::vector<Point> points_of(std::span<const float> x, int dimension) {
    const std::size_t columns = static_cast<std::size_t>(dimension);
    std::vector<Point> points(x.size() / columns);
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i] = {x[i * columns], columns == 2 ? x[i * columns + 1] : 0.0};
    }
    return points;
}

double squared_distance(const Point& p, const Point& q) {
    return (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]);
}

std::vector<int> sorted_order(const std::vector<Point>& points) {
    std::vector<int> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int i, int j) { return points[index(i)][0] < points[index(j)][0]; });
    return order;
}

/// The different points of a set, and where each of the set's points is among them.
struct Distinct {
    std::vector<Point> points;
    std::vector<int> place;  ///< [n]
};

Distinct distinct(const std::vector<Point>& points) {
    std::vector<int> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](int i, int j) { return points[index(i)] < points[index(j)]; });
    Distinct result;
    result.place.resize(points.size());
    for (const int i : order) {
        if (result.points.empty() || result.points.back() != points[index(i)]) {
            result.points.push_back(points[index(i)]);
        }
        result.place[index(i)] = static_cast<int>(result.points.size()) - 1;
    }
    return result;
}

/// How many cells the set's points lie in, of n or so that cover both sets.
std::size_t cells(const std::vector<Point>& points, const std::vector<Point>& others) {
    Point low = points[0];
    Point high = points[0];
    for (const std::vector<Point>* set : {&points, &others}) {
        for (const Point& p : *set) {
            for (std::size_t d = 0; d < 2; ++d) {
                low[d] = std::min(low[d], p[d]);
                high[d] = std::max(high[d], p[d]);
            }
        }
    }
    std::vector<Point> cell(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t d = 0; d < 2; ++d) {
            const double side = (high[d] - low[d]) / std::sqrt(static_cast<double>(points.size()));
            cell[i][d] = side > 0 ? std::floor((points[i][d] - low[d]) / side) : 0;
        }
    }
    return distinct(cell).points.size();
}

/// The mean squared distance of p's points to the centre of q's.
double spread(const std::vector<Point>& p, const std::vector<Point>& q) {
    Point centre{};
    for (const Point& point : q) {
        centre[0] += point[0] / static_cast<double>(q.size());
        centre[1] += point[1] / static_cast<double>(q.size());
    }
    double sum = 0;
    for (const Point& point : p)
        sum += squared_distance(point, centre);
    return sum / static_cast<double>(p.size());
}

}  // namespace

/// Rows are the points of one set, columns those of the other, the more crowded one: rows that all
/// want the same columns outbid each other without end. Where it has few different points, each is
/// a column with room for as many rows as it stands for. Duals u (rows) and v (columns, the tree's
/// weights) with reduced costs c_ij - u_i - v_j. After the auction they are >= 0 everywhere and 0
/// on matched pairs.
class Assignment::Solver {
public:
    Solver(std::span<const float> a, std::span<const float> b, int dimension);

    bool run_until(std::chrono::steady_clock::time_point deadline);

    std::vector<int> match;  ///< [n] row to column; once solved: of a's points to b's
    double cost = 0;         ///< once solved
    int size() const { return static_cast<int>(match.size()); }

private:
    enum class Phase { bid, augment, done };

    void crowd_columns();
    void begin_round();
    void bid();
    void augment(int start);
    void finish();
    void set_pair(int row, int column);
    void part(int row);

    std::vector<Point> a_;
    std::vector<Point> b_;
    std::vector<int> place_of_;  // of the points among the columns; empty: each its own
    bool swapped_ = false;       // the rows are the second set that was given
    Phase phase_ = Phase::bid;

    std::vector<double> u_;
    std::optional<WeightedPoints> columns_;  // their weights are v
    std::vector<std::vector<int>> rows_of_;  // of each column
    std::vector<std::size_t> room_;          // of each column, for rows
    std::vector<int> free_;                  // rows to assign
    double epsilon_ = 0;
    double last_epsilon_ = 0;
    std::int64_t bids_left_ = 0;
    std::vector<int> waiting_;
    std::vector<int> settled_;  // columns, in the search for a path
};

Assignment::Solver::Solver(std::span<const float> a, std::span<const float> b, int dimension)
    : a_(points_of(a, dimension)), b_(points_of(b, dimension)) {
    if (a_.size() != b_.size() || dimension < 1 || dimension > 2) {
        throw std::invalid_argument(
            "an assignment needs two sets of one size, in 1 or 2 dimensions");
    }
    match.assign(a_.size(), none);
    if (dimension == 1 || a_.size() <= 1) {
        const std::vector<int> rows = sorted_order(a_);
        const std::vector<int> columns = sorted_order(b_);
        for (std::size_t i = 0; i < rows.size(); ++i)
            match[index(rows[i])] = columns[i];
        finish();
        return;
    }
    const std::size_t n = a_.size();
    const double scale = spread(a_, b_) + spread(b_, a_);
    room_.assign(n, 1);
    crowd_columns();
    columns_.emplace(b_);
    rows_of_.resize(b_.size());
    u_.assign(n, 0);

    epsilon_ = first_epsilon * scale;
    last_epsilon_ = last_epsilon * scale / static_cast<double>(n);
    begin_round();
    if (!place_of_.empty()) phase_ = Phase::augment;
}

void Assignment::Solver::crowd_columns() {
    swapped_ = cells(a_, b_) < cells(b_, a_);
    if (swapped_) std::swap(a_, b_);
    Distinct columns = distinct(b_);
    if (columns.points.size() * crowd > a_.size()) return;
    b_ = std::move(columns.points);
    place_of_ = std::move(columns.place);
    room_.assign(b_.size(), 0);
    for (const int column : place_of_)
        ++room_[index(column)];
}

void Assignment::Solver::set_pair(int row, int column) {
    match[index(row)] = column;
    rows_of_[index(column)].push_back(row);
}

void Assignment::Solver::part(int row) {
    std::erase(rows_of_[index(match[index(row)])], row);
    match[index(row)] = none;
}

/// The cost, and the pairs as those of the points that were given.
void Assignment::Solver::finish() {
    phase_ = Phase::done;
    cost = 0;
    for (std::size_t i = 0; i < a_.size(); ++i)
        cost += squared_distance(a_[i], b_[index(match[i])]);
    if (!place_of_.empty()) {
        for (std::size_t j = 0; j < place_of_.size(); ++j) {
            std::vector<int>& rows = rows_of_[index(place_of_[j])];
            match[index(rows.back())] = static_cast<int>(j);
            rows.pop_back();
        }
    }
    if (swapped_) {
        std::vector<int> inverse(match.size());
        for (std::size_t i = 0; i < match.size(); ++i)
            inverse[index(match[i])] = static_cast<int>(i);
        match = std::move(inverse);
    }
}

void Assignment::Solver::begin_round() {
    std::fill(match.begin(), match.end(), none);
    for (std::vector<int>& rows : rows_of_)
        rows.clear();
    free_.resize(a_.size());
    std::iota(free_.rbegin(), free_.rend(), 0);
    bids_left_ = most_bids * size();
}

/// A free row takes its best column, whose dual falls as far as the second best allows, and by
/// epsilon more; the row that had it is free again. With epsilon 0 (augmenting row reduction) pairs
/// stay exactly tight; a row with a choice of two waits there, lest it go on for ever.
void Assignment::Solver::bid() {
    const int row = free_.back();
    free_.pop_back();
    const WeightedPoints::Two choice = columns_->nearest_two(a_[index(row)]);
    const std::vector<int>& taken_by = rows_of_[index(choice.nearest)];
    const int before = taken_by.empty() ? none : taken_by.front();
    if (epsilon_ == 0 && before != none && choice.second <= choice.first) {
        waiting_.push_back(row);
        return;
    }
    columns_->lower_weight(choice.nearest, choice.second - choice.first + epsilon_);
    u_[index(row)] = choice.second;
    if (before != none) {
        part(before);
        free_.push_back(before);
    }
    set_pair(row, choice.nearest);
}

/// Dijkstra over reduced costs from a free row to the nearest column with room.
void Assignment::Solver::augment(int start) {
    columns_->begin_search();
    settled_.clear();
    u_[index(start)] = columns_->nearest_two(a_[index(start)]).first;
    WeightedPoints::Reached next = columns_->relax(start, a_[index(start)], -u_[index(start)]);
    double reach = std::max(next.distance, 0.0);
    while (rows_of_[index(next.point)].size() >= room_[index(next.point)]) {
        const int column = next.point;
        settled_.push_back(column);
        columns_->close(column);
        for (const int row : rows_of_[index(column)])
            next = columns_->relax(row, a_[index(row)], reach - u_[index(row)]);
        reach = std::max(next.distance, reach);
    }
    u_[index(start)] += reach;
    for (const int column : settled_) {
        const double gain = reach - columns_->distance(column);
        columns_->lower_weight(column, gain);
        for (const int row : rows_of_[index(column)])
            u_[index(row)] += gain;
    }
    for (int column = next.point;;) {
        const int row = columns_->from(column);
        const int before = match[index(row)];
        if (row != start) part(row);
        set_pair(row, column);
        if (row == start) return;
        column = before;
    }
}

bool Assignment::Solver::run_until(std::chrono::steady_clock::time_point deadline) {
    // Asking for the time costs as much as a small step: once in so many.
    for (int k = 1; phase_ != Phase::done; ++k) {
        const bool costly = phase_ == Phase::augment;
        if ((costly || k % 64 == 0) && std::chrono::steady_clock::now() >= deadline) return false;
        if (phase_ == Phase::augment) {
            if (free_.empty()) {
                finish();
                continue;
            }
            const int row = free_.back();
            free_.pop_back();
            augment(row);
        } else if (!free_.empty() && bids_left_-- > 0) {
            bid();
        } else if (epsilon_ == 0) {
            free_.insert(free_.end(), waiting_.begin(), waiting_.end());
            phase_ = Phase::augment;
        } else {
            epsilon_ = epsilon_ > last_epsilon_ ? epsilon_ / epsilon_factor : 0;
            begin_round();
        }
    }
    return true;
}

Assignment::Assignment(std::span<const float> a, std::span<const float> b, int dimension)
    : solver_(std::make_unique<Solver>(a, b, dimension)) {}
Assignment::~Assignment() = default;
Assignment::Assignment(Assignment&&) noexcept = default;
Assignment& Assignment::operator=(Assignment&&) noexcept = default;

bool Assignment::run_for(std::chrono::microseconds budget) {
    return solver_->run_until(std::chrono::steady_clock::now() + budget);
}

void Assignment::run() {
    solver_->run_until(std::chrono::steady_clock::time_point::max());
}

std::span<const int> Assignment::match() const {
    return solver_->match;
}

double Assignment::cost() const {
    return solver_->cost;
}

double Assignment::root_mean_square() const {
    const int n = solver_->size();
    return n == 0 ? 0 : std::sqrt(solver_->cost / n);
}

}  // namespace driftglass
