#include "app/export/vector_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "app/panels/view_words.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {
namespace {

constexpr double page_width = 720;
constexpr double margin = 24;
constexpr double head = 60;  ///< of the page, above the plot
constexpr double foot = 64;
constexpr int colour_bands = 24;

struct Point {
    double x = 0, y = 0;
};

bool finite(Point p) {
    return std::isfinite(p.x) && std::isfinite(p.y);
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    std::string trimmed = text;
    trimmed.erase(trimmed.find_last_not_of('0') + 1);
    if (trimmed.back() == '.') trimmed.pop_back();
    return trimmed == "-0" ? "0" : trimmed;
}

std::string decimals(double value, int count) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", count, value);
    return text;
}

std::string hex(Rgb colour) {
    char text[8];
    std::snprintf(text, sizeof text, "#%06X", static_cast<unsigned>(colour));
    return text;
}

std::string at(Point p) {
    return number(p.x) + " " + number(p.y);
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// World positions to the page. In dimension 1 x is 1 - t.
struct Frame {
    double x_min = 0, y_min = 0, scale_x = 1, scale_y = 1;
    double height = 0;  ///< of the plot on the page

    Point place(Point world) const {
        return {margin + (world.x - x_min) * scale_x, head + height - (world.y - y_min) * scale_y};
    }
};

class Drawing {
public:
    explicit Drawing(const VectorFigure& figure) : figure_(figure) {
        const Trajectories& paths = *figure.paths;
        rows_ = paths.times.size();
        count_ = paths.count;
        const int most = is_stochastic(figure.view.sampler) ? figure.shown / 4 : figure.shown;
        shown_ = rows_ > 0 ? std::min<std::int64_t>(count_, most) : 0;
        frame_ = fitted_frame();
    }

    std::string svg() const {
        const Theme& theme = *figure_.theme;
        const double height = head + frame_.height + foot;
        std::string text =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(page_width) + " " +
            number(height) + "\" width=\"" + number(page_width) + "\" height=\"" + number(height) +
            "\" font-family=\"Roboto, Helvetica, Arial, sans-serif\" font-size=\"14\">\n";
        text += "<rect width=\"100%\" height=\"100%\" fill=\"" +
                hex(theme.dark ? theme.window : theme.canvas) + "\"/>\n";
        text += "<clipPath id=\"plot\"><rect x=\"" + number(margin) + "\" y=\"" + number(head) +
                "\" width=\"" + number(page_width - 2 * margin) + "\" height=\"" +
                number(frame_.height) + "\"/></clipPath>\n";
        text += caption() + legend();
        text += "<g clip-path=\"url(#plot)\">\n" + data() + samples() + path_bands() + marks() +
                "</g>\n";
        return text + time_bar() + measures() + "</svg>\n";
    }

private:
    Point position(std::size_t row, std::int64_t id) const {
        const std::size_t i =
            (row * static_cast<std::size_t>(count_) + static_cast<std::size_t>(id)) * 2;
        const std::vector<float>& all = figure_.paths->positions;
        if (figure_.dimension == 1) return {1 - figure_.paths->times[row], all[i]};
        return {all[i], all[i + 1]};
    }

    /// Everything shown, but not the last half per cent of the data at each side: one stray point
    /// would shrink the rest.
    Frame fitted_frame() const {
        std::array<double, 2> low, high;
        low.fill(std::numeric_limits<double>::infinity());
        high.fill(-std::numeric_limits<double>::infinity());
        const auto include = [&](Point p) {
            if (!finite(p)) return;
            low = {std::min(low[0], p.x), std::min(low[1], p.y)};
            high = {std::max(high[0], p.x), std::max(high[1], p.y)};
        };
        for (std::int64_t id = 0; id < shown_; ++id) {
            for (std::size_t row = 0; row < rows_; ++row)
                include(position(row, id));
        }
        const PointSet& points = *figure_.data;
        const int dimension = points.dimension;
        std::array<std::vector<float>, 2> sorted;
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            if (std::isfinite(points.x[i])) {
                sorted[i % static_cast<std::size_t>(dimension)].push_back(points.x[i]);
            }
        }
        for (std::vector<float>& values : sorted)
            std::ranges::sort(values);
        const auto quantile = [&](int d, double share) -> double {
            const std::vector<float>& values = sorted[static_cast<std::size_t>(d)];
            return values[static_cast<std::size_t>(
                std::llround(share * static_cast<double>(values.size() - 1)))];
        };
        if (!sorted[0].empty()) {
            for (const double share : {0.005, 0.995}) {
                if (figure_.dimension == 1) {
                    include({1, quantile(0, share)});
                } else if (!sorted[1].empty()) {
                    include({quantile(0, share), quantile(1, share)});
                }
            }
        }
        if (!(low[0] <= high[0])) {
            low = {-3, -3};
            high = {3, 3};
        }

        const double width = page_width - 2 * margin;
        Frame frame;
        if (figure_.dimension == 1) {
            const double pad = std::max(0.06 * (high[1] - low[1]), 1e-3);
            frame.height = 400;
            frame.x_min = -0.02;
            frame.scale_x = width / 1.04;
            frame.y_min = low[1] - pad;
            frame.scale_y = frame.height / (high[1] - low[1] + 2 * pad);
            return frame;
        }
        const double pad = std::max(0.05 * std::max(high[0] - low[0], high[1] - low[1]), 1e-3);
        const double wide = high[0] - low[0] + 2 * pad, tall = high[1] - low[1] + 2 * pad;
        frame.height = std::clamp(width * tall / wide, 0.6 * width, 1.15 * width);
        const double scale = std::min(width / wide, frame.height / tall);
        frame.scale_x = frame.scale_y = scale;
        frame.x_min = (low[0] + high[0]) / 2 - width / scale / 2;
        frame.y_min = (low[1] + high[1]) / 2 - frame.height / scale / 2;
        return frame;
    }

    std::string caption() const {
        const Theme& theme = *figure_.theme;
        const ViewWords words = view_words(figure_.view);
        const std::string dot = "<tspan fill=\"" + hex(theme.dim_text) + "\"> · </tspan>";
        return "<text x=\"" + number(margin) + "\" y=\"36\" font-size=\"18\" fill=\"" +
               hex(theme.text) + "\">" + escaped(words.field) + dot +
               "<tspan font-weight=\"600\" fill=\"" + hex(method_colour(theme, figure_.view)) +
               "\">" + escaped(words.method) + "</tspan>" + dot + escaped(words.solver) +
               (words.guidance.empty() ? "" : dot + guidance(words.guidance)) + "</text>\n";
    }

    /// Its formula, the w, in the colour of guidance.
    std::string guidance(const std::string& words) const {
        const std::size_t from = words.find('$'), to = words.find('$', from + 1);
        if (to == std::string::npos) return escaped(words);
        return escaped(words.substr(0, from)) + "<tspan font-style=\"italic\" fill=\"" +
               hex(figure_.theme->guidance) + "\">" +
               escaped(words.substr(from + 1, to - from - 1)) + "</tspan>" +
               escaped(words.substr(to + 1));
    }

    std::string legend() const {
        const Theme& theme = *figure_.theme;
        std::string text = "<g fill=\"" + hex(theme.dim_text) + "\" font-size=\"13\">";
        const double right = page_width - margin, y = 36;
        const auto word = [&](double x, const char* what) {
            text += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\">" + what + "</text>";
        };
        text += "<circle cx=\"" + number(right - 190) + "\" cy=\"" + number(y - 4.5) +
                "\" r=\"3.6\" fill=\"" + hex(theme.canvas) + "\" stroke=\"" + hex(theme.noise) +
                "\" stroke-width=\"1.3\"/>";
        word(right - 182, "noise");
        text += "<circle cx=\"" + number(right - 130) + "\" cy=\"" + number(y - 4.5) +
                "\" r=\"3.4\" fill=\"" + hex(path_colour(theme, figure_.view)) + "\"/>";
        word(right - 122, "sample");
        text += "<circle cx=\"" + number(right - 61) + "\" cy=\"" + number(y - 4.5) +
                "\" r=\"2\" fill=\"" + hex(theme.data) + "\"/>";
        word(right - 54, "data");
        return text + "</g>\n";
    }

    /// Dots as lines of no length with round ends: a hundredth of the size of as many circles.
    static std::string dots(const char* id, const std::string& path, const std::string& colour,
                            double diameter, double opacity) {
        return "<path id=\"" + std::string(id) + "\" fill=\"none\" stroke=\"" + colour +
               "\" stroke-linecap=\"round\" stroke-width=\"" + number(diameter) +
               "\" stroke-opacity=\"" + number(opacity) + "\" d=\"" + path + "\"/>\n";
    }

    std::string data() const {
        const PointSet& points = *figure_.data;
        // Evenly through the whole, so that no part of the data is missing.
        constexpr std::int64_t most = 3000;
        const std::int64_t size = points.size(), used = std::min(size, most);
        std::string path;
        for (std::int64_t k = 0; k < used; ++k) {
            const auto i = static_cast<std::size_t>(k * size / used);
            const Point world = points.dimension == 1 ? Point{1.012, points.x[i]}
                                                      : Point{points.x[2 * i], points.x[2 * i + 1]};
            if (finite(world)) path += "M" + at(frame_.place(world)) + "h0";
        }
        return dots("data", path, hex(figure_.theme->data), 2.2, 0.38);
    }

    std::string samples() const {
        if (rows_ == 0) return "";
        std::string path;
        for (std::int64_t id = shown_; id < count_; ++id) {
            const Point end = position(rows_ - 1, id);
            if (finite(end)) path += "M" + at(frame_.place(end)) + "h0";
        }
        return dots("samples", path, hex(path_colour(*figure_.theme, figure_.view)), 2.6, 0.45);
    }

    /// Pieces of like time of all paths together: few elements, and strokes that cross do not
    /// darken.
    std::string path_bands() const {
        const std::vector<double>& times = figure_.paths->times;
        std::array<std::string, colour_bands> bands;
        for (std::int64_t id = 0; id < shown_; ++id) {
            int open = -1;
            for (std::size_t row = 0; row + 1 < rows_; ++row) {
                const Point from = position(row, id), to = position(row + 1, id);
                if (!finite(from) || !finite(to)) break;
                const double middle = (times[row] + times[row + 1]) / 2;
                const int band =
                    std::clamp(static_cast<int>((1 - middle) * colour_bands), 0, colour_bands - 1);
                std::string& path = bands[static_cast<std::size_t>(band)];
                if (band != open) path += "M" + at(frame_.place(from));
                path += "L" + at(frame_.place(to));
                open = band;
            }
        }
        const bool tangled = is_stochastic(figure_.view.sampler);
        std::string text = "<g id=\"paths\" fill=\"none\" stroke-linejoin=\"round\">\n";
        for (int band = 0; band < colour_bands; ++band) {
            const std::string& path = bands[static_cast<std::size_t>(band)];
            if (path.empty()) continue;
            const double s = (band + 0.5) / colour_bands;
            // A diffusion's past is a tangle: it fades fast.
            const double opacity = tangled ? 0.16 + 0.70 * s * s * s : 0.60 + 0.25 * s;
            text += "<path stroke=\"" + hex(time_colour(*figure_.theme, 1 - s)) +
                    "\" stroke-width=\"" + number(tangled ? 1.1 : 1.5) + "\" stroke-opacity=\"" +
                    number(opacity) + "\" d=\"" + path + "\"/>\n";
        }
        return text + "</g>\n";
    }

    std::string marks() const {
        const Theme& theme = *figure_.theme;
        std::string starts, ends;
        for (std::int64_t id = 0; id < shown_; ++id) {
            const Point start = position(0, id), end = position(rows_ - 1, id);
            const auto circle = [&](Point p, double radius) {
                const Point on_page = frame_.place(p);
                return "<circle cx=\"" + number(on_page.x) + "\" cy=\"" + number(on_page.y) +
                       "\" r=\"" + number(radius) + "\"/>";
            };
            if (finite(start)) starts += circle(start, 3.4);
            if (finite(end)) ends += circle(end, 3.4);
        }
        return "<g id=\"starts\" fill=\"" + hex(theme.canvas) + "\" stroke=\"" + hex(theme.noise) +
               "\" stroke-width=\"1.3\">" + starts + "</g>\n<g id=\"ends\" fill=\"" +
               hex(path_colour(theme, figure_.view)) + "\" stroke=\"" + hex(theme.canvas) +
               "\" stroke-width=\"1\">" + ends + "</g>\n";
    }

    std::string time_bar() const {
        const Theme& theme = *figure_.theme;
        const double y = head + frame_.height + 26;
        const double width = 190, left = page_width - margin - 56 - width;
        std::string text = "<linearGradient id=\"time\">";
        for (int i = 0; i <= 8; ++i) {
            text += "<stop offset=\"" + number(i / 8.0) + "\" stop-color=\"" +
                    hex(time_colour(theme, 1 - i / 8.0)) + "\"/>";
        }
        text += "</linearGradient>\n<rect x=\"" + number(left) + "\" y=\"" + number(y) +
                "\" width=\"" + number(width) +
                "\" height=\"4\" rx=\"2\" fill=\"url(#time)\"/>\n<g font-size=\"13\">";
        text += "<text x=\"" + number(left - 10) + "\" y=\"" + number(y + 7) +
                "\" text-anchor=\"end\" fill=\"" + hex(theme.noise) + "\">1 noise</text>";
        return text + "<text x=\"" + number(left + width + 10) + "\" y=\"" + number(y + 7) +
               "\" fill=\"" + hex(theme.data) + "\">0 data</text></g>\n";
    }

    std::string measures() const {
        const Theme& theme = *figure_.theme;
        const auto value = [&](const std::string& text) {
            return "<tspan fill=\"" + hex(theme.text) + "\" font-weight=\"600\">" + text +
                   "</tspan>";
        };
        std::string words;
        if (figure_.metrics != nullptr) {
            words +=
                "<tspan font-style=\"italic\">W</tspan><tspan font-size=\"10\" dy=\"3\">2"
                "</tspan><tspan dy=\"-3\"> </tspan>" +
                std::string(figure_.metrics->to_tilt ? "to tilt " : "") +
                value(decimals(figure_.metrics->w2, 3)) + " · floor " +
                decimals(figure_.metrics->w2_floor, 3) + "&#160;&#160;&#160;";
        }
        words += "NFE " + value(std::to_string(figure_.paths->nfe));
        return "<text x=\"" + number(margin) + "\" y=\"" + number(head + frame_.height + 33) +
               "\" font-size=\"13\" fill=\"" + hex(theme.dim_text) + "\">" + words + "</text>\n";
    }

    const VectorFigure& figure_;
    std::size_t rows_ = 0;
    std::int64_t count_ = 0;
    std::int64_t shown_ = 0;
    Frame frame_;
};

}  // namespace

std::string trajectories_svg(const VectorFigure& figure) {
    return Drawing(figure).svg();
}

}  // namespace driftglass
