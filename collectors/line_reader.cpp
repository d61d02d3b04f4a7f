// One pass over the text. Lines of one host and plugin mostly follow each other, so what was found
// out for the line before is kept.
#include "collectors/line_reader.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "store/archive_name.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors {
namespace {

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

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

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

bool says_nothing(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return true;
    return line[begin] == '#' || line.substr(begin).starts_with("//");
}

// Of text for people.
std::string readable(std::string_view text) {
    std::string shown = before_second_utf8(text).value_or(std::string(text));
    std::ranges::replace_if(
        shown, [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; },
        '?');
    return shown;
}

// The store's message holds all of the value, as rrdtool's does.
Error shown(const Error& error, std::string_view value) {
    constexpr std::size_t kShownBytesMax = 100;
    if (value.size() <= kShownBytesMax) return error;
    return {error.code, fmt::format("the value '{}...' of {} bytes is wrong",
                                    store::utf8_prefix(value, kShownBytesMax), value.size())};
}

class LineReader {
  public:
    explicit LineReader(const HostCheck& may_send) : may_send_(may_send) {}

    [[nodiscard]] ReadLines read(std::string_view text);

  private:
    // A report with what is needed until it is finished.
    struct Filling {
        Report report;
        store::SampleTime newest_sample{};
        store::SampleTime newest_text{};
        bool is_in_order = true;
    };

    void take(std::string_view line);
    [[nodiscard]] Result<void> take_columns(const Columns& columns);
    // Makes `filling_` the host's.
    [[nodiscard]] Result<void> choose_host(std::string_view host);
    [[nodiscard]] Result<void> begin_host(std::string_view host);
    // Makes `plugin_` that of its escaped name.
    [[nodiscard]] Result<void> choose_plugin(std::string_view escaped);
    [[nodiscard]] Result<void> add_sample(std::string_view key, const Columns& columns);
    [[nodiscard]] Result<void> add_text(const Name& name, const Columns& columns);
    void refuse(std::string reason);
    [[nodiscard]] ReadLines finish();

    const HostCheck& may_send_;
    std::size_t line_ = 0;
    std::size_t bytes_left_ = 0;
    ReadLines done_;
    std::vector<Filling> filled_;
    // Views of the text, which lives longer than the reader.
    std::unordered_map<std::string_view, std::size_t> places_;
    std::string_view host_;
    std::size_t filling_ = 0;
    std::string_view escaped_plugin_;
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
    return finish();
}

void LineReader::take(std::string_view line) {
    if (line.size() > kLineBytesMax) {
        return refuse(fmt::format("the line is over {} bytes", kLineBytesMax));
    }
    if (done_.taken >= kLinesMax) return refuse(fmt::format("more than {} lines", kLinesMax));
    if (!is_ascii(line) && !is_utf8(line)) return refuse("the line is not UTF-8");
    const auto columns = split_line(line);
    if (!columns) return refuse(columns.error().message);
    if (auto taken = take_columns(*columns); !taken) {
        return refuse(std::move(taken).error().message);
    }
    ++done_.taken;
}

Result<void> LineReader::take_columns(const Columns& columns) {
    const auto name = split_name(columns.name);
    if (!name) return std::unexpected(name.error());
    const bool is_sample = name->kind == "metrics";
    if (!is_sample && name->kind != "meta" && name->kind != "warn") {
        return invalid("the name has no 'metrics', 'meta' or 'warn' behind the plugin");
    }
    if (auto chosen = choose_plugin(name->plugin); !chosen) return chosen;
    if (auto chosen = choose_host(columns.host); !chosen) return chosen;
    if (is_sample) return add_sample(name->key, columns);
    return add_text(*name, columns);
}

Result<void> LineReader::choose_host(std::string_view host) {
    if (!filled_.empty() && host == host_) return {};
    const auto known = places_.find(host);
    if (known == places_.end()) return begin_host(host);
    host_ = host;
    filling_ = known->second;
    return {};
}

Result<void> LineReader::begin_host(std::string_view host) {
    if (const auto name = store::archive_name_of(host); !name) {
        return std::unexpected(name.error());
    }
    if (may_send_) {
        if (auto allowed = may_send_(host); !allowed) {
            ++done_.forbidden;
            return allowed;
        }
    }
    if (filled_.size() >= kLineHostsMax) {
        return invalid(fmt::format("more than {} hosts", kLineHostsMax));
    }
    places_.emplace(host, filled_.size());
    host_ = host;
    filling_ = filled_.size();
    Filling& begun = filled_.emplace_back();
    begun.report.batch.host = host;
    // Most bodies are one host's: room for all of it at once.
    constexpr std::size_t kBytesPerLine = 40;
    constexpr std::size_t kMost = 1024;
    begun.report.batch.samples.reserve(std::min(bytes_left_ / kBytesPerLine + 1, kMost));
    return {};
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
    if (auto checked = store::check_key(key); !checked) return checked;
    const auto type = store::ds_type_of_key(key);
    if (!type) return std::unexpected(type.error());
    const auto value = store::parse_raw_value(columns.value, *type);
    if (!value) return std::unexpected(shown(value.error(), columns.value));
    const auto time = parse_epoch(columns.epoch);
    if (!time) return std::unexpected(time.error());
    auto once = before_second_utf8(key);
    Filling& filling = filled_[filling_];
    if (*time < filling.newest_sample) filling.is_in_order = false;
    filling.newest_sample = std::max(filling.newest_sample, *time);
    filling.report.batch.samples.push_back(
        {plugin_, once ? *std::move(once) : std::string(key), *value, *time});
    return {};
}

Result<void> LineReader::add_text(const Name& name, const Columns& columns) {
    if (auto checked = store::check_key(name.key); !checked) return checked;
    const auto time = parse_epoch(columns.epoch);
    if (!time) return std::unexpected(time.error());
    Filling& filling = filled_[filling_];
    filling.newest_text = std::max(filling.newest_text, *time);
    std::string key = readable(name.key);
    std::string text = readable(columns.value);
    if (name.kind == "meta") {
        filling.report.meta.push_back({plugin_, std::move(key), std::move(text)});
    } else {
        filling.report.warnings.push_back({plugin_, std::move(key), std::move(text)});
    }
    return {};
}

void LineReader::refuse(std::string reason) {
    ++done_.refused;
    if (done_.errors.size() < kLineErrorsMax) done_.errors.push_back({line_, std::move(reason)});
}

// A host of which all lines turned out wrong has no report.
ReadLines LineReader::finish() {
    for (Filling& filling : filled_) {
        Report& report = filling.report;
        auto& samples = report.batch.samples;
        if (samples.empty() && report.meta.empty() && report.warnings.empty()) continue;
        report.is_sign_of_life = !samples.empty() || !report.meta.empty();
        if (!filling.is_in_order) std::ranges::stable_sort(samples, {}, &store::Sample::time);
        const bool has_text = filling.newest_text != store::SampleTime{};
        report.time = std::chrono::floor<std::chrono::seconds>(has_text ? filling.newest_text
                                                                        : filling.newest_sample);
        done_.reports.push_back(std::move(report));
    }
    return std::move(done_);
}

}  // namespace

ReadLines read_lines(std::string_view text, const HostCheck& may_send) {
    return LineReader(may_send).read(text);
}

ReadLines read_lines(std::string_view text) {
    return read_lines(text, HostCheck());
}

}  // namespace kurabe::collectors
