// `resize FILE RRA GROW|SHRINK ROWS`: the file with a longer or shorter RRA, as resize.rrd in the
// current directory.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/rrdtool/commands.hpp"
#include "cli/rrdtool/locking.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/resize.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace rrd = store::rrd;

constexpr std::string_view kResult = "resize.rrd";

struct ResizeRequest {
    std::string file;
    std::int64_t rra = 0;
    std::int64_t rows = 0;  // to add; less than zero: to remove
};

// The integer that `text` begins with, or zero, as rrdtool reads it.
std::int64_t leading_integer(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto error = std::from_chars(text.data(), text.data() + text.size(), number).ec;
    return error == std::errc::result_out_of_range ? rrd::kSpanMax_s : number;
}

Result<ResizeRequest> parse(Words arguments) {
    constexpr std::size_t kArguments = 4;
    if (arguments.size() != kArguments) return invalid("wrong number of parameters");
    if (arguments[0] == kResult) return invalid(fmt::format("{} is a reserved name", kResult));
    const bool grows = arguments[2] == "GROW";
    if (!grows && arguments[2] != "SHRINK") return invalid("I can only GROW or SHRINK");
    const std::int64_t rows = std::min(leading_integer(arguments[3]), rrd::kSpanMax_s);
    if (rows < 1) return invalid("Please grow or shrink with at least 1 row");
    return ResizeRequest{
        .file = arguments[0], .rra = leading_integer(arguments[1]), .rows = grows ? rows : -rows};
}

}  // namespace

Result<void> run_resize(Words arguments, Session& session) {
    const auto request = parse(arguments);
    if (!request) return std::unexpected(request.error());
    const auto wait = parse_locking(session.locking);
    if (!wait) return std::unexpected(wait.error());
    const auto archive = rrd::Archive::open(request->file, store::File::Access::kRead, *wait);
    if (!archive) return std::unexpected(archive.error());
    const bool is_there =
        request->rra >= 0 && std::cmp_less(request->rra, archive->header().rras.size());
    if (!is_there) return invalid("no such RRA in this RRD");
    return rrd::write_resized(
        *archive, {.rra = static_cast<std::size_t>(request->rra), .rows = request->rows}, kResult);
}

}  // namespace kurabe::cli::rrdtool
