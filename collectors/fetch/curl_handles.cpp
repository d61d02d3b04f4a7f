// What is common to all transfers of libcurl.
#include "collectors/fetch/curl_handles.hpp"

#include <system_error>

#include <fmt/format.h>

namespace kurabe::collectors::fetch {

bool append(TextList& list, const std::string& text) {
    curl_slist* const longer = curl_slist_append(list.get(), text.c_str());
    if (longer == nullptr) return false;
    (void)list.release();
    list.reset(longer);
    return true;
}

std::string url_host(std::string address) {
    if (address.find(':') == std::string::npos) return address;
    if (const std::size_t zone = address.find('%'); zone != std::string::npos) {
        address.insert(zone + 1, "25");
    }
    return "[" + address + "]";
}

std::string failure_of(CURLcode code, CURL* easy) {
    long error = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
    if (code == CURLE_COULDNT_CONNECT && error != 0) {
        return fmt::format("cannot connect: {}",
                           std::generic_category().message(static_cast<int>(error)));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) return "no answer in time";
    return fmt::format("no answer of HTTP: {}", curl_easy_strerror(code));
}

}  // namespace kurabe::collectors::fetch
