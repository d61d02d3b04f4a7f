// Takes one line or one bulk after another; a reply is whole when no array is open.
#include "collectors/fetch/resp_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "store/integer.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::unexpected<Error> no_reply() {
    return fail(ErrorCode::kInvalid, "the answer is no reply of Redis");
}

}  // namespace

Result<void> RespReader::feed(std::string_view bytes) {
    buffer_ += bytes;
    while (true) {
        const auto taken = in_bulk_ ? take_bulk() : take_line();
        if (!taken) return std::unexpected(taken.error());
        if (!*taken) break;
    }
    buffer_.erase(0, at_);
    scanned_ -= std::min(scanned_, at_);
    at_ = 0;
    return {};
}

Result<bool> RespReader::take_line() {
    const std::size_t end = buffer_.find(kLineEnd, std::max(at_, scanned_));
    if (end == std::string::npos) {
        if (buffer_.size() - at_ > kReplyLineBytesMax) return no_reply();
        scanned_ = buffer_.empty() ? 0 : buffer_.size() - 1;  // the '\r' may be there already
        return false;
    }
    const std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
    if (line.empty()) return no_reply();
    const char kind = line.front();
    auto taken = take_header(kind, line.substr(1));
    if (!taken) return std::unexpected(taken.error());
    at_ = end + kLineEnd.size();
    return true;
}

Result<void> RespReader::take_header(char kind, std::string_view text) {
    if (kind == '+') return add_item(text);
    if (kind == '-') {
        reply_.is_error = open_.empty();
        return add_item(text);
    }
    const auto number = store::whole_integer<std::int64_t>(text);
    if (!number) return no_reply();
    if (kind == ':') return add_item(text);
    if (kind == '*') return begin_array(*number);
    if (kind != '$' || *number < -1) return no_reply();
    if (*number == -1) return add_item("");
    if (static_cast<std::uint64_t>(*number) > kReplyBulkBytesMax) {
        return fail(ErrorCode::kLimit, "a reply over the limit of 1 MiB");
    }
    in_bulk_ = true;
    bulk_size_ = static_cast<std::size_t>(*number);
    return {};
}

Result<void> RespReader::begin_array(std::int64_t count) {
    if (count < -1) return no_reply();
    if (count == -1) return add_item("");
    if (open_.size() >= kReplyDepthMax || static_cast<std::uint64_t>(count) > kReplyItemsMax) {
        return fail(ErrorCode::kLimit, "a reply with too many items, or too many in each other");
    }
    reply_.is_array = true;
    open_.push_back(static_cast<std::size_t>(count));
    close_arrays();
    return {};
}

Result<bool> RespReader::take_bulk() {
    if (buffer_.size() - at_ < bulk_size_ + kLineEnd.size()) return false;
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    if (rest.substr(bulk_size_, kLineEnd.size()) != kLineEnd) return no_reply();
    in_bulk_ = false;
    if (auto added = add_item(rest.substr(0, bulk_size_)); !added) {
        return std::unexpected(added.error());
    }
    at_ += bulk_size_ + kLineEnd.size();
    return true;
}

Result<void> RespReader::add_item(std::string_view item) {
    if (reply_.items.size() >= kReplyItemsMax || replies_.size() >= kReplyItemsMax) {
        return fail(ErrorCode::kLimit, "a reply with too many items");
    }
    reply_.items.emplace_back(item);
    if (!open_.empty()) --open_.back();
    close_arrays();
    return {};
}

// An array that has all its items is an item of the one around it.
void RespReader::close_arrays() {
    while (!open_.empty() && open_.back() == 0) {
        open_.pop_back();
        if (!open_.empty()) --open_.back();
    }
    if (open_.empty()) replies_.push_back(std::exchange(reply_, {}));
}

}  // namespace kurabe::collectors::fetch
