#include "core/lab/history.hpp"

#include <algorithm>
#include <utility>

namespace driftglass {

History::History(Document document, std::size_t limit) : now_(std::move(document)), limit_(limit) {}

void History::edit(Document document, std::uint64_t gesture) {
    if (!continues(gesture)) {
        past_.push_back(std::move(now_));
        if (past_.size() > limit_) past_.pop_front();
    }
    gesture_ = gesture;
    now_ = std::move(document);
    future_.clear();
}

const Scene* History::last_in(int dimension) const {
    const auto found = std::find_if(past_.rbegin(), past_.rend(), [&](const Document& document) {
        return document.scene->dimension == dimension;
    });
    return found == past_.rend() ? nullptr : found->scene.get();
}

void History::rename(const std::filesystem::path& from, const std::filesystem::path& to,
                     const std::function<std::shared_ptr<const Scene>(const Scene&)>& moved) {
    const auto rename_in = [&](auto& documents) {
        for (Document& document : documents) {
            if (document.file == from) document = {moved(*document.scene), to};
        }
    };
    rename_in(past_);
    rename_in(future_);
}

void History::undo() {
    if (past_.empty()) return;
    future_.push_back(std::exchange(now_, std::move(past_.back())));
    past_.pop_back();
    gesture_ = 0;
}

void History::redo() {
    if (future_.empty()) return;
    past_.push_back(std::exchange(now_, std::move(future_.back())));
    future_.pop_back();
    gesture_ = 0;
}

}  // namespace driftglass
