#include "app/export/png.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/error.hpp"
#include "tests/test.hpp"

using namespace driftglass;
namespace fs = std::filesystem;

TEST_CASE("a PNG is written whole, under its own name only") {
    const fs::path folder = fs::temp_directory_path() / "driftglass_png_test";
    fs::remove_all(folder);
    fs::create_directories(folder);
    const fs::path file = folder / "picture.png";
    std::vector<std::uint8_t> pixels(5 * 3 * 4, 255);
    write_png(file, pixels, 5, 3);
    std::ifstream in(file, std::ios::binary);
    const std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(in), {}};
    REQUIRE(bytes.size() > 40);
    CHECK(bytes[0] == 0x89);
    CHECK(bytes[1] == 'P');
    CHECK(bytes[19] == 5);  // width, big end first, then height
    CHECK(bytes[23] == 3);
    CHECK(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
    fs::remove_all(folder);
}

TEST_CASE("a PNG that cannot be written leaves nothing behind and names its file") {
    const fs::path file = fs::temp_directory_path() / "driftglass_no_such_folder" / "picture.png";
    const std::vector<std::uint8_t> pixels(4, 255);
    CHECK_THROWS_AS(write_png(file, pixels, 1, 1), Error);
    CHECK_THROWS_WITH(write_png(file, pixels, 1, 1), Catch::Matchers::Contains(file.string()));
}
