// Names of disks, mounts and interfaces as they appear in metrics' keys.
#pragma once

#include <string>
#include <string_view>

namespace kurabe::collectors {

// What is not [A-Za-z0-9_-] becomes '_', as in Kurado.
[[nodiscard]] std::string key_name(std::string_view device);

// "loop12": `prefix` and a number.
[[nodiscard]] bool is_numbered(std::string_view device, std::string_view prefix) noexcept;

}  // namespace kurabe::collectors
