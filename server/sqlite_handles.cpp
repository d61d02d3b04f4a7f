// Damage, want of space and other processes are told apart; the rest is the system's.
#include "server/sqlite_handles.hpp"

#include <fmt/format.h>

namespace kurabe::server {

Error error_of(sqlite3* database, const std::filesystem::path& file) {
    const int code = sqlite3_errcode(database) & 0xFF;
    const char* const reason = sqlite3_errmsg(database);
    switch (code) {
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return {ErrorCode::kDamaged,
                    fmt::format("{}: is damaged ({}); move it away and start again, reports fill a "
                                "new one",
                                file.native(), reason)};
        case SQLITE_FULL:
            return {ErrorCode::kNoSpace, fmt::format("{}: {}", file.native(), reason)};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::kInUse,
                    fmt::format("{}: another process holds it ({})", file.native(), reason)};
        default:
            return {ErrorCode::kSystem, fmt::format("{}: {}", file.native(), reason)};
    }
}

}  // namespace kurabe::server
