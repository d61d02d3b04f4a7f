// Whether a path's file is still the one that was read, by what the system says of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include <sys/types.h>

namespace kurabe::server {

// Tells apart two contents of one path.
struct FileIdentity {
    dev_t device = 0;
    ino_t number = 0;
    off_t bytes = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const FileIdentity&) const = default;
};
// None for a file that is not there, or is none of ours to see.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::filesystem::path& file);

}  // namespace kurabe::server
