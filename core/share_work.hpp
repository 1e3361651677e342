#pragma once

#include <cstdint>
#include <functional>

namespace driftglass {

/// How many threads `share_work` uses from now on, the calling one included: at least 1; before the
/// first call, all cores. `give_way`: the others take only what the rest of the machine leaves (on
/// Linux; elsewhere they ask for as much as any), as beside a window that is drawn in software.
/// Torch's own operators, where this thread or a new one calls them, run on their caller's alone.
void set_work_threads(int threads, bool give_way = false);

/// Calls piece(0) ... piece(count - 1), each once, in any order and on several threads, and returns
/// when all are done; the first exception of a piece is thrown again here. A thread takes one piece
/// after the other. So one that gets no core takes none, and the others wait for a single piece of
/// it at most: beside a window, or another program, the work slows down and never stalls, as it
/// would where every thread has its fixed part and the rest spin until that is done (OpenMP).
/// Any thread may call; while one is served, the others do their work alone, and so does a piece
/// that calls. Thread-local settings of the caller, as torch's for gradients, are not those of a
/// piece. Numbers below the normal range count as 0 from then on, in pieces and on the calling
/// thread: a product with one takes a hundred times as long, and saturated units are full of them.
void share_work(std::int64_t count, const std::function<void(std::int64_t)>& piece);

/// The same for [0, count) in blocks of `size`, the last one shorter: piece(begin, end). `alone`:
/// on the calling thread, as for work that a GPU does.
void share_blocks(std::int64_t count, std::int64_t size,
                  const std::function<void(std::int64_t begin, std::int64_t end)>& piece,
                  bool alone = false);

}  // namespace driftglass
