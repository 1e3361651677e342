#include "app/command_line.hpp"

#include <array>

#include "core/error.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

CommandLine parse(std::initializer_list<const char*> words) {
    return parse_command_line(std::span(words.begin(), words.size()));
}

}  // namespace

TEST_CASE("options may stand anywhere, with a blank or an equals sign") {
    const CommandLine line = parse({"--seed", "7", "render", "--out=o", "a.json", "--set", "a=b",
                                    "--set=sampler.method=heun", "--formats", "png,csv", "--size",
                                    "640x480", "--quiet"});
    CHECK(line.action == Action::render);
    CHECK(line.scene == "a.json");
    CHECK(line.out == "o");
    CHECK(line.seed == 7u);
    CHECK(line.set == std::vector<std::string>{"a=b", "sampler.method=heun"});
    CHECK(line.formats == std::set<Format>{Format::png, Format::csv});
    CHECK(line.width == 640);
    CHECK(line.height == 480);
    CHECK(line.quiet);
    CHECK_FALSE(line.steps.has_value());
}

TEST_CASE("a scene may be named like a command, or begin with a hyphen") {
    CHECK(parse({"./render"}).scene == "./render");
    CHECK(parse({}).action == Action::window);
    CHECK(parse({"--", "-odd.json"}).scene == "-odd.json");
    CHECK(parse({"sample", "--out", "-"}).out == "-");
}

TEST_CASE("a misspelt command is told from a scene that is not there") {
    CHECK_THROWS_WITH(parse({"sampl", "--count", "3"}), Catch::Contains("did you mean sample"));
    CHECK(parse({"render", "rings.json", "--out", "x"}).scene == "rings.json");
    CHECK(parse({"rings.json"}).scene == "rings.json");
}

TEST_CASE("numbers are read whole") {
    CHECK(parse({"measure", "--seed", "18446744073709551615"}).seed == ~std::uint64_t{0});
    CHECK(parse({"measure", "--seconds", "2.5"}).seconds == 2.5);
    CHECK_THROWS_WITH(parse({"measure", "--out", "--quiet"}),
                      Catch::Contains("--out: the value is missing"));
    for (const char* bad : {"", "1x", "0x10", " 1", "-1", "1e3", "18446744073709551616"}) {
        INFO(bad);
        CHECK_THROWS_AS(parse({"measure", "--seed", bad}), Error);
    }
    for (const char* bad : {"inf", "nan", "0", "-2", "2s"}) {
        INFO(bad);
        CHECK_THROWS_AS(parse({"measure", "--seconds", bad}), Error);
    }
}

TEST_CASE("a pane is named by its letter or its number") {
    CHECK(parse({"measure", "--view", "A"}).view == 0u);
    CHECK(parse({"measure", "--view", "b"}).view == 1u);
    CHECK(parse({"measure", "--view", "3"}).view == 2u);
    CHECK(parse({"measure", "--view", "D"}).view == 3u);
    CHECK_FALSE(parse({"measure"}).view);
    CHECK_THROWS_WITH(parse({"sample", "--out", "x", "--forward", "--view", "A"}),
                      Catch::Contains("--forward looks at no pane"));
    CHECK_THROWS_WITH(
        parse({"sample", "--out", "x", "--given", "p.csv", "--time", "0.5", "--view", "A"}),
        Catch::Contains("--given looks at no pane"));
}

TEST_CASE("values that cannot be are refused") {
    const std::vector<std::vector<const char*>> refused = {
        {"sample", "--out", "x", "--count", "0"},
        {"sample", "--out", "x", "--threads", "-2"},
        {"render", "--out", "o", "--size", "1920"},
        {"render", "--out", "o", "--size", "0x0"},
        {"render", "--out", "o", "--size", "99999x2"},
        {"render", "--out", "o", "--formats", ""},
        {"render", "--out", "o", "--formats", "png,jpg"},
        {"render", "--out", "o", "--theme", "red"},
        {"measure", "--set", "nonsense"},
        {"measure", "--set", "=1"},
        {"measure", "--seed"},
        {"measure", "--view", "E"},
        {"measure", "--view", "0"},
        {"measure", "--view", "AB"},
        {"render", "--out", "o", "--view", "A"},
        {"help", "nothing"}};
    for (const std::vector<const char*>& words : refused) {
        INFO(words.back());
        CHECK_THROWS_AS(parse_command_line(words), Error);
    }
}

TEST_CASE("help of a command has its options and no other's") {
    CHECK(help_text(Action::render).find("--formats") != std::string::npos);
    CHECK(help_text(Action::render).find("--points") == std::string::npos);
    CHECK(help_text(Action::window).find("--threads") != std::string::npos);
}
