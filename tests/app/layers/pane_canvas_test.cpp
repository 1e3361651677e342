#include "app/layers/pane_canvas.hpp"

#include <limits>

#include "app/gl/framebuffer.hpp"
#include "tests/app/gl_context.hpp"
#include "tests/app/golden.hpp"
#include "tests/app/synthetic_snapshot.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

constexpr LayerStrengths no_layers{0, 0, 0, 0, 0, 0};

PaneInput input_for(const Snapshot* snapshot, bool dark = true, int side = 320) {
    PaneInput input;
    input.snapshot = snapshot;
    input.world = {-2.6f, -2.6f, 2.6f, 2.6f};
    input.width = side;
    input.height = side;
    input.em = 11;
    input.time = 0.16;
    input.theme = &theme(dark);
    input.path_colour = input.theme->ode;
    input.blend = false;
    return input;
}

tests::SyntheticOptions small_options() {
    tests::SyntheticOptions options;
    options.world = {-2.6f, -2.6f, 2.6f, 2.6f};
    options.density_cells = 96;
    options.arrow_cells = 16;
    options.particles = 300;
    options.points = 1200;
    return options;
}

std::shared_ptr<const Snapshot> small_snapshot() {
    return tests::synthetic_snapshot(small_options());
}

std::vector<std::uint8_t> picture(const PaneInput& input) {
    PaneCanvas canvas;
    const unsigned texture = canvas.render(input);
    return gl::read_pixels(texture, input.width, input.height);
}

struct GoldenLayer {
    const char* name;
    LayerStrengths strengths;
    int pane;
    float em = 11;
};

constexpr GoldenLayer golden_layers[] = {
    {"density_exact", {0.8f, 0, 0, 0, 0, 0}, 0},
    {"density_samples", {0, 0.8f, 0, 0, 0, 0}, 0},
    {"data_points", {0, 0, 0.8f, 0, 0, 0}, 0},
    {"arrows", {0, 0, 0, 0.8f, 0, 0}, 0, 22},  // large: they are faint
    {"particles", {0, 0, 0, 0, 0.8f, 0}, 0},
    {"paths_ode", {0, 0, 0, 0, 0, 0.9f}, 0},
    {"paths_sde", {0, 0, 0, 0, 0, 0.9f}, 1},
    {"pane", {}, 0},
};

/// What flows add to a pane.
struct GoldenFlow {
    const char* name;
    LayerStrengths strengths;
    Rgb Theme::* hue;
};
constexpr GoldenFlow golden_flows[] = {
    {"reflow", {0.8f, 0, 0, 0, 0, 0.9f, 0.8f}, &Theme::reflow},
    {"guidance", {0.8f, 0, 0, 0.6f, 0, 0}, &Theme::guidance},
    {"line", {}, &Theme::guidance},
};

std::shared_ptr<const Snapshot> flow_snapshot(const std::string& name) {
    tests::SyntheticOptions options = small_options();
    if (name != "reflow") options.tilt = 3;
    if (name == "line") {
        options.time = 0.4;
        return tests::synthetic_line(options);
    }
    return tests::synthetic_snapshot(options);
}

}  // namespace

TEST_CASE("each layer looks as it did") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    for (const bool dark : {true, false}) {
        for (const GoldenLayer& layer : golden_layers) {
            PaneInput input = input_for(snapshot.get(), dark);
            input.em = layer.em;
            input.layers = no_layers;
            const std::vector<std::uint8_t> empty = picture(input);
            input.layers = layer.strengths;
            input.pane = layer.pane;
            input.trajectories = 64;
            if (layer.pane == 1) input.path_colour = input.theme->sde;
            const std::string name = std::string(layer.name) + (dark ? "_dark" : "_light");
            const std::vector<std::uint8_t> drawn = picture(input);
            INFO(name);
            CHECK(tests::compare_with_golden(name, drawn, input.width, input.height) == "");
            // A golden picture that could not tell the layer from nothing would be none.
            CHECK_FALSE(tests::difference(empty, drawn).small());
        }
    }
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("chords and tilted contours and space against time look as they did") {
    const auto context = tests::gl_context();
    if (!context) return;
    for (const bool dark : {true, false}) {
        for (const GoldenFlow& flow : golden_flows) {
            const auto snapshot = flow_snapshot(flow.name);
            PaneInput input = input_for(snapshot.get(), dark);
            input.trajectories = 64;
            input.marked = 32;
            input.layers = flow.strengths;
            input.path_colour = input.theme->*flow.hue;
            if (snapshot->panes[0].profile) input.time = snapshot->panes[0].profile->time;
            const std::string name = std::string(flow.name) + (dark ? "_dark" : "_light");
            const std::vector<std::uint8_t> drawn = picture(input);
            INFO(name);
            CHECK(tests::compare_with_golden(name, drawn, input.width, input.height) == "");
            // Without what is looked at it would be another picture.
            Snapshot plain = *snapshot;
            plain.panes[0].profile = nullptr;
            if (std::string(flow.name) == "guidance")
                plain.panes[0].density_exact = small_snapshot()->panes[0].density_exact;
            input.snapshot = &plain;
            input.layers.chords = 0;
            CHECK_FALSE(tests::difference(drawn, picture(input)).small());
        }
    }
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("a pane is drawn again only when something changed") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    PaneInput input = input_for(snapshot.get());
    PaneCanvas canvas;
    const unsigned first = canvas.render(input);
    CHECK(canvas.redraws() == 1);
    input.now = 5;
    CHECK(canvas.render(input) == first);
    // Another snapshot with the same parts: only status or the loss is new.
    Snapshot later = *snapshot;
    ++later.version;
    later.status.step = 99;
    input.snapshot = &later;
    canvas.render(input);
    CHECK(canvas.redraws() == 1);

    input.time = 0.3;
    canvas.render(input);
    CHECK(canvas.redraws() == 2);
    input.layers.arrows = 0.1f;
    canvas.render(input);
    CHECK(canvas.redraws() == 3);
    later.panes[0].arrows = std::make_shared<ArrowGrid>(*later.panes[0].arrows);
    canvas.render(input);
    CHECK(canvas.redraws() == 4);
    input.theme = &theme(false);
    canvas.render(input);
    CHECK(canvas.redraws() == 5);
    canvas.render(input);
    CHECK(canvas.redraws() == 5);
}

TEST_CASE("what is drawn does not depend on what was drawn before") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    PaneInput input = input_for(snapshot.get());
    PaneCanvas canvas;
    canvas.render(input);
    // A tiny move of time keeps the ground's colours for a while only where easing is on.
    input.time = 0.163;
    input.world = {-2, -2, 2, 2};
    input.layers.data_points = 0.9f;
    input.em = 14;
    input.theme = &theme(false);
    const auto after = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK(tests::difference(after, picture(input)).mean < 0.3);
}

TEST_CASE("a changed picture blends in and then rests") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    PaneInput input = input_for(snapshot.get());
    input.blend = true;
    PaneCanvas canvas;
    const auto before = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK_FALSE(canvas.animating());

    Snapshot changed = *snapshot;
    auto moved = std::make_shared<Trajectories>(*snapshot->panes[0].trajectories);
    for (float& x : moved->positions)
        x *= 0.8f;
    changed.panes[0].trajectories = moved;
    auto density = std::make_shared<DensityGrid>(*snapshot->panes[0].density_exact);
    std::reverse(density->values.begin(), density->values.end());
    changed.panes[0].density_exact = density;
    input.snapshot = &changed;
    input.now = 1;
    const auto start = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK(canvas.animating());
    CHECK(tests::difference(before, start).small());
    input.now = 1.06;
    const auto midway = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK_FALSE(tests::difference(start, midway).small());
    input.now = 1.2;
    const auto end = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK_FALSE(canvas.animating());
    CHECK_FALSE(tests::difference(midway, end).small());
    const long long drawn = canvas.redraws();
    input.now = 1.3;
    canvas.render(input);
    CHECK(canvas.redraws() == drawn);
    input.blend = false;
    CHECK(tests::difference(end, picture(input)).mean < 0.05);
}

TEST_CASE("a change at rest reaches the whole picture of every pane") {
    const auto context = tests::gl_context();
    if (!context) return;
    Snapshot two = *small_snapshot();
    two.panes.push_back(two.panes[0]);
    for (const int pane : {0, 1}) {
        PaneInput input = input_for(&two);
        input.pane = pane;
        input.blend = true;
        PaneCanvas canvas;
        canvas.render(input);
        input.theme = &theme(false);
        input.time = 0.163;
        unsigned shown = 0;
        int frames = 0;
        for (input.now = 1; frames == 0 || canvas.animating(); input.now += 0.016) {
            shown = canvas.render(input);
            REQUIRE(++frames < 10);
        }
        const auto after = gl::read_pixels(shown, input.width, input.height);
        input.blend = false;
        CHECK(tests::difference(after, picture(input)).mean < 0.05);
    }
}

TEST_CASE("panes of any size, shape and emptiness are drawn") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    PaneCanvas canvas;
    PaneInput input = input_for(nullptr);
    const auto canvas_only = gl::read_pixels(canvas.render(input), input.width, input.height);
    CHECK(canvas_only[0] == 0x08);
    CHECK(canvas_only[3] == 255);

    input.snapshot = snapshot.get();
    const long long before = canvas.redraws();
    for (const auto& [width, height] : {std::pair{0, 0}, {0, 40}, {40, 0}, {-3, 5}}) {
        input.width = width;
        input.height = height;
        canvas.render(input);
    }
    CHECK(canvas.redraws() == before);
    for (const auto& [width, height] : {std::pair{1, 1}, {7, 300}, {501, 3}, {320, 200}}) {
        input.width = width;
        input.height = height;
        const unsigned texture = canvas.render(input);
        glBindTexture(GL_TEXTURE_2D, texture);
        GLint w = 0, h = 0;
        glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_WIDTH, &w);
        glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_HEIGHT, &h);
        CHECK(w == width);
        CHECK(h == height);
    }
    input.pane = 7;
    canvas.render(input);
    input.pane = -1;
    canvas.render(input);
    input.pane = 0;
    input.marked = 0;
    input.trajectories = 0;
    input.time = 1;
    canvas.render(input);
    input.time = 0;
    canvas.render(input);
    input.world = {-1e6f, -1e6f, 1e6f, 1e6f};
    canvas.render(input);
    input.world = {0.5f, 0.5f, 0.5f, 0.5f};
    canvas.render(input);
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("what is not finite or far away is left out and spoils nothing") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    Snapshot odd = *snapshot;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    auto table = std::make_shared<Trajectories>(*snapshot->panes[0].trajectories);
    const auto row = static_cast<std::size_t>(table->count) * 2;
    // The last rows of some paths no marked one belongs to the same row of.
    for (std::size_t i = 0; i < 40; ++i) {
        table->positions[table->positions.size() - row + i] = i % 3 == 0 ? nan : 1e30f;
    }
    table->diverged = true;
    odd.panes[0].trajectories = table;
    auto data = std::make_shared<PointSet>(*snapshot->data);
    data->x.insert(data->x.end(), {nan, 0, infinity, 1, 1e30f, 1e30f, -1e30f, 0});
    odd.data = data;
    auto density = std::make_shared<DensityGrid>(*snapshot->panes[0].density_exact);
    density->values[10] = nan;
    density->values[20] = infinity;
    odd.panes[0].density_exact = density;
    auto arrows = std::make_shared<ArrowGrid>(*snapshot->panes[0].arrows);
    arrows->velocity[0] = nan;
    arrows->velocity[2] = 1e30f;
    odd.panes[0].arrows = arrows;
    const auto drawn = picture(input_for(&odd));
    CHECK(tests::difference(picture(input_for(snapshot.get())), drawn).mean < 1);
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("no points, one point, one path and an all-zero density are fine") {
    const auto context = tests::gl_context();
    if (!context) return;
    Snapshot bare;
    bare.scene = std::make_shared<Scene>();
    bare.data = std::make_shared<PointSet>();
    bare.panes.resize(1);
    auto density = std::make_shared<DensityGrid>();
    density->columns = density->rows = 3;
    density->values.assign(9, 0);
    density->mass_levels = {0, 0, 0};
    bare.panes[0].density_exact = density;
    bare.panes[0].density_samples = density;
    PaneInput input = input_for(&bare);
    input.layers.density_samples = 1;
    const auto nothing = picture(input);
    input.layers = no_layers;
    CHECK(tests::difference(nothing, picture(input)).mean < 0.05);

    auto point = std::make_shared<PointSet>();
    point->x = {0.37f, 0.41f};
    bare.data = point;
    auto path = std::make_shared<Trajectories>();
    path->count = 1;
    path->times = {1};
    path->positions = {-1.03f, -1.07f};
    bare.panes[0].trajectories = path;
    input.layers = {};
    const auto drawn = picture(input);
    const auto at = [&](float x, float y) {
        const int column = static_cast<int>((x + 2.6f) / 5.2f * 320);
        const int row = static_cast<int>((2.6f - y) / 5.2f * 320);
        return &drawn[static_cast<std::size_t>(row * 320 + column) * 4];
    };
    CHECK(at(0.37f, 0.41f)[0] > 90);     // the data colour
    CHECK(at(-1.03f, -1.07f)[2] > 150);  // the method's blue
    auto line = std::make_shared<PointSet>();
    line->dimension = 1;
    line->x = {1.3f};
    bare.data = line;
    picture(input);
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("a canvas can be moved and takes its textures with it") {
    const auto context = tests::gl_context();
    if (!context) return;
    const auto snapshot = small_snapshot();
    const PaneInput input = input_for(snapshot.get(), true, 64);
    unsigned texture = 0;
    {
        PaneCanvas first;
        texture = first.render(input);
        PaneCanvas second = std::move(first);
        CHECK(second.render(input) == texture);
        CHECK(second.redraws() == 1);
        PaneCanvas third;
        third.render(input);
        third = std::move(second);
        CHECK(third.render(input) == texture);
        CHECK(glIsTexture(texture));
    }
    CHECK_FALSE(glIsTexture(texture));
    const auto alive = [] {
        int count = 0;
        for (unsigned name = 1; name < 400; ++name) {
            count += glIsTexture(name) + glIsBuffer(name) + glIsFramebuffer(name) +
                     glIsVertexArray(name) + glIsProgram(name);
        }
        return count;
    };
    CHECK(alive() == 0);
    {
        PaneCanvas canvas;
        canvas.render(input);
        CHECK(alive() > 0);
    }
    CHECK(alive() == 0);
    CHECK(glGetError() == GL_NO_ERROR);
}
