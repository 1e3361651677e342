#include "app/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>

#include "core/error.hpp"
#include "core/lab/scene.hpp"
#include "core/names.hpp"
#include "core/nearest_word.hpp"

namespace driftglass {
namespace {

constexpr Choice<Action> commands[] = {
    {Action::render, "render"},   {Action::sample, "sample"}, {Action::field, "field"},
    {Action::measure, "measure"}, {Action::info, "info"},
};

constexpr Choice<Format> formats[] = {
    {Format::png, "png"}, {Format::svg, "svg"}, {Format::pdf, "pdf"}, {Format::gif, "gif"},
    {Format::mp4, "mp4"}, {Format::csv, "csv"}, {Format::npy, "npy"},
};

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

template <class T>
T whole_number(std::string_view option, std::string_view text, T low, T high) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
        std::string allowed = "a whole number from " + std::to_string(low);
        if (high != std::numeric_limits<T>::max()) allowed += " to " + std::to_string(high);
        throw Error(std::string(option) + ": expected " + allowed + ", found " + quoted(text));
    }
    return value;
}

double real_number(std::string_view option, std::string_view text, double low, double high,
                   const std::string& allowed) {
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= low) ||
        !(value <= high)) {
        throw Error(std::string(option) + ": expected " + allowed + ", found " + quoted(text));
    }
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

void read_device(CommandLine& line, std::string_view value) {
    constexpr std::string_view devices[] = {"auto", "cpu", "cuda", "mps"};
    if (std::ranges::find(devices, value) == std::end(devices)) {
        throw Error("--device: expected auto, cpu, cuda or mps, found " + quoted(value));
    }
    line.device = value;
}

void read_set(CommandLine& line, std::string_view value) {
    const std::size_t equals = value.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        throw Error("--set: expected KEY=VALUE, as in sampler.method=heun, found " + quoted(value));
    }
    line.set.emplace_back(value);
}

void read_size(CommandLine& line, std::string_view value) {
    const std::vector<std::string_view> sides = split(value, 'x');
    if (sides.size() != 2) {
        throw Error("--size: expected WIDTHxHEIGHT, as in 1920x1080, found " + quoted(value));
    }
    line.width = whole_number("--size", sides[0], 320, 7680);
    line.height = whole_number("--size", sides[1], 240, 4320);
    if (line.width % 2 != 0 || line.height % 2 != 0) {
        throw Error("--size: both sides must be even (video needs it), found " + quoted(value));
    }
}

void read_formats(CommandLine& line, std::string_view value) {
    line.formats.clear();
    for (const std::string_view name : split(value, ',')) {
        const auto format =
            std::ranges::find(formats, name, [](const Choice<Format>& c) { return c.name; });
        if (format == std::end(formats)) {
            throw Error("--formats: expected some of png,svg,gif,mp4,csv,npy, found " +
                        quoted(name));
        }
        line.formats.insert(format->value);
    }
}

void read_theme(CommandLine& line, std::string_view value) {
    if (value != "dark" && value != "light") {
        throw Error("--theme: expected dark or light, found " + quoted(value));
    }
    line.dark = value == "dark";
}

void read_view(CommandLine& line, std::string_view value) {
    constexpr std::string_view letters = "ABCDabcd1234";
    const std::size_t found = value.size() == 1 ? letters.find(value) : letters.npos;
    if (found == letters.npos) {
        throw Error("--view: expected a pane, A to D or 1 to 4, found " + quoted(value));
    }
    line.view = found % 4;
}

struct Option {
    std::string_view name;
    std::string_view argument;  ///< empty: a switch
    std::vector<Action> of;     ///< which commands take it; empty: all
    std::string_view help;
    void (*read)(CommandLine&, std::string_view);
};

// Parsing, help and the search for what was meant all read this table.
const std::vector<Option>& options() {
    using enum Action;
    static const std::vector<Option> table = {
        {"--out",
         "DIR",
         {render},
         "where to write: a folder, made if it is not there",
         [](CommandLine& line, std::string_view value) { line.out = value; }},
        {"--out",
         "FILE",
         {sample, field},
         "the table to write (CSV), or - for standard output",
         [](CommandLine& line, std::string_view value) { line.out = value; }},
        {"--out",
         "FILE",
         {measure},
         "the report to write (JSON); left out, or -: standard output",
         [](CommandLine& line, std::string_view value) { line.out = value; }},
        {"--size", "WxH", {render}, "size of pictures and video in pixels, 1920x1080", read_size},
        {"--formats",
         "LIST",
         {render},
         "some of png,svg,gif,mp4,csv,npy (png,svg,csv,mp4); gif and mp4 need ffmpeg",
         read_formats},
        {"--theme",
         "NAME",
         {render},
         "dark (the default) or light, of pictures and video",
         read_theme},
        {"--count",
         "N",
         {sample},
         "how many samples (of each point, with --given), 2000",
         [](CommandLine& line, std::string_view value) {
             line.count = whole_number<std::int64_t>("--count", value, 1, 10'000'000);
         }},
        {"--count",
         "N",
         {render},
         "paths of each pane, in its pictures and tables, 900",
         [](CommandLine& line, std::string_view value) {
             line.count = whole_number<std::int64_t>("--count", value, 1, 20'000);
         }},
        {"--view",
         "PANE",
         {sample, field, measure},
         "as this pane of the scene shows it, A to D or 1 to 4: its field, round, earlier step, "
         "sampler, guidance and path; left out: the scene's own field",
         read_view},
        {"--trajectories",
         "",
         {sample},
         "whole paths, id,step,t,x,y, the start being step 0",
         [](CommandLine& line, std::string_view) { line.trajectories = true; }},
        {"--forward",
         "",
         {sample},
         "from data to noise by the forward SDE; nothing is trained",
         [](CommandLine& line, std::string_view) { line.forward = true; }},
        {"--given",
         "FILE",
         {sample},
         "points at --time: draws of data and noise that meet there; nothing is trained",
         [](CommandLine& line, std::string_view value) { line.given = value; }},
        {"--points",
         "FILE",
         {field},
         "the points to evaluate at: CSV, x,y or x,y,label a line",
         [](CommandLine& line, std::string_view value) { line.points = value; }},
        {"--log-density",
         "",
         {field},
         "log_density of a learned or guided field too, along its ODE",
         [](CommandLine& line, std::string_view) { line.log_density = true; }},
        {"--time",
         "T",
         {sample, field},
         "the time t of the points, from 0 (data) to 1 (noise)",
         [](CommandLine& line, std::string_view value) {
             line.time = real_number("--time", value, 0, 1, "a number from 0 (data) to 1 (noise)");
         }},
        {"--device", "NAME", {}, "auto (the default), cpu, cuda or mps", read_device},
        {"--threads",
         "N",
         {},
         "processor threads; left out: one for each core",
         [](CommandLine& line, std::string_view value) {
             line.threads = whole_number("--threads", value, 1, 1024);
         }},
        {"--seed",
         "N",
         {},
         "the scene's seed",
         [](CommandLine& line, std::string_view value) {
             line.seed = whole_number<std::uint64_t>("--seed", value, 0,
                                                     std::numeric_limits<std::uint64_t>::max());
         }},
        {"--steps",
         "N",
         {},
         "training steps, in place of the scene's training.steps",
         [](CommandLine& line, std::string_view value) {
             line.steps = whole_number<std::int64_t>("--steps", value, 0, 100'000'000);
         }},
        {"--seconds",
         "S",
         {},
         "train for S seconds, however many steps that is",
         [](CommandLine& line, std::string_view value) {
             line.seconds = real_number("--seconds", value, std::numeric_limits<double>::min(), 1e9,
                                        "a number of seconds greater than 0, at most 1e9");
         }},
        {"--set",
         "KEY=VALUE",
         {},
         "any value of the scene by its dotted key; may be repeated",
         read_set},
        {"--quiet",
         "",
         {},
         "no progress and no remarks; errors still show",
         [](CommandLine& line, std::string_view) { line.quiet = true; }},
        {"--help",
         "",
         {},
         "this text",
         [](CommandLine& line, std::string_view) { line.help = true; }},
        {"--version",
         "",
         {},
         "the program's version",
         [](CommandLine& line, std::string_view) { line.version = true; }},
    };
    return table;
}

bool takes(Action action, const Option& option) {
    return option.of.empty() || std::ranges::find(option.of, action) != option.of.end();
}

std::string_view command_name(Action action) {
    const auto found =
        std::ranges::find(commands, action, [](const Choice<Action>& c) { return c.value; });
    return found == std::end(commands) ? "" : found->name;
}

[[noreturn]] void refuse_option(Action action, std::string_view name) {
    std::string elsewhere;
    std::vector<std::string_view> known;
    for (const Option& option : options()) {
        if (takes(action, option)) known.push_back(option.name);
        if (option.name != name) continue;
        for (const Action other : option.of) {
            elsewhere += (elsewhere.empty() ? "" : ", ") + std::string(command_name(other));
        }
    }
    const std::string command(command_name(action));
    const std::string help = "driftglass " + (command.empty() ? "" : command + " ") + "--help";
    if (!elsewhere.empty()) {
        throw Error(std::string(name) + " is an option of " + elsewhere + ", not of " +
                    (command.empty() ? "the window" : command) + ": see " + help);
    }
    const std::string nearest = nearest_word(name, known);
    throw Error("there is no option " + std::string(name) + ": " +
                (nearest.empty() ? "see " + help : "did you mean " + nearest + "?"));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = indent;
    for (const std::string_view word : split(text, ' ')) {
        if (column > indent && column + word.size() + 1 > width) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out;
}

std::string row(std::string left, std::string_view right, std::size_t indent) {
    left = "  " + left;
    left += left.size() + 1 < indent ? std::string(indent - left.size(), ' ')
                                     : "\n" + std::string(indent, ' ');
    return left + wrapped(right, indent, 100) + "\n";
}

std::string option_rows(Action action) {
    std::string text;
    for (const Option& option : options()) {
        if (!takes(action, option)) continue;
        std::string left(option.name);
        if (!option.argument.empty()) left += " " + std::string(option.argument);
        text += row(left, option.help, 24);
    }
    return text;
}

std::string key_rows() {
    std::string text;
    for (const SceneKey& key : scene_keys()) {
        std::string right = key.help + " · " + key.type;
        if (!key.range.empty()) right += ", " + key.range;
        if (!key.fallback.empty()) right += " (" + key.fallback + ")";
        text += row(key.key, right, 30);
    }
    return text;
}

constexpr std::string_view overview =
    R"(driftglass: a desktop lab for diffusion and flow matching in one and two dimensions

  driftglass [SCENE]            opens the window
  driftglass render  [SCENE] --out DIR
                                no window: trains, samples and measures; writes pictures, figures,
                                video, tables, report.json, scene.json and weights.pt
  driftglass sample  [SCENE] --count N --out FILE.csv [--trajectories]
                                or --forward, or --given POINTS.csv --time T
  driftglass field   [SCENE] --points FILE.csv --time T --out FILE.csv
  driftglass measure [SCENE] [--out FILE.json]
                                sample, field, measure: --view B, as that pane of the scene shows it
  driftglass info               versions, device, OpenGL: what a bug report needs

SCENE is a scene file (JSON); left out, the scene that comes with the program. Without a display,
`driftglass` renders that scene into ./out.
`driftglass COMMAND --help` explains a command.
)";

std::string_view explanation(Action action) {
    switch (action) {
        case Action::window:
            return overview;
        case Action::render:
            return R"(driftglass render [SCENE] --out DIR

Trains the scene, samples every pane from the same noise, measures, and writes into DIR:
  panes-t1.00.png …             the panes at t = 1, 0.75, 0.5, 0.25, 0.1 and 0        (png)
  strip.png                     the same times side by side                          (png)
  studio.png                    the whole window                                     (png)
  trajectories-a.svg …          a figure of each pane's paths, for papers            (svg)
  flow.mp4, flow.gif            noise flowing to data                                (mp4, gif)
  samples-a.csv, trajectories-a.csv …   the numbers behind the pictures              (csv)
  samples-a.npy, trajectories-a.npy, times-a.npy …   the same for NumPy              (npy)
  report.json                   what training reached, every distance with its floor
  scene.json, weights.pt        the scene with its weights: opens again as it is, untrained
)";
        case Action::sample:
            return R"(driftglass sample [SCENE] --count N --out FILE.csv [--trajectories]

Trains the scene (unless it brings weights, or its field is exact) and draws samples with the scene's
sampler. Columns: x,y or x,y,label; with --trajectories id,step,t,x,y. In dimension 1 there is no y.

driftglass sample [SCENE] --forward --count N --out FILE.csv [--trajectories]

Simulates the forward SDE from fresh points of the data (of guidance.label, where the scene is
guided), by its exact transitions, from t = 0 over the times of the scene's grid to t = 1.

driftglass sample [SCENE] --given POINTS.csv --time T --count N --out FILE.csv [--trajectories]

Draws N pairs (x0, x1) for each point, from their exact law given x_t = alpha_t x0 + sigma_t x1.
A label in the table, or guidance.label, restricts x0 to it. Columns: id,data_x,data_y,noise_x,
noise_y, id being the point, from 0; with --trajectories the path of each pair through its point at
T, id,step,t,x,y, id being the draw: point id / N, rounded down.
)";
        case Action::field:
            return R"(driftglass field [SCENE] --points FILE.csv --time T --out FILE.csv

Evaluates the scene's field at points and one time. Columns: x,y,vx,vy,score_x,score_y,data_x,data_y,
noise_x,noise_y,divergence and, for the exact field, log_density. In dimension 1 the y columns are
left out. data is the denoiser E[x0 | x_t = x]. With --log-density a learned or guided field has the
log density of its own flow, integrated along the ODE from the point to t = 1.
)";
        case Action::measure:
            return R"(driftglass measure [SCENE] [--out FILE.json]

Trains the scene (unless it brings weights, or its field is exact) and measures it: distances of fresh
samples to fresh data, each with its floor and how many points it was taken with; likelihood, path
energy, memorisation, the error of every deterministic solver against its evaluations, learned against
exact. Prints a table, and writes the same as JSON: docs/report.md explains every number.
)";
        case Action::info:
            return R"(driftglass info

Versions, devices, OpenGL and ffmpeg: what a bug report needs.
)";
    }
    return overview;
}

void check_complete(const CommandLine& line) {
    const std::string command(command_name(line.action));
    const auto need = [&](bool given, const std::string& what) {
        if (!given) {
            throw Error(command + ": " + what + " is missing: see driftglass " + command +
                        " --help");
        }
    };
    switch (line.action) {
        case Action::render:
            need(!line.out.empty(), "--out DIR");
            break;
        case Action::sample:
            need(!line.out.empty(), "--out FILE.csv (or - for standard output)");
            if (line.forward && !line.given.empty()) {
                throw Error("sample: --forward and --given are two things: take one");
            }
            if (line.view && (line.forward || !line.given.empty())) {
                throw Error(std::string("sample: ") + (line.forward ? "--forward" : "--given") +
                            " looks at no pane: leave --view out");
            }
            if (!line.given.empty()) need(line.time.has_value(), "--time T");
            if (line.time) need(!line.given.empty(), "--given POINTS.csv");
            break;
        case Action::field:
            need(!line.points.empty(), "--points FILE.csv");
            need(line.time.has_value(), "--time T");
            need(!line.out.empty(), "--out FILE.csv (or - for standard output)");
            break;
        case Action::window:
        case Action::measure:
        case Action::info:
            break;
    }
    if (line.formats.contains(Format::pdf)) {
        throw Error(
            "--formats: pdf is not part of this version: take svg, which any browser prints "
            "to PDF");
    }
}

}  // namespace

CommandLine parse_command_line(std::span<const char* const> arguments) {
    CommandLine line;
    // The command decides which options there are, wherever it stands.
    const auto is_option = [](std::string_view word) { return word.size() > 1 && word[0] == '-'; };
    const auto is_long = [](std::string_view word) {
        return word.size() > 2 && word.starts_with("--");
    };
    const auto takes_value = [](std::string_view word) {
        return std::ranges::any_of(options(), [&](const Option& option) {
            return option.name == word && !option.argument.empty();
        });
    };
    std::vector<std::pair<std::string_view, std::optional<std::string_view>>> given;
    std::vector<std::string_view> words;
    bool only_words = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        if (!only_words && word == "--") {
            only_words = true;
        } else if (only_words || !is_option(word)) {
            words.push_back(word);
        } else if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
            given.emplace_back(word.substr(0, equals), word.substr(equals + 1));
        } else if (takes_value(word) && i + 1 < arguments.size() && !is_long(arguments[i + 1])) {
            given.emplace_back(word, arguments[++i]);
        } else {
            given.emplace_back(word == "-h" ? "--help" : word, std::nullopt);
        }
    }

    if (!words.empty()) {
        const auto command =
            std::ranges::find(commands, words[0], [](const Choice<Action>& c) { return c.name; });
        if (command != std::end(commands)) {
            line.action = command->value;
            words.erase(words.begin());
        } else if (words[0] == "help") {
            line.help = true;
            words.erase(words.begin());
            if (!words.empty()) {
                const auto topic = std::ranges::find(
                    commands, words[0], [](const Choice<Action>& c) { return c.name; });
                if (topic == std::end(commands)) {
                    throw Error("there is no command " + quoted(words[0]) +
                                ": see driftglass --help");
                }
                line.action = topic->value;
                words.erase(words.begin());
            }
        } else if (words[0].find_first_of("./\\") == words[0].npos &&
                   !std::filesystem::exists(words[0])) {
            // A scene that is not there is told later; a command that is misspelt, here.
            std::vector<std::string_view> names;
            for (const Choice<Action>& choice : commands)
                names.push_back(choice.name);
            if (const std::string nearest = nearest_word(words[0], names); !nearest.empty()) {
                throw Error("there is no command or file " + quoted(words[0]) + ": did you mean " +
                            nearest + "?");
            }
        }
    }
    if (words.size() > 1 || (line.action == Action::info && !words.empty())) {
        const std::string_view extra = line.action == Action::info ? words[0] : words[1];
        throw Error(quoted(extra) + " is one word too many" +
                    (line.action == Action::info
                         ? std::string(": info takes options only")
                         : ": a scene was given already, " + quoted(words[0])));
    }
    if (!words.empty()) line.scene = words[0];
    if (!words.empty() && words[0].empty()) {
        throw Error("the scene's name is empty: leave it out for the scene that comes along");
    }

    for (const auto& [name, value] : given) {
        const auto option = std::ranges::find_if(options(), [&](const Option& candidate) {
            return candidate.name == name && takes(line.action, candidate);
        });
        if (option == options().end()) refuse_option(line.action, name);
        const std::string_view argument = option->argument;
        if (argument.empty() && value) {
            throw Error(std::string(name) + " takes no value, found " + quoted(*value));
        }
        if (!argument.empty() && (!value || value->empty())) {
            throw Error(std::string(name) + ": the value is missing, as in " + std::string(name) +
                        " " + std::string(argument));
        }
        option->read(line, value.value_or(""));
    }
    if (!line.help && !line.version) check_complete(line);
    return line;
}

std::string help_text(Action action) {
    std::string text(explanation(action));
    text += "\nOptions\n" + option_rows(action);
    if (action == Action::info) return text;
    text +=
        "\nKeys of a scene, for scene files and --set: meaning · what is allowed (the default)\n" +
        key_rows();
    if (action == Action::window) {
        text +=
            "\nExit codes: 0 done · 1 a fault of ours · 2 a wrong command line or bad input · 3 "
            "no OpenGL 3.3\nwhere a picture was asked for · 130 interrupted, what was done is "
            "kept\n";
    }
    return text;
}

}  // namespace driftglass
