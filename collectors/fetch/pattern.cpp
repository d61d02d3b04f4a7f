// RE2, with its limits and its messages.
#include "collectors/fetch/pattern.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

namespace kurabe::collectors::fetch {
namespace {

RE2::Options options() {
    constexpr std::int64_t kMemoryBytesMax = 1 << 20;
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(kMemoryBytesMax);
    return options;
}

}  // namespace

struct Pattern::Parts {
    explicit Parts(const std::string& text) : expression(text, options()) {}

    RE2 expression;
    std::map<int, std::string> names;  // of groups, by their number
};

Result<Pattern> Pattern::compile(std::string_view text) {
    if (text.size() > kPatternBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("a regular expression of over {} bytes", kPatternBytesMax));
    }
    auto parts = std::make_shared<Parts>("(?m)" + std::string(text));
    if (!parts->expression.ok()) {
        return fail(ErrorCode::kInvalid, "not a regular expression: " + parts->expression.error());
    }
    if (parts->expression.ProgramSize() > kPatternSizeMax) {
        return fail(ErrorCode::kLimit, "a regular expression with too many repetitions");
    }
    parts->names = parts->expression.CapturingGroupNames();
    if (parts->names.empty()) {
        return fail(ErrorCode::kInvalid,
                    "a regular expression without a named group; write (?P<name>...) for what it "
                    "is to find");
    }
    return Pattern(std::move(parts));
}

void Pattern::find(std::string_view text, std::size_t matches_max,
                   const std::function<void(const Groups&)>& found) const {
    const RE2& expression = parts_->expression;
    const re2::StringPiece whole(text.data(), std::min(text.size(), kPatternTextMax));
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(expression.NumberOfCapturingGroups()) + 1);
    std::size_t at = 0;
    for (std::size_t count = 0; count < std::min(matches_max, kPatternMatchesMax); ++count) {
        if (at > whole.size() ||
            !expression.Match(whole, at, whole.size(), RE2::UNANCHORED, groups.data(),
                              static_cast<int>(groups.size()))) {
            return;
        }
        Groups named;
        for (const auto& [number, name] : parts_->names) {
            const re2::StringPiece& group = groups[static_cast<std::size_t>(number)];
            if (group.data() != nullptr) named.push_back({name, {group.data(), group.size()}});
        }
        found(named);
        const auto end =
            static_cast<std::size_t>(groups[0].data() - whole.data()) + groups[0].size();
        at = groups[0].empty() ? end + 1 : end;
    }
}

}  // namespace kurabe::collectors::fetch
