#include "core/data/distribution.hpp"

#include <stb_image_write.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>
#include <set>

#include "core/data/painting.hpp"
#include "core/error.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

DataSettings of_kind(DataKind kind) {
    DataSettings settings;
    settings.kind = kind;
    return settings;
}

std::shared_ptr<Stroke> line(float x0, float y0, float x1, float y1, double width = 0.1) {
    auto stroke = std::make_shared<Stroke>();
    stroke->path = {{x0, y0}, {x1, y1}};
    stroke->width = width;
    return stroke;
}

std::shared_ptr<Stroke> eraser(float x0, float y0, float x1, float y1, double width) {
    auto stroke = line(x0, y0, x1, y1, width);
    stroke->tool = StrokeTool::eraser;
    return stroke;
}

DataSettings drawn(std::vector<std::shared_ptr<const Stroke>> strokes) {
    DataSettings settings = of_kind(DataKind::none);
    settings.strokes = std::move(strokes);
    return settings;
}

std::string message_of(const DataSettings& settings, int dimension) {
    try {
        make_distribution(settings, dimension, {});
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

DataSettings given(std::vector<float> x) {
    DataSettings settings = of_kind(DataKind::points);
    auto points = std::make_shared<PointSet>();
    points->x = std::move(x);
    settings.points = points;
    return settings;
}

}  // namespace

TEST_CASE("every preset draws within the window, spread about 1, with its labels") {
    for (const auto& preset : choices(Preset{})) {
        INFO(preset.name);
        DataSettings settings;
        settings.preset = preset.value;
        settings.count = 4000;
        const PointSet points = make_points(settings, 2, 1, {});
        REQUIRE(points.size() == 4000);
        REQUIRE(points.labels.size() == 4000);
        double square = 0;
        double mean[2] = {0, 0};
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            REQUIRE(std::abs(points.x[i]) < 3);
            square += points.x[i] * points.x[i] / 4000;
            mean[i % 2] += points.x[i] / 4000;
        }
        CHECK(square > 0.9);
        CHECK(square < 4.2);
        CHECK(std::hypot(mean[0], mean[1]) < 0.5);
        const std::set<int> labels(points.labels.begin(), points.labels.end());
        CHECK(labels.size() >= 2);
        CHECK(*labels.begin() == 0);
        CHECK(make_points(settings, 2, 1, {}) == points);
        CHECK_FALSE(make_points(settings, 2, 2, {}) == points);
        settings.count = 100;
        const PointSet fewer = make_points(settings, 2, 1, {});
        CHECK(std::equal(fewer.x.begin(), fewer.x.end(), points.x.begin()));
    }
}

TEST_CASE("presets have the shapes that they are named for") {
    DataSettings settings;
    settings.count = 3000;
    settings.preset = Preset::checkerboard;
    PointSet points = make_points(settings, 2, 0, {});
    for (std::int64_t i = 0; i < points.size(); ++i) {
        const float* p = &points.x[static_cast<std::size_t>(2 * i)];
        CHECK((static_cast<int>(std::floor(p[0])) + static_cast<int>(std::floor(p[1]))) % 2 == 0);
    }
    settings.preset = Preset::two_points;
    points = make_points(settings, 2, 0, {});
    for (std::int64_t i = 0; i < points.size(); ++i) {
        CHECK(std::abs(points.x[static_cast<std::size_t>(2 * i)]) == 1);
        CHECK(points.x[static_cast<std::size_t>(2 * i + 1)] == 0);
    }
    settings.preset = Preset::rings;
    points = make_points(settings, 2, 0, {});
    for (std::int64_t i = 0; i < points.size(); ++i) {
        const float* p = &points.x[static_cast<std::size_t>(2 * i)];
        const int ring = points.labels[static_cast<std::size_t>(i)];
        CHECK(std::abs(std::hypot(p[0], p[1]) - 0.53 * (ring + 1)) < 0.3);
    }
}

TEST_CASE("dimension 1 has the presets that make sense there and refuses the rest") {
    DataSettings settings;
    settings.preset = Preset::two_points;
    const PointSet points = make_points(settings, 1, 0, {});
    CHECK(points.size() == settings.count);
    CHECK(points.x.size() == static_cast<std::size_t>(settings.count));
    CHECK(std::all_of(points.x.begin(), points.x.end(), [](float x) { return std::abs(x) == 1; }));
    for (const Preset preset :
         {Preset::three_gaussians, Preset::eight_gaussians, Preset::checkerboard}) {
        settings.preset = preset;
        CHECK(make_points(settings, 1, 0, {}).size() == settings.count);
    }
    settings.preset = Preset::two_moons;
    CHECK(message_of(settings, 1).find("data.preset: two-moons exists in dimension 2 only") == 0);
    CHECK(message_of(of_kind(DataKind::text), 1).find("data.text: needs dimension 2") == 0);
}

TEST_CASE("a mixture draws its components by weight") {
    DataSettings settings = of_kind(DataKind::mixture);
    settings.mixture = {{{-1, 2}, 0.5, 3, 4}, {{1, 0}, 0, 1, -1}};
    settings.count = 40000;
    const PointSet points = make_points(settings, 2, 0, {});
    double count = 0;
    double mean[2] = {0, 0};
    double square = 0;
    for (std::size_t i = 0; i < 40000; ++i) {
        const float x = points.x[2 * i];
        const float y = points.x[2 * i + 1];
        if (points.labels[i] == -1) {
            CHECK(x == 1);
            CHECK(y == 0);
            continue;
        }
        CHECK(points.labels[i] == 4);
        ++count;
        mean[0] += x;
        mean[1] += y;
        square += (x + 1) * (x + 1) + (y - 2) * (y - 2);
    }
    // Five standard errors: of a proportion 3/4, of means with standard deviation
    // 0.5, of a variance.
    CHECK(std::abs(count / 40000 - 0.75) < 5 * std::sqrt(0.75 * 0.25 / 40000));
    CHECK(std::abs(mean[0] / count + 1) < 5 * 0.5 / std::sqrt(count));
    CHECK(std::abs(mean[1] / count - 2) < 5 * 0.5 / std::sqrt(count));
    CHECK(std::abs(square / count - 0.5) < 5 * 0.5 / std::sqrt(count));

    const auto mixture = mixture_of(settings, 2);
    REQUIRE(mixture.size() == 2);
    CHECK(mixture[0].weight == Approx(0.75));
    CHECK(mixture_of(of_kind(DataKind::none), 2).empty());
    CHECK(mixture_of(DataSettings{}, 2).empty());

    settings.mixture[1].weight = 0;
    CHECK(message_of(settings, 2).find("data.mixture[1].weight") == 0);
    settings.mixture.clear();
    CHECK(message_of(settings, 2).find("data.mixture: expected at least one component") == 0);
}

TEST_CASE("fresh draws of a finite set take each point once before any twice") {
    std::vector<float> x;
    for (int i = 0; i < 100; ++i)
        x.insert(x.end(), {static_cast<float>(i), 0});
    const auto law = make_distribution(given(x), 2, {});
    Random random(1);
    const auto counts_of = [](const PointSet& points) {
        std::map<float, int> counts;
        for (std::size_t i = 0; i < points.x.size(); i += 2)
            ++counts[points.x[i]];
        return counts;
    };
    CHECK(counts_of(law->draw(60, random)).size() == 60);
    for (const auto& [value, count] : counts_of(law->draw(250, random))) {
        CHECK(count >= 2);
        CHECK(count <= 3);
    }
    const auto [first, second] = law->two_fresh_draws(50, random);
    auto both = counts_of(first);
    both.merge(counts_of(second));
    CHECK(both.size() == 100);
    // Too few for disjoint halves: independent draws, which leave out some
    // points.
    const auto [many, others] = law->two_fresh_draws(100, random);
    CHECK(many.size() == 100);
    CHECK(counts_of(many).size() < 90);
    CHECK_FALSE(many == others);
}

TEST_CASE("points given are the data set, and normalize centres and scales them") {
    DataSettings settings = given({1, 1, 3, 1, 1, 5, 3, 5});
    CHECK(make_points(settings, 2, 0, {}) == *settings.points);
    settings.normalize = true;
    const PointSet points = make_points(settings, 2, 0, {});
    double mean[2] = {0, 0};
    double square = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        mean[i % 2] += points.x[i] / 4;
        square += points.x[i] * points.x[i] / 4;
    }
    CHECK(mean[0] == Approx(0).margin(1e-6));
    CHECK(mean[1] == Approx(0).margin(1e-6));
    CHECK(square == Approx(2));

    DataSettings equal = given({7, 7, 7, 7});
    equal.normalize = true;
    CHECK(make_points(equal, 2, 0, {}).x == std::vector<float>{0, 0, 0, 0});
    CHECK(message_of(given({0, 0, std::nanf(""), 1}), 2).find("data.points[1]") == 0);
    CHECK(message_of(given({0, 1e30f}), 2).find("data.points[0]") == 0);
    CHECK(make_points(of_kind(DataKind::points), 2, 0, {}).size() == 0);
}

TEST_CASE("a stroke paints its band, and painting on moves nothing") {
    const auto stroke = line(-1, 0, 1, 0.5f, 0.2);
    const PointSet points = make_points(drawn({stroke}), 2, 3, {});
    const double length = std::hypot(2, 0.5);
    CHECK(points.size() == std::llround(420 * length));
    for (std::size_t i = 0; i < points.x.size(); i += 2) {
        const double off = std::abs(-0.5 * (points.x[i] + 1) + 2 * points.x[i + 1]) / length;
        CHECK(off <= 0.1 + 1e-6);
    }

    auto longer = std::make_shared<Stroke>(*stroke);
    longer->path.push_back({1, 2});
    const PointSet more = make_points(drawn({longer}), 2, 3, {});
    CHECK(more.size() > points.size());
    // All but the last few, whose share of the old end differs by rounding of the
    // count.
    CHECK(std::equal(points.x.begin(), points.x.end() - 4, more.x.begin(),
                     [](float a, float b) { return std::abs(a - b) < 1e-3; }));

    const PointSet two = make_points(drawn({stroke, line(0, -1, 0, 1)}), 2, 3, {});
    CHECK(std::equal(points.x.begin(), points.x.end(), two.x.begin()));
}

TEST_CASE("softness 0 is uniform across the band, 1 a Gaussian cut at the edge") {
    for (const double softness : {0.0, 1.0}) {
        auto stroke = line(-2, 0, 2, 0, 1);
        stroke->softness = softness;
        stroke->density = 5000;
        const PointSet points = make_points(drawn({stroke}), 2, 0, {});
        double square = 0;
        const double n = static_cast<double>(points.size());
        for (std::size_t i = 1; i < points.x.size(); i += 2)
            square += points.x[i] * points.x[i] / n;
        // Variance of a uniform: w^2 / 12; of a normal cut at two sigma (sigma = w
        // / 4): 0.7737 of it.
        const double expected = softness == 0 ? 1.0 / 12 : 0.7737 / 16;
        CHECK(square == Approx(expected).epsilon(5 * std::sqrt(2 / n)));
    }
}

TEST_CASE("a dot is a disc that grows into a stroke") {
    auto dot = std::make_shared<Stroke>();
    dot->path = {{0.5f, 0.5f}};
    dot->width = 0.2;
    const PointSet points = make_points(drawn({dot}), 2, 0, {});
    CHECK(points.size() == 84);
    for (std::size_t i = 0; i < points.x.size(); i += 2) {
        CHECK(std::hypot(points.x[i] - 0.5, points.x[i + 1] - 0.5) <= 0.1 + 1e-6);
    }
    CHECK(make_points(drawn({line(0, 0, 0.05f, 0, 0.2)}), 2, 0, {}).size() == 84);
    CHECK(make_points(drawn({std::make_shared<Stroke>()}), 2, 0, {}).size() == 0);
    CHECK(make_points(drawn({dot}), 1, 0, {}).size() == 84);
}

TEST_CASE(
    "the eraser takes away what came before it, from the data and from "
    "the law") {
    DataSettings settings = of_kind(DataKind::preset);
    settings.preset = Preset::eight_gaussians;
    const auto rubber = eraser(1, 0, 3, 0, 1.6);
    settings.strokes = {line(1.5f, 0, 2.5f, 0), rubber, line(2, -0.1f, 2, 0.1f)};
    settings.count = 8000;
    const auto base = make_base_distribution(settings, 2, {});
    const PaintedSet painted =
        paint(make_base_points(base.get(), settings, 2, 0), settings.strokes, 0);
    CHECK(painted.base_points == Approx(7000).margin(5 * std::sqrt(8000 * 7.0 / 64)));
    CHECK(painted.stroke_points == std::vector<std::int64_t>{0, 0, 84});
    CHECK(painted.points.size() == painted.base_points + 84);

    Random random(4);
    const PointSet fresh = make_distribution(base, settings, 2)->draw(20000, random);
    REQUIRE(fresh.size() == 20000);
    double near = 0;
    for (std::size_t i = 0; i < fresh.x.size(); i += 2) {
        const bool inside = std::hypot(fresh.x[i] - 2, fresh.x[i + 1]) < 0.75;
        near += inside;
        if (inside) CHECK(std::abs(fresh.x[i + 1]) < 0.2);
    }
    const double share = 84.0 / 7084;
    CHECK(near / 20000 == Approx(share).margin(5 * std::sqrt(share / 20000)));
}

TEST_CASE("erasing everything leaves a law that draws nothing") {
    DataSettings settings = given({0, 0, 1, 1});
    settings.strokes = {line(0, 0, 1, 0), eraser(0, 0, 1, 1, 5)};
    CHECK(make_points(settings, 2, 0, {}).size() == 0);
    Random random(0);
    CHECK(make_distribution(settings, 2, {})->draw(100, random).size() == 0);
    CHECK(make_distribution(drawn({}), 2, {})->draw(100, random).size() == 0);
    const auto [first, second] = make_distribution(drawn({}), 2, {})->two_fresh_draws(10, random);
    CHECK(first.size() + second.size() == 0);
}

TEST_CASE(
    "an eraser with a long winding path covers what is near it and "
    "nothing else") {
    Stroke winding;
    winding.tool = StrokeTool::eraser;
    winding.width = 0.11;
    for (int i = 0; i < 300; ++i) {
        const float a = 0.1f * static_cast<float>(i);
        winding.path.push_back({0.06f * a * std::cos(a), 0.06f * a * std::sin(a)});
    }
    const StrokeShape shape(winding, 2);
    Random random(9);
    int inside = 0;
    for (int k = 0; k < 5000; ++k) {
        const double x = random.uniform(-2.2, 2.2);
        const double y = random.uniform(-2.2, 2.2);
        double nearest = 1e9;  // by walking along each segment in small steps
        for (std::size_t i = 1; i < winding.path.size(); ++i) {
            for (int s = 0; s <= 20; ++s) {
                const double u = s / 20.0;
                const double px = winding.path[i - 1][0] * (1 - u) + winding.path[i][0] * u;
                const double py = winding.path[i - 1][1] * (1 - u) + winding.path[i][1] * u;
                nearest = std::min(nearest, std::hypot(x - px, y - py));
            }
        }
        if (std::abs(nearest - 0.055) < 0.005) continue;  // the steps are too coarse to tell
        CHECK(shape.covers(x, y) == (nearest < 0.055));
        inside += nearest < 0.055;
    }
    CHECK(inside > 200);
}

TEST_CASE("an image's dark pixels are the density") {
    const auto file = std::filesystem::temp_directory_path() / "driftglass-image-test.png";
    // 4 x 2: black top left, half-transparent black bottom right, the rest white
    // or transparent.
    std::vector<unsigned char> pixels(4 * 2 * 4, 255);
    pixels[0] = pixels[1] = pixels[2] = 0;
    for (int k = 0; k < 3; ++k)
        pixels[static_cast<std::size_t>(28 + k)] = 0;
    pixels[31] = 127;
    pixels[19] = 0;
    REQUIRE(stbi_write_png(file.string().c_str(), 4, 2, 4, pixels.data(), 16) != 0);
    DataSettings settings = of_kind(DataKind::image);
    settings.file = file.string();
    settings.count = 9000;
    const PointSet points = make_points(settings, 2, 0, {});
    double black = 0;
    for (std::size_t i = 0; i < points.x.size(); i += 2) {
        const bool top_left = points.x[i] < -1 && points.x[i + 1] > 0;
        const bool bottom_right = points.x[i] > 1 && points.x[i + 1] < 0;
        CHECK((top_left || bottom_right));
        CHECK(std::abs(points.x[i + 1]) <= 1);
        black += top_left;
    }
    const double share = 1 / (1 + 127.0 / 255);
    CHECK(black / 9000 == Approx(share).margin(5 * std::sqrt(share * (1 - share) / 9000)));

    settings.normalize = true;
    const PointSet normal = make_points(settings, 2, 0, {});
    double square = 0;
    for (const float x : normal.x)
        square += x * x / 9000;
    CHECK(square == Approx(2).epsilon(0.03));

    std::vector<unsigned char> white(16, 255);
    stbi_write_png(file.string().c_str(), 2, 2, 4, white.data(), 8);
    CHECK(message_of(settings, 2).find("is all white") != std::string::npos);
    std::ofstream(file) << "not an image";
    CHECK(message_of(settings, 2).find("is not an image") != std::string::npos);
    std::filesystem::remove(file);
    CHECK(message_of(settings, 2).find("does not exist") != std::string::npos);
}

TEST_CASE("text becomes points, a label a letter") {
    DataSettings settings = of_kind(DataKind::text);
    settings.text = "ODE";
    const PointSet points = make_points(settings, 2, 0, {});
    REQUIRE(points.size() == settings.count);
    double mean[3] = {0, 0, 0};
    double count[3] = {0, 0, 0};
    for (std::size_t i = 0; i < points.labels.size(); ++i) {
        REQUIRE(points.labels[i] >= 0);
        REQUIRE(points.labels[i] <= 2);
        CHECK(std::abs(points.x[2 * i]) <= 2);
        mean[points.labels[i]] += points.x[2 * i];
        ++count[points.labels[i]];
    }
    CHECK(mean[0] / count[0] < -0.8);
    CHECK(std::abs(mean[1] / count[1]) < 0.4);
    CHECK(mean[2] / count[2] > 0.8);
    // The O is hollow: nothing near the middle of its extent.
    double left = 9;
    double right = -9;
    for (std::size_t i = 0; i < points.labels.size(); ++i) {
        if (points.labels[i] != 0) continue;
        left = std::min(left, double{points.x[2 * i]});
        right = std::max(right, double{points.x[2 * i]});
    }
    for (std::size_t i = 0; i < points.labels.size(); ++i) {
        if (points.labels[i] != 0) continue;
        CHECK(std::hypot(points.x[2 * i] - (left + right) / 2, points.x[2 * i + 1]) > 0.15);
    }
    settings.text = " \n";
    CHECK(message_of(settings, 2).find("data.text: expected at least one letter") == 0);
    settings.text = std::string(1000, 'a');
    CHECK(message_of(settings, 2).find("data.text: expected at most 200 letters") == 0);
    settings.text = "\xff\xc3\xa9\n\xe2\x82";
    CHECK(make_points(settings, 2, 0, {}).size() == settings.count);
}
