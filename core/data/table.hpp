#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/point_set.hpp"

namespace driftglass {

/// Points from a table: one a line, `x,y` or `x,y,label` (dimension 1: `x` or
/// `x,label`), separated by comma, semicolon, tab or blanks, with or without
/// that header; a byte-order mark, CRLF, blank lines and lines that begin with
/// # are fine. A line without a label has -1. Throws Error "ORIGIN, line 12:
/// expected 2 or 3 numbers, found 'abc'", also for numbers that are not finite
/// or beyond 1e6, labels that are not whole numbers from -1 to 999, and no
/// points at all.
PointSet parse_points(std::string_view text, const std::string& origin, int dimension);
PointSet read_points(const std::filesystem::path& file, int dimension);

/// Throws Error "ORIGIN[i]: …" for a coordinate that is not finite or beyond
/// 1e6.
void check_points(const PointSet& points, const std::string& origin);

/// "%.9g" whatever the locale: a float comes back the same.
std::string number_text(double value);

/// `x,y` or `x,y,label` (dimension 1: without y).
void write_points(std::ostream& stream, const PointSet& points);
void write_points(const std::filesystem::path& file, const PointSet& points);

/// NumPy's format 1.0, little-endian float32, row by row.
void write_npy(std::ostream& stream, std::span<const std::int64_t> shape,
               std::span<const float> values);

/// The whole file, or pipe. Throws Error naming it where it cannot be read or has more than `most`
/// bytes.
std::string read_file(const std::filesystem::path& file, std::size_t most = std::size_t{256} << 20);

}  // namespace driftglass
