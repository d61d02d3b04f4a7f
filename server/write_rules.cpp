// Headers of requests that write.
#include "server/write_rules.hpp"

#include "server/parameters.hpp"
#include "server/request_text.hpp"

namespace kurabe::server {
namespace {

// A browser names the page that it posts for, programs do not; no page of ours posts here, and one
// of another origin must not, whatever names it has made up for this machine.
bool comes_from_a_page(const Request& head) {
    return !header_value(head, "Origin").empty() || !header_value(head, "Sec-Fetch-Site").empty();
}

bool is_a_form(const Request& head) {
    const std::string type = bare_type(header_value(head, "Content-Type"));
    return type == "application/x-www-form-urlencoded" || type == "multipart/form-data";
}

}  // namespace

std::optional<WriteRefusal> write_refusal(const Request& head, bool may_write, WrittenBody body) {
    if (comes_from_a_page(head)) return WriteRefusal{403, "web pages may not post here"};
    if (!may_write) return WriteRefusal{403, "this server only reads: its files cannot be written"};
    if (body == WrittenBody::kText && is_a_form(head)) {
        return WriteRefusal{415,
                            "lines and JSON are no form; send them with 'Content-Type: "
                            "text/plain' or 'application/json'"};
    }
    const std::string_view encoding = header_value(head, "Content-Encoding");
    if (body == WrittenBody::kForm && !encoding.empty() && encoding != "identity") {
        return WriteRefusal{415, "a form may not be packed"};
    }
    if (!encoding.empty() && encoding != "gzip" && encoding != "identity") {
        return WriteRefusal{415, "of content encodings only gzip is known"};
    }
    return std::nullopt;
}

}  // namespace kurabe::server
