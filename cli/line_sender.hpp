// Hands lines to a server's /api/v1/lines. Rule: docs/operations.md, "Pushing lines".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <stop_token>
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

// Lines that nobody has judged: worth sending again.
struct NotTaken {
    enum class Why : std::uint8_t {
        kUnreached,  // nobody answered, or not in time
        kTooMuch,    // something in between takes no body of that size
        kForbidden,  // the server lets this sender send none of them
        kOther,      // it cannot take them now, or who answered is no server of ours
    };
    Why why;
    Error error;  // one line that names the URL
};

class LineSender {
  public:
    // kInvalid for a URL that is none or holds a password, and for a bad token file. `credentials`:
    // see open_secret_file().
    [[nodiscard]] static Result<LineSender> create(
        const LineServer& server, const std::optional<std::filesystem::path>& credentials);

    // What the server said of lines that it has judged: sent again, they would fare no better. A
    // status alone judges nothing, since a proxy answers with the same ones. `stop` gives up.
    [[nodiscard]] std::expected<SentLines, NotTaken> send(std::string_view lines,
                                                          std::chrono::seconds deadline,
                                                          const std::stop_token& stop = {}) const;

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
