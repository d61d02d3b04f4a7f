// The hosts that a token is for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/sender_rules.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kScopePatternsMax = 1000;

class HostScope {
  public:
    HostScope() = default;  // all hosts
    // "db1", "10.0.7.0/24", "web*"; none = all hosts. kInvalid names the one that is wrong.
    [[nodiscard]] static Result<HostScope> parse(std::span<const std::string> patterns);

    [[nodiscard]] bool is_all() const noexcept { return patterns_.empty(); }
    [[nodiscard]] bool includes(std::string_view host) const;
    // As they were given.
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }

  private:
    std::vector<HostPattern> patterns_;
    std::vector<std::string> texts_;
};

}  // namespace kurabe::server
