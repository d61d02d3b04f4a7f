// Lines as the arguments of one update of a file with every kind of data source and RRA, and,
// behind an empty line, of a second one; a line that begins with "--template " sets the template of
// those after it. A failing argument must leave the file's bytes as they were, and what was
// written must be a file that can be read.
#include <fstream>
#include <iterator>

#include "store/rrd/updater.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/store/rrd/rrd_builder.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace kurabe;
using namespace kurabe::store;

namespace {

std::string make_file() {
    const tests::TemporaryDirectory directory;
    const auto path = directory.path() / "a.rrd";
    tests::RrdBuilder(Seconds{10}, Time{Seconds{1'000'000'000}})
        .add({.name = "gauge", .minimum = -100, .maximum = 100})
        .add({.name = "counter", .type = DsType::kCounter})
        .add({.name = "derive", .type = DsType::kDerive, .heartbeat_s = 20})
        .add({.name = "absolute", .type = DsType::kAbsolute})
        .add({.name = "dcounter", .type = DsType::kDCounter})
        .add({.name = "dderive", .type = DsType::kDDerive})
        .add_compute("sum", "gauge,counter,+,derive,/")
        .add({.cf = rrd::RraCf::kAverage})
        .add({.cf = rrd::RraCf::kMin, .rows = 4, .pdp_per_row = 3})
        .add({.cf = rrd::RraCf::kLast, .rows = 3, .pdp_per_row = 7})
        .add_family(12, 0.1, 0.01, 5)
        .write(path);
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string_view next_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

// The file as others see it.
class Bytes {
  public:
    explicit Bytes(const std::filesystem::path& path) : file_(path, std::ios::binary) {}
    std::string read() {
        file_.clear();
        file_.seekg(0);
        return {std::istreambuf_iterator<char>(file_), {}};
    }

  private:
    std::ifstream file_;
};

void update_group(rrd::Updater& updater, Bytes& bytes, std::string_view& text) {
    static const TimeZone zone = TimeZone::utc();
    constexpr std::string_view kTemplate = "--template ";
    const rrd::UpdateClock clock{SampleTime{Time{Seconds{1'000'001'000}}}, zone};
    auto order = updater.usual_order();
    std::string before = bytes.read();
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        if (line.empty()) break;
        if (line.starts_with(kTemplate)) {
            auto named = rrd::ReadingOrder::parse(line.substr(kTemplate.size()), updater.header());
            if (named) order = std::move(*named);
            continue;
        }
        const bool is_updated = updater.update(line, order, clock).has_value();
        std::string after = bytes.read();
        tests::require(is_updated || before == after);
        before = std::move(after);
    }
    tests::require(updater.finish().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kBytesMax = 2048;
    static const std::string fresh = make_file();
    static const tests::TemporaryDirectory directory;
    const auto path = directory.write("a.rrd", fresh);
    std::string_view text = tests::text_of(data, std::min(size, kBytesMax));
    Bytes bytes(path);
    while (!text.empty()) {
        auto updater = rrd::Updater::open(path);
        tests::require(updater.has_value());
        update_group(*updater, bytes, text);
    }
    const std::string written = bytes.read();
    tests::require(written.size() == fresh.size());
    tests::require(
        rrd::decode_header("a.rrd", std::as_bytes(std::span(written)), written.size()).has_value());
    return 0;
}
