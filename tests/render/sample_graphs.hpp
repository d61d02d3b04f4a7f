// Kurado's graphs and invented data for them, the same at every run.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/series_source.hpp"

namespace kurabe::render::testing {

inline constexpr Time kSampleEnd{Seconds{1700190000}};
inline constexpr Seconds kSampleSpan{33 * 3600};

// Minutes of smooth days with noise, and a gap of an hour; any series name but "missing" exists.
class InventedSource final : public SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference& reference, const store::FetchRequest& request) const override;
};

// The options with which Kurado draws the last 33 hours; then its elements.
[[nodiscard]] std::vector<std::string> cpu_graph();
[[nodiscard]] std::vector<std::string> traffic_graph();
[[nodiscard]] std::vector<std::string> memory_graph();
[[nodiscard]] std::vector<std::string> page_options();

}  // namespace kurabe::render::testing
