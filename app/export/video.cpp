#include "app/export/video.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/data/atomic_file.hpp"
#include "core/error.hpp"

extern char** environ;

namespace driftglass {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ffmpeg_arguments(const fs::path& ffmpeg, const fs::path& file,
                                          VideoKind kind, VideoWriter::Size size) {
    std::vector<std::string> arguments = {
        ffmpeg.string(),
        "-hide_banner",
        "-nostdin",
        "-loglevel",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pixel_format",
        "rgba",
        "-video_size",
        std::to_string(size.width) + "x" + std::to_string(size.height),
        "-framerate",
        std::to_string(size.frames_per_second),
        "-i",
        "pipe:0"};
    if (kind == VideoKind::mp4) {
        // Tagged and converted as BT.709: players would otherwise guess, and colours shift.
        for (const char* word :
             {"-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264", "-crf", "18",
              "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709",
              "-color_trc", "bt709", "-movflags", "+faststart", "-f", "mp4"}) {
            arguments.emplace_back(word);
        }
    } else {
        const int width = size.width > 800 ? 800 : size.width;
        arguments.insert(arguments.end(),
                         {"-filter_complex",
                          "fps=15,scale=" + std::to_string(width) +
                              ":-2:flags=lanczos,split[a][b];[a]palettegen=stats_mode=full[p];"
                              "[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle",
                          "-loop", "0", "-f", "gif"});
    }
    arguments.push_back(file.string());
    return arguments;
}

std::string last_line(std::FILE* log) {
    std::string text;
    std::rewind(log);
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, log)) {
        text.append(buffer, count);
        if (text.size() > 65536) text.erase(0, text.size() - 32768);
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    const std::size_t start = text.find_last_of('\n');
    return start == std::string::npos ? text : text.substr(start + 1);
}

}  // namespace

fs::path find_ffmpeg() {
    const auto usable = [](const fs::path& file) {
        std::error_code error;
        return fs::is_regular_file(file, error) && access(file.c_str(), X_OK) == 0;
    };
    if (const char* path = std::getenv("PATH")) {
        std::string_view rest = path;
        while (!rest.empty()) {
            const std::size_t end = rest.find(':');
            const fs::path folder = rest.substr(0, end);
            if (!folder.empty() && usable(folder / "ffmpeg")) return folder / "ffmpeg";
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }
    const fs::path own = DRIFTGLASS_FFMPEG;
    return !own.empty() && usable(own) ? own : fs::path{};
}

VideoWriter::VideoWriter(const fs::path& ffmpeg, fs::path file, VideoKind kind, Size size)
    : file_(std::move(file)), log_(std::tmpfile()) {
    temporary_ = file_;
    temporary_ += "." + std::to_string(getpid()) + ".part";
    frame_bytes_ = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) * 4;
    int ends[2];
    if (!log_ || pipe(ends) != 0) {
        throw Error("ffmpeg cannot be started: " + std::string(std::strerror(errno)));
    }
    // Neither end may leak into other processes, or ffmpeg would never see the end of its input.
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);

    std::vector<std::string> arguments = ffmpeg_arguments(ffmpeg, temporary_, kind, size);
    std::vector<char*> pointers;
    for (std::string& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(log_.get()), STDERR_FILENO);
    // A group of its own: Ctrl-C is for this program, which then ends ffmpeg.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    const int error =
        posix_spawn(&process_, ffmpeg.c_str(), &actions, &attributes, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[0]);
    if (error != 0) {
        close(ends[1]);
        process_ = -1;
        throw Error(ffmpeg.string() + " cannot be started: " + std::strerror(error));
    }
    input_ = ends[1];
}

VideoWriter::~VideoWriter() {
    close_input();
    if (process_ > 0) {
        kill(process_, SIGKILL);
        wait();
    }
    std::error_code ignored;
    fs::remove(temporary_, ignored);
}

void VideoWriter::close_input() {
    if (input_ >= 0) close(input_);
    input_ = -1;
}

int VideoWriter::wait() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
}

void VideoWriter::fail() {
    close_input();
    if (process_ > 0) wait();
    const std::string reason = last_line(log_.get());
    throw Error(file_.string() + ": ffmpeg failed" + (reason.empty() ? "" : ": " + reason));
}

void VideoWriter::add(std::span<const std::uint8_t> rgba) {
    if (rgba.size() != frame_bytes_) {
        throw std::logic_error("a video frame of the wrong size");
    }
    while (!rgba.empty()) {
        const ssize_t written = write(input_, rgba.data(), rgba.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail();
        rgba = rgba.subspan(static_cast<std::size_t>(written));
    }
}

void VideoWriter::finish() {
    close_input();
    const int status = wait();
    std::error_code error;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || fs::file_size(temporary_, error) == 0 ||
        error) {
        fail();
    }
    move_atomically(temporary_, file_);
}

}  // namespace driftglass
