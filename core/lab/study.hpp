#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/lab/learner.hpp"
#include "core/lab/setup.hpp"
#include "core/lab/snapshot.hpp"
#include "core/lab/view_field.hpp"

namespace driftglass {

/// What a study is about: one pane's view, and everything that it needs, as it was when a person
/// asked. Nothing of it changes while training goes on.
struct StudySubject {
    StudyKind kind{};
    int pane = 0;
    ViewSpec view;
    Setup setup;
    FieldParts parts;
    std::vector<ModelPtr> models;  ///< kind rounds: one a round; kind training: by rising step
    torch::Device device = torch::kCPU;
};

/// Makes the curves of a study piece by piece, each well under a second.
class StudyJob {
public:
    /// Throws Error, in a sentence for the plot, for what cannot be studied.
    explicit StudyJob(const StudySubject& subject);
    ~StudyJob();
    StudyJob(StudyJob&&) noexcept;
    StudyJob& operator=(StudyJob&&) noexcept;

    StudyKind kind() const;
    bool finished() const;
    /// The next piece; with `cancelled` it stops at the next step of a solver and is made again.
    /// Throws Error.
    void step(const std::function<bool()>& cancelled);
    /// What there is so far.
    std::shared_ptr<Study> study() const;

    /// One kind of study.
    struct Plan;

private:
    std::unique_ptr<Plan> plan_;
};

}  // namespace driftglass
