// Generators: each picks what has gone wrong in such code before (gaps, wraps, edges, fractions).
#include "tests/differential/schedule.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "store/number.hpp"

namespace kurabe::tests {
namespace {

using namespace store;

Retention random_retention(Random& random) {
    if (one_in(random, 12)) return Retention::kurado();
    static const std::vector<std::int64_t> steps{1, 7, 10, 60, 300};
    static const std::vector<double> xffs{0, 0.25, 0.5, 0.9, 0.999};
    static const std::vector<Cf> all{Cf::kAverage, Cf::kMin, Cf::kMax, Cf::kLast};
    Retention retention;
    retention.step = Seconds{choose(random, steps)};
    retention.heartbeat = Seconds{pick(random, 1, 4 * retention.step.count())};
    retention.xff = choose(random, xffs);
    const std::int64_t rings = pick(random, 1, 4);
    for (std::int64_t i = 0; i < rings; ++i) {
        std::vector<Cf> cfs = all;
        std::ranges::shuffle(cfs, random);
        cfs.resize(static_cast<std::size_t>(pick(random, 1, 4)));
        const bool single = one_in(random, 3);
        retention.rings.push_back(
            {single ? 1 : static_cast<std::uint32_t>(pick(random, 2, 13)),
             static_cast<std::uint32_t>(pick(random, 1, one_in(random, 3) ? 200 : 20)), cfs});
    }
    return retention;
}

SampleTime as_rrdtool_reads(const std::string& time) {
    const double number = *parse_number(time);
    const double second = std::floor(number);
    const auto micros = static_cast<std::int64_t>((number - second) * 1e6);
    return SampleTime{Seconds{static_cast<std::int64_t>(second)}} +
           std::chrono::microseconds{micros};
}

std::string time_text(std::int64_t micros) {
    const std::int64_t second = micros / 1'000'000;
    const std::int64_t fraction = micros % 1'000'000;
    return fraction == 0 ? fmt::format("{}", second) : fmt::format("{}.{:06}", second, fraction);
}

// Microseconds to the next sample; rarely negative.
std::int64_t random_advance(Random& random, const Retention& retention) {
    const std::int64_t step = retention.step.count() * 1'000'000;
    const auto& longest = retention.rings[static_cast<std::size_t>(
        pick(random, 0, static_cast<std::int64_t>(retention.rings.size()) - 1))];
    switch (pick(random, 0, 19)) {
        case 0:
            return pick(random, 1, 999'999);
        case 1:
            return pick(random, 0, step);
        case 2:
            return step * pick(random, 2, 9);
        case 3:
            return pick(random, step, 12 * step);
        case 4:
            return one_in(random, 6) ? step * longest.pdp_per_row * pick(random, 1, 300) : step;
        case 5:
            return pick(random, 0, step / 1'000'000) * 1'000'000;
        case 6:
            return -pick(random, 0, 2 * step);
        case 7:
            return step * longest.pdp_per_row;
        case 8:
            return pick(random, 1, 2'000'000'000);
        default:
            return step + (one_in(random, 3) ? pick(random, -step / 3, step / 3) : 0);
    }
}

std::string number_text(Random& random) {
    switch (pick(random, 0, 11)) {
        case 0:
            return "U";
        case 1:
            return fmt::format("{}", pick(random, -5, 5));
        case 2:
            return fmt::format("-{}.{}", pick(random, 0, 999), pick(random, 0, 99999));
        case 3:
            return fmt::format("{}e{}", pick(random, 1, 999), pick(random, -12, 12));
        case 4:
            return one_in(random, 8) ? "inf" : one_in(random, 4) ? "nan" : "0";
        default:
            return fmt::format("{}.{}", pick(random, 0, 1'000'000), pick(random, 0, 1'000'000'000));
    }
}

std::string digits(Random& random, std::int64_t count) {
    std::string text = fmt::format("{}", pick(random, 1, 9));
    while (static_cast<std::int64_t>(text.size()) < count) {
        text += static_cast<char>('0' + pick(random, 0, 9));
    }
    return text;
}

std::string wide_text(WideInteger value) {
    std::string text;
    const bool negative = value < 0;
    if (negative) value = -value;
    do {
        text += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value > 0);
    if (negative) text += '-';
    return {text.rbegin(), text.rend()};
}

// A counter that mostly goes on, sometimes wraps, resets or jumps.
class Counter {
  public:
    explicit Counter(DsType type) : type_(type) {}
    std::string next(Random& random) {
        if (one_in(random, 15)) return "U";
        const WideInteger one = 1;
        switch (pick(random, 0, 11)) {
            case 0:
                value_ = (one << 32) - pick(random, 1, 1000);
                break;
            case 1:
                value_ = (one << 64) - pick(random, 1, 100'000);
                break;
            case 2:
                value_ = pick(random, 0, 1000);
                break;
            case 3:
                return digits(random, pick(random, 1, 29));
            case 4:
                value_ += one << pick(random, 20, 70);
                break;
            case 5:
                if (type_ == DsType::kDerive) value_ = -value_;
                break;
            case 6:
                if (type_ == DsType::kDerive) value_ -= pick(random, 0, 100'000);
                break;
            default:
                value_ += pick(random, 0, 1'000'000);
                break;
        }
        return wide_text(value_);
    }

  private:
    DsType type_;
    WideInteger value_ = 0;
};

}  // namespace

Schedule Schedule::make(Random& random) {
    Schedule schedule{.retention = random_retention(random),
                      .type = static_cast<DsType>(pick(random, 0, 3)),
                      .samples = {}};
    const bool counts = schedule.type == DsType::kCounter || schedule.type == DsType::kDerive;
    const bool calm = one_in(random, 3);  // long known stretches, without surprises
    const std::int64_t count = pick(random, 1, one_in(random, 4) ? 600 : 120);
    Counter counter(schedule.type);
    std::int64_t micros = pick(random, 400'000'000, 4'000'000'000) * 1'000'000;
    if (one_in(random, 3)) micros += pick(random, 0, 999'999);
    for (std::int64_t i = 0; i < count; ++i) {
        std::string time = time_text(micros);
        const SampleTime parsed = as_rrdtool_reads(time);
        std::string value = counts ? counter.next(random) : number_text(random);
        schedule.samples.push_back({std::move(time), std::move(value), parsed});
        const std::int64_t step = schedule.retention.step.count() * 1'000'000;
        micros += calm ? step + pick(random, -step / 10, step / 10)
                       : random_advance(random, schedule.retention);
    }
    return schedule;
}

std::string Schedule::create_command(const std::string& path) const {
    const auto first = std::chrono::floor<Seconds>(samples.front().parsed_time) - Seconds{10};
    std::string command = fmt::format("create {} --start {} --step {} DS:n:{}:{}:U:U", path,
                                      first.time_since_epoch().count(), retention.step.count(),
                                      ds_type_name(type), retention.heartbeat.count());
    for (const RingShape& ring : retention.rings) {
        for (const Cf cf : ring.cfs) {
            command += fmt::format(" RRA:{}:{}:{}:{}", cf_name(cf), retention.xff, ring.pdp_per_row,
                                   ring.rows);
        }
    }
    return command;
}

std::string Schedule::update_command(const std::string& path) const {
    std::string command = fmt::format("update {} -s", path);
    for (const TimedText& sample : samples) {
        command += fmt::format(" {}:{}", sample.time, sample.value);
    }
    return command;
}

std::vector<Sample> Schedule::store_samples() const {
    std::vector<Sample> converted;
    for (const TimedText& sample : samples) {
        converted.push_back(
            {"plugin", key(), parse_raw_value(sample.value, type).value(), sample.parsed_time});
    }
    return converted;
}

Schedule Schedule::before(std::size_t count) const {
    const auto end = samples.begin() + static_cast<std::ptrdiff_t>(count);
    return {.retention = retention, .type = type, .samples = {samples.begin(), end}};
}

Schedule Schedule::from(std::size_t count) const {
    const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(count);
    return {.retention = retention, .type = type, .samples = {begin, samples.end()}};
}

std::string Schedule::key() const {
    static const std::vector<std::string> suffixes{"gauge", "counter", "derive", "absolute"};
    return "n." + suffixes[static_cast<std::size_t>(type)];
}

}  // namespace kurabe::tests
