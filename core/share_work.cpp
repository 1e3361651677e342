#include "core/share_work.hpp"

#include <ATen/Context.h>
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
    Crew() = default;
    ~Crew() { hire(0, false); }
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    std::mutex& busy() { return busy_; }
    bool hired() const { return hired_; }

    void hire(std::size_t helpers, bool give_way) {
        at::set_num_threads(1);  // a helper's operators follow
        hired_ = true;
        if (helpers == helpers_.size() && give_way == give_way_) return;
        quit_ = true;
        ++calls_;
        calls_.notify_all();
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
        ++calls_;
        const auto wanted = static_cast<std::size_t>(count - 1);
        for (std::size_t i = 0; i < std::min(wanted, helpers_.size()); ++i)
            calls_.notify_one();
        take_pieces();
        for (int done = done_; done < count; done = done_)
            wait_while(done_, done);
        if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
    }

    static bool in_piece() { return in_piece_; }

private:
    void help() {
        at::init_num_threads();
        at::Context::setFlushDenormal(true);
#if defined(__linux__)
        constexpr int lowest = 19;
        if (give_way_) setpriority(PRIO_PROCESS, 0, lowest);  // of this thread
#endif
        bool useful = false;
        for (std::uint32_t seen = 0;;) {
            // Who came in vain, with more threads than pieces, falls asleep at once.
            if (useful) {
                wait_while(calls_, seen);
            } else {
                calls_.wait(seen);
            }
            seen = calls_;
            if (quit_) return;
            useful = take_pieces();
        }
    }

    // Who has taken a piece keeps the caller from leaving, so `piece_` and `count_` are of it.
    bool take_pieces() {
        for (bool any = false;; any = true) {
            const std::int64_t index = left_.fetch_sub(1, std::memory_order_acq_rel) - 1;
            if (index < 0) return any;
            in_piece_ = true;
            try {
                (*piece_)(index);
            } catch (...) {
                const std::lock_guard lock(fault_mutex_);
                if (!fault_) fault_ = std::current_exception();
            }
            in_piece_ = false;
            const std::int64_t count = count_;
            if (++done_ == count) done_.notify_one();
        }
    }

    static thread_local bool in_piece_;
    std::mutex busy_;
    bool hired_ = false;
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

thread_local bool Crew::in_piece_ = false;

Crew& crew() {
    static Crew the_crew;
    return the_crew;
}

std::size_t helpers_for(int threads) {
    return static_cast<std::size_t>(std::max(threads, 1) - 1);
}

}  // namespace

void set_work_threads(int threads, bool give_way) {
    const std::lock_guard lock(crew().busy());
    crew().hire(helpers_for(threads), give_way);
}

void share_work(std::int64_t count, const std::function<void(std::int64_t)>& piece) {
    const auto alone = [&] {
        for (std::int64_t i = 0; i < count; ++i)
            piece(i);
    };
    // On every thread that works, the caller's too.
    at::Context::setFlushDenormal(true);
    if (count < 2 || Crew::in_piece()) return alone();
    const std::unique_lock lock(crew().busy(), std::try_to_lock);
    if (!lock) return alone();
    if (!crew().hired())
        crew().hire(helpers_for(static_cast<int>(std::thread::hardware_concurrency())), false);
    crew().run(count, piece);
}

void share_blocks(std::int64_t count, std::int64_t size,
                  const std::function<void(std::int64_t begin, std::int64_t end)>& piece,
                  bool alone) {
    const std::int64_t blocks = (count + size - 1) / size;
    const auto block = [&](std::int64_t index) {
        piece(index * size, std::min(count, (index + 1) * size));
    };
    if (!alone) return share_work(blocks, block);
    for (std::int64_t index = 0; index < blocks; ++index)
        block(index);
}

}  // namespace driftglass
