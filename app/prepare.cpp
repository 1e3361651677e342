#include "app/prepare.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

namespace fs = std::filesystem;

namespace {

std::string pane_name(std::size_t view) {
    return std::string(1, static_cast<char>('A' + view));
}

}  // namespace

void set_options(const CommandLine& line, Scene& scene) {
    if (line.seed) scene.seed = *line.seed;
    if (line.steps) scene.training.steps = *line.steps;
}

Scene scene_of(const CommandLine& line) {
    Scene scene;
    if (line.scene.empty()) {
        scene = default_scene();
    } else {
        std::error_code error;
        const fs::path file = line.scene;
        if (!fs::exists(file, error)) {
            const std::size_t colon = line.scene.rfind(':');
            const bool lesson =
                !file.has_extension() && colon != line.scene.npos &&
                line.scene.find_first_not_of("0123456789", colon + 1) == line.scene.npos;
            throw Error(line.scene + ": there is no such scene file" +
                        (lesson ? "; lessons are not part of this version"
                         : file.has_extension()
                             ? "; check the name"
                             : "; name a .json file, or see --help for the "
                               "commands (lessons are not part of this version)"));
        }
        scene = load_scene(file);
    }
    // Some values are allowed only beside others, in whatever order they are given. Of those that
    // are left, the one whose own value is wrong says more than one that waits for it.
    std::vector<std::string> left = line.set;
    while (!left.empty()) {
        std::vector<std::string> refused;
        std::string why;
        bool why_own = false;
        for (const std::string& assignment : left) {
            try {
                set_value(scene, assignment);
            } catch (const Error& error) {
                const std::string_view key =
                    std::string_view(assignment).substr(0, assignment.find('='));
                const bool own = std::string_view(error.what()).find(key) != std::string_view::npos;
                if (refused.empty() || (own && !why_own)) why = error.what();
                why_own = why_own || own;
                refused.push_back(assignment);
            }
        }
        if (refused.size() == left.size()) throw Error(why);
        left = std::move(refused);
    }
    set_options(line, scene);
    if (line.view && *line.view >= scene.views.size()) {
        const std::string last = pane_name(scene.views.size() - 1);
        throw Error("--view: the scene has " +
                    (scene.views.size() == 1
                         ? "one pane, A"
                         : std::to_string(scene.views.size()) + " panes, A to " + last) +
                    ", and no " + pane_name(*line.view));
    }
    return scene;
}

LabOptions lab_options(const CommandLine& line) {
    LabOptions options;
    options.device = line.device;
    options.threads = line.threads;
    options.view = line.view;
    return options;
}

ViewSpec view_of(const CommandLine& line, const Scene& scene) {
    return line.view ? scene.views[*line.view] : own_view(scene);
}

namespace {

[[noreturn]] void name_file(const std::string& file, const Error& error) {
    throw Error((file.empty() ? "" : file + ": ") + error.what());
}

}  // namespace

void in_file(const std::string& file, const std::function<void()>& work) {
    try {
        work();
    } catch (const Stopped&) {
        throw;
    } catch (const Error& error) {
        name_file(file, error);
    }
}

Lab open_lab(const CommandLine& line, const Scene& scene) {
    try {
        return Lab(scene, lab_options(line));
    } catch (const Error& error) {
        name_file(line.scene, error);
    }
}

std::vector<fs::path> inputs_of(const CommandLine& line, const Scene& scene) {
    std::vector<fs::path> inputs;
    const auto add = [&](const fs::path& file, const fs::path& folder) {
        if (!file.empty()) inputs.push_back(folder / file);
    };
    add(line.scene, "");
    add(line.points, "");
    add(line.given, "");
    add(scene.data.file, scene.folder);
    add(scene.source.data.file, scene.folder);
    add(scene.weights, scene.folder);
    return inputs;
}

void train(Lab& lab, const CommandLine& line, ProgressBar& bar, std::stop_token stop) {
    // Where seconds were asked for, they are what is done.
    const auto progress = [&](double done, double total, const std::string& what) {
        bar.show(done, total, line.seconds > 0 ? "seconds of " + what : what);
    };
    in_file(line.scene, [&] {
        lab.train(line.seconds, progress, stop);
        bar.end();
        check_fault(lab);
    });
}

void say_warning(const CommandLine& line, const Lab& lab, ProgressBar& bar) {
    if (const std::string& warning = lab.snapshot()->schedule_warning; !warning.empty())
        bar.say("note: path: " + warning);
    const SamplerSettings sampler = lab.snapshot()->scene->sampler;
    if (has_noise_dial(sampler.method) && !is_stochastic(sampler)) {
        bar.say("note: sampler.noise is 0, so " + std::string(name_of(sampler.method)) +
                " follows the PF-ODE; 1 is the reverse SDE");
    }
    // A key that some methods read and this one does not.
    const auto is_read = [](const MethodFacts& method, std::string_view key) {
        return std::find(method.reads.begin(), method.reads.end(), key) != method.reads.end();
    };
    for (const std::string& assignment : line.set) {
        constexpr std::string_view section = "sampler.";
        std::string_view key = std::string_view(assignment).substr(0, assignment.find('='));
        if (line.view || key.substr(0, section.size()) != section) continue;
        key.remove_prefix(section.size());
        const auto some = [&](const MethodFacts& method) { return is_read(method, key); };
        if (std::any_of(all_methods().begin(), all_methods().end(), some) &&
            !is_read(facts_of(sampler.method), key)) {
            bar.say("note: sampler." + std::string(key) + " is not read by " +
                    std::string(name_of(sampler.method)));
        }
    }
    const Scene& scene = *lab.snapshot()->scene;
    const auto changes = [](const std::string& assignment) {
        return assignment.starts_with("data.") || assignment.starts_with("training.") ||
               assignment.starts_with("coupling.");
    };
    if (!scene.weights.empty() && (line.steps || line.seconds > 0 ||
                                   std::any_of(line.set.begin(), line.set.end(), changes))) {
        bar.say("note: the scene names weights (" + scene.weights +
                "), which are used as they are, untrained; --set weights= trains anew");
    }
    constexpr int few = 8;
    const int evaluations = sampler.steps * evaluations_a_step(sampler);
    if (scene.reflow.rounds > 0 && scene.weights.empty() && evaluations < few) {
        bar.say("note: reflow pairs noise with what sampler.steps=" +
                std::to_string(sampler.steps) + " reach, and learns the errors of so few");
    }
    const TrainingSettings& training = scene.training;
    if (training.objective == Objective::implicit_score_matching &&
        (training.weighting == Weighting::velocity || training.weighting == Weighting::native)) {
        bar.say("note: implicit score matching scatters near t = 1 with training.weighting=" +
                std::string(name_of(training.weighting)) + "; with noise it learns better");
    }
}

void check_fault(const Lab& lab) {
    const std::shared_ptr<const Snapshot> snapshot = lab.snapshot();
    if (snapshot && snapshot->banner && snapshot->banner->fault) {
        throw Error(snapshot->banner->text);
    }
}

}  // namespace driftglass
