#include "app/layers/pane_canvas.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <tuple>

#include "app/gl/framebuffer.hpp"
#include "app/layers/arrows.hpp"
#include "app/layers/contours.hpp"
#include "app/layers/data_points.hpp"
#include "app/layers/density.hpp"
#include "app/layers/particles.hpp"
#include "app/layers/picture.hpp"
#include "app/layers/profile.hpp"
#include "app/layers/trajectories.hpp"
#include "app/layers/unit_grid.hpp"
#include "core/lab/space_time.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

namespace {

constexpr double far_time = 0.25;  ///< of a density's t to the scrubber's

/// All that a picture depends on but the blends under way. Holding the parts keeps their addresses
/// from being used again.
struct Seen {
    std::shared_ptr<const PointSet> data;
    PaneSnapshot pane;
    bool stochastic = false;
    bool guided = false;
    std::optional<int> asked;  ///< the label that guidance leads to
    Rect world;
    int width = 0, height = 0;
    float em = 0;
    double time = 0;
    LayerStrengths layers;
    int trajectories = 0, marked = 0;
    const Theme* theme = nullptr;
    Rgb path_colour = 0;

    auto values() const {
        return std::tie(data, pane.trajectories, pane.density_exact, pane.density_samples,
                        pane.arrows, pane.profile, stochastic, guided, asked, world, width, height,
                        em, time, layers, trajectories, marked, theme, path_colour);
    }
    bool operator==(const Seen& other) const { return values() == other.values(); }

    /// Guided samples glow, and the density that guidance names is an outline: elsewhere it glows
    /// itself, and only where there is none the samples' stands in for it.
    bool outlined() const { return guided && pane.density_samples && !far(*pane.density_samples); }
    /// Of quite another time, as when time begins anew: worse than none.
    bool far(const DensityGrid& grid) const {
        return std::abs(grid.time - time) > far_time;  // NaN: never
    }
    float samples_strength() const {
        return pane.density_exact && !outlined()
                   ? layers.density_samples
                   : std::max(layers.density_samples, layers.density_exact);
    }
};

Seen seen_in(const PaneInput& input) {
    Seen seen;
    if (input.snapshot != nullptr) {
        const Snapshot& snapshot = *input.snapshot;
        const auto pane = static_cast<std::size_t>(input.pane);
        seen.data = snapshot.data;
        if (input.pane >= 0 && pane < snapshot.panes.size()) seen.pane = snapshot.panes[pane];
        if (snapshot.scene != nullptr && input.pane >= 0 && pane < snapshot.scene->views.size()) {
            const ViewSpec& view = snapshot.scene->views[pane];
            seen.stochastic = is_stochastic(view.sampler);
            seen.guided = view.guidance.kind != GuidanceKind::none;
            if (seen.guided && view.guidance.scale > 0) seen.asked = view.guidance.label;
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
    seen.path_colour = input.path_colour;
    return seen;
}

/// Between a solver's few steps the truth is straight lines.
constexpr std::size_t least_smooth_rows = 12;

/// The density's colours, of the time that is shown, or in dimension 1, where time runs across, of
/// each column's own.
struct ShownMaps {
    const Theme* theme = nullptr;
    float strength = 0;
    double time = 0;
    Rect world;
    bool own_times = false;
    DensityMaps maps;

    const DensityMaps& at(const Seen& seen, float wanted) {
        const bool line = seen.data != nullptr && seen.data->dimension == 1;
        if (!maps.empty() && theme == seen.theme && strength == wanted && own_times == line &&
            (line ? world == seen.world : time == seen.time)) {
            return maps;
        }
        theme = seen.theme;
        strength = wanted;
        time = seen.time;
        world = seen.world;
        own_times = line;
        maps.clear();
        constexpr int stretches = 96;
        for (int i = 0; i < (line ? stretches : 1); ++i) {
            const double across =
                std::lerp(world.x_min, world.x_max, (static_cast<float>(i) + 0.5f) / stretches);
            const double of = line ? std::clamp(time_at(across), 0.0, 1.0) : time;
            maps.push_back(density_map(*theme, of, strength));
        }
        return maps;
    }
};

/// While things ease or play, the ground is painted anew at most so often, and for at most this
/// share of the time: it is the dear part, and the eye follows the particles.
constexpr double ground_seconds = 0.04;
constexpr double ground_share = 0.15;
/// The density's texels then, in units of those at rest: still no more than its grid's cells.
constexpr int coarse_texels = 2;
/// How far the time may run from the one that the ground was coloured for.
constexpr double ground_time_step = 0.012;

}  // namespace

struct PaneCanvas::State {
    LinePainter line_painter;
    MarkPainter data_painter;
    MarkPainter mark_painter;
    PicturePainter picture_painter;
    /// Drawn into in turn: a changed picture has another name, so that who keeps what the window
    /// shows (RetainedFrame) sees it by that.
    gl::Framebuffer targets[2] = {{1, 1, gl::Texels::rgba8}, {1, 1, gl::Texels::rgba8}};
    int latest = 0;
    /// What lies under the moving things: density, unit grid, data, arrows, the mass of paths.
    gl::Framebuffer ground{1, 1, gl::Texels::rgba8};
    gl::Framebuffer density{1, 1, gl::Texels::rgba8};
    /// Unit grid and data on nothing: they change when the data or the view do, not with time.
    gl::Framebuffer still{1, 1, gl::Texels::rgba8};
    Seen still_seen;

    DensityField exact, samples;
    ShownMaps exact_maps, samples_maps;
    ShownArrows arrows;
    ShownPaths paths;
    std::vector<std::int64_t> marked;
    std::vector<Outlines> contours;
    std::int64_t contours_version = -1;
    std::array<float, 2> contours_scale{};

    Seen seen;
    Seen ground_seen;
    double ground_drawn_at = 0;
    double ground_cost = 0;      ///< seconds that painting it took
    bool ground_coarse = false;  ///< painted in motion: to be painted again at rest
    bool ground_stale = true;
    bool drawn = false;
    long long redraws = 0;
    int pane = 0;
    LineBatch lines;
    std::vector<Mark> marks;

    gl::Framebuffer& target() { return targets[latest]; }
    bool moving() const {
        return exact.moving() || samples.moving() || arrows.moving() || paths.moving();
    }
    /// A next picture must come though nothing changes.
    bool owes() const {
        return drawn &&
               (moving() || ground_coarse || ground_stale || ground_seen.time != seen.time);
    }
    /// 1, or less where the contours are those of another time: nothing crisp that is wrong.
    float freshness() const {
        const auto& grid = seen.pane.density_exact;
        if (seen.pane.profile != nullptr || !grid || std::isnan(grid->time)) return 1;
        const double late =
            std::max(std::abs(grid->time - seen.time), std::abs(ground_seen.time - seen.time));
        return static_cast<float>(std::clamp(1 - (late - 0.02) / 0.06, 0.15, 1.0));
    }
    void take(const PaneInput& input);
    void draw_still(const View& view);
    void draw_ground(const View& view, double now, bool coarse);
    /// `changed`: something is to be seen that the last picture did not have.
    void draw(const View& view, double now, bool ease, bool changed);
};

void PaneCanvas::State::take(const PaneInput& input) {
    const bool ease = input.blend && drawn;
    const LayerStrengths& layers = seen.layers;
    const auto fitting = [&](bool wanted, const std::shared_ptr<const DensityGrid>& grid) {
        return wanted && grid && !seen.far(*grid) ? grid : nullptr;
    };
    exact.aim(fitting(layers.density_exact > 0, seen.pane.density_exact), input.now, ease);
    samples.aim(fitting(seen.samples_strength() > 0, seen.pane.density_samples), input.now, ease);
    arrows.aim(seen.pane.arrows, input.now, ease);
    const auto& table = seen.pane.trajectories;
    const bool smooth =
        !seen.stochastic && table != nullptr && table->times.size() >= least_smooth_rows;
    paths.aim(table, smooth, input.now, ease);
    marked = paths.spread_out(seen.marked);
}

void PaneCanvas::State::draw_still(const View& view) {
    const bool same_data = still_seen.data == seen.data && still_seen.theme == seen.theme &&
                           still_seen.layers.data_points == seen.layers.data_points &&
                           still_seen.em == seen.em && still_seen.asked == seen.asked;
    const bool same_size = still.width() == view.width && still.height() == view.height;
    if (same_data && same_size && still_seen.world == seen.world) return;
    const Theme& theme = *seen.theme;
    if (!same_size) still = gl::Framebuffer(view.width, view.height, gl::Texels::rgba8);
    if (!same_data || !same_size) {
        const float strength = seen.layers.data_points;
        const float room = static_cast<float>(view.width) * static_cast<float>(view.height);
        const bool any = seen.data != nullptr && strength > 0;
        data_painter.upload(
            any ? data_point_marks(*seen.data, theme, strength, view.unit, room, seen.asked)
                : std::vector<Mark>{},
            GL_STATIC_DRAW);
    }
    still.bind();
    glClearColor(0, 0, 0, 0);
    glClear(GL_COLOR_BUFFER_BIT);
    lines.clear();
    add_unit_grid(lines, view, theme, seen.data != nullptr && seen.data->dimension == 1);
    line_painter.draw(lines, view);
    data_painter.draw(view, true, view.mark_scale());
    still_seen = seen;
    still_seen.pane = {};  // not to be kept alive by what does not show it
}

void PaneCanvas::State::draw_ground(const View& view, double now, bool coarse) {
    const auto started = std::chrono::steady_clock::now();
    const Theme& theme = *seen.theme;
    const LayerStrengths& layers = seen.layers;

    const int texel =
        std::max(1, static_cast<int>(view.unit + 0.3f)) * (coarse ? coarse_texels : 1);
    const int width = (view.width + texel - 1) / texel, height = (view.height + texel - 1) / texel;
    const std::vector<std::uint8_t> pixels = paint_density(
        width, height, view.world, theme, exact.empty() || seen.outlined() ? nullptr : &exact,
        exact_maps.at(seen, layers.density_exact), samples.empty() ? nullptr : &samples,
        samples_maps.at(seen, seen.samples_strength()));
    if (density.width() != width || density.height() != height) {
        density = gl::Framebuffer(width, height, gl::Texels::rgba8);
    }
    density.upload(pixels);
    draw_still(view);
    ground.copy_from(density);
    ground.bind();

    picture_painter.draw(still);

    lines.clear();
    arrows.add_to(lines, view, theme, layers.arrows);
    add_path_mass(lines, paths, seen.trajectories, seen.time, seen.stochastic, view, theme,
                  layers.trajectories, coarse);
    line_painter.draw(lines, view);

    const std::array<float, 2> scale{view.x_scale(), view.y_scale()};
    if (contours_version != exact.version() || contours_scale != scale) {
        contours_version = exact.version();
        contours_scale = scale;
        contours.clear();
        const NodeField nodes = exact.empty() ? NodeField{} : nodes_of(exact, view);
        for (const float level : exact.levels()) {
            contours.push_back(level > 0 ? contour_lines(nodes, level) : Outlines{});
        }
    }

    ground_seen = seen;
    ground_drawn_at = now;
    ground_cost = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    ground_coarse = coarse;
    ground_stale = false;
}

void PaneCanvas::State::draw(const View& view, double now, bool ease, bool changed) {
    const Theme& theme = *seen.theme;
    const LayerStrengths& layers = seen.layers;

    if (moving()) ground_stale = true;
    exact.advance(now);
    samples.advance(now);
    arrows.advance(now);
    paths.advance(now);
    const bool at_rest = !ease || !drawn || !(changed || moving());
    if (at_rest && ground_coarse) ground_stale = true;

    Seen same_time = ground_seen;
    const bool time_ran = std::abs(same_time.time - seen.time) > ground_time_step;
    if (!at_rest) same_time.time = seen.time;
    if (!(same_time == seen) || time_ran) ground_stale = true;
    // A new size or view cannot wait, nor can the last picture of an ease.
    const bool must = at_rest || ground.width() != view.width || ground.height() != view.height ||
                      !(ground_seen.world == seen.world);
    const double interval = std::max(ground_seconds, ground_cost / ground_share);
    // Panes that move together take turns, so that no frame bears more than one ground.
    const bool turn = (redraws + pane) % 2 == 0 && now - ground_drawn_at >= interval;
    if (ground_stale && (must || turn)) {
        if (ground.width() != view.width || ground.height() != view.height) {
            ground = gl::Framebuffer(view.width, view.height, gl::Texels::rgba8);
        }
        draw_ground(view, now, !at_rest);
    }
    target().copy_from(ground);
    target().bind();

    lines.clear();
    // On a line all of them run side by side, where one behind the other lies in the plane.
    const bool line = seen.data != nullptr && seen.data->dimension == 1;
    add_trails(lines, paths, seen.time, seen.stochastic, view, theme,
               (line ? 0.2f : 1) * layers.particles);
    line_painter.draw(lines, view);

    marks.clear();
    add_particles(marks, paths, seen.time, view, theme, seen.path_colour, layers.particles);
    mark_painter.upload(marks);
    mark_painter.draw(view);

    if (seen.pane.profile != nullptr) {
        lines.clear();
        add_profile(lines, *seen.pane.profile, seen.time, view, theme, seen.path_colour);
        line_painter.draw(lines, view, 3 * view.unit, 3 * view.unit);
    }

    lines.clear();
    add_chords(lines, paths, marked, view, theme, layers.chords);
    add_contours(lines, contours, view, theme, layers.density_exact * freshness(), seen.outlined());
    add_marked_paths(lines, paths, marked, seen.time, seen.stochastic, view, theme,
                     seen.path_colour, layers.trajectories);
    line_painter.draw(lines, view, 2 * view.unit, 3 * view.unit);

    marks.clear();
    add_path_ends(marks, paths, marked, seen.time, seen.stochastic, seen.guided, view, theme,
                  seen.path_colour, layers.trajectories);
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
        return state.target().texture().name();
    }
    const Seen seen = seen_in(input);
    const bool changed = !state.drawn || !(seen == state.seen);
    if (!changed && !state.owes()) return state.target().texture().name();
    if (changed) {
        state.seen = seen;
        state.take(input);
    }
    const gl::KeepTarget keep;
    state.latest = 1 - state.latest;
    state.pane = input.pane;
    if (state.target().width() != input.width || state.target().height() != input.height) {
        state.target() = gl::Framebuffer(input.width, input.height, gl::Texels::rgba8);
    }
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_CULL_FACE);
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    state.draw({input.world, input.width, input.height, input.em / 14}, input.now, input.blend,
               changed);
    glUseProgram(0);  // a program in use would outlive its owner
    state.drawn = true;
    ++state.redraws;
    return state.target().texture().name();
}

bool PaneCanvas::animating() const {
    return state_->owes();
}
long long PaneCanvas::redraws() const {
    return state_->redraws;
}

}  // namespace driftglass
