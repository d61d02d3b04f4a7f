// Compares what files were with what they are, and which names directories have.
#include "cli/source_watch.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <system_error>
#include <utility>

#include "cli/loaded_config.hpp"

namespace kurabe::cli {
namespace {

// The same whenever the directory has the same sources, in whatever order it gives them.
std::uint64_t digest_of_names(const std::filesystem::path& directory) {
    std::uint64_t digest = 1;
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        if (!is_source(entries->path())) continue;
        digest += std::hash<std::string>()(entries->path().native());
    }
    return digest;
}

}  // namespace

SourceWatch::Sight SourceWatch::look_at(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return {.names = digest_of_names(path)};
    return {.file = server::identity_of(path)};
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
