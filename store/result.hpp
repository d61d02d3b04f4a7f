// Errors that a caller decides on, as values: every folder returns Result<T>.
// What means a bug is an assert; what a foreign library throws is caught in its wrapper.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace kurabe {

enum class ErrorCode {
    kInvalid,      // the caller's input is wrong: a bad name, definition, number or option
    kNotFound,     // no such host, series, data source, file or graph
    kForbidden,    // the caller may not; somebody else may
    kOutdated,     // a sample not newer than the last one of its series
    kDamaged,      // an archive whose bytes cannot be trusted
    kInUse,        // owned by another process
    kNoSpace,      // the disk is full
    kLimit,        // a named limit was reached
    kUnsupported,  // well formed, but a version or feature this program does not know
    kSystem,       // the operating system refused: message holds its reason
};

// `message` is one line in plain words that names the file, series or token and what would be
// right.
struct Error {
    ErrorCode code;
    std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
    return std::unexpected(Error{code, std::move(message)});
}

[[nodiscard]] inline std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

[[nodiscard]] inline std::unexpected<Error> damaged(std::string message) {
    return fail(ErrorCode::kDamaged, std::move(message));
}

// Of an archive: damage and unknown formats do not pass by themselves; want of memory or file
// handles may.
[[nodiscard]] inline bool is_lasting(const Error& error) noexcept {
    return error.code == ErrorCode::kDamaged || error.code == ErrorCode::kUnsupported;
}

}  // namespace kurabe
