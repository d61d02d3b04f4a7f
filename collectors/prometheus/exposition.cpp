// Line by line; what is no line of the format is counted and passed over.
#include "collectors/prometheus/exposition.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "collectors/fields.hpp"

namespace kurabe::collectors::prometheus {
namespace {

constexpr std::string_view kBlanks = " \t\r";

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

bool continues_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9');
}

// A line that is read from the left.
class LineCursor {
  public:
    explicit LineCursor(std::string_view rest) : rest_(rest) {}

    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
    }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // Empty when no name begins here.
    std::string_view name() {
        if (rest_.empty() || !begins_name(rest_.front())) return {};
        const auto end = std::ranges::find_if_not(rest_, continues_name);
        const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(name.size());
        return name;
    }

    // Up to the next blank.
    std::string_view word() {
        const auto word = rest_.substr(0, rest_.find_first_of(kBlanks));
        rest_.remove_prefix(word.size());
        return word;
    }

    // Between quotes, with \\, \" and \n.
    std::optional<std::string> quoted() {
        if (!take('"')) return std::nullopt;
        std::string text;
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') return text;
            if (c != '\\') {
                text += c;
                continue;
            }
            if (rest_.empty()) return std::nullopt;
            text += rest_.front() == 'n' ? '\n' : rest_.front();
            rest_.remove_prefix(1);
        }
        return std::nullopt;
    }

  private:
    std::string_view rest_;
};

std::optional<double> number_of(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

using Labels = std::vector<std::pair<std::string_view, std::string>>;

// What stands between braces, if they do. None when it is wrong.
std::optional<Labels> read_labels(LineCursor& line) {
    Labels labels;
    if (!line.take('{')) return labels;
    while (true) {
        line.skip_blanks();
        if (line.take('}')) break;
        const std::string_view name = line.name();
        line.skip_blanks();
        if (name.empty() || !line.take('=')) return std::nullopt;
        line.skip_blanks();
        auto value = line.quoted();
        if (!value || labels.size() >= kLabelsMax) return std::nullopt;
        labels.emplace_back(name, *std::move(value));
        line.skip_blanks();
        if (!line.take(',') && !line.empty()) {
            if (!line.take('}')) return std::nullopt;
            break;
        }
        if (line.empty()) return std::nullopt;
    }
    std::ranges::sort(labels);
    return labels;
}

std::optional<ScrapedSample> read_sample(std::string_view text) {
    LineCursor line(text);
    line.skip_blanks();
    ScrapedSample sample{.name = line.name(), .labels = {}};
    line.skip_blanks();
    auto labels = read_labels(line);
    if (sample.name.empty() || !labels) return std::nullopt;
    sample.labels = *std::move(labels);
    line.skip_blanks();
    const auto value = number_of(line.word());
    if (!value) return std::nullopt;
    sample.value = *value;
    return sample;
}

MetricType type_of(std::string_view word) {
    if (word == "counter") return MetricType::kCounter;
    if (word == "gauge") return MetricType::kGauge;
    if (word == "histogram") return MetricType::kHistogram;
    if (word == "summary") return MetricType::kSummary;
    return MetricType::kUntyped;
}

// The types that were told, by the families' names.
class Types {
  public:
    // "# TYPE name type"; other comments say nothing.
    void read_comment(std::string_view text) {
        const auto words = split_fields(text);
        if (words.size() == 4 && words[0] == "#" && words[1] == "TYPE") {
            types_.insert_or_assign(words[2], type_of(words[3]));
        }
    }

    // A family's samples may have endings that its name lacks.
    [[nodiscard]] MetricType find(std::string_view name) const {
        if (const auto found = types_.find(name); found != types_.end()) return found->second;
        for (const std::string_view ending : {"_total", "_bucket", "_count", "_sum", "_created"}) {
            if (!name.ends_with(ending)) continue;
            const auto found = types_.find(name.substr(0, name.size() - ending.size()));
            if (found != types_.end()) return found->second;
        }
        return MetricType::kUntyped;
    }

  private:
    std::map<std::string_view, MetricType> types_;
};

}  // namespace

std::string_view ScrapedSample::label(std::string_view wanted) const noexcept {
    const auto found =
        std::ranges::find(labels, wanted, [](const auto& label) { return label.first; });
    return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

Result<Exposition> read_exposition(std::string_view text) {
    Exposition exposition;
    Types types;
    for (const std::string_view line : split_lines(text)) {
        const std::size_t begin = line.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos) continue;
        if (line[begin] == '#') {
            types.read_comment(line);
            continue;
        }
        auto sample = read_sample(line);
        if (!sample) {
            ++exposition.wrong_lines;
            continue;
        }
        if (exposition.samples.size() >= kSamplesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("more than {} metrics; exclude some", kSamplesMax));
        }
        sample->type = types.find(sample->name);
        exposition.samples.push_back(*std::move(sample));
    }
    if (exposition.samples.empty()) {
        return fail(ErrorCode::kInvalid, "the answer has no metrics in Prometheus' text format");
    }
    return exposition;
}

}  // namespace kurabe::collectors::prometheus
