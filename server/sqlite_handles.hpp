// SQLite's objects with their owners, and its errors as ours. Used by metadata.cpp and
// event_log.cpp only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "store/result.hpp"

namespace kurabe::server {

struct CloseDatabase {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// What SQLite's last result means to us, naming the file.
[[nodiscard]] Error error_of(sqlite3* database, const std::filesystem::path& file);

// Opens `name`, a path or with SQLITE_OPEN_URI an address, and waits for others that hold it.
// `file` is what errors name. On an error `database` may hold what error_of() can ask.
[[nodiscard]] Result<void> connect(const std::string& name, int flags,
                                   const std::filesystem::path& file, Database& database);
// Statements without rows.
[[nodiscard]] Result<void> execute(sqlite3* database, const char* sql,
                                   const std::filesystem::path& file);
// `flags` as for sqlite3_prepare_v3.
[[nodiscard]] Result<Statement> prepare(sqlite3* database, const char* sql, unsigned flags,
                                        const std::filesystem::path& file);

// One use of a prepared statement; ready for the next when it goes.
class Run {
  public:
    Run(sqlite3_stmt* statement, sqlite3* database, const std::filesystem::path& file)
        : statement_(statement), database_(database), file_(file) {}
    ~Run() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // The text must live until the run ends. Results of binding show in step().
    Run& bind(std::string_view text) {
        // A null pointer would bind NULL instead of the empty text.
        const std::string_view bound = text.data() == nullptr ? std::string_view("") : text;
        sqlite3_bind_text64(statement_, ++parameters_, bound.data(), bound.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
        return *this;
    }
    Run& bind(std::int64_t number) {
        sqlite3_bind_int64(statement_, ++parameters_, number);
        return *this;
    }

    // Whether there is a (further) row.
    [[nodiscard]] Result<bool> step() {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        return std::unexpected(error_of(database_, file_));
    }
    // For a statement without rows.
    [[nodiscard]] Result<void> finish() {
        const auto stepped = step();
        if (!stepped) return std::unexpected(stepped.error());
        return {};
    }

    [[nodiscard]] std::string text(int column) const {
        const void* const bytes = sqlite3_column_blob(statement_, column);
        const int size = sqlite3_column_bytes(statement_, column);
        if (bytes == nullptr || size <= 0) return {};
        return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
    }
    [[nodiscard]] std::int64_t number(int column) const {
        return sqlite3_column_int64(statement_, column);
    }

  private:
    sqlite3_stmt* statement_;
    sqlite3* database_;
    const std::filesystem::path& file_;
    int parameters_ = 0;
};

}  // namespace kurabe::server
