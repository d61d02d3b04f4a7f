// Patterns of hosts and the first rule that fits.
#include "server/sender_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/sample.hpp"

namespace kurabe::server {
namespace {

bool allows(const SenderRule& rule, std::string_view host, const IpAddress& sender) {
    if (rule.allows_itself && IpAddress::parse(host) == sender) return true;
    return std::ranges::any_of(
        rule.networks, [&sender](const IpNetwork& network) { return network.contains(sender); });
}

}  // namespace

Result<HostPattern> HostPattern::parse(std::string_view text) {
    HostPattern pattern;
    pattern.text_ = text;
    if (text.find('/') != std::string_view::npos) {
        auto network = IpNetwork::parse(text);
        if (!network) return std::unexpected(network.error());
        pattern.networks_.push_back(*network);
        return pattern;
    }
    if (text.ends_with('*')) {
        pattern.is_beginning_ = true;
        pattern.text_.pop_back();
    }
    if (pattern.text_.find('*') != std::string::npos) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' has a '*' before its end", text));
    }
    if (pattern.is_beginning_ && pattern.text_.empty()) return pattern;
    if (auto checked = store::check_host(pattern.text_); !checked) {
        return std::unexpected(checked.error());
    }
    return pattern;
}

bool HostPattern::matches(std::string_view host) const {
    if (!networks_.empty()) {
        const auto address = IpAddress::parse(host);
        return address && networks_.front().contains(*address);
    }
    return is_beginning_ ? host.starts_with(text_) : host == text_;
}

Result<void> SenderRules::check(std::string_view address, std::string_view sender,
                                std::string_view name) const {
    const auto about_host = [&](const SenderRule& rule) {
        return std::ranges::any_of(rule.hosts, [&](const HostPattern& pattern) {
            return pattern.matches(address) || (!name.empty() && pattern.matches(name));
        });
    };
    const auto rule = std::ranges::find_if(rules_, about_host);
    if (rule == rules_.end()) return {};
    const auto peer = IpAddress::parse(sender);
    if (peer && allows(*rule, address, *peer)) return {};
    return fail(ErrorCode::kForbidden,
                fmt::format("'{}' may not be sent from {}", address, sender));
}

}  // namespace kurabe::server
