// Calls until it is told to stop.
#include "cli/lasting_thread.hpp"

#include <exception>
#include <utility>

namespace kurabe::cli {

void LastingThread::start(server::Log& log, Work work) {
    thread_ = std::jthread([&log, work = std::move(work)](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            try {
                work(stop);
            } catch (const std::exception& exception) {
                log.error("task failed", {{"reason", exception.what()}});
            }
        }
    });
}

void LastingThread::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace kurabe::cli
