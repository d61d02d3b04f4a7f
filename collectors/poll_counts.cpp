// Sums and maxima.
#include "collectors/poll_counts.hpp"

#include <algorithm>

namespace kurabe::collectors {

void PollCounts::begun(std::size_t polls, std::size_t skipped, store::Seconds lateness) {
    const auto numbers = numbers_.lock();
    numbers->begun += polls;
    numbers->skipped += skipped;
    if (polls > 0) numbers->lateness = std::max(numbers->lateness, lateness);
}

void PollCounts::ended(bool succeeded, std::chrono::milliseconds duration) {
    const auto numbers = numbers_.lock();
    ++(succeeded ? numbers->succeeded : numbers->failed);
    numbers->duration = std::max(numbers->duration, duration);
}

PollNumbers PollCounts::look() {
    const auto numbers = numbers_.lock();
    PollNumbers seen = *numbers;
    numbers->lateness = store::Seconds{0};
    numbers->duration = std::chrono::milliseconds{0};
    return seen;
}

}  // namespace kurabe::collectors
