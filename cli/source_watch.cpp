// Compares what stat(2) says.
#include "cli/source_watch.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <sys/stat.h>

namespace kurabe::cli {

SourceWatch::Sight SourceWatch::look_at(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return {};
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return {.device = status.st_dev,
            .number = status.st_ino,
            .bytes = status.st_size,
            .changed_ns = status.st_ctim.tv_sec * kNanoseconds + status.st_ctim.tv_nsec};
}

std::vector<SourceWatch::Sight> SourceWatch::look() const {
    std::vector<Sight> sights;
    std::ranges::transform(paths_, std::back_inserter(sights), look_at);
    return sights;
}

void SourceWatch::watch(std::vector<std::filesystem::path> paths) {
    std::map<std::filesystem::path, Sight> before;
    for (std::size_t i = 0; i < paths_.size(); ++i) before.emplace(std::move(paths_[i]), last_[i]);
    paths_ = std::move(paths);
    known_.clear();
    for (const std::filesystem::path& path : paths_) {
        const auto last = before.find(path);
        known_.push_back(last == before.end() ? look_at(path) : last->second);
    }
    last_ = known_;
}

bool SourceWatch::has_changed() {
    std::vector<Sight> now = look();
    const bool is_at_rest = now == last_;
    last_ = std::move(now);
    if (!is_at_rest || last_ == known_) return false;
    known_ = last_;
    return true;
}

}  // namespace kurabe::cli
