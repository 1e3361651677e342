#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/lab/scene.hpp"

namespace driftglass {

/// A scene and the file it lives in (empty: untitled).
struct Document {
    std::shared_ptr<const Scene> scene;
    std::filesystem::path file;
};

/// The document now, and those before and after it. Scenes are immutable and share their large
/// parts, so a step costs little; the oldest steps are forgotten.
class History {
public:
    explicit History(Document document, std::size_t limit = 200);

    const Document& now() const { return now_; }
    /// A new step. Where it continues the gesture of the step before, it takes that one's place.
    void edit(Document document, std::uint64_t gesture);
    /// Whether an edit with this gesture would take the place of the last one.
    bool continues(std::uint64_t gesture) const { return gesture != 0 && gesture == gesture_; }
    /// What undo or redo would bring; null where there is nothing.
    const Document* before() const { return past_.empty() ? nullptr : &past_.back(); }
    const Document* after() const { return future_.empty() ? nullptr : &future_.back(); }
    /// The newest scene before the present one in that dimension; null where there was none.
    const Scene* last_in(int dimension) const;
    void undo();
    void redo();
    /// Puts an equal document in place of the present one: the same scene, saved elsewhere.
    void amend(Document document) { now_ = std::move(document); }
    /// Steps that live in `from` live in `to`, each scene as `moved` says.
    void rename(const std::filesystem::path& from, const std::filesystem::path& to,
                const std::function<std::shared_ptr<const Scene>(const Scene&)>& moved);

private:
    Document now_;
    std::deque<Document> past_;
    std::vector<Document> future_;
    std::uint64_t gesture_ = 0;
    std::size_t limit_;
};

}  // namespace driftglass
