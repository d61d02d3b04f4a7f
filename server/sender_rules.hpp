// Who may send lines of which hosts, so that one machine cannot write another one's numbers.
// Rule: our own key `senders:` of the configuration, docs/operations.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/ip_network.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Hosts that a rule is about: one, a network of numeric ones, or all that begin alike.
class HostPattern {
  public:
    // "db1", "10.0.7.0/24", "web*", "*". kInvalid says what is wrong.
    [[nodiscard]] static Result<HostPattern> parse(std::string_view text);
    [[nodiscard]] bool matches(std::string_view host) const;
    // As it was given.
    [[nodiscard]] std::string text() const { return is_beginning_ ? text_ + '*' : text_; }

  private:
    std::string text_;  // without the '*' of a beginning
    bool is_beginning_ = false;
    std::vector<IpNetwork> networks_;  // one or none
};

struct SenderRule {
    std::vector<HostPattern> hosts;
    std::vector<IpNetwork> networks;
    bool allows_itself = false;          // the host's own address, when it is numeric
    std::vector<std::string> from = {};  // who that is, as it was given
};

// Immutable.
class SenderRules {
  public:
    SenderRules() = default;  // anybody may send anything
    explicit SenderRules(std::vector<SenderRule> rules) : rules_(std::move(rules)) {}

    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }
    [[nodiscard]] const std::vector<SenderRule>& rules() const noexcept { return rules_; }
    // The first rule that is about the host decides, by its address or by what it is called
    // besides; without one anybody may send its lines. `sender` is numeric. kForbidden names both.
    [[nodiscard]] Result<void> check(std::string_view address, std::string_view sender,
                                     std::string_view name = {}) const;

  private:
    std::vector<SenderRule> rules_;
};

}  // namespace kurabe::server
