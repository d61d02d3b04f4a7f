// Six lines "NAME: VALUE" in a fixed order, then a line "TIME: NUMBER NUMBER..." for each row.
#include "cli/rrdcached/fetch_reply.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "store/integer.hpp"
#include "store/number.hpp"

namespace kurabe::cli::rrdcached {
namespace {

using store::Seconds;
using store::Time;

constexpr std::int64_t kHeaderLines = 6;
constexpr std::int64_t kFormatVersion = 1;
constexpr std::int64_t kSourcesMax = 100'000;

std::unexpected<Error> unreadable(std::string_view what, std::string_view line) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: '{}'", what, shown(line)));
}

// Words between single blanks, from left to right.
std::string_view take_word(std::string_view& text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

class Reader {
  public:
    Reader(ReplyLines& lines, std::int64_t count) noexcept : lines_(lines), count_(count) {}

    Result<NamedRows> read() {
        if (auto header = read_header(); !header) return std::unexpected(header.error());
        if (auto names = read_names(); !names) return std::unexpected(names.error());
        if (auto rows = read_rows(); !rows) return std::unexpected(rows.error());
        return std::move(read_);
    }

  private:
    // What stands behind "NAME:" on the next line.
    Result<std::string_view> field(std::string_view name) {
        const auto line = lines_.next_line();
        if (!line) return line;
        if (!line->starts_with(name) || !line->substr(name.size()).starts_with(':')) {
            return unreadable(fmt::format("'{}' expected in a reply with rows", name), *line);
        }
        return line->substr(name.size() + 1);
    }

    Result<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most) {
        auto text = field(name);
        if (!text) return std::unexpected(text.error());
        const auto number = store::whole_integer<std::int64_t>(take_word(*text));
        if (number && *number >= least && *number <= most) return *number;
        return unreadable(fmt::format("invalid number for {}", name), *text);
    }

    Result<void> read_header() {
        if (count_ < kHeaderLines) {
            return fail(ErrorCode::kInvalid, "a reply with rows ends in its header");
        }
        constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
        const auto version = number("FlushVersion", kFormatVersion, kFormatVersion);
        if (!version) return std::unexpected(version.error());
        const auto start = number("Start", 0, kAny);
        if (!start) return std::unexpected(start.error());
        const auto end = number("End", *start, kAny);
        if (!end) return std::unexpected(end.error());
        const auto step = number("Step", 1, kAny);
        if (!step) return std::unexpected(step.error());
        const auto sources = number("DSCount", 1, kSourcesMax);
        if (!sources) return std::unexpected(sources.error());
        read_.rows.start = Time{Seconds{*start}};
        read_.rows.end = Time{Seconds{*end}};
        read_.rows.step = Seconds{*step};
        read_.rows.sources = static_cast<std::size_t>(*sources);
        return check_size();
    }

    // There is a line for each row, so that a daemon cannot ask for more memory than it sends.
    Result<void> check_size() const {
        const auto& rows = read_.rows;
        const std::int64_t lines = count_ - kHeaderLines;
        if ((rows.end - rows.start) / rows.step != lines) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("a reply with {} rows, and {} expected", lines,
                                    (rows.end - rows.start) / rows.step));
        }
        if (static_cast<std::uint64_t>(lines) * rows.sources > store::rrd::kFetchedValuesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("more than {} values in a reply; use a shorter range",
                                    store::rrd::kFetchedValuesMax));
        }
        return {};
    }

    Result<void> read_names() {
        auto text = field("DSName");
        if (!text) return std::unexpected(text.error());
        for (std::string_view rest = *text; read_.names.size() < read_.rows.sources;) {
            const std::string_view name = take_word(rest);
            if (name.empty()) return unreadable("too few names of data sources", *text);
            read_.names.emplace_back(name);
        }
        return {};
    }

    Result<void> read_rows() {
        const auto& rows = read_.rows;
        Time time = rows.start;
        for (std::int64_t row = kHeaderLines; row < count_; ++row) {
            time += rows.step;
            const auto line = lines_.next_line();
            if (!line) return std::unexpected(line.error());
            if (!read_row(*line, time)) return unreadable("this is no row of values", *line);
        }
        return {};
    }

    bool read_row(std::string_view line, Time time) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        std::string_view text = line.substr(0, colon);
        if (store::whole_integer<std::int64_t>(take_word(text)) != time.time_since_epoch().count())
            return false;
        line.remove_prefix(colon + 1);
        for (std::size_t i = 0; i < read_.rows.sources; ++i) {
            const auto value = store::parse_number(take_word(line));
            if (!value) return false;
            read_.rows.values.push_back(store::rrd::as_stored(*value));
        }
        return true;
    }

    ReplyLines& lines_;
    std::int64_t count_;
    NamedRows read_;
};

}  // namespace

Result<NamedRows> read_fetch_reply(ReplyLines& lines, std::int64_t count) {
    return Reader(lines, count).read();
}

}  // namespace kurabe::cli::rrdcached
