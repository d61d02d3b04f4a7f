// Reads the list and runs `create` and `update` for each archive.
#include "tests/gallery/sample_archives.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <numbers>
#include <random>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/program.hpp"
#include "tests/support/rrdtool_session.hpp"

namespace kurabe::tests {
namespace {

namespace fs = std::filesystem;

constexpr double kSecondsPerDay = 86400;
constexpr double kPeak = 15.0 / 24;  // of the wave, as a share of the day in UTC
constexpr double kRowsPerBurst = 40;

using Terms = std::map<std::string, double>;

// Data sources that are random in the same way.
struct SourceGroup {
    std::vector<std::string> names;
    std::string type;
    Terms terms;
};

struct Archive {
    std::string file;
    Terms terms;
    std::vector<SourceGroup> groups;

    [[nodiscard]] std::int64_t step() const { return std::lround(terms.at("step")); }
    [[nodiscard]] std::int64_t rows() const { return std::lround(terms.at("rows")); }
};

double term(const Terms& terms, const std::string& name, double otherwise = 0) {
    const auto found = terms.find(name);
    return found == terms.end() ? otherwise : found->second;
}

// ---- The list ----

// "level=0.6 day=0.4", as far as the line goes.
Terms read_terms(std::istringstream& line) {
    Terms terms;
    for (std::string word; line >> word;) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) throw std::runtime_error("no term: " + word);
        terms[word.substr(0, equals)] = std::stod(word.substr(equals + 1));
    }
    return terms;
}

// "ping1..20" is ping1, ping2 and so on.
std::vector<std::string> read_names(const std::string& word) {
    const std::size_t dots = word.find("..");
    if (dots == std::string::npos) return {word};
    std::vector<std::string> names;
    const int last = std::stoi(word.substr(dots + 2));
    for (int i = 1; i <= last; ++i) names.push_back(word.substr(0, dots - 1) + std::to_string(i));
    return names;
}

std::vector<Archive> read_list(const fs::path& path) {
    std::vector<Archive> archives;
    std::ifstream stream(path);
    for (std::string text; std::getline(stream, text);) {
        std::istringstream line(text);
        std::string first;
        std::string second;
        if (!(line >> first >> second) || first == "#") continue;
        if (first == "archive") {
            archives.push_back({second, read_terms(line), {}});
        } else if (!archives.empty()) {
            archives.back().groups.push_back({read_names(first), second, read_terms(line)});
        }
    }
    if (archives.empty()) throw std::runtime_error(path.string() + " lists no archives");
    return archives;
}

// ---- Histories ----

// The values of one group, row by row.
class History {
  public:
    History(const Archive& archive, const SourceGroup& group)
        : archive_(archive), group_(group), sums_(group.names.size(), 0) {
        const std::string name = archive.file + "/" + group.names.front();
        std::seed_seq seed(name.begin(), name.end());
        random_.seed(seed);
    }

    // Appends ":VALUE" of each data source for the step that ends at `row` steps after the start.
    void append_row(std::string& text, std::int64_t row, double time) {
        const double base = value_at(time);
        const double apart = share() * term(group_.terms, "spread");
        const auto gap = std::lround(term(group_.terms, "gap"));
        const bool is_gap = gap > 0 && std::abs(2 * row - archive_.rows()) <= gap;
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            const double value = limited(base * (1 + static_cast<double>(i) * apart));
            text += is_gap || std::isnan(value) ? ":U" : fmt::format(":{}", reading(value, i));
        }
    }

  private:
    // From 0 to 1; std::uniform_real_distribution is not the same in every library.
    double share() { return static_cast<double>(random_()) / double{std::mt19937::max()}; }

    double value_at(double time) {
        const Terms& terms = group_.terms;
        const double days = time / kSecondsPerDay;
        const double days_left = (static_cast<double>(kSamplesEnd) - time) / kSecondsPerDay;
        double value = term(terms, "level") +
                       term(terms, "day") * std::cos(2 * std::numbers::pi * (days - kPeak)) -
                       term(terms, "trend") * days_left + term(terms, "noise") * (2 * share() - 1);
        if (const double size = share(); share() < 1 / kRowsPerBurst) {
            value += term(terms, "burst") * size;
        }
        return value;
    }

    [[nodiscard]] double limited(double value) const {
        constexpr double kNoLimit = std::numeric_limits<double>::infinity();
        value = std::max(value, term(group_.terms, "min", -kNoLimit));
        value = std::min(value, term(group_.terms, "max", kNoLimit));
        return term(group_.terms, "whole") != 0 ? std::round(value) : value;
    }

    std::string reading(double value, std::size_t source) {
        if (group_.type == "GAUGE") return fmt::format("{:.10g}", value);
        sums_[source] += value * term(archive_.terms, "step");
        return fmt::format("{:.0f}", sums_[source]);
    }

    const Archive& archive_;
    const SourceGroup& group_;
    std::mt19937 random_;
    std::vector<double> sums_;
};

// ---- Archives ----

void run_command(const std::vector<std::string>& words) {
    TestSession session;
    const auto done = cli::rrdtool::run_program(words, session.session());
    if (!done) throw std::runtime_error(words[1] + ": " + done.error().message);
}

std::vector<std::string> create_words(const Archive& archive, const std::string& file) {
    const std::int64_t begin = kSamplesEnd - archive.rows() * archive.step();
    std::vector<std::string> words = {
        "create", file, "--start", std::to_string(begin), "--step", std::to_string(archive.step())};
    for (const SourceGroup& group : archive.groups) {
        for (const std::string& name : group.names) {
            words.push_back(fmt::format("DS:{}:{}:{}:U:U", name, group.type, 2 * archive.step()));
        }
    }
    for (const int steps : {1, 6, 24, 288}) {
        for (const char* const cf : {"AVERAGE", "MIN", "MAX"}) {
            words.push_back(fmt::format("RRA:{}:0.5:{}:{}", cf, steps, archive.rows() / steps + 2));
        }
    }
    if (const auto season = std::lround(term(archive.terms, "season")); season > 0) {
        words.push_back(fmt::format("RRA:HWPREDICT:{}:0.1:0.0035:{}", archive.rows() + 2, season));
    }
    return words;
}

void make_archive(const Archive& archive, const fs::path& folder) {
    const fs::path file = folder / archive.file;
    fs::create_directories(file.parent_path());
    run_command(create_words(archive, file.string()));
    std::vector<History> histories;
    for (const SourceGroup& group : archive.groups) histories.emplace_back(archive, group);
    std::vector<std::string> words = {"update", file.string()};
    for (std::int64_t row = 1; row <= archive.rows(); ++row) {
        const std::int64_t time = kSamplesEnd - (archive.rows() - row) * archive.step();
        std::string& text = words.emplace_back(std::to_string(time));
        for (History& history : histories) {
            history.append_row(text, row, static_cast<double>(time));
        }
    }
    run_command(words);
}

}  // namespace

void make_sample_archives(const fs::path& list, const fs::path& folder) {
    for (const Archive& archive : read_list(list)) make_archive(archive, folder);
}

}  // namespace kurabe::tests
