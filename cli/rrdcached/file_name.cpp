// Links are followed as far as there are files.
#include "cli/rrdcached/file_name.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace kurabe::cli::rrdcached {
namespace fs = std::filesystem;

Result<std::string> name_on_this_machine(std::string_view file) {
    std::error_code error;
    const fs::path whole = fs::canonical(file, error);
    if (!error) return whole.native();
    // The file may be missing, or about to be made; its directory may not.
    const auto slash = file.rfind('/');
    const std::size_t name = slash == std::string_view::npos ? 0 : slash + 1;
    const fs::path place = fs::canonical(name == 0 ? "." : file.substr(0, name), error);
    if (file.empty()) error = std::make_error_code(std::errc::no_such_file_or_directory);
    if (error) {
        return fail(ErrorCode::kNotFound, fmt::format("realpath({}): {}", file, error.message()));
    }
    return (place / file.substr(name)).native();
}

Result<std::string> name_over_network(std::string_view file,
                                      std::optional<std::string_view> strip_path) {
    if (strip_path && file.starts_with(*strip_path)) {
        file.remove_prefix(strip_path->size());
        file.remove_prefix(std::min(file.find_first_not_of('/'), file.size()));
    }
    if (file.starts_with('/')) {
        return fail(ErrorCode::kInvalid,
                    "absolute path names not allowed when talking to a remote daemon");
    }
    return std::string(file);
}

}  // namespace kurabe::cli::rrdcached
