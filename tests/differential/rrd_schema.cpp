// Small rings, short seasons and tight heartbeats: the edges come often.
#include "tests/differential/rrd_schema.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace kurabe::tests {
namespace {

using store::DsType;

std::string limits(Random& random) {
    if (one_in(random, 2)) return "U:U";
    const std::int64_t low = pick(random, -50, 20);
    const std::int64_t high = low + pick(random, 1, 2000);
    return fmt::format("{}:{}", one_in(random, 3) ? "U" : std::to_string(low),
                       one_in(random, 3) ? "U" : std::to_string(high));
}

struct Names {
    std::vector<std::string> all;
    std::vector<std::string> finite;  // those that are not computed
};

// One value on the stack in the end.
std::string random_expression(Random& random, const Names& names, int depth) {
    static const std::vector<std::string> unary{"SIN", "COS",   "ATAN",   "SQRT", "LOG",
                                                "EXP", "FLOOR", "CEIL",   "ABS",  "RAD2DEG",
                                                "UN",  "ISINF", "DEG2RAD"};
    static const std::vector<std::string> binary{
        "+",      "-",  "*",  "/",  "%",  "POW", "ATAN2", "ADDNAN", "MINNAN",
        "MAXNAN", "LT", "LE", "GT", "GE", "EQ",  "NE",    "MIN",    "MAX"};
    static const std::vector<std::string> sets{"AVG", "SMIN", "SMAX", "STDEV"};
    // rrdtool puts infinite values anywhere when it sorts.
    static const std::vector<std::string> sorting{"3,MEDIAN", "3,SORT,POP,-", "40,3,PERCENT"};
    const auto operand = [&] { return random_expression(random, names, depth - 1); };
    if (depth == 0 || one_in(random, 4)) {
        if (!one_in(random, 4)) return choose(random, names.all);
        return one_in(random, 8) ? "UNKN" : std::to_string(pick(random, -20, 300));
    }
    switch (pick(random, 0, 8)) {
        case 0:
        case 1:
            return fmt::format("{},{}", operand(), choose(random, unary));
        case 2:
            return fmt::format("{},{},{},{}", operand(), operand(), operand(),
                               one_in(random, 2) ? "IF" : "LIMIT");
        case 3:
            return fmt::format("{},{},{},3,{}", operand(), operand(), operand(),
                               choose(random, sets));
        case 4:
            return fmt::format("{},DUP,{},EXC,-,+", operand(), operand());
        case 5:
            return fmt::format("{},{},2,REV,-", operand(), operand());
        case 6:
            return fmt::format("{},{},{},{}", choose(random, names.finite),
                               choose(random, names.finite), pick(random, -20, 300),
                               choose(random, sorting));
        default:
            return fmt::format("{},{},{}", operand(), operand(), choose(random, binary));
    }
}

std::string compute_program(Random& random, const Names& names) {
    for (;;) {
        // rrdtool cannot read a number at the end and keeps nineteen words.
        const std::string text = random_expression(random, names, 3) + ",";
        if (std::ranges::count(text, ',') <= 19) return text;
    }
}

void add_sources(Random& random, const RrdSchema::Options& options, RrdSchema& schema) {
    Names names;
    const std::int64_t count = pick(random, 1, 5);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto type = static_cast<DsType>(pick(random, 0, 6));
        const bool computed = type == DsType::kCompute && options.computed && i > 0;
        const DsType used = type == DsType::kCompute && !computed ? DsType::kGauge : type;
        const std::string name = fmt::format("d{}", i);
        std::string definition =
            fmt::format("DS:{}:{}:", name, std::string(store::ds_type_name(used)));
        if (computed) {
            definition += compute_program(random, names);
        } else {
            definition += fmt::format(
                "{}:{}", one_in(random, 3) ? pick(random, 1, 2 * schema.step) : 30 * schema.step,
                limits(random));
        }
        schema.definitions.push_back(definition);
        schema.sources.push_back({name, used});
        names.all.push_back(name);
        if (!computed) names.finite.push_back(name);
    }
}

std::string consolidating_rra(Random& random, RrdSchema& schema) {
    static const std::vector<std::string> cfs{"AVERAGE", "MIN", "MAX", "LAST"};
    static const std::vector<std::string> xffs{"0", "0.25", "0.5", "0.9", "0.999"};
    const std::int64_t pdps = one_in(random, 3) ? 1 : pick(random, 2, 12);
    schema.longest_row = std::max(schema.longest_row, pdps);
    return fmt::format("RRA:{}:{}:{}:{}", choose(random, cfs), choose(random, xffs), pdps,
                       pick(random, 1, one_in(random, 4) ? 100 : 12));
}

std::string share(Random& random) {
    return fmt::format("0.{:03}", pick(random, 1, 999));
}

// The five RRAs of a family, one for each role, in any order.
enum Role : std::size_t { kPrediction, kSeason, kDeviation, kDevPredict, kFailures };

std::string explicit_rra(Random& random, Role role, std::int64_t period,
                         const std::array<std::size_t, 5>& numbers, bool smooths) {
    const std::string window = smooths ? ":smoothing-window=" + share(random) : "";
    const std::int64_t failure_window = pick(random, 2, 28);
    switch (role) {
        case kPrediction:
            return fmt::format("RRA:{}:{}:{}:{}:{}:{}",
                               smooths && one_in(random, 2) ? "MHWPREDICT" : "HWPREDICT",
                               period + pick(random, 1, 30), share(random), share(random), period,
                               numbers[kSeason]);
        case kSeason:
            return fmt::format("RRA:SEASONAL:{}:{}:{}{}", period, share(random),
                               numbers[kPrediction], window);
        case kDeviation:
            return fmt::format("RRA:DEVSEASONAL:{}:{}:{}{}", period, share(random),
                               numbers[kPrediction], window);
        case kDevPredict:
            return fmt::format("RRA:DEVPREDICT:{}:{}", pick(random, 2, 20), numbers[kDeviation]);
        case kFailures:
            break;
    }
    return fmt::format("RRA:FAILURES:{}:{}:{}:{}", pick(random, 28, 40),
                       pick(random, 1, failure_window), failure_window, numbers[kDeviation]);
}

void add_family(Random& random, std::vector<std::string>& rras) {
    const std::int64_t period = pick(random, 2, one_in(random, 4) ? 40 : 9);
    if (one_in(random, 3)) {
        rras.push_back(
            fmt::format("RRA:{}:{}:{}:{}:{}", one_in(random, 3) ? "MHWPREDICT" : "HWPREDICT",
                        period + pick(random, 1, 30), share(random), share(random), period));
        return;
    }
    std::array<Role, 5> order{kPrediction, kSeason, kDeviation, kDevPredict, kFailures};
    std::ranges::shuffle(order, random);
    std::array<std::size_t, 5> numbers{};
    for (std::size_t i = 0; i < order.size(); ++i) numbers[order[i]] = rras.size() + i + 1;
    const bool smooths = one_in(random, 2);
    for (const Role role : order) {
        rras.push_back(explicit_rra(random, role, period, numbers, smooths));
    }
}

}  // namespace

RrdSchema RrdSchema::make(Random& random, const Options& options) {
    RrdSchema schema;
    schema.step = choose(random, options.steps);
    schema.begin = 1'000'000'000 + pick(random, 0, 100'000);
    add_sources(random, options, schema);
    std::vector<std::string> rras;
    const std::int64_t count = pick(random, options.holt_winters ? 0 : 1, 4);
    for (std::int64_t i = 0; i < count; ++i) rras.push_back(consolidating_rra(random, schema));
    // RRAs that a family makes by itself move the numbers of those after it.
    if (options.holt_winters) add_family(random, rras);
    schema.definitions.insert(schema.definitions.end(), rras.begin(), rras.end());
    return schema;
}

std::string RrdSchema::create_command(const std::string& file) const {
    return fmt::format("create {} -b {} -s {} {}", file, begin, step, fmt::join(definitions, " "));
}

}  // namespace kurabe::tests
