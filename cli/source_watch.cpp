// Compares what files were with what they are.
#include "cli/source_watch.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace kurabe::cli {

std::vector<SourceWatch::Sight> SourceWatch::look() const {
    std::vector<Sight> sights;
    std::ranges::transform(paths_, std::back_inserter(sights), server::identity_of);
    return sights;
}

void SourceWatch::watch(std::vector<std::filesystem::path> paths) {
    std::map<std::filesystem::path, Sight> before;
    for (std::size_t i = 0; i < paths_.size(); ++i) before.emplace(std::move(paths_[i]), last_[i]);
    paths_ = std::move(paths);
    known_.clear();
    for (const std::filesystem::path& path : paths_) {
        const auto last = before.find(path);
        known_.push_back(last == before.end() ? server::identity_of(path) : last->second);
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
