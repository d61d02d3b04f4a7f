// How long a host that fails is left alone.
#include "collectors/back_off.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/counted.hpp"

namespace kurabe::collectors {

void BackOff::failed(Time now) {
    constexpr unsigned kDoublingsMax = 16;  // far beyond kBackOffMax
    const unsigned doublings = std::min(failures_, kDoublingsMax);
    const std::chrono::milliseconds whole =
        std::min<std::chrono::milliseconds>(kBackOffFirst * (1U << doublings), kBackOffMax);
    std::uniform_int_distribution<std::int64_t> share(whole.count() / 2, whole.count());
    until_ = now + std::chrono::milliseconds(share(random_));
    ++failures_;
}

std::unexpected<Error> BackOff::left_alone(Time now, std::string_view last_error) const {
    const auto rest = std::chrono::ceil<std::chrono::seconds>(until_ - now);
    return fail(ErrorCode::kSystem,
                fmt::format("left alone for {} s after {}, the last: {}", rest.count(),
                            store::counted(failures_, "failure", "failures"), last_error));
}

}  // namespace kurabe::collectors
