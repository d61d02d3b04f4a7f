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

Result<void> connect(const std::string& name, int flags, const std::filesystem::path& file,
                     Database& database) {
    constexpr int kBusyMilliseconds = 5000;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    database.reset(raw);
    if (raw == nullptr) return fail(ErrorCode::kSystem, file.native() + ": out of memory");
    if (code != SQLITE_OK) return std::unexpected(error_of(raw, file));
    sqlite3_busy_timeout(raw, kBusyMilliseconds);
    return {};
}

Result<void> execute(sqlite3* database, const char* sql, const std::filesystem::path& file) {
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return std::unexpected(error_of(database, file));
}

Result<Statement> prepare(sqlite3* database, const char* sql, unsigned flags,
                          const std::filesystem::path& file) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(database, sql, -1, flags, &raw, nullptr) != SQLITE_OK) {
        return std::unexpected(error_of(database, file));
    }
    return Statement(raw);
}

}  // namespace kurabe::server
