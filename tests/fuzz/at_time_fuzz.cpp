// Text as start and end of a range: two lines.
#include "store/at_time.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe::store;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = kurabe::tests::text_of(data, size);
    const auto line_end = std::min(text.find('\n'), text.size());
    const std::string_view start = text.substr(0, line_end);
    const std::string_view end = text.substr(std::min(line_end + 1, text.size()));
    static const TimeZone zone = TimeZone::locate("Europe/Berlin").value_or(TimeZone::utc());
    const Time now{Seconds{1'300'000'000}};
    (void)parse_time(start, now, zone);
    (void)parse_time_range(start, end, now, zone);
    return 0;
}
