// What has gone wrong in such code before comes more often than in life.
#include "tests/differential/rrd_history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace kurabe::tests {
namespace {

using store::DsType;

constexpr std::int64_t kMicros = 1'000'000;

std::string decimal(Random& random) {
    switch (pick(random, 0, 9)) {
        case 0:
            return fmt::format("{}e{}", pick(random, -99, 99), pick(random, -20, 20));
        case 1:
            return fmt::format("{}.{:017}", pick(random, -9, 9),
                               pick(random, 0, 99'999'999'999'999'999));
        case 2:
            return fmt::format("{}", pick(random, -3, 3));
        case 3:
            return "0";
        default:
            return fmt::format("{}.{}", pick(random, 0, 200), pick(random, 0, 999));
    }
}

const std::vector<std::string>& wrong_readings() {
    static const std::vector<std::string> readings{"",
                                                   "x",
                                                   "1x",
                                                   "-",
                                                   "--1",
                                                   "+5",
                                                   "1e5000",
                                                   "0x10",
                                                   "1.5.2",
                                                   "-nan",
                                                   "nan",
                                                   "Ux",
                                                   "u",
                                                   "5-3",
                                                   "-0",
                                                   "1,5",
                                                   "\" 7\"",
                                                   "\"7 \"",
                                                   "00012",
                                                   "99999999999999999999999999999999999",
                                                   "12345678901234567890123456789.5"};
    return readings;
}

const std::vector<std::string>& wrong_times() {
    static const std::vector<std::string> times{"x", "", "12x", "1e99", "inf", "nan", "5", "-inf"};
    return times;
}

}  // namespace

RrdHistory::RrdHistory(const RrdSchema& schema, Random& random)
    : schema_(schema),
      random_(random),
      micros_(schema.begin * kMicros),
      has_wrong_input_(one_in(random, 2)),
      is_regular_(one_in(random, 2)),
      is_finite_(std::ranges::count(schema.sources, DsType::kCompute, &RrdSchema::Source::type) >
                 0) {
    for (std::size_t i = 0; i < schema.sources.size(); ++i) {
        counters_.push_back(one_in(random, 3) ? 4'294'967'295 - 5000 : random() >> 1);
    }
}

// Microseconds to the next argument; rarely negative.
std::int64_t RrdHistory::advance() {
    const std::int64_t step = schema_.step * kMicros;
    const std::int64_t to_boundary = step - micros_ % step;
    if (is_regular_ && !one_in(random_, 8)) return one_in(random_, 2) ? step : to_boundary;
    switch (pick(random_, 0, 11)) {
        case 0:
            return pick(random_, 1, kMicros - 1);
        case 1:
            return pick(random_, 0, step);
        case 2:
            return step * pick(random_, 2, 4);
        case 3:
            return pick(random_, step, 12 * step);
        case 4:
            return one_in(random_, 5) ? step * schema_.longest_row * pick(random_, 1, 200) : step;
        case 5:
            return pick(random_, 0, schema_.step) * kMicros;
        case 6:
            return -pick(random_, 0, 2 * step);
        case 7:
            return to_boundary;
        case 8:
            return to_boundary + step * pick(random_, 1, 3);
        case 9:
            return 0;
        default:
            return step;
    }
}

std::string RrdHistory::time() {
    if (has_wrong_input_ && one_in(random_, 60)) return choose(random_, wrong_times());
    const std::int64_t before = micros_;
    micros_ = std::max(micros_ + advance(), schema_.begin * kMicros);
    const std::int64_t said = micros_;
    if (said < before) micros_ = before;  // the file stays where it was
    const std::int64_t fraction = said % kMicros;
    if (fraction == 0) return fmt::format("{}", said / kMicros);
    return fmt::format("{}.{:06}", said / kMicros, fraction);
}

std::string RrdHistory::counter(std::size_t source) {
    std::uint64_t& value = counters_[source];
    switch (pick(random_, 0, 19)) {
        case 0:
            value = 0;  // a reset
            break;
        case 1:
            value = 4'294'967'295 - static_cast<std::uint64_t>(pick(random_, 0, 1000));
            break;
        case 2:
            value = UINT64_MAX - static_cast<std::uint64_t>(pick(random_, 0, 1000));
            break;
        default:
            value += static_cast<std::uint64_t>(pick(random_, 0, 5000));
    }
    return std::to_string(value);
}

std::string RrdHistory::reading(std::size_t source) {
    if (one_in(random_, 12)) return "U";
    if (has_wrong_input_ && one_in(random_, 60)) return choose(random_, wrong_readings());
    if (!is_finite_ && one_in(random_, 40)) return one_in(random_, 2) ? "inf" : "-inf";
    return finite_reading(source);
}

std::string RrdHistory::finite_reading(std::size_t source) {
    switch (schema_.sources[source].type) {
        case DsType::kCounter:
            return counter(source);
        case DsType::kDerive:
            return (one_in(random_, 15) ? "-" : "") + counter(source);
        case DsType::kDCounter:
            return one_in(random_, 4) ? decimal(random_)
                                      : counter(source) + fmt::format(".{}", pick(random_, 0, 99));
        default:
            return decimal(random_);
    }
}

std::string RrdHistory::argument(const std::vector<std::size_t>& order) {
    std::string text = time();
    for (const std::size_t source : order) text += ":" + reading(source);
    if (has_wrong_input_ && one_in(random_, 80)) text += ":7";
    if (has_wrong_input_ && one_in(random_, 80)) text.resize(text.rfind(':'));
    return text;
}

// The data sources that take readings, or those of a template.
std::vector<std::size_t> RrdHistory::random_order(bool& is_template) {
    is_template = one_in(random_, 6);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < schema_.sources.size(); ++i) {
        if (is_template || schema_.sources[i].type != DsType::kCompute) order.push_back(i);
    }
    if (!is_template) return order;
    std::ranges::shuffle(order, random_);
    order.resize(
        static_cast<std::size_t>(pick(random_, 1, static_cast<std::int64_t>(order.size()))));
    if (one_in(random_, 5)) order.push_back(order.front());
    return order;
}

std::string RrdHistory::next() {
    bool is_template = false;
    const std::vector<std::size_t> order = random_order(is_template);
    std::string words;
    if (one_in(random_, 5)) words += " -s";
    if (is_template) {
        words += " -t ";
        for (std::size_t i = 0; i < order.size(); ++i) {
            words += (i == 0 ? "" : ":") + schema_.sources[order[i]].name;
        }
        if (one_in(random_, 20)) words += ":none";
    }
    const std::int64_t arguments = one_in(random_, 2) ? 1 : pick(random_, 2, 5);
    for (std::int64_t i = 0; i < arguments; ++i) words += " " + argument(order);
    return words;
}

}  // namespace kurabe::tests
