#include "app/window/studio.hpp"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/panels/canvas.hpp"
#include "app/panels/design.hpp"
#include "app/panels/menu_bar.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"
#include "app/panels/scrubber.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/toolbar.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"
#include "app/window/keyboard.hpp"

namespace driftglass {

/// A part of the window, in ImGui's pixels.
struct Area {
    float x, y, width, height;
};

namespace {

constexpr ImGuiWindowFlags fixed_window =
    ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
    ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking |
    ImGuiWindowFlags_NoBringToFrontOnFocus;
constexpr ImGuiWindowFlags no_scroll =
    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

/// A panel at its place; the contents follow, then ImGui::End().
void begin_panel(const char* name, Area area, ImVec2 padding, Rgb ground,
                 ImGuiWindowFlags flags = 0) {
    ImGui::SetNextWindowPos({area.x, area.y});
    ImGui::SetNextWindowSize({area.width, area.height});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, colour4(ground));
    // The arrow at the edge says that there is more; the bar is for the mouse.
    const bool at_hand = ImGui::IsMouseHoveringRect(
        {area.x, area.y}, {area.x + area.width, area.y + area.height}, false);
    if (!at_hand) ImGui::PushStyleColor(ImGuiCol_ScrollbarGrab, 0);
    ImGui::Begin(name, nullptr, fixed_window | flags);
    ImGui::PopStyleColor(at_hand ? 1 : 2);
    ImGui::PopStyleVar();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
}

void end_panel() {
    ImGui::PopStyleVar();
    ImGui::End();
}

struct Layout {
    Area menu, toolbar, data, panes, scrubber, settings;
    std::vector<Area> plots;
};

Layout arrange(ImVec2 screen, bool show_plots) {
    const float gap_between = std::round(px(6));
    const float menu = std::round(px(32));
    const float bar = std::round(px(44));
    const float scrub = std::round(px(46));
    const float top = menu + bar;
    const bool room_for_data = screen.x > em(60);
    const bool room_for_settings = screen.x > em(44);
    const bool room_for_plots = show_plots && screen.y > em(38);
    const float data = room_for_data ? std::round(px(240)) : 0;
    const float settings = room_for_settings ? std::round(px(300)) : 0;
    const float plots =
        room_for_plots ? std::round(std::clamp(screen.y * 0.2185f, em(11), em(17))) : 0;

    Layout layout;
    layout.menu = {0, 0, screen.x, menu};
    layout.toolbar = {0, menu, screen.x, bar};
    const float bottom = screen.y - gap_between - (plots > 0 ? plots + gap_between : 0);
    const float right = screen.x - gap_between - (settings > 0 ? settings + gap_between : 0);
    const float left = gap_between + (data > 0 ? data + gap_between : 0);
    const float panes_bottom = bottom - scrub - gap_between;
    layout.data = {gap_between, top, data, panes_bottom - top};
    layout.panes = {left, top, std::max(right - left, 1.0f), std::max(panes_bottom - top, 1.0f)};
    layout.scrubber = {gap_between, bottom - scrub, std::max(right - gap_between, 1.0f), scrub};
    layout.settings = {screen.x - gap_between - settings, top, settings, bottom - top};
    if (plots > 0) {
        const float inner = screen.x - gap_between;
        const auto count = std::clamp(static_cast<int>(inner / em(20)), 1, 4);
        const float each =
            (inner - gap_between * static_cast<float>(count)) / static_cast<float>(count);
        for (int i = 0; i < count; ++i) {
            const float x = std::round(gap_between + (each + gap_between) * static_cast<float>(i));
            const float next =
                std::round(gap_between + (each + gap_between) * static_cast<float>(i + 1));
            layout.plots.push_back({x, bottom + gap_between, next - gap_between - x, plots});
        }
    }
    return layout;
}

/// Before the lab's first word: an empty one, so that the window can open at once.
std::shared_ptr<const Snapshot> nothing_yet() {
    auto scene = std::make_shared<Scene>();
    scene->views = with_more_views({}, 4);
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->scene = std::move(scene);
    snapshot->status.device_name = "starting";
    return snapshot;
}

constexpr const char* pane_names[] = {"Pane A", "Pane B", "Pane C", "Pane D"};

}  // namespace

Studio::Studio(Engine engine, UiState ui, Options options)
    : engine_(std::move(engine)),
      ui_(ui),
      options_(options),
      commands_([this](Command command) { engine_.send(std::move(command)); }),
      dialogs_(options.native_dialogs) {}

Studio::~Studio() = default;

bool Studio::stale() const {
    const std::shared_ptr<const Snapshot> newest = engine_.snapshot();
    return newest && newest != shown_;
}

bool Studio::answered() const {
    const std::shared_ptr<const Snapshot> newest = engine_.snapshot();
    return newest && (!shown_ || newest->answers != shown_->answers);
}

bool Studio::moving() const {
    return animating_ || follower_.moving() || ui_.playing || notices_.moving() ||
           dialogs_.waiting_for_system() || stroke_.pane >= 0;
}

long long Studio::redraws() const {
    long long sum = 0;
    for (const PaneCanvas& canvas : canvases_)
        sum += canvas.redraws();
    return sum;
}

std::filesystem::path Studio::take_picture_file() {
    return std::exchange(picture_file_, {});
}

void Studio::notify(std::string text, bool is_error) {
    notices_.add(std::move(text), is_error);
}

void Studio::frame(double now) {
    const double passed = last_frame_ < 0 ? 0 : std::clamp(now - last_frame_, 0.0, 0.1);
    last_frame_ = now;
    requests_ = {};
    if (std::shared_ptr<const Snapshot> newest = engine_.snapshot(); newest && newest->scene)
        shown_ = std::move(newest);
    if (!shown_) shown_ = nothing_yet();

    commands_.begin_frame(*shown_, ImGui::IsAnyItemActive());
    Snapshot snapshot = *shown_;
    snapshot.scene = commands_.scene();
    // By undo, a comparison or another file: as many are shown as there are now.
    const std::size_t views = snapshot.scene->views.size();
    if (views_ > 0 && views_ != views)
        ui_.panes = static_cast<int>(std::min<std::size_t>(views, 4));
    const bool ready = shown_->version > 0;
    if (ready) views_ = views;
    const auto wanted = static_cast<std::size_t>(std::clamp(ui_.panes, 1, 4));
    if (ready && snapshot.scene->views.size() < wanted) {
        commands_.edit(command::SetViews{with_more_views(snapshot.scene->views, wanted)});
        snapshot.scene = commands_.scene();
        views_ = wanted;
    }

    if (const auto& compared = ui_.compared; compared && views_shown_ != snapshot.scene->views) {
        if (snapshot.scene->views == compared->before && ui_.plots == compared->plots_after)
            ui_.plots = compared->plots_before;
        else if (snapshot.scene->views == compared->after && ui_.plots == compared->plots_before)
            ui_.plots = compared->plots_after;
    }
    views_shown_ = snapshot.scene->views;

    // By a button, undo or another file: what was looked at and probed lies elsewhere.
    if (const int before = std::exchange(dimension_, snapshot.scene->dimension);
        before > 0 && before != dimension_) {
        ui_.view_follows = true;
        ui_.pins.clear();
        ui_.probe.reset();
    }
    play(ui_, passed, rest_);
    // Edits of what is not the scene yet would replace it.
    if (ready) press_keys(snapshot, ui_, commands_, requests_);
    follower_.frame(snapshot, static_cast<std::size_t>(std::clamp(ui_.panes, 1, 4)),
                    stroke_.pane >= 0, passed, ui_);
    ImGui::PushStyleVar(ImGuiStyleVar_DisabledAlpha, 1.0f);
    ImGui::BeginDisabled(!ready);
    layout(snapshot, now);
    ImGui::EndDisabled();
    ImGui::PopStyleVar();
    look_at(snapshot);
    notices_.follow(*shown_);
    notices_.draw(snapshot, commands_, now);
    draw_keys(ui_);
    files(snapshot);
    animating_ = std::any_of(canvases_.begin(), canvases_.end(),
                             [](const PaneCanvas& canvas) { return canvas.animating(); });
}

void Studio::layout(const Snapshot& snapshot, double now) {
    const Layout places = arrange(ImGui::GetIO().DisplaySize, ui_.show_plots);
    const Rgb panel = theme().panel;
    const Rgb ground = theme().window;

    const float menu_padding = (places.menu.height - em(roboto_line)) / 2;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(8), menu_padding});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    begin_panel("Menu", places.menu, {0, 0}, ground, no_scroll | ImGuiWindowFlags_MenuBar);
    ImGui::PopStyleVar(2);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {px(14), px(8)});
    if (ImGui::BeginMenuBar()) {
        draw_menu_bar(snapshot, ui_, commands_, requests_, frames_per_second_);
        ImGui::EndMenuBar();
    }
    ImGui::PopStyleVar();
    end_panel();

    begin_panel("Toolbar", places.toolbar, {px(8), px(6)}, ground, no_scroll);
    draw_toolbar(snapshot, ui_, commands_, requests_);
    end_panel();

    if (places.data.width > 0) {
        begin_panel("Data", places.data, {px(11), px(3)}, panel);
        draw_data_panel(snapshot, ui_, commands_, requests_, thumbnails_);
        scroll_hint();
        end_panel();
    }
    if (places.settings.width > 0) {
        begin_panel("Settings", places.settings, {px(12), px(3)}, panel);
        set_label_column(6.05f);
        draw_path_panel(snapshot, ui_, commands_);
        draw_network_panel(snapshot, ui_, commands_);
        draw_training_panel(snapshot, ui_, commands_);
        draw_sampler_panel(snapshot, ui_, commands_);
        draw_guidance_panel(snapshot, ui_, commands_);
        draw_reflow_panel(snapshot, ui_, commands_);
        draw_layers_panel(snapshot, ui_, commands_);
        scroll_hint();
        end_panel();
    }
    panes(snapshot, places.panes, now);

    begin_panel("Scrubber", places.scrubber, {px(8), px(7)}, panel, no_scroll);
    draw_scrubber(ui_);
    end_panel();

    using DrawPlot = void (*)(const Snapshot&, UiState&, Commands&);
    struct PlotPanel {
        Plot plot;
        const char* window;
        DrawPlot draw;
    };
    constexpr PlotPanel plots[] = {{Plot::loss, "Loss", draw_loss_plot},
                                   {Plot::loss_against_time, "Loss against t", draw_loss_time_plot},
                                   {Plot::schedule, "Schedule", draw_schedule_plot},
                                   {Plot::measures, "Measures", draw_measures},
                                   {Plot::solvers, "Solvers", draw_solvers_plot},
                                   {Plot::guidance, "Guidance by w", draw_guidance_plot},
                                   {Plot::rounds, "Rounds", draw_rounds_plot},
                                   {Plot::training, "Training by step", draw_training_plot},
                                   {Plot::probe, "Probe", draw_probe_plot}};
    look_.loss_curve = look_.loss_against_time = false;
    ui_.plot_places = static_cast<int>(std::min(places.plots.size(), ui_.plots.size()));
    for (std::size_t i = 0; i < std::min(places.plots.size(), ui_.plots.size()); ++i) {
        const auto chosen =
            std::find_if(std::begin(plots), std::end(plots),
                         [&](const PlotPanel& one) { return one.plot == ui_.plots[i]; });
        look_.loss_curve = look_.loss_curve || chosen->plot == Plot::loss;
        look_.loss_against_time =
            look_.loss_against_time || chosen->plot == Plot::loss_against_time;
        begin_panel(chosen->window, places.plots[i], {px(14), px(8)}, panel, no_scroll);
        chosen->draw(snapshot, ui_, commands_);
        Plot next = chosen->plot;
        if (choose_plot(&next)) put_plot(ui_, i, next);
        end_panel();
    }
}

void Studio::panes(const Snapshot& snapshot, Area area, double now) {
    const int count = std::clamp(ui_.panes, 1, 4);
    if (ui_.maximised >= count) ui_.maximised = -1;
    // A pane that went under the brush ends the stroke.
    if (stroke_.pane >= count || (ui_.maximised >= 0 && stroke_.pane != ui_.maximised))
        stroke_ = {};
    const int columns = ui_.maximised >= 0 || count == 1 ? 1 : 2;
    const int rows = ui_.maximised < 0 && count > 2 ? 2 : 1;
    const float between = std::round(px(6));
    const float width =
        (area.width - between * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    const float height =
        (area.height - between * static_cast<float>(rows - 1)) / static_cast<float>(rows);
    if (options_.pictures) {
        while (canvases_.size() < static_cast<std::size_t>(count))
            canvases_.emplace_back();
    }
    ui_.probe.reset();
    look_.panes.assign(static_cast<std::size_t>(count), Look::Pane{});
    for (int pane = 0; pane < count; ++pane) {
        const auto index = static_cast<std::size_t>(pane);
        Look::Pane& look = look_.panes[index];
        if (ui_.maximised >= 0 && pane != ui_.maximised) {
            look.density_exact = look.density_samples = look.arrows = false;
            look.density_columns = look.density_rows = look.arrow_columns = look.arrow_rows = 0;
            continue;
        }
        const int place = ui_.maximised >= 0 ? 0 : pane;
        const float x =
            std::round(area.x + (width + between) * static_cast<float>(place % columns));
        const float y =
            std::round(area.y + (height + between) * static_cast<float>(place / columns));
        const Area here{x, y, std::round(width), std::round(height)};
        begin_panel(pane_names[pane], here, {0, 0}, theme().canvas,
                    no_scroll | ImGuiWindowFlags_NoBackground);
        const Picture picture =
            options_.pictures
                ? Picture([&](const PaneInput& input) { return canvases_[index].render(input); })
                : Picture();
        draw_canvas(snapshot, pane, ui_, commands_, picture, stroke_, now);
        if (ImGui::IsWindowFocused() && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
            ui_.active_pane = pane;
        end_panel();

        // Where the view is going: pictures of the way there would come too late.
        look.world = pane_map(ui_.view_follows ? follower_.aim() : ui_.view, {here.x, here.y},
                              {here.width, here.height}, snapshot.scene->dimension)
                         .world;
        look.density_exact = ui_.layers.density_exact > 0;
        look.density_samples = ui_.layers.density_samples > 0;
        look.arrows = ui_.layers.arrows > 0;
        const float aspect = here.width / std::max(here.height, 1.0f);
        const float cells = 160;
        look.density_columns =
            static_cast<int>(std::clamp(cells * std::sqrt(aspect), 32.0f, 320.0f));
        look.density_rows = static_cast<int>(std::clamp(cells / std::sqrt(aspect), 32.0f, 320.0f));
        look.arrow_columns = static_cast<int>(std::clamp(here.width / px(27), 4.0f, 64.0f));
        look.arrow_rows = static_cast<int>(std::clamp(here.height / px(27), 4.0f, 64.0f));
    }
}

void Studio::look_at(const Snapshot&) {
    Look look = look_;
    look.time = ui_.time;
    look.trajectories = ui_.layers.trajectories > 0 ? ui_.trajectories : 0;
    look.pairing = ui_.layers.pairing > 0;
    look.probes = ui_.pins;
    if (ui_.probe) look.probes.push_back(*ui_.probe);
    if (look_sent_ && look == sent_look_) return;
    sent_look_ = look;
    look_sent_ = true;
    commands_.send(command::SetLook{std::move(look)});
}

void Studio::drop(const std::vector<std::filesystem::path>& files) {
    for (const std::filesystem::path& file : files) {
        if (file.extension() == ".json") {
            commands_.send(command::OpenScene{file});
        } else {
            import_csv(file);
        }
    }
}

void Studio::import_csv(const std::filesystem::path& file) {
    DataSettings data = commands_.scene() ? commands_.scene()->data : DataSettings{};
    data.kind = DataKind::csv;
    data.file = std::filesystem::absolute(file).string();
    data.normalize = true;
    data.strokes.clear();
    commands_.edit(command::SetData{data});
    notices_.add("Shifted and scaled to mean 0 and unit variance (data.normalize).", false);
}

void Studio::files(const Snapshot& snapshot) {
    if (requests_.new_scene) commands_.edit(command::ReplaceScene{default_scene(), {}});
    const std::filesystem::path here =
        snapshot.file.empty() ? std::filesystem::path("scene.json") : snapshot.file;
    if (requests_.open) dialogs_.ask(FileAsk::open_scene, snapshot.file);
    if (requests_.save && !snapshot.file.empty())
        commands_.send(command::SaveScene{{}});  // of the document that is open by then
    else if (requests_.save || requests_.save_as)
        dialogs_.ask(FileAsk::save_scene, here);
    if (requests_.save_weights) {
        dialogs_.ask(FileAsk::save_weights,
                     std::filesystem::path(here).replace_filename("weights.pt"));
    }
    if (requests_.import_csv) dialogs_.ask(FileAsk::import_csv, {});
    if (requests_.export_picture) dialogs_.ask(FileAsk::save_picture, "driftglass.png");

    const std::optional<Dialogs::Answer> answer = dialogs_.draw();
    if (!answer) return;
    switch (answer->what) {
        case FileAsk::open_scene:
            commands_.send(command::OpenScene{answer->file});
            break;
        case FileAsk::save_scene:
            commands_.send(command::SaveScene{answer->file});
            break;
        case FileAsk::save_weights:
            commands_.send(command::SaveWeights{answer->file});
            break;
        case FileAsk::import_csv:
            import_csv(answer->file);
            break;
        case FileAsk::save_picture:
            picture_file_ = answer->file;
            break;
        case FileAsk::none:
            break;
    }
}

}  // namespace driftglass
