// The output is cut into parts once; the parts stand in for the host's files.
#include "collectors/ssh/capture.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/fields.hpp"
#include "collectors/local.hpp"
#include "collectors/printable.hpp"
#include "collectors/ssh/remote_command.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kShownCaptureBytesMax = 120;

using Parts = std::map<std::string_view, std::string_view, std::less<>>;

// The files that came. Views into the output, which the owner of this keeps.
class CapturedFiles : public HostFiles {
  public:
    explicit CapturedFiles(const Parts& parts) : parts_(parts) {}

    [[nodiscard]] Result<std::string> read(std::string_view path) const override {
        const auto part = parts_.find(path);
        if (part == parts_.end()) {
            return fail(ErrorCode::kSystem,
                        fmt::format("cannot read {}: the host did not send it", path));
        }
        return std::string(part->second);
    }

    // Names of which at least one file came.
    [[nodiscard]] Result<std::vector<std::string>> list(std::string_view path) const override {
        const std::string prefix = std::string(path) + '/';
        std::vector<std::string> names;
        for (auto part = parts_.lower_bound(prefix);
             part != parts_.end() && part->first.starts_with(prefix); ++part) {
            const std::string_view rest = part->first.substr(prefix.size());
            const std::string_view name = rest.substr(0, rest.find('/'));
            if (names.empty() || names.back() != name) names.emplace_back(name);
        }
        if (names.size() > kDirectoryEntriesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{} has more than {} entries", path, kDirectoryEntriesMax));
        }
        std::ranges::sort(names);
        return names;
    }

  private:
    const Parts& parts_;
};

// "==> /proc/stat <==" -> "/proc/stat"
std::optional<std::string_view> part_name(std::string_view line) {
    constexpr std::string_view kBefore = "==> ";
    constexpr std::string_view kAfter = " <==";
    if (!line.starts_with(kBefore) || !line.ends_with(kAfter) ||
        line.size() <= kBefore.size() + kAfter.size()) {
        return std::nullopt;
    }
    return line.substr(kBefore.size(), line.size() - kBefore.size() - kAfter.size());
}

// Of a part that comes twice the first counts.
Result<Parts> split_parts(std::string_view text) {
    Parts parts;
    std::string_view name;
    const char* begin = text.data();
    const auto keep = [&](const char* end) {
        if (name.empty()) return;
        parts.emplace(name, std::string_view(begin, static_cast<std::size_t>(end - begin)));
    };
    for (const std::string_view line : split_lines(text)) {
        const auto next = part_name(line);
        if (!next) continue;
        keep(line.data());
        if (parts.size() == kCapturePartsMax) {
            return fail(
                ErrorCode::kLimit,
                fmt::format("the command's output has more than {} parts", kCapturePartsMax));
        }
        name = *next;
        begin = std::min(line.data() + line.size() + 1, text.data() + text.size());
    }
    keep(text.data() + text.size());
    return parts;
}

// What stands between the marks.
Result<std::string_view> find_body(std::string_view output) {
    std::string_view first;
    for (const std::string_view line : split_lines(output)) {
        if (!line.starts_with(kBeginMark)) {
            if (first.empty()) first = line;
            continue;
        }
        const std::string_view version = line.substr(kBeginMark.size());
        if (version != kCommandVersion) {
            return fail(ErrorCode::kUnsupported,
                        fmt::format("the host's forced command is of version '{}'; renew it with "
                                    "'kurabe collect ssh --forced-command'",
                                    printable(version, kShownCaptureBytesMax)));
        }
        if (!is_complete(output)) {
            return fail(ErrorCode::kInvalid, "the command's output broke off");
        }
        const auto begin = static_cast<std::size_t>(line.data() - output.data()) + line.size();
        return output.substr(begin, output.rfind(kEndMark) - begin);
    }
    if (output.empty()) return fail(ErrorCode::kInvalid, "the command printed nothing");
    return fail(ErrorCode::kInvalid, fmt::format("the command did not run, but printed '{}'",
                                                 printable(first, kShownCaptureBytesMax)));
}

// One line of `df -P -k`: name, blocks of 1024 bytes, used, available, share, mount point. Blocks
// below zero, where root took what was kept for it, are none.
std::optional<std::pair<std::string, FileSystemUse>> parse_use(std::string_view line) {
    const auto fields = split_fields(line);
    if (fields.size() < 6 || !fields[5].starts_with('/')) return std::nullopt;
    const auto count = [](std::string_view text) {
        return text.starts_with('-') && parse_count(text.substr(1))
                   ? std::optional(std::uint64_t{0})
                   : parse_count(text);
    };
    const auto blocks = count(fields[1]), used = count(fields[2]), available = count(fields[3]);
    if (!blocks || !used || !available) return std::nullopt;
    const char* const point = fields[5].data();  // to the end of the line: it may hold blanks
    return std::pair(std::string(point, line.data() + line.size()),
                     FileSystemUse{.block_bytes = 1024,
                                   .blocks = *blocks,
                                   .free_blocks = *blocks - std::min(*blocks, *used),
                                   .available_blocks = *available});
}

std::map<std::string, FileSystemUse> parse_uses(const Parts& parts) {
    std::map<std::string, FileSystemUse> uses;
    const auto part = parts.find(kUsePart);
    if (part == parts.end()) return uses;
    for (const std::string_view line : split_lines(part->second)) {
        if (auto use = parse_use(line)) uses.insert(*std::move(use));
    }
    return uses;
}

}  // namespace

bool is_complete(std::string_view output) noexcept {
    if (output.ends_with('\n')) output.remove_suffix(1);
    if (!output.ends_with(kEndMark)) return false;
    output.remove_suffix(kEndMark.size());
    return output.ends_with('\n');
}

Result<Report> read_capture(std::string_view output, std::string_view host, store::Time now) {
    if (output.size() > kCaptureBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("the command printed more than {} bytes", kCaptureBytesMax));
    }
    const auto body = find_body(output);
    if (!body) return std::unexpected(body.error());
    const auto parts = split_parts(*body);
    if (!parts) return std::unexpected(parts.error());
    const auto uses = parse_uses(*parts);
    const auto ask = [&uses](const std::filesystem::path& directory) -> Result<FileSystemUse> {
        const auto use = uses.find(directory.string());
        if (use != uses.end()) return use->second;
        return fail(ErrorCode::kSystem,
                    fmt::format("the host's df did not tell the use of {}", directory.string()));
    };
    return collect_base(CapturedFiles(*parts), ask, host, now);
}

}  // namespace kurabe::collectors::ssh
