// The style sheet, script and pictures that are compiled into the binary, by their address.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "server/http_types.hpp"

namespace kurabe::server {

struct Asset {
    std::string_view content_type;
    std::string_view bytes;
    std::string version;  // changes with the bytes
};

class Assets {
  public:
    Assets();

    // Null when there is none at this path ("/css/kurabe.css").
    [[nodiscard]] const Asset* find(std::string_view path) const;
    // Of a path that exists.
    [[nodiscard]] std::string_view version(std::string_view path) const;

  private:
    std::map<std::string, Asset, std::less<>> assets_;
};

// A file's answer: kept for good when the address names its version.
[[nodiscard]] Response asset_response(const Asset& asset, const Request& request);

}  // namespace kurabe::server
