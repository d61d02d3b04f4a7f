// Hands lines to a server's /api/v1/lines. Rule: docs/operations.md, "Pushing lines".
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli {

// Where lines go, as commands name it.
struct LineServer {
    std::string url;  // "http://host:5434", what lies in front of /api/v1/lines
    std::optional<std::filesystem::path> token_file;
};

struct SentLines {
    std::size_t accepted = 0;
    std::size_t refused = 0;
    std::string reason;  // of the first that was refused
};

class LineSender {
  public:
    // kInvalid for a URL that is none or holds a password, and for a bad token file.
    [[nodiscard]] static Result<LineSender> create(const LineServer& server);

    // What the server said of lines that it has judged: sent again, they would fare no better.
    // kSystem when it could not be reached, and kInUse when it could not take them or let this
    // sender in: they are worth sending again. The message is one line and names the URL.
    [[nodiscard]] Result<SentLines> send(std::string_view lines,
                                         std::chrono::seconds deadline) const;

    // The machine in the URL.
    [[nodiscard]] const std::string& host() const noexcept { return host_; }

  private:
    LineSender(std::string url, std::string host, std::string token)
        : url_(std::move(url)), host_(std::move(host)), token_(std::move(token)) {}

    std::string url_;
    std::string host_;
    std::string token_;  // empty: none
};

}  // namespace kurabe::cli
