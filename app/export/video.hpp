#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>

namespace driftglass {

enum class VideoKind { mp4, gif };

/// The ffmpeg in PATH, else the one this build was given; empty: none.
std::filesystem::path find_ffmpeg();

/// A video made by ffmpeg (a process of its own) from raw frames. The file appears when finish() is
/// done; until then, and if anything fails, there is only a temporary one, which goes. A program
/// that uses it ignores SIGPIPE, or an ffmpeg that dies takes it along.
class VideoWriter {
public:
    struct Size {
        int width = 0, height = 0;  ///< even
        int frames_per_second = 30;
    };

    /// MP4: H.264, crf 18, yuv420p, BT.709. GIF: at most 800 pixels wide, 15 frames a second, its
    /// own palette. Throws Error where ffmpeg cannot be started.
    VideoWriter(const std::filesystem::path& ffmpeg, std::filesystem::path file, VideoKind kind,
                Size size);
    ~VideoWriter();
    VideoWriter(const VideoWriter&) = delete;
    VideoWriter& operator=(const VideoWriter&) = delete;

    /// One frame, [height, width, 4] RGBA, first row at the top. Throws Error with ffmpeg's last
    /// line.
    void add(std::span<const std::uint8_t> rgba);
    /// Waits for ffmpeg and puts the file in place. Throws Error with ffmpeg's last line.
    void finish();

private:
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void close_input();
    int wait();
    [[noreturn]] void fail();

    std::filesystem::path file_;
    std::filesystem::path temporary_;
    std::unique_ptr<std::FILE, CloseFile> log_;
    std::size_t frame_bytes_ = 0;
    pid_t process_ = -1;
    int input_ = -1;
};

}  // namespace driftglass
