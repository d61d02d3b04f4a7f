// libcurl's handles with their owners, and what its errors mean to people. The only file of the
// collectors that includes its header.
#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

namespace kurabe::collectors::fetch {

struct CloseEasy {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct CloseMulti {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

using EasyHandle = std::unique_ptr<CURL, CloseEasy>;
using MultiHandle = std::unique_ptr<CURLM, CloseMulti>;
using TextList = std::unique_ptr<curl_slist, FreeList>;

// False when there is no memory; the list stays as it was.
[[nodiscard]] bool append(TextList& list, const std::string& text);

// A numeric address as the host of a URL: one of version 6 stands in brackets, and the '%' of its
// zone is written in another way.
[[nodiscard]] std::string url_host(std::string address);

// Why a transfer failed, in a few words.
[[nodiscard]] std::string failure_of(CURLcode code, CURL* easy);

}  // namespace kurabe::collectors::fetch
