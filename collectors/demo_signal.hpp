// The shapes that invented hosts are made of: quantities known together with their integral.
// A counter is the integral of a rate, so each shape has both in closed form; a reading costs the
// same at any time and never depends on an earlier one.
#pragma once

#include <cstdint>

namespace kurabe::collectors::demo {

// Times are seconds on the machine's own clock (see Machine).
inline constexpr double kMinute = 60;
inline constexpr double kHour = 60 * kMinute;
inline constexpr double kDay = 24 * kHour;
inline constexpr double kWeek = 7 * kDay;

// What has flowed by now, and how fast it flows now.
struct Flow {
    double total = 0;
    double rate = 0;  // per second

    friend Flow operator+(Flow a, Flow b) noexcept { return {a.total + b.total, a.rate + b.rate}; }
    friend Flow operator*(double factor, Flow flow) noexcept {
        return {factor * flow.total, factor * flow.rate};
    }
};

// A number of [0, 1) for each (seed, index), the same on every machine.
[[nodiscard]] double unit_hash(std::uint64_t seed, std::uint64_t index) noexcept;
// A seed for one part of a thing with this seed.
[[nodiscard]] std::uint64_t seed_of(std::uint64_t seed, std::uint64_t part) noexcept;

// Draws one number after the other.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) noexcept : seed_(seed) {}
    [[nodiscard]] double between(double low, double high) noexcept {
        return low + (high - low) * unit_hash(seed_, draws_++);
    }
    [[nodiscard]] bool chance(double probability) noexcept { return between(0, 1) < probability; }

  private:
    std::uint64_t seed_;
    std::uint64_t draws_ = 0;
};

// A cosine between -1 and 1, highest at `peak` and every `period` around it.
[[nodiscard]] Flow cosine(double clock, double period, double peak) noexcept;

// A soft bump of rate 0 to 1 and back from `start` on, `width` long.
[[nodiscard]] Flow bump(double clock, double start, double width) noexcept;

struct Recurrence {
    double period;
    double start;  // of the first bump; the last one ends before the next begins
    double width;
};
// The same bump again and again.
[[nodiscard]] Flow bumps(double clock, const Recurrence& recurrence) noexcept;

// Mean rate 1: one burst somewhere in every `cell` seconds. All carry the same amount, but some
// are long and low, others short and up to kBurstRateMax high.
inline constexpr double kBurstRateMax = 50;
[[nodiscard]] Flow bursts(double clock, std::uint64_t seed, double cell) noexcept;

// Makes a flow irregular: its rate is multiplied by 1 - depth to 1 + depth (0 <= depth < 1), anew
// about every `cell` of its total; the total never strays by more than depth x cell / 3. As the
// noise runs along the total and not along time, it is strong where the flow is and a growing
// total stays one.
[[nodiscard]] Flow wander(Flow flow, std::uint64_t seed, double cell, double depth) noexcept;

// Rises from 0 to 1 during each period, then falls back at once.
[[nodiscard]] double sawtooth(double clock, double period) noexcept;

// 0 before `start`, 1 after `end`, a straight line between.
[[nodiscard]] double ramp(double clock, double start, double end) noexcept;

}  // namespace kurabe::collectors::demo
