#include "core/sample/methods.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "core/error.hpp"
#include "core/key.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

/// On ve no step starts from nothing but noise, where churn would take one evaluation instead of
/// two.
const ExactField& field() {
    static const ExactField field(schedule_of(ScheduleKind::ve), three_modes());
    return field;
}

Path run(const SamplerSettings& settings, std::uint64_t seed = 1) {
    const Tensor x1 = start_points({}, nullptr, field().schedule(), 20, 2, 7);
    return sample(field(), x1, {}, settings, make_generator(seed, "noise"));
}

SamplerSettings settings_of(Method method) {
    SamplerSettings settings;
    settings.method = method;
    settings.steps = 6;
    settings.corrector_steps = 2;
    return settings;
}

/// Sets a key of the sampler to another value that is allowed.
void move(SamplerSettings& settings, std::string_view name) {
    for (const Key& key : keys_of(settings)) {
        if (key.name != name) continue;
        if (auto* const* whole = std::get_if<int*>(&key.slot)) {
            **whole += 1;
        } else {
            double& value = *std::get<double*>(key.slot);
            value = value == 0 ? 0.5 : value < 1e-3 ? 0.1 : value / 2;
        }
        return;
    }
    FAIL("sampler." << name << " is no key");
}

std::string page(const char* file) {
    std::ifstream stream(file);
    REQUIRE(stream);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("every method has one row, with a name and a title of its own") {
    std::set<Method> methods;
    std::set<std::string_view> names, titles;
    for (const MethodFacts& facts : all_methods()) {
        CHECK(methods.insert(facts.method).second);
        CHECK(names.insert(facts.name).second);
        CHECK(titles.insert(facts.title).second);
        CHECK(facts_of(facts.method).name == facts.name);
        CHECK(from_name<Method>(facts.name) == facts.method);
        CHECK(name_of(facts.method) == facts.name);
    }
    CHECK(methods.size() == static_cast<std::size_t>(Method::dpm_solver_2m) + 1);
    CHECK(names_of_ode_solvers() == "euler, midpoint, heun, rk4 or dopri5");
}

TEST_CASE("a method takes the evaluations that its row says") {
    for (const MethodFacts& facts : all_methods()) {
        for (const double noise : {0.0, 1.0}) {
            if (noise > 0 && !has_noise_dial(facts.method)) continue;
            SamplerSettings settings = settings_of(facts.method);
            settings.noise = noise;
            INFO(facts.name << ", noise " << noise);
            const int evaluations = evaluations_a_step(settings);
            if (facts.method == Method::dopri5) {
                CHECK(evaluations == 0);
                continue;
            }
            CHECK(evaluations > 0);
            CHECK(run(settings).nfe == settings.steps * evaluations);
        }
    }
}

TEST_CASE("a method adds noise where its row says so, and nowhere else") {
    for (const MethodFacts& facts : all_methods()) {
        SamplerSettings on = settings_of(facts.method), off = on;
        if (!facts.noise.empty() && facts.noise != "method") {
            for (const Key& key : keys_of(on)) {
                if (key.name == facts.noise) *std::get<double*>(key.slot) = 0.3;
            }
            for (const Key& key : keys_of(off)) {
                if (key.name == facts.noise) *std::get<double*>(key.slot) = 0;
            }
        }
        for (const SamplerSettings& settings : {on, off}) {
            INFO(facts.name << ", " << key_of_noise(settings));
            CHECK(torch::equal(run(settings, 1).end, run(settings, 2).end) !=
                  is_stochastic(settings));
        }
        CHECK(key_of_noise(on) == facts.noise);
        CHECK(key_of_noise(off) == (facts.noise == "method" ? "method" : ""));
    }
}

TEST_CASE("a method reads the keys of its own that its row names, and no others") {
    std::set<std::string_view> own;
    for (const MethodFacts& facts : all_methods())
        own.insert(facts.reads.begin(), facts.reads.end());
    CHECK(own.size() == 8);
    for (const MethodFacts& facts : all_methods()) {
        const SamplerSettings settings = settings_of(facts.method);
        const Tensor end = run(settings).end;
        for (const std::string_view key : own) {
            const bool reads =
                std::find(facts.reads.begin(), facts.reads.end(), key) != facts.reads.end();
            INFO(facts.name << " and sampler." << key);
            SamplerSettings other = settings;
            move(other, key);
            // Refused where it would be ignored: it stands in every panel.
            if (key == "noise" && !reads) {
                CHECK_THROWS_AS(run(other), Error);
            } else {
                CHECK(torch::equal(run(other).end, end) != reads);
            }
        }
    }
}

TEST_CASE("docs/mathematics.md has a row and a formula for every method") {
    const std::string text = page("docs/mathematics.md");
    std::string first_cells;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("| `")) first_cells += line.substr(0, line.find('|', 1)) + "\n";
    }
    for (const MethodFacts& facts : all_methods()) {
        INFO(facts.name);
        CHECK(first_cells.find("`" + std::string(facts.name) + "`") != std::string::npos);
    }
    for (const Choice<ScheduleKind>& kind : choices(ScheduleKind{}))
        CHECK(first_cells.find("`" + std::string(kind.name) + "`") != std::string::npos);
}
