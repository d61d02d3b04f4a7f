// One line per event on standard error: "2026-01-02T03:04:05Z level message key=value ...". For
// systemd's journal it begins with the level as sd-daemon(3) has it, "<3>" of an error.
// Control bytes and quotes of values are escaped and values cut, so nothing from outside forges a
// line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>

namespace kurabe::server {

inline constexpr std::size_t kLogTextBytesMax = 1024;  // of a message or a value; "..." follows

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogReader : std::uint8_t { kAnybody, kJournal };

struct LogField {
    std::string_view key;
    std::string value;
};

// Thread-safe.
class Log {
  public:
    // Writes to `descriptor`, which stays the caller's; lines below `lowest` are dropped.
    Log(int descriptor, LogLevel lowest, LogReader reader = LogReader::kAnybody) noexcept;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);
    void info(std::string_view message, std::initializer_list<LogField> fields = {});
    void warning(std::string_view message, std::initializer_list<LogField> fields = {});
    void error(std::string_view message, std::initializer_list<LogField> fields = {});

  private:
    std::mutex mutex_;
    int descriptor_;
    LogLevel lowest_;
    LogReader reader_;
};

}  // namespace kurabe::server
