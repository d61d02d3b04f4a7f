// Lines of the log, on a descriptor whose file can be another one from one line to the next.
#include "server/access_log.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "server/serving_config.hpp"

namespace kurabe::server {
namespace {

constexpr ::mode_t kMode = 0640;  // addresses of people are not for everybody

std::string or_dash(std::string_view text) {
    return std::string(text.empty() ? "-" : text);
}

collectors::Descriptor open_target(const std::filesystem::path& file) {
    if (file == kStandardOutput) {
        return collectors::Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
    }
    return collectors::Descriptor(
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, kMode));
}

}  // namespace

AccessLog::AccessLog()
    : descriptor_(::open("/dev/null", O_WRONLY | O_CLOEXEC)),
      log_(descriptor_.number(), LogLevel::kInfo) {}

Result<void> AccessLog::follow(const std::optional<std::filesystem::path>& file) {
    if (!file) {
        is_kept_ = false;
        return {};
    }
    const collectors::Descriptor target = open_target(*file);
    if (target.number() < 0 ||
        ::dup3(target.number(), descriptor_.number(), O_CLOEXEC) != descriptor_.number()) {
        const std::string reason = std::generic_category().message(errno);
        return fail(ErrorCode::kSystem,
                    fmt::format("access log {}: cannot be opened: {}", file->native(), reason));
    }
    is_kept_ = true;
    return {};
}

void AccessLog::write(const AnsweredRequest& request) {
    if (!is_kept_) return;
    using Milliseconds = std::chrono::duration<double, std::milli>;
    log_.info("request", {{"peer", or_dash(request.peer)},
                          {"caller", or_dash(request.caller)},
                          {"method", or_dash(request.method)},
                          {"path", or_dash(request.path)},
                          {"status", std::to_string(request.status)},
                          {"bytes", std::to_string(request.body_bytes)},
                          {"ms", fmt::format("{:.1f}", Milliseconds(request.duration).count())}});
}

}  // namespace kurabe::server
