// The time of each subject's last line.
#include "server/now_and_then.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kSubjectsMax = 10'000;

}  // namespace

bool NowAndThen::is_due(std::string_view subject, store::Time now) {
    const auto times = times_.lock();
    const auto known = times->find(subject);
    if (known != times->end()) {
        // A clock that was set back must not silence anything.
        if (now >= known->second && now - known->second < interval_) return false;
        known->second = now;
        return true;
    }
    if (times->size() >= kSubjectsMax) times->clear();
    times->emplace(subject, now);
    return true;
}

}  // namespace kurabe::server
