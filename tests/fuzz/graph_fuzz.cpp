// Lines as the arguments of `graph`, evaluated and laid out over two short series when they parse:
// options, elements, RPN, VDEF, the formats of PRINT, comparison, legends, markup and axes.
#include <string>
#include <vector>

#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

namespace {

// Any name is a series of 20 rows, some of them unknown.
class AnySeries : public render::SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference& /*reference*/,
        const store::FetchRequest& request) const override {
        constexpr int kRows = 20;
        const store::Seconds step{60};
        store::FetchedSeries series{
            .start = request.end - step * kRows, .end = request.end, .step = step, .values = {}};
        for (int row = 0; row < kRows; ++row) {
            series.values.push_back(row % 5 == 3 ? store::kUnknown : row * 1.5 - 7);
        }
        return series;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kBytesMax = 4096;
    std::string_view text = tests::text_of(data, std::min(size, kBytesMax));
    std::vector<std::string> arguments{"-w", "100"};
    while (!text.empty()) {
        const auto line_end = std::min(text.find('\n'), text.size());
        arguments.emplace_back(text.substr(0, line_end));
        text.remove_prefix(std::min(line_end + 1, text.size()));
    }
    const store::Time now{store::Seconds{1'300'000'000}};
    const auto zone = store::TimeZone::utc();
    const auto definition = render::parse_graph(arguments, now, zone);
    if (!definition) return 0;
    // Long ranges are bounded elsewhere; here they would only be slow.
    if (definition->options.end - definition->options.start > store::Seconds{100'000}) return 0;
    static render::Renderer renderer;  // its fonts take longer to open than a graph to lay out
    (void)renderer.measure(*definition, AnySeries(), now, zone);
    return 0;
}
