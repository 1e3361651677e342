#include "core/data/table.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include "core/data/atomic_file.hpp"
#include "core/error.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

std::string message_of(const std::string& text, int dimension = 2) {
    try {
        parse_points(text, "data.csv", dimension);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

class Folder {
public:
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("driftglass-table-" + std::to_string(std::random_device{}()));
};

}  // namespace

TEST_CASE("tables are read with every separator, with and without a header") {
    const std::vector<float> expected = {1, 2.5f, -3, 4e-3f};
    for (const std::string text :
         {"1,2.5\n-3,4e-3\n", "x,y\n1,2.5\n-3,4e-3", "1;2.5\r\n-3;4e-3\r\n", "1\t2.5\n\n-3\t4e-3\n",
          "  1   2.5 \n -3 4e-3", "\xef\xbb\xbfX, \"Y\"\n1, 2.5\n-3, 4e-3\n",
          "# points\n1 2.5\n-3 +.004"}) {
        INFO(text);
        const PointSet points = parse_points(text, "data.csv", 2);
        CHECK(points.x == expected);
        CHECK(points.labels.empty());
    }
    const PointSet labelled = parse_points("x,y,label\n1,2,3\n4,5,-1\n6,7\n", "data.csv", 2);
    CHECK(labelled.labels == std::vector<int>{3, -1, -1});
    const PointSet line = parse_points("x,label\n1,0\n2,1\n", "data.csv", 1);
    CHECK(line.x == std::vector<float>{1, 2});
    CHECK(line.labels == std::vector<int>{0, 1});
}

TEST_CASE("a bad table is refused with its line") {
    CHECK(message_of("1,2\n3,abc\n") == "data.csv, line 2: expected 2 or 3 numbers, found 'abc'");
    CHECK(message_of("x,y\n\n1,2,3,4\n") ==
          "data.csv, line 3: expected 2 or 3 numbers, found '1,2,3,4'; keep the columns x,y or "
          "x,y,label");
    for (const char* text : {"1,5;2,5\n", "x;y\n1,5;2,5\n"})
        CHECK(message_of(text).ends_with("; write numbers with a decimal point"));
    CHECK(message_of("1\n").find("data.csv, line 1: expected 2 or 3 numbers") == 0);
    CHECK(message_of("a,b\n1,2\n").find("or the header x,y or x,y,label, found 'a,b'") !=
          std::string::npos);
    CHECK(message_of("1,nan\n").find("line 1: expected finite numbers, found 'nan'") !=
          std::string::npos);
    CHECK(message_of("inf,1\n").find("expected finite numbers") != std::string::npos);
    CHECK(message_of("1,1e400\n").find("expected finite numbers") != std::string::npos);
    CHECK(message_of("1,1e30\n").find("scale the points down") != std::string::npos);
    CHECK(message_of("1,2,0.5\n").find("expected a label") != std::string::npos);
    CHECK(message_of("1,,2\n").find("found ''") != std::string::npos);
    CHECK(message_of("").find("data.csv: holds no points") == 0);
    CHECK(message_of("x,y\n").find("holds no points") != std::string::npos);
    CHECK(message_of("1,2,3\n", 1).find("expected 1 or 2 numbers") != std::string::npos);
    CHECK_THROWS_AS(read_points("/no/such/file.csv", 2), Error);
    CHECK_THROWS_AS(read_points(std::filesystem::temp_directory_path(), 2), Error);
}

TEST_CASE("points written are read back exactly") {
    const Folder folder;
    PointSet points;
    points.x = {0.1f, -1.0f / 3, 123456.789f, std::numeric_limits<float>::denorm_min(), 3e-20f, 0};
    points.labels = {0, -1, 7};
    const auto file = folder.path / "points.csv";
    write_points(file, points);
    CHECK(read_points(file, 2) == points);
    points.labels.clear();
    write_points(file, points);
    CHECK(read_points(file, 2) == points);
    points.dimension = 1;
    write_points(file, points);
    CHECK(read_points(file, 1) == points);
    CHECK(number_text(0.1f) == "0.100000001");
    CHECK(number_text(1e-7) == "1e-07");
}

TEST_CASE("a failed write leaves the old file and nothing else") {
    const Folder folder;
    const auto file = folder.path / "out.txt";
    write_atomically(file, [](std::ostream& stream) { stream << "first"; });
    CHECK_THROWS_AS(write_atomically(file,
                                     [](std::ostream& stream) {
                                         stream << "sec";
                                         throw std::runtime_error("halfway");
                                     }),
                    std::runtime_error);
    CHECK(read_file(file) == "first");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
    CHECK_THROWS_AS(write_atomically(folder.path, [](std::ostream&) {}), Error);
    CHECK_THROWS_AS(write_atomically(folder.path / "none" / "x", [](std::ostream&) {}), Error);
    CHECK_THROWS_AS(write_atomically("/dev/null", [](std::ostream&) {}), Error);
    write_atomically(file, [](std::ostream& stream) { stream << "second"; });
    CHECK(read_file(file) == "second");
}

TEST_CASE("a finished file takes another's place, and a link stays one") {
    const Folder folder;
    const auto fill = [&](const std::string& text) {
        write_atomically(folder.path / "new", [&](std::ostream& stream) { stream << text; });
    };
    write_atomically(folder.path / "old", [](std::ostream& stream) { stream << "first"; });
    std::filesystem::create_symlink("old", folder.path / "link");
    fill("second");
    move_atomically(folder.path / "new", folder.path / "old");
    CHECK(read_file(folder.path / "old") == "second");
    fill("third");
    move_atomically(folder.path / "new", folder.path / "link");
    CHECK(std::filesystem::is_symlink(folder.path / "link"));
    CHECK(read_file(folder.path / "old") == "third");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 2);
    fill("fourth");
    CHECK_THROWS_AS(move_atomically(folder.path / "new", folder.path), Error);
    CHECK(read_file(folder.path / "new") == "fourth");
}

TEST_CASE("npy files have NumPy's header") {
    std::ostringstream stream;
    const std::int64_t shape[] = {2, 3};
    const float values[] = {1, 2, 3, 4, 5, 6};
    write_npy(stream, shape, values);
    const std::string bytes = stream.str();
    REQUIRE(bytes.size() > 24);
    const std::size_t header = 10 + static_cast<unsigned char>(bytes[8]);
    CHECK(bytes.substr(1, 5) == "NUMPY");
    CHECK(header % 64 == 0);
    CHECK(bytes[header - 1] == '\n');
    CHECK(bytes.find("'shape': (2,3,)") != std::string::npos);
    REQUIRE(bytes.size() == header + 24);
    float last = 0;
    std::memcpy(&last, bytes.data() + header + 20, 4);
    CHECK(last == 6);
}
