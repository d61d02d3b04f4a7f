// The lines of a reply of rrdcached out of a text.
#pragma once

#include <string_view>

#include "cli/rrdcached/reply.hpp"

namespace kurabe::tests {

class TextReply : public cli::rrdcached::ReplyLines {
  public:
    // `text` must outlive this.
    explicit TextReply(std::string_view text) : rest_(text) {}

    [[nodiscard]] Result<std::string_view> next_line() override {
        const auto end = rest_.find('\n');
        if (end == std::string_view::npos) return fail(ErrorCode::kSystem, "closed");
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return line;
    }

  private:
    std::string_view rest_;
};

}  // namespace kurabe::tests
