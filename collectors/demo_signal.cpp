// The shapes that invented hosts are made of; the hash is SplitMix64 (Steele, Lea, Flood 2014).
#include "collectors/demo_signal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kurabe::collectors::demo {

namespace {

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15;

std::uint64_t mix(std::uint64_t bits) noexcept {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
    return bits ^ (bits >> 31);
}

// The number of the cell that a place falls in; places before the first one too.
std::uint64_t cell_index(double cell) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(cell));
}

// 3x^2 - 2x^3: from 0 to 1 with level ends.
double smooth_step(double x) noexcept {
    return x * x * (3 - 2 * x);
}

double smooth_step_slope(double x) noexcept {
    return 6 * x * (1 - x);
}

constexpr double kSmoothStepSlopeMax = 1.5;

// A bump that carries 1 in all.
Flow unit_bump(double clock, double start, double width) noexcept {
    const double x = std::clamp((clock - start) / width, 0.0, 1.0);
    return {smooth_step(x), smooth_step_slope(x) / width};
}

}  // namespace

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t part) noexcept {
    return mix(seed + (part + 1) * kGoldenGamma);
}

double unit_hash(std::uint64_t seed, std::uint64_t index) noexcept {
    constexpr double kTwoToMinus53 = 1.0 / 9007199254740992.0;
    return static_cast<double>(seed_of(seed, index) >> 11) * kTwoToMinus53;
}

Flow cosine(double clock, double period, double peak) noexcept {
    const double frequency = 2 * std::numbers::pi / period;
    const double angle = frequency * (clock - peak);
    return {std::sin(angle) / frequency, std::cos(angle)};
}

Flow bump(double clock, double start, double width) noexcept {
    return width / kSmoothStepSlopeMax * unit_bump(clock, start, width);
}

Flow bumps(double clock, const Recurrence& recurrence) noexcept {
    const double past = std::floor((clock - recurrence.start) / recurrence.period);
    const double start = recurrence.start + past * recurrence.period;
    const Flow now = unit_bump(clock, start, recurrence.width);
    return recurrence.width / kSmoothStepSlopeMax * Flow{past + now.total, now.rate};
}

Flow bursts(double clock, std::uint64_t seed, double cell) noexcept {
    constexpr double kNarrowest = kSmoothStepSlopeMax / kBurstRateMax;
    const double past = std::floor(clock / cell);
    const std::uint64_t index = 2 * cell_index(past);
    const double draw = unit_hash(seed, index);
    const double width = cell * (kNarrowest + 0.6 * draw * draw);
    const double start = past * cell + (cell - width) * unit_hash(seed, index + 1);
    const Flow now = unit_bump(clock, start, width);
    return cell * Flow{past + now.total, now.rate};
}

Flow wander(Flow flow, std::uint64_t seed, double cell, double depth) noexcept {
    const double place = flow.total / cell;
    const double left = std::floor(place);
    const double x = place - left;
    const double from = 2 * unit_hash(seed, cell_index(left)) - 1;
    const double to = 2 * unit_hash(seed, cell_index(left + 1)) - 1;
    // The steepest way, from -1 to 1 at the slope's maximum, is what `depth` promises.
    const double strength = depth / (2 * kSmoothStepSlopeMax);
    return {flow.total + strength * cell * (from + (to - from) * smooth_step(x)),
            flow.rate * (1 + strength * (to - from) * smooth_step_slope(x))};
}

double sawtooth(double clock, double period) noexcept {
    const double periods = clock / period;
    return periods - std::floor(periods);
}

double ramp(double clock, double start, double end) noexcept {
    return std::clamp((clock - start) / (end - start), 0.0, 1.0);
}

}  // namespace kurabe::collectors::demo
