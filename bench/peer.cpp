#include "bench/peer.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace driftglass::bench {

Peer::Peer(const std::vector<std::string>& command) {
    std::signal(SIGPIPE, SIG_IGN);
    int in[2], out[2];
    if (pipe(in) != 0) return;
    if (pipe(out) != 0) {
        close(in[0]);
        close(in[1]);
        return;
    }
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    child_ = fork();
    if (child_ == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (const int end : {in[0], in[1], out[0], out[1]})
            close(end);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
}

Peer::~Peer() {
    if (to_ >= 0) close(to_);
    if (from_ >= 0) close(from_);
    if (child_ > 0) {
        kill(child_, SIGTERM);
        waitpid(child_, nullptr, 0);
    }
}

std::string Peer::ask(const std::string& line) {
    const std::string text = line + "\n";
    if (to_ < 0 || write(to_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        return "";
    }
    return next_line().value_or("");
}

std::optional<std::string> Peer::next_line() {
    std::string line;
    for (char letter; read(from_, &letter, 1) == 1; line += letter) {
        if (letter == '\n') return line;
    }
    return std::nullopt;
}

}  // namespace driftglass::bench
