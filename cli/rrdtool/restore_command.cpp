// `restore IN.xml FILE`: a file from the text of a dump.
#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/stream_file.hpp"
#include "store/rrd/archive_writer.hpp"
#include "store/rrd/initial_state.hpp"
#include "store/rrd/restore.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace fs = std::filesystem;
namespace rrd = store::rrd;

constexpr std::array kRestoreOptions{OptionSpec{'r', "range-check", false},
                                     OptionSpec{'f', "force-overwrite", false}};
constexpr std::size_t kPartBytes = 64UL << 10;
constexpr char kEndOfText = '\x1a';  // Ctrl-Z

Result<void> feed_file(const std::string& path, rrd::Restore& restore) {
    const auto file = StreamFile::open_to_read(path);
    if (!file) {
        return fail(ErrorCode::kNotFound, fmt::format("Could not create xml reader for: {}", path));
    }
    std::vector<char> part(kPartBytes);
    for (;;) {
        const auto bytes = file->read(part);
        if (!bytes) {
            return fail(ErrorCode::kSystem,
                        fmt::format("reading '{}': {}", path,
                                    std::system_category().message(bytes.error())));
        }
        if (*bytes == 0) return {};
        if (auto fed = restore.feed({part.data(), *bytes}); !fed) return fed;
    }
}

// Up to Ctrl-Z or the end of the input, in parts of many lines. After an error the rest is passed
// over, so that a pipe does not take it for commands.
Result<void> feed_input(Input& input, rrd::Restore& restore) {
    Result<void> fed;
    std::string part;
    for (bool is_over = false; !is_over;) {
        const std::string_view line = input.read_line();
        const auto end = line.find(kEndOfText);
        is_over = line.empty() || end != std::string_view::npos;
        if (!fed) continue;
        part += line.substr(0, end);
        if (part.size() < kPartBytes && !is_over) continue;
        fed = restore.feed(part);
        part.clear();
    }
    return fed;
}

std::unexpected<Error> creating_failed(std::string_view file, const std::error_code& reason) {
    return fail(ErrorCode::kSystem, fmt::format("creating '{}': {}", file, reason.message()));
}

// What is to be written, be there nothing yet: links are followed.
Result<fs::path> followed(const std::string& file) {
    std::error_code error;
    fs::path target = fs::canonical(file, error);
    if (!error) return target;
    if (error != std::errc::no_such_file_or_directory) return creating_failed(file, error);
    target = file;
    while (fs::is_symlink(target, error)) {
        target = target.parent_path() / fs::read_symlink(target, error);
    }
    return target;
}

// Rings begin where the name says.
void place_rows(rrd::Restored& restored, const std::string& file) {
    rrd::Header& header = restored.header;
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        const std::uint64_t row = rrd::initial_row(file, rra, header.rras[rra].rows);
        header.current_rows.push_back(row);
        rrd::put_in_place(restored.rows[rra], header.sources.size(), row);
    }
}

// A file that may not be overwritten stays, and so does a link.
Result<void> write(rrd::Restored restored, const std::string& file, bool overwrites,
                   Output& output) {
    place_rows(restored, file);
    const std::size_t sources = restored.header.sources.size();
    const auto fill = [&](std::size_t rra, std::uint64_t first,
                          std::span<store::Value> block) -> Result<void> {
        std::ranges::copy(std::span(restored.rows[rra]).subspan(first * sources, block.size()),
                          block.begin());
        return {};
    };
    if (file == "-" || (overwrites && file == "/dev/stdout")) {
        return rrd::write_archive(
            restored.header, fill, [&](std::span<const std::byte> bytes) -> Result<void> {
                output.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
                return {};
            });
    }
    using Existing = store::NewFile::Existing;
    if (overwrites) {
        const auto target = followed(file);
        if (!target) return std::unexpected(target.error());
        return rrd::write_archive_file(*target, restored.header, fill,
                                       {.existing = Existing::kReplace});
    }
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(file, ignored))) {
        return creating_failed(file, std::make_error_code(std::errc::file_exists));
    }
    return rrd::write_archive_file(file, restored.header, fill, {.existing = Existing::kKeep});
}

}  // namespace

Result<void> run_restore(Words arguments, Session& session) {
    const auto parsed = parse_options(arguments, kRestoreOptions);
    if (!parsed) return std::unexpected(parsed.error());
    if (parsed->operands.size() != 2) {
        return fail(ErrorCode::kInvalid,
                    "usage rrdtool restore [--range-check|-r] [--force-overwrite|-f] file.xml "
                    "file.rrd");
    }
    const std::string from(parsed->operands.front());
    const std::string file(parsed->operands.back());
    rrd::Restore restore(parsed->has("r"));
    const auto fed = from == "-" ? feed_input(session.in, restore) : feed_file(from, restore);
    if (!fed) return fed;
    auto restored = restore.finish();
    if (!restored) return std::unexpected(restored.error());
    return write(std::move(*restored), file, parsed->has("f"), session.out);
}

}  // namespace kurabe::cli::rrdtool
