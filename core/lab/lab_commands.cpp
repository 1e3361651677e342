// How the lab answers commands: edits, undo, files, devices.

#include <algorithm>
#include <system_error>
#include <tuple>
#include <type_traits>

#include "core/error.hpp"
#include "core/lab/autosave.hpp"
#include "core/lab/devices.hpp"
#include "core/lab/edit.hpp"
#include "core/lab/lab_state.hpp"
#include "core/train/coupling.hpp"

namespace driftglass {

bool Lab::State::take_commands() {
    bool any = false;
    while (const std::optional<Command> command = queue.take()) {
        any = true;
        dirty = true;
        draft.handled = std::max(draft.handled, command->number);
        try {
            handle(*command);
        } catch (const Error& error) {
            notice(error.what(), true);
        } catch (const std::exception& error) {
            engine_fault(error.what());
        }
    }
    if (any) {
        try {
            refresh_keys();
        } catch (const std::exception& error) {
            engine_fault(error.what());
        }
    }
    return any;
}

void Lab::State::handle(const Command& command) {
    if (std::optional<Document> document = edited(history, command)) {
        if (std::holds_alternative<command::SetReflow>(command.body) &&
            document->scene->reflow.rounds > setup.scene->reflow.rounds) {
            if (const char* why = why_no_reflow()) return notice(why, false);
        }
        if (std::holds_alternative<command::ReplaceScene>(command.body)) {
            if (const std::string kept = replace(*document); !kept.empty()) notice(kept, false);
            return;
        }
        const bool dropped = drop_rounds(*document);
        const bool without_weights = drop_weights(*document);
        adopt(*document);
        history.edit(*document, command.gesture);
        if (dropped) {
            notice(
                "Reflow was of what the model had learnt before this change, and is dropped: press "
                "Reflow again when the model has learnt the new.",
                false);
        } else if (without_weights) {
            notice(
                "The weights that were opened are of what the model was before this change, and "
                "the scene does not name them any more; undo brings them back.",
                false);
        }
        return;
    }
    std::visit(
        [&](const auto& body) {
            using Body = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<Body, command::Undo>) {
                if (history.before() == nullptr) return;
                adopt(*history.before());
                history.undo();
            } else if constexpr (std::is_same_v<Body, command::Redo>) {
                if (history.after() == nullptr) return;
                adopt(*history.after());
                history.redo();
            } else if constexpr (std::is_same_v<Body, command::SetRunning>) {
                running = body.running;
                // A person who trains on has read what stopped it.
                if (running && learner.diverged()) restore_good();
                if (running) draft.banner.reset();
            } else if constexpr (std::is_same_v<Body, command::Restart>) {
                restart();
            } else if constexpr (std::is_same_v<Body, command::SetDevice>) {
                set_device(body.device);
            } else if constexpr (std::is_same_v<Body, command::SetLook>) {
                look = body.look;
                if (!(look.time >= 0 && look.time <= 1)) look.time = 0;
                if (look.panes.size() > pane.size()) look.panes.resize(pane.size());
                refresh_keys();
                for (int i = 0; i < panes(); ++i) {
                    PaneState& p = pane[static_cast<std::size_t>(i)];
                    const auto& shown = draft.panes[static_cast<std::size_t>(i)].trajectories;
                    // More of the paths that are there already.
                    if (shown && p.shown == p.key &&
                        shown->count < std::max(look.trajectories, look.particles)) {
                        p.shown.reset();
                        show_paths(i);
                    }
                }
            } else if constexpr (std::is_same_v<Body, command::SaveScene>) {
                save(body.file);
            } else if constexpr (std::is_same_v<Body, command::SaveWeights>) {
                save_weights(body.file);
                const std::string name = body.file.filename().string();
                notice("saved " + name + ": a scene beside it with \"weights\": \"" + name +
                           "\" uses them",
                       false);
            } else if constexpr (std::is_same_v<Body, command::OpenScene>) {
                open(body.file);
            } else if constexpr (std::is_same_v<Body, command::DismissBanner>) {
                draft.banner.reset();
            } else if constexpr (std::is_same_v<Body, command::StartStudy>) {
                start_study(body.kind, body.pane);
            } else if constexpr (std::is_same_v<Body, command::StopStudy>) {
                stop_study();
            }
        },
        command.body);
}

const char* Lab::State::why_no_reflow() const {
    if (setup.data->size() == 0)
        return "Train first: there is nothing to learn yet. Draw, or choose a preset.";
    if (trained_steps() <= 0) {
        return "Train first: reflow straightens what the model has learnt, and of these data it "
               "has learnt nothing yet.";
    }
    return nullptr;
}

bool Lab::State::drop_rounds(Document& document) const {
    const bool any = learner.round() > 0 || pair_maker || reflow_asked;
    if (!any || same_problem(*setup.scene, *document.scene)) return false;
    auto scene = std::make_shared<Scene>(*document.scene);
    scene->reflow.rounds = 0;
    document.scene = std::move(scene);
    return true;
}

bool Lab::State::drop_weights(Document& document) const {
    const Scene& before = *setup.scene;
    const Scene& now = *document.scene;
    if (now.weights.empty() || now.weights != before.weights) return false;
    if (same_network(before, now) && before.coupling.kind == now.coupling.kind) return false;
    auto scene = std::make_shared<Scene>(now);
    scene->weights.clear();
    document.scene = std::move(scene);
    return true;
}

void Lab::State::adopt(const Document& document, bool another_scene) {
    const Scene& before = *setup.scene;
    const Scene& now = *document.scene;
    check_scene(now);
    Setup next = make_setup(document.scene, another_scene ? nullptr : &setup);
    if (another_scene) learner.begin(next);
    const bool afresh = another_scene || learner.follow(next, before);

    // From here on nothing throws: the old scene is left behind whole.
    const bool other_problem = next.data_changed || next.path_changed || next.source_changed ||
                               !(before.exact == now.exact) ||
                               before.coupling.kind != now.coupling.kind ||
                               before.dimension != now.dimension;
    if (next.data_changed) {
        ++data_version;
        data_at = Clock::now();
    }
    const auto loss_keys = [](const Scene& s) {
        return std::tuple(s.training.weighting, s.training.time, s.training.label_dropout,
                          s.model.prediction);
    };
    if (other_problem || !(before.coupling == now.coupling) || loss_keys(before) != loss_keys(now))
        ++loss_version;
    if (next.data_changed || afresh || !(before.coupling == now.coupling)) forget_all_numbers();
    if (before.dimension != now.dimension) {
        for (std::size_t i = 0; i < pane.size(); ++i) {
            pane[i].probes.reset();
            draft.panes[i].probes = nullptr;
        }
    }
    if (other_problem) {
        ++exact_version;
        exact = nullptr;
        exact_fault.clear();
    }
    // The diffusion coupling makes them of the data.
    const bool of_data = makes_x1(before.coupling.kind) || makes_x1(now.coupling.kind);
    if (next.source_changed || next.path_changed || before.seed != now.seed ||
        (of_data && (next.data_changed || !(before.coupling == now.coupling)))) {
        ++starts_version;
        start_rows = torch::Tensor();
    }
    const bool other_rounds = !(before.reflow == now.reflow);
    const bool another =
        afresh || next.data_changed || next.source_changed || !same_problem(before, now);
    if (another) problem_step = learner.step();
    setup = std::move(next);
    if (other_problem) {
        study.reset();
        draft.studies = {};
    }
    if (pair_maker && (another || other_rounds)) {
        pair_maker.reset();
        reflow_asked = true;
    }
    if (now.reflow.rounds > before.reflow.rounds) reflow_asked = true;
    learner.pop_rounds(now.reflow.rounds);
    // What was asked for was a round of the model that there was.
    if (another || now.reflow.rounds <= learner.round()) reflow_asked = false;
    if (afresh) {
        for (PaneState& p : pane) {
            p.paths.clear();
            p.arrows.reset();
        }
        if (learner.loaded()) running = false;
    }
    if (another_scene) {
        running = !learner.loaded();
        rate_step = learner.step();
        draft.banner.reset();
    }
    // A path, a network or rounds that went: what views show of the model is not it any more.
    if (afresh || !model || model->round > learner.round() ||
        model->schedule != learner.latest()->schedule) {
        try {
            next_model();
        } catch (const std::exception& error) {
            engine_fault(error.what());  // a device without memory: the scene is the new one
        }
    }
}

void Lab::State::notice(const std::string& text, bool error) {
    draft.notice = text;
    draft.notice_is_error = error;
    ++draft.notice_id;
    dirty = true;
}

void Lab::State::raise_banner(const std::string& text, bool fault) {
    draft.banner = Banner{fault, text};
    dirty = true;
}

void Lab::State::mark_saved() {
    saved = autosaved = history.now().scene;
    if (options.autosave.empty()) return;
    // What it holds is older than what was just saved or opened.
    if (autosaving.valid()) autosaving.wait();
    remove_autosave(options.autosave);
}

std::string Lab::State::replace(const Document& document) {
    const Document left = history.now();
    const bool unsaved = left.scene != saved;
    adopt(document, true);
    history.edit(document, 0);
    // Before the autosave goes: what was not saved is in one of the two at any time.
    const std::string kept = unsaved ? kept_aside(left) : "";
    mark_saved();
    return kept;
}

std::string Lab::State::kept_aside(const Document& left) const {
    const std::string undo = "undo brings back what was not saved";
    if (options.autosave.empty()) return undo;
    try {
        const std::filesystem::path file = name_to_keep(options.autosave);
        save_scene(*left.scene, file);
        return undo + "; it is kept as " + file.string() + " too";
    } catch (const Error&) {
        return undo;
    }
}

void Lab::State::save(const std::filesystem::path& file) {
    const std::filesystem::path place = file.empty() ? history.now().file : file;
    if (place.empty()) throw Error("choose a name to save the scene under");
    auto moved = std::make_shared<const Scene>(moved_to(*history.now().scene, place.parent_path()));
    save_scene(*moved, place);
    const std::filesystem::path before = history.now().file;
    history.amend({moved, place});
    // Steps of undo are of the document that lives there now, not of the file that was left.
    if (!before.empty() && before != place) {
        history.rename(before, place, [&](const Scene& scene) {
            return std::make_shared<const Scene>(moved_to(scene, place.parent_path()));
        });
    }
    setup.scene = moved;
    mark_saved();
    notice("saved " + place.filename().string(), false);
}

void Lab::State::open(const std::filesystem::path& file) {
    const std::string kept = replace({std::make_shared<const Scene>(load_scene(file)), file});
    notice("opened " + file.filename().string() + (kept.empty() ? "" : "; " + kept), false);
}

void Lab::State::restart() {
    learner.restart(setup);
    problem_step = 0;
    pair_maker.reset();
    reflow_asked = false;
    for (PaneState& p : pane) {
        p.paths.clear();
        p.arrows.reset();
    }
    forget_all_numbers();
    draft.banner.reset();
    rate_step = 0;
    next_model();
}

void Lab::State::drop_half_done() {
    stop_study();
    loss_job = {};
    pair_maker.reset();
    forget_metrics();
}

void Lab::State::move_to(torch::Device wanted, bool lost) {
    learner.move_to(setup, wanted, lost);
    problem_step = std::min(problem_step, learner.step());
    drop_half_done();
    device = wanted;
    exact = nullptr;
    ++exact_version;
    for (PaneState& p : pane) {
        p.key_of_field.reset();
        p.paths.clear();
        p.arrows.reset();
    }
    next_model();
}

void Lab::State::set_device(const std::string& name) {
    const torch::Device wanted = device_named(name);
    if (wanted == device) return;
    move_to(wanted, false);
    notice("computing on " + full_name(device, threads), false);
}

}  // namespace driftglass
