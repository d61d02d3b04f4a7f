// One line per request: who asked for what, and what became of it. No line has more of an address
// than its path, because queries may hold secrets; bytes of a request forge none (server/log.hpp).
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "collectors/descriptor.hpp"
#include "server/log.hpp"
#include "store/result.hpp"

namespace kurabe::server {

struct AnsweredRequest {
    std::string_view peer;
    std::string_view caller;  // a user or token; empty for nobody
    std::string_view method;  // empty, as the path, where the request was malformed
    std::string_view path;
    int status = 0;
    std::size_t body_bytes = 0;  // of the answer
    std::chrono::microseconds duration{0};
};

// Thread-safe.
class AccessLog {
  public:
    AccessLog();  // writes nowhere
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    // From now on to the end of this file, which is made when there is none, or to standard output
    // for kStandardOutput; nowhere for none. Opens it anew also when it is the same, because it may
    // have been moved away. Goes on as before when that fails.
    [[nodiscard]] Result<void> follow(const std::optional<std::filesystem::path>& file);

    [[nodiscard]] bool is_kept() const noexcept { return is_kept_; }
    void write(const AnsweredRequest& request);

  private:
    collectors::Descriptor descriptor_;  // always the same number
    Log log_;
    std::atomic<bool> is_kept_ = false;
};

}  // namespace kurabe::server
