#include "app/export/video.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/skip.hpp"
#include "tests/test.hpp"

using namespace driftglass;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("driftglass-video-" + std::to_string(getpid()));
    Folder() {
        fs::create_directories(path);
        std::signal(SIGPIPE, SIG_IGN);
    }
    ~Folder() { fs::remove_all(path); }
    long files() const {
        return std::distance(fs::directory_iterator(path), fs::directory_iterator());
    }
};

constexpr VideoWriter::Size size{64, 48, 30};
const std::vector<std::uint8_t> frame(64 * 48 * 4, 128);

std::string first_bytes(const fs::path& file, std::size_t count) {
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(count, 0);
    stream.read(bytes.data(), static_cast<std::streamsize>(count));
    return bytes;
}

}  // namespace

TEST_CASE("videos appear whole when they are finished") {
    const fs::path ffmpeg = find_ffmpeg();
    if (ffmpeg.empty()) {
        tests::skip("there is no ffmpeg here");
        return;
    }
    const Folder folder;
    for (const VideoKind kind : {VideoKind::mp4, VideoKind::gif}) {
        const fs::path file = folder.path / (kind == VideoKind::mp4 ? "a.mp4" : "a.gif");
        VideoWriter writer(ffmpeg, file, kind, size);
        for (int i = 0; i < 10; ++i)
            writer.add(frame);
        CHECK_FALSE(fs::exists(file));
        writer.finish();
        CHECK(fs::file_size(file) > 100);
    }
    CHECK(first_bytes(folder.path / "a.mp4", 8).substr(4) == "ftyp");
    CHECK(first_bytes(folder.path / "a.gif", 6) == "GIF89a");
    CHECK(folder.files() == 2);
}

TEST_CASE("a video that is given up leaves nothing") {
    const fs::path ffmpeg = find_ffmpeg();
    if (ffmpeg.empty()) {
        tests::skip("there is no ffmpeg here");
        return;
    }
    const Folder folder;
    {
        VideoWriter writer(ffmpeg, folder.path / "a.mp4", VideoKind::mp4, size);
        writer.add(frame);
    }
    CHECK(folder.files() == 0);
}

TEST_CASE("an ffmpeg that fails is an error and leaves nothing") {
    const Folder folder;
    const fs::path failing = folder.path / "failing";
    std::ofstream(failing) << "#!/bin/sh\necho one >&2\necho Unknown encoder >&2\nexit 1\n";
    fs::permissions(failing, fs::perms::owner_all);
    const auto use = [&](const fs::path& program) {
        VideoWriter writer(program, folder.path / "a.mp4", VideoKind::mp4, size);
        // More than a pipe holds, so that a process that has gone is noticed while writing too.
        for (int i = 0; i < 100; ++i)
            writer.add(frame);
        writer.finish();
    };
    CHECK_THROWS_WITH(use(failing), Catch::Contains("a.mp4: ffmpeg failed: Unknown encoder"));
    CHECK_THROWS_AS(use(folder.path / "missing"), Error);
    CHECK(folder.files() == 1);
}
