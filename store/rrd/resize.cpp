// The oldest rows follow the newest one: there new ones are put in, or old ones taken out.
#include "store/rrd/resize.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "store/rrd/archive_writer.hpp"
#include "store/rrd/header_check.hpp"

namespace kurabe::store::rrd {
namespace {

// Rows of the new file that are one after the other in the old one as well.
struct Run {
    std::uint64_t first;
    std::uint64_t old_first;
    std::uint64_t count;
};

// Up to the newest row, and behind it.
using Runs = std::array<Run, 2>;

Runs runs_of(const Header& old, const Header& header, std::size_t rra) noexcept {
    const std::uint64_t old_rows = old.rras[rra].rows;
    const std::uint64_t rows = header.rras[rra].rows;
    const std::uint64_t up_to_newest = header.current_rows[rra] + 1;
    const std::uint64_t old_up_to_newest = old.current_rows[rra] + 1;
    const std::uint64_t behind = std::min(rows - up_to_newest, old_rows - old_up_to_newest);
    return {Run{.first = 0, .old_first = old_up_to_newest - up_to_newest, .count = up_to_newest},
            Run{.first = rows - behind, .old_first = old_rows - behind, .count = behind}};
}

Result<void> read_run(const Archive& old, std::size_t rra, const Run& run, std::uint64_t first,
                      std::span<Value> block) {
    const std::size_t sources = old.header().sources.size();
    const std::uint64_t begin = std::max(run.first, first);
    const std::uint64_t end = std::min(run.first + run.count, first + block.size() / sources);
    if (begin >= end) return {};
    return old.read_rows(rra, run.old_first + (begin - run.first),
                         block.subspan((begin - first) * sources, (end - begin) * sources));
}

Result<Header> resized_header(const Header& old, const Resizing& resizing) {
    Header header = old;
    const auto rows = static_cast<std::int64_t>(old.rras[resizing.rra].rows);
    if (rows + resizing.rows < 1) return fail(ErrorCode::kInvalid, "This RRA is not that big");
    header.rras[resizing.rra].rows = static_cast<std::uint64_t>(rows + resizing.rows);
    const auto behind = rows - 1 - static_cast<std::int64_t>(old.current_rows[resizing.rra]);
    const std::int64_t before = std::max<std::int64_t>(0, -resizing.rows - behind);
    header.current_rows[resizing.rra] -= static_cast<std::uint64_t>(before);
    header.version = std::max(header.version, kVersionOfMicros);
    if (auto checked = check_records(header); !checked) return std::unexpected(checked.error());
    return header;
}

}  // namespace

Result<void> write_resized(const Archive& old, const Resizing& resizing,
                           const std::filesystem::path& path) {
    const auto header = resized_header(old.header(), resizing);
    if (!header) return std::unexpected(header.error());
    const auto fill = [&](std::size_t rra, std::uint64_t first,
                          std::span<Value> block) -> Result<void> {
        for (const Run& run : runs_of(old.header(), *header, rra)) {
            if (auto read = read_run(old, rra, run, first, block); !read) return read;
        }
        return {};
    };
    return write_archive_file(path, *header, fill);
}

}  // namespace kurabe::store::rrd
