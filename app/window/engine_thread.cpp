#include "app/window/engine_thread.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "core/error.hpp"

namespace driftglass {

namespace {

constexpr std::chrono::microseconds slice{8000};
constexpr std::chrono::milliseconds nap{500};

}  // namespace

EngineThread::EngineThread(Scene scene, LabOptions options, std::filesystem::path file,
                           std::function<void()> published)
    : published_(std::move(published)) {
    thread_ = std::jthread(
        [this, first = std::move(scene), how = std::move(options),
         where = std::move(file)](const std::stop_token& stop) { work(stop, first, how, where); });
}

EngineThread::~EngineThread() {
    end();
}

std::string EngineThread::end() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    const std::lock_guard lock(mutex_);
    return last_words_;
}

Engine EngineThread::engine() {
    return {[this] { return snapshot(); }, [this](Command command) { send(std::move(command)); }};
}

void EngineThread::check_start() const {
    const std::lock_guard lock(mutex_);
    if (no_start_) std::rethrow_exception(no_start_);
}

std::string EngineThread::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

void EngineThread::send(Command command) {
    const std::lock_guard lock(mutex_);
    if (lab_)
        lab_->send(std::move(command));
    else
        waiting_.push_back(std::move(command));
}

std::shared_ptr<const Snapshot> EngineThread::snapshot() const {
    std::shared_ptr<Lab> lab;
    {
        const std::lock_guard lock(mutex_);
        lab = lab_;
    }
    return lab ? lab->snapshot() : nullptr;
}

std::shared_ptr<Lab> EngineThread::begin(Scene scene, const LabOptions& options,
                                         const std::filesystem::path& file) {
    try {
        auto lab = std::make_shared<Lab>(std::move(scene), options, file);
        const std::lock_guard lock(mutex_);
        lab_ = lab;
        for (Command& command : waiting_)
            lab_->send(std::move(command));
        waiting_.clear();
        return lab;
    } catch (...) {
        const std::lock_guard lock(mutex_);
        no_start_ = std::current_exception();
        return nullptr;
    }
}

void EngineThread::work(const std::stop_token& stop, Scene scene, const LabOptions& options,
                        const std::filesystem::path& file) {
    std::shared_ptr<Lab> lab = begin(std::move(scene), options, file);
    published_();
    if (!lab) return;
    try {
        std::shared_ptr<const Snapshot> last;
        while (!stop.stop_requested()) {
            const bool busy = lab->tick(slice);
            if (std::shared_ptr<const Snapshot> now = lab->snapshot(); now != last) {
                last = std::move(now);
                published_();
            }
            if (!busy) lab->wait_for_work(nap, stop);
        }
        // The thread that made the tensors lets them go.
        std::string words = lab->finish();
        const std::lock_guard lock(mutex_);
        last_words_ = std::move(words);
        lab_.reset();
        lab.reset();
    } catch (const std::exception& error) {
        {
            const std::lock_guard lock(mutex_);
            failure_ = first_line(error.what());
        }
        published_();
    }
}

}  // namespace driftglass
