// sigwait(3): the signal arrives as a return value, so nothing runs in a signal handler.
#include "cli/stop_signal.hpp"

#include <csignal>

#include <pthread.h>

namespace kurabe::cli {

namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

// For children of fork(2), which libraries start as programs: with the signals blocked that end a
// program, nobody could end them.
void restore_signals() {
    const sigset_t set = stop_signals();
    std::signal(SIGPIPE, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

std::string_view name_of(int signal) {
    switch (signal) {
        case SIGTERM:
            return "SIGTERM";
        case SIGINT:
            return "SIGINT";
        default:
            return kReloadSignal;
    }
}

}  // namespace

StopSignal::StopSignal() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    pthread_atfork(nullptr, nullptr, restore_signals);
}

std::string_view StopSignal::wait() const {
    const sigset_t set = stop_signals();
    int signal = 0;
    while (sigwait(&set, &signal) != 0) {
    }
    return name_of(signal);
}

std::optional<std::string_view> StopSignal::wait_for(std::chrono::seconds longest) const {
    const sigset_t set = stop_signals();
    const timespec time{.tv_sec = longest.count(), .tv_nsec = 0};
    const int signal = sigtimedwait(&set, nullptr, &time);
    if (signal < 0) return std::nullopt;
    return name_of(signal);
}

}  // namespace kurabe::cli
