// libcurl's easy interface: verified TLS, no redirects, one deadline for the whole exchange.
#include "cli/http_client.hpp"

#include <memory>

#include <curl/curl.h>

namespace kurabe::cli {

namespace {

struct CurlDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};

std::size_t append_body(char* bytes, std::size_t size, std::size_t count, void* target) {
    auto& body = *static_cast<std::string*>(target);
    if (body.size() + size * count > kReplyBytesMax) {
        return 0;  // tells libcurl to give up
    }
    body.append(bytes, size * count);
    return size * count;
}

int is_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, CurlDeleter>;
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

Result<HttpReply> perform(CURL* curl, const std::string& url, std::chrono::seconds deadline) {
    HttpReply reply;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(deadline.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    // A proxy of the environment cannot reach this machine's own server.
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply.body);
    const CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_WRITE_ERROR) {
        return fail(ErrorCode::kLimit,
                    url + ": the reply has over " + std::to_string(kReplyBytesMax) + " bytes");
    }
    if (code != CURLE_OK) {
        return fail(ErrorCode::kSystem, url + ": " + curl_easy_strerror(code));
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
}

std::unexpected<Error> no_request() {
    return fail(ErrorCode::kSystem, "cannot set up an HTTP request");
}

// libcurl copies the texts; on failure the list is as it was.
bool append(HeaderList& list, const std::string& header) {
    curl_slist* const longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(list.release());
    list.reset(longer);
    return true;
}

}  // namespace

Result<HttpReply> http_get(const std::string& url, std::chrono::seconds deadline,
                           const std::vector<std::string>& given) {
    const Curl curl(curl_easy_init());
    HeaderList headers;
    if (!curl) return no_request();
    for (const std::string& header : given) {
        if (!append(headers, header)) return no_request();
    }
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    return perform(curl.get(), url, deadline);
}

Result<HttpReply> http_post(const HttpPost& post) {
    const Curl curl(curl_easy_init());
    HeaderList headers;
    if (!curl || !append(headers, "Expect:")) return no_request();
    for (const std::string& header : post.headers) {
        if (!append(headers, header)) return no_request();
    }
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, post.body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(post.body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, is_to_stop);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &post.stop);
    return perform(curl.get(), post.url, post.deadline);
}

Result<UrlPlace> url_place(const std::string& url) {
    struct Free {
        void operator()(CURLU* handle) const noexcept { curl_url_cleanup(handle); }
    };
    const std::unique_ptr<CURLU, Free> parts(curl_url());
    const auto part = [&parts](CURLUPart which) {
        char* text = nullptr;
        const CURLUcode code = curl_url_get(parts.get(), which, &text, 0);
        std::string copy = code == CURLUE_OK ? text : "";
        curl_free(text);
        return copy;
    };
    if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        (part(CURLUPART_SCHEME) != "http" && part(CURLUPART_SCHEME) != "https")) {
        return fail(ErrorCode::kInvalid, "the URL must begin with http:// or https:// and a host");
    }
    UrlPlace place{
        .host = part(CURLUPART_HOST),
        .has_credentials = !part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty()};
    if (place.host.starts_with('[')) place.host = place.host.substr(1, place.host.size() - 2);
    return place;
}

std::string url_encode(std::string_view text) {
    static constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return encoded;
}

}  // namespace kurabe::cli
