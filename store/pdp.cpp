// The PDP stage: spreads an amount over the steps that it covers.
#include "store/pdp.hpp"

#include <cmath>

#include "store/data_source.hpp"

namespace kurabe::store {
namespace {

// An amount over `interval` seconds, of which the first `pre` close `count` PDPs and the last
// `post` belong to the PDP that opens then.
struct Closing {
    Value amount;
    double interval;
    double pre;
    double post;
    std::uint64_t count;
};

Value known_or_zero(Value value) noexcept {
    return is_unknown(value) ? 0 : value;
}

std::uint64_t whole_seconds(double seconds) noexcept {
    return static_cast<std::uint64_t>(std::floor(seconds));
}

// The value of the closed PDPs; `state` becomes the PDP that opens.
Value close_pdps(PdpState& state, double step, double heartbeat, const Closing& closing) noexcept {
    const bool known = !is_unknown(closing.amount);
    const double rate = closing.amount / closing.interval;
    if (known) state.value = known_or_zero(state.value) + rate * closing.pre;

    const double pre_unknown = known ? 0 : closing.pre;
    const auto unknown = static_cast<double>(state.unknown_seconds);
    const bool too_little = closing.interval > heartbeat || step / 2 < unknown;
    const double covered = (static_cast<double>(closing.count) * step - unknown) - pre_unknown;
    const Value value = too_little ? kUnknown : state.value / covered;

    state.value = known ? rate * closing.post : kUnknown;
    state.unknown_seconds = known ? 0 : whole_seconds(closing.post);
    return value;
}

void stay_in_step(PdpState& state, Value amount, double interval) noexcept {
    if (is_unknown(amount)) {
        state.unknown_seconds += whole_seconds(interval);
    } else {
        state.value = is_unknown(state.value) ? amount : state.value + amount;
    }
}

}  // namespace

PdpState PdpState::beginning(Time time, Seconds step) noexcept {
    return {kUnknown, static_cast<std::uint64_t>((time.time_since_epoch() % step).count())};
}

PdpRuns advance_pdp(PdpState& state, Seconds step, Seconds heartbeat, const SampleSpan& span,
                    Value amount) noexcept {
    PdpRuns runs;
    const double interval = seconds_between(span.last, span.now);
    const Time last_second = std::chrono::floor<Seconds>(span.last);
    const Time now_second = std::chrono::floor<Seconds>(span.now);
    const auto first = static_cast<std::uint64_t>(last_second.time_since_epoch() / step);
    const auto open = static_cast<std::uint64_t>(now_second.time_since_epoch() / step);
    if (first == open) {
        stay_in_step(state, amount, interval);
        return runs;
    }

    const Seconds after = now_second.time_since_epoch() % step;
    const auto before = (now_second - after) - last_second;
    const auto micros = [](auto fraction) { return static_cast<double>(fraction.count()) / 1e6; };
    Closing closing{
        .amount = amount,
        .interval = interval,
        .pre = static_cast<double>(before.count()) - micros(span.last - last_second),
        .post = static_cast<double>(after.count()) + micros(span.now - now_second),
        .count = open - first,
    };
    const auto step_seconds = static_cast<double>(step.count());
    const auto heartbeat_seconds = static_cast<double>(heartbeat.count());
    PdpRun run{.first = first, .count = closing.count};

    // Several PDPs closed at once share one value, except for the first if it was already open.
    const auto opened =
        static_cast<double>(whole_seconds(closing.pre) % static_cast<std::uint64_t>(step.count()));
    if (closing.count > 1 && opened > 0) {
        const Closing share{.amount = amount * opened / interval,
                            .interval = opened,
                            .pre = opened,
                            .post = 0,
                            .count = 1};
        runs.add({first, 1, close_pdps(state, step_seconds, heartbeat_seconds, share)});
        closing.amount -= share.amount;
        closing.interval -= opened;
        closing.pre -= opened;
        closing.count -= 1;
        run = {.first = first + 1, .count = closing.count};
    }
    run.value = close_pdps(state, step_seconds, heartbeat_seconds, closing);
    runs.add(run);
    return runs;
}

}  // namespace kurabe::store
