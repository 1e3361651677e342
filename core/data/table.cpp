#include "core/data/table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <locale>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

#include "core/data/atomic_file.hpp"
#include "core/error.hpp"

namespace driftglass {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    const char separator = line.find(';') != std::string_view::npos   ? ';'
                           : line.find(',') != std::string_view::npos ? ','
                                                                      : ' ';
    if (separator == ' ') {
        while (!(line = trimmed(line)).empty()) {
            const std::size_t end = std::min(line.find_first_of(blanks), line.size());
            fields.push_back(line.substr(0, end));
            line.remove_prefix(end);
        }
        return fields;
    }
    for (;;) {
        const std::size_t end = line.find(separator);
        fields.push_back(trimmed(line.substr(0, end)));
        if (end == std::string_view::npos) return fields;
        line.remove_prefix(end + 1);
    }
}

std::optional<double> number_of(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    double value = 0;
#if defined(__cpp_lib_to_chars)
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return std::nullopt;
    if (error == std::errc::result_out_of_range) {
        // Too large counts as infinite, too small as 0.
        const std::string copy(text);
        return std::strtod(copy.c_str(), nullptr);
    }
    if (error != std::errc()) return std::nullopt;
#else
    const std::string copy(text);
    char* end = nullptr;
    value = std::strtod(copy.c_str(), &end);
    if (end != copy.c_str() + copy.size()) return std::nullopt;
#endif
    return value;
}

std::string quoted(std::string_view text) {
    constexpr std::size_t most = 40;
    std::string shown;
    for (const char letter : text.substr(0, most)) {
        shown += static_cast<unsigned char>(letter) < 32 ? '?' : letter;
    }
    return "'" + shown + (text.size() > most ? "…'" : "'");
}

constexpr const char* decimal_point = "; write numbers with a decimal point";

bool has_comma(std::string_view field) {
    return field.find(',') != std::string_view::npos;
}

/// True where the fields are the column names of a table of points.
bool is_header(const std::vector<std::string_view>& fields, int dimension) {
    const std::vector<std::string> expected = dimension == 1
                                                  ? std::vector<std::string>{"x", "label"}
                                                  : std::vector<std::string>{"x", "y", "label"};
    if (fields.size() > expected.size() || fields.size() < static_cast<std::size_t>(dimension)) {
        return false;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        std::string name(fields[i]);
        std::erase(name, '"');
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (name != expected[i]) return false;
    }
    return true;
}

}  // namespace

PointSet parse_points(std::string_view text, const std::string& origin, int dimension) {
    const std::size_t columns = static_cast<std::size_t>(dimension);
    const std::string wanted = dimension == 1 ? "1 or 2 numbers" : "2 or 3 numbers";
    const std::string header = dimension == 1 ? "x or x,label" : "x,y or x,y,label";
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);

    PointSet points;
    points.dimension = dimension;
    bool any_label = false;
    bool first = true;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#')) continue;

        const auto refuse = [&](const std::string& what) {
            throw Error(origin + ", line " + std::to_string(number) + ": " + what);
        };
        const std::vector<std::string_view> fields = fields_of(line);
        if (std::exchange(first, false) && !number_of(fields[0])) {
            if (is_header(fields, dimension)) continue;
            refuse("expected " + wanted + " or the header " + header + ", found " + quoted(line) +
                   (has_comma(fields[0]) ? decimal_point
                                         : "; keep these columns, named so or without names"));
        }
        if (fields.size() < columns || fields.size() > columns + 1) {
            refuse("expected " + wanted + ", found " + quoted(line) + "; keep the columns " +
                   header);
        }
        int label = -1;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const std::optional<double> value = number_of(fields[i]);
            if (!value) {
                refuse("expected " + wanted + ", found " + quoted(fields[i]) +
                       (has_comma(fields[i]) ? decimal_point : ""));
            }
            if (i == columns) {
                if (*value != std::floor(*value) || *value < -1 || *value > largest_label) {
                    refuse("expected a label from -1 (none) to " + std::to_string(largest_label) +
                           ", found " + quoted(fields[i]));
                }
                label = static_cast<int>(*value);
                any_label = any_label || label != -1;
                continue;
            }
            if (!std::isfinite(*value)) {
                refuse("expected finite numbers, found " + quoted(fields[i]));
            }
            if (std::abs(*value) > largest_coordinate) {
                refuse("expected coordinates within 1e6, found " + quoted(fields[i]) +
                       "; scale the points down");
            }
            points.x.push_back(static_cast<float>(*value));
        }
        points.labels.push_back(label);
    }
    if (points.x.empty()) throw Error(origin + ": holds no points; expected " + wanted + " a line");
    if (!any_label) points.labels.clear();
    return points;
}

std::string read_file(const std::filesystem::path& file, std::size_t most) {
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        throw Error(file.string() + ": does not exist; check the name");
    if (std::filesystem::is_directory(file, error)) {
        throw Error(file.string() + ": is a folder; name a file");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Error(file.string() + ": cannot be read; check its rights");
    // In pieces, since a pipe or a device does not tell its length, and may have none.
    constexpr std::size_t piece = std::size_t{1} << 20;
    std::string text;
    while (stream && text.size() <= most) {
        const std::size_t before = text.size();
        text.resize(before + piece);
        stream.read(text.data() + before, piece);
        text.resize(before + static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) throw Error(file.string() + ": cannot be read; check its rights");
    if (text.size() > most) {
        throw Error(file.string() + ": is larger than " + std::to_string(most >> 20) +
                    " MiB; take fewer points");
    }
    return text;
}

PointSet read_points(const std::filesystem::path& file, int dimension) {
    return parse_points(read_file(file), file.string(), dimension);
}

void check_points(const PointSet& points, const std::string& origin) {
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        if (std::abs(points.x[i]) <= largest_coordinate) continue;
        const std::size_t row = i / static_cast<std::size_t>(points.dimension);
        throw Error(origin + "[" + std::to_string(row) +
                    "]: expected finite numbers within 1e6, found " + number_text(points.x[i]));
    }
}

std::string number_text(double value) {
    char text[32];
#if defined(__cpp_lib_to_chars)
    const auto result =
        std::to_chars(text, text + sizeof text, value, std::chars_format::general, 9);
    return std::string(text, result.ptr);
#else
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.precision(9);
    stream << value;
    return stream.str();
#endif
}

void write_points(std::ostream& stream, const PointSet& points) {
    const bool labelled = !points.labels.empty();
    stream << (points.dimension == 1 ? "x" : "x,y") << (labelled ? ",label\n" : "\n");
    const std::size_t columns = static_cast<std::size_t>(points.dimension);
    for (std::size_t row = 0; row < points.x.size() / columns; ++row) {
        for (std::size_t i = 0; i < columns; ++i) {
            stream << (i > 0 ? "," : "") << number_text(points.x[row * columns + i]);
        }
        if (labelled) stream << ',' << points.labels[row];
        stream << '\n';
    }
}

void write_points(const std::filesystem::path& file, const PointSet& points) {
    write_atomically(file, [&](std::ostream& stream) { write_points(stream, points); });
}

void write_npy(std::ostream& stream, std::span<const std::int64_t> shape,
               std::span<const float> values) {
    static_assert(std::endian::native == std::endian::little);
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (const std::int64_t length : shape)
        header += std::to_string(length) + ",";
    header += "), }";
    // Magic, version and length take 10 bytes; all of it is a multiple of 64 and
    // ends a line.
    header.append(63 - (10 + header.size()) % 64, ' ');
    header += '\n';
    stream.write("\x93NUMPY\x01\x00", 8);
    stream.put(static_cast<char>(header.size() & 0xff));
    stream.put(static_cast<char>(header.size() >> 8));
    stream << header;
    stream.write(reinterpret_cast<const char*>(values.data()),
                 static_cast<std::streamsize>(values.size_bytes()));
}

}  // namespace driftglass
