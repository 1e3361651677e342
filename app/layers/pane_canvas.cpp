#include "app/layers/pane_canvas.hpp"

#include <tuple>

#include "app/gl/framebuffer.hpp"
#include "app/layers/arrows.hpp"
#include "app/layers/contours.hpp"
#include "app/layers/data_points.hpp"
#include "app/layers/density.hpp"
#include "app/layers/particles.hpp"
#include "app/layers/trajectories.hpp"
#include "app/layers/unit_grid.hpp"

namespace driftglass {

namespace {

/// All that a picture depends on but the blends under way. Holding the parts keeps their addresses
/// from being used again.
struct Seen {
    std::shared_ptr<const PointSet> data;
    PaneSnapshot pane;
    bool stochastic = false;
    Rect world;
    int width = 0, height = 0;
    float em = 0;
    double time = 0;
    LayerStrengths layers;
    int trajectories = 0, marked = 0;
    const Theme* theme = nullptr;
    Rgb method_colour = 0;

    auto values() const {
        return std::tie(data, pane.trajectories, pane.density_exact, pane.density_samples,
                        pane.arrows, stochastic, world, width, height, em, time, layers,
                        trajectories, marked, theme, method_colour);
    }
    bool operator==(const Seen& other) const { return values() == other.values(); }
};

Seen seen_in(const PaneInput& input) {
    Seen seen;
    if (input.snapshot != nullptr) {
        const Snapshot& snapshot = *input.snapshot;
        const auto pane = static_cast<std::size_t>(input.pane);
        seen.data = snapshot.data;
        if (input.pane >= 0 && pane < snapshot.panes.size()) seen.pane = snapshot.panes[pane];
        if (snapshot.scene != nullptr && input.pane >= 0 && pane < snapshot.scene->views.size()) {
            seen.stochastic = is_stochastic(snapshot.scene->views[pane].sampler);
        }
    }
    seen.world = input.world;
    seen.width = input.width;
    seen.height = input.height;
    seen.em = input.em;
    seen.time = std::clamp(input.time, 0.0, 1.0);
    seen.layers = input.layers;
    seen.trajectories = input.trajectories;
    seen.marked = input.marked;
    seen.theme = input.theme;
    seen.method_colour = input.method_colour;
    return seen;
}

/// Between a solver's few steps the truth is straight lines.
constexpr std::size_t least_smooth_rows = 12;

/// While things ease or play, the ground is painted anew at most so often: it is the dear part, and
/// the eye follows the particles.
constexpr double ground_seconds = 0.04;
/// How far the time may run from the one that the ground was coloured for.
constexpr double ground_time_step = 0.012;

}  // namespace

struct PaneCanvas::State {
    LinePainter line_painter;
    MarkPainter data_painter;
    MarkPainter mark_painter;
    gl::Framebuffer target{1, 1, gl::Texels::rgba8};
    /// What lies under the moving things: density, unit grid, data, arrows, the mass of paths.
    gl::Framebuffer ground{1, 1, gl::Texels::rgba8};
    gl::Framebuffer density{1, 1, gl::Texels::rgba8};

    DensityField exact, samples;
    ShownArrows arrows;
    ShownPaths paths;
    std::vector<std::int64_t> marked;
    std::vector<Outlines> contours;
    std::int64_t contours_version = -1;
    float contours_scale = 0;

    Seen seen;
    Seen ground_seen;
    double ground_drawn_at = 0;
    bool ground_stale = true;
    bool drawn = false;
    long long redraws = 0;
    LineBatch lines;
    std::vector<Mark> marks;

    bool moving() const {
        return exact.moving() || samples.moving() || arrows.moving() || paths.moving();
    }
    void take(const PaneInput& input);
    void draw_ground(const View& view, double now);
    void draw(const View& view, double now, bool ease);
};

void PaneCanvas::State::take(const PaneInput& input) {
    const bool ease = input.blend && drawn;
    const LayerStrengths& layers = seen.layers;
    exact.aim(layers.density_exact > 0 ? seen.pane.density_exact : nullptr, input.now, ease);
    samples.aim(layers.density_samples > 0 ? seen.pane.density_samples : nullptr, input.now, ease);
    arrows.aim(seen.pane.arrows, input.now, ease);
    const auto& table = seen.pane.trajectories;
    const bool smooth =
        !seen.stochastic && table != nullptr && table->times.size() >= least_smooth_rows;
    paths.aim(table, smooth, input.now, ease);
    marked = paths.spread_out(seen.marked);
}

void PaneCanvas::State::draw_ground(const View& view, double now) {
    const Theme& theme = *seen.theme;
    const LayerStrengths& layers = seen.layers;

    const int texel = std::max(1, static_cast<int>(view.unit + 0.3f));
    const int width = (view.width + texel - 1) / texel, height = (view.height + texel - 1) / texel;
    const std::vector<std::uint8_t> pixels = paint_density(
        width, height, view.world, theme, exact.empty() ? nullptr : &exact,
        density_map(theme, seen.time, layers.density_exact), samples.empty() ? nullptr : &samples,
        density_map(theme, seen.time, layers.density_samples));
    if (density.width() != width || density.height() != height) {
        density = gl::Framebuffer(width, height, gl::Texels::rgba8);
    }
    density.upload(pixels);
    ground.copy_from(density);
    ground.bind();

    lines.clear();
    add_unit_grid(lines, view, theme);
    line_painter.draw(lines, view);

    if (ground_seen.data != seen.data || ground_seen.theme != seen.theme ||
        ground_seen.layers.data_points != layers.data_points || ground_seen.em != seen.em) {
        const bool any = seen.data != nullptr && layers.data_points > 0;
        data_painter.upload(any ? data_point_marks(*seen.data, theme, layers.data_points, view.unit)
                                : std::vector<Mark>{},
                            GL_STATIC_DRAW);
    }
    data_painter.draw(view, true);

    lines.clear();
    arrows.add_to(lines, view, theme, layers.arrows);
    add_path_mass(lines, paths, seen.trajectories, seen.time, seen.stochastic, view, theme,
                  layers.trajectories);
    line_painter.draw(lines, view);

    ground_seen = seen;
    ground_drawn_at = now;
    ground_stale = false;
}

void PaneCanvas::State::draw(const View& view, double now, bool ease) {
    const Theme& theme = *seen.theme;
    const LayerStrengths& layers = seen.layers;

    if (moving()) ground_stale = true;
    exact.advance(now);
    samples.advance(now);
    arrows.advance(now);
    paths.advance(now);

    Seen same_time = ground_seen;
    const bool time_ran = std::abs(same_time.time - seen.time) > ground_time_step;
    same_time.time = seen.time;
    if (!(same_time == seen) || time_ran) ground_stale = true;
    // A new size or view cannot wait, nor can the last picture of an ease.
    const bool must = !ease || !moving() || ground.width() != view.width ||
                      ground.height() != view.height || !(ground_seen.world == seen.world);
    if (ground_stale && (must || now - ground_drawn_at >= ground_seconds)) {
        if (ground.width() != view.width || ground.height() != view.height) {
            ground = gl::Framebuffer(view.width, view.height, gl::Texels::rgba8);
        }
        draw_ground(view, now);
    }
    target.copy_from(ground);
    target.bind();

    lines.clear();
    add_trails(lines, paths, seen.time, view, theme, layers.particles);
    line_painter.draw(lines, view);

    marks.clear();
    add_particles(marks, paths, seen.time, view, theme, layers.particles);
    mark_painter.upload(marks);
    mark_painter.draw(view);

    if (contours_version != exact.version() || contours_scale != view.x_scale()) {
        contours_version = exact.version();
        contours_scale = view.x_scale();
        contours.clear();
        const NodeField nodes = exact.empty() ? NodeField{} : nodes_of(exact, view);
        for (const float level : exact.levels()) {
            contours.push_back(level > 0 ? contour_lines(nodes, level) : Outlines{});
        }
    }
    lines.clear();
    add_contours(lines, contours, view, theme, layers.density_exact);
    add_marked_paths(lines, paths, marked, seen.time, seen.stochastic, view, theme,
                     seen.method_colour, layers.trajectories);
    line_painter.draw(lines, view, 2 * view.unit, 3 * view.unit);

    marks.clear();
    add_path_ends(marks, paths, marked, seen.time, view, theme, seen.method_colour,
                  layers.trajectories);
    mark_painter.upload(marks);
    mark_painter.draw(view);
}

PaneCanvas::PaneCanvas() : state_(std::make_unique<State>()) {}
PaneCanvas::~PaneCanvas() = default;
PaneCanvas::PaneCanvas(PaneCanvas&&) noexcept = default;
PaneCanvas& PaneCanvas::operator=(PaneCanvas&&) noexcept = default;

unsigned PaneCanvas::render(const PaneInput& input) {
    State& state = *state_;
    if (input.width <= 0 || input.height <= 0 || input.theme == nullptr ||
        !(input.world.x_max > input.world.x_min) || !(input.world.y_max > input.world.y_min)) {
        return state.target.texture().name();
    }
    const Seen seen = seen_in(input);
    const bool changed = !state.drawn || !(seen == state.seen);
    if (!changed && !state.moving()) return state.target.texture().name();
    if (changed) {
        state.seen = seen;
        state.take(input);
    }
    const gl::KeepTarget keep;
    if (state.target.width() != input.width || state.target.height() != input.height) {
        state.target = gl::Framebuffer(input.width, input.height, gl::Texels::rgba8);
    }
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    state.draw({input.world, input.width, input.height, input.em / 14}, input.now, input.blend);
    glUseProgram(0);  // a program in use would outlive its owner
    state.drawn = true;
    ++state.redraws;
    return state.target.texture().name();
}

bool PaneCanvas::animating() const {
    return state_->moving();
}
long long PaneCanvas::redraws() const {
    return state_->redraws;
}

}  // namespace driftglass
