// A SeriesSource that holds its series in memory and counts how often it is asked.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include <fmt/format.h>

#include "render/series_source.hpp"

namespace kurabe::tests {

class MemorySeriesSource : public render::SeriesSource {
  public:
    void add(const std::string& series, store::FetchedSeries data) {
        series_[series] = std::move(data);
    }

    [[nodiscard]] Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                                     const store::FetchRequest&) const override {
        ++fetches;
        const auto found = series_.find(reference.series);
        if (found == series_.end()) {
            return fail(ErrorCode::kNotFound, fmt::format("no series '{}'", reference.series));
        }
        return found->second;
    }

    mutable std::atomic<int> fetches = 0;

  private:
    std::map<std::string, store::FetchedSeries> series_;
};

}  // namespace kurabe::tests
