// Lines, their ends and their lengths; what the lines say is for the parser.
#include "server/http_head.hpp"

#include <algorithm>

namespace kurabe::server {
namespace {

constexpr std::size_t kRequestLineMax = kTargetBytesMax + 2 * kMethodBytesMax + 2;

bool is_control_but_tab(char byte) {
    return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7f;
}

}  // namespace

HttpHead::State HttpHead::refuse(int status, std::string_view reason) {
    status_ = status;
    reason_ = reason;
    return State::kRefused;
}

HttpHead::State HttpHead::take(char byte) {
    if (after_cr_) {
        if (byte != '\n') return refuse(400, "a carriage return stands within a line");
        text_ += "\r\n";
        after_cr_ = false;
        return end_line();
    }
    if (byte == '\r') {
        after_cr_ = true;
        return State::kPartial;
    }
    if (byte == '\n') return refuse(400, "lines end with carriage return and line feed");
    if (is_control_but_tab(byte)) return refuse(400, "a control character stands in the head");
    const bool begins_line = text_.size() == line_;
    if (begins_line && (byte == ' ' || byte == '\t')) {
        return refuse(400, "a line of the head begins with a blank");
    }
    text_ += byte;
    return check_length();
}

HttpHead::State HttpHead::check_length() {
    const std::size_t length = text_.size() - line_;
    if (lines_ == 0 && length > kRequestLineMax) {
        return refuse(414, "the address is too long; send many addresses by POST");
    }
    if (lines_ > 0 && length > kHeaderLineBytesMax) return refuse(431, "a header is too long");
    if (text_.size() > kHeadBytesMax) return refuse(431, "the headers are too long together");
    return State::kPartial;
}

HttpHead::State HttpHead::end_line() {
    const std::string_view line = std::string_view(text_).substr(line_, text_.size() - 2 - line_);
    if (line.empty() && lines_ == 0) {  // some clients send one behind a body
        if (skipped_empty_) return refuse(400, "the head has no request line");
        skipped_empty_ = true;
        text_.clear();
        return State::kPartial;
    }
    if (line.empty()) return State::kComplete;
    if (lines_ == 0) {
        const std::size_t target = line.find(' ') + 1;
        const std::size_t version = line.rfind(' ') + 1;
        if (std::ranges::count(line, ' ') != 2 || std::ranges::count(line, '\t') != 0) {
            return refuse(400, "the request line is not METHOD ADDRESS HTTP/1.1");
        }
        if (version - 1 - target > kTargetBytesMax) {
            return refuse(414, "the address is too long; send many addresses by POST");
        }
    } else if (line.find(':') == std::string_view::npos) {
        return refuse(400, "a line of the head is no header");
    }
    if (++lines_ > kHeadersMax + 1) return refuse(431, "there are too many headers");
    line_ = text_.size();
    return State::kPartial;
}

std::vector<std::pair<std::string_view, std::string_view>> headers_of(std::string_view head) {
    constexpr std::string_view kBlanks = " \t";
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    for (head.remove_prefix(head.find('\n') + 1); !head.starts_with('\r');
         head.remove_prefix(head.find('\n') + 1)) {
        const std::string_view line = head.substr(0, head.find('\r'));
        const std::size_t colon = line.find(':');
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
        value = value.substr(0, value.find_last_not_of(kBlanks) + 1);
        headers.emplace_back(line.substr(0, colon), value);
    }
    return headers;
}

}  // namespace kurabe::server
