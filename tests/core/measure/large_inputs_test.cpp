// What is said of large inputs: no matrix of all pairs above 512 MiB is ever held, but slices of
// it.

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "core/data/random.hpp"
#include "core/measure/assignment.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/memorisation.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"
#include "tests/core/measure/points.hpp"
#include "tests/skip.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

/// A line of /proc/self/status in MiB; none where there is no such file.
std::optional<double> status(const std::string& name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
    }
    return std::nullopt;
}

/// By how many MiB the process's peak in memory, begun anew, exceeds what it held before; none
/// where the system does not tell (Linux does), and none under a sanitizer, which keeps what is
/// freed.
template <class Work>
std::optional<double> growth(const Work& work) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    work();
    return std::nullopt;
#endif
    // "5": the peak is what is resident now.
    if (!(std::ofstream("/proc/self/clear_refs") << "5" << std::flush)) return std::nullopt;
    const std::optional<double> before = status("VmHWM");
    work();
    const std::optional<double> after = status("VmHWM");
    if (!before || !after) return std::nullopt;
    return *after - *before;
}

}  // namespace

TEST_CASE("100,000 points and 2,048-point assignments take slices, not matrices of all pairs") {
    constexpr std::size_t many = 100'000;
    Random random(1);
    const std::vector<float> a = normals(many, 2, random), b = normals(many, 2, random);
    const auto first = [](const std::vector<float>& x, std::size_t points) {
        return std::span<const float>(x).first(2 * points);
    };
    // A matrix that is touched shows, or what follows would prove nothing: 64 MiB of bytes.
    const auto seen = growth([] {
        std::vector<char> block(64 << 20, 1);
        CHECK(block[block.size() / 2] == 1);
    });
    if (!seen) {
        tests::skip("this system does not tell a process's peak in memory");
        return;
    }
    CHECK(*seen > 60);

    PointSet points;
    points.x = a;
    const ExactField field(schedule_of(ScheduleKind::linear), mixture_of_points(points, 0));
    const Tensor x = torch::randn({1500, 2}, make_generator(3, "x"));
    // As a matrix of float32: 570 MiB. A tile is 65,536 numbers, of which some ten in float64 live
    // at a time; torch and its threads keep buffers of their own.
    CHECK(*growth([&] {
        for (const double t : {0.01, 0.5}) {
            CHECK(field.velocity(x, at_time(t)).isfinite().all().item<bool>());
            CHECK(field.log_density(x, at_time(t)).isfinite().all().item<bool>());
        }
        CHECK(field.divergence(x.slice(0, 0, 100), at_time(0.5)).isfinite().all().item<bool>());
        const Tensor each = torch::linspace(0.1, 0.9, 100, torch::kFloat64);
        CHECK(field.velocity(x.slice(0, 0, 100), each).isfinite().all().item<bool>());
    }) < 100);
    // O(n): two columns of doubles a set, 3 MiB each.
    CHECK(*growth([&] { CHECK(sliced_w2(a, b, 2) > 0); }) < 30);
    // 1,500 samples among them; 48 bytes a point.
    CHECK(*growth([&] { CHECK(memorised_fraction(first(b, 1500), a, 2) > 0); }) < 30);
    // O(n^2) in time (as MMD, the same sums), so with the fewest points whose matrix would pass 512
    // MiB.
    CHECK(*growth([&] { CHECK(energy_distance(first(a, 12'000), first(b, 12'000), 2) < 0.01); }) <
          30);
    // 200 bytes a point; a matrix of its costs would be 32 MiB.
    CHECK(*growth([&] {
        Assignment assignment(first(a, 2048), first(b, 2048), 2);
        assignment.run();
        CHECK(assignment.root_mean_square() > 0);
    }) < 16);
}
