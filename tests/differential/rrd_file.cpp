// Offsets of a version 0003 file on a 64-bit little-endian machine.
#include "tests/differential/rrd_file.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace kurabe::tests {
namespace {

class Bytes {
  public:
    explicit Bytes(const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(file), {});
    }
    template <typename T>
    [[nodiscard]] T at(std::size_t offset) const {
        T value{};
        if (offset + sizeof value > bytes_.size()) throw std::runtime_error("a short .rrd");
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    [[nodiscard]] std::string text(std::size_t offset) const { return bytes_.data() + offset; }

  private:
    std::vector<char> bytes_;
};

}  // namespace

RrdFile RrdFile::read(const std::filesystem::path& path) {
    const Bytes bytes(path);
    const auto rra_count = bytes.at<std::uint64_t>(32);
    const auto step = bytes.at<std::uint64_t>(40);
    const std::size_t rra_defs = 128 + 120;
    const std::size_t live = rra_defs + 120 * rra_count;
    const std::size_t pdp = live + 16;
    const std::size_t cdps = pdp + 112;
    const std::size_t pointers = cdps + 80 * rra_count;
    std::size_t data = pointers + 8 * rra_count;
    const auto last = bytes.at<std::int64_t>(live);

    RrdFile file{.pdp_value = bytes.at<double>(pdp + 40),
                 .pdp_unknown_seconds = bytes.at<std::uint64_t>(pdp + 32),
                 .rras = {}};
    for (std::size_t i = 0; i < rra_count; ++i) {
        const std::size_t def = rra_defs + 120 * i;
        RrdRra rra{.cf = bytes.text(def),
                   .rows = bytes.at<std::uint64_t>(def + 24),
                   .pdp_per_row = bytes.at<std::uint64_t>(def + 32),
                   .cdp_value = bytes.at<double>(cdps + 80 * i),
                   .cdp_unknown = bytes.at<std::uint64_t>(cdps + 80 * i + 8),
                   .values = {}};
        const auto newest = bytes.at<std::uint64_t>(pointers + 8 * i);
        const auto resolution = static_cast<std::int64_t>(step * rra.pdp_per_row);
        for (std::uint64_t row = 0; row < rra.rows; ++row) {
            const auto age = static_cast<std::int64_t>((newest + rra.rows - row) % rra.rows);
            const std::int64_t time = last - last % resolution - resolution * age;
            rra.values[time] = bytes.at<double>(data + 8 * row);
        }
        data += 8 * rra.rows;
        file.rras.push_back(std::move(rra));
    }
    return file;
}

}  // namespace kurabe::tests
