// Looks for the lock file, and for a data directory of the usual name one level down.
#include "store/data_directory.hpp"

#include <system_error>

#include <fmt/format.h>
#include <sys/statvfs.h>

#include "store/lock_file.hpp"

namespace kurabe::store {

bool is_data_directory(const std::filesystem::path& directory) {
    std::error_code unknown;  // what cannot be looked into is none
    return std::filesystem::is_regular_file(LockFile::path_in(directory), unknown);
}

std::string not_a_data_directory(const std::filesystem::path& directory) {
    const std::filesystem::path usual = directory / "data";
    const std::string hint =
        is_data_directory(usual) ? fmt::format("; {} is one", usual.string()) : "";
    return fmt::format("{} is not a data directory of kurabe{}", directory.string(), hint);
}

Result<void> check_may_be_data_directory(const std::filesystem::path& directory) {
    std::error_code error;
    const bool is_empty = std::filesystem::is_empty(directory, error);
    // What is absent or cannot be read is for the one who opens it to say.
    if (error || is_empty || is_data_directory(directory)) return {};
    return fail(ErrorCode::kInvalid,
                "in use for something else: " + not_a_data_directory(directory));
}

bool is_on_read_only_file_system(const std::filesystem::path& directory) {
    struct statvfs status{};
    return ::statvfs(directory.c_str(), &status) == 0 && (status.f_flag & ST_RDONLY) != 0;
}

}  // namespace kurabe::store
