// Reads a small file whole; refuses what is no file, so that a pipe or a device cannot hang us.
#include "server/text_file.hpp"

#include <array>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace kurabe::server {

Result<std::string> read_text_file(const std::filesystem::path& file, std::size_t bytes_max) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        return fail(ErrorCode::kNotFound, fmt::format("{}: there is no such file", file.native()));
    }
    if (error) {
        return fail(ErrorCode::kSystem,
                    fmt::format("{}: cannot be read: {}", file.native(), error.message()));
    }
    if (!std::filesystem::is_regular_file(status)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: is not a file; give a text file", file.native()));
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(ErrorCode::kSystem,
                    fmt::format("{}: cannot be opened; check its permissions", file.native()));
    }
    std::string text;
    std::array<char, 64 << 10> part{};
    while (stream && text.size() <= bytes_max) {
        stream.read(part.data(), part.size());
        text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (stream.bad()) {
        return fail(ErrorCode::kSystem, fmt::format("{}: reading failed", file.native()));
    }
    if (text.size() > bytes_max) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{}: has more than {} bytes, the limit", file.native(), bytes_max));
    }
    return text;
}

}  // namespace kurabe::server
