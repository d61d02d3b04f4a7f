// Line by line, by key.
#include "tests/gallery/graph_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace kurabe::tests {
namespace {

constexpr double kValueTolerance = 1e-8;
constexpr int kTextTolerance_px = 1;

// "left,top,right,bottom" in quotes.
std::array<int, 4> read_box(const std::string& value) {
    std::array<int, 4> box{};
    std::istringstream numbers(value);
    char separator = 0;
    for (int& number : box) numbers >> separator >> number;
    return box;
}

bool is_near(int a, int b) {
    return std::abs(a - b) <= kTextTolerance_px;
}

bool is_same_box(const std::string& ours, const std::string& theirs) {
    const auto a = read_box(ours);
    const auto b = read_box(theirs);
    return is_near(a[0], b[0]) && a[1] == b[1] && is_near(a[2], b[2]) && a[3] == b[3];
}

// `magnitude` of the range that they limit.
bool is_same_limit(const std::string& ours, const std::string& theirs, double magnitude) {
    return std::abs(std::stod(ours) - std::stod(theirs)) <= kValueTolerance * magnitude;
}

const std::string* find(const GraphReport& report, const std::string& key) {
    const auto found = std::ranges::find(report, key, &ReportLine::key);
    return found == report.end() ? nullptr : &found->value;
}

double magnitude_of(const GraphReport& report) {
    double magnitude = 0;
    for (const char* const key : {"value_min", "value_max"}) {
        const std::string* value = find(report, key);
        if (value != nullptr) magnitude = std::max(magnitude, std::abs(std::stod(*value)));
    }
    return magnitude;
}

bool is_same(const std::string& key, const std::string& ours, const std::string& theirs,
             double magnitude) {
    if (ours == theirs) return true;
    if (key.starts_with("value_")) return is_same_limit(ours, theirs, magnitude);
    return key.starts_with("coords[") && is_same_box(ours, theirs);
}

}  // namespace

GraphReport read_report(std::string_view text) {
    GraphReport report;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (equals == std::string::npos) continue;
        report.push_back({line.substr(0, equals), line.substr(equals + 3)});
    }
    return report;
}

std::vector<Difference> differences(const GraphReport& ours, const GraphReport& theirs) {
    std::vector<Difference> found;
    const double magnitude = magnitude_of(theirs);
    for (const auto& [key, value] : theirs) {
        const std::string* mine = find(ours, key);
        if (mine == nullptr) {
            found.push_back({key, "-", value});
        } else if (!is_same(key, *mine, value, magnitude)) {
            found.push_back({key, *mine, value});
        }
    }
    for (const auto& [key, value] : ours) {
        if (find(theirs, key) == nullptr) found.push_back({key, value, "-"});
    }
    return found;
}

}  // namespace kurabe::tests
