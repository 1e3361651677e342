#include "core/share_work.hpp"

#include <ATen/Parallel.h>
#if defined(__linux__)
#include <sys/resource.h>
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace driftglass {
namespace {

/// To fall asleep and be woken takes longer than a small piece, so it is watched for a while first.
template <class Number>
void wait_while(const std::atomic<Number>& number, Number value) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::microseconds watch{200};
    for (const auto end = Clock::now() + watch; Clock::now() < end;) {
        if (number != value) return;
    }
    number.wait(value);
}

class Crew {
public:
    Crew() { hire(std::max(1U, std::thread::hardware_concurrency()) - 1, false); }
    ~Crew() { hire(0, false); }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    std::mutex& busy() { return busy_; }

    void hire(std::size_t helpers, bool give_way) {
        if (helpers == helpers_.size() && give_way == give_way_) return;
        quit_ = true;
        call();
        helpers_.clear();
        quit_ = false;
        give_way_ = give_way;
        for (std::size_t i = 0; i < helpers; ++i)
            helpers_.emplace_back([this] { help(); });
    }

    void run(std::int64_t count, const std::function<void(std::int64_t)>& piece) {
        piece_ = &piece;
        count_ = count;
        done_ = 0;
        left_.store(count, std::memory_order_release);
        if (count > 1) call();
        take_pieces();
        for (int done = done_; done < count; done = done_)
            wait_while(done_, done);
        if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
    }

private:
    void call() {
        ++calls_;
        calls_.notify_all();
    }

    void help() {
        at::init_num_threads();
#if defined(__linux__)
        constexpr int lowest = 19;
        if (give_way_) setpriority(PRIO_PROCESS, 0, lowest);  // of this thread
#endif
        for (std::uint32_t seen = 0;;) {
            wait_while(calls_, seen);
            seen = calls_;
            if (quit_) return;
            take_pieces();
        }
    }

    // Who has taken a piece keeps the caller from leaving, so `piece_` and `count_` are of it.
    void take_pieces() {
        for (;;) {
            const std::int64_t index = left_.fetch_sub(1, std::memory_order_acq_rel) - 1;
            if (index < 0) return;
            try {
                (*piece_)(index);
            } catch (...) {
                const std::lock_guard lock(fault_mutex_);
                if (!fault_) fault_ = std::current_exception();
            }
            const std::int64_t count = count_;
            if (++done_ == count) done_.notify_one();
        }
    }

    std::mutex busy_;
    const std::function<void(std::int64_t)>* piece_ = nullptr;
    std::int64_t count_ = 0;
    std::atomic<std::int64_t> left_ = 0;
    std::atomic<int> done_ = 0;
    std::mutex fault_mutex_;
    std::exception_ptr fault_;
    std::atomic<std::uint32_t> calls_ = 0;
    std::atomic<bool> quit_ = false;
    bool give_way_ = false;
    std::vector<std::jthread> helpers_;
};

Crew& crew() {
    static Crew the_crew;
    return the_crew;
}

}  // namespace

void set_work_threads(int threads, bool give_way) {
    const std::lock_guard lock(crew().busy());
    at::set_num_threads(1);
    crew().hire(static_cast<std::size_t>(std::max(threads, 1) - 1), give_way);
}

void share_work(std::int64_t count, const std::function<void(std::int64_t)>& piece) {
    const std::unique_lock lock(crew().busy(), std::try_to_lock);
    if (lock && count > 1) {
        crew().run(count, piece);
    } else {
        for (std::int64_t i = 0; i < count; ++i)
            piece(i);
    }
}

}  // namespace driftglass
