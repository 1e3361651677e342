#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/layers/pane_canvas.hpp"
#include "app/panels/data_panel.hpp"
#include "app/panels/requests.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"
#include "app/tools/brush.hpp"
#include "app/tools/follow.hpp"
#include "app/window/dialogs.hpp"
#include "app/window/notices.hpp"

namespace driftglass {

/// What the studio needs of a lab, so that a test can stand in for one.
struct Engine {
    std::function<std::shared_ptr<const Snapshot>()> snapshot;  ///< may be null until the first
    std::function<void(Command)> send;
};

struct Area;

/// The whole window, drawn with ImGui: the same with a display, without one, and in tests.
/// Needs a current Graphics (or an ImGui and ImPlot context with a Design in io.UserData).
class Studio {
public:
    struct Options {
        bool pictures = true;  ///< false: no OpenGL, the panes stay empty
        bool native_dialogs = true;
    };
    Studio(Engine engine, UiState ui, Options options);
    ~Studio();

    /// One frame, between ImGui::NewFrame and ImGui::Render. Sizes follow io.DisplaySize and the
    /// context's Design. `now` is monotonic, in seconds.
    void frame(double now);

    /// A next frame must come even though nothing happens: particles flow, a picture blends in.
    bool moving() const;
    /// Something was published since the last frame.
    bool stale() const;
    /// What a person chose is there and not shown yet: no rest before the next frame.
    bool answered() const;

    UiState& ui() { return ui_; }
    const UiState& ui() const { return ui_; }
    const Snapshot* shown() const { return shown_.get(); }
    /// What the last frame asked of the window: full screen, quit, a picture.
    const Requests& requests() const { return requests_; }
    void set_frames_per_second(double rate) { frames_per_second_ = rate; }
    /// Files dropped onto the window: a scene is opened, a table becomes the data.
    void drop(const std::vector<std::filesystem::path>& files);
    void notify(std::string text, bool is_error);
    /// Where the person wants the picture of the window; empty: nowhere. Forgotten when asked.
    std::filesystem::path take_picture_file();
    /// How often a pane's picture was really drawn.
    long long redraws() const;

private:
    void files(const Snapshot& snapshot);
    void import_csv(const std::filesystem::path& file);
    void look_at(const Snapshot& snapshot);
    void layout(const Snapshot& snapshot, double now);
    void panes(const Snapshot& snapshot, Area area, double now);

    Engine engine_;
    UiState ui_;
    Options options_;
    Commands commands_;
    Requests requests_;
    Notices notices_;
    Dialogs dialogs_;
    Thumbnails thumbnails_;
    StrokeInProgress stroke_;
    std::vector<PaneCanvas> canvases_;
    Follower follower_;
    Look look_;       ///< what this frame shows
    Look sent_look_;  ///< what the engine was told last
    bool look_sent_ = false;
    std::shared_ptr<const Snapshot> shown_;
    std::filesystem::path picture_file_;
    double last_frame_ = -1;
    int dimension_ = 0;  ///< of the frame before
    std::size_t views_ = 0;
    std::vector<ViewSpec> views_shown_;  ///< of the frame before
    double rest_ = 0;
    double frames_per_second_ = 0;
    bool animating_ = false;
};

}  // namespace driftglass
