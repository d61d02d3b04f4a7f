// One pass over the text. Lines of one host and plugin mostly follow each other, so what was found
// out for the line before is kept.
#include "collectors/line_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors {
namespace {

constexpr std::size_t kSubjectBytesMax = 200;

struct Columns {
    std::string_view host;
    std::string_view name;
    std::string_view value;
    std::string_view epoch;
};

// PLUGIN.KIND.KEY
struct Name {
    std::string_view plugin;
    std::string_view kind;
    std::string_view key;
};

// Up to `separator`, which goes too; nothing when there is none.
std::optional<std::string_view> take_until(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end + 1);
    return part;
}

Result<Columns> split_line(std::string_view line) {
    const auto host = take_until(line, '\t');
    const auto name = take_until(line, '\t');
    const auto value = take_until(line, '\t');
    if (!host || !name || !value || line.find('\t') != std::string_view::npos) {
        return invalid("four columns are needed, separated by tabs: HOST, NAME, VALUE, EPOCH");
    }
    return Columns{*host, *name, *value, line};
}

Result<Name> split_name(std::string_view name) {
    const auto plugin = take_until(name, '.');
    const auto kind = take_until(name, '.');
    if (!plugin || !kind) {
        return invalid("the name must be PLUGIN.metrics.KEY, PLUGIN.meta.KEY or PLUGIN.warn.KEY");
    }
    return Name{*plugin, *kind, name};
}

// "web1 disk.metrics.used.gauge": what it is about, without what it says of it.
std::string subject_of(std::string_view line) {
    const std::size_t host_end = std::min(line.find('\t'), line.size());
    const std::size_t name_end = std::min(line.find('\t', host_end + 1), line.size());
    std::string subject(line.substr(0, std::min(name_end, kSubjectBytesMax)));
    std::ranges::replace(subject, '\t', ' ');
    return subject;
}

bool says_nothing(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return true;
    return line[begin] == '#' || line.substr(begin).starts_with("//");
}

// Of text for people.
std::string once_encoded(std::string_view text) {
    return before_second_utf8(text).value_or(std::string(text));
}

class LineReader {
  public:
    explicit LineReader(const HostLookup& host_of) : reports_(host_of) {}

    [[nodiscard]] ReadLines read(std::string_view text);

  private:
    void take(std::string_view line);
    [[nodiscard]] Result<void> take_columns(const Columns& columns);
    // Makes `plugin_` that of its escaped name.
    [[nodiscard]] Result<void> choose_plugin(std::string_view escaped);
    [[nodiscard]] Result<void> add_sample(std::string_view key, const Columns& columns);
    [[nodiscard]] Result<void> add_text(const Name& name, const Columns& columns);
    void refuse(std::string reason) {
        reports_.refuse(line_, std::move(reason), subject_of(said_));
    }

    std::size_t line_ = 0;
    std::string_view said_;  // by that line
    std::size_t bytes_left_ = 0;
    SentReports reports_;
    std::string_view escaped_plugin_;  // of the text, which lives longer than the reader
    std::string plugin_;
};

ReadLines LineReader::read(std::string_view text) {
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        bytes_left_ = text.size();
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        ++line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!says_nothing(line)) take(line);
    }
    return reports_.finish();
}

void LineReader::take(std::string_view line) {
    said_ = line;
    if (line.size() > kLineBytesMax) {
        return refuse(fmt::format("the line is over {} bytes", kLineBytesMax));
    }
    if (reports_.is_full()) return refuse(fmt::format("more than {} lines", kLinesMax));
    if (!is_ascii(line) && !is_utf8(line)) return refuse("the line is not UTF-8");
    const auto columns = split_line(line);
    if (!columns) return refuse(columns.error().message);
    if (auto taken = take_columns(*columns); !taken) {
        return refuse(std::move(taken).error().message);
    }
}

Result<void> LineReader::take_columns(const Columns& columns) {
    const auto name = split_name(columns.name);
    if (!name) return std::unexpected(name.error());
    const bool is_sample = name->kind == "metrics";
    if (!is_sample && name->kind != "meta" && name->kind != "warn") {
        return invalid("the name has no 'metrics', 'meta' or 'warn' behind the plugin");
    }
    if (auto chosen = choose_plugin(name->plugin); !chosen) return chosen;
    constexpr std::size_t kBytesPerLine = 40;
    if (auto chosen = reports_.choose_host(columns.host, bytes_left_ / kBytesPerLine + 1);
        !chosen) {
        return chosen;
    }
    if (is_sample) return add_sample(name->key, columns);
    return add_text(*name, columns);
}

Result<void> LineReader::choose_plugin(std::string_view escaped) {
    if (escaped == escaped_plugin_ && !plugin_.empty()) return {};
    std::string plugin = escaped.find('%') == std::string_view::npos ? std::string(escaped)
                                                                     : percent_decoded(escaped);
    if (auto checked = store::check_plugin(plugin); !checked) return checked;
    if (!is_utf8(plugin)) return invalid("the plugin is not UTF-8");
    escaped_plugin_ = escaped;
    plugin_ = std::move(plugin);
    return {};
}

Result<void> LineReader::add_sample(std::string_view key, const Columns& columns) {
    const auto time = parse_epoch(columns.epoch);
    if (!time) return std::unexpected(time.error());
    const auto once = before_second_utf8(key);
    return reports_.add_sample(plugin_, once ? std::string_view(*once) : key, columns.value, *time);
}

Result<void> LineReader::add_text(const Name& name, const Columns& columns) {
    const auto time = parse_epoch(columns.epoch);
    if (!time) return std::unexpected(time.error());
    const std::string key = once_encoded(name.key);
    const std::string text = once_encoded(columns.value);
    return name.kind == "meta" ? reports_.add_meta(plugin_, key, text, *time)
                               : reports_.add_warning(plugin_, key, text, *time);
}

}  // namespace

ReadLines read_lines(std::string_view text, const HostLookup& host_of) {
    return LineReader(host_of).read(text);
}

ReadLines read_lines(std::string_view text) {
    return read_lines(text, HostLookup());
}

}  // namespace kurabe::collectors
