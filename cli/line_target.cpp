// Lines for a server go in pieces that it takes.
#include "cli/line_target.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "cli/own_address.hpp"
#include "store/counted.hpp"

namespace kurabe::cli {

namespace {

// Sessions that wait for the server's answer must not run out of time meanwhile.
constexpr std::chrono::seconds kDeadline{10};
constexpr std::size_t kPieceBytesMax = 4 << 20;

// The beginning of `lines` that has whole lines.
std::string_view piece_of(std::string_view lines) {
    if (lines.size() <= kPieceBytesMax) return lines;
    const std::size_t end = lines.rfind('\n', kPieceBytesMax - 1);
    return lines.substr(0, end == std::string_view::npos ? kPieceBytesMax : end + 1);
}

}  // namespace

Result<LineTarget> LineTarget::create(const std::optional<LineServer>& server,
                                      const Environment& environment, rrdtool::Output& out) {
    if (!server) return LineTarget(std::nullopt, out);
    auto sender = LineSender::create(*server, environment.credentials);
    if (!sender) return std::unexpected(sender.error());
    return LineTarget(*std::move(sender), out);
}

void LineTarget::add(std::string_view lines) {
    if (sender_) {
        waiting_ += lines;
    } else {
        out_->write(lines);
    }
}

Result<void> LineTarget::deliver() {
    if (!sender_) return out_->flush();
    const std::string lines = std::exchange(waiting_, {});
    std::size_t refused = 0;
    std::string reason;
    for (std::string_view rest = lines; !rest.empty();) {
        const std::string_view piece = piece_of(rest);
        auto sent = sender_->send(piece, kDeadline);
        if (!sent) return std::unexpected(std::move(sent).error().error);
        refused += sent->refused;
        if (reason.empty()) reason = std::move(sent->reason);
        rest.remove_prefix(piece.size());
    }
    if (refused == 0) return {};
    return fail(ErrorCode::kInvalid, fmt::format("{}: {} refused: {}", sender_->host(),
                                                 store::counted(refused, "line", "lines"), reason));
}

Result<std::string> LineTarget::own_host() const {
    if (!sender_) return own_name();
    return own_address_toward(sender_->host());
}

}  // namespace kurabe::cli
