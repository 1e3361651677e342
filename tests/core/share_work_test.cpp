#include "core/share_work.hpp"

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("every piece is done once, by any number of threads") {
    for (const int threads : {1, 2, 5}) {
        set_work_threads(threads);
        for (const std::int64_t count : {0, 1, 2, 7, 1000}) {
            for (int again = 0; again < 50; ++again) {
                std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
                share_work(count, [&](std::int64_t i) { ++done[static_cast<std::size_t>(i)]; });
                for (const std::atomic<int>& times : done)
                    REQUIRE(times == 1);
            }
        }
    }
}

TEST_CASE("blocks cover a range once, the last one shorter") {
    set_work_threads(3);
    for (const bool alone : {false, true}) {
        std::vector<std::atomic<int>> done(103);
        share_blocks(
            103, 10,
            [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t i = begin; i < end; ++i)
                    ++done[static_cast<std::size_t>(i)];
            },
            alone);
        for (const std::atomic<int>& times : done)
            REQUIRE(times == 1);
    }
}

TEST_CASE("pieces are shared: several threads work at once") {
    set_work_threads(3);
    // Each piece waits until another has begun as well: alone, none would end.
    std::atomic<int> begun = 0;
    share_work(2, [&](std::int64_t) {
        ++begun;
        while (begun < 2)
            std::this_thread::yield();
    });
    CHECK(begun == 2);
}

TEST_CASE("a piece that throws is told once, and the next work is whole") {
    set_work_threads(2);
    std::atomic<int> done = 0;
    const auto piece = [&](std::int64_t i) {
        if (i % 3 == 0) throw std::runtime_error("third");
        ++done;
    };
    CHECK_THROWS_WITH(share_work(9, piece), "third");
    CHECK(done == 6);
    share_work(9, [&](std::int64_t) { ++done; });
    CHECK(done == 15);
}

TEST_CASE("callers from several threads do not wait for each other") {
    set_work_threads(2);
    std::vector<std::atomic<std::int64_t>> sums(4);
    {
        std::vector<std::jthread> callers;
        for (std::atomic<std::int64_t>& sum : sums) {
            callers.emplace_back([&sum] {
                for (int again = 0; again < 200; ++again)
                    share_work(20, [&](std::int64_t i) { sum += i; });
            });
        }
    }
    for (const std::atomic<std::int64_t>& sum : sums)
        CHECK(sum == 200 * 190);
}
