#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/window/studio.hpp"
#include "core/lab/lab.hpp"

namespace driftglass {

/// The one thread that owns a Lab and ticks it. The lab is made there too, so that a window can
/// open while it is; commands sent before are kept for it.
class EngineThread {
public:
    /// `published` is called on the engine's thread after each tick with something new.
    EngineThread(Scene scene, LabOptions options, std::filesystem::path file,
                 std::function<void()> published);
    /// Stops between two ticks, writes the autosave, and joins.
    ~EngineThread();
    EngineThread(const EngineThread&) = delete;
    EngineThread& operator=(const EngineThread&) = delete;

    // Any thread.
    Engine engine();
    /// Throws what making the lab threw, as for a scene whose data file is gone: there is nothing
    /// to show then.
    void check_start() const;
    /// Empty, or why the lab died.
    std::string failure() const;
    /// Stops as the destructor does. Empty, or what happened to work that is not saved.
    std::string end();

private:
    void send(Command command);
    std::shared_ptr<const Snapshot> snapshot() const;
    void work(const std::stop_token& stop, Scene scene, const LabOptions& options,
              const std::filesystem::path& file);
    std::shared_ptr<Lab> begin(Scene scene, const LabOptions& options,
                               const std::filesystem::path& file);

    std::function<void()> published_;
    mutable std::mutex mutex_;
    std::shared_ptr<Lab> lab_;      ///< guarded by mutex_; used outside of it
    std::vector<Command> waiting_;  ///< guarded by mutex_; sent before there was a lab
    std::exception_ptr no_start_;   ///< guarded by mutex_
    std::string failure_;           ///< guarded by mutex_
    std::string last_words_;        ///< guarded by mutex_; of Lab::finish
    std::jthread thread_;           ///< last: it uses all above
};

}  // namespace driftglass
